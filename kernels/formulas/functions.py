"""Functions whose form in XLA takes minutes, and gigabytes, to compile when a formula nests them: the same, made of plainer ones.

Five nested asinh of jax.numpy took a core eleven seconds in a loop with its derivative, ten of them over a minute (measured); these, half
a second. Right to a few units in the last place, on the whole range; derivatives are exact formulas, also at 0.
"""

import math
from typing import Any

from kernels.execution import custom_jvp, jax, jnp
from kernels.types import Array

_SMALL = 20.0
"""Below it e^-x still counts beside e^x in sinh."""

_LARGE = 2.0**28
"""Above it x² + 1 is x², in float64 and in float32."""


@custom_jvp
def sinh(x: Array) -> Array:
    """The hyperbolic sine, elementwise."""
    size = jnp.abs(x)
    grown, half = jnp.expm1(jnp.minimum(size, _SMALL)), jnp.exp(size / 2)
    return jnp.sign(x) * jnp.where(size < _SMALL, (grown + grown / (grown + 1)) / 2, half / 2 * half)


@custom_jvp
def cosh(x: Array) -> Array:
    """The hyperbolic cosine, elementwise."""
    half = jnp.exp(jnp.abs(x) / 2)
    return half / 2 * half + 0.5 / half / half


@custom_jvp
def asinh(x: Array) -> Array:
    """The inverse hyperbolic sine, elementwise."""
    size = jnp.abs(x)
    near = jnp.log1p(size + size * size / (1 + jnp.sqrt(size * size + 1)))
    return jnp.sign(x) * jnp.where(size < _LARGE, near, jnp.log(size) + math.log(2))


@custom_jvp
def acosh(x: Array) -> Array:
    """The inverse hyperbolic cosine, elementwise; NaN below 1."""
    above = jnp.where(x < 1, jnp.nan, x - 1)
    near = jnp.log1p(above + jnp.sqrt(above * (above + 2)))
    return jnp.where(x < _LARGE, near, jnp.log(x) + math.log(2))


@custom_jvp
def atanh(x: Array) -> Array:
    """The inverse hyperbolic tangent, elementwise; NaN outside [-1, 1]."""
    size = jnp.abs(x)
    return jnp.sign(x) * jnp.log1p(2 * size / (1 - size)) / 2


sinh.defjvps(lambda tangent, _, x: tangent * cosh(x))
cosh.defjvps(lambda tangent, _, x: tangent * sinh(x))
asinh.defjvps(lambda tangent, _, x: tangent / jnp.sqrt(x * x + 1))
acosh.defjvps(lambda tangent, _, x: tangent / (jnp.sqrt(x - 1) * jnp.sqrt(x + 1)))
atanh.defjvps(lambda tangent, _, x: tangent / ((1 - x) * (1 + x)))


@custom_jvp
def _mod(x: Array, y: Array) -> Array:
    rest = jax.lax.rem(x, y)
    return jnp.where((rest != 0) & ((rest < 0) != (y < 0)), rest + y, rest)


_mod.defjvps(lambda tangent, *_: tangent, lambda tangent, rest, x, y: -tangent * jnp.round((x - rest) / y))


def mod(x: Any, y: Any) -> Array:
    """The rest of x by y, x - y floor(x / y), without rounding the quotient; NaN where y is 0."""
    kind = jnp.result_type(x, y)
    return _mod(*jnp.broadcast_arrays(jnp.asarray(x, kind), jnp.asarray(y, kind)))
