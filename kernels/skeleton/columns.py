"""Cycles of all periods in several columns of a view: the zeros of f^p(x) - x by sign changes on a grid, polished.

A cycle of period p has p chances to be seen, one at each of its points in the view.
"""

from collections.abc import Generator
from typing import Any, NamedTuple

import numpy as np

from kernels.execution import jit, jnp, lax
from kernels.iteration import difference
from kernels.skeleton.composition import Family, composed, step
from kernels.types import Array, Floats, Rule

POINTS, FEW, MANY, MOST = 1536, 384, 8192, 16384
"""States in a column at which f^p(x) - x is evaluated; where there are many columns; in a column with many cycles, and with long ones."""

LONG = 8
"""Periods beyond which there are so many cycles that MOST states are needed."""

RESOLVED = 1 / 8
"""Share of the states with a sign change to the next from which zeros can lie unseen between two: such powers are left out."""

IN_A_STEP = 1 << 16, 4096
"""States that are evaluated, and zeros that are polished, between two places where a caller may stop."""

CROWDED = 1 / 8
"""Share of the states with a sign change to the next from which a column has many cycles."""

STEPS = 60
"""Most safeguarded Newton steps."""

SAME = 1e-7
"""Cycles of one period in one column whose points differ by less, relative to the height of the view, are one."""


class Cycles(NamedTuple):
    """Cycles: their column, period, the swept parameter, and the states (most, n), NaN from the period on; a point in view first.

    longest: the period up to which they were looked for; longer ones are too many.
    """

    column: Any
    period: Any
    a: Floats
    states: Floats
    longest: int


@jit(static_argnames=("rule", "index", "most"))
def _powers(rule: Rule, index: int, most: int, others: tuple[Array, ...], lanes: tuple[Array, ...], shared: Any) -> tuple[Array, Array]:
    """f^k(x) - x and its derivative, k = 1 … most. Shapes (most, n)."""
    x, a = lanes

    def compose(carry: Any, _: Any) -> Any:
        y, slope = carry
        value, factor, _sensitivity = step(rule, index, others, y, a)
        carry = value, factor * slope
        return carry, (difference(rule, value, x), carry[1] - 1)

    found: tuple[Array, Array] = lax.scan(compose, (x, jnp.ones_like(x)), None, length=most)[1]
    return found


@jit(static_argnames=("rule", "index", "most"))
def _polished(rule: Rule, index: int, most: int, others: tuple[Array, ...], lanes: tuple[Array, ...], shared: Any) -> tuple[Array, ...]:
    """The zero of f^period(x) - x between low and high, the orbit from it, and f^period(x) - x there with its noise."""
    low, high, side, a, period = lanes

    def sample(x: Array) -> tuple[Array, Array]:
        c = composed(rule, index, most, others, x, a, period)
        return difference(rule, c.value, x), c.value_x - 1

    def going(state: Any) -> Array:
        n, *_, done = state
        return (n < STEPS) & ~done.all()

    def improve(state: Any) -> Any:
        n, low, high, x, done = state
        value, slope = sample(x)
        below = jnp.sign(value) == side
        low, high = jnp.where(below, x, low), jnp.where(below, high, x)
        newton, middle = x - value / slope, low + (high - low) / 2
        inside = (newton > low) & (newton < high) & (n % 4 < 3)
        proposed = jnp.where(inside, newton, middle)
        over = done | (value == 0) | (jnp.abs(proposed - x) <= 4e-16 * jnp.abs(x))
        return n + 1, low, high, jnp.where(over, x, proposed), over

    x = lax.while_loop(going, improve, (0, low, high, low + (high - low) / 2, jnp.zeros(low.shape, bool)))[3]
    c = composed(rule, index, most, others, x, a, period)
    return x, c.states, difference(rule, c.value, x), c.noise


def cycles_in(family: Family, columns: Floats, low: float, high: float, most: int) -> Generator[None, None, Cycles]:
    """The cycles of periods up to `family.longest` with a point from `low` to `high`, at each value of the swept parameter in `columns`.

    Periods from that on of which a column has more than `most` are left out. A generator: it yields where a caller may stop.
    """
    pairs, longest = yield from _brackets(family, columns, np.linspace(low, high, POINTS if len(columns) < 64 else FEW), most)
    power, column, left, right, side = (np.concatenate(arrays) for arrays in zip(*pairs, strict=True))
    kept = power < longest
    power, column, left, right, side = (array[kept] for array in (power, column, left, right, side))
    if not len(power):
        return Cycles(column, power, columns[column], np.zeros((family.most, 0)), longest)
    lanes = left, right, side, columns[column], power + 1.0
    parts = []
    for first in range(0, len(power), IN_A_STEP[1]):
        parts.append(family.run(_polished, *(array[first : first + IN_A_STEP[1]] for array in lanes)))
        yield
    found, states, rest, noise = (np.concatenate(arrays, axis=-1) for arrays in zip(*parts, strict=True))
    height = high - low
    real = (np.abs(rest) <= 64 * noise + 1e-12 * height) & np.isfinite(found)
    return _distinct(family, column, (power + 1).astype(np.int64), columns[column], states, real, height)._replace(longest=longest)


def _brackets(family: Family, columns: Floats, x: Floats, most: int, chosen: Any = None) -> Generator[None, None, tuple[list[Any], int]]:
    """(power - 1, column, low, high, sign at low) of intervals with a zero of f^power(x) - x, in these columns; arrays in parts.

    And the longest power of which there are not too many.
    """
    chosen = np.arange(len(columns)) if chosen is None else chosen
    pairs: list[Any] = []
    longest, finest = family.longest, MANY if family.longest <= LONG else MOST
    crowded = []
    for part in np.array_split(chosen, -(-len(chosen) * len(x) // IN_A_STEP[0])):
        lanes = np.tile(x, len(part)), np.repeat(columns[part], len(x))
        gap, slope = (array.reshape(family.most, len(part), len(x)) for array in family.run(_powers, *lanes))
        crosses, touching = _crosses(gap), _touching(gap, slope, x)
        counts = crosses.sum(axis=2)
        many = (counts.max(axis=0) > CROWDED * len(x)) & (len(x) < finest)
        crosses[:, many] = False
        allowed = np.minimum(most * np.arange(1, family.most + 1), RESOLVED * len(x) if len(x) == finest else np.inf)
        over = np.flatnonzero((counts[:, ~many] > allowed[:, None]).any(axis=1))
        longest = min(longest, *over.tolist()) if len(over) else longest
        power, column, at = np.nonzero(crosses)
        pairs.append((power, part[column], x[at], x[at + 1], np.sign(gap[power, column, at])))
        for power, column, *rest in touching:
            kept = ~many[column]
            pairs.append((power[kept], part[column[kept]], *(array[kept] for array in rest)))
        crowded.append(part[many])
        yield
    again = np.concatenate(crowded)
    if len(again):
        more, shorter = yield from _brackets(family, columns, np.linspace(x[0], x[-1], finest), most, again)
        pairs, longest = pairs + more, min(longest, shorter)
    return pairs, longest


@np.errstate(all="ignore")
def _crosses(gap: Floats) -> Any:
    return (gap[..., :-1] * gap[..., 1:] < 0) | (gap[..., :-1] == 0)


@np.errstate(all="ignore")
def _touching(gap: Floats, slope: Floats, x: Floats) -> list[Any]:
    """Pairs of zeros between neighbouring points, where the cubic through both ends with their slopes comes to zero and goes back."""
    width = x[1] - x[0]
    left, right = gap[..., :-1], gap[..., 1:]
    towards = (left * right > 0) & (left * slope[..., :-1] < 0) & (right * slope[..., 1:] > 0)
    power, column, at = np.nonzero(towards)
    y0, y1 = left[power, column, at], right[power, column, at]
    d0, d1 = slope[power, column, at] * width, slope[power, column, at + 1] * width
    t = d0 / (d0 - d1)  # where the slope is zero, if it changes evenly
    value = y0 * (1 + 2 * t) * (1 - t) ** 2 + d0 * t * (1 - t) ** 2 + y1 * t**2 * (3 - 2 * t) + d1 * t**2 * (t - 1)
    both = value * y0 <= 0
    power, column, at, t, side = power[both], column[both], at[both], t[both], np.sign(y0[both])
    middle = x[at] + t * width
    return [(power, column, x[at], middle, side), (power, column, middle, x[at + 1], -side)]


@np.errstate(all="ignore")
def _distinct(family: Family, column: Any, period: Any, a: Floats, states: Floats, real: Any, height: float) -> Cycles:
    """The real ones among them, none of a shorter period than given, each cycle once."""
    circle = getattr(family.rule, "circumference", None)
    for shorter in range(1, family.most // 2 + 1):
        index = np.flatnonzero(real & (period % shorter == 0) & (period > shorter))
        back = states[shorter, index] - states[0, index]
        back = back if circle is None else back - circle * np.round(back / circle)
        real[index[np.abs(back) <= 1e-9 * (height + np.abs(states[0, index]))]] = False
    kept = np.flatnonzero(real)
    column, period, a, states = column[kept], period[kept], a[kept], states[:, kept]
    least = np.nanmin(states if circle is None else states % circle, axis=0) if len(kept) else np.empty(0)
    order = np.lexsort((least, period, column))
    new = np.ones(len(order), bool)
    near = np.diff(least[order]) <= SAME * height
    new[1:] = ~((np.diff(column[order]) == 0) & (np.diff(period[order]) == 0) & near)
    kept = order[new]
    return Cycles(column[kept], period[kept], a[kept], states[:, kept], family.most)
