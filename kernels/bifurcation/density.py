"""The density of orbits: one histogram per column, filled inside the iteration, so that no orbit is stored.

Counts are 16 bits wide on a CPU, which keeps a block's histogram in its cache; after `limit(layout)` samples they must be added into a
wider total. Shape (columns, bins), bottom row first; the bin after the last row counts the samples outside the window.
"""

from typing import Any, NamedTuple

import numpy as np

from kernels.execution import Layout, jax, jit, jnp, lax
from kernels.iteration import Parameters, iterated, orbits, steps_if_active
from kernels.types import Array, Rule, State

CACHE_LINE = 32
"""16-bit counts in a line of a processor's cache."""

STORED = 32
"""Steps whose places are stored before they are counted: storing is fast in vectors, counting goes one by one."""

ROW_STEP = 256
"""Row counts are rounded up to a multiple of this, so that resizing a window seldom compiles."""


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


@jit(static_argnames=("rule", "layout", "bins", "observed"))
def count(
    rule: Rule,
    layout: Layout,
    bins: int,
    state: State,
    parameters: Parameters,
    window: Window,
    times: Array,
    observed: int = 0,
    common: Parameters = (),
) -> tuple[State, Array]:
    """`times` steps from `state`, at most `limit`, with each new state counted: (states, counts of shape (columns, bins)).

    `observed` is the index of the coordinate that is counted, the number of coordinates for the distance from the origin; `bins` more than
    the window's rows; `common` is as of `orbits.advance`.
    The window is closed: its upper limit belongs to the top row. NaN and infinities lie outside.
    """

    def on_one_device(mine: Any, shared: Any) -> tuple[State, Array]:
        window, times, common = shared
        block = layout.block

        def one_block(number: Array, done: tuple[State, Array]) -> tuple[State, Array]:
            first = number * block
            state, parameters = jax.tree.map(lambda leaf: lax.dynamic_slice_in_dim(leaf, first, block), mine)
            bottom = (first.astype(index) + jnp.arange(block, dtype=index)) * jnp.asarray(bins, index)
            state, counts = _count_block(rule, state, (*parameters, *common), done[1], bottom, window, times, observed)
            states = tuple(lax.dynamic_update_slice_in_dim(whole, part, first, 0) for whole, part in zip(done[0], state, strict=True))
            return states, counts

        size = layout.per_device * bins
        # Unsigned: a signed index is first looked at for being negative.
        index = jnp.uint32 if size < 2**32 else jnp.uint64
        # All blocks count into one array in its place: counts of a block for itself would be copied into the others'.
        begun = mine[0], jnp.zeros(size, _count_type(layout))
        states, counts = lax.fori_loop(0, layout.per_device // block, one_block, begun)
        return states, counts.reshape(-1, bins)

    counted: tuple[State, Array] = orbits.on_each_device(layout, on_one_device, (state, parameters), (window, times, common))
    return counted


def _count_block(
    rule: Rule, begun: State, parameters: Parameters, counts: Array, bottom: Array, window: Window, times: Array, observed: int
) -> tuple[State, Array]:
    """Count `times` steps from `begun` into `counts`, in which a column's bins begin at `bottom`: (states, counts)."""
    rows, ones = window.rows, jnp.ones(bottom.shape, counts.dtype)
    last = rows.astype(jnp.int32)
    steps = steps_if_active(begun, times)

    def place(state: State) -> Array:
        value = state[observed] if observed < len(state) else jnp.hypot(*state)
        place = ((value - window.high) - window.low) * window.scale + rows / 2
        inside = (place >= 0) & (place <= rows)
        row = jnp.where(inside, jnp.minimum(place.astype(jnp.int32), last - 1), last)
        return bottom + row.astype(bottom.dtype)

    def counted(counts: Array, places: Array, numbers: Any) -> Array:
        return counts.at[places].add(numbers, mode="promise_in_bounds")

    def store(n: Array, inner: tuple[State, Array]) -> tuple[State, Array]:
        # The place of the state before the step: that after it XLA would compute once more for its place.
        state, places = inner
        return iterated(rule, state, parameters), lax.dynamic_update_slice_in_dim(places, place(state)[None], n, 0)

    def several(_: Array, inner: tuple[State, Array]) -> tuple[State, Array]:
        state, counts = inner
        state, places = lax.fori_loop(0, STORED, store, (state, jnp.zeros((STORED, *bottom.shape), bottom.dtype)))
        return state, counted(counts, places.ravel(), jnp.ones(places.size, counts.dtype))

    def single(_: Array, inner: tuple[State, Array]) -> tuple[State, Array]:
        state, counts = inner
        return iterated(rule, state, parameters), counted(counts, place(state), ones)

    state, counts = lax.fori_loop(0, steps // STORED, several, (begun, counts))
    state, counts = lax.fori_loop(0, steps % STORED, single, (state, counts))
    # The first state was counted in place of the last. A block that had escaped before was not iterated; its samples lie outside.
    places = jnp.concatenate([place(begun), place(state), bottom + last.astype(bottom.dtype)])
    return state, counted(counts, places, jnp.concatenate([-ones, ones, ones * (times - steps).astype(counts.dtype)]))


@jit
def add(total: Array, counts: Array) -> Array:
    """The sum of two counts, 32 bits wide."""
    return total.astype(jnp.int32) + counts.astype(jnp.int32)


@jit
def picture(counts: Array) -> Array:
    """The counts as a picture, bottom row first. int32, shape (bins, columns)."""
    return counts.astype(jnp.int32).T
