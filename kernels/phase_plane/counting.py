"""Counting the points of many orbits of a map of the plane in the pixels of a view, inside the iteration, so that no orbit is stored.

A second kernel notes an orbit of each pixel too, and how a tangent vector of each orbit grows, which tells chaotic orbits from others.

An orbit is a column of a `Layout`; each device has a histogram of the whole view, which is filled in place. A pixel's bin is
row * columns + column, top row first; the last bin counts what lies outside.
"""

from typing import Any, NamedTuple

import numpy as np

from kernels.execution import WORK, Layout, jax, jit, jnp, lax
from kernels.geometry import Grid, split
from kernels.iteration import Parameters, by_blocks, iterated, repeat, steps_if_active
from kernels.types import Array, Rule, State

UNROLL = 2
"""Loop unroll factor, as of the bifurcation diagram's counting."""

CHECK = 16
"""Steps between two looks at whether any orbit is still finite."""

Wraps = tuple[float, ...]
"""The period of each coordinate, 0 for one that does not wrap."""


class Axis(NamedTuple):
    """One side of the view: `high` + `low` is its centre, `half` its half-width, `count` its number of pixels."""

    high: Any
    low: Any
    half: Any
    count: Any


def axes(grid: Grid) -> tuple[Axis, Axis]:
    """The horizontal and the vertical side of a view."""
    view = grid.viewport
    sides = ((view.x, view.half_width, grid.columns), (view.y, view.half_height, grid.rows))
    across, up = (Axis(*map(np.float64, (*split(centre), half, count))) for centre, half, count in sides)
    return across, up


def bins(pixels: int) -> int:
    """Length of the histogram of so many pixels: a few lengths, so that resizing a window seldom compiles."""
    whole = 1 << pixels.bit_length()
    return next(size for size in (whole // 2, whole * 5 // 8, whole * 3 // 4, whole * 7 // 8, whole) if size > pixels)


def _place(value: Array, axis: Axis, period: float) -> Array:
    """The position of a coordinate in pixels from the left or lower edge; of an angle that of its first image from there on."""
    offset = (value - axis.high) - axis.low
    if period:
        offset -= period * jnp.floor((offset + axis.half) / period)
    return (offset / axis.half + 1) * (axis.count / 2)


def _bin(state: State, window: tuple[Axis, Axis], wraps: Wraps, outside: int) -> Array:
    """The bin of the pixel that each state lies in, `outside` where it lies in none."""
    across, up = window
    columns, rows = across.count.astype(jnp.int32), up.count.astype(jnp.int32)
    u, v = (_place(value, axis, period) for value, axis, period in zip(state, window, wraps, strict=True))
    inside = (u >= 0) & (u <= across.count) & (v >= 0) & (v <= up.count)
    column = jnp.minimum(u.astype(jnp.int32), columns - 1)
    row = rows - 1 - jnp.minimum(v.astype(jnp.int32), rows - 1)
    # Unsigned: a signed index is first looked at for being negative.
    return jnp.where(inside, row * columns + column, outside).astype(jnp.uint32)


def no_counts(layout: Layout, bins: int, value: int = 0) -> Array:
    """Empty histograms, one on each device, filled with `value`. Shape (devices * bins,), int32."""
    empty = np.full(layout.mesh.size * bins, value, np.int32)
    placed: Array = jnp.array(empty) if layout.is_default_device else jax.device_put(empty, layout.sharding)
    return placed


@jit(static_argnames=("rule", "layout", "wraps"), donate_argnames=("counts",))
def count(
    rule: Rule, layout: Layout, wraps: Wraps, state: State, counts: Array, parameters: Parameters, window: tuple[Axis, Axis], times: Array
) -> tuple[State, Array]:
    """`times` steps from `state`, each counted state being that before a step: (states, counts). The counts given are used up.

    `parameters` are the same for all orbits. The view is closed: its right and upper limits belong to the last pixels. States that are
    not finite lie outside.
    """

    def on_one_device(state: State, counts: Array, shared: Any) -> tuple[State, Array]:
        parameters, window, times = shared
        outside = counts.shape[0] - 1

        def step(inner: Any) -> Any:
            state, counts = inner
            # The state is counted where it is stored: XLA would compute its image once more for the counting.
            at = _bin(state, window, wraps, outside)
            return iterated(rule, state, parameters), counts.at[at].add(1, mode="promise_in_bounds")

        counted: tuple[State, Array] = repeat(step, (state, counts), steps_if_active(state, times), UNROLL)
        return counted

    done: tuple[State, Array] = _on_each_device(layout, on_one_device, state, counts, (parameters, window, times))
    return done


@jit(static_argnames=("rule", "layout", "wraps"), donate_argnames=("counts",))
def count_by_orbit(
    rule: Rule,
    layout: Layout,
    wraps: Wraps,
    state: State,
    counts: tuple[Array, Array],
    parameters: Parameters,
    window: tuple[Axis, Axis],
    times: Array,
) -> tuple[State, tuple[Array, Array]]:
    """As `count`, of states (x, y, u, v, growth, number) and of (counts, owners).

    (u, v): a unit tangent vector; growth: the sum of the logarithms of its growth. The owner of a pixel is the largest number of the orbits
    that have a state in it.
    """

    def on_one_device(state: State, counts: Any, shared: Any) -> Any:
        parameters, window, times = shared
        number, outside = state[5].astype(jnp.int32), counts[0].shape[0] - 1

        def step(inner: Any) -> Any:
            (x, y, u, v, growth), (counts, owners) = inner
            at = _bin((x, y), window, wraps, outside)
            after, (a, b) = jax.jvp(lambda x, y: iterated(rule, (x, y), parameters), (x, y), (u, v))
            length = jnp.hypot(a, b)
            # A tangent vector that the map takes to 0 keeps its direction: the growth is minus infinity.
            u, v = jnp.where(length > 0, a / length, u), jnp.where(length > 0, b / length, v)
            counts = counts.at[at].add(1, mode="promise_in_bounds")
            return (*after, u, v, growth + jnp.log(length)), (counts, owners.at[at].max(number, mode="promise_in_bounds"))

        later, counted = repeat(step, (state[:5], counts), steps_if_active(state[:2], times), UNROLL)
        return (*later, state[5]), counted

    done: tuple[State, tuple[Array, Array]] = _on_each_device(layout, on_one_device, state, counts, (parameters, window, times))
    return done


def _on_each_device(layout: Layout, kernel: Any, state: State, counts: Any, shared: Any) -> Any:
    """`kernel(state, counts, shared)` with the states and the histogram of each device."""
    if layout.is_default_device:
        return kernel(state, counts, shared)
    each, whole = jax.sharding.PartitionSpec(WORK), jax.sharding.PartitionSpec()
    mapped = jax.shard_map(kernel, mesh=layout.mesh, in_specs=(each, each, whole), out_specs=each, check_vma=False)
    return mapped(state, counts, shared)


@jit(static_argnames=("rule", "layout"))
def last_finite(rule: Rule, layout: Layout, state: State, parameters: Parameters, times: Array) -> tuple[State, State]:
    """The last of the finite states up to `times` steps on from `state`, or a few more, and its image. Shapes (orbits,)."""

    def kernel(start: State, shared: Any) -> tuple[State, State]:
        parameters, times = shared

        def finite(state: State) -> Array:
            return jnp.isfinite(state[0]) & jnp.isfinite(state[1])

        def step(inner: Any) -> Any:
            state, alive = inner
            after = iterated(rule, state, parameters)
            alive &= finite(after)
            return tuple(jnp.where(alive, new, old) for new, old in zip(after, state, strict=True)), alive

        def go_on(inner: Any) -> Any:
            return inner[0] + CHECK, *repeat(step, inner[1:], jnp.int32(CHECK))

        begun = (jnp.zeros_like(times), start, finite(start))
        last: State = lax.while_loop(lambda inner: (inner[0] < times) & inner[2].any(), go_on, begun)[1]
        return last, iterated(rule, last, parameters)

    found: tuple[State, State] = by_blocks(layout, kernel, state, (parameters, times), layout.wide_block)
    return found
