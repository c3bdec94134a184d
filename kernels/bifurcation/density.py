"""The density of orbits: one histogram per column, filled inside the iteration, so that no orbit is stored.

Counts are 16 bits wide on a CPU, which keeps a block's histogram in its cache; after `limit(layout)` samples they must be added into a
wider total. Shape (columns, bins), bottom row first; the bin after the last row counts the samples outside the window.
"""

from contextlib import suppress
from typing import Any, NamedTuple

import numpy as np

from kernels.execution import Layout, jax, jit, jnp, lax
from kernels.iteration import Along, Parameters, iterated, orbits, steps_if_active
from kernels.types import Array, Rule, State

CACHE_LINE = 32
"""16-bit counts in a line of a processor's cache."""

STORED = 64
"""Steps whose places are stored before they are counted: storing is fast in vectors, counting goes one by one."""

NARROW = 64
"""Columns on a CPU that are counted side by side: their places of STORED steps stay in a core's nearest cache."""

ROW_STEP = 256
"""Row counts are rounded up to a multiple of this, so that resizing a window seldom compiles."""


MOST_SPARE = 2**25
"""Bytes of counts that are kept for the next picture at most."""


class Window(NamedTuple):
    """The rows: an ordinate x lies in row (x - high - low) * scale + rows / 2, counted from the bottom. `high` + `low` is the centre."""

    high: Array | np.floating[Any]
    low: Array | np.floating[Any]
    scale: Array | np.floating[Any]
    rows: Array | np.floating[Any]


def bins(rows: int) -> int:
    """Bins a column for a picture of `rows` rows: at least one more, for what lies outside."""
    # An odd number of cache lines: columns a power of two apart would all fall into a few sets of the cache.
    return -(-(rows + 1 - CACHE_LINE) // ROW_STEP) * ROW_STEP + CACHE_LINE


def limit(layout: Layout) -> int:
    """Samples a column that the counts of one call of `count` can hold."""
    return int(jnp.iinfo(_count_type(layout)).max)


def _count_type(layout: Layout) -> Any:
    # Narrow counts halve the traffic of a core's cache; a GPU's atomics want 32 bits.
    return jnp.int16 if layout.on_cpu else jnp.int32


_spare: list[tuple[tuple[Layout, int], Array]] = []
"""The counts of the last picture: new memory of that size costs as much as counting some hundred samples a column."""


def room(layout: Layout, bins: int) -> Array:
    """An array for counts, to begin with. Shape (columns, bins)."""
    with suppress(IndexError):  # another thread may have it
        known, counts = _spare.pop()
        if known == (layout, bins):
            return counts
    found: Array = _room(layout, bins)
    return found


def give_back(layout: Layout, counts: Array) -> None:
    """Keep counts that are not used any more, so that the next picture counts in their memory."""
    # A call that failed has taken them with it.
    _spare[:] = [] if counts.is_deleted() or counts.nbytes > MOST_SPARE else [((layout, counts.shape[1]), counts)]


@jit(static_argnames=("layout", "bins"))
def _room(layout: Layout, bins: int) -> Array:
    def zeros(_: None, __: None) -> Array:
        return jnp.zeros((layout.per_device, bins), _count_type(layout))

    counts: Array = orbits.on_each_device(layout, zeros, None, None)
    return counts


@jit(static_argnames=("rule", "layout", "along", "observed"), donate_argnames=("counts",))
def count(
    rule: Rule,
    layout: Layout,
    along: Along | None,
    state: State,
    parameters: Parameters,
    growth: Any,
    counts: Array,
    is_new: Array,
    window: Window,
    times: Array,
    observed: int = 0,
    common: Parameters = (),
) -> tuple[State, Any, Array]:
    """`times` steps from `state`, with each new state counted: (states, growth, counts), the counts added to `counts` in their place.

    `counts` come from `room`, where `is_new`, or from the call before; they hold `limit` samples a column, and are donated: not to be
    used again.
    `along`, unless None, says what grows in the same steps, from `growth` on; its leaves have the columns as their first axis.
    `observed` is the index of the coordinate that is counted, the number of coordinates for the distance from the origin; a column has
    more bins than the window has rows; `common` is as of `orbits.advance`.
    The window is closed: its upper limit belongs to the top row. NaN and infinities lie outside.
    """
    bins = counts.shape[1]

    def on_one_device(mine: Any, shared: Any) -> tuple[State, Any, Array]:
        state, parameters, growth, counts = mine
        mine = state, parameters, () if along is None else along.start(growth)
        is_new, window, times, common = shared
        block = min(layout.block, NARROW) if layout.on_cpu else layout.block
        size = layout.per_device * bins
        index = jnp.int32 if size < 2**31 else jnp.int64

        def emptied(counts: Array, start: Array) -> Array:
            # A block just before it is counted: so it is in the core's cache then.
            return lax.dynamic_update_slice_in_dim(counts, jnp.zeros(block * bins, counts.dtype), start, 0)

        def one_block(number: Array, done: tuple[State, Any, Array, Array]) -> tuple[State, Any, Array, Array]:
            first = number * block
            own = jax.tree.map(lambda leaf: lax.dynamic_slice_in_dim(leaf, first, block), mine)
            bottom = (first.astype(index) + jnp.arange(block, dtype=index)) * jnp.asarray(bins, index)
            counts = lax.fori_loop(0, is_new.astype(jnp.int32), lambda _, counts: emptied(counts, first * bins), done[2])
            found = _count_block(rule, along, own[0], (*own[1], *common), own[2], counts, done[3], bottom, window, times, observed)
            wholes, parts = done[:2], found[:2]
            put = jax.tree.map(lambda whole, part: lax.dynamic_update_slice_in_dim(whole, part, first, 0), wholes, parts)
            return *put, *found[2:]

        # All blocks count into one array in its place: counts of a block for itself would be copied into the others'.
        places = jnp.zeros((STORED, block), index)
        begun = mine[0], mine[2], counts.ravel(), places
        states, growth, counts, _ = lax.fori_loop(0, layout.per_device // block, one_block, begun)
        return states, growth, counts.reshape(-1, bins)

    columns = state, parameters, growth, counts
    counted: tuple[State, Any, Array] = orbits.on_each_device(layout, on_one_device, columns, (is_new, window, times, common))
    return counted


def _count_block(
    rule: Rule,
    along: Along | None,
    begun: State,
    parameters: Parameters,
    growth: Any,
    counts: Array,
    places: Array,
    bottom: Array,
    window: Window,
    times: Array,
    observed: int,
) -> tuple[State, Any, Array, Array]:
    """Count `times` steps from `begun` into `counts`, in which a column's bins begin at `bottom`: (states, growth, counts, places)."""
    rows, last = window.rows, window.rows.astype(bottom.dtype)
    steps = steps_if_active(begun, times)
    order = lax.ScatterDimensionNumbers((), (0,), (0,))
    whole = 2.0 ** jnp.finfo(jnp.float64).nmant

    def place(state: State) -> Array:
        value = state[observed] if observed < len(state) else jnp.hypot(*state)
        place = ((value - window.high) - window.low) * window.scale + rows / 2
        row = jnp.where((place >= 0) & (place <= rows), jnp.minimum(place, rows - 0.5), rows)
        if value.dtype != jnp.float64 or bottom.dtype != jnp.int32:
            return bottom + row.astype(bottom.dtype)
        # The lowest bits of a whole number plus 2**52 are that number: half the instructions of a conversion, which looks at all cases.
        bits = lax.bitcast_convert_type(jnp.floor(row) + (bottom + whole), jnp.uint64)
        return bits.astype(jnp.uint32).astype(jnp.int32)

    def counted(counts: Array, places: Array, numbers: Array) -> Array:
        # Not by counts.at: it looks at each index for being negative.
        return lax.scatter_add(counts, places[:, None], numbers.astype(counts.dtype), order, mode="promise_in_bounds")

    def store(n: Array, inner: tuple[State, Any, Array]) -> tuple[State, Any, Array]:
        # The place of the state before the step: that after it XLA would compute once more for its place.
        state, growth, places = inner
        later, growth = (iterated(rule, state, parameters), growth) if along is None else along.step(rule, state, parameters, growth)
        return later, growth, lax.dynamic_update_slice_in_dim(places, place(state)[None], n, 0)

    def several(k: Array, inner: tuple[State, Any, Array, Array]) -> tuple[State, Any, Array, Array]:
        state, growth, counts, places = inner
        left = jnp.minimum(steps - k * STORED, STORED)
        growth = growth if along is None else along.begun(rule, state, parameters, growth)
        state, growth, places = lax.fori_loop(0, left, store, (state, growth, places))
        growth = growth if along is None else along.ended(rule, state, parameters, growth, left)
        # Of the last round, places that were not stored anew count nothing.
        numbers = jnp.broadcast_to(jnp.arange(STORED)[:, None] < left, places.shape)
        return state, growth, counted(counts, places.ravel(), numbers.ravel()), places

    state, growth, counts, places = lax.fori_loop(0, -(-steps // STORED), several, (begun, growth, counts, places))
    # The first state was counted in place of the last. A block that had escaped before was not iterated; its samples lie outside.
    ones = jnp.ones(bottom.shape, counts.dtype)
    edges = jnp.concatenate([place(begun), place(state), bottom + last])
    return state, growth, counted(counts, edges, jnp.concatenate([-ones, ones, ones * (times - steps).astype(counts.dtype)])), places


@jit
def add(parts: tuple[Array, ...]) -> Array:
    """The sum of some counts, 32 bits wide."""
    total: Array = sum(part.astype(jnp.int32) for part in parts)  # type: ignore[assignment]
    return total


@jit
def picture(parts: tuple[Array, ...]) -> Array:
    """The sum of some counts as a picture, bottom row first. int32, shape (bins, columns)."""
    return sum(part.astype(jnp.int32) for part in parts).T  # type: ignore[union-attr]
