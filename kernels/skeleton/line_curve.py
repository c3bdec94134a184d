"""Cycles of maps of the line as points of a curve: the equation f^p(x) = x in state and parameter, and distances in window units."""

from typing import Any

from kernels.execution import jnp, lax
from kernels.iteration import difference
from kernels.skeleton.branch import Box
from kernels.skeleton.composition import Composed, composed
from kernels.types import Array, Rule


def direction(c: Composed, box: Box) -> tuple[Array, Array]:
    """The branch's unit tangent (in a, of the states), of either sign."""
    in_x, in_a = -c.value_a, c.value_x - 1
    states = c.in_x * in_x[None] + c.in_a * in_a[None]
    weight = weights(c.states, box)
    size = jnp.sqrt((in_a / box.width) ** 2 + jnp.nanmax(jnp.abs(weight * states / box.height), axis=0) ** 2)
    return in_a / size, states / size[None]


def weights(states: Array, box: Box) -> Array:
    """What states count: 1 in the view, less the farther outside."""
    return 1 / (1 + jnp.maximum(jnp.abs(states - box.middle) / box.height - 0.5, 0))


def heights(box: Box) -> Any:
    """By what differences of states are divided."""
    return box.height


def away(rule: Rule, states: Array, others: Array) -> Array:
    """Differences of states, on a circle the shorter way round."""
    found: Array = difference(rule, states, others)
    return found


def seen(states: Array) -> Array:
    """The observed coordinate of states. Shape (most, n)."""
    return states


def is_halved(half: Array, side: Array) -> Array:
    """Whether x_{p/2} - x_0 has come to 0 or beyond since it was `side`; False where the period is odd: it is NaN there."""
    return half * side <= 0


def solved(family: Any, others: Any, x: Array, a: Array, period: Array, box: Box) -> tuple[Array, Array, Composed, Array]:
    """The nearest point of f^period(x) = x to (x, a), its composition, and whether it is one."""
    rule, index, most = family

    def gap(c: Composed, x: Array) -> tuple[Array, Array, Array, Array]:
        value = difference(rule, c.value, x)
        in_x, in_a = (c.value_x - 1) * box.height, c.value_a * box.width
        return value, in_x, in_a, in_x**2 + in_a**2

    def correct(_: Any, place: Any) -> Any:
        x, a = place
        value, in_x, in_a, square = gap(composed(rule, index, most, others, x, a, period), x)
        return x - value * in_x / square * box.height, a - value * in_a / square * box.width

    x, a = lax.fori_loop(0, 4, correct, (x, a))
    c = composed(rule, index, most, others, x, a, period)
    value, _, _, square = gap(c, x)
    return x, a, c, (jnp.abs(value) <= 1e-10 * jnp.sqrt(square)) | (jnp.abs(value) <= 8 * c.noise)
