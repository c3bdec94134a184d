"""Critical curves f^n(c)(a): the images of the critical points, along which the density of orbits has its ridges and edges."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from kernels.execution import jit, jnp, lax
from kernels.skeleton.composition import Family, step
from kernels.types import Array, Bools, Floats, Rule

IMAGES = 12
"""Images of each critical point."""

COLUMNS = 2048
"""Values of the parameter."""

COARSE, POINTS = 65, 257
"""Columns and states at which the sign of f' is looked at."""

MOST = 8
"""Critical points that are followed."""

HALVINGS = 54


@jit(static_argnames=("rule", "index", "most"))
def _slopes(rule: Rule, index: int, most: int, others: Any, lanes: Any, shared: Any) -> tuple[Array]:
    x, a = lanes
    return (step(rule, index, others, x, a)[1],)


@jit(static_argnames=("rule", "index", "most"))
def _images(rule: Rule, index: int, most: int, others: Any, lanes: Any, shared: Any) -> tuple[Array, Array]:
    """The place at which f' changes its sign between low and high, and its IMAGES images. Shapes (n,), (IMAGES, n)."""
    low, high, side, a = lanes

    def halve(_: Any, ends: Any) -> Any:
        low, high = ends
        middle = low + (high - low) / 2
        below = jnp.sign(step(rule, index, others, middle, a)[1]) == side
        return jnp.where(below, middle, low), jnp.where(below, high, middle)

    low, high = lax.fori_loop(0, HALVINGS, halve, (low, high))

    def once(y: Array, _: Any) -> Any:
        y = step(rule, index, others, y, a)[0]
        return y, y

    return low, lax.scan(once, low, None, length=IMAGES)[1]


class CriticalPoints:
    """The zeros, and the jumps, of f' in the interval `states`, for parameters from `left` to `right`.

    `number`: as many as the column has that has the most, up to MOST.
    """

    @np.errstate(all="ignore")
    def __init__(self, family: Family, left: float, right: float, states: tuple[float, float]) -> None:
        self._family, self._left, self._right = family, left, right
        coarse, self._x = np.linspace(left, right, COARSE), np.linspace(*states, POINTS)
        slopes = family.run(_slopes, np.tile(self._x, COARSE), np.repeat(coarse, POINTS))[0].reshape(COARSE, POINTS)
        self._sign = np.sign(np.where(slopes == 0, np.spacing(1.0), slopes))
        columns, self._at = np.nonzero(self._sign[:, :-1] * self._sign[:, 1:] < 0)
        self._counts = np.bincount(columns, minlength=COARSE)
        self._first = np.concatenate([[0], np.cumsum(self._counts)])
        self.number = min(MOST, int(self._counts.max(initial=0)))

    def brackets(self, rank: int, a: Floats) -> tuple[Floats, Floats, Floats, Bools]:
        """(low, high, sign of f' at low, whether there is one) of the critical point number `rank` at these parameters. Shapes (n,)."""
        place = np.clip((a - self._left) / (self._right - self._left) * (COARSE - 1), 0, COARSE - 1)
        near = np.rint(place).astype(np.int64)
        has = self._counts[near] > rank
        at = np.where(has, self._at[np.minimum(self._first[near] + rank, len(self._at) - 1)], 0)
        # In the nearest coarse column the sign changes between these; here it may do so one interval beside.
        low = np.maximum(at - 1, 0)
        return self._x[low], self._x[np.minimum(at + 2, POINTS - 1)], self._sign[near, low], has

    def run(self, low: Floats, high: Floats, side: Floats, a: Floats) -> list[Any]:
        """The places at which f' changes its sign between low and high, (n,), and their images (IMAGES, n)."""
        return self._family.run(_images, low, high, side, a)

    def at(self, a: float) -> Floats:
        """All critical points at a parameter. Shape (number,)."""
        found = []
        for rank in range(self.number):
            low, high, side, has = self.brackets(rank, np.array([a]))
            critical = self.run(low, high, side, np.array([a]))[0]
            found.append(np.where(has & (critical > low) & (critical < high), critical, np.nan))
        points: Floats = np.concatenate(found) if found else np.empty(0)
        return points[np.isfinite(points)]


@np.errstate(all="ignore")
def critical_curves(critical: CriticalPoints, left: float, right: float) -> Iterator[Any]:
    """None where a caller may stop, then (parameters (m,), images (curves, IMAGES, m)), NaN where a critical point does not exist."""
    a = np.linspace(left, right, COLUMNS)
    curves = []
    for rank in range(critical.number):
        low, high, side, has = critical.brackets(rank, a)
        found, images = critical.run(low, high, side, a)
        curves.append(np.where(has & (found > low) & (found < high), images, np.nan))
        yield None
    yield a, np.array(curves).reshape(-1, IMAGES, COLUMNS)
