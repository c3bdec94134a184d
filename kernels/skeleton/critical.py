"""Critical curves f^n(c)(a): the images of the critical points, along which the density of orbits has its ridges and edges.

Between two parameters the cubic through both images with their derivatives in the parameter tells how far the curve is from the line; where
that can be seen, the curve is computed between them as well, at its extremum if it has one there.
"""

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np

from kernels.execution import jit, jnp, lax
from kernels.skeleton.composition import Family, step
from kernels.types import Array, Bools, Floats, Rule

IMAGES = 12
"""Images of each critical point."""

COLUMNS = 1025
"""Values of the parameter at first."""

BEND = 1e-4
"""Distance of a line from its curve, in window units, from which there are points between: a quarter of a pixel of 2,500."""

NARROW, ROUNDS = 1 / 65536, 12
"""Width between points, in window units, from which there are none between them, and how often there are new ones at most."""

MOST_POINTS = 60_000
"""Points of all curves: where they would be more, the later images are left as they are."""

SHARES = (0.25, 0.5, 0.75)
"""Where between two points the curve is compared with the line."""

JUMP = 0.5
"""Change of a curve between points that are NARROW apart, relative to the view's height, from which it is interrupted there."""

EDGE = 0.05
"""Curves are followed as far beyond the view, relative to its height."""

COARSE, POINTS = 65, 257
"""Columns and states at which the sign of f' is looked at."""

MOST = 8
"""Critical points that are followed."""

HALVINGS = 54


def critical_point(rule: Rule, index: int, others: Any, low: Array, high: Array, side: Array, a: Array) -> Array:
    """The place between low and high at which f' ceases to have the sign `side`, by bisection. Shapes (n,)."""

    def halve(_: Any, ends: Any) -> Any:
        low, high = ends
        middle = low + (high - low) / 2
        below = jnp.sign(step(rule, index, others, middle, a)[1]) == side
        return jnp.where(below, middle, low), jnp.where(below, high, middle)

    found: Array = lax.fori_loop(0, HALVINGS, halve, (low, high))[0]
    return found


@jit(static_argnames=("rule", "index", "most"))
def _slopes(rule: Rule, index: int, most: int, others: Any, lanes: Any, shared: Any) -> tuple[Array]:
    x, a = lanes
    return (step(rule, index, others, x, a)[1],)


@jit(static_argnames=("rule", "index", "most"))
def _images(rule: Rule, index: int, most: int, others: Any, lanes: Any, shared: Any) -> tuple[Array, Array, Array]:
    """The place at which f' changes its sign between low and high, its IMAGES images, and their derivatives in the parameter.

    Shapes (n,), (IMAGES, n), (IMAGES, n). The place's own derivative does not count, as f' is 0 there.
    """
    low, high, side, a = lanes
    x = critical_point(rule, index, others, low, high, side, a)

    def once(state: Any, _: Any) -> Any:
        y, in_a = state
        value, slope, sensitivity = step(rule, index, others, y, a)
        state = value, slope * in_a + sensitivity
        return state, state

    images, in_a = lax.scan(once, (x, jnp.zeros_like(x)), None, length=IMAGES)[1]
    return x, images, in_a


class CriticalPoints:
    """The zeros, and the jumps, of f' in the interval `states`, for parameters from `left` to `right`.

    `number`: as many as the column has that has the most, up to MOST.
    """

    @np.errstate(all="ignore")
    def __init__(self, family: Family, left: float, right: float, states: tuple[float, float]) -> None:
        self._family, self._left, self._right = family, left, right
        coarse, self._x = np.linspace(left, right, COARSE), np.linspace(*states, POINTS)
        slopes = family.run(_slopes, np.tile(self._x, COARSE), np.repeat(coarse, POINTS))[0].reshape(COARSE, POINTS)
        self._sign = np.sign(np.where(slopes == 0, np.spacing(1.0), slopes))
        columns, self._at = np.nonzero(self._sign[:, :-1] * self._sign[:, 1:] < 0)
        self._counts = np.bincount(columns, minlength=COARSE)
        self._first = np.concatenate([[0], np.cumsum(self._counts)])
        self.number = min(MOST, int(self._counts.max(initial=0)))

    def brackets(self, rank: int, a: Floats) -> tuple[Floats, Floats, Floats, Bools]:
        """(low, high, sign of f' at low, whether there is one) of the critical point number `rank` at these parameters. Shapes (n,)."""
        place = np.clip((a - self._left) / (self._right - self._left) * (COARSE - 1), 0, COARSE - 1)
        near = np.rint(place).astype(np.int64)
        has = self._counts[near] > rank
        at = np.where(has, self._at[np.minimum(self._first[near] + rank, len(self._at) - 1)], 0)
        # In the nearest coarse column the sign changes between these; here it may do so one interval beside.
        low = np.maximum(at - 1, 0)
        return self._x[low], self._x[np.minimum(at + 2, POINTS - 1)], self._sign[near, low], has

    def run(self, low: Floats, high: Floats, side: Floats, a: Floats) -> list[Any]:
        """The places at which f' changes its sign between low and high, (n,), their images and the derivatives of these (IMAGES, n)."""
        return self._family.run(_images, low, high, side, a)

    @np.errstate(all="ignore")
    def images(self, rank: int, a: Floats) -> tuple[Floats, Floats]:
        """The images of critical point number `rank` at these parameters and their derivatives, (IMAGES, n); NaN where it is none."""
        low, high, side, has = self.brackets(rank, a)
        found, images, in_a = self.run(low, high, side, a)
        exists = has & (found > low) & (found < high)
        return np.where(exists, images, np.nan), np.where(exists, in_a, np.nan)

    def at(self, a: float) -> Floats:
        """All critical points at a parameter. Shape (number,)."""
        found = []
        for rank in range(self.number):
            low, high, side, has = self.brackets(rank, np.array([a]))
            critical = self.run(low, high, side, np.array([a]))[0]
            found.append(np.where(has & (critical > low) & (critical < high), critical, np.nan))
        points: Floats = np.concatenate(found) if found else np.empty(0)
        return points[np.isfinite(points)]


class _Pieces(NamedTuple):
    """Pieces of curves: number of the critical point and of the image, both ends' parameter, image, and its derivative. Shapes (n,)."""

    rank: Any
    image: Any
    a: tuple[Floats, Floats]
    x: tuple[Floats, Floats]
    in_a: tuple[Floats, Floats]

    def chosen(self, where: Any) -> "_Pieces":
        """Some of them."""
        pairs = (tuple(end[where] for end in ends) for ends in self[2:])
        return _Pieces(self.rank[where], self.image[where], *pairs)

    def halves(self, a: Floats, x: Floats, in_a: Floats) -> "_Pieces":
        """Both parts of each, cut at these points."""
        pairs = (
            (np.concatenate([ends[0], middle]), np.concatenate([middle, ends[1]]))
            for ends, middle in zip(self[2:], (a, x, in_a), strict=True)
        )
        return _Pieces(np.tile(self.rank, 2), np.tile(self.image, 2), *pairs)


class CriticalCurves(NamedTuple):
    """Critical curves: at evenly spaced parameters (m,) the images (critical points, IMAGES, m); and each image's line (k, 2).

    NaN where a critical point does not exist, and where a line is interrupted.
    """

    a: Floats
    images: Floats
    lines: tuple[Floats, ...]


def critical_curves(critical: CriticalPoints, limits: tuple[float, float], states: tuple[float, float]) -> Iterator[CriticalCurves | None]:
    """None where a caller may stop, then the curves for parameters between limits as far as they are between these states."""
    a = np.linspace(*limits, COLUMNS)
    found = []
    for rank in range(critical.number):
        found.append(critical.images(rank, a))
        yield None
    x, in_a = np.array(found).reshape(-1, 2, IMAGES, COLUMNS).swapaxes(0, 1)
    rank, image, at = (grid.ravel() for grid in np.indices((critical.number, IMAGES, COLUMNS)))
    points = [(rank, image, a[at], x.ravel())]
    rank, image, at = (grid.ravel() for grid in np.indices((critical.number, IMAGES, COLUMNS - 1)))
    ends = ((values[rank, image, at], values[rank, image, at + 1]) for values in (x, in_a))
    pieces = _Pieces(rank, image, (a[at], a[at + 1]), *ends)
    total, breaks = x.size, []
    for _ in range(ROUNDS):
        bent = _is_bent(pieces, limits, states)
        wide = pieces.a[1] - pieces.a[0] > 1.5 * NARROW * (limits[1] - limits[0])
        with np.errstate(invalid="ignore"):  # infinite at both ends
            jump = bent & ~wide & (np.abs(pieces.x[1] - pieces.x[0]) > JUMP * (states[1] - states[0]))
        breaks.append(pieces.chosen(jump))
        where = np.flatnonzero(bent & wide)
        where = where[np.argsort(pieces.image[where], kind="stable")][: MOST_POINTS - total]
        if not len(where):
            break
        pieces, total = pieces.chosen(where), total + len(where)
        between = pieces.a[0] + _share(pieces) * (pieces.a[1] - pieces.a[0])
        x, in_a = np.empty(len(where)), np.empty(len(where))
        for rank in np.unique(pieces.rank).tolist():
            own = np.flatnonzero(pieces.rank == rank)
            values = critical.images(rank, between[own])
            x[own], in_a[own] = (each[pieces.image[own], np.arange(len(own))] for each in values)
            yield None
        points.append((pieces.rank, pieces.image, between, x))
        pieces = pieces.halves(between, x, in_a)
    points += [(each.rank, each.image, (each.a[0] + each.a[1]) / 2, np.full(len(each.rank), np.nan)) for each in breaks]
    yield CriticalCurves(a, np.array([images for images, _ in found]).reshape(-1, IMAGES, COLUMNS), _lines(points))


@np.errstate(all="ignore")
def _is_bent(pieces: _Pieces, limits: tuple[float, float], states: tuple[float, float]) -> Any:
    """Whether a piece can be seen to differ from the line between its ends, or ends between them."""
    height = states[1] - states[0]
    first, last = ((end - states[0]) / height for end in pieces.x)
    width, rise = pieces.a[1] - pieces.a[0], last - first
    starts, arrives = (slope * width / height - rise for slope in pieces.in_a)
    shares = np.stack([*(np.full(len(rise), share) for share in SHARES), _share(pieces)])
    away = shares * (1 - shares) * ((1 - shares) * starts - shares * arrives)
    along = first + shares * rise + away
    top, bottom = np.maximum(first, last), np.minimum(first, last)
    beyond = np.maximum(along.max(axis=0) - top, bottom - along.min(axis=0))  # a steep line is near to all but what it does not reach
    apart = np.maximum(np.abs(away).max(axis=0) / np.hypot(1, rise / width * (limits[1] - limits[0])), beyond)
    seen = (np.maximum(along.max(axis=0), top) > -EDGE) & (np.minimum(along.min(axis=0), bottom) < 1 + EDGE)
    return (seen & (apart > BEND)) | (np.isfinite(first) != np.isfinite(last))


@np.errstate(all="ignore")
def _share(pieces: _Pieces) -> Floats:
    """Where between the ends of each piece the cubic has its extremum, if it has one there, else the middle."""
    width = pieces.a[1] - pieces.a[0]
    first, last = (slope * width for slope in pieces.in_a)
    rise = pieces.x[1] - pieces.x[0]
    square, linear = 3 * (first + last) - 6 * rise, 6 * rise - 4 * first - 2 * last
    q = -(linear + np.copysign(np.sqrt(linear**2 - 4 * square * first), linear)) / 2
    roots = np.stack([q / square, first / q])
    inside = (roots > 0) & (roots < 1)
    share = np.where(inside[0], roots[0], roots[1])
    found: Floats = np.where((first * last < 0) & inside.any(axis=0), np.clip(share, 0.05, 0.95), 0.5)
    return found


def _lines(points: list[Any]) -> tuple[Floats, ...]:
    """Each image's line: that of each critical point in the order of the parameter, one after the other."""
    rank, image, a, x = (np.concatenate(each) for each in zip(*points, strict=True))
    lines = []
    for number in range(IMAGES):
        own = np.flatnonzero(image == number)
        own = own[np.lexsort((a[own], rank[own]))]
        parts = [np.empty((0, 2))]
        for part in np.split(own, np.flatnonzero(np.diff(rank[own])) + 1):
            parts += [np.stack([a[part], x[part]], axis=1), np.full((1, 2), np.nan)]
        line = np.concatenate(parts)
        void = ~np.isfinite(line[:, 1])
        line[void, 1] = np.nan
        kept = ~void
        kept[1:] |= void[1:] & ~void[:-1]
        lines.append(line[kept])
    return tuple(lines)
