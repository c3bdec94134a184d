"""Critical curves f^n(c)(a): the images of the critical points, along which the density of orbits has its ridges and edges."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from kernels.execution import jit, jnp, lax
from kernels.skeleton.composition import Family, step
from kernels.types import Array, Rule

IMAGES = 12
"""Images of each critical point."""

COLUMNS = 2048
"""Values of the parameter."""

COARSE, POINTS = 65, 257
"""Columns and states at which the sign of f' is looked at."""

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


@np.errstate(all="ignore")
def critical_curves(family: Family, left: float, right: float, states: tuple[float, float]) -> Iterator[Any]:
    """None where a caller may stop, then (parameters (m,), images (curves, IMAGES, m)), NaN where a critical point does not exist.

    Critical points are the zeros, and the jumps, of f' in the interval `states`, up to as many as the column has that has the most.
    """
    coarse, x = np.linspace(left, right, COARSE), np.linspace(*states, POINTS)
    slopes = family.run(_slopes, np.tile(x, COARSE), np.repeat(coarse, POINTS))[0].reshape(COARSE, POINTS)
    yield None
    sign = np.sign(np.where(slopes == 0, np.spacing(1.0), slopes))
    columns, at = np.nonzero(sign[:, :-1] * sign[:, 1:] < 0)
    number = np.bincount(columns, minlength=COARSE)
    a = np.linspace(left, right, COLUMNS)
    near = np.rint((a - left) / (right - left) * (COARSE - 1)).astype(np.int64)
    curves = []
    first = np.concatenate([[0], np.cumsum(number)])
    for rank in range(min(8, int(number.max(initial=0)))):
        has = number[near] > rank
        place = at[np.minimum(first[near] + rank, len(at) - 1)]
        place = np.where(has, place, 0)
        # In the nearest coarse column the sign changes between these; here it may do so one interval beside.
        low, high = x[np.maximum(place - 1, 0)], x[np.minimum(place + 2, POINTS - 1)]
        critical, images = family.run(_images, low, high, sign[near, np.maximum(place - 1, 0)], a)
        curves.append(np.where(has & (critical > low) & (critical < high), images, np.nan))
        yield None
    yield a, np.array(curves).reshape(-1, IMAGES, COLUMNS)
