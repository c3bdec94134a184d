"""Figures of an objective of one variable: f with the local model, and f′ with tangents, whose zeros are Newton's next iterates."""

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from funjax_gui.figures.items import Arrow, Item, Marks, Polyline
from funjax_gui.figures.method_styles import KIND_SHAPES, method_style
from kernels.catalog import find_objective
from kernels.geometry import Viewport, decimal
from kernels.newton import LineFrame, NewtonFrame
from kernels.objectives import StationaryPoint

Floats = NDArray[np.float64]

LEFT_OUT = 0.15
"""Share of the slopes cut off at either end of the view: f′ grows fast outside the region of its zeros."""

FLATTEST = 1e-9
"""Values that differ by less, relative to their size, are equal."""

LATEST = 40
"""Number of tangents that are drawn, the last ones."""


def views(frame: LineFrame, view: Viewport, typed: bool) -> tuple[Viewport, Viewport]:
    """The first view of f and of f′, both over the horizontal axis of `view`, whose heights are those of f where they suit it.

    `typed`: the objective is a typed formula that has no name, whose own view is for parameters of 1.
    """
    # The view of an objective of more variables has no heights of f.
    suits = find_objective(frame.request.objective).dimension == 1 and not typed
    whole = view if suits else fitted(view, frame.values, 0.0)
    return whole, fitted(view, frame.slopes, LEFT_OUT)


def fitted(view: Viewport, values: Floats, left_out: float) -> Viewport:
    """The view with a height for these values, a share of them on either side left out, with room around."""
    values = values[np.isfinite(values)]
    if not values.size:
        return view
    low, high = (float(q) for q in np.quantile(values, (left_out, 1 - left_out)))
    size = max(abs(low), abs(high))
    # What differs by rounding only is shown as the constant that it is.
    room = (0.08 + 2 * left_out) * (high - low if high - low > FLATTEST * size else size or 1.0)
    if not math.isfinite(room):
        return view
    places = 1 - math.floor(math.log10(room))
    return Viewport.from_limits(*view.x_limits, round(decimal(low - room), places), round(decimal(high + room), places))


def graph_items(
    frame: LineFrame | None, runs: Sequence[NewtonFrame], at: int, focus: str, at_end: bool, known: Sequence[StationaryPoint]
) -> tuple[list[Item], list[Item]]:
    """What is drawn over f and over f′ at step `at`: the curves, so far as they are there, and the runs on them."""
    above: list[Item] = []
    below: list[Item] = []
    if frame is not None:
        above.append(Polyline(np.stack([frame.x, frame.values], axis=1), "text", 1.6))
        below.append(Polyline(np.array([[frame.x[0], 0.0], [frame.x[-1], 0.0]]), "muted", 1.0))
        below.append(Polyline(np.stack([frame.x, frame.slopes], axis=1), "text", 1.6))
        below += _roots(known)
    for run in sorted(runs, key=lambda run: run.request.method == focus):
        k = min(at, run.steps)
        chosen = run.request.method == focus
        if chosen and len(run.curvature.hessians):
            above += _parabola(frame, run, k)
            below += _tangents(frame, run, k, at_end)
        _add_iterates(run, k, chosen, above, below)
    if runs:
        start = float(runs[0].iterates[0, 0])
        above.append(Marks(np.array([[start, runs[0].values[0]]]), "circle", "text", 13.0, filled=False))
        below.append(Marks(np.array([[start, runs[0].curvature.gradients[0, 0]]]), "circle", "text", 13.0, filled=False))
    return above, below


def _parabola(frame: LineFrame | None, run: NewtonFrame, k: int) -> list[Item]:
    """The quadratic model about iterate k, over the view."""
    x, g, h = run.iterates[k, 0], run.curvature.gradients[k, 0], run.curvature.hessians[k, 0, 0]
    if frame is None or not np.isfinite([x, g, h]).all():
        return []
    d = frame.x - x
    items: list[Item] = [Polyline(np.stack([frame.x, run.values[k] + g * d + h * d**2 / 2], axis=1), "muted", 1.4, "dash")]
    centre = run.curvature.model_points[k, 0]
    kind = run.curvature.kinds[k] or "degenerate"
    if np.isfinite(centre):
        d = centre - x
        height = run.values[k] + g * d + h * d * d / 2
        items.append(Marks(np.array([[centre, height]]), KIND_SHAPES[kind], "text", 9.0, filled=False, label=f"model’s {kind}"))
    return items


def _tangents(frame: LineFrame | None, run: NewtonFrame, k: int, at_end: bool) -> list[Item]:
    """From each iterate so far up to f′, and along the tangent to where that is 0; the last one across the view."""
    role = method_style(run.request.method).role
    x, g = run.iterates[: k + 1, 0], run.curvature.gradients[: k + 1, 0]
    h, roots = run.curvature.hessians[: k + 1, 0, 0], run.curvature.model_points[: k + 1, 0]
    items: list[Item] = []
    for i in range(max(0, k - LATEST), k + 1):
        last = i == k
        if last and at_end:
            break
        corners = np.array([[x[i], 0.0], [x[i], g[i]], [roots[i], 0.0]])
        items.append(Polyline(corners[:2], role, 1.0, "dot", 0.9 if last else 0.45))
        items.append(Polyline(corners[1:], role, 1.6 if last else 1.0, "solid", 1.0 if last else 0.45))
        if last and np.isfinite(roots[i]):
            if frame is not None:
                ends = frame.x[[0, -1]]
                items.append(Polyline(np.stack([ends, g[i] + h[i] * (ends - x[i])], axis=1), "muted", 1.0, "dash"))
            items.append(Arrow(corners[1], corners[2], role))
    return items


def _roots(known: Sequence[StationaryPoint]) -> list[Item]:
    return [
        Marks(np.array([[p.point[0], 0.0] for p in known if p.kind == kind]), shape, "text", 8.0, filled=kind == "minimum")
        for kind, shape in KIND_SHAPES.items()
        if any(p.kind == kind for p in known)
    ]


def _add_iterates(run: NewtonFrame, k: int, chosen: bool, above: list[Item], below: list[Item]) -> None:
    """The iterates up to the k-th on the graph of f, and their slopes."""
    style, size = method_style(run.request.method), 7.0 if chosen else 5.0
    places = np.stack([run.iterates[: k + 1, 0], run.values[: k + 1]], axis=1)
    above.append(Polyline(places, style.role, 1.6 if chosen else 1.0, style.dash, 1.0 if chosen else 0.6, halo=chosen))
    above += [Marks(places, style.shape, style.role, size), Marks(places[-1:], style.shape, style.role, size + 4)]
    if len(run.curvature.gradients):
        slopes = np.stack([run.iterates[: k + 1, 0], run.curvature.gradients[: k + 1, 0]], axis=1)
        below.append(Marks(slopes, style.shape, style.role, size))
