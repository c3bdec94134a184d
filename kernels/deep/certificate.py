"""A proof, by ball arithmetic, that a return map takes an interval about its critical point into itself, in every column of its window.

Of F(u, s) = Σ c_im s^i u^m, the polynomial that is iterated. Where each column maps some interval [-b, b] within that of the level
into itself, the critical orbits never leave it: the renormalisation holds, whatever is found by following them.
"""

from itertools import pairwise

import numpy as np
from flint import arb

from kernels.deep.level import Level
from kernels.deep.precision import working
from kernels.types import Floats

TRIED = (*(0.95 * 0.92**k for k in range(30)), 0.98)
"""Half-widths b of the intervals that are tried, in units of the level's: that is made for wider windows than the view."""

PIECES, STRIPS = 40, 16
"""The interval and the window are cut into so many parts, with a ball about each."""

MARGIN = 1e-12
"""By which images must lie within, as a share: many times the rounding of float64, in which the polynomial is iterated."""

BITS = 64
"""Of the balls: they are as wide as their part, so that more would be lost."""


def is_certified(level: Level) -> bool:
    """Whether containment is proved, for all columns; False where it is not, though it may hold."""
    table, ends = level.family(), np.linspace(-1, 1, STRIPS + 1).tolist()
    sought = [b for b in TRIED if abs(float(level.critical)) < b]
    for low, high in pairwise(ends):
        strip = np.polynomial.polynomial.polyval(np.array([low, high]), table)
        # What worked in one strip is tried first in the next.
        found = next((b for b in sought if _seems_to(strip, level.even, b) and _maps_into_itself(table, level.even, (low, high), b)), None)
        if found is None:
            return False
        sought = [found, *(b for b in sought if b != found)]
    return True


def _maps_into_itself(table: Floats, even: bool, strip: tuple[float, float], b: float) -> bool:
    """Whether [-b, b] is proved to be mapped into itself, in all columns of the strip."""
    with working(BITS):
        states = [_ball(low, high) for low, high in pairwise(np.linspace(0.0 if even else -b, b, PIECES + 1).tolist())]
        coefficients = [_sum([arb(c) for c in column], _ball(*strip)) for column in table.T.tolist()]
        return all(abs(_sum(coefficients, u * u if even else u)) < b * (1 - MARGIN) for u in states)


def _seems_to(strip: Floats, even: bool, b: float) -> bool:
    """The same at single points and the strip's ends, in float64: a cheap test before the proof."""
    u = np.linspace(-b, b, PIECES + 1)
    return bool((np.abs(np.polynomial.polynomial.polyval(u * u if even else u, strip)) < b).all())


def _ball(low: float, high: float) -> arb:
    """A ball with [low, high] in it."""
    return arb((low + high) / 2, (high - low) / 2 * (1 + 1e-12) + 1e-15)


def _sum(coefficients: list[arb], z: arb) -> arb:
    total = coefficients[-1]
    for coefficient in coefficients[-2::-1]:
        total = total * z + coefficient
    return total
