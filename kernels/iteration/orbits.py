"""Orbits of many columns at once: iteration, products of derivatives, Lyapunov exponents, periods; shared by all problems.

A column is one orbit: a state, which is a tuple of coordinates, and its parameters. Columns lie on the devices as a `Layout` says;
the kernels here run block by block on each device, as compiled loops whose length is traced, so that a new number of steps needs no
compilation. A rule is static.
"""

import functools
import math
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kernels.execution import WORK, Layout, jax, jit, jnp, lax
from kernels.iteration.circle import difference
from kernels.types import Array, Rule, State

Parameters = tuple[Array, ...]

UNROLL = 8
"""Loop unroll factor: three times as fast as 1 on a CPU (measured)."""

LONG_STEP = 60
"""Operations of a step above which loops are not unrolled: long formulas would take minutes to compile."""

SKIP = 2**40
"""Added to an exponent for each factor that is left out of a product: so one number is stored a step, not two."""

LONG_RULE = 20
"""Operations of a rule above which XLA, which fuses a step into each of its outputs, must not compute it more than once."""

LONGEST_PERIOD = 256
"""Periods are looked for up to this one."""

DIVERGED, UNDEFINED = -1, -2
"""In the place of a period: the orbit has grown beyond float64, or it came to where the map has no value, or none that float64 reaches."""


def repeat(step: Callable[[Any], Any], state: Any, times: Array, unroll: int = UNROLL) -> Any:
    """`step` applied `times` times to `state`, `unroll` of them written out unless they are long; the count is traced."""
    if operations(step, state) > LONG_STEP:
        return lax.fori_loop(0, times, lambda _, inner: step(inner), state)

    def several(_: Array, inner: Any) -> Any:
        for _step in range(unroll):
            inner = step(inner)
        return inner

    state = lax.fori_loop(0, times // unroll, several, state)
    return lax.fori_loop(0, times % unroll, lambda _, inner: step(inner), state)


def operations(step: Callable[[Any], Any], state: Any) -> int:
    """Operations in one step."""
    from jax.extend.core import jaxprs_in_params

    def count(jaxpr: Any) -> int:
        return sum(1 + sum(map(count, jaxprs_in_params(equation.params))) for equation in jaxpr.eqns)

    return count(jax.make_jaxpr(step)(state).jaxpr)


def by_blocks(layout: Layout, kernel: Callable[[Any, Any], Any], columns: Any, shared: Any, block: int = 0) -> Any:
    """`kernel(columns, shared)` for each block of columns, on all devices at once.

    The leaves of `columns` and of what the kernel returns have the columns as their first axis; `shared` goes to every block as it is.
    A block has `block` columns, the layout's own number unless given.
    """

    def on_one_device(mine: Any, everyone: Any) -> Any:
        blocks = jax.tree.map(lambda leaf: leaf.reshape(-1, block or layout.block, *leaf.shape[1:]), mine)
        done = lax.map(lambda block: kernel(block, everyone), blocks)
        return jax.tree.map(lambda leaf: leaf.reshape(-1, *leaf.shape[2:]), done)

    return on_each_device(layout, on_one_device, columns, shared)


def on_each_device(layout: Layout, kernel: Callable[[Any, Any], Any], columns: Any, shared: Any) -> Any:
    """`kernel(columns, shared)` on all devices at once, each with its own columns; as of `by_blocks`, which divides them further."""
    if layout.is_default_device:
        return kernel(columns, shared)
    spec = jax.sharding.PartitionSpec(WORK)
    mapped = jax.shard_map(kernel, mesh=layout.mesh, in_specs=(spec, jax.sharding.PartitionSpec()), out_specs=spec, check_vma=False)
    return mapped(columns, shared)


def iterated(rule: Rule, state: State, parameters: Parameters) -> State:
    """The image of a state."""
    found = rule(*state, *parameters)
    return found if isinstance(found, tuple) else (found,)


def steps_if_active(state: State, times: Array) -> Array:
    """`times`, or 0 for a block in which every orbit has escaped: it would stay where it is, so it costs nothing more."""
    return jnp.where(functools.reduce(jnp.logical_and, map(jnp.isfinite, state)).any(), times, 0)


def value_and_derivative(rule: Rule, x: Array, parameters: Parameters) -> tuple[Array, Array]:
    """The next state and the derivative there of a map of one coordinate: by the rule's own `derivative`, or else by differentiation."""
    if hasattr(rule, "derivative"):
        return rule(x, *parameters), rule.derivative(x, *parameters)
    return jax.jvp(lambda state: rule(state, *parameters), (x,), (jnp.ones_like(x),))


def is_long(rule: Rule, state: State, parameters: Parameters) -> bool:
    """Whether a step costs more than to store its result: then what several outputs need must be stored, or XLA computes it for each."""
    return operations(lambda state: iterated(rule, state, parameters), state) > LONG_RULE


@jit(static_argnames=("rule", "layout"))
def advance(rule: Rule, layout: Layout, state: State, parameters: Parameters, times: Array, common: Parameters = ()) -> State:
    """The states `times` steps on. Shape (columns,) each coordinate. common: more parameters of the rule, the same for all columns."""

    def kernel(block: Any, shared: Any) -> State:
        state, parameters = block
        times, common = shared
        parameters = (*parameters, *common)
        unroll = 1 if is_long(rule, state, parameters) else UNROLL
        later: State = repeat(lambda state: iterated(rule, state, parameters), state, steps_if_active(state, times), unroll)
        return later

    advanced: State = by_blocks(layout, kernel, (state, parameters), (times, common), layout.wide_block)
    return advanced


@jit(static_argnames=("rule", "length"))
def orbit(rule: Rule, state: State, parameters: Parameters, length: int) -> State:
    """The states x_0 ... x_(length-1) of one orbit or of many side by side. Shape (length, ...) each coordinate."""

    def step(state: State, _: None) -> tuple[State, State]:
        return iterated(rule, state, parameters), state

    unroll = UNROLL if operations(lambda state: step(state, None), state) <= LONG_STEP else 1
    states: State = lax.scan(step, state, None, length=length, unroll=unroll)[1]
    return states


def block_derivative_products(
    rule: Rule, x: Array, parameters: Parameters, mantissa: Array, times: Array
) -> tuple[Array, Array, Array, Array]:
    """(the states `times` steps on, mantissas, exponents, skipped) of one block; to be called in a jitted function. Shapes (columns,).

    The product of `mantissa` and the derivatives f' at `times` states from `x` on, for a map of one coordinate, is mantissa * 2**exponent,
    which no float could hold; steps with f' = 0 are left out of it and counted. Carried on from call to call it is the same to the last
    bit however the steps are divided into calls, and it saves one logarithm per step.
    """

    def step(state: Any) -> Any:
        x, product = state
        x, derivative = value_and_derivative(rule, x, parameters)
        return x, multiplied(product, derivative)

    def stored(state: Any) -> Any:
        x, derivative, product = state
        return (*value_and_derivative(rule, x, parameters), multiplied(product, derivative))

    product = mantissa, jnp.zeros(x.shape, jnp.int64)
    if is_long(rule, (x,), parameters):
        # Each derivative is multiplied in one step later, when it has been stored; the first factor is 1.
        x, derivative, product = repeat(stored, (x, jnp.ones_like(x), product), times)
        product = multiplied(product, derivative)
    else:
        x, product = repeat(step, (x, product), times)
    mantissa, counted = product
    skipped = (counted + SKIP // 2) // SKIP
    return x, mantissa, (counted - skipped * SKIP).astype(jnp.int32), skipped.astype(jnp.int32)


def multiplied(product: tuple[Array, Array], factor: Array) -> tuple[Array, Array]:
    """The product times `factor`: (mantissa, its exponent + SKIP for each factor of 0, which is left out)."""
    mantissa, counted = product
    flat = factor == 0
    mantissa, power = normalised(jnp.where(flat, mantissa, mantissa * factor))
    return mantissa, counted + jnp.where(flat, SKIP, power.astype(jnp.int64))


def logarithm(mantissa: Any, exponent: Any) -> NDArray[np.float64]:
    """ln|mantissa * 2**exponent|: of the products of derivatives, the sum of ln|f'|."""
    return np.log(np.abs(np.asarray(mantissa, np.float64))) + np.asarray(exponent) * math.log(2)


def lyapunov(log_sum: Any, steps: int, skipped: Any, period: Any, multiplier: Any) -> NDArray[np.float64]:
    """The Lyapunov exponent from the sum of ln|f'| over `steps` steps but the `skipped` ones with f' = 0. Shapes (columns,).

    Minus infinity on a superstable cycle, one of whose steps is flat: the sum leaves out what decides there. A single flat step of an
    orbit whose cycle has another multiplier was its start, at a critical point. NaN where the orbit has escaped, and where its cycle has a
    step of infinite or undefined slope, which the sum counts as one of 2^1024.
    """
    counted, skipped = steps - np.asarray(skipped), np.asarray(skipped)
    superstable = (np.asarray(period) > 0) & (((np.asarray(multiplier) == 0) & (skipped > 0)) | (skipped > 1))
    means = np.divide(log_sum, counted, out=np.full(counted.shape, -np.inf), where=(counted > 0) & ~superstable)
    has_no_value = (np.asarray(period) < 0) | ((np.asarray(period) > 0) & ~np.isfinite(multiplier))
    return np.where(has_no_value, np.nan, means)


def normalised(value: Array) -> tuple[Array, Array]:
    """(mantissa in [1, 2) with the sign, exponent) of a normal floating-point number, by its bits."""
    mantissa, power = parts(value)
    return mantissa, power.astype(jnp.int32) - bias(value.dtype)


def parts(value: Array) -> tuple[Array, Array]:
    """As `normalised`, with the `bias` still in the exponent, which has the number's width: 0 for a number of 0."""
    info = jnp.finfo(value.dtype)
    word = jnp.int64 if info.bits == 64 else jnp.int32
    bits = lax.bitcast_convert_type(value, word)
    field = jnp.asarray((1 << info.nexp) - 1, word) << info.nmant
    one = jnp.asarray(bias(value.dtype), word) << info.nmant
    return lax.bitcast_convert_type((bits & ~field) | one, value.dtype), (bits & field) >> info.nmant


def bias(dtype: Any) -> int:
    """What is added to exponents of 2 in floating-point numbers of this type."""
    return int(2 ** (jnp.finfo(dtype).nexp - 1) - 1)


@jit(static_argnames=("rule", "layout"))
def periods(rule: Rule, layout: Layout, x: Array, parameters: Parameters) -> tuple[Array, Array]:
    """(periods, multipliers) of the cycles that the orbits have settled on. Shapes (columns,).

    The period is the smallest p up to LONGEST_PERIOD that passes a residual test, 0 where none does (unresolved or chaotic), -1 where
    the orbit has escaped; the multiplier is that of the p steps, NaN where there is no cycle. The residual |x_p - x_0| / |1 - multiplier|
    estimates the distance to the cycle, which slow convergence at a bifurcation would hide from |x_p - x_0| alone. It counts where the
    multiplier says that the cycle attracts, or where the orbit repeats to rounding. Where a shorter near-return is not yet
    clearly distinguished from a return (just after a period doubling), the period is unresolved.
    """

    def kernel(block: Any, _: None) -> tuple[Array, Array]:
        x, parameters = block
        return block_periods(rule, x, parameters)

    found: tuple[Array, Array] = by_blocks(layout, kernel, (x, parameters), None, layout.wide_block)
    return found


def block_periods(rule: Rule, first: Array, parameters: Parameters) -> tuple[Array, Array]:
    """`periods` of one block; to be called in a jitted function."""
    scale = 1 + jnp.abs(first)

    def look(p: Array, state: Any) -> Any:
        # The state and derivative of step p have been stored: XLA would compute the step again for each part of the search.
        x, derivative, search = state
        search = looked_at(p, jnp.abs(difference(rule, x, first)) / scale, derivative, search)
        return (*value_and_derivative(rule, x, parameters), search)

    last = steps_if_active((first,), jnp.int32(LONGEST_PERIOD)) + 1
    begun = (*value_and_derivative(rule, first, parameters), search_from(first))
    _, _, search = lax.fori_loop(1, last, look, begun)
    return found_in(search, first)


Search = tuple[Array, Array, Array, Array]
"""What is known while a period is looked for: the derivatives' product, the period, its multiplier, a shorter near-return."""


def search_from(first: Array) -> Search:
    """Nothing is known yet of the cycle through `first`."""
    none = jnp.zeros(first.shape, jnp.int32)
    return jnp.ones_like(first), none, jnp.full_like(first, jnp.nan), none


def looked_at(p: Array, residual: Array, derivative: Array, search: Search) -> Search:
    """The search after step p, from the derivative before that step and the distance from the first state after it, a share of its size."""
    product, period, multiplier, suspect = search
    epsilon = float(jnp.finfo(residual.dtype).eps)
    near, exact = epsilon**0.6, 4 * epsilon
    product = product * derivative
    settled = (jnp.abs(product) <= 1) & (residual <= near * jnp.abs(1 - product))
    new = (period == 0) & (settled | (residual <= exact))
    suspect = jnp.where((suspect == 0) & (residual <= 100 * near), p, suspect)
    return product, jnp.where(new, p, period), jnp.where(new, product, multiplier), suspect


def found_in(search: Search, first: Array) -> tuple[Array, Array]:
    """(period, multiplier) as `periods` gives them."""
    _, period, multiplier, suspect = search
    period = jnp.where(suspect == period, period, 0)
    escaped = ~jnp.isfinite(first)
    return jnp.where(escaped, -1, period), jnp.where(period > 0, multiplier, jnp.nan)
