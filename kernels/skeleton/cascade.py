"""Cascades of period doublings: the parameters at which a cycle doubles again and again, their ratios, and where they accumulate."""

from collections.abc import Generator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from kernels.execution import jax, jit, jnp, lax
from kernels.skeleton.composition import Family, step, with_swept
from kernels.skeleton.named import NamedPoint
from kernels.types import Array, Rule

LONGEST = 4096
"""The longest period at whose doubling a cascade is followed."""

LANES = (8,)
"""Numbers of lanes in a call, as of Family.run."""

STEPS = 10
"""Newton steps."""

DELTA, ALPHA = 4.669201609102990671853, 2.502907875095892822283
"""Feigenbaum's constants, by which the next doubling is guessed."""

TOLERANCE = 0.1
"""A doubling counts if it is as near to its guess, relative to its distance from the last one."""


@dataclass(frozen=True)
class Cascade:
    """Doublings one after the other.

    periods: of the cycles that double. parameters: at which they do. errors: estimates of their rounding errors. ratios: of each distance
    between doublings to the next one, which tend to Feigenbaum's delta; two fewer. widths: how far the cycle's nearest point is from the
    critical point, at each doubling from the second on, relative to the next one, which tends to alpha; two fewer. accumulation: where
    the doublings tend to, extrapolated from the last ratios, with the estimate `accumulation_error`.
    """

    periods: tuple[int, ...]
    parameters: tuple[float, ...]
    errors: tuple[float, ...]
    ratios: tuple[float, ...]
    widths: tuple[float, ...]
    accumulation: float
    accumulation_error: float


@jit(static_argnames=("rule", "index", "most"))
def _doubling(rule: Rule, index: int, most: int, others: Any, lanes: tuple[Array, ...], shared: Any) -> tuple[Array, ...]:
    """Solve f^period(x) = x with slope -1 from (x, a): x, a, their last changes, and the slope's distance from -1; and f' = 0 from x."""
    x, a, period = lanes

    def jet(y: Array, a: Array) -> tuple[Array, ...]:
        """F, f', its derivative in a, and those of f' in x and in a."""

        def slope(y: Array, a: Array) -> Array:
            return jax.jvp(lambda y: rule(y, *with_swept(index, others, a)), (y,), (jnp.ones_like(y),))[1]

        value, first, in_a = step(rule, index, others, y, a)
        one, none = jnp.ones_like(y), jnp.zeros_like(y)
        return value, first, in_a, jax.jvp(slope, (y, a), (one, none))[1], jax.jvp(slope, (y, a), (none, one))[1]

    def compose(_: Any, state: Any) -> Any:
        y, in_x, in_a, in_xx, in_xa, a = state
        value, first, sensitivity, second, mixed = jet(y, a)
        bent = second * in_x * in_x + first * in_xx
        return value, first * in_x, first * in_a + sensitivity, bent, (second * in_a + mixed) * in_x + first * in_xa, a

    def improve(_: Any, state: Any) -> Any:
        x, a, *_changes = state
        one, none = jnp.ones_like(x), jnp.zeros_like(x)
        y, in_x, in_a, in_xx, in_xa, _ = lax.fori_loop(0, period[0].astype(jnp.int32), compose, (x, one, none, none, none, a))
        r, s = y - x, in_x + 1
        size = (in_x - 1) * in_xa - in_a * in_xx
        dx, da = (r * in_xa - s * in_a) / size, (s * (in_x - 1) - r * in_xx) / size
        return x - dx, a - da, jnp.abs(dx), jnp.abs(da), jnp.abs(s)

    none = jnp.zeros_like(x)
    found = lax.fori_loop(0, STEPS, improve, (x, a, none, none, none))

    def critical(_: Any, c: Array) -> Array:
        _, first, _, second, _ = jet(c, found[1])
        return c - first / second

    return (*found, lax.fori_loop(0, STEPS, critical, found[0]))


@np.errstate(all="ignore")
def cascades(family: Family, named: Sequence[NamedPoint]) -> Generator[None, None, tuple[Cascade, ...]]:
    """The cascades of which the first two doublings are among the named points. A generator: it yields where a caller may stop."""
    doublings = [point for point in named if point.kind == "period-doubling"]
    found = []
    for first in doublings:
        later = [p for p in doublings if p.period == 2 * first.period]
        second = min(later, key=lambda p: abs(p.parameter - first.parameter), default=None)
        if second is None or any(2 * p.period == first.period and _leads(p, first, doublings) for p in doublings):
            continue
        if _leads(first, second, doublings):
            found.append((yield from _followed(family, first, second)))
    return tuple(cascade for cascade in found if cascade is not None)


def _leads(first: NamedPoint, second: NamedPoint, doublings: Sequence[NamedPoint]) -> bool:
    """Whether, of all doublings of its period, the first is the nearest to the second."""
    same = [p for p in doublings if p.period == first.period]
    return min(same, key=lambda p: abs(p.parameter - second.parameter)) is first


def _followed(family: Family, first: NamedPoint, second: NamedPoint) -> Generator[None, None, Cascade | None]:
    parameters, errors = [first.parameter, second.parameter], [first.error, second.error]
    periods = [first.period, second.period]
    x, critical = _nearest_critical(family, second)
    distances_from = [x - critical]
    while 2 * periods[-1] <= LONGEST and abs(parameters[-1] - parameters[-2]) > 1e6 * np.spacing(abs(parameters[-1])):
        way = (parameters[-1] - parameters[-2]) / DELTA
        x, period = critical - (x - critical) / ALPHA, 2 * periods[-1]
        solved = _solve(family, x, parameters[-1] + way, period)
        yield
        if solved is None or abs(solved[1] - parameters[-1] - way) > TOLERANCE * abs(way):
            break
        x, a, error, critical = solved
        parameters.append(a)
        errors.append(error)
        periods.append(period)
        distances_from.append(x - critical)
    if len(parameters) < 5:
        return None
    distances, away = np.diff(parameters), np.abs(distances_from)
    ratios = distances[:-1] / distances[1:]
    limits = np.array(parameters[2:]) + distances[1:] / (ratios - 1)
    changes = np.abs(np.diff(limits))
    best = int(np.argmin(changes))
    # The last doubling and the two distances before it are rounded.
    rounding = 16 * np.spacing(abs(limits[best + 1])) + 4 * max(errors[best + 1 : best + 4])
    widths = tuple((away[:-1] / away[1:]).tolist())
    known = tuple(periods), tuple(parameters), tuple(errors), tuple(ratios.tolist()), widths
    return Cascade(*known, float(limits[best + 1]), float(changes[best] + rounding))


def _nearest_critical(family: Family, point: NamedPoint) -> tuple[float, float]:
    """(the state of the cycle that is nearest to a critical point, that point)."""
    states = np.array(point.states)
    lanes = states, np.full(len(states), point.parameter), np.full(len(states), float(point.period))
    critical = family.run(_doubling, *lanes, sizes=LANES)[5]
    best = int(np.nanargmin(np.abs(critical - states)))
    return float(states[best]), float(critical[best])


def _solve(family: Family, x: float, a: float, period: int) -> tuple[float, float, float, float] | None:
    """(state, parameter, its error, critical point) of the doubling of this period near (x, a); None where there is none."""
    lanes = (np.array([value]) for value in (x, a, float(period)))
    x, a, _, da, rest, critical = (float(array[0]) for array in family.run(_doubling, *lanes, sizes=LANES))
    error = 4 * da + 2 * float(np.spacing(abs(a)))
    return (x, a, error, critical) if np.isfinite([x, a, critical]).all() and rest < 1e-4 and error < 1e-10 * (1 + abs(a)) else None
