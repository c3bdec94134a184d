"""Where f^p(z) = z in a rectangle: boxes are divided until each is proved to hold no solution, or no other than a known one.

A box holds none if an interval enclosure of f^p(z) - z leaves zero out, or if the Krawczyk operator's image lies beside the box; it holds
at most one if that operator contracts on it. See R. E. Moore, R. B. Kearfott and M. J. Cloud, Introduction to Interval Analysis (2009),
chapter 8. What cannot be decided is counted as unresolved.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from kernels.execution import jax, jit, jnp, lax
from kernels.phase_plane.counting import Wraps
from kernels.phase_plane.intervals import Interval, Program, add, exactly, mul, sub
from kernels.types import Array, Bools, Floats, Rule

CHUNK = 2560
"""Boxes times the period that are looked at in one go, in some 20 ms."""

CANDIDATES = 256
"""Initial points of one call of Newton's method."""

FIRST = 16
"""Boxes along each side of the view at first."""

DEEPEST = 20
"""Divisions after which a box stays unresolved."""

MOST_BOXES = 40_000
"""Boxes, times the period, that are looked at; the others stay unresolved."""

NEWTON_STEPS = 40

SAME = 1e-8
"""Solutions nearer to each other than this, relative to the size of the view and of the numbers, are one."""

Pair = tuple[Interval, Interval]
Matrix = tuple[Interval, Interval, Interval, Interval]


@dataclass(frozen=True)
class Mapping:
    """A rule with the values of its parameters, the periods of its coordinates (0: no angle), and its interval program."""

    rule: Rule
    values: tuple[float, ...]
    wraps: Wraps
    program: Program

    def polished(self, points: Floats, period: int) -> tuple[Floats, Floats, Floats]:
        """Newton's method for f^p(z) = z from points (2, n): (solutions (2, n), last steps (n,), Jacobians (5, n)).

        A Jacobian of f^p is its four entries and its determinant, which is the product of those of the steps: the entries would lose it.
        """
        values = self._traced
        found = _in_parts(points, 8, lambda x, y: polish(self.rule, self.wraps, x, y, values, np.int32(period)))
        return found[:2], found[2], found[3:]

    def images(self, points: Floats) -> Floats:
        """The images of points. Shapes (2, n)."""
        return _in_parts(points, 2, lambda x, y: step(self.rule, x, y, self._traced))

    @property
    def _traced(self) -> tuple[Any, ...]:
        return tuple(map(np.float64, self.values))

    def turned(self, differences: Floats) -> Floats:
        """Differences of states (2, ...), of angles the shorter way round."""
        return np.stack([d - period * np.round(d / period) if period else d for d, period in zip(differences, self.wraps, strict=True)])


def _in_parts(points: Floats, rows: int, kernel: Callable[[Any, Any], Any]) -> Floats:
    """What the kernel gives for points (2, n), in parts of one size, so that it is compiled once. Shape (rows, n)."""
    n, found = points.shape[1], [np.empty((rows, 0))]
    for first in range(0, n, CANDIDATES):
        part = points[:, first : first + CANDIDATES]
        padded = np.full((2, CANDIDATES), np.nan)
        padded[:, : part.shape[1]] = part
        found.append(np.stack(kernel(*padded))[:, : part.shape[1]])
    return np.concatenate(found, axis=1)


@jit(static_argnames=("rule",))
def step(rule: Rule, x: Array, y: Array, values: tuple[Any, ...]) -> tuple[Array, Array]:
    """The images of states. Shapes (n,)."""
    ahead: tuple[Array, Array] = rule(x, y, *values)
    return ahead


@jit(static_argnames=("rule", "wraps"))
def polish(rule: Rule, wraps: Wraps, x: Array, y: Array, values: tuple[Any, ...], period: Array) -> tuple[Array, ...]:
    """As `Mapping.polished`: (x, y, size of the last step, Jacobian of f^p and its determinant as five arrays)."""

    def image(x: Array, y: Array) -> Any:
        return rule(x, y, *values)

    def turn(value: Array, period: float) -> Array:
        return value - period * jnp.round(value / period) if period else value

    def followed(x: Array, y: Array) -> tuple[Array, ...]:
        one, none = jnp.ones_like(x), jnp.zeros_like(x)

        def step(_: Array, state: Any) -> Any:
            z, (a, b, c, d), area = state
            found, (p, r) = jax.jvp(image, z, (one, none))
            q, s = jax.jvp(image, z, (none, one))[1]
            return found, (p * a + q * c, p * b + q * d, r * a + s * c, r * b + s * d), area * (p * s - q * r)

        (fx, fy), jacobian, area = lax.fori_loop(0, period, step, ((x, y), (one, none, none, one), one))
        return turn(fx - x, wraps[0]), turn(fy - y, wraps[1]), *jacobian, area

    def newton(_: Array, state: Any) -> Any:
        x, y, _size = state
        dx, dy, a, b, c, d, _area = followed(x, y)
        determinant = (a - 1) * (d - 1) - b * c
        step_x, step_y = ((d - 1) * dx - b * dy) / determinant, ((a - 1) * dy - c * dx) / determinant
        return x - step_x, y - step_y, jnp.maximum(jnp.abs(step_x), jnp.abs(step_y))

    x, y, size = lax.fori_loop(0, NEWTON_STEPS, newton, (x, y, jnp.full_like(x, jnp.inf)))
    return (x, y, size, *followed(x, y)[2:])


class Search:
    """The search for the solutions of one period in the box from `low` to `high`, each of shape (2,)."""

    def __init__(self, mapping: Mapping, low: Floats, high: Floats, period: int) -> None:
        self.mapping, self.period, self.low, self.high = mapping, period, low, high
        self.scale = np.maximum(high - low, np.maximum(np.abs(low), np.abs(high)))
        self.solutions = np.empty((2, 0))
        self.unresolved = 0

    def steps(self) -> Iterator[None]:
        """Search; None where a caller may stop. `solutions` and `unresolved` hold what was found."""
        ends = [np.linspace(low, high, FIRST + 1) for low, high in zip(self.low, self.high, strict=True)]
        lows, highs = (np.stack([part.ravel() for part in np.meshgrid(*(end[side] for end in ends))]) for side in (np.s_[:-1], np.s_[1:]))
        looked_at = 0
        for _ in range(DEEPEST):
            kept = []
            chunk = CHUNK // self.period
            for first in range(0, lows.shape[1], chunk):
                part = np.s_[:, first : first + chunk]
                kept.append(self._left(lows[part], highs[part]))
                yield None
            looked_at += lows.shape[1]
            lows, highs = (np.concatenate(sides, axis=1) for sides in zip(*kept, strict=True))
            if not lows.size or looked_at + 4 * lows.shape[1] > MOST_BOXES * self.period:
                break
            lows, highs = _quartered(lows, highs)
        self._look_from(0.5 * (lows + highs)[:, :CANDIDATES])
        self.unresolved = lows.shape[1]

    def _left(self, low: Floats, high: Floats) -> tuple[Floats, Floats]:
        """The boxes, made smaller where that is proved, in which there may be unknown solutions."""
        centre, jacobian, difference, offsets = self._enclosed(low, high)
        turns = [_turns(each, period) for each, period in zip(difference, self.mapping.wraps, strict=True)]
        possible = np.logical_and(*(~(count < 1) for count, _ in turns))
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

    def _enclosed(self, low: Floats, high: Floats) -> tuple[Pair, Matrix, Pair, Pair]:
        """Of boxes (2, n): f^p(c) - c of the centres, the Jacobians, f^p(z) - z over the boxes, and the boxes from their centres."""
        mapping, n = self.mapping, low.shape[1]
        start = [exactly(c) for c in 0.5 * (low + high)]
        box = [Interval(*sides) for sides in zip(low, high, strict=True)]
        offsets = [sub(b, c) for b, c in zip(box, start, strict=True)]
        state, centre = box, start
        product: Any = None
        with np.errstate(all="ignore"):
            for _ in range(self.period):
                both = [Interval(*(np.concatenate(ends) for ends in zip(b, c, strict=True))) for b, c in zip(state, centre, strict=True)]
                image, slopes = mapping.program(both[0], both[1], mapping.values)
                matrix = [Interval(each.low[:n], each.high[:n]) for each in slopes]
                product = matrix if product is None else _times(matrix, product)
                wide = [Interval(each.low[:n], each.high[:n]) for each in image]
                centre = [Interval(each.low[n:], each.high[n:]) for each in image]
                centre = [_beside(c, w, period) for c, w, period in zip(centre, wide, mapping.wraps, strict=True)]
                state = [_common(w, add(c, m)) for w, c, m in zip(wide, centre, _applied(product, offsets), strict=True)]
            less = (sub(product[0], ONE), product[1], product[2], sub(product[3], ONE))
            middle = [sub(c, s) for c, s in zip(centre, start, strict=True)]
            mean = [add(m, each) for m, each in zip(middle, _applied(less, offsets), strict=True)]
            whole = [_common(sub(s, b), m) for s, b, m in zip(state, box, mean, strict=True)]
        return tuple(middle), less, tuple(whole), tuple(offsets)  # type: ignore[return-value]

    def _look_from(self, points: Floats) -> None:
        """Add the solutions that Newton's method finds from these points, those in the view."""
        ends, size, _ = self.mapping.polished(points, self.period)
        with np.errstate(invalid="ignore"):
            ends = np.stack([_in_range(x, low, period) for x, low, period in zip(ends, self.low, self.mapping.wraps, strict=True)])
            slack = SAME * self.scale[:, None]
            good = (size <= SAME * self.scale.min()) & ((ends >= self.low[:, None] - slack) & (ends <= self.high[:, None] + slack)).all(0)
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
    """(how many multiples of the period lie in the interval, one of them); of what is no angle 0 is the only one."""
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
