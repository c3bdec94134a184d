"""Cobweb diagram: the orbit of one initial condition under an iterate of the map, and the graph of that iterate."""

import functools
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from kernels import validation
from kernels.catalog import find_line_map, find_map
from kernels.execution import jax, jit, jnp, lax
from kernels.iteration import difference, orbits
from kernels.types import Array, Rule, Values

MOST_STEPS = 10_000
"""Maximum number of steps."""

MOST_COMPOSED = 8

CURVE = 2001
"""Number of points of the graph."""

LENGTHS = (64, 512, 4096, MOST_STEPS + 1)
"""Lengths to which orbits are computed, so that few numbers of steps need a compilation."""

JUMP = 4.0
"""Neighbouring points this many times farther apart than their slopes predict may have a jump between them."""

HALVINGS = 40

AWAY = 50.0
"""An orbit this many view widths from the centre is treated as escaped."""

FINEST = 1e-4
"""Smallest visible difference, relative to the range of states."""

LONGEST_SEEN, MORE = 16, 12
"""Longest period of a cycle that is recognised; number of steps shown after an orbit has become stationary."""


@dataclass(frozen=True)
class CobwebRequest:
    """The orbit of `start` under fⁿ, n = `power`, with `steps` steps, and the graph of fⁿ over the interval `states`.

    Raises ValueError, in one line, where a field is out of its domain.
    """

    map: str
    parameters: tuple[tuple[str, float], ...]
    start: float
    steps: int
    states: tuple[float, float]
    power: int = 1

    def __post_init__(self) -> None:
        object.__setattr__(self, "parameters", find_line_map(self.map).completed(self.parameters))
        validation.finite("initial condition", self.start)
        validation.interval("range of states", *self.states)
        validation.count("steps", self.steps, 1, MOST_STEPS)
        validation.count("number of compositions", self.power, 1, MOST_COMPOSED)

    def frames(self) -> Iterator["CobwebFrame"]:
        """Yield a single frame."""
        # A chain of dependent steps: one CPU core is fastest even if there is a GPU.
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
        """The number of steps after which nothing visible changes: the orbit is on a short cycle, or far away."""
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
    """The last step at which a state differs visibly from the one a period later; the total number of steps if that is near the end."""
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
    """Whether the line between two neighbours crosses the whole range of states, as at a pole, where the slopes are as large too."""
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
    """Whether the graph jumps between neighbouring points: repeated halving of the interval does not reduce the step."""

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
    """Where neighbouring points are farther apart than their slopes predict: there may be a jump, or folds finer than the points."""
    steep = np.abs(slope)
    expected = np.maximum(steep[:-1], steep[1:]) * np.diff(x)
    suspects: NDArray[np.bool_] = np.abs(np.diff(y)) > JUMP * expected + 1e-9 * (1 + np.abs(y[1:]))
    return suspects


@np.errstate(all="ignore")
def _in_sight(y: NDArray[np.float64], low: float, high: float) -> NDArray[np.bool_]:
    """Whether one of two neighbours is near the range of states. Farther away slopes may exceed the resolution of floats."""
    near = (y > low - (high - low)) & (y < high + (high - low))
    return near[:-1] | near[1:]
