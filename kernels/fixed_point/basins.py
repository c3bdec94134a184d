"""Basins of attraction: the intervals of starts that go to each attractor, their ends bisected to neighbouring floats.

Starts are told apart by the point of the attractor that they come to when the number of steps is a multiple of its period. So the
components of a cycle's basin are told apart as well, and the immediate basin is made of those that hold a point of the cycle.
"""

import itertools
import math
from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from kernels.cycles import PeriodicOrbit, nearest_of
from kernels.execution import Layout, batching, devices, jit, jnp, lax
from kernels.fixed_point.starts import CHECK
from kernels.iteration import by_blocks, repeat
from kernels.types import Array, Floats, Rule

STEPS = 4096
"""Steps at least after which a start is judged: one that is a float away from a basin's end takes long to leave it."""

USUAL = 512
"""Steps after which a start is usually judged, from which the first calls' lengths are guessed."""

MOST_STEPS = 65536
"""Steps at most, where the periods of several attractors have no small common multiple."""

MOST_ENDS = 512
"""Ends of intervals that are bisected; where there are more, as with a fractal boundary, the picture cannot show them either."""

POINTS = (8, 64)
"""The number of attracting points is padded to one of these; points beyond the last are told from nothing."""

SIZES = (64, 256, 1024, 4096)
"""The number of starts in a call is padded to one of these."""

ROUNDS = 70
"""Times that an end's bracket is halved: from any bracket to neighbouring floats, except near zero."""

NEAR = 1e-6
"""A state this near a point of an attractor, relative to 1 + its size, at a multiple of the period, has come to it."""


@dataclass(frozen=True)
class Basin:
    """An open interval of starts that all go to one attractor.

    low, high: its ends, the first float64 numbers outside it; where the range ends instead, `cut` (low, high) says so. orbit: the
    attractor's index; phase: the index of that of its points that the start comes to at multiples of the period. immediate: whether
    that point lies in this interval; None if the interval is cut on the side of the point, so that it cannot be seen.
    """

    low: float
    high: float
    orbit: int
    phase: int
    immediate: bool | None
    cut: tuple[bool, bool]


class _Shared(NamedTuple):
    """The map's parameters, the attracting points, and the steps: judged at multiples of `stride`, `times` at most."""

    parameters: Any
    points: Any
    stride: Any
    times: Any


class _Runs(NamedTuple):
    """Stretches of neighbouring samples with one label, from the first to the last of them. Shapes (runs,)."""

    first: NDArray[np.int64]
    last: NDArray[np.int64]
    label: NDArray[np.int64]

    def at(self, index: NDArray[np.int64]) -> "_Runs":
        return _Runs(*(column[index] for column in self))


def _label(rule: Rule, shared: _Shared, x: Array) -> Array:
    """The index of the attracting point that each start comes to, -1 for none. Shape (starts,)."""
    parameters, points, stride, times = shared

    def look(state: Array) -> Array:
        # Point by point, as a matrix of all distances takes ten times as long on a CPU; few points are written out.
        def compare(k: Array | int, best: Any) -> Any:
            nearest, label = best
            distance = jnp.abs(state - points[k])
            nearer = (distance <= NEAR * (1 + jnp.abs(points[k]))) & (distance < nearest)
            return jnp.where(nearer, distance, nearest), jnp.where(nearer, k, label)

        first = jnp.full_like(state, jnp.inf), jnp.full(state.shape, -1, jnp.int64)
        label: Array = lax.fori_loop(0, len(points), compare, first, unroll=len(points) <= POINTS[0])[1]
        return label

    def going(inner: Any) -> Array:
        n, _, _, moving = inner
        return (n < times) & moving.any()

    def go_on(inner: Any) -> Any:
        n, before, label, _ = inner
        state = repeat(lambda state: rule(state, *parameters), before, stride)
        label = jnp.where(label < 0, look(state), label)
        # Where a state repeats to the bit, as on a repelling point, all that follow do.
        return n + stride, state, label, (label < 0) & jnp.isfinite(state) & (state != before)

    none = jnp.full(x.shape, -1, jnp.int64)
    found: Array = lax.while_loop(going, go_on, (jnp.zeros_like(times), x, none, jnp.isfinite(x)))[2]
    return found


@jit(static_argnames=("rule", "layout"))
def _labels(rule: Rule, layout: Layout, x: Array, shared: _Shared) -> Array:
    labels: Array = by_blocks(layout, lambda block, everyone: _label(rule, everyone, block), x, shared)
    return labels


@jit(static_argnames=("rule", "layout"))
def _halved(rule: Rule, layout: Layout, ends: tuple[Array, Array, Array], shared: _Shared, rounds: Array) -> tuple[Array, Array, Array]:
    """(inside, outside, label) halved: `inside` has the label, `outside` has not."""

    def kernel(block: Any, everyone: Any) -> Any:
        shared, rounds = everyone

        def open_ones(inside: Array, outside: Array) -> tuple[Array, Array]:
            middle = inside + (outside - inside) / 2
            return middle, (middle != inside) & (middle != outside) & ~jnp.isnan(middle)

        def going(state: Any) -> Array:
            n, inside, outside, _ = state
            return (n < rounds) & open_ones(inside, outside)[1].any()

        def halve(state: Any) -> Any:
            n, inside, outside, label = state
            middle, unsure = open_ones(inside, outside)
            # The rounds to come would change nothing for ends that are found, so these keep nobody waiting either.
            same = _label(rule, shared, jnp.where(unsure, middle, jnp.nan)) == label
            return n + 1, jnp.where(unsure & same, middle, inside), jnp.where(unsure & ~same, middle, outside), label

        return lax.while_loop(going, halve, (jnp.zeros_like(rounds), *block))[1:]

    halved: tuple[Array, Array, Array] = by_blocks(layout, kernel, ends, (shared, rounds))
    return halved


class Judge:
    """Tells starts by the point of the attractors that they come to: `rows` of (index of the orbit, of its point, the point)."""

    def __init__(self, rule: Rule, values: tuple[float, ...], orbits: list[PeriodicOrbit], steps: int) -> None:
        self._rule = rule
        attracting = [(n, orbit) for n, orbit in enumerate(orbits) if orbit.stability == "attracting"]
        self.rows = [(n, k, x) for n, orbit in attracting for k, x in enumerate(orbit.points)][: POINTS[-1]]
        points = np.full(next(size for size in POINTS if size >= len(self.rows)), np.nan)
        points[: len(self.rows)] = [x for _, _, x in self.rows]
        # A multiple of all periods, so that the states are in phase.
        common = min(math.lcm(*(orbit.period for _, orbit in attracting)), MOST_STEPS)
        stride = -(-CHECK // common) * common
        times = -(-max(STEPS, min(steps, MOST_STEPS)) // stride) * stride
        numbers = tuple(np.float64(value) for value in values)
        self._shared = _Shared(numbers, points, np.int32(stride), np.int32(times))

    def labels(self, x: Floats) -> Generator[None, None, NDArray[np.int64]]:
        """The row of each start, -1 for none; yields where the caller may stop. Shape (n,)."""
        parts, begin = [], 0
        while begin < len(x):
            with self._paced("labels", 1, min(len(x) - begin, SIZES[-1])) as fit:
                spread = _Spread(fit, USUAL)
                found = _labels(self._rule, spread.layout, *spread.out(x[begin : begin + fit]), self._shared)
                parts.append(spread.back(found))
            begin += fit
            yield
        return np.concatenate(parts) if parts else np.zeros(0, np.int64)

    def bisected(self, inside: Floats, outside: Floats, label: NDArray[np.int64]) -> Generator[None, None, Floats]:
        """The ends outside, brought to the floats that neighbour the basin; yields where the caller may stop."""
        if not len(inside):
            return outside
        spread = _Spread(len(inside), ROUNDS * USUAL // 4)
        ends, done = spread.out(inside, outside, label.astype(np.float64)), 0
        while done < ROUNDS:
            with self._paced("bisected", spread.layout.per_device, ROUNDS - done) as rounds:
                ends = _halved(self._rule, spread.layout, ends, self._shared, np.int32(rounds))
                ends[0].block_until_ready()
            done += rounds
            yield
        return spread.back(ends[1])

    @contextmanager
    def _paced(self, kind: str, columns: int, most: int) -> Iterator[int]:
        key = (kind, self._rule, devices.mesh())
        fit = min(most, batching.batch_size(key, columns * USUAL))
        with batching.record_duration(key, fit, lambda: columns * USUAL):
            yield fit


class _Spread:
    """`count` numbers padded with NaN to one of SIZES and laid out on the devices for `steps` steps or so, and back."""

    def __init__(self, count: int, steps: int) -> None:
        self._count, self._size = count, next((size for size in SIZES if size >= count), count)
        self.layout = devices.layout(self._size, steps)

    def out(self, *arrays: Floats) -> tuple[Array, ...]:
        padded = np.full((len(arrays), self._size), np.nan)
        padded[:, : self._count] = arrays
        return self.layout.shard_all(*padded)

    def back(self, array: Array) -> NDArray[Any]:
        return self.layout.gather(array, self._size)[: self._count]


def find(judge: Judge, x: Floats, repelling: Iterable[float]) -> Generator[None, None, tuple[tuple[Basin, ...], str]]:
    """(basins in order, what is to be said of them) between the first and the last of the samples `x`, which are in order.

    `repelling`: known points that are in no basin; an end that comes close to one is put there, and they divide what has them inside.
    """
    if not judge.rows or len(x) < 2:
        return (), ""
    labels = yield from judge.labels(x)
    firsts = np.flatnonzero(np.concatenate([[True], np.diff(labels) != 0]))
    lasts = np.append(firsts[1:], len(x)) - 1
    kept = labels[firsts] >= 0
    runs = _Runs(firsts[kept], lasts[kept], labels[firsts[kept]])
    # The widest first, if there are too many to be bisected.
    runs = runs.at(np.argsort(x[runs.first] - x[runs.last], kind="stable"))
    fixed = np.sort(np.array(list(repelling)))
    low, high = (_snapped(end, fixed, x) for end in (yield from _ends(judge, x, runs)))
    within = np.searchsorted(fixed, low, "right"), np.searchsorted(fixed, high, "left")
    rows = zip(*(column.tolist() for column in (*runs, low, high, *within)), strict=True)
    parts: list[Basin] = []
    for first, last, label, a, b, i, j in rows:
        parts += _divided(judge.rows[label], (first == 0, last == len(x) - 1), [a, *fixed[i:j].tolist(), b])
    note = ""
    if 2 * len(runs.label) > MOST_ENDS:
        note = f"the basins have more than {MOST_ENDS} ends in this range: the narrower intervals are known to the spacing of the starts"
    return tuple(sorted(parts, key=lambda basin: basin.low)), note


def _ends(judge: Judge, x: Floats, runs: _Runs) -> Generator[None, None, Floats]:
    """The lower and the upper end of each run: the first float outside; the range's own end where it goes on to that. Shape (2, runs)."""
    own = np.stack([runs.first, runs.last])
    beyond = np.clip(own + np.array([[-1], [1]]), 0, len(x) - 1)
    ends = (x[own] + x[beyond]) / 2
    sharp = own != beyond
    sharp[:, np.flatnonzero(sharp.any(axis=0))[MOST_ENDS // 2 :]] = False
    labels = np.broadcast_to(runs.label, own.shape)
    ends[sharp] = yield from judge.bisected(x[own][sharp], x[beyond][sharp], labels[sharp])
    return ends


def _snapped(ends: Floats, fixed: Floats, x: Floats) -> Floats:
    """The ends, or the repelling points that they are as near to as evaluation can tell."""
    if not len(fixed):
        return ends
    nearest = nearest_of(fixed, ends)
    close = np.maximum(4 * np.spacing(np.abs(nearest)), (x[-1] - x[0]) * 2.0**-64)
    snapped: Floats = np.where(np.abs(nearest - ends) <= close, nearest, ends)
    return snapped


def _divided(row: tuple[int, int, float], cut: tuple[bool, bool], limits: list[float]) -> Iterator[Basin]:
    """The basins between these limits, all of a row of the judge's, each with its word on whether it is immediate."""
    orbit, phase, point = row
    for n, (low, high) in enumerate(itertools.pairwise(limits)):
        here = (cut[0] and n == 0, cut[1] and n == len(limits) - 2)
        unseen = (here[0] and point <= low) or (here[1] and point >= high)
        # At the very end of the range the point itself may be the last of the samples.
        holds = low < point < high or (here[0] and point == low) or (here[1] and point == high)
        yield Basin(low, high, orbit, phase, True if holds else None if unseen else False, here)


def renumbered(found: Iterable[Basin], place: NDArray[np.int32]) -> Iterator[Basin]:
    """The basins with their orbits' indices taken from `place`."""
    return (basin if place[basin.orbit] == basin.orbit else replace(basin, orbit=int(place[basin.orbit])) for basin in found)
