"""Basins of attraction: intervals of initial conditions that converge to each attractor, with ends bisected to neighbouring floats.

An initial condition is labelled by the point of the attractor that it converges to when the number of steps is a multiple of its
period. So the components of a cycle's basin are distinguished too; those that contain a point of the cycle are the immediate basin.
"""

import itertools
import math
from collections.abc import Generator, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from kernels.cycles import EPSILON, Iterate, PeriodicOrbit, nearest_of
from kernels.execution import devices
from kernels.fixed_point.classifier import CAPTURED, ELSEWHERE, UNDECIDED, BasinClassifier
from kernels.formulas import escape
from kernels.types import Bools, Floats

MOST_ENDS = 512
"""Ends of intervals that are bisected; where there are more, as with a fractal boundary, the picture cannot show them either."""

FINEST = 2.0**-64
"""An end this near a known repelling point or 0, as a share of the range, is there: evaluation tells no more."""

NEAREST, FARTHEST = 16.0, 1e-6
"""A state this many roundings from a repelling point, divided by | |multiplier| - 1 |, may not move away in floating point. An end as
near is put there, but none that is farther than the second number, relative to 1 + |x|."""


@dataclass(frozen=True)
class Basin:
    """An open interval of initial conditions that all converge to one attractor.

    low, high: its ends, the first float64 numbers outside it. cut (low, high): whether it is only known to reach that far, because the
    range ends there or because starts beyond are undecided. orbit: the attractor's index; phase: the index of that of its points that
    the start comes to at multiples of the period. immediate: whether that point lies in this interval; None if the interval is cut on
    the side of the point, so that it cannot be seen.
    """

    low: float
    high: float
    orbit: int
    phase: int
    immediate: bool | None
    cut: tuple[bool, bool]


class _Runs(NamedTuple):
    """Stretches of neighbouring samples with one label, from the first to the last of them. Shapes (runs,)."""

    first: NDArray[np.int64]
    last: NDArray[np.int64]
    label: NDArray[np.int64]


class _Ends(NamedTuple):
    """The lower (row 0) and the upper end of each run, whether it is cut, and whether it was bisected. Shapes (2, runs)."""

    x: Floats
    cut: Bools
    sharp: Bools


def find(
    classifier: BasinClassifier, iterate: Iterate, x: Floats, repelling: Iterable[PeriodicOrbit]
) -> Generator[None, None, tuple[tuple[Basin, ...], str]]:
    """(basins in order, what is to be said of them) between the first and the last of the samples `x`, which are in order.

    `repelling`: known orbits that are in no basin; an end that comes close to one is put there, and they divide what has them inside.
    """
    if not classifier.attracting_points or len(x) < 2:
        return (), ""
    labels = yield from classifier.labels(x)
    firsts = np.flatnonzero(np.concatenate([[True], np.diff(labels) != 0]))
    lasts = np.append(firsts[1:], len(x)) - 1
    kept = labels[firsts] >= 0
    runs = _Runs(firsts[kept], lasts[kept], labels[firsts[kept]])
    turn = classifier.circumference
    known = sorted((x0, _blur(orbit, x0)) for orbit in repelling for point in orbit.points for x0 in _lifts(point, turn, x[0], x[-1]))
    fixed, blur = (np.array(column) for column in zip(*known, strict=True)) if known else (np.zeros(0), np.zeros(0))
    ends = yield from _ends(classifier, x, labels, runs)
    snapped, near = _snapped(ends.x, fixed, blur, x, runs)
    nowhere = labels[np.clip(np.stack([runs.first - 1, runs.last + 1]), 0, len(x) - 1)] == ELSEWHERE
    ends, overflows = _overflowing(iterate, ends._replace(x=snapped), nowhere & ends.sharp & ~ends.cut, classifier.times)
    low, high = _in_order(snapped, runs)
    within = np.searchsorted(fixed, low, "right"), np.searchsorted(fixed, high, "left")
    rows = zip(*(column.tolist() for column in (runs.label, *(ends.cut & ~(near & ends.sharp)), low, high, *within)), strict=True)
    parts: list[Basin] = []
    for label, cut_low, cut_high, a, b, i, j in rows:
        parts += _split_at_repellers(classifier.attracting_points[label], (cut_low, cut_high), [a, *fixed[i:j].tolist(), b], turn)
    # A start between two that are undecided is not an interval.
    found = sorted((basin for basin in parts if basin.low < basin.high), key=lambda basin: basin.low)
    return tuple(found), _note(classifier, labels, ends, overflows)


def _overflowing(iterate: Iterate, ends: _Ends, found: Bools, steps: int) -> tuple[_Ends, Floats]:
    """The ends, those of `found` cut beyond which only an overflow within a typed formula loses the orbit; and these, each once."""
    rule = iterate.rule
    if not escape.is_wild(rule) or not found.any():
        return ends, np.zeros(0)
    x = ends.x[found]
    layout = devices.layout(len(x), steps)
    start, *parameters = layout.shard_all(x, *(np.full(len(x), value) for value in iterate.values))
    reached = escape.last_finite(rule, layout, start, tuple(parameters), np.int32(steps))
    last, image = (layout.gather(array, len(x)) for array in reached)
    lost = ~np.isfinite(image)
    lost[lost] = escape.exits(rule, last[lost], image[lost], iterate.values) == escape.Exit.OVERFLOW
    cut = ends.cut.copy()
    cut[found] = lost
    return ends._replace(cut=cut), np.unique(x[lost])


def _note(classifier: BasinClassifier, labels: NDArray[np.int64], ends: _Ends, overflows: Floats) -> str:
    """A note on what is not known of the basins."""
    notes = []
    if ends.x.size > MOST_ENDS:
        notes.append(
            f"the basins have more than {MOST_ENDS} ends in this range: narrower intervals are resolved only to the spacing of the initial"
            " conditions"
        )
    undecided = int(np.count_nonzero(labels == UNDECIDED))
    if undecided:
        notes.append(
            f"{undecided} of {len(labels)} initial conditions are undecided after {classifier.times} steps:"
            " neighbouring basins may reach farther"
        )
    if len(overflows):
        shown = ", ".join(f"{x:.6g}" for x in overflows[:3]) + (", …" if len(overflows) > 3 else "")
        notes.append(f"beyond {shown} the formula overflows in float64: a basin that ends there may reach farther")
    if classifier.truncated:
        notes.append(f"basins are computed for {CAPTURED[-1]} attracting points; there are more")
    return "; ".join(notes)


def _ends(classifier: BasinClassifier, x: Floats, labels: NDArray[np.int64], runs: _Runs) -> Generator[None, None, _Ends]:
    """The ends of the runs: the first float outside; the range's own end, or the last sample, where what lies beyond is not known."""
    own = np.stack([runs.first, runs.last])
    beyond = np.clip(own + np.array([[-1], [1]]), 0, len(x) - 1)
    ends = (x[own] + x[beyond]) / 2
    cut = (own == beyond) | (labels[beyond] == UNDECIDED)
    ends[cut] = x[own][cut]
    # The widest first, if there are too many to be bisected.
    widest = np.argsort(x[runs.first] - x[runs.last], kind="stable")
    sharp = ~cut
    sharp[:, widest[np.flatnonzero(sharp[:, widest].any(axis=0))[MOST_ENDS // 2 :]]] = False
    wanted = np.broadcast_to(runs.label, own.shape)
    ends[sharp], cut[sharp] = yield from classifier.bisected(x[own][sharp], x[beyond][sharp], wanted[sharp])
    # Between two samples with different labels there may be more than one end: the upper run's is looked for beyond the lower one's.
    meet = runs.first[1:] == runs.last[:-1] + 1
    cross = np.flatnonzero(meet & sharp[1, :-1] & sharp[0, 1:] & (ends[0, 1:] < ends[1, :-1]))
    apart = cross[np.nextafter(ends[0, cross + 1], np.inf) < ends[1, cross]]
    found = yield from classifier.bisected(x[runs.first[apart + 1]], ends[1, apart], runs.label[apart + 1])
    ends[0, apart + 1], cut[0, apart + 1] = found
    # An end that was not bisected gives way to one that was.
    coarse = np.flatnonzero(meet & sharp[0, 1:] & ~sharp[1, :-1] & (ends[0, 1:] < ends[1, :-1]))
    ends[1, coarse] = ends[0, coarse + 1]
    return _Ends(ends, cut, sharp)


def _in_order(ends: Floats, runs: _Runs) -> Floats:
    """The ends, so that intervals that meet have one end in common and do not overlap by the float that lies in neither."""
    ends[0, 1:] = np.where(runs.first[1:] == runs.last[:-1] + 1, np.maximum(ends[0, 1:], ends[1, :-1]), ends[0, 1:])
    return ends


def _snapped(ends: Floats, fixed: Floats, blur: Floats, x: Floats, runs: _Runs) -> tuple[Floats, Bools]:
    """The ends, or the repelling points, or 0, that they are as near to as evaluation can tell; and whether they are near one.

    An end is put at 0 where 0 itself was a start and lies beyond it: close to it, as at a pole, only overflow is seen.
    """
    tiny = (x[-1] - x[0]) * FINEST
    beyond = np.stack([np.maximum(runs.first - 1, 0), np.minimum(runs.last + 1, len(x) - 1)])
    ends = np.where((x[beyond] == 0) & (np.abs(ends) <= tiny), 0.0, ends)
    if not len(fixed):
        return ends, np.zeros(ends.shape, np.bool_)
    nearest = nearest_of(fixed, ends.ravel()).reshape(ends.shape)
    near: Bools = np.abs(nearest - ends) <= np.maximum(blur[np.searchsorted(fixed, nearest)], tiny)
    return np.where(near, nearest, ends), near


def _lifts(point: float, turn: float | None, low: float, high: float) -> list[float]:
    """The point; on a circle every number in [low, high] that stands for it."""
    if turn is None:
        return [point]
    return [point + turn * k for k in range(math.ceil((low - point) / turn), math.floor((high - point) / turn) + 1)]


def _blur(orbit: PeriodicOrbit, point: float) -> float:
    """How near a point of a repelling orbit floating point may not tell which way states go."""
    excess = abs(abs(orbit.multiplier) - 1)
    widest = FARTHEST * (1 + abs(point))
    rounding = orbit.period * EPSILON * (1 + abs(point))
    return min(NEAREST * rounding / excess, widest) if excess > 0 else widest


def _split_at_repellers(point: tuple[int, int, float], cut: tuple[bool, bool], limits: list[float], turn: float | None) -> Iterator[Basin]:
    """The basins between these limits, all of one attracting point, each with its word on whether it is immediate."""
    orbit, phase, x = point
    for n, (low, high) in enumerate(itertools.pairwise(limits)):
        at = x if turn is None else x + turn * round(((low + high) / 2 - x) / turn)
        here = (cut[0] and n == 0, cut[1] and n == len(limits) - 2)
        unseen = (here[0] and at <= low) or (here[1] and at >= high)
        # At the very end of the range the point itself may be the last of the samples.
        holds = low < at < high or (here[0] and at == low) or (here[1] and at == high)
        yield Basin(low, high, orbit, phase, True if holds else None if unseen else False, here)


def renumbered(found: Iterable[Basin], place: NDArray[np.int32]) -> Iterator[Basin]:
    """The basins with their orbits' indices taken from `place`."""
    return (basin if place[basin.orbit] == basin.orbit else replace(basin, orbit=int(place[basin.orbit])) for basin in found)
