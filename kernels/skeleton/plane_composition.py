"""f^p of maps of the plane and its derivatives, for many cycles of different periods at once; as `composition` of maps of the line."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

from kernels.execution import jax, jnp, lax
from kernels.iteration import circumferences
from kernels.skeleton.composition import with_swept
from kernels.types import Array, Rule


@dataclass(frozen=True)
class Swapped:
    """A rule of the plane with its coordinates in the other order."""

    rule: Rule

    def __call__(self, y: Array, x: Array, *parameters: Array) -> tuple[Array, Array]:
        """The next state."""
        one, other = self.rule(x, y, *parameters)
        return other, one

    @property
    def circumferences(self) -> tuple[float | None, ...]:
        """The circumference of each coordinate, None of one that is not an angle."""
        return circumferences(self.rule, 2)[::-1]


@lru_cache(maxsize=32)
def seen_along(rule: Rule, observed: int) -> Rule:
    """The rule with the observed coordinate first, the same object for the same arguments."""
    return Swapped(rule) if observed else rule


class PlaneComposed(NamedTuple):
    """f^p at z, and the orbit to it; lanes on the last axis.

    states (most, 2, n): z_0 … z_{p-1}, NaN from the period on; in_z (most, 2, 2, n), in_a (most, 2, n): their derivatives in z_0 and in a.
    value (2, n): z_p; value_z (2, 2, n), value_a (2, n): its derivatives. area (n,): the determinant of value_z, as the product of those of
    the steps. half (2, n): z_{p/2}, where the period is even, else NaN. noise (n,): bound on the rounding error of z_p.
    """

    states: Array
    in_z: Array
    in_a: Array
    value: Array
    value_z: Array
    value_a: Array
    area: Array
    half: Array
    noise: Array

    @property
    def slopes(self) -> Array:
        """Trace and determinant of the Jacobian of f^p. Shape (2, n)."""
        return jnp.stack([self.value_z[0, 0] + self.value_z[1, 1], self.area])


def step(rule: Rule, index: int, others: tuple[Array, ...], z: Array, a: Array) -> tuple[Array, Array, Array]:
    """(f (2, n), its Jacobian (2, 2, n), its derivative in the swept parameter (2, n)) at z and a."""

    def once(x: Array, y: Array, a: Array) -> Array:
        return jnp.stack(rule(x, y, *with_swept(index, others, a)))

    one, none = jnp.ones_like(a), jnp.zeros_like(a)
    at = z[0], z[1], a
    value, in_x = jax.jvp(once, at, (one, none, none))
    in_y, in_a = (jax.jvp(once, at, along)[1] for along in ((none, one, none), (none, none, one)))
    return value, jnp.stack([in_x, in_y], axis=1), in_a


def _where(on: Array, one: Array, other: Any) -> Array:
    """Of each lane one or the other."""
    return jnp.where(on.reshape((1,) * (one.ndim - 1) + on.shape), one, other)


def composed(rule: Rule, index: int, most: int, others: tuple[Array, ...], z: Array, a: Array, period: Array) -> PlaneComposed:
    """Evaluate f^period and its derivatives at states z (2, n) and parameters a (n,), of any period up to `most`."""
    epsilon = float(jnp.finfo(z.dtype).eps)

    def compose(carry: Any, k: Array) -> Any:
        state, in_z, in_a, area, noise, half = carry
        value, slope, sensitivity = step(rule, index, others, state, a)
        on = k < period
        seen = tuple(_where(on, each, jnp.nan) for each in (state, in_z, in_a))
        error = jnp.abs(slope).sum(axis=1).max(axis=0) * (noise + epsilon * jnp.abs(state).max(axis=0))
        later = (
            value,
            jnp.einsum("ijn,jkn->ikn", slope, in_z),
            jnp.einsum("ijn,jn->in", slope, in_a) + sensitivity,
            area * (slope[0, 0] * slope[1, 1] - slope[0, 1] * slope[1, 0]),
            error + epsilon * jnp.abs(value).max(axis=0),
        )
        state, in_z, in_a, area, noise = (_where(on, new, old) for new, old in zip(later, carry[:5], strict=True))
        return (state, in_z, in_a, area, noise, _where(2 * (k + 1) == period, state, half)), seen

    one, none = jnp.ones_like(a), jnp.zeros_like(a)
    unit = jnp.stack([jnp.stack([one, none]), jnp.stack([none, one])])
    start = z, unit, jnp.zeros_like(z), one, none, jnp.full_like(z, jnp.nan)
    (value, in_z, in_a, area, noise, half), (states, all_z, all_a) = lax.scan(compose, start, jnp.arange(most))
    return PlaneComposed(states, all_z, all_a, value, in_z, in_a, area, half, noise + epsilon * jnp.abs(z).max(axis=0))
