"""A cobweb: the orbit of one start under f composed so many times, and the graph that its steps go to."""

import functools
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from kernels import validation
from kernels.catalog import find_map
from kernels.execution import jax, jit, jnp, lax
from kernels.iteration import difference, orbits
from kernels.types import Array, Rule, Values

MOST_STEPS = 10_000
"""The most steps of a cobweb: more cannot be seen."""

MOST_COMPOSED = 8

CURVE = 2001
"""Points of the graph."""

LENGTHS = (64, 512, 4096, MOST_STEPS + 1)
"""An orbit is computed to one of these lengths, so that few numbers of steps compile anything."""

JUMP = 4.0
"""Neighbouring points of the graph this many times further apart than their slopes say may have a jump between them."""

HALVINGS = 40

AWAY = 50.0
"""States this many ranges from the middle of what is watched are out of sight for good, or nearly."""

FINEST = 1e-4
"""A difference of less than this part of the range is not seen."""

LONGEST_SEEN, MORE = 16, 12
"""Cycles up to this period are told; so many steps are shown once an orbit has settled."""


@dataclass(frozen=True)
class CobwebRequest:
    """The orbit of `start` under f^power, `steps` long, and the graph of f^power over `states`.

    Raises ValueError, in one line, where a field is out of its domain.
    """

    map: str
    parameters: tuple[tuple[str, float], ...]
    start: float
    steps: int
    states: tuple[float, float]
    power: int = 1

    def __post_init__(self) -> None:
        object.__setattr__(self, "parameters", find_map(self.map).completed(self.parameters))
        validation.finite("start", self.start)
        validation.interval("range of states", *self.states)
        validation.count("steps", self.steps, 1, MOST_STEPS)
        validation.count("number of compositions", self.power, 1, MOST_COMPOSED)

    def frames(self) -> Iterator["CobwebFrame"]:
        """One frame."""
        # A chain of dependent steps: a CPU's core is the place for it, whatever else there is.
        with jax.default_device(jax.local_devices(backend="cpu")[0]):
            rule = find_map(self.map).rule
            values = tuple(np.float64(value) for value in find_map(self.map).values(dict(self.parameters)))
            power = np.int32(self.power)
            length = next(length for length in LENGTHS if length > self.steps)
            states = np.asarray(_orbit(rule, np.float64(self.start), values, power, length))[: self.steps + 1]
            x, y = graph(rule, values, self.states, self.power)
        frame = CobwebFrame(self, states, x, y)
        _ = frame.seen  # computed here, so that painting does not wait for it
        yield frame


@dataclass(frozen=True, eq=False)
class CobwebFrame:
    """series: x_0 on, shape (steps + 1,), not finite once it has escaped. x, y: the graph, y NaN where it jumps. Shapes (CURVE,)."""

    request: CobwebRequest
    series: NDArray[np.float64] = field(repr=False)
    x: NDArray[np.float64] = field(repr=False)
    y: NDArray[np.float64] = field(repr=False)

    @functools.cached_property
    def seen(self) -> int:
        """The steps after which nothing more is to be seen: the orbit has settled on a short cycle, or is far away."""
        low, high = self.request.states
        room = high - low
        with np.errstate(invalid="ignore", over="ignore"):
            away = np.flatnonzero(~(np.abs(self.series - (low + high) / 2) <= AWAY * room))
        if len(away):
            return min(int(away[0]), len(self.series) - 1)
        rule = find_map(self.request.map).rule
        unsettled = [_last_change(rule, self.series, period, FINEST * room) for period in range(1, LONGEST_SEEN + 1)]
        return min(min(unsettled) + MORE, len(self.series) - 1)


def _last_change(rule: Rule, series: NDArray[np.float64], period: int, least: float) -> int:
    """The last step at which a state differs visibly from the one a period later; the number of steps if that is near the end."""
    changes = np.flatnonzero(np.abs(difference(rule, series[period:], series[:-period])) > least)
    last = int(changes[-1]) + 1 if len(changes) else 0
    return last if last + period + MORE < len(series) else len(series) - 1


def graph(rule: Rule, values: Values, states: tuple[float, float], power: int = 1) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The graph of the iterate f^power over `states`: (x, y) of shape (CURVE,), y NaN where it jumps, so that no line joins the ends."""
    x = np.linspace(*states, CURVE)
    times = np.int32(power)
    y, slope = (np.array(array) for array in _graph(rule, x, values, times))
    suspects = _suspects(x, y, slope) & _in_sight(y, *states) | _crossing(y, *states)
    if suspects.any():
        y[:-1][suspects & np.asarray(_jumps(rule, x, values, times))] = np.nan
    return x, y


def _crossing(y: NDArray[np.float64], low: float, high: float) -> NDArray[np.bool_]:
    """Whether the line between two neighbours crosses the whole range of states, as at a pole, where the slopes are as large."""
    above, below = y > high, y < low
    return (above[:-1] & below[1:]) | (below[:-1] & above[1:])


@jit(static_argnames=("rule", "length"))
def _orbit(rule: Rule, x: Array, parameters: tuple[Array, ...], power: Array, length: int) -> Array:
    def step(state: Array, _: None) -> tuple[Array, Array]:
        return lax.fori_loop(0, power, lambda _, inner: rule(inner, *parameters), state), state

    return lax.scan(step, x, None, length=length)[1]


@jit(static_argnames=("rule",))
def _graph(rule: Rule, x: Array, parameters: tuple[Array, ...], power: Array) -> tuple[Array, Array]:
    def compose(_: Array, state: tuple[Array, Array]) -> tuple[Array, Array]:
        y, slope = state
        y, derivative = orbits.value_and_derivative(rule, y, parameters)
        return y, slope * derivative

    y, slope = lax.fori_loop(0, power, compose, (x, jnp.ones_like(x)))
    return y, slope


@jit(static_argnames=("rule",))
def _jumps(rule: Rule, x: Array, parameters: tuple[Array, ...], power: Array) -> Array:
    """Whether the graph jumps between neighbouring points: halving the way there again and again leaves the step as high as it was."""

    def f(x: Array) -> Array:
        return lax.fori_loop(0, power, lambda _, state: rule(state, *parameters), x)

    def halve(_: Array, ends: tuple[Array, Array]) -> tuple[Array, Array]:
        low, high = ends
        middle = low + (high - low) / 2
        first = jnp.abs(f(middle) - f(low)) > jnp.abs(f(high) - f(middle))
        return jnp.where(first, low, middle), jnp.where(first, middle, high)

    low, high = lax.fori_loop(0, HALVINGS, halve, (x[:-1], x[1:]))
    return jnp.abs(f(high) - f(low)) > jnp.abs(f(x[1:]) - f(x[:-1])) / 4


@np.errstate(all="ignore")
def _suspects(x: NDArray[np.float64], y: NDArray[np.float64], slope: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Where neighbouring points are further apart than their slopes say: there may be a jump, or folds too fine for the points."""
    steep = np.abs(slope)
    expected = np.maximum(steep[:-1], steep[1:]) * np.diff(x)
    suspects: NDArray[np.bool_] = np.abs(np.diff(y)) > JUMP * expected + 1e-9 * (1 + np.abs(y[1:]))
    return suspects


@np.errstate(all="ignore")
def _in_sight(y: NDArray[np.float64], low: float, high: float) -> NDArray[np.bool_]:
    """Whether one of two neighbours is near the range of states. Further away slopes may be so steep that all floats are apart."""
    near = (y > low - (high - low)) & (y < high + (high - low))
    return near[:-1] | near[1:]
