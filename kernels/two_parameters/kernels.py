"""Compiled loops over blocks of orbits: growth of what separates neighbours, and cycles."""

import math
from typing import Any

from kernels.execution import Layout, jit, jnp, lax
from kernels.iteration import (
    LONGEST_PERIOD,
    Parameters,
    by_blocks,
    circumferences,
    difference,
    iterated,
    least_state,
    orbits,
    plane,
    steps_if_active,
)
from kernels.types import Array, Rule, State


@jit(static_argnames=("rule", "layout"))
def grown(rule: Rule, layout: Layout, x: Array, parameters: Parameters, mantissa: Array, times: Array) -> tuple[Array, Array, Array, Array]:
    """(the states `times` steps on, and as `orbits.block_derivative_products`). Shapes (pixels,)."""

    def kernel(block: Any, times: Array) -> tuple[Array, Array, Array, Array]:
        x, parameters, mantissa = block
        return orbits.block_derivative_products(rule, x, parameters, mantissa, steps_if_active((x,), times))

    found: tuple[Array, Array, Array, Array] = by_blocks(layout, kernel, (x, parameters, mantissa), times, layout.wide_block)
    return found


@jit(static_argnames=("rule", "layout"))
def grown_in_plane(
    rule: Rule, layout: Layout, state: State, parameters: Parameters, tangent: State, mantissa: Array, times: Array
) -> tuple[State, plane.Growth]:
    """(the states `times` steps on, and as `plane.tangent_products`). Shapes (pixels,)."""

    def kernel(block: Any, times: Array) -> tuple[State, plane.Growth]:
        state, parameters, tangent, mantissa = block
        none = jnp.zeros(mantissa.shape, jnp.int64)
        return plane.block_tangent_products(rule, state, parameters, (tangent, none, mantissa, none), steps_if_active(state, times))

    found: tuple[State, plane.Growth] = by_blocks(layout, kernel, (state, parameters, tangent, mantissa), times, layout.wide_block)
    return found


@jit(static_argnames=("rule", "layout"))
def cycles(rule: Rule, layout: Layout, x: Array, parameters: Parameters) -> tuple[Array, Array]:
    """(periods, multipliers) of a map of the line, as `orbits.periods` defines them, in fewer operations where most orbits have none.

    Only the first near-return can be a period, so the derivatives are multiplied up to there alone. Shapes (pixels,).
    """

    def kernel(block: Any, _: None) -> tuple[Array, Array]:
        return _block_cycles(rule, *block)

    found: tuple[Array, Array] = by_blocks(layout, kernel, (x, parameters), None, layout.wide_block)
    return found


def _block_cycles(rule: Rule, first: Array, parameters: Parameters) -> tuple[Array, Array]:
    scale = 1 + jnp.abs(first)
    epsilon = float(jnp.finfo(first.dtype).eps)
    near, exact = epsilon**0.6, 4 * epsilon

    def look(p: Array, inner: tuple[Array, Array]) -> tuple[Array, Array]:
        x, suspect = inner
        suspect = jnp.where((suspect == 0) & (jnp.abs(difference(rule, x, first)) / scale <= 100 * near), p, suspect)
        return rule(x, *parameters), suspect

    def turn(inner: tuple[Array, Array, Array]) -> tuple[Array, Array, Array]:
        p, x, product = inner
        image, derivative = orbits.value_and_derivative(rule, x, parameters)
        within = p < suspect
        return p + 1, jnp.where(within, image, x), jnp.where(within, product * derivative, product)

    last = steps_if_active((first,), jnp.int32(LONGEST_PERIOD)) + 1
    none = jnp.zeros(first.shape, jnp.int32)
    _, suspect = lax.fori_loop(1, last, look, (rule(first, *parameters), none))
    begun = (jnp.int32(0), first, jnp.ones_like(first))
    _, x, multiplier = lax.while_loop(lambda inner: inner[0] < suspect.max(), turn, begun)
    residual = jnp.abs(difference(rule, x, first)) / scale
    settled = (jnp.abs(multiplier) <= 1) & (residual <= near * jnp.abs(1 - multiplier))
    period = jnp.where((suspect > 0) & (settled | (residual <= exact)), suspect, 0)
    return jnp.where(jnp.isfinite(first), period, -1), jnp.where(period > 0, multiplier, jnp.nan)


SEAM = 1.2345e-4
"""On a circle the states are counted from this share of it below its least one: cycles, whose extents are compared, hardly lie there."""

CELLS = 64
"""Cells, a bit each, of an interval; of a rectangle eight along each side."""


@jit(static_argnames=("rule", "layout"))
def extents(rule: Rule, layout: Layout, state: State, parameters: Parameters) -> tuple[State, State, State]:
    """(least, greatest) of each coordinate over the next LONGEST_PERIOD states, and the state after these. Shapes (orbits,)."""

    def kernel(block: Any, _: None) -> tuple[State, State, State]:
        first, parameters = block

        def step(_: Array, inner: Any) -> Any:
            state, low, high = inner
            here = _unrolled(rule, state)
            return iterated(rule, state, parameters), tuple(map(jnp.minimum, low, here)), tuple(map(jnp.maximum, high, here))

        begun = _unrolled(rule, first)
        found: Any = lax.fori_loop(0, steps_if_active(first, jnp.int32(LONGEST_PERIOD)), step, (first, begun, begun))
        return found[1], found[2], found[0]

    found: tuple[State, State, State] = by_blocks(layout, kernel, (state, parameters), None, layout.wide_block)
    return found


@jit(static_argnames=("rule", "layout"))
def cells(rule: Rule, layout: Layout, state: State, parameters: Parameters, low: State, high: State) -> Array:
    """The cells between `low` and `high` that the next LONGEST_PERIOD states visit, as the bits of a uint64. Shapes (orbits,)."""

    def kernel(block: Any, _: None) -> Array:
        first, parameters, low, high = block
        side = CELLS if len(first) == 1 else math.isqrt(CELLS)

        def step(_: Array, inner: Any) -> Any:
            state, visited = inner
            place = jnp.zeros(visited.shape, jnp.uint64)
            for part, least, greatest in zip(_unrolled(rule, state), low, high, strict=True):
                share = (part - least) / jnp.where(greatest > least, greatest - least, 1.0)
                place = place * side + jnp.clip(share * side, 0, side - 1).astype(jnp.uint64)
            return iterated(rule, state, parameters), visited | (jnp.uint64(1) << place)

        begun = first, jnp.zeros(first[0].shape, jnp.uint64)
        found: Array = lax.fori_loop(0, steps_if_active(first, jnp.int32(LONGEST_PERIOD)), step, begun)[1]
        return found

    found: Array = by_blocks(layout, kernel, (state, parameters, low, high), None, layout.wide_block)
    return found


def _unrolled(rule: Rule, state: State) -> State:
    """The state with its angles counted from SEAM below where they begin."""
    turns = circumferences(rule, len(state))
    return tuple(
        part if turn is None else jnp.where(part > least_state(rule) + turn * (1 - SEAM), part - turn, part)
        for part, turn in zip(state, turns, strict=True)
    )
