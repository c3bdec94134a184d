"""Compiled loops over blocks of orbits: growth of what separates neighbours, and cycles."""

from typing import Any

from kernels.execution import Layout, jit, jnp, lax
from kernels.iteration import LONGEST_PERIOD, Parameters, by_blocks, difference, orbits, plane, steps_if_active
from kernels.types import Array, Rule, State


@jit(static_argnames=("rule", "layout"))
def grown(rule: Rule, layout: Layout, x: Array, parameters: Parameters, mantissa: Array, times: Array) -> tuple[Array, Array, Array, Array]:
    """(the states `times` steps on, and as `orbits.derivative_products`). Shapes (pixels,)."""

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
