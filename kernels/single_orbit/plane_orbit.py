"""A single orbit of a map of the plane: states, period, multiplier and both Lyapunov exponents."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from kernels.execution import batching, devices, jit, jnp
from kernels.formulas import escape
from kernels.iteration import DIVERGED, UNDEFINED, orbits, plane
from kernels.types import Array, Floats, Rule, State, Values


@dataclass(frozen=True, eq=False)
class PlaneOrbit:
    """first: the states from the start on, settled: those after the transient, rows x and y. The rest as in the bifurcation diagram."""

    first: Floats
    settled: Floats
    period: int
    multiplier: float
    spectrum: tuple[float, float]


def follow(rule: Rule, origin: tuple[float, ...], values: Values, transient: int, lengths: tuple[int, int]) -> Iterator[PlaneOrbit | None]:
    """None during a long transient, where a caller may stop, then the orbit; `lengths` of `first` and `settled`."""
    parameters: tuple[Any, ...] = tuple(np.float64(value) for value in values)
    state: tuple[Any, ...] = tuple(np.float64(part) for part in origin)
    first = np.stack(orbits.orbit(rule, state, parameters, lengths[0]))
    left, before = transient, state
    if escape.state_has_no_value(rule, tuple(np.array([part]) for part in origin), parameters)[0]:
        state = (np.float64(np.nan),) * 2
    while left > 0:
        steps, before = min(left, batching.batch_size("plane orbit", 1)), state
        with batching.record_duration("plane orbit", steps, lambda: 1):
            state = _later(rule, state, parameters, np.int32(steps))
        left = left - steps if np.isfinite(state).all() else 0
        yield None
    settled, growth, along, found = _settled(rule, state, parameters, lengths[1])
    states = np.stack(settled)
    lost = 0 if np.isfinite(states[:, -1]).all() else _exit(rule, states[:, -1], before, values, transient + lengths[1])
    yield _judged(first, states, lost, growth, along, found)


def _judged(first: Floats, states: Floats, lost: int, growth: Any, along: State, found: Any) -> PlaneOrbit:
    tangent, stretched, mantissa, folded = (tuple(part) if isinstance(part, tuple) else np.asarray(part) for part in growth)
    period, multiplier, determinant = map(np.asarray, found)
    period = np.asarray(lost or period)
    (stretched, flat), (folded, singular) = plane.powers(stretched), plane.powers(folded)
    steps, size = states.shape[1] - plane.ALIGNED, np.hypot(*map(np.asarray, along))
    largest = orbits.lyapunov(plane.stretching(tangent, size, stretched), steps, flat, period, multiplier)
    both = orbits.lyapunov(orbits.logarithm(mantissa, folded), steps, singular, period, determinant)
    high, low = plane.spectrum(largest, both).tolist()
    return PlaneOrbit(first, states, int(period), float(multiplier), (high, low))


def _exit(rule: Rule, last: Floats, before: tuple[Any, ...], values: Values, steps: int) -> int:
    """UNDEFINED or DIVERGED for an orbit from the state `before` to `last`, which is not finite."""
    if not escape.state_may_be_lost(rule, tuple(np.array([part]) for part in last))[0]:
        return DIVERGED
    layout = devices.layout(1, steps)
    x, y, *parameters = layout.shard_all(*(np.array([float(value)]) for value in (*before, *values)))
    found = escape.last_finite_state(rule, layout, (x, y), tuple(parameters), np.int32(min(steps, 2**31 - 64)))
    reached, image = (tuple(layout.gather(part, 1) for part in state) for state in found)
    (kind,) = escape.state_exits(rule, reached, image, tuple(np.array([value]) for value in values))
    return DIVERGED if kind == escape.Exit.DIVERGED else UNDEFINED


@jit(static_argnames=("rule",))
def _later(rule: Rule, state: State, parameters: tuple[Array, ...], times: Array) -> State:
    later: State = orbits.repeat(lambda state: orbits.iterated(rule, state, parameters), state, times)
    return later


@jit(static_argnames=("rule", "length"))
def _settled(rule: Rule, state: State, parameters: tuple[Array, ...], length: int) -> tuple[State, plane.Growth, State, Any]:
    """(states, the growth along them from the state ALIGNED on, the tangent vector there, what `plane.periods` finds from the last one)."""
    settled = orbits.orbit(rule, state, parameters, length)
    x, y = settled
    along = plane.block_tangent_products(rule, state, parameters, plane.begin_growth(state), jnp.int32(plane.ALIGNED))[1][0]
    later = x[plane.ALIGNED], y[plane.ALIGNED]
    steps = jnp.int32(length - plane.ALIGNED)
    growth = plane.block_tangent_products(rule, later, parameters, plane.begin_growth(later, along), steps)[1]
    return settled, growth, along, plane.block_periods(rule, (x[-1], y[-1]), parameters)
