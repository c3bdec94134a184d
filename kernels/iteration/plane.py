"""Orbits of maps of the plane: Jacobians, the Lyapunov exponents of both directions, and periods of the whole state.

As `orbits` has them for one coordinate: column by column, with a traced number of steps.
"""

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kernels.execution import Layout, jax, jit, jnp, lax
from kernels.iteration import orbits
from kernels.iteration.circle import differences
from kernels.iteration.orbits import LONGEST_PERIOD, SKIP, Parameters, by_blocks, iterated, repeat, steps_if_active
from kernels.types import Array, Rule, State

Matrix = tuple[Array, Array, Array, Array]
"""A 2 x 2 matrix of each column: its first row, then its second."""

Growth = tuple[State, Array, Array, Array]
"""What is carried from call to call: a tangent vector, of any length; the determinants' product as a mantissa; and of each the exponent of
2 that was taken out of it, with SKIP for each step that was left out."""


SIDEWAYS = (1.0, 0.618)
"""A tangent vector to begin with: along no axis and no diagonal, which some maps do not stretch."""

ALIGNED = 64
"""Steps in which a tangent vector turns into the direction that grows most."""


def value_and_jacobian(rule: Rule, state: State, parameters: Parameters) -> tuple[State, Matrix]:
    """The next state and the Jacobian there."""
    image, push = jax.linearize(lambda *inner: iterated(rule, inner, parameters), *state)
    zero, one = jnp.zeros_like(state[0]), jnp.ones_like(state[0])
    (a, c), (b, d) = push(one, zero), push(zero, one)
    return image, (a, b, c, d)


def product(first: Matrix, second: Matrix) -> Matrix:
    """The product of two matrices."""
    (a, b, c, d), (e, f, g, h) = first, second
    return a * e + b * g, a * f + b * h, c * e + d * g, c * f + d * h


def determinant(matrix: Matrix) -> Array:
    """The determinant."""
    a, b, c, d = matrix
    return a * d - b * c


@jit(static_argnames=("rule", "layout"))
def tangent_products(
    rule: Rule, layout: Layout, state: State, parameters: Parameters, tangent: State, mantissa: Array, times: Array
) -> tuple[State, Array, Array, Array]:
    """(tangent, its exponents, mantissas, exponents) after `times` steps from `state`. Shapes (columns,).

    The tangent vector is multiplied by the Jacobian in each step, and `mantissa` by its determinant, so their logarithms give the largest
    Lyapunov exponent and the sum of both. What they have grown by is 2**exponent besides. A step that takes the tangent vector to 0, or
    whose determinant is 0, is left out of that product, with its neighbour where they are taken two at a time; each step left out adds
    SKIP to the exponent. It is the same to the last bit however the steps are divided into calls of even numbers.
    """

    def kernel(block: Any, times: Array) -> Growth:
        state, parameters, tangent, mantissa = block
        none = jnp.zeros(mantissa.shape, jnp.int64)
        return block_tangent_products(rule, state, parameters, (tangent, none, mantissa, none), steps_if_active(state, times))[1]

    grown: Growth = by_blocks(layout, kernel, (state, parameters, tangent, mantissa), times, layout.wide_block)
    return grown


def begin_growth(state: State, tangent: State | None = None) -> Growth:
    """Nothing has grown yet; the tangent vector lies SIDEWAYS unless given."""
    tangent = tangent or tuple(jnp.full_like(part, along) for part, along in zip(state, SIDEWAYS, strict=True))
    none = jnp.zeros(tangent[0].shape, jnp.int64)
    return tangent, none, jnp.ones_like(tangent[0]), none


def block_tangent_products(rule: Rule, state: State, parameters: Parameters, growth: Growth, times: Array) -> tuple[State, Growth]:
    """The states `times` steps on, and `tangent_products` of one block; to be called in a jitted function."""

    def step(_: Any, inner: Any) -> Any:
        state, growth = inner
        state, jacobian = value_and_jacobian(rule, state, parameters)
        return state, _multiplied(growth, jacobian)

    def two(_: Any, inner: Any) -> Any:
        state, growth = inner
        state, first = value_and_jacobian(rule, state, parameters)
        state, second = value_and_jacobian(rule, state, parameters)
        return state, _multiplied(growth, first, second)

    def stored(inner: Any) -> Any:
        state, jacobian, growth = inner
        return *value_and_jacobian(rule, state, parameters), _multiplied(growth, jacobian)

    if not orbits.is_long(rule, state, parameters):
        # Two at a time: twice as fast as one (measured).
        inner = lax.fori_loop(0, times // 2, two, (state, growth))
        done: tuple[State, Growth] = lax.fori_loop(0, times % 2, step, inner)
        return done
    # Each Jacobian is used one step later, when it has been stored; the first is the identity.
    one, zero = jnp.ones_like(state[0]), jnp.zeros_like(state[0])
    state, jacobian, growth = repeat(stored, (state, (one, zero, zero, one), growth), times)
    return state, _multiplied(growth, jacobian)


def _multiplied(growth: Growth, *jacobians: Matrix) -> Growth:
    """The growth after these steps, all of which are left out where their product is 0."""
    (u, v), stretched, mantissa, folded = growth
    right, up, area = u, v, jnp.ones_like(u)
    for a, b, c, d in jacobians:
        right, up = a * right + b * up, c * right + d * up
        area = area * (a * d - b * c)
    tangent, power = shortened((u, v), (right, up), len(jacobians))
    mantissa, folded = orbits.multiplied((mantissa, folded), area)
    return tangent, stretched + power, mantissa, folded + jnp.where(area == 0, SKIP * (len(jacobians) - 1), 0)


def shortened(before: State, after: State, steps: int = 1) -> tuple[State, Array]:
    """(`after` times a power of 2 that makes it about as long as 1, the exponent taken out); of 0, `before` and SKIP for each step."""
    size = jnp.maximum(jnp.abs(after[0]), jnp.abs(after[1]))
    is_lost = size == 0
    scale, power = _scale(size)
    tangent = tuple(jnp.where(is_lost, old, new * scale) for old, new in zip(before, after, strict=True))
    return tangent, jnp.where(is_lost, SKIP * steps, power)


def powers(exponents: Any) -> tuple[Any, Any]:
    """(exponents of 2, steps left out) of the exponents that `tangent_products` gives; arrays of numpy or JAX."""
    skipped = (exponents + SKIP // 2) // SKIP
    return exponents - skipped * SKIP, skipped


def stretching(tangent: Any, size: Any, exponents: Any) -> NDArray[np.float64]:
    """The logarithm of what a tangent vector has grown by: `size` before, and `tangent` times 2**exponents now."""
    x, y = (np.asarray(part, np.float64) for part in tangent)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.log(np.hypot(x, y) / size) + exponents * math.log(2)


def spectrum(largest: Any, both: Any) -> NDArray[np.float64]:
    """Both Lyapunov exponents, the larger first, from the largest one and the sum of both. Shape (columns, 2)."""
    with np.errstate(invalid="ignore"):
        other = np.where(np.isneginf(largest), -np.inf, both - largest)
    # They are mixed up where both directions shrink alike, as around a focus.
    return np.stack([np.maximum(largest, other), np.minimum(largest, other)], axis=-1)


def _scale(size: Array) -> tuple[Array, Array]:
    """(2**-n, n) where 2**n is the power of 2 of a normal floating-point number, by its bits."""
    info = jnp.finfo(size.dtype)
    word = jnp.int64 if info.bits == 64 else jnp.int32
    bias = 2 ** (info.nexp - 1) - 1
    field = lax.bitcast_convert_type(size, word) >> info.nmant
    return lax.bitcast_convert_type((2 * bias - field) << info.nmant, size.dtype), (field - bias).astype(jnp.int64)


@jit(static_argnames=("rule", "layout"))
def periods(rule: Rule, layout: Layout, state: State, parameters: Parameters) -> tuple[Array, Array, Array]:
    """(periods, multipliers, determinants) of the cycles that the orbits have settled on, as of `orbits.periods`. Shapes (columns,).

    The multiplier is the eigenvalue of the cycle's Jacobian that is larger in size, or where they are complex their size; the
    determinant is their product. Both are NaN where there is no cycle.
    """

    def kernel(block: Any, _: None) -> tuple[Array, Array, Array]:
        state, parameters = block
        return block_periods(rule, state, parameters)

    found: tuple[Array, Array, Array] = by_blocks(layout, kernel, (state, parameters), None, layout.wide_block)
    return found


def block_periods(rule: Rule, first: State, parameters: Parameters) -> tuple[Array, Array, Array]:
    """`periods` of one block; to be called in a jitted function."""
    scales = tuple(1 + jnp.abs(part) for part in first)
    epsilon = float(jnp.finfo(first[0].dtype).eps)
    near, exact = epsilon**0.6, 4 * epsilon
    one, zero, none = jnp.ones_like(first[0]), jnp.zeros_like(first[0]), jnp.zeros(first[0].shape, jnp.int32)

    def distance(state: State) -> Array:
        x, y = (jnp.abs(away) / scale for away, scale in zip(differences(rule, state, first), scales, strict=True))
        return jnp.maximum(x, y)

    def look(p: Array, inner: tuple[State, Array]) -> tuple[State, Array]:
        state, suspect = inner
        suspect = jnp.where((suspect == 0) & (distance(state) <= 100 * near), p, suspect)
        return iterated(rule, state, parameters), suspect

    def turn(inner: tuple[Array, State, Matrix]) -> tuple[Array, State, Matrix]:
        p, state, cycle = inner
        image, jacobian = value_and_jacobian(rule, state, parameters)
        kept = zip((*image, *product(jacobian, cycle)), (*state, *cycle), strict=True)
        x, y, *entries = (jnp.where(p < suspect, new, old) for new, old in kept)
        return p + 1, (x, y), tuple(entries)  # type: ignore[return-value]

    last = steps_if_active(first, jnp.int32(LONGEST_PERIOD)) + 1
    # The only candidate is the first return as near as this, so the Jacobians are multiplied up to there alone.
    _, suspect = lax.fori_loop(1, last, look, (iterated(rule, first, parameters), none))
    begun = (jnp.int32(0), first, (one, zero, zero, one))
    _, state, cycle = lax.while_loop(lambda inner: inner[0] < suspect.max(), turn, begun)
    is_cycle = (_to_cycle(cycle, differences(rule, state, first), scales) <= near) | (distance(state) <= exact)
    escaped = ~(jnp.isfinite(first[0]) & jnp.isfinite(first[1]))
    period = jnp.where(escaped, -1, jnp.where(is_cycle, suspect, 0))
    return period, jnp.where(period > 0, _larger(cycle), jnp.nan), jnp.where(period > 0, determinant(cycle), jnp.nan)


def _to_cycle(cycle: Matrix, away: State, scales: State) -> Array:
    """The distance to a cycle as a share of the coordinates' sizes, from its Jacobian and the way once around; infinite if it repels."""
    a, b, c, d = cycle
    x, y = away
    trace, folded = a + d, a * d - b * c
    attracts = (jnp.abs(trace) <= 1 + folded) & (folded <= 1)
    # Newton's step: (1 - M)^-1 times the way around.
    size = jnp.abs((1 - a) * (1 - d) - b * c)
    far = jnp.maximum(jnp.abs((1 - d) * x + b * y) / scales[0], jnp.abs(c * x + (1 - a) * y) / scales[1])
    return jnp.where(attracts, jnp.where(far == 0, 0.0, far / size), jnp.inf)


def _larger(cycle: Matrix) -> Array:
    """The eigenvalue that is larger in size; of complex ones their size."""
    a, b, c, d = cycle
    half = (a + d) / 2
    # Not half² - determinant, which loses what nearly equal eigenvalues differ by.
    square = ((a - d) / 2) ** 2 + b * c
    real = half + jnp.where(half < 0, -1.0, 1.0) * jnp.sqrt(jnp.maximum(square, 0.0))
    return jnp.where(square < 0, jnp.sqrt(jnp.abs(a * d - b * c)), real)
