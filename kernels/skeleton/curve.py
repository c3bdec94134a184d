"""Curves in the plane of two parameters, and the points of codimension 2 on them."""

from dataclasses import dataclass, field

from kernels.types import Floats

MOST_STEPS = 3000
"""Steps after which an end of a curve is given up."""

GOING, RANGE, CLOSED, LOST, LONG = range(5)

REASONS = {
    RANGE: "leaves the view, or its cycle goes far from the window of states",
    CLOSED: "closes",
    LOST: "could not be followed: no point of it was found within the shortest step",
    LONG: f"was given up after {MOST_STEPS} steps",
}
"""Why a continuation stopped."""


@dataclass(frozen=True, eq=False)
class Curve:
    """A curve: its kind, the period of the cycle, `points` (m, 2) of both parameters, and why it was followed no further at both ends."""

    kind: str
    period: int
    points: Floats = field(repr=False)
    ends: tuple[int, int]

    @property
    def reasons(self) -> tuple[str, str]:
        """Why it was followed no further, at its first and last point."""
        return REASONS[self.ends[0]], REASONS[self.ends[1]]


@dataclass(frozen=True)
class CurvePoint:
    """A point of codimension 2 at (a, b): `cusp`, `degenerate doubling`, `fold-flip`, `resonance 1:1` or `resonance 1:2`."""

    kind: str
    period: int
    a: float
    b: float
