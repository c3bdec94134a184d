"""All zeros of g(x) = f^p(x) - x in an interval, crossings and tangencies, by adaptive bisection of a grid.

On each interval g is approximated by its cubic Hermite interpolant. The error is estimated from data that the interpolant does not use:
the second derivatives at the ends and the value at the midpoint of the parent interval. The Bernstein coefficients of the cubic then show
that there is no zero, that there is exactly one, or that g is convex or concave, so that there are at most two; an interval for which
none of these holds is halved. The work is bounded; intervals that are undecided when the bound is reached are counted in the result.
"""

from collections.abc import Generator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from kernels.cycles.iterate import Iterate, Jet, bend_error
from kernels.cycles.jumps import attained
from kernels.cycles.root_polishing import (
    EPSILON,
    Bracket,
    bent,
    canonical,
    distinct,
    ends,
    is_double,
    is_zero,
    only_near_zero,
    sharpened,
    zeros,
)
from kernels.types import Bools, Floats

PARENTS = 1023
"""Intervals of the initial grid, which has 2,047 points with the midpoints."""

MOST_POINTS = 40_000
"""Maximum number of evaluations of g in one search."""

MOST_ROOTS = 8192
"""Maximum number of zeros that one search polishes."""

CHUNK = 2048
"""Brackets polished in one call: about 20 ms at period 8 even where each has to be bisected."""

ROUNDS = 15
"""Maximum number of halvings, to a 30-millionth of the range; an interval that is still undecided contains a jump or a multiple zero."""

CLOSE = 0.01
"""Error of the cubic, relative to its range on the interval, below which its monotonicity and convexity are taken for those of g."""

WARY = 32.0
"""Safety factor: an interval contains no zero where the cubic stays this many error estimates away from zero."""

LOST = 1e100
"""Where |g| exceeds this, its derivatives overflow and it is treated as not finite."""

FLAT = 1e-4
"""Intervals longer than this share of the range on which g vanishes to within rounding are not single zeros."""


@dataclass(frozen=True)
class Roots:
    """The zeros found by one search, in ascending order.

    Attributes:
        x: the zeros, shape (n,).
        jets: g and its derivatives at the zeros.
        double: whether a zero has a multiplicity above one (g touches zero, or crosses it with slope zero), shape (n,).
        stretches: (low, high) of intervals on which f^p(x) = x to within rounding.
        points: number of evaluations of g.
        left: number of intervals that are still undecided.

    """

    x: Floats
    jets: Jet
    double: Bools
    stretches: tuple[tuple[float, float], ...]
    points: int
    left: int

    @property
    def is_incomplete(self) -> bool:
        """Whether intervals are undecided, so that zeros may have been missed."""
        return self.left > 0


class _Intervals(NamedTuple):
    """Intervals between neighbouring grid points, with the error bound of the cubic Hermite interpolant."""

    left: Jet
    right: Jet
    error: Floats

    def at(self, index: Bools) -> "_Intervals":
        return _Intervals(self.left.at(index), self.right.at(index), self.error[index])


class _Kinds(NamedTuple):
    """Classification of intervals: one crossing, an extremum that may touch zero, zero to within rounding, or still to be halved."""

    crossing: Bools
    turning: Bools
    flat: Bools
    open: Bools


class _Candidates:
    """Intervals and points collected for polishing."""

    def __init__(self) -> None:
        self.crossings: list[_Intervals] = []
        self.turnings: list[_Intervals] = []
        self.flats: list[_Intervals] = []
        self.points: list[Floats] = []
        self.unresolved: list[_Intervals] = []
        self.left = 0

    def count_unresolved(self, simple: Floats) -> int:
        """Number of simple zeros in intervals bisected at the last level without a known convexity: further zeros may be near these."""
        brackets = [(part.left.x[:, None], part.right.x[:, None]) for part in self.unresolved]
        return sum(int(((simple >= low) & (simple <= high)).any(axis=1).sum()) for low, high in brackets)

    @property
    def crowded(self) -> bool:
        """Whether there are more crossings than will be polished."""
        return sum(len(part.error) for part in self.crossings) > MOST_ROOTS


def find(composed: Iterate, low: float, high: float, period: int) -> Generator[None, None, Roots]:
    """Find the zeros of f^period(x) - x in [low, high]. A generator: it yields where the caller may stop, and returns the Roots."""
    found = _Candidates()
    points = yield from _divide(composed, low, high, period, found)
    with np.errstate(all="ignore"):
        flats = _stretches(found.flats, FLAT * (high - low))
        centre_of = [bent(composed, stretch, high - low, period) for stretch in flats]
        stretches = tuple(stretch for stretch, centre in zip(flats, centre_of, strict=True) if centre is None)
        centres = [centre for centre in centre_of if centre is not None]
    x = yield from _polish(composed, found, period)
    with np.errstate(all="ignore"):
        x = canonical(composed, np.append(x[_within(x, low, high) & ~_covered(x, flats)], centres), period)
        x, jets = distinct(composed, np.unique(x), period)
        double = is_double(jets, period)
        moved = x.copy()
        moved[double] = sharpened(composed, x[double], period)
        moved = _at_zero(composed, moved, low, high, period)
        if (moved != x).any():
            x, jets = moved, composed.jets(moved, period)
        moved = attained(composed, jets, period)
        real = ~only_near_zero(composed, jets, low, high, period) & ~np.isnan(moved)
        jets = jets if (moved == x)[real].all() else composed.jets(moved, period)
        x, jets, double = moved[real], jets.at(real), double[real]
    # At the ends of an interval on which g vanishes, one or two neighbouring intervals stay undecided; these are expected.
    left = max(0, found.left + found.count_unresolved(x[~double]) - 2 * len(flats))
    return Roots(x, jets, double, stretches, points, left)


def _at_zero(composed: Iterate, x: Floats, low: float, high: float, period: int) -> Floats:
    """The zeros, with the one that is 0 to within rounding set to exactly 0."""
    tiny = np.abs(x) <= EPSILON * (high - low)
    if np.count_nonzero(tiny) == 1 and x[tiny] != 0 and len(zeros(composed, np.zeros(1), period)):
        x[tiny] = 0.0
    return x


def _divide(composed: Iterate, low: float, high: float, period: int, found: _Candidates) -> Generator[None, None, int]:
    """Halve intervals until each is decided or a bound is reached; returns the number of evaluations of g."""
    # Overflow and NaN are expected: intervals are classified by them.
    with np.errstate(all="ignore"):
        x = low + (high - low) * (np.arange(2 * PARENTS + 1) / (2 * PARENTS))
        x[-1] = high
        # 0 is always a grid point: it is a fixed point of many maps, and the edge of the domain of square roots.
        grid = composed.jets(np.append(x, min(max(low, 0.0), high)), period)
        found.points.append(_noisy(grid))
        active = _children(*(grid.at(slice(k, len(x) - 2 + k, 2)) for k in range(3)))
    points = len(x)
    for n in range(ROUNDS):
        with np.errstate(all="ignore"):
            kinds = _classify(active)
            _collect(active, kinds, found)
            active = active.at(kinds.open)
            if not len(active.error):
                return points
            if n == ROUNDS - 1 or points + len(active.error) > MOST_POINTS or found.crowded:
                break
            middle = composed.jets(active.left.x + (active.right.x - active.left.x) / 2, period)
            points += len(middle.x)
            found.points.append(_noisy(middle))
            active = _children(active.left, middle, active.right)
        if len(middle.x) > PARENTS:
            yield
    with np.errstate(all="ignore"):
        _resolve_remaining(active, found, n == ROUNDS - 1)
    return points


def _children(left: Jet, middle: Jet, right: Jet) -> _Intervals:
    """Both halves of each interval."""
    predicted = (left.value + right.value) / 2 + (right.x - left.x) * (left.slope - right.slope) / 8
    # Halving divides the error of a cubic by sixteen where g is smooth; only a factor of four is assumed.
    inherited = np.abs(middle.value - predicted) / 4
    one, other = _joined(left, middle), _joined(middle, right)
    return _Intervals(one, other, np.maximum(np.concatenate([inherited, inherited]), bend_error(one, other)))


def _joined(one: Jet, other: Jet) -> Jet:
    return Jet(*(np.concatenate(pair) for pair in zip(one, other, strict=True)))


def _classify(intervals: _Intervals) -> _Kinds:
    left, right = intervals.left, intervals.right
    third = (right.x - left.x) / 3
    b = np.stack([left.value, left.value + third * left.slope, right.value - third * right.slope, right.value])
    noise = np.maximum(left.noise, right.noise)
    margin = intervals.error + noise
    known = np.isfinite(b).all(axis=0) & np.isfinite(margin)
    clear = known & (_one_sign(b, WARY * intervals.error + noise) | _escaping(left, right))
    # Where g oscillates within the interval the estimate can be small by chance; that both conditions hold by chance is less likely.
    close = known & (intervals.error <= CLOSE * np.ptp(b, axis=0))
    monotone = close & _one_sign(np.diff(b, axis=0), margin)
    bent = close & _one_sign(np.diff(b, n=2, axis=0), 2 * margin)
    flat = known & (np.abs(b).max(axis=0) <= 2 * noise) & (intervals.error <= 2 * noise)
    crosses = left.value * right.value < 0
    turns = bent & ~crosses & (left.slope * right.slope < 0)
    nowhere = ~(np.abs(left.value) < LOST) & ~(np.abs(right.value) < LOST)
    decided = clear | monotone | bent | flat | nowhere
    return _Kinds((monotone | bent) & crosses & ~flat, turns & ~clear & ~monotone & ~flat, flat, ~decided)


def _escaping(left: Jet, right: Jet) -> Bools:
    """Whether |g| is large at both ends with slopes of one sign: growth too fast for a cubic, as where orbits escape to infinity."""
    far = np.minimum(np.abs(left.value), np.abs(right.value)) > 1e3 * (1 + np.abs(left.x) + np.abs(right.x))
    answer: Bools = far & (left.value * right.value > 0) & (left.slope * right.slope > 0)
    return answer


def _one_sign(b: Floats, margin: Floats) -> Bools:
    answer: Bools = (b.min(axis=0) > margin) | (b.max(axis=0) < -margin)
    return answer


def _collect(active: _Intervals, kinds: _Kinds, found: _Candidates) -> None:
    for there, chosen in ((found.crossings, kinds.crossing), (found.turnings, kinds.turning), (found.flats, kinds.flat)):
        if chosen.any():
            there.append(active.at(chosen))


def _resolve_remaining(active: _Intervals, found: _Candidates, through: bool) -> None:
    """Handle intervals that are unclassified after the last halving: bisect sign changes, count the rest as undecided.

    A sign change may be a zero, a jump or the edge of the domain; polishing tells these apart. An interval in which neither end's tangent
    comes near zero contains a jump at most and is not counted. If the search is not `through` all rounds, it stopped at the
    limit of points or zeros, and every interval counts as undecided.
    """
    if not through:
        found.left += len(active.error)
        return
    left, right = active.left, active.right
    width = right.x - left.x
    edge = np.isfinite(left.value) != np.isfinite(right.value)
    inner = np.where(np.isfinite(left.value), left.value, right.value)
    overflow = edge & (np.abs(inner) > 1e3 * (1 + np.abs(left.x)))
    crosses = (left.value * right.value < 0) | (edge & ~overflow)
    turns = ~crosses & (left.slope * right.slope < 0)
    steep = (np.abs(left.value) > 2 * width * np.abs(left.slope)) & (np.abs(right.value) > 2 * width * np.abs(right.slope))
    touched = (np.abs(left.value) <= left.noise) | (np.abs(right.value) <= right.noise)
    if crosses.any():
        found.crossings.append(active.at(crosses))
        found.unresolved.append(active.at(crosses & ~edge))
    if turns.any():
        found.turnings.append(active.at(turns))
    found.left += int(np.count_nonzero(~(crosses | turns | steep | touched | overflow)))


def _noisy(grid: Jet) -> Floats:
    """Grid points that are zeros to within rounding."""
    return grid.x[is_zero(grid)]


def _stretches(flats: list[_Intervals], least: float) -> tuple[tuple[float, float], ...]:
    """Unions of adjacent flat intervals that are longer than `least`."""
    if not flats:
        return ()
    pairs = sorted((a, b) for part in flats for a, b in zip(part.left.x.tolist(), part.right.x.tolist(), strict=True))
    joined = [pairs[0]]
    for a, b in pairs[1:]:
        # A gap of one small interval is rounding noise that exceeded its bound by chance.
        if a - joined[-1][1] <= least:
            joined[-1] = (joined[-1][0], max(b, joined[-1][1]))
        else:
            joined.append((a, b))
    return tuple(pair for pair in joined if pair[1] - pair[0] > least)


def _covered(x: Floats, stretches: tuple[tuple[float, float], ...]) -> Bools:
    covered = np.zeros(x.shape, np.bool_)
    for low, high in stretches:
        covered |= (x >= low) & (x <= high)
    return covered


def _within(x: Floats, low: float, high: float) -> Bools:
    slack = 4 * np.spacing(max(abs(low), abs(high)))
    inside: Bools = (x >= low - slack) & (x <= high + slack)
    return inside


def _polish(composed: Iterate, found: _Candidates, period: int) -> Generator[None, None, Floats]:
    """Polish the candidates; returns possible zeros, unordered and with repetitions."""
    with np.errstate(all="ignore"):
        brackets = [_around(part) for part in found.crossings]
        singles = [composed.newton(_thinned(np.concatenate(found.points)), period)]
        tops = [np.zeros(0)]
        for part in found.turnings:
            top, halves = _turned(composed, part, period)
            tops.append(top)
            brackets += halves
    if brackets:
        low, high, side, void = (np.concatenate(arrays)[:MOST_ROOTS] for arrays in zip(*brackets, strict=True))
        found.left += sum(len(bracket.low) for bracket in brackets) - len(low)
        for begin in range(0, len(low), CHUNK):
            chunk = slice(begin, begin + CHUNK)
            singles.append(composed.polished(low[chunk], high[chunk], (side[chunk], void[chunk]), 0, period))
            if len(low) > CHUNK:
                yield
    with np.errstate(all="ignore"):
        return np.concatenate([*tops, composed.last_digit(np.concatenate(singles), period)])


def _around(part: _Intervals) -> Bracket:
    known = np.isfinite(part.left.value)
    side = np.where(known, np.sign(part.left.value), -np.sign(part.right.value))
    return Bracket(part.left.x, part.right.x, side, np.where(known, -side, side))


def _turned(composed: Iterate, part: _Intervals, period: int) -> tuple[Floats, list[Bracket]]:
    """Extrema at which g touches zero, and for those beyond zero a bracket on either side."""
    x = composed.polished(part.left.x, part.right.x, ends(np.sign(part.left.slope)), 1, period)
    top = composed.jets(x, period)
    touching = is_zero(top)
    # An end may be a zero itself, which is known; there may be another one beyond the turning point.
    below, above = (~touching & (top.value * end.value < 0) for end in (part.left, part.right))
    side = -np.sign(top.value)
    halves = [Bracket(part.left.x[below], x[below], *ends(side[below])), Bracket(x[above], part.right.x[above], *ends(-side[above]))]
    return x[touching], halves


def _thinned(points: Floats) -> Floats:
    """At most about 256 of the points: many arise only on intervals on which g vanishes, and more add nothing there."""
    return points if len(points) <= 256 else np.sort(points)[:: len(points) // 128]
