"""A map of the plane with values of its parameters: images, differences f^p(z) - z with their Jacobians, and Newton's method for them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from kernels.execution import jax, jit, jnp, lax
from kernels.phase_plane.counting import Wraps
from kernels.phase_plane.cycles.intervals import Program
from kernels.types import Array, Floats, Rule

CANDIDATES = 256
"""Points of one call."""

NEWTON_STEPS = 40


@dataclass(frozen=True)
class Mapping:
    """A rule with the values of its parameters, the periods of its coordinates (0: no angle), and its interval program."""

    rule: Rule
    values: tuple[float, ...]
    wraps: Wraps
    program: Program

    def polished(self, points: Floats, period: int) -> tuple[Floats, Floats, Floats]:
        """Newton's method for f^p(z) = z from points (2, n): (solutions (2, n), last steps (n,), Jacobians (5, n)).

        A Jacobian of f^p is its four entries and its determinant, which is the product of those of the steps: the entries would lose it.
        """
        found = self._polished(points, period, NEWTON_STEPS)
        return found[:2], found[2], found[5:]

    def differences(self, points: Floats, period: int) -> Floats:
        """Of points (2, n): f^p(z) - z, of angles the shorter way round, and the Jacobian of f^p as of `polished`. Shape (7, n)."""
        return self._polished(points, period, 0)[3:]

    def _polished(self, points: Floats, period: int, times: int) -> Floats:
        counts = np.int32(period), np.int32(times)
        return _in_parts(points, 10, lambda x, y: polish(self.rule, self.wraps, x, y, self._traced, counts))

    def images(self, points: Floats) -> Floats:
        """The images of points. Shapes (2, n)."""
        return _in_parts(points, 2, lambda x, y: step(self.rule, x, y, self._traced))

    @property
    def _traced(self) -> tuple[Any, ...]:
        return tuple(map(np.float64, self.values))

    def turned(self, differences: Floats) -> Floats:
        """Differences of states (2, ...), of angles the shorter way round."""
        return np.stack([d - period * np.round(d / period) if period else d for d, period in zip(differences, self.wraps, strict=True)])


def _in_parts(points: Floats, rows: int, kernel: Callable[[Any, Any], Any]) -> Floats:
    """What the kernel gives for points (2, n), in parts of one size, so that it is compiled once. Shape (rows, n)."""
    n, found = points.shape[1], [np.empty((rows, 0))]
    for first in range(0, n, CANDIDATES):
        part = points[:, first : first + CANDIDATES]
        padded = np.full((2, CANDIDATES), np.nan)
        padded[:, : part.shape[1]] = part
        found.append(np.stack(kernel(*padded))[:, : part.shape[1]])
    return np.concatenate(found, axis=1)


@jit(static_argnames=("rule",))
def step(rule: Rule, x: Array, y: Array, values: tuple[Any, ...]) -> tuple[Array, Array]:
    """The images of states. Shapes (n,)."""
    ahead: tuple[Array, Array] = rule(x, y, *values)
    return ahead


@jit(static_argnames=("rule", "wraps"))
def polish(rule: Rule, wraps: Wraps, x: Array, y: Array, values: tuple[Any, ...], counts: tuple[Array, Array]) -> tuple[Array, ...]:
    """(x, y, size of the last step, then seven arrays as of `Mapping.differences`) after Newton's method; counts: (period, its steps)."""
    period, times = counts

    def newton(_: Array, state: Any) -> Any:
        x, y, _size = state
        dx, dy, a, b, c, d, _area = _followed(rule, wraps, x, y, values, period)
        determinant = (a - 1) * (d - 1) - b * c
        step_x, step_y = ((d - 1) * dx - b * dy) / determinant, ((a - 1) * dy - c * dx) / determinant
        return x - step_x, y - step_y, jnp.maximum(jnp.abs(step_x), jnp.abs(step_y))

    x, y, size = lax.fori_loop(0, times, newton, (x, y, jnp.full_like(x, jnp.inf)))
    return (x, y, size, *_followed(rule, wraps, x, y, values, period))


def _followed(rule: Rule, wraps: Wraps, x: Array, y: Array, values: tuple[Any, ...], period: Array) -> tuple[Array, ...]:
    """(f^p(z) - z, the Jacobian of f^p and its determinant): seven arrays."""
    one, none = jnp.ones_like(x), jnp.zeros_like(x)

    def image(x: Array, y: Array) -> Any:
        return rule(x, y, *values)

    def turn(value: Array, period: float) -> Array:
        return value - period * jnp.round(value / period) if period else value

    def step(_: Array, state: Any) -> Any:
        z, (a, b, c, d), area = state
        found, (p, r) = jax.jvp(image, z, (one, none))
        q, s = jax.jvp(image, z, (none, one))[1]
        return found, (p * a + q * c, p * b + q * d, r * a + s * c, r * b + s * d), area * (p * s - q * r)

    (fx, fy), jacobian, area = lax.fori_loop(0, period, step, ((x, y), (one, none, none, one), one))
    return turn(fx - x, wraps[0]), turn(fy - y, wraps[1]), *jacobian, area
