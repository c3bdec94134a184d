"""The attractor that each of many initial conditions converges to, and bisection of the boundaries between basins."""

import math
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from kernels.cycles import Iterate, PeriodicOrbit
from kernels.execution import Layout, batching, devices, jit, jnp, lax
from kernels.fixed_point.capture import capture
from kernels.fixed_point.starts import CHECK
from kernels.iteration import by_blocks, repeat
from kernels.types import Array, Bools, Floats, Rule

STEPS = 4096
"""Steps at least before a start is called undecided."""

USUAL = 512
"""Steps after which a start is usually classified, from which the first calls' lengths are guessed."""

MOST_STEPS = 65536
"""Steps at most. Also the longest stride, where the periods of several attractors have no small common multiple."""

CAPTURED = (8, 8192)
"""The number of capture intervals is padded to one of these: few sizes, since the kernels are compiled for each, and a longer table costs
next to nothing. Attracting points beyond the last have no basins."""

SIZES = (64, 4096)
"""The number of starts in a call is padded to one of these. Blocks of nothing but padding are left at once."""

ROUNDS = 66
"""Times that an end's bracket is halved. There are fewer than 2**64 floats, so this reaches neighbouring ones from any bracket."""

FOLDS = 40.0
"""A start one float away from a repelling point is a unit away after this many of the times in which distances grow by e."""

ELSEWHERE, UNDECIDED = -1, -2
"""Labels of starts that go to no attracting point, and of those still on their way after the last step."""


class _Shared(NamedTuple):
    """The map's parameters; the capture intervals in order, with the row of each; the steps: looked at every `stride`, `times` at most."""

    parameters: Any
    low: Any
    high: Any
    row: Any
    stride: Any
    times: Any


def _captured(shared: _Shared, x: Array) -> Array:
    """The row of the capture interval that each state lies in, ELSEWHERE for none. Shape (starts,)."""
    if len(shared.low) <= CAPTURED[0]:
        row = jnp.full(x.shape, ELSEWHERE, jnp.int64)
        for k in range(len(shared.low)):
            row = jnp.where((x >= shared.low[k]) & (x <= shared.high[k]), shared.row[k], row)
        return row
    below = jnp.maximum(jnp.searchsorted(shared.low, x, side="right") - 1, 0)
    return jnp.where((x >= shared.low[below]) & (x <= shared.high[below]), shared.row[below], ELSEWHERE)


def _label(rule: Rule, shared: _Shared, x: Array) -> Array:
    """The row of the attracting point that each start comes to, or ELSEWHERE, or UNDECIDED. Shape (starts,)."""

    def going(inner: Any) -> Array:
        n, _, _, moving = inner
        return (n < shared.times) & moving.any()

    def go_on(inner: Any) -> Any:
        n, before, label, _ = inner
        state = repeat(lambda state: rule(state, *shared.parameters), before, shared.stride)
        label = jnp.where(label < 0, _captured(shared, state), label)
        # Where a state repeats to the bit, as on a repelling point, all that follow do.
        return n + shared.stride, state, label, (label < 0) & jnp.isfinite(state) & (state != before)

    none = jnp.full(x.shape, ELSEWHERE, jnp.int64)
    _, _, label, moving = lax.while_loop(going, go_on, (jnp.zeros_like(shared.times), x, none, jnp.isfinite(x)))
    found: Array = jnp.where(moving, UNDECIDED, label)
    return found


@jit(static_argnames=("rule", "layout"))
def _labels(rule: Rule, layout: Layout, x: Array, shared: _Shared) -> Array:
    labels: Array = by_blocks(layout, lambda block, everyone: _label(rule, everyone, block), x, shared)
    return labels


def _rank(x: Array) -> Array:
    """The place of each float64 among all of them, 0 for zero: neighbouring floats differ by one."""
    bits = lax.bitcast_convert_type(x, jnp.int64)
    return jnp.where(bits < 0, jnp.iinfo(jnp.int64).min - bits, bits)


def _float_of(rank: Array) -> Array:
    return lax.bitcast_convert_type(jnp.where(rank < 0, jnp.iinfo(jnp.int64).min - rank, rank), jnp.float64)


@jit(static_argnames=("rule", "layout"))
def _halved(rule: Rule, layout: Layout, ends: tuple[Array, ...], shared: _Shared, rounds: Array) -> tuple[Array, ...]:
    """(inside, outside, label, open) halved: `inside` has the label, `outside` has not; open: 1 where the latter is undecided."""

    def kernel(block: Any, everyone: Any) -> Any:
        shared, rounds = everyone

        def between(inside: Array, outside: Array) -> tuple[Array, Array]:
            one, other = _rank(inside), _rank(outside)
            middle = (one >> 1) + (other >> 1) + (one & other & 1)
            return _float_of(middle), (middle != one) & (middle != other) & ~jnp.isnan(inside)

        def going(state: Any) -> Array:
            n, inside, outside, *_ = state
            return (n < rounds) & between(inside, outside)[1].any()

        def halve(state: Any) -> Any:
            n, inside, outside, label, undecided = state
            middle, wide = between(inside, outside)
            # Ends that are found are NaN here, and keep no block busy.
            found = _label(rule, shared, jnp.where(wide, middle, jnp.nan))
            same = found == label
            undecided = jnp.where(wide & ~same, (found == UNDECIDED).astype(undecided.dtype), undecided)
            return n + 1, jnp.where(wide & same, middle, inside), jnp.where(wide & ~same, middle, outside), label, undecided

        return lax.while_loop(going, halve, (jnp.zeros_like(rounds), *block))[1:]

    halved: tuple[Array, ...] = by_blocks(layout, kernel, ends, (shared, rounds))
    return halved


class BasinClassifier:
    """Labels initial conditions by the attracting point that they converge to along multiples of all attractors' periods.

    attracting_points: (index of the orbit, index of the point in it, the point), by row; a start's label is a row. `truncated`: whether
    there are more of them than are told apart. times: steps after which a start that is still on its way is undecided.
    """

    def __init__(self, iterate: Iterate, values: tuple[float, ...], orbits: list[PeriodicOrbit], steps: int, reach: float) -> None:
        self._rule = iterate.rule
        captured = capture(iterate, orbits, reach, CAPTURED[-1])
        points = captured.point.tolist()
        self.attracting_points = list(zip(captured.orbit, captured.phase, points, strict=True))
        attracting = [orbit for orbit in orbits if orbit.stability == "attracting"]
        self.circumference = iterate.circumference
        self.truncated = sum(orbit.period for orbit in attracting) > len(points)
        # A multiple of all periods, so that the states are in phase.
        common = min(math.lcm(*(orbit.period for orbit in attracting)), MOST_STEPS)
        stride = -(-CHECK // common) * common
        leaving = max((_steps_to_leave(orbit) for orbit in orbits if orbit.stability == "repelling" and orbit.period < 3), default=0)
        self.times = -(-min(max(STEPS, steps, leaving), MOST_STEPS) // stride) * stride
        numbers = tuple(np.float64(value) for value in values)
        low, high, rows = _table(captured.low - iterate.least, captured.high - iterate.least, iterate.circumference)
        table = (low + iterate.least, high + iterate.least, rows)
        self._shared = _Shared(numbers, *table, np.int32(stride), np.int32(self.times))

    def labels(self, x: Floats) -> Generator[None, None, NDArray[np.int64]]:
        """The label of each start; yields where the caller may stop. Shape (n,)."""
        parts, begin = [], 0
        while begin < len(x):
            with self._paced("labels", 1, min(len(x) - begin, SIZES[-1])) as fit:
                spread = _Spread(fit, USUAL)
                found = _labels(self._rule, spread.layout, *spread.out(x[begin : begin + fit]), self._shared)
                parts.append(spread.back(found))
            begin += fit
            yield
        return np.concatenate(parts) if parts else np.zeros(0, np.int64)

    def bisected(self, inside: Floats, outside: Floats, label: NDArray[np.int64]) -> Generator[None, None, tuple[Floats, Bools]]:
        """The ends outside, brought to the floats that neighbour the basin, and whether these are undecided.

        Yields where the caller may stop.
        """
        if not len(inside):
            return outside, np.zeros(0, np.bool_)
        spread = _Spread(len(inside), ROUNDS * USUAL // 4)
        ends, done = spread.out(inside, outside, label.astype(np.float64), np.zeros(len(inside))), 0
        while done < ROUNDS:
            with self._paced("bisected", spread.layout.per_device, ROUNDS - done) as rounds:
                ends = _halved(self._rule, spread.layout, ends, self._shared, np.int32(rounds))
                ends[0].block_until_ready()
            done += rounds
            yield
        return spread.back(ends[1]), spread.back(ends[3]) > 0

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


def _table(low: Floats, high: Floats, turn: float | None) -> tuple[Floats, Floats, NDArray[np.int64]]:
    """The capture intervals in order, apart from one another, padded to one of CAPTURED; and the row of each.

    Those that reach across the seam of a circle are there once on either side.
    """
    owner = np.arange(len(low))
    if turn is not None:
        below, above = np.flatnonzero(low < 0), np.flatnonzero(high >= turn)
        owner = np.concatenate([owner, below, above])
        low, high = (
            np.concatenate([low, low[below] + turn, low[above] - turn]),
            np.concatenate([high, high[below] + turn, high[above] - turn]),
        )
    order = np.argsort(low, kind="stable")
    size = next(size for size in CAPTURED if size >= len(low))
    table = np.full((2, size), np.inf)
    table[0, : len(low)] = low[order]
    table[1, : len(low)] = np.minimum(high[order], np.append(np.nextafter(low[order][1:], -np.inf), np.inf))
    rows = np.full(size, ELSEWHERE, np.int64)
    rows[: len(low)] = owner[order]
    return table[0], table[1], rows


def _steps_to_leave(orbit: PeriodicOrbit) -> int:
    """Steps in which a start a float away from a repelling orbit leaves it."""
    growth = math.log(abs(orbit.multiplier)) if math.isfinite(orbit.multiplier) else math.inf
    return math.ceil(min(FOLDS * orbit.period / growth, MOST_STEPS)) if growth > 0 else MOST_STEPS
