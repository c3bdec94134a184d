"""All zeros of g(x) = f^p(x) - x in an interval: crossings and tangencies, on a grid that is halved where it does not tell enough.

On each interval g is a Hermite cubic to within an error that is measured by what the cubic has not seen: the second derivatives at the
ends and the value at the middle of the interval before it was halved. The cubic's Bernstein coefficients then say that there is no zero,
that there is one, or that g bends one way only, so that there are two at most; if none of that holds, the interval is halved. The
work is bounded, and what was left when the bound was reached is said.
"""

from collections.abc import Generator
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from kernels.cycles.iterate import Iterate, Jet
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
"""Intervals of the first grid; with their middles it has 2,047 points."""

MOST_POINTS = 40_000
"""Points at which g is evaluated in one search at most."""

MOST_ROOTS = 8192
"""Zeros that one search polishes at most."""

CHUNK = 2048
"""Brackets polished in one call: at period 8 they take some 20 ms even if each has to be bisected."""

ROUNDS = 15
"""Times that an interval is halved at most, to a 30-millionth of the range; what is left then is a jump or a zero of high order."""

CLOSE = 0.01
"""The cubic's error, as a share of its range on the interval, below which its shape is taken for that of g."""

WARY = 32.0
"""Times the error that the cubic must keep away from zero, for an interval to hold no zero."""

LOST = 1e100
"""From this |g| on the derivatives overflow, so it is as good as none."""

FLAT = 1e-4
"""Stretches longer than this share of the range on which g is nothing but noise are not taken for single zeros."""


@dataclass(frozen=True)
class Roots:
    """The zeros that were found, in order, and what is to be said of the search.

    x: the zeros, and the jets of g there. double: where g touches zero, or crosses it with slope zero: a zero of multiplicity above one.
    stretches: (low, high) of intervals on which f^p(x) = x to within rounding. short: whether the search stopped before it was
    through, with `left` intervals undecided.
    """

    x: Floats
    jets: Jet
    double: Bools
    stretches: tuple[tuple[float, float], ...]
    points: int
    left: int

    @property
    def short(self) -> bool:
        """Whether there may be zeros that were not found."""
        return self.left > 0


class _Intervals(NamedTuple):
    """Neighbouring points of the grid and how far, at most, g is from their Hermite cubic."""

    left: Jet
    right: Jet
    error: Floats

    def at(self, index: Bools) -> "_Intervals":
        return _Intervals(self.left.at(index), self.right.at(index), self.error[index])


class _Kinds(NamedTuple):
    """What each interval is: with one crossing, with a turning point that may touch zero, nothing but noise, or to be halved."""

    crossing: Bools
    turning: Bools
    flat: Bools
    open: Bools


class _Candidates:
    """What the search has put aside for polishing."""

    def __init__(self) -> None:
        self.crossings: list[_Intervals] = []
        self.turnings: list[_Intervals] = []
        self.flats: list[_Intervals] = []
        self.points: list[Floats] = []
        self.doubts: list[_Intervals] = []
        self.left = 0

    def doubtful(self, simple: Floats) -> int:
        """How many simple zeros lie in intervals so small that they were bisected without knowing how g bends: others may be near."""
        brackets = [(part.left.x[:, None], part.right.x[:, None]) for part in self.doubts]
        return sum(int(((simple >= low) & (simple <= high)).any(axis=1).sum()) for low, high in brackets)

    @property
    def crowded(self) -> bool:
        """Whether there are more zeros than will be polished."""
        return sum(len(part.error) for part in self.crossings) > MOST_ROOTS


def find(composed: Iterate, low: float, high: float, period: int) -> Generator[None, None, Roots]:
    """The zeros of f^period(x) - x with low <= x <= high, as what the generator returns; it yields where the caller may stop."""
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
        real = ~only_near_zero(composed, jets, low, high, period)
        x, jets, double = x[real], jets.at(real), double[real]
    # Where a stretch of nothing but zeros ends, an interval or two on either side cannot be decided.
    left = max(0, found.left + found.doubtful(x[~double]) - 2 * len(flats))
    return Roots(x, jets, double, stretches, points, left)


def _at_zero(composed: Iterate, x: Floats, low: float, high: float, period: int) -> Floats:
    """The zeros, the one that is zero but for rounding put there."""
    tiny = np.abs(x) <= EPSILON * (high - low)
    if np.count_nonzero(tiny) == 1 and x[tiny] != 0 and len(zeros(composed, np.zeros(1), period)):
        x[tiny] = 0.0
    return x


def _divide(composed: Iterate, low: float, high: float, period: int, found: _Candidates) -> Generator[None, None, int]:
    """Halve intervals until each is decided, or the bound is reached; returns the number of points evaluated."""
    # Overflow and NaN are among the values that the intervals are judged by.
    with np.errstate(all="ignore"):
        x = low + (high - low) * (np.arange(2 * PARENTS + 1) / (2 * PARENTS))
        x[-1] = high
        # Zero is tried for itself: it is where many maps are fixed, and where square roots begin.
        grid = composed.jets(np.append(x, min(max(low, 0.0), high)), period)
        found.points.append(_noisy(grid))
        active = _children(*(grid.at(slice(k, len(x) - 2 + k, 2)) for k in range(3)))
    points = len(x)
    for n in range(ROUNDS):
        with np.errstate(all="ignore"):
            kinds = _classify(active)
            _put_aside(active, kinds, found)
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
        _leave(active, found, n == ROUNDS - 1)
    return points


def _children(left: Jet, middle: Jet, right: Jet) -> _Intervals:
    """Both halves of each interval."""
    predicted = (left.value + right.value) / 2 + (right.x - left.x) * (left.slope - right.slope) / 8
    # Halving divides a cubic's error by sixteen where g is smooth; a fourth is assumed.
    inherited = np.abs(middle.value - predicted) / 4
    one, other = _joined(left, middle), _joined(middle, right)
    return _Intervals(one, other, np.maximum(np.concatenate([inherited, inherited]), bend_error(one, other)))


def bend_error(left: Jet, right: Jet) -> Floats:
    """How far g is from its cubic, going by the second derivatives that the cubic should have at the ends; exact for a quartic."""
    width = right.x - left.x
    secant = (right.value - left.value) / width
    at_left = (6 * secant - 4 * left.slope - 2 * right.slope) / width - left.bend
    at_right = (4 * right.slope + 2 * left.slope - 6 * secant) / width - right.bend
    error: Floats = np.maximum(np.abs(at_left), np.abs(at_right)) * width**2 / 32
    return error


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
    # Where g wriggles within the interval the error can be small by chance; that it is so small twice over is less likely.
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
    """Whether g is far off at both ends and on its way in one direction: growth too fast for a cubic, as where orbits escape."""
    far = np.minimum(np.abs(left.value), np.abs(right.value)) > 1e3 * (1 + np.abs(left.x) + np.abs(right.x))
    answer: Bools = far & (left.value * right.value > 0) & (left.slope * right.slope > 0)
    return answer


def _one_sign(b: Floats, margin: Floats) -> Bools:
    answer: Bools = (b.min(axis=0) > margin) | (b.max(axis=0) < -margin)
    return answer


def _put_aside(active: _Intervals, kinds: _Kinds, found: _Candidates) -> None:
    for there, chosen in ((found.crossings, kinds.crossing), (found.turnings, kinds.turning), (found.flats, kinds.flat)):
        if chosen.any():
            there.append(active.at(chosen))


def _leave(active: _Intervals, found: _Candidates, through: bool) -> None:
    """Make the best of what was not decided: a sign change is bisected, be it zero, jump or edge; the rest counts as undecided.

    But where neither end's tangent comes near zero in the interval, there is nothing but a jump or a slope as steep as one. If the
    search is not `through` all rounds, it stopped for the number of points or zeros, and every interval counts.
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
        found.doubts.append(active.at(crosses & ~edge))
    if turns.any():
        found.turnings.append(active.at(turns))
    found.left += int(np.count_nonzero(~(crosses | turns | steep | touched | overflow)))


def _noisy(grid: Jet) -> Floats:
    """The points of the grid that are zeros already."""
    return grid.x[is_zero(grid)]


def _stretches(flats: list[_Intervals], least: float) -> tuple[tuple[float, float], ...]:
    """Adjoining flat intervals joined, those longer than `least`."""
    if not flats:
        return ()
    pairs = sorted((a, b) for part in flats for a, b in zip(part.left.x.tolist(), part.right.x.tolist(), strict=True))
    joined = [pairs[0]]
    for a, b in pairs[1:]:
        # A gap of one small interval is noise that went over the line by chance.
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
    """What may be zeros among the candidates, in no order and with repetitions."""
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
    """The turning points that touch zero, and brackets on both sides of those beyond it."""
    x = composed.polished(part.left.x, part.right.x, ends(np.sign(part.left.slope)), 1, period)
    top = composed.jets(x, period)
    touching = is_zero(top)
    split = ~touching & (top.value * part.left.value < 0)
    side = np.sign(part.left.value[split])
    halves = [Bracket(part.left.x[split], x[split], *ends(side)), Bracket(x[split], part.right.x[split], *ends(-side))]
    return x[touching], halves


def _thinned(points: Floats) -> Floats:
    """A few of very many: on a stretch of nothing but zeros they all say the same."""
    return points if len(points) <= 256 else np.sort(points)[:: len(points) // 128]
