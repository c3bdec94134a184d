"""The orbit of a column too close to its neighbours for float64: by the view's return map, or by differences from its centre."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from kernels.execution import batching, jit, jnp
from kernels.geometry import Grid
from kernels.iteration import orbits
from kernels.types import Array, Floats, State

if TYPE_CHECKING:
    from kernels.deep import DeepView, Reference

CURVE = 2001
"""Number of points of the return map's graph."""


@dataclass(frozen=True)
class Below:
    """A column of a diagram that float64 does not resolve: the diagram's grid, the swept parameter, and its value, within the view.

    Raises ValueError, in one line, where the value is not within the view: the return map is that of the view only.
    """

    grid: Grid
    sweep: str
    at: Decimal

    def __post_init__(self) -> None:
        if not 0 <= self.grid.viewport.u_of(self.at) <= 1:
            raise ValueError(f"{self.sweep} = {self.at} lies outside the view, whose return map is followed; pin a column within it")

    @property
    def share(self) -> float:
        """Where the column is: from -1 at the left end of the view to 1 at its right end."""
        return 2 * self.grid.viewport.u_of(self.at) - 1


@dataclass(frozen=True, eq=False)
class Returned:
    """The orbit of the critical point. series, settled: its states from the start, and after the transient.

    iterations: of the map, one step. Where that is more than 1, states are u, with x = origin + unit * u, and `curve` is the return map
    over [-1, 1], rows u and F(u); else they are x, unit is 0 and there is no curve.
    numbers: mantissa, exponent and skipped of the product of the derivatives, then period, -1 where the orbit has left the interval, and
    multiplier.
    """

    iterations: int
    origin: float
    unit: float
    series: Floats
    settled: Floats
    curve: Floats
    numbers: tuple[NDArray[Any], NDArray[Any], NDArray[Any], NDArray[Any], NDArray[Any]]


def follow(
    below: Below, map: str, parameters: tuple[tuple[str, float], ...], transient: int, lengths: tuple[int, int]
) -> Iterator[Returned | None]:
    """None where a caller may stop, then the orbit; `lengths`: of its series and of what is settled.

    Raises ValueError, in one line, where no critical orbit can be followed.
    """
    from kernels.deep import Reference, SmoothRule, views  # FLINT is loaded with the first deep view

    others = tuple(pair for pair in parameters if pair[0] != below.sweep)
    found: Any = None
    for found in batching.throttle_yields(views(SmoothRule(map, below.sweep, others), below.grid)):
        if found is None:
            yield None
    at = np.array([below.share])
    is_difference = isinstance(found, Reference)
    rule, state, given = _of_differences(found, at) if is_difference else _of_returns(found, at)
    begun: tuple[Any, ...] = tuple(np.float64(part) for part in state)
    series = _states(orbits.orbit(rule, begun, given, lengths[0]), given, is_difference)
    left = transient
    while left > 0:
        steps = min(left, batching.batch_size("return column", 1))
        with batching.record_duration("return column", steps, lambda: 1):
            begun = tuple(np.float64(part) for part in _later(rule, begun, given, np.int32(steps)))
        left = left - steps if np.isfinite(begun[0]) else 0
        yield None
    states, *numbers = _settled(rule, begun, given, lengths[1], is_difference)
    mantissa, exponent, skipped, period, multiplier = (np.asarray(number) for number in numbers)
    yield _in_x(
        found,
        at,
        Returned(
            iterations=found.level.iterations,
            origin=float(found.level.origin),
            unit=float(found.level.scale),
            series=series,
            settled=_states(states, given, is_difference),
            curve=np.zeros((2, 0)),
            numbers=(mantissa, exponent, skipped, period, multiplier),
        ),
    )


def _of_returns(view: "DeepView", at: Floats) -> tuple[Any, tuple[float, ...], tuple[Any, ...]]:
    from kernels.deep import Polynomial, filled

    return Polynomial(view.level.even), (float(view.level.critical),), tuple(row[0] for row in filled(view.level.columns(at)))


def _of_differences(found: "Reference", at: Floats) -> tuple[Any, tuple[float, ...], tuple[Any, ...]]:
    rule, added, shared = found.rule(at)
    return rule, found.begin, (*(row[0] for row in added), *shared)


def _states(states: State, given: tuple[Any, ...], is_difference: bool) -> Floats:
    """The states in u."""
    first: Floats = np.asarray(states[0])
    if not is_difference:
        return first
    reference: Floats = given[-5]
    return reference[np.asarray(states[1]).astype(int)] + first


def _in_x(found: "DeepView | Reference", at: Floats, made: Returned) -> Returned:
    """The same with the return map's curve; of the map itself in x."""
    if made.iterations == 1:
        series, settled = (made.origin + made.unit * states for states in (made.series, made.settled))
        return replace(made, series=series, settled=settled, unit=0.0)
    u = np.linspace(-1, 1, CURVE)
    value = np.polynomial.polynomial.polyval(u * u if found.level.even else u, found.level.columns(at)[:, 0])
    return replace(made, curve=np.stack([u, value]))


@jit(static_argnames=("rule",))
def _later(rule: Any, state: State, given: tuple[Array, ...], times: Array) -> State:
    later: State = orbits.repeat(lambda state: orbits.iterated(rule, state, given), state, times)
    return later


@jit(static_argnames=("rule", "length", "is_difference"))
def _settled(rule: Any, state: State, given: tuple[Array, ...], length: int, is_difference: bool) -> tuple[Any, ...]:
    states = orbits.orbit(rule, state, given, length)
    last, one, times = tuple(part[-1] for part in states), jnp.ones_like(state[0]), jnp.int32(length)
    if is_difference:
        from kernels.deep import block_periods, block_products

        return (states, *block_products(rule, state, given, one, times), *block_periods(rule, last, given))
    return (states, *orbits.block_derivative_products(rule, state[0], given, one, times)[1:], *orbits.block_periods(rule, last[0], given))
