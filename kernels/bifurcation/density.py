"""The density of orbits: one histogram per column, filled inside the iteration, so that no orbit is stored.

Counts are 16 bits wide on a CPU, which keeps a block's histogram in its cache; after `limit(layout)` samples they must be added into a
wider total. Shape (columns, bins), bottom row first; the bin after the last row counts the samples outside the window.
"""

from typing import Any, NamedTuple

import numpy as np

from kernels.execution import Layout, jit, jnp
from kernels.iteration import Parameters, by_blocks, iterated, orbits, repeat, steps_if_active
from kernels.types import Array, Rule, State

CACHE_LINE = 32
"""16-bit counts in a line of a processor's cache."""

UNROLL = 2
"""Loop unroll factor of counting. With 8, as elsewhere, XLA computes the orbit again for each of the eight scatters (measured)."""

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

    def kernel(block: Any, shared: Any) -> tuple[State, Array]:
        # The zeros are made here: brought from outside they would cost as much as the counting.
        counts = jnp.zeros((layout.block, bins), _count_type(layout))
        state, parameters = block
        window, times, common = shared
        return _count_block(rule, state, (*parameters, *common), counts, window, times, observed)

    counted: tuple[State, Array] = by_blocks(layout, kernel, (state, parameters), (window, times, common))
    return counted


def _count_block(
    rule: Rule, state: State, parameters: Parameters, counts: Array, window: Window, times: Array, observed: int
) -> tuple[State, Array]:
    columns, bins = counts.shape
    first_bin = jnp.arange(columns, dtype=jnp.int32) * bins
    rows = window.rows
    steps = steps_if_active(state, times)
    last = rows.astype(jnp.int32)

    def counted(state: State, counts: Array, one: Any = 1) -> Array:
        value = state[observed] if observed < len(state) else jnp.hypot(*state)
        place = ((value - window.high) - window.low) * window.scale + rows / 2
        inside = (place >= 0) & (place <= rows)
        row = jnp.where(inside, jnp.minimum(place.astype(jnp.int32), last - 1), last)
        # Unsigned: a signed index is first looked at for being negative.
        at = (first_bin + row).astype(jnp.uint32)
        return counts.at[at].add(jnp.asarray(one, counts.dtype), mode="promise_in_bounds")

    def step(inner: Any) -> Any:
        state = iterated(rule, inner[0], parameters)
        return state, counted(state, inner[1])

    def stored(inner: Any) -> Any:
        return iterated(rule, inner[0], parameters), counted(*inner)

    if orbits.is_long(rule, state, parameters):
        # A state is counted one step later, when it has been stored: XLA would compute it once more for the counting.
        any_ = steps > 0
        state = tuple(jnp.where(any_, new, old) for new, old in zip(iterated(rule, state, parameters), state, strict=True))
        state, flat = repeat(stored, (state, counts.ravel()), jnp.maximum(steps - 1, 0), 1)
        flat = counted(state, flat, any_)
    else:
        state, flat = repeat(step, (state, counts.ravel()), steps, UNROLL)
    counts = flat.reshape(columns, bins)
    # A block that had escaped before was not iterated; its samples lie outside all the same.
    return state, counts.at[:, last].add((times - steps).astype(counts.dtype))


@jit
def add(total: Array, counts: Array) -> Array:
    """The sum of two counts, 32 bits wide."""
    return total.astype(jnp.int32) + counts.astype(jnp.int32)


@jit
def picture(counts: Array) -> Array:
    """The counts as a picture, bottom row first. int32, shape (bins, columns)."""
    return counts.astype(jnp.int32).T
