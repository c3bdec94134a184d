"""Copies of the diagram within the diagram: the largest one in a view, the one that a view lies in, and the heights of their attractors.

A copy is where a return map of period n runs through the family y² + c, c from -2 to 1/4: a window of the sweep, or the next doubling.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import islice

import numpy as np
from flint import arb
from numpy.polynomial import chebyshev as series
from numpy.polynomial import polynomial

from kernels.deep.address import Address, address, coordinate
from kernels.deep.ladder import Ladder, ladders
from kernels.deep.level import Level
from kernels.deep.precision import from_decimal, log2, middle, to_decimal, working
from kernels.deep.return_map import OUTSIDE
from kernels.deep.rules import SmoothRule, why_not_smooth
from kernels.geometry import Viewport
from kernels.types import Floats

LOWEST, HIGHEST = -2.0, 0.25
"""The values of c in a copy."""

MIDDLE, HALF = (LOWEST + HIGHEST) / 2, (HIGHEST - LOWEST) / 2

MARGIN, ROOM = 1.08, 1.25
"""A view is higher than its attractor by the first, and wider than the copy that it shows, which is known roughly, by the second."""

COLUMNS = 1280
"""Columns that a view has to tell apart."""

TRIED = 2001
"""Columns among which copies are looked for."""

LONGEST = 150
"""Periods of copies are looked for up to this one, and for MORE periods after the first that is found."""

MORE = 8

MOST_TRIED = 32

SMALLEST = 1e-8
"""Half-width of a copy that is looked for, as a share of the view's: float64 tells columns within it apart."""

LARGEST = 0.7

REFINED = 12
"""Times that the place of a superstable column is narrowed, by 32 each."""

SETTLED, FOLLOWED = 100, 400
"""Steps of the critical orbits that are left out of a height, and that make it."""

THINNEST = 0.05
"""Half-height of a view, as a share of the level's interval, where the attractor is a point or two."""


@dataclass(frozen=True)
class Copy:
    """A copy in a window: its middle and half-width in s, and the superstable orbit in it, from the critical point on."""

    middle: float
    half: float
    orbit: list[float]


@dataclass(frozen=True)
class Place:
    """Where a view's centre lies on a ladder.

    seen: [i][m], of y = centre + unit Σ s^i u^m; None where u itself is seen.
    """

    ladder: Ladder
    found: Address
    level: Level
    seen: Floats | None
    unit: arb

    def heights(self, u: Floats, s: Floats) -> Floats:
        """What is seen of states u in columns s, in the place's unit, from its centre. Shapes (..., columns)."""
        if self.seen is None:
            return u
        rows = np.asarray(polynomial.polyval(s, self.seen))
        return np.asarray(sum(row * u**m for m, row in enumerate(rows)))


def fitted(rule: SmoothRule, view: Viewport) -> Iterator[Viewport | None]:
    """None where a caller may stop, then the view as high as the attractor of the deepest return map with the view's centre in it.

    Raises ValueError, in one line, where the map is not smooth or its critical orbits diverge.
    """
    place = None
    for place in _place(rule, view):
        if place is None:
            yield None
    assert place is not None
    s = np.linspace(-1, 1, 257)
    low, high = _range(place, s)
    with working(place.level.fine + max(0, int(-log2(place.unit)))):
        if place.seen is None:
            centre = middle(place.level.origin + place.unit * (low + high) / 2)
        else:
            centre = middle(from_decimal(view.y) + place.unit * (low + high) / 2)
        half = float(place.unit * (high - low) / 2) * MARGIN
        y = to_decimal(centre, half)
    yield replace(view, y=y, half_height=float(f"{half:.4g}"))


def inner(rule: SmoothRule, view: Viewport) -> Iterator[Viewport | None]:
    """None where a caller may stop, then the view of the largest copy in this view. Raises ValueError, in one line, where there is none."""
    place = None
    for place in _place(rule, view):
        if place is None:
            yield None
    assert place is not None
    best = None
    for known in _largest(place.level):
        best = known
        yield None
    if best is None:
        raise ValueError("no copy of the diagram that float64 resolves lies wholly in this view; move it, or zoom out")
    u0, u1 = ((1 + best.middle + side * ROOM * best.half) / 2 for side in (-1, 1))
    images = place.heights(np.array(best.orbit), np.full(len(best.orbit), best.middle))
    # Of x itself the copy at the critical point, else the image of the copy next to the view's centre.
    seen = images[0] if place.seen is None else images[np.argmin(np.abs(images))]
    with working(place.level.fine + max(0, int(-log2(place.unit)))):
        origin = place.level.origin if place.seen is None else from_decimal(view.y)
        y = to_decimal(middle(origin + place.unit * float(seen)), float(place.unit) * 1e-9)
    yield from fitted(rule, replace(view.box(u0, 0.0, u1, 1.0), y=y))


def outer(rule: SmoothRule, view: Viewport) -> Iterator[Viewport | None]:
    """None where a caller may stop, then the view of the smallest copy with this view in it. Raises ValueError where there is none."""
    place = None
    for place in _place(rule, view):
        if place is None:
            yield None
    assert place is not None
    for level in reversed(place.ladder.levels[1:]):
        critical = float(level.critical)
        curvature = float(series.chebval(critical, level.derivatives[0][2]))
        rise = curvature * float(series.chebval(critical, level.in_u[1]))
        with working(level.fine):
            value = curvature * float(level.value(level.critical) - level.critical)
            half = float(level.reach * (HALF / abs(rise))) * ROOM
            if half < 1.4 * view.half_width:
                continue
            x = middle(place.ladder.a0 + level.reach * ((MIDDLE - value) / rise))
            centre = to_decimal(x, half)
        y = view.y
        if not any(place.found.images):
            with working(level.fine):
                y = to_decimal(middle(level.origin + level.scale * level.critical), float(level.scale) * 1e-9)
        yield from fitted(rule, replace(view, x=centre, half_width=float(f"{half:.4g}"), y=y))
        return
    raise ValueError("no larger copy of the diagram holds this view; Home shows the whole diagram")


def _place(rule: SmoothRule, view: Viewport) -> Iterator[Place | None]:
    """None where a caller may stop, then the place on the ladder that reaches deepest there."""
    reason = why_not_smooth(rule.map)
    if reason:
        raise ValueError(reason)
    best: tuple[Ladder, Address, arb] | None = None
    for ladder in ladders(rule, view.x, view.half_width, COLUMNS):
        yield None
        if ladder is None:
            continue
        lowest = ladder.levels[0]
        tiny = middle((ladder.levels[-1].scale / lowest.scale) ** 2 / 16)  # the lowest images are about as high as the square
        with working(lowest.fine + 2 * ladder.levels[-1].fine):
            centre = middle((from_decimal(view.y) - lowest.origin) / lowest.scale)
        found = None
        for found in address(ladder.levels, centre, tiny):
            if found is None:
                yield None
        assert found is not None
        if best is None or len(found.images) > len(best[1].images):
            best = ladder, found, centre
    assert best is not None
    ladder, found, centre = best
    level = ladder.levels[len(found.images)]
    if not any(found.images):
        yield Place(ladder, found, level, None, level.scale)
        return
    unit = middle(level.scale / ladder.levels[0].scale)
    yield Place(ladder, found, level, coordinate(ladder.levels, found.images, centre, unit), level.scale)


def _range(place: Place, s: Floats) -> tuple[float, float]:
    """The heights between which the critical orbits of the columns come to lie."""
    level = place.level
    table, u = level.columns(s), np.full(len(s), float(level.critical))
    low, high = np.inf, -np.inf
    with np.errstate(all="ignore"):
        for n in range(SETTLED + FOLLOWED):
            u = _next(level, table, u)
            u[~(np.abs(u) < OUTSIDE)] = np.nan
            if n == 0 or n >= SETTLED:  # the first for columns that leave the interval soon
                there = place.heights(u, s)
                there = there[np.isfinite(there)]
                if len(there):
                    low, high = min(low, float(there.min())), max(high, float(there.max()))
    if not low <= high:
        low, high = -1.0, 1.0
    least = THINNEST if place.seen is None else THINNEST * float(np.abs(place.seen[0, 1:]).sum())
    if high - low < 2 * least:
        low, high = (low + high) / 2 - least, (low + high) / 2 + least
    return low, high


def _next(level: Level, table: Floats, u: Floats) -> Floats:
    return _sum(table, u * u if level.even else u)


def _slope(level: Level, table: Floats, u: Floats) -> Floats:
    slope = _sum(table[1:] * np.arange(1.0, len(table))[:, None], u * u if level.even else u)
    return 2 * u * slope if level.even else slope


def _sum(table: Floats, z: Floats) -> Floats:
    found = table[-1] + 0.0 * z
    for row in table[-2::-1]:
        found = found * z + row
    return found


def _critical(level: Level, table: Floats) -> tuple[Floats, Floats]:
    """The critical point in each column, and half of the second derivative there."""
    curve, u = np.polynomial.polynomial.polyder(table, 2) / 2, np.full(table.shape[1], float(level.critical))
    if level.even:
        return u, table[1]
    for _ in range(4):
        u = u - _slope(level, table, u) / (2 * _sum(curve, u))
    return u, _sum(curve, u)


def _values(level: Level, family: Floats, s: Floats) -> Iterator[tuple[Floats, Floats, Floats]]:
    """For the returns of periods 1, 2, …: the critical orbit's state, the curvature, and the c of y² + c that the return is about."""
    table = np.asarray(polynomial.polyval(s, family), np.float64)
    critical, curve = _critical(level, table)
    u, product = critical, np.ones(len(s))
    while True:
        with np.errstate(all="ignore"):
            u = _next(level, table, u)
            u[~(np.abs(u) < OUTSIDE)] = np.nan
            found = u, curve * product, curve * product * (u - critical)
            product = product * _slope(level, table, u)
        yield found


def _largest(level: Level) -> Iterator[Copy | None]:
    """The largest copy in the window that is known so far, or None."""
    family, s = level.family(), np.linspace(-1, 1, TRIED)
    best: Copy | None = None
    last, left = LONGEST, MOST_TRIED
    for n, (_, _, c) in enumerate(_values(level, family, s), 1):
        with np.errstate(all="ignore"):
            half = HALF * (s[1] - s[0]) / np.abs(np.diff(c))
            cells = np.flatnonzero((c[1:] * c[:-1] <= 0) & (half > (best.half if best else SMALLEST)))
        for cell in sorted(cells.tolist(), key=lambda cell: -half[cell])[: min(MORE, left)] if n > 1 else ():
            found, left = _copy(level, family, n, float(s[cell]), float(s[cell + 1])), left - 1
            if found is not None and (best is None or found.half > best.half):
                best, last = found, min(last, n + MORE)
            yield best
        yield best
        if n >= last or not left:
            return


def _copy(level: Level, family: Floats, period: int, low: float, high: float) -> Copy | None:
    """The copy about the superstable orbit of this period between two columns; None where there is none that lies in the window."""

    def at(s: Floats) -> Floats:
        return next(islice(_values(level, family, s), period - 1, None))[2]

    for _ in range(REFINED):
        s = np.linspace(low, high, 33)
        c = at(s)
        with np.errstate(all="ignore"):
            crossed = np.flatnonzero(c[1:] * c[:-1] <= 0)
        if not len(crossed):
            return None
        low, high = float(s[crossed[0]]), float(s[crossed[0] + 1])
        rise = float(c[crossed[0] + 1] - c[crossed[0]]) / (high - low)
        if abs(c[crossed[0]]) < 1e-3:
            break
    zero = np.array([(low + high) / 2])
    *found, (last, curvature, c) = islice(_values(level, family, zero), period)
    orbit = [float((last - c / curvature)[0]), *(float(u[0]) for u, _, _ in found)]
    if not rise or any(abs((state - orbit[0]) * curvature[0]) < 0.5 for state in orbit[1:]):
        return None  # the return is one of a shorter period
    reach = 3 * HALF / abs(rise)
    ends = [_end(at, float(zero[0]), reach * np.sign(rise), limit) for limit in (HIGHEST, LOWEST)]
    middle_, half = (ends[0] + ends[1]) / 2, abs(ends[0] - ends[1]) / 2
    return Copy(middle_, half, orbit) if SMALLEST < half < LARGEST and abs(middle_) + half <= 1.0 else None


def _end(at: Callable[[Floats], Floats], zero: float, reach: float, limit: float) -> float:
    """The column next to a superstable one in which c is `limit`; where it is taken to be, if it is not found within `reach`."""
    s = zero + np.linspace(0, 1, 193) * reach * np.sign(limit)
    c = at(s)
    beyond = np.flatnonzero(c * np.sign(limit) >= abs(limit))
    if not len(beyond) or not beyond[0]:
        return zero + reach * limit / (3 * HALF)
    k = int(beyond[0])
    return float(s[k - 1] + (s[k] - s[k - 1]) * (limit - c[k - 1]) / (c[k] - c[k - 1]))
