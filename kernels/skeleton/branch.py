"""Branches of cycles: at each of their points the parameter, the cycle, and its multiplier; and the box in which they are followed."""

from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from kernels.types import Floats

MOST_STEPS = 4096
"""Steps after which the end of a branch is given up."""

FOLLOWED, RANGE, VIEW, DOUBLING, CLOSED, LOST, LONG = range(7)

REASONS = {
    RANGE: "leaves the range of the parameter",
    VIEW: "leaves the view",
    DOUBLING: "ends in a period doubling, from which it comes",
    CLOSED: "closes",
    LOST: "could not be followed: no point of it was found within the shortest step",
    LONG: f"was given up after {MOST_STEPS} steps",
}
"""Why a continuation stopped."""


class Box(NamedTuple):
    """The range of the parameter that is followed, the view's centre of states, and the view's width and height.

    beside: of a map of the plane the height of the coordinate that is not observed, which corresponds to `height`.
    """

    left: float
    right: float
    middle: float
    width: float
    height: float
    beside: float = 1.0


@dataclass(frozen=True, eq=False)
class Branch:
    """A branch of cycles of one period. At each of its m points the swept parameter, the states of the cycle and its multiplier.

    parameter: (m,). states: (period, m), in the order in which they are visited. slopes: f' at them. multiplier: (m,). turning: the
    direction in the parameter, whose sign changes at folds. ends: why it was followed no further, at its first and last point.
    """

    period: int
    parameter: Floats = field(repr=False)
    states: Floats = field(repr=False)
    slopes: Floats = field(repr=False)
    turning: Floats = field(repr=False)
    ends: tuple[int, int]

    @property
    def multiplier(self) -> Floats:
        """The multiplier at each point. Shape (m,)."""
        product: Floats = self.slopes.prod(axis=0)
        return product

    @property
    def reasons(self) -> tuple[str, str]:
        """Why it was followed no further, at its first and last point."""
        return REASONS[self.ends[0]], REASONS[self.ends[1]]


@dataclass(frozen=True, eq=False)
class PlaneBranch(Branch):
    """A branch of cycles of a map of the plane; `states` are those of the observed coordinate.

    slopes: trace and determinant of the Jacobian of f^period, (2, m). beside: states of the other coordinate, (period, m).
    """

    beside: Floats = field(repr=False)

    @property
    def multiplier(self) -> Floats:
        """The eigenvalue that is larger in size, if both are real, else their size. Shape (m,)."""
        trace, area = self.slopes
        inside = trace**2 / 4 - area
        real = trace / 2 + np.copysign(np.sqrt(np.maximum(inside, 0)), trace)
        found: Floats = np.where(inside >= 0, real, np.sqrt(np.abs(area)))
        return found
