"""Return maps as rules of JAX: polynomials whose coefficients are parameters, so that nothing is compiled while one zooms."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kernels.execution import jnp
from kernels.iteration import orbits
from kernels.types import Array, Floats, Rule, State

FEWEST, STEP, SHORTEST = 13, 8, 3
"""Coefficients are filled up with zeros to FEWEST, or to that and a multiple of STEP; to SHORTEST where that is enough for differences."""

OUTSIDE = 1.25
"""A state beyond this has left the return map's interval, where the polynomial says nothing; it may not come back."""


@dataclass(frozen=True)
class Polynomial:
    """The return map Σ c_k z^k, the constant coefficient first, with z = u, or z = u² where it is even; NaN where it is outside."""

    even: bool

    def __call__(self, u: Array, *coefficients: Array) -> Array:
        """The next state."""
        after = _sum(self._argument(u), coefficients)
        return jnp.where(jnp.abs(after) < OUTSIDE, after, jnp.nan)

    def derivative(self, u: Array, *coefficients: Array) -> Array:
        """Its derivative."""
        slope = _sum(self._argument(u), tuple(k * c for k, c in enumerate(coefficients) if k))
        return 2 * u * slope if self.even else slope

    def _argument(self, u: Array) -> Array:
        return u * u if self.even else u


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

    def slope(self, state: State, parameters: tuple[Array, ...]) -> Array:
        """The derivative of the return map at a state."""
        return orbits.value_and_derivative(self.rule, state[0], parameters[: self.coefficients])[1]


def _sum(z: Array, coefficients: tuple[Array, ...]) -> Array:
    total = coefficients[-1]
    for coefficient in coefficients[-2::-1]:
        total = total * z + coefficient
    return total


def filled(table: NDArray[Any], fewest: int = FEWEST) -> tuple[Floats, ...]:
    """The rows of the table, and zeros: few kernels serve all depths."""
    count = next(count for count in (fewest, FEWEST, -(-(len(table) - FEWEST) // STEP) * STEP + FEWEST) if count >= len(table))
    return (*table, *np.zeros((count - len(table), table.shape[1])))
