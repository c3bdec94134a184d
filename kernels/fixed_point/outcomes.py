"""What becomes of initial conditions: attracted, on a cycle, diverged, undefined, on an orbit that does not attract, or unresolved."""

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from kernels.cycles import EPSILON, PeriodicOrbit
from kernels.iteration import difference
from kernels.types import Bools, Floats, Rule


class Outcome(IntEnum):
    """The outcome of an initial condition; `label` is its name in the window and in files."""

    UNRESOLVED = 0
    ATTRACTED = 1
    CYCLE = 2
    DIVERGED = 3
    ON_POINT = 4
    UNDEFINED = 5

    @property
    def label(self) -> str:
        """Lower-case words joined by hyphens."""
        return self.name.lower().replace("_", "-")


@dataclass(frozen=True, eq=False)
class Settled:
    """The states of many initial conditions after the last step. Shapes (starts,).

    period, multiplier: of the cycle that the state is on (0 none, -1 escaped). exact: whether the state repeats to the bit. orbit,
    phase: which of the known orbits that is, and which of its points the state is nearest to; -1 for none. undefined: whether a state
    led to NaN other than on the way to infinity.
    """

    starts: Floats
    finals: Floats
    period: NDArray[np.int32]
    multiplier: Floats
    exact: Bools
    orbit: NDArray[np.int32]
    phase: NDArray[np.int32]
    undefined: Bools


def outcomes_of(rule: Rule, settled: Settled, orbits: list[PeriodicOrbit], tolerance: float, flat: Bools) -> NDArray[np.int8]:
    """The outcome of each start, going by where it is and never by how many steps it took. Shape (starts,), of `Outcome`.

    Attracted, to a fixed point or a cycle: within the tolerance (at least four floats) of an orbit that attracts. On a point: the
    state repeats exactly on an orbit that does not, or lies where all points repeat (`flat`). Undefined: the map has no value, as outside
    its domain. Diverged: no longer finite otherwise.
    """
    known = settled.orbit >= 0
    points = np.full(len(known), np.nan)
    attracting, neutral = np.zeros(len(known), np.bool_), np.zeros(len(known), np.bool_)
    for n in np.unique(settled.orbit[known]).tolist():
        mine = settled.orbit == n
        points[mine] = np.array(orbits[n].points)[settled.phase[mine]]
        attracting[mine] = orbits[n].stability == "attracting"
        neutral[mine] = orbits[n].stability == "neutral"
    distance = np.abs(difference(rule, settled.finals, points))
    near = distance <= np.maximum(tolerance, 4 * EPSILON * np.abs(points))
    # What is so near a neutral orbit began there: convergence to it is too slow to come so far.
    there = distance <= 64 * EPSILON * (1 + np.abs(points))
    arrived = near & (attracting | (neutral & ~there & (np.abs(settled.multiplier) < 1)))
    repels = known | (np.abs(settled.multiplier) > 1)
    on = (settled.period > 0) & ~arrived & ~attracting & ((settled.exact & repels) | (neutral & there) | flat)
    outcome = np.where(on, Outcome.ON_POINT, Outcome.UNRESOLVED)
    outcome = np.where(arrived, np.where(settled.period == 1, Outcome.ATTRACTED, Outcome.CYCLE), outcome)
    outcome = np.where(np.isfinite(settled.finals), outcome, Outcome.DIVERGED)
    return np.where(settled.undefined, Outcome.UNDEFINED, outcome).astype(np.int8)
