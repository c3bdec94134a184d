"""How single orbits are drawn, in the window and in files: staircases, and distances from an attractor on a logarithmic axis.

Nothing here draws.
"""

import numpy as np
from numpy.typing import NDArray

from kernels.fixed_point import Convergence, ConvergenceFrame

Values = NDArray[np.float64]

LATEST = 100
"""States that a cobweb joins, the last ones: all of a long chaotic orbit would be one blot."""

FAR = 100.0
"""States are drawn up to this many ranges away: painters lose their way among very large numbers."""

ORBIT_ROLES = ("accent", "accent2", "good", "text", "bad", "muted")
ORBIT_DASHES = ("solid", "dash", "dot", "dash-dot", "long")

FLOOR = 1e-17
"""Distances below this are none: a float has no smaller ones beside it, unless it is near zero."""

SHORTEST = 10
"""Steps that a plot of distances has room for at least."""


def staircase(states: Values) -> tuple[Values, Values]:
    """The cobweb through the states x_0 ... x_n: (x_0, x_0) up to the graph at (x_0, x_1), across to (x_1, x_1), and so on."""
    corners = np.repeat(states, 2)
    return corners[:-1], corners[1:]


def near(states: Values, low: float, high: float) -> Values:
    """The states, those far away from the range brought nearer."""
    room = FAR * (high - low)
    return np.clip(np.nan_to_num(states, nan=low - room), low - room, high + room)


def distances(curve: Convergence) -> Values:
    """The distances from the attractor, NaN where there is none to be shown. Shape (n + 1,)."""
    return np.where(np.isfinite(curve.errors) & (curve.errors > FLOOR), curve.errors, np.nan)


def longest(frame: ConvergenceFrame) -> int:
    """The step at which a plot of all distances ends."""
    return max([SHORTEST, *(_end(distances(curve)) for curve in frame.curves)])


def _end(errors: Values) -> int:
    """The step after which the distance is rounding only, and a few more."""
    large = np.flatnonzero(errors > 1e-14)
    return min(len(errors) - 1, int(1.1 * large[-1]) + 3) if len(large) else 0


def heights(frame: ConvergenceFrame) -> tuple[float, float]:
    """A range with room for all distances, whole decades."""
    found = np.concatenate([curve.errors for curve in frame.curves])
    found = found[np.isfinite(found) & (found > FLOOR)]
    if not len(found):
        return 1e-16, 1.0
    low, high = float(found.min()), min(float(found.max()), 1e6)
    return 10.0 ** np.floor(np.log10(min(low, high / 10))), 10.0 ** np.ceil(np.log10(high))


def prediction(curve: Convergence) -> Values | None:
    """The straight line of the predicted rate, through the middle of what has converged; None where the rate is no number or zero.

    Shape (n + 1,), NaN where it is too large to be shown.
    """
    if curve.orbit is None or curve.order > 1 or not 0 < curve.predicted < 10:
        return None
    clean = np.flatnonzero((curve.errors > 1e-12) & (curve.errors < 1e-2))
    if not len(clean):
        return None
    anchor = int(clean[len(clean) // 2])
    n = np.arange(len(curve.errors), dtype=np.float64)
    with np.errstate(over="ignore", under="ignore"):
        line = curve.errors[anchor] * curve.predicted ** ((n - anchor) / curve.orbit.period)
    return np.where(line < 1e3, line, np.nan)
