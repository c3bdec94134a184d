"""Figures of Newton's runs against their steps: gradient, distance, value, step length, and the residuals of conjugate gradients."""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from funjax_gui.figures.figure import Figure, against_steps, whole_decades
from funjax_gui.figures.items import Item, Marks, Polyline
from funjax_gui.figures.method_styles import method_style
from kernels.newton import NewtonFrame

Floats = NDArray[np.float64]

SMALLEST = 1e-17
"""A quantity below this one, 0 too, is drawn here."""


MOST_DOTS = 60
"""Steps of a run of which each is marked, unless the method is in focus."""

NEAR = 1e-3
"""A known stationary point this near the last iterate, beside its size, is the one that was reached."""


def _distances(run: NewtonFrame) -> Floats:
    """To the known stationary point that was reached, else to the last iterate, whose own distance is then left out."""
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
    """The last one is 0 by its making and tells nothing."""
    values[-1] = np.nan
    return values


QUANTITIES: dict[str, tuple[str, Callable[[NewtonFrame], Floats]]] = {
    "gradient": ("|gradient|", lambda run: run.gradient_norms),
    "distance": ("distance to the point reached", _distances),
    "value": ("|f − f*|", _gaps),
    "step": ("length of the step", lambda run: np.concatenate([run.step_norms, [np.nan]])),
    "cg": ("CG residuals of the step", lambda run: run.gradient_norms),
}
"""What the convergence plot can show: title, and the values at each iterate."""


@np.errstate(over="ignore", invalid="ignore")  # a run that overflows has gaps
def convergence(runs: Sequence[NewtonFrame], quantity: str, at: int | None, focus: str) -> Figure:
    """A quantity of each run against its steps; what comes after step `at`, None for the last one, is faint."""
    title, values = QUANTITIES[quantity]
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
    """The residuals of conjugate gradients in a step; what comes after the iteration `inner`, None for the last one, is faint."""
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
    """The logarithms to the base 10: 0 as SMALLEST, gaps where a value is not finite."""
    found: Floats = np.log10(np.where(np.isfinite(values), np.clip(values, SMALLEST, 1e300), np.nan))
    return found
