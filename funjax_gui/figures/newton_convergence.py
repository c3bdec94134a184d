"""Figures of Newton's runs against their steps: gradient, distance, value, step length, and the residuals of conjugate gradients."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from funjax_gui.figures.figure import Figure, against_steps, whole_decades
from funjax_gui.figures.items import Item, Marks, Polyline
from funjax_gui.figures.method_styles import method_style
from kernels.equations import EquationFrame
from kernels.newton import NewtonFrame

Floats = NDArray[np.float64]

SMALLEST = 1e-17
"""Smaller values, and 0, are drawn at this one."""


MOST_DOTS = 60
"""Maximum number of steps with a marker each, except for the method in focus."""

NEAR = 1e-3
"""A known stationary point within this distance of the last iterate, relative to its norm, is the limit of the run."""


def _distances(run: NewtonFrame) -> Floats:
    """Distances to the limit, or to the last iterate if the limit is not known; the last one is then left out."""
    last, n = run.iterates[-1], len(run.request.start)
    if n == len(last):
        for known in run.request.known:
            point = np.array(known.point)
            if np.abs(point - last).max() <= NEAR * (1 + np.abs(point).max()):
                return np.asarray(np.linalg.norm(run.iterates - point, axis=1), np.float64)
    found: Floats = np.linalg.norm(run.iterates - last, axis=1)
    return _without_last(found)


def _gaps(run: NewtonFrame) -> Floats:
    return _without_last(np.abs(run.values - run.values[-1]))


def _without_last(values: Floats) -> Floats:
    """Without the last value, which is 0 by definition."""
    values[-1] = np.nan
    return values


QUANTITIES: dict[str, tuple[str, Callable[[NewtonFrame], Floats]]] = {
    "gradient": ("|gradient|", lambda run: run.gradient_norms),
    "distance": ("distance to the point reached", _distances),
    "value": ("|f − f*|", _gaps),
    "step": ("length of the step", lambda run: np.concatenate([run.step_norms, [np.nan]])),
    "cg": ("CG residuals of the step", lambda run: run.gradient_norms),
}
"""Quantities of the convergence plot: title, and values at each iterate."""


def _lengths(run: EquationFrame) -> Floats:
    lengths: Floats = np.linalg.norm(np.diff(run.iterates, axis=0), axis=1)
    return np.concatenate([lengths, [np.nan]])


def _errors(run: EquationFrame) -> Floats:
    """Distances to the root, or to the last iterate, which is then left out."""
    if run.root is not None:
        return np.asarray(np.linalg.norm(run.iterates - np.array(run.root), axis=1), np.float64)
    return _without_last(np.asarray(np.linalg.norm(run.iterates - run.iterates[-1], axis=1), np.float64))


EQUATION_QUANTITIES: dict[str, tuple[str, Callable[[EquationFrame], Floats]]] = {
    "gradient": ("residual |f|", lambda run: run.residual_norms),
    "distance": ("distance to the root", _errors),
    "value": ("length of Newton’s step", lambda run: run.corrections),
    "step": ("length of the step", _lengths),
}
"""The same of runs for a root, under the names of what they correspond to."""


@np.errstate(over="ignore", invalid="ignore")  # a run that overflows has gaps
def convergence(runs: Sequence[Any], quantity: str, at: int | None, focus: str) -> Figure:
    """A quantity of each run against its steps; steps after `at` (None: the last one) are faint."""
    found: dict[str, tuple[str, Callable[[Any], Floats]]] = {**QUANTITIES}
    if runs and isinstance(runs[0], EquationFrame):
        found |= EQUATION_QUANTITIES
    title, values = found[quantity]
    lines: list[Polyline] = []
    marks: list[Marks] = []
    for run in runs:  # one with a dash lies over a solid one of the same values, and both are seen
        style, chosen = method_style(run.request.method), run.request.method == focus
        places = against_steps(_logarithms(values(run)))
        lines.append(Polyline(places, "edge", 1.0))
        places = places[: None if at is None else at + 1]
        lines.append(Polyline(places, style.role, 1.8 if chosen else 1.2, style.dash))
        if chosen or run.steps <= MOST_DOTS:
            marks.insert(len(marks) if chosen else 0, Marks(places, style.shape, style.role, 4.5, halo=False))
    last = float(max([1, *(run.steps for run in runs)]))
    heights = whole_decades([line.points[:, 1] for line in lines])
    return Figure([*lines, *marks], (0.0, last), heights, title, "step", logarithmic_y=True)


def residuals(run: NewtonFrame, step: int, inner: int | None) -> Figure:
    """Residual norms of conjugate gradients in a step; iterations after `inner` (None: the last one) are faint."""
    places = against_steps(_logarithms(run.cg_residuals[step] if step >= 0 else np.zeros(0)))
    style = method_style(run.request.method)
    done = places[: None if inner is None else inner + 1]
    items: list[Item] = [
        Polyline(places, "edge", 1.0),
        Polyline(done, style.role, 1.8, style.dash),
        Marks(done, style.shape, style.role, 5.0, halo=False),
    ]
    last, heights = max(1.0, float(len(places) - 1)), whole_decades([places[:, 1]])
    return Figure(items, (0.0, last), heights, f"CG residuals of step {step + 1}", "inner iteration", logarithmic_y=True)


def _logarithms(values: Floats) -> Floats:
    """Decimal logarithms, with 0 replaced by SMALLEST and gaps where a value is not finite."""
    found: Floats = np.log10(np.where(np.isfinite(values), np.clip(values, SMALLEST, 1e300), np.nan))
    return found
