"""Iterating differences from one orbit known in high precision: columns that float64 cannot tell apart, in float64.

The reference is the critical orbit U_0, U_1, … of a level's return map at the view's centre; a column's orbit is U_n + δ. The difference of
two values of a polynomial comes without cancellation from its divided difference. Where the orbit itself is nearer to the critical point
than its difference is large, it is counted from the reference's start again: so no digits are lost that could be seen.
K. I. Martin, Superfractalthing maths (2013); Zhuoran, rebasing (fractalforums.org, 2021).
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from flint import arb
from numpy.polynomial import polynomial
from numpy.typing import NDArray

from kernels.deep.level import Level
from kernels.deep.precision import middle, working
from kernels.deep.return_map import OUTSIDE, SHORTEST, filled
from kernels.execution import Layout, jit, jnp, lax
from kernels.iteration import LONGEST_PERIOD, Parameters, by_blocks, orbits, repeat, steps_if_active
from kernels.types import Array, Floats, State

LENGTH = 4096
"""Steps of the reference. Orbits seldom get that far: every window as wide as a pixel brings them back to its start before."""

NEAR = 2.0
"""An orbit nearer to the critical point than this many times its difference is counted from the start again. More than 1, for a reference
that itself returns to its start, in the middle of a window; a bit is lost at most."""

TINIEST = 1e-300
"""Added to a difference before it is divided by."""

AT_ONCE = 64
"""Steps of the reference between two places where a caller may stop."""


@dataclass(frozen=True, eq=False)
class Reference:
    """The reference orbit of a level and its polynomial.

    shared: the states U_n of the reference orbit, their differences from the critical point, and their positions in the view, from -1
    to 1; the coefficients of P_0; positions in the view per unit of u. table: [i][m], the coefficients of P_0 and of s^i, monomials of
    u, or of u² where the level is even. critical: the critical point followed, where the map has several. others: of the other critical
    points, where all are followed on the lowest level.
    """

    level: Level
    shared: tuple[Floats, ...]
    table: Floats
    critical: float | None = None
    others: "tuple[Reference, ...]" = ()

    def columns(self, s: Floats) -> NDArray[np.float64]:
        """What the columns at s add to P_0, coefficient by coefficient. Shape (coefficients, columns)."""
        found: NDArray[np.float64] = polynomial.polyval(s, self.table[1:]) * s
        return found

    def rule(self, s: Floats) -> "tuple[Difference, tuple[Floats, ...], tuple[Floats, ...]]":
        """(rule, its parameters of the columns at s, those that all columns share)."""
        values = filled(self.columns(s), SHORTEST)
        states, away, places, coefficients, unit = self.shared
        return Difference(self.level.even), values, (states, away, places, np.pad(coefficients, (0, len(values) - len(coefficients))), unit)

    @property
    def begin(self) -> tuple[float, float, float]:
        """The rule's state at the critical point."""
        return 0.0, 0.0, float(self.shared[2][0])


def reference(level: Level, centre: arb, half: arb, critical: float | None) -> Iterator[Reference | None]:
    """None where a caller may stop, then the reference. centre, half: of the view, in the level's u; critical: as of Reference."""
    states, away, places = np.zeros(LENGTH), np.zeros(LENGTH), np.zeros(LENGTH)
    u = level.critical
    for n in range(LENGTH):
        with working(level.fine):
            states[n], away[n], places[n] = float(u), float(middle(u - level.critical)), float(middle((u - centre) / half))
            u = level.value(u)
        if n % AT_ONCE == 0:
            yield None
    table = level.family(precise=True)
    with working(64):
        unit = float(1 / half)
    yield Reference(level, (states, away, places, table[0], np.array(unit)), table, critical)


@dataclass(frozen=True)
class Difference:
    """The rule of differences: (δ, n, place) to the next; parameters are what a column adds to P_0, then Reference.shared."""

    even: bool

    def __call__(self, delta: Array, n: Array, _: Array, *given: Array) -> State:
        """The next state; NaN where it has left the interval."""
        *added, states, away, places, coefficients, unit = given
        index = n.astype(jnp.int32)
        before = states[index]
        u = before + delta
        first, second = (before * before, u * u) if self.even else (before, u)
        value, divided, more = jnp.zeros_like(u), jnp.zeros_like(u), jnp.zeros_like(u)
        for m in range(coefficients.shape[0] - 1, -1, -1):
            divided = divided * second + value
            value = value * first + coefficients[m]
            more = more * second + added[m]
        step = delta * (2 * before + delta) if self.even else delta
        delta, index = step * divided + more, index + 1
        whole = away[index] + delta
        inside = jnp.abs(states[index] + delta) < OUTSIDE
        place = jnp.where(inside, places[index] + delta * unit, jnp.nan)
        again = (jnp.abs(whole) <= NEAR * jnp.abs(delta)) | (index == states.shape[0] - 1)
        return jnp.where(inside, jnp.where(again, whole, delta), jnp.nan), jnp.where(again, 0, index).astype(n.dtype), place

    def slope(self, state: State, given: Parameters) -> Array:
        """The derivative of the return map at a state."""
        *added, states, _, _, coefficients, _ = given
        u = states[state[1].astype(jnp.int32)] + state[0]
        z = u * u if self.even else u
        slope, value = jnp.zeros_like(u), jnp.zeros_like(u)
        for m in range(coefficients.shape[0] - 1, -1, -1):
            slope = slope * z + value
            value = value * z + coefficients[m] + added[m]
        return 2 * u * slope if self.even else slope

    def where(self, state: State, given: Parameters) -> Array:
        """The state u of the level, from the critical point."""
        return given[-4][state[1].astype(jnp.int32)] + state[0]


def block_products(rule: Difference, state: State, given: Parameters, mantissa: Array, times: Array) -> tuple[Array, Array, Array]:
    """As `orbits.block_derivative_products`, of one block of columns, or of one orbit."""

    def step(so_far: tuple[State, Array, Array, Array]) -> tuple[State, Array, Array, Array]:
        state, mantissa, exponent, skipped = so_far
        derivative = rule.slope(state, given)
        flat = derivative == 0
        mantissa, power = orbits.normalised(jnp.where(flat, mantissa, mantissa * derivative))
        return rule(*state, *given), mantissa, exponent + power, skipped + flat

    zeros = jnp.zeros(mantissa.shape, jnp.int32)
    _, *found = repeat(step, (state, mantissa, zeros, zeros), times)
    return found[0], found[1], found[2]


def block_periods(rule: Difference, begun: State, given: Parameters) -> tuple[Array, Array]:
    """As `periods`, of one block of columns, or of one orbit."""
    first = rule.where(begun, given)

    def look(p: Array, so_far: tuple[State, orbits.Search]) -> tuple[State, orbits.Search]:
        state, search = so_far
        derivative = rule.slope(state, given)
        state = rule(*state, *given)
        far = jnp.abs(rule.where(state, given) - first) / (1 + jnp.abs(first))
        near = jnp.abs(state[0] - begun[0]) / (jnp.abs(begun[0]) + TINIEST)
        return state, orbits.looked_at(p, jnp.where(state[1] == begun[1], near, far), derivative, search)

    last = steps_if_active(begun, jnp.int32(LONGEST_PERIOD)) + 1
    _, search = lax.fori_loop(1, last, look, (begun, orbits.search_from(first)))
    found: tuple[Array, Array] = orbits.found_in(search, first)
    return found


@jit(static_argnames=("rule", "layout"))
def periods(rule: Difference, layout: Layout, state: State, parameters: Parameters, shared: Parameters) -> tuple[Array, Array]:
    """As `orbits.periods`, of differences.

    States at one step of the reference are compared by their differences from it, as shares of these: so cycles are told apart in a
    window that is far smaller than what float64 resolves. Others are compared in the level's u.
    """

    def kernel(block: tuple[State, Parameters], shared: Parameters) -> tuple[Array, Array]:
        return block_periods(rule, block[0], (*block[1], *shared))

    found: tuple[Array, Array] = by_blocks(layout, kernel, (state, parameters), shared)
    return found
