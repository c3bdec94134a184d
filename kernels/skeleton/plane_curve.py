"""Cycles of maps of the plane as points of a curve: the equations f^p(z) = z in state and parameter, and distances in window units.

As `line_curve` of maps of the line; of states (most, 2, n) the observed coordinate is the first.
"""

from typing import Any

from kernels.execution import jnp, lax
from kernels.iteration import differences
from kernels.skeleton.branch import Box
from kernels.skeleton.plane_composition import PlaneComposed, composed
from kernels.types import Array, Rule


def direction(c: PlaneComposed, box: Box) -> tuple[Array, Array]:
    """The branch's unit tangent (in a, of the states), of either sign: the vector that both equations' gradients are normal to."""
    x, y, in_a = _cross(*_gradients(c))
    x, y, along = (each[None, None] for each in (x, y, in_a))
    states = c.in_z[:, :, 0] * x + c.in_z[:, :, 1] * y + c.in_a * along
    length = jnp.nanmax(jnp.abs(weights(c.states, box) * states / heights(box)), axis=(0, 1))
    size = jnp.sqrt((in_a / box.width) ** 2 + length**2)
    return in_a / size, states / size[None, None]


def weights(states: Array, box: Box) -> Array:
    """What states count, both coordinates alike: 1 in the view, less the farther outside. Shape (most, 1, n)."""
    return 1 / (1 + jnp.maximum(jnp.abs(states[:, :1] - box.middle) / box.height - 0.5, 0))


def heights(box: Box) -> Array:
    """By what differences of states are divided. Shape (1, 2, 1)."""
    return jnp.stack([jnp.asarray(box.height), jnp.asarray(box.beside)])[None, :, None]


def away(rule: Rule, states: Array, others: Array) -> Array:
    """Differences of states (..., 2, n), of angles the shorter way round."""
    pairs = (tuple(each[..., k, :] for k in range(2)) for each in (states, others))
    return jnp.stack(differences(rule, *pairs), axis=-2)


def seen(states: Array) -> Array:
    """The observed coordinate of states. Shape (most, n)."""
    return states[..., 0, :]


def is_halved(half: Array, side: Array) -> Array:
    """Whether z_{p/2} - z_0 has come to 0 or beyond since it was `side`; False where the period is odd: it is NaN there."""
    return (half * side).sum(axis=0) <= 0


def solved(family: Any, others: Any, z: Array, a: Array, period: Array, box: Box) -> tuple[Array, Array, PlaneComposed, Array]:
    """The nearest point of f^period(z) = z to (z, a), its composition, and whether it is one."""
    rule, index, most = family
    scale = heights(box)[0]

    def gap(c: PlaneComposed, z: Array) -> tuple[Array, Array]:
        """(f^period(z) - z, the step in window units that takes it away)."""
        value = away(rule, c.value, z)
        one, other = _gradients(c)
        units = jnp.concatenate([jnp.broadcast_to(scale, z.shape), jnp.broadcast_to(box.width, (1, *a.shape))])
        one, other = one * units, other * units
        normal = _cross(one, other)
        square = (normal**2).sum(axis=0)
        return value, -(value[:1] * _cross(other, normal) + value[1:] * _cross(normal, one)) / square[None]

    def correct(_: Any, place: Any) -> Any:
        z, a = place
        step = gap(composed(rule, index, most, others, z, a, period), z)[1]
        return z + step[:2] * scale, a + step[2] * box.width

    z, a = lax.fori_loop(0, 4, correct, (z, a))
    c = composed(rule, index, most, others, z, a, period)
    value, step = gap(c, z)
    return z, a, c, (jnp.abs(step).max(axis=0) <= 1e-10) | (jnp.abs(value).max(axis=0) <= 8 * c.noise)


def _gradients(c: PlaneComposed) -> tuple[Array, Array]:
    """Derivatives of both parts of f^p(z) - z in x, y and a. Shapes (3, n)."""
    (a, b), (d, e) = c.value_z
    return jnp.stack([a - 1, b, c.value_a[0]]), jnp.stack([d, e - 1, c.value_a[1]])


def _cross(one: Array, other: Array) -> Array:
    (a, b, c), (d, e, f) = one, other
    return jnp.stack([b * f - c * e, c * d - a * f, a * e - b * d])
