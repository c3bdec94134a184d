"""Where f^p(z) = z in a rectangle: boxes are divided until each is proved to hold no solution, or no other than a known one.

A box holds none if an interval enclosure of f^p(z) - z leaves zero out, or if the Krawczyk operator's image lies beside the box; it holds
at most one if that operator contracts on it. See R. E. Moore, R. B. Kearfott and M. J. Cloud, Introduction to Interval Analysis (2009),
chapter 8. What cannot be decided is counted as unresolved, but for boxes along a curve of solutions and in an area of them.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np

from kernels.phase_plane.cycles.continua import Continua
from kernels.phase_plane.cycles.intervals import Interval, add, exactly, mul, sub, whole_if_empty
from kernels.phase_plane.cycles.mapping import CANDIDATES, Mapping
from kernels.types import Bools, Floats

CHUNK = 2560
"""Boxes times the period that are looked at in one go, in some 20 ms."""

FIRST = 16
"""Boxes along each side of the view at first."""

DEEPEST = 20
"""Divisions after which a box stays unresolved."""

MOST_BOXES = 40_000
"""Boxes, times the period, that are looked at; the others stay unresolved."""

LOOKS, MANY = 3, 64
"""After each so many divisions, where at least so many boxes are left, curves of solutions are looked for."""

SAME = 1e-8
"""Solutions nearer to each other than this, relative to the size of the view and of the numbers, are one."""

NEARBY = 1e-4
"""Distance of a solution from its image at most, as computed: Newton's method may creep where it is far from one."""

Pair = tuple[Interval, Interval]
Matrix = tuple[Interval, Interval, Interval, Interval]


class Search:
    """The search for the solutions of one period in the box from `low` to `high`, each of shape (2,)."""

    def __init__(self, mapping: Mapping, low: Floats, high: Floats, period: int) -> None:
        self.mapping, self.period, self.low, self.high = mapping, period, low, high
        self.scale = np.maximum(high - low, np.maximum(np.abs(low), np.abs(high)))
        self.solutions = np.empty((2, 0))
        self.unresolved = self.along = 0
        self.continua = Continua(mapping, period, self.scale)

    def steps(self) -> Iterator[None]:
        """Search; None where a caller may stop.

        `solutions` and `continua` hold what was found, `unresolved` and `along` count the boxes that are undecided and those of `continua`.
        """
        ends = [np.linspace(low, high, FIRST + 1) for low, high in zip(self.low, self.high, strict=True)]
        lows, highs = (np.stack([part.ravel() for part in np.meshgrid(*(end[side] for end in ends))]) for side in (np.s_[:-1], np.s_[1:]))
        looked_at = 0
        for depth in range(1, DEEPEST + 1):
            kept = []
            chunk = CHUNK // self.period
            for first in range(0, lows.shape[1], chunk):
                part = np.s_[:, first : first + chunk]
                kept.append(self._left(lows[part], highs[part]))
                yield None
            looked_at += lows.shape[1]
            lows, highs = (np.concatenate(sides, axis=1) for sides in zip(*kept, strict=True))
            is_last = depth == DEEPEST or looked_at + 4 * lows.shape[1] > MOST_BOXES * self.period
            if lows.shape[1] >= MANY and (depth % LOOKS == 0 or is_last):
                held = np.zeros(lows.shape[1], bool)
                yield from self.continua.beside(lows, highs, held)
                self.along += int(held.sum())
                lows, highs = lows[:, ~held], highs[:, ~held]
            if not lows.size or looked_at + 4 * lows.shape[1] > MOST_BOXES * self.period:
                break
            lows, highs = _quartered(lows, highs)
        self._look_from(0.5 * (lows + highs)[:, :CANDIDATES])
        if self.along:
            self.solutions = self.solutions[:, ~self.continua.on_curve(self.solutions)]
        self.unresolved = lows.shape[1]

    def _left(self, low: Floats, high: Floats) -> tuple[Floats, Floats]:
        """The boxes, made smaller where that is proved, in which there may be unknown solutions."""
        centre, jacobian, difference, offsets, undefined = self._enclosed(low, high)
        turns = [_turns(each, period) for each, period in zip(difference, self.mapping.wraps, strict=True)]
        possible = np.logical_and(*(~(count < 1) for count, _ in turns)) & ~undefined
        single = np.logical_and(*(count == 1 for count, _ in turns))
        with np.errstate(all="ignore"):
            middle = [sub(each, exactly(shift)) for each, (_, shift) in zip(centre, turns, strict=True)]
            image, contracts = _krawczyk(middle, jacobian, offsets)
            at = 0.5 * (low + high)
            sides = [(np.fmax(a, c + k.low), np.fmin(b, c + k.high)) for a, b, c, k in zip(low, high, at, image, strict=True)]
        lows, highs = (np.stack([side[n] for side in sides]) for n in (0, 1))
        margin = 4 * np.spacing(np.maximum(np.abs(low), np.abs(high)))
        beside = (lows > highs + margin).any(0)
        possible &= ~(single & beside)
        lows, highs = np.where(single, np.minimum(lows, highs) - margin, low), np.where(single, np.maximum(lows, highs) + margin, high)
        low, high = (np.clip(each, low, high)[:, possible] for each in (lows, highs))
        unique = (single & contracts)[possible]
        self._look_from((0.5 * (low + high))[:, unique & ~self._holds_solution(low, high)])
        rest = ~(unique & self._holds_solution(low, high))
        return low[:, rest], high[:, rest]

    def _enclosed(self, low: Floats, high: Floats) -> tuple[Pair, Matrix, Pair, Pair, Bools]:
        """Of boxes (2, n): f^p(c) - c of the centres, the Jacobians, f^p(z) - z over the boxes, and the boxes from their centres.

        Last, in which boxes f^p has no value anywhere.
        """
        mapping, n = self.mapping, low.shape[1]
        start = [exactly(c) for c in 0.5 * (low + high)]
        box = [Interval(*sides) for sides in zip(low, high, strict=True)]
        offsets = [sub(b, c) for b, c in zip(box, start, strict=True)]
        state, centre = box, start
        product: Any = None
        undefined = np.zeros(n, bool)
        with np.errstate(all="ignore"):
            for _ in range(self.period):
                both = [Interval(*(np.concatenate(ends) for ends in zip(b, c, strict=True))) for b, c in zip(state, centre, strict=True)]
                image, slopes = mapping.program(both[0], both[1], mapping.values)
                matrix = [Interval(each.low[:n], each.high[:n]) for each in slopes]
                product = matrix if product is None else _times(matrix, product)
                wide = [Interval(each.low[:n], each.high[:n]) for each in image]
                before = state[0].is_empty | state[1].is_empty
                undefined |= (wide[0].is_empty | wide[1].is_empty) & ~before
                centre = [whole_if_empty(Interval(each.low[n:], each.high[n:])) for each in image]
                centre = [_beside(c, w, period) for c, w, period in zip(centre, wide, mapping.wraps, strict=True)]
                state = [_common(w, add(c, m)) for w, c, m in zip(wide, centre, _applied(product, offsets), strict=True)]
            less = (sub(product[0], ONE), product[1], product[2], sub(product[3], ONE))
            middle = [sub(c, s) for c, s in zip(centre, start, strict=True)]
            mean = [add(m, each) for m, each in zip(middle, _applied(less, offsets), strict=True)]
            whole = [_common(sub(s, b), m) for s, b, m in zip(state, box, mean, strict=True)]
        return tuple(middle), less, tuple(whole), tuple(offsets), undefined  # type: ignore[return-value]

    def _look_from(self, points: Floats) -> None:
        """Add the solutions that Newton's method finds from these points, those in the view."""
        ends, size, _ = self.mapping.polished(points, self.period)
        with np.errstate(invalid="ignore"):
            ends = np.stack([_in_range(x, low, period) for x, low, period in zip(ends, self.low, self.mapping.wraps, strict=True)])
            slack = SAME * self.scale[:, None]
            away = np.abs(self.mapping.differences(ends, self.period)[:2]) <= NEARBY * self.scale[:, None]
            good = (
                away.all(0)
                & (size <= SAME * self.scale.min())
                & ((ends >= self.low[:, None] - slack) & (ends <= self.high[:, None] + slack)).all(0)
            )
        for point in ends[:, good].T:
            away = np.abs(self.mapping.turned(self.solutions - point[:, None]))
            if not (away <= slack).all(0).any():
                self.solutions = np.concatenate([self.solutions, point[:, None]], axis=1)

    def _holds_solution(self, low: Floats, high: Floats) -> Bools:
        """Which boxes hold a known solution, or have it at an edge."""
        centre, half = 0.5 * (low + high)[:, :, None], 0.5 * (high - low)[:, :, None]
        away = np.abs(self.mapping.turned(self.solutions[:, None, :] - centre))
        held: Bools = np.any((away <= half + SAME * self.scale[:, None, None]).all(0), axis=1)
        return held


ONE = exactly(1.0)


def _quartered(low: Floats, high: Floats) -> tuple[Floats, Floats]:
    middle = 0.5 * (low + high)
    (left, bottom), (x, y), (right, top) = low, middle, high
    lows = np.stack([np.concatenate([left, x, left, x]), np.concatenate([bottom, bottom, y, y])])
    return lows, np.stack([np.concatenate([x, right, x, right]), np.concatenate([y, y, top, top])])


def _turns(difference: Interval, period: float) -> tuple[Any, Any]:
    """(how many multiples of the period lie in the interval, one of them); of what is not an angle 0 is the only one."""
    if not period:
        inside = ~((difference.low > 0) | (difference.high < 0))
        return inside.astype(float), np.zeros_like(difference.low)
    with np.errstate(invalid="ignore"):
        first, last = np.ceil(difference.low / period - 1e-12), np.floor(difference.high / period + 1e-12)
        return last - first + 1, np.where(np.isfinite(first), first, 0.0) * period


def _krawczyk(middle: list[Interval], less: Matrix, offsets: Pair) -> tuple[Pair, Bools]:
    """The Krawczyk operator's image, from the box's centre, and whether the operator contracts."""
    a, b, c, d = (each.middle for each in less)
    determinant = a * d - b * c
    inverse = [exactly(np.where(np.isfinite(v := e / determinant), v, 0.0)) for e in (d, -b, -c, a)]
    product = _times(inverse, less)
    rest = (sub(ONE, product[0]), _minus(product[1]), _minus(product[2]), sub(ONE, product[3]))
    size = [np.maximum(np.abs(each.low), np.abs(each.high)) for each in rest]
    contracts = (size[0] + size[1] < 1) & (size[2] + size[3] < 1)
    moved = _applied(inverse, middle)
    image = tuple(sub(each, m) for each, m in zip(_applied(rest, offsets), moved, strict=True))
    return image, contracts  # type: ignore[return-value]


def _minus(a: Interval) -> Interval:
    return Interval(-a.high, -a.low)


def _times(a: Any, b: Any) -> Matrix:
    return (
        add(mul(a[0], b[0]), mul(a[1], b[2])),
        add(mul(a[0], b[1]), mul(a[1], b[3])),
        add(mul(a[2], b[0]), mul(a[3], b[2])),
        add(mul(a[2], b[1]), mul(a[3], b[3])),
    )


def _applied(a: Any, z: Any) -> Pair:
    return add(mul(a[0], z[0]), mul(a[1], z[1])), add(mul(a[2], z[0]), mul(a[3], z[1]))


def _common(a: Interval, b: Interval) -> Interval:
    """What two intervals have in common, which both are known to hold a number; NaN stands for what is not known."""
    return Interval(np.fmax(a.low, b.low), np.fmin(a.high, b.high))


def _beside(a: Interval, other: Interval, period: float) -> Interval:
    """An angle, moved by whole turns to where the other one is."""
    if not period:
        return a
    turns = np.round((other.middle - a.middle) / period)
    return add(a, exactly(np.where(np.isfinite(turns), turns, 0.0) * period))


def _in_range(x: Floats, low: float, period: float) -> Floats:
    """Angles from `low` on; what lies just below it by rounding stays there."""
    return x - period * np.floor((x - low) / period + SAME) if period else x
