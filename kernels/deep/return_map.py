"""Return maps as rules of JAX: polynomials whose coefficients are parameters, so that nothing is compiled while one zooms."""

from dataclasses import dataclass

from kernels.execution import jnp
from kernels.types import Array, Rule

OUTSIDE = 1.25
"""A state beyond this has left the return map's interval, where the polynomial says nothing; it may not come back."""


def polynomial(u: Array, *coefficients: Array) -> Array:
    """Σ c_k u^k, the constant coefficient first; NaN where it is outside."""
    return _inside(_sum(u, coefficients))


def even_polynomial(u: Array, *coefficients: Array) -> Array:
    """Σ c_k u^(2k), the constant coefficient first; NaN where it is outside."""
    return _inside(_sum(u * u, coefficients))


@dataclass(frozen=True)
class Seen:
    """A return map with what is seen of its states: (u, place) to the next u, and its place in the view, from -1 to 1.

    rule: the return map, of so many `coefficients`; the parameters after these are the coefficients of the place.
    """

    rule: Rule
    coefficients: int

    def __call__(self, u: Array, _: Array, *parameters: Array) -> tuple[Array, Array]:
        """The next state."""
        after = self.rule(u, *parameters[: self.coefficients])
        return after, _sum(after, parameters[self.coefficients :])


def _sum(z: Array, coefficients: tuple[Array, ...]) -> Array:
    total = coefficients[-1]
    for coefficient in coefficients[-2::-1]:
        total = total * z + coefficient
    return total


def _inside(u: Array) -> Array:
    return jnp.where(jnp.abs(u) < OUTSIDE, u, jnp.nan)
