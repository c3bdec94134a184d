"""A proof, by ball arithmetic, that a return map takes an interval about its critical point into itself, in every column of its window.

Of F(u, s) = Σ c_im s^i u^m, the polynomial that is iterated. Where each column maps some interval [-b, b] within that of the level
into itself, the critical orbits never leave it: the renormalisation holds, whatever is found by following them.
"""

from itertools import pairwise

import numpy as np
from flint import arb, arb_poly

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
    strips = np.polynomial.polynomial.polyval(np.array(ends), table)
    pieces: dict[float, list[arb]] = {}
    for n, strip in enumerate(pairwise(ends)):
        seen = strips[:, n : n + 2]
        for b in sought:
            if not _seems_to(seen, level.even, b):
                continue
            if b not in pieces:
                pieces[b] = _pieces(level.even, b)
            if _maps_into_itself(table, pieces[b], strip, b):
                sought = [b, *(other for other in sought if other != b)]  # what worked in one strip is tried first in the next
                break
        else:
            return False
    return True


def _pieces(even: bool, b: float) -> list[arb]:
    """Balls that cover [-b, b], or the squares of its states where only these count."""
    with working(BITS):
        states = [_ball(low, high) for low, high in pairwise(np.linspace(0.0 if even else -b, b, PIECES + 1).tolist())]
        return [u * u for u in states] if even else states


def _maps_into_itself(table: Floats, pieces: list[arb], strip: tuple[float, float], b: float) -> bool:
    """Whether [-b, b], covered by the pieces, is proved to be mapped into itself, in all columns of the strip."""
    with working(BITS):
        s = _ball(*strip)
        polynomial = arb_poly([arb_poly(column)(s) for column in table.T.tolist()])
        return all(abs(polynomial(z)) < b * (1 - MARGIN) for z in pieces)


def _seems_to(strip: Floats, even: bool, b: float) -> bool:
    """The same at single points and the strip's ends, in float64: a cheap test before the proof."""
    u = np.linspace(-b, b, PIECES + 1)
    return bool((np.abs(np.polynomial.polynomial.polyval(u * u if even else u, strip)) < b).all())


def _ball(low: float, high: float) -> arb:
    """A ball with [low, high] in it."""
    return arb((low + high) / 2, (high - low) / 2 * (1 + 1e-12) + 1e-15)
