"""Cycles of maps of the plane in several columns of a view, by Newton's method from many initial points.

Initial points are those of a grid over the usual window of states and of the attracting orbit, by which the cycles lie that are embedded
in it. Unlike the search on the line this may miss cycles, of long periods above all.
"""

from collections.abc import Generator
from typing import Any

import numpy as np

from kernels.execution import jit, jnp, lax
from kernels.iteration import circumferences
from kernels.skeleton.columns import Cycles
from kernels.skeleton.composition import Family
from kernels.skeleton.plane_composition import composed, step
from kernels.skeleton.plane_curve import away
from kernels.types import Array, Floats, Rule

SIDE, ORBIT = 12, 112
"""Initial points along each side of the grid, and on the orbit."""

TRANSIENT = 400
"""Steps of the orbit before the first of its points."""

STEPS = 24
"""Newton steps."""

SAME = 1e-6
"""Solutions nearer to one another than this, relative to the window of states, are one."""


@jit(static_argnames=("rule", "index", "most"))
def _orbits(rule: Rule, index: int, most: int, others: Any, lanes: Any, shared: Any) -> tuple[Array]:
    """ORBIT states of the orbit from z at each a, after a transient. Shape (ORBIT, 2, n)."""
    z, a = lanes

    def once(z: Array, _: Any) -> Any:
        z = step(rule, index, others, z, a)[0]
        return z, z

    return (lax.scan(once, lax.fori_loop(0, TRANSIENT, lambda _, z: once(z, None)[0], z), None, length=ORBIT)[1],)


@jit(static_argnames=("rule", "index", "most"))
def _polished(rule: Rule, index: int, most: int, others: Any, lanes: Any, shared: Any) -> tuple[Array, ...]:
    """Newton's method for f^period(z) = z: the orbit of what it arrives at, what remains there, and its noise."""
    z, a, period = lanes
    reach = jnp.stack(shared)[:, None] / 4

    def improve(_: Any, z: Array) -> Array:
        c = composed(rule, index, most, others, z, a, period)
        value = away(rule, c.value, z)
        (p, q), (r, s) = c.value_z
        p, s = p - 1, s - 1
        size = p * s - q * r
        change = jnp.stack([s * value[0] - q * value[1], p * value[1] - r * value[0]]) / size[None]
        return z - change / jnp.maximum(1, (jnp.abs(change) / reach).max(axis=0))[None]

    c = composed(rule, index, most, others, lax.fori_loop(0, STEPS, improve, z), a, period)
    return c.states, jnp.abs(away(rule, c.value, c.states[0])).max(axis=0), c.noise


@np.errstate(all="ignore")
def cycles_in(family: Family, columns: Floats, low: float, high: float, window: Any, origin: Floats) -> Generator[None, None, Cycles]:
    """The cycles of periods up to `family.longest` with a point from `low` to `high`, at each value of the swept parameter in `columns`.

    window: (low, high) of the observed coordinate and of the other one. origin: initial condition of the orbit, (2,). States of the result
    have the shape (most, 2, n). A generator: it yields where a caller may stop.
    """
    window = np.array(window, np.float64)
    sizes = np.diff(window)[:, 0]
    (orbits,) = family.run(_orbits, np.tile(origin[:, None], len(columns)), columns, sizes=(32,))
    middles = (np.arange(SIDE) + 0.5) / SIDE
    grid = np.stack(np.meshgrid(*(low + size * middles for (low, _), size in zip(window, sizes, strict=True)))).reshape(2, -1)
    found = []
    for number, a in enumerate(columns.tolist()):
        starts = np.concatenate([grid, orbits[..., number].T], axis=1)
        count = starts.shape[1]
        for period in range(1, family.longest + 1):
            lanes = starts, np.full(count, a), np.full(count, float(period))
            states, rest, noise = family.run(_polished, *lanes, shared=tuple(sizes), sizes=(count,))
            real = (rest <= 64 * noise + 1e-12 * sizes.max()) & np.isfinite(states[0]).all(axis=0)
            for cycle in _distinct(family, states[..., real], period, sizes):
                if ((cycle[:period, 0] >= low) & (cycle[:period, 0] <= high)).any():
                    found.append((number, period, a, cycle))
            yield
    if not found:
        return Cycles(np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0), np.zeros((family.most, 2, 0)), family.longest)
    numbers, periods, parameters, cycles = zip(*found, strict=True)
    return Cycles(np.array(numbers), np.array(periods), np.array(parameters), np.stack(cycles, axis=-1), family.longest)


def _distinct(family: Family, states: Floats, period: int, sizes: Floats) -> list[Floats]:
    """Each cycle of this least period once, of states (most, 2, n): arrays (most, 2)."""
    turns = circumferences(family.rule, 2)
    at = np.stack([x if turn is None else x % turn for x, turn in zip(states[0], turns, strict=True)])
    _, first = np.unique(np.round(at / (SAME * sizes[:, None])), axis=1, return_index=True)
    kept: list[Floats] = []
    known = np.zeros((2, 0))
    for n in first.tolist():
        orbit = states[:period, :, n].T
        apart = np.abs(away_of(family, orbit[:, 1:], orbit[:, :1])) / sizes[:, None]
        shorter = any(apart[:, k - 1].max() <= SAME for k in range(1, period) if period % k == 0)
        near = (np.abs(away_of(family, known, orbit[:, :1])) <= 4 * SAME * sizes[:, None]).all(axis=0)
        if not shorter and not near.any():
            kept.append(states[..., n])
            known = np.concatenate([known, orbit], axis=1)
    return kept


def away_of(family: Family, states: Floats, others: Floats) -> Floats:
    """Differences of states (2, n), of angles the shorter way round."""
    away = states - others
    turns = circumferences(family.rule, 2)
    return np.stack([d if turn is None else d - turn * np.round(d / turn) for d, turn in zip(away, turns, strict=True)])
