"""Figure items of a comparison at one step: paths and steps; for the method in focus the model, trust region, CG path and eigenvectors."""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from funjax_gui.figures.items import Arrow, Circle, Item, Marks, Polyline, Rays
from funjax_gui.figures.method_styles import KIND_SHAPES, method_style
from funjax_gui.formatting import significant
from kernels.newton import NewtonFrame
from kernels.objectives import StationaryPoint

Floats = NDArray[np.float64]

MOST_MARKED = 400
"""Maximum number of iterates of a path with a marker each."""

GAP = 1.7
"""Least distance of the marks of a path, relative to their size; closer ones would make a blob."""

RINGS = (0.5, 1.0, 1.5, 2.0)
"""Contours of the model, by their distance from its stationary point relative to that of the iterate."""


def stationary_items(points: Sequence[StationaryPoint]) -> list[Item]:
    """Markers of stationary points by kind; hollow where they lie outside the plane shown (more than two variables)."""
    items: list[Item] = []
    for kind, shape in KIND_SHAPES.items():
        places = [point.point[:2] for point in points if point.kind == kind]
        if places:
            size = 9.0 if len(places) < 100 else 6.0
            items.append(Marks(np.array(places, np.float64), shape, "text", size, filled=kind == "minimum"))
    return items


def comparison_items(runs: Sequence[NewtonFrame], at: int, inner: int | None, focus: str, at_end: bool) -> list[Item]:
    """Items of the runs at step `at`; for methods not in focus only path, iterate and arrow."""
    items: list[Item] = []
    for run in sorted(runs, key=lambda run: run.request.method == focus):
        chosen = run.request.method == focus
        k = min(at, run.steps)
        if chosen and not at_end and k < run.steps:
            items += model_items(run, k) + own_model_items(run, k)
            items += _inner_items(run, k, inner)
        items += path_items(run, k, chosen, arrow=not at_end and k < run.steps and inner is None)
    if runs:
        items.append(Marks(runs[0].iterates[:1, :2], "circle", "text", 13.0, filled=False))
    return items


def path_items(run: Any, k: int, chosen: bool, arrow: bool) -> list[Item]:
    """The path of a run of any kind up to iterate k; `arrow`: with its next step."""
    style = method_style(run.request.method)
    points = run.iterates[: k + 1, :2]
    width, size = (2.2, 6.5) if chosen else (1.5, 5.0)
    items: list[Item] = []
    if k > 0:
        items.append(Polyline(points, style.role, width, style.dash, halo=True))
        items.append(Marks(points[1:][:MOST_MARKED], style.shape, style.role, size, gap=GAP * size))
    if arrow:
        items.append(Arrow(points[-1], run.iterates[k + 1, :2], style.role, width + 0.3, style.dash))
    items.append(Marks(points[-1:], style.shape, style.role, size + 4.0))
    return items


def _inner_items(run: NewtonFrame, k: int, inner: int | None) -> list[Item]:
    """The trust region and the path of conjugate gradients within the step from iterate k."""
    style = method_style(run.request.method)
    items: list[Item] = []
    if k < len(run.radii) and math.isfinite(run.radii[k]):
        items.append(Circle(run.iterates[k, :2], float(run.radii[k]), style.role))
    if k < len(run.cg_paths) and len(run.cg_paths[k]) > 1:
        path = run.cg_paths[k][: None if inner is None else inner + 1, :2]
        items.append(Polyline(path, "text", 1.4, "dot", halo=True))
        items.append(Marks(path[1:], "square", "text", 5.0, filled=False))
    return items


def model_items(run: NewtonFrame, k: int) -> list[Item]:
    """The quadratic model about iterate k, in the plane: its contours, its stationary point and the Hessian's eigenvectors."""
    curvature = run.curvature
    if k >= len(curvature.hessians) or curvature.gradients.shape[1] != 2:
        return _projected_model(run, k)
    x, centre = run.iterates[k], curvature.model_points[k]
    values, vectors = curvature.eigenvalues[k], curvature.eigenvectors[k]
    if not np.isfinite(values).all():
        return []
    items: list[Item] = []
    if np.isfinite(centre).all() and (values != 0).all():
        items += [Polyline(curve, "text", 1.1, "dash", 0.6) for curve in model_contours(x, centre, values, vectors)]
        kind = curvature.kinds[k] or "degenerate"
        items.append(Marks(centre[None], KIND_SHAPES[kind], "text", 9.0, filled=False, label=f"model’s {kind}"))
    labels = tuple(f"λ = {significant(value, 4)}" for value in values)
    # Their labels stand away from that of the model's point.
    ways = vectors.T * np.where(vectors.T @ (centre - x) > 0, -1, 1)[:, None]
    items.append(Rays(x, ways, labels=labels))
    return items


def own_model_items(run: NewtonFrame, k: int) -> list[Item]:
    """The contour through iterate k, and the centre, of the model whose matrix the method has in place of the Hessian; in the plane."""
    matrix, gradients = run.models[k : k + 1], run.curvature.gradients
    if matrix.shape[1:] != (2, 2) or not np.isfinite(matrix).all():
        return []
    values, vectors = np.linalg.eigh(matrix[0])
    if (values == 0).any():
        return []
    x = run.iterates[k]
    centre = x - vectors @ (vectors.T @ gradients[k] / values)
    style = method_style(run.request.method)
    curves = model_contours(x, centre, values, vectors, (1.0,))
    items: list[Item] = [Polyline(curve, style.role, 1.8, halo=True) for curve in curves]
    items.append(Marks(centre[None], style.shape, style.role, 9.0, filled=False))
    return items


def _projected_model(run: NewtonFrame, k: int) -> list[Item]:
    points = run.curvature.model_points
    if k < len(points) and points.shape[1] > 2 and np.isfinite(points[k]).all():
        return [Marks(points[k : k + 1, :2], "diamond", "text", 9.0, filled=False, label="model’s stationary point")]
    return []


def model_contours(x: Floats, centre: Floats, values: Floats, vectors: Floats, rings: Sequence[float] = RINGS) -> list[Floats]:
    """Contour lines of a quadratic (eigenvalues, eigenvectors) about its `centre`: at `rings` times the distance of x."""
    along = vectors.T @ (x - centre)
    level = float(values @ along**2) / 2
    if level == 0 or not math.isfinite(level):
        return []
    curves = []
    for ring in rings:
        heights = (level * ring**2,) if values[0] * values[1] > 0 else (level * ring**2, -level * ring**2)
        for height in heights:
            curves += [centre + part @ vectors.T for part in _conic(values, height)]
    return curves


def _conic(values: Floats, height: float) -> list[Floats]:
    """Points with (λ1 a² + λ2 b²) / 2 = height: an ellipse, or the two branches of a hyperbola. Shapes (k, 2)."""
    reach = np.sqrt(2 * abs(height) / np.abs(values))
    if values[0] * values[1] > 0:
        t = np.linspace(0, 2 * np.pi, 121)
        return [np.stack([reach[0] * np.cos(t), reach[1] * np.sin(t)], axis=1)]
    t = np.linspace(-4, 4, 81)
    if values[0] * height > 0:
        return [np.stack([sign * reach[0] * np.cosh(t), reach[1] * np.sinh(t)], axis=1) for sign in (1, -1)]
    return [np.stack([reach[0] * np.sinh(t), sign * reach[1] * np.cosh(t)], axis=1) for sign in (1, -1)]
