"""Objectives as sums of squares Σ w r²: each function returns the weights w and the residuals r, two arrays of the same length.

The weights are apart so that a negative parameter has no square root.
"""

from typing import Any

from kernels.execution import jnp
from kernels.iteration import sinpi
from kernels.types import Array

Squares = tuple[Array, Array]


def _listed(x: Array, *pairs: tuple[float, Array]) -> Squares:
    """Pairs (weight, residual) as two arrays."""
    return jnp.array([weight for weight, _ in pairs], x.dtype), jnp.stack([residual for _, residual in pairs])


def rosenbrock(x: Array, a: Any = 1.0, b: Any = 100.0) -> Squares:
    """Of the valleys' floors, and of the distances along them."""
    ones = jnp.ones_like(x[1:])
    return jnp.concatenate([b * ones, ones]), jnp.concatenate([x[1:] - x[:-1] ** 2, a - x[:-1]])


def himmelblau(x: Array) -> Squares:
    """Two parabolas."""
    return _listed(x, (1.0, x[0] ** 2 + x[1] - 11), (1.0, x[0] + x[1] ** 2 - 7))


def beale(x: Array) -> Squares:
    """Three residuals."""
    a, b = x[0], x[1]
    return _listed(x, (1.0, 1.5 - a * (1 - b)), (1.0, 2.25 - a * (1 - b**2)), (1.0, 2.625 - a * (1 - b**3)))


def booth(x: Array) -> Squares:
    """Two lines."""
    return _listed(x, (1.0, x[0] + 2 * x[1] - 7), (1.0, 2 * x[0] + x[1] - 5))


def wood(x: Array) -> Squares:
    """Six residuals, as Moré, Garbow and Hillstrom give them."""
    a, b, c, d = x[0], x[1], x[2], x[3]
    valleys = ((100.0, b - a**2), (1.0, 1 - a), (90.0, d - c**2), (1.0, 1 - c))
    return _listed(x, *valleys, (10.0, b + d - 2), (0.1, b - d))


def powell_singular(x: Array) -> Squares:
    """Four residuals."""
    a, b, c, d = x[0], x[1], x[2], x[3]
    return _listed(x, (1.0, a + 10 * b), (5.0, c - d), (1.0, (b - 2 * c) ** 2), (10.0, (a - d) ** 2))


def freudenstein_roth(x: Array) -> Squares:
    """Two cubics."""
    a, b = x[0], x[1]
    return _listed(x, (1.0, -13 + a + ((5 - b) * b - 2) * b), (1.0, -29 + a + ((b + 1) * b - 14) * b))


def brown_badly_scaled(x: Array) -> Squares:
    """Three residuals."""
    return _listed(x, (1.0, x[0] - 1e6), (1.0, x[1] - 2e-6), (1.0, x[0] * x[1] - 2))


def quartic(x: Array) -> Squares:
    """The square of x²."""
    return _listed(x, (1.0, x[0] ** 2))


def ill_conditioned(x: Array, kappa: Any = 1e3) -> Squares:
    """The coordinates, weighted."""
    return kappa ** jnp.linspace(0.0, 1.0, x.size, dtype=x.dtype) / 2, x


def rastrigin(x: Array) -> Squares:
    """The coordinates and, since 1 − cos 2πx = 2 sin² πx, sines."""
    ones = jnp.ones_like(x)
    return jnp.concatenate([ones, 20 * ones]), jnp.concatenate([x, sinpi(x)])
