"""What is plotted of a run against its steps."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from kernels.newton import NewtonFrame

Floats = NDArray[np.float64]

SMALLEST = 1e-17
"""A quantity below this one, 0 too, is drawn here."""


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


def shown(values: Floats) -> Floats:
    """The values as a logarithmic axis can show them: 0 at SMALLEST, gaps where they are not finite."""
    with np.errstate(invalid="ignore"):
        found: Floats = np.where(np.isfinite(values), np.clip(values, SMALLEST, 1e300), np.nan)
    return found
