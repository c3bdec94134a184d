"""Statistics of a single orbit: cobweb, time series, density, period and Lyapunov exponent of one initial condition."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kernels import validation
from kernels.catalog import find_map
from kernels.execution import batching, devices, jax, jit, jnp
from kernels.formulas import escape
from kernels.iteration import DIVERGED, UNDEFINED, orbits
from kernels.single_orbit import return_column
from kernels.single_orbit.cobweb import graph
from kernels.single_orbit.plane_orbit import follow
from kernels.single_orbit.return_column import Below
from kernels.types import Array, Rule, State

SERIES = 61
"""Number of states in the time series, from x_0 on."""

SETTLED = 16384
"""Number of states after the transient, for density and exponent."""

COBWEB = 64
"""Number of steps of the cobweb after the transient, unless the orbit is on a shorter cycle."""

DRAWN = 2000
"""Number of states of a map of the plane that are drawn in the plane, unless the orbit is on a cycle."""

BINS = 200
"""Number of bins of the density."""

END = object()
"""What comes after the last frame."""


@dataclass(frozen=True)
class ColumnRequest:
    """The orbit of `start` under a map, within the interval `states`. Parameters are pairs or a mapping; missing ones have their defaults.

    Of a map of the plane `start` is a pair, and `observe` the coordinate, or `radius`, that lies in `states`, by default the first.
    below: the column of a diagram that float64 does not resolve: the orbit is then that of the critical point under the view's return map.
    Raises ValueError, in one line, on an unknown map or parameter, on numbers that are not finite and on an empty interval.
    """

    map: str
    parameters: tuple[tuple[str, float], ...]
    start: float | tuple[float, ...]
    transient: int
    states: tuple[float, float]
    observe: str = ""
    below: Below | None = None

    def __post_init__(self) -> None:
        chosen = find_map(self.map)
        object.__setattr__(self, "parameters", chosen.completed(self.parameters))
        start, observe = chosen.completed_state(self.start, self.observe)
        object.__setattr__(self, "start", start)
        object.__setattr__(self, "observe", observe)
        validation.interval("range of states", *self.states)
        validation.count("transient", self.transient, 0, 2**31 - 1)

    @property
    def origin(self) -> tuple[float, ...]:
        """The initial condition, a number for each coordinate."""
        return self.start if isinstance(self.start, tuple) else (self.start,)

    @property
    def values(self) -> tuple[float, ...]:
        """All parameters, in the rule's order."""
        return find_map(self.map).values(dict(self.parameters))

    def frames(self) -> Iterator["ColumnFrame | None"]:
        """Yield a single frame; before it None, during a long transient, where the caller may stop."""
        # One orbit is a chain of dependent steps: one CPU core is fastest even if there is a GPU.
        cpu = jax.local_devices(backend="cpu")[0]
        if self.below is not None or find_map(self.map).is_plane:
            frames = self._frames_of_plane() if self.below is None else self._frames_below(self.below)
            # Between the steps another request may be computed in this thread, and this one go on in another.
            yield from iter(lambda: self._on(cpu, next, frames, END), END)
            return
        rule = find_map(self.map).rule
        values = tuple(np.float64(v) for v in self.values)
        state: tuple[Any, ...] = tuple(np.float64(part) for part in self.origin)
        series = np.asarray(self._on(cpu, orbits.orbit, rule, state, values, SERIES)[0])
        left, before = self.transient, state
        if escape.has_no_value(rule, np.array(state), values)[0]:
            state = (np.float64(np.nan),)
        while left > 0:
            steps, before = min(left, batching.batch_size("column", 1)), state
            with batching.record_duration("column", steps, lambda: 1):
                state = self._on(cpu, _later, rule, state, values, np.int32(steps))
            left = left - steps if np.isfinite(state).all() else 0
            yield None
        curve = np.stack(self._on(cpu, graph, rule, values, self.states))
        settled, *others = (np.asarray(a) for a in self._on(cpu, _settled, rule, state, values))
        lost = self._exit(rule, settled[-1], before) if not np.isfinite(settled[-1]) else 0
        yield self._frame(series, curve, lost, settled, *others)

    def _frames_of_plane(self) -> Iterator["ColumnFrame | None"]:
        chosen = find_map(self.map)
        for found in follow(chosen.rule, self.origin, self.values, self.transient, (SERIES, SETTLED)):
            if found is None:
                yield None
                continue
            at = chosen.observables.index(self.observe)
            first, settled = (states[at] if at < len(states) else np.hypot(*states) for states in (found.first, found.settled))
            density, edges = self._density(settled)
            yield ColumnFrame(
                request=self,
                series=first,
                cobweb=settled[: (found.period if found.period > 0 else COBWEB) + 1],
                curve=np.zeros((2, 0)),
                density=density,
                edges=edges,
                samples=SETTLED,
                states=self.states,
                period=found.period,
                multiplier=found.multiplier,
                lyapunov=found.spectrum[0],
                spectrum=found.spectrum,
                plane=found.settled[:, -(found.period if found.period > 0 else DRAWN) :],
            )

    def _frames_below(self, below: Below) -> Iterator["ColumnFrame | None"]:
        rule = find_map(self.map).rule
        values = tuple(np.float64(v) for v in self.values)
        for found in return_column.follow(below, self.map, self.parameters, self.transient, (SERIES, SETTLED)):
            if found is None:
                yield None
                continue
            curve = found.curve if found.unit else np.stack(graph(rule, values, self.states))
            interval = (-1.0, 1.0) if found.unit else None
            made = self._frame(found.series, curve, 0, found.settled, *found.numbers, interval=interval)
            yield replace(made, period=max(0, made.period), iterations=found.iterations, origin=found.origin, unit=found.unit)

    def _density(
        self, settled: NDArray[np.float64], interval: tuple[float, float] | None = None
    ) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        return np.histogram(settled[np.isfinite(settled)], BINS, interval or self.states)

    def _exit(self, rule: Rule, last: Any, before: State) -> int:
        """UNDEFINED or DIVERGED for an orbit from the state `before` to `last`, which is not finite."""
        if not escape.may_be_lost(rule, last):
            return DIVERGED
        layout = devices.layout(1, SETTLED)
        x, *values = (np.array([value], np.float64) for value in (*map(float, before), *self.values))
        start, *parameters = layout.shard_all(x, *values)
        steps = np.int32(min(self.transient + SETTLED, 2**31 - 64))
        found = escape.last_finite(rule, layout, start, tuple(parameters), steps)
        reached, image = (layout.gather(array, 1) for array in found)
        (kind,) = escape.exits(rule, reached, image, tuple(values))
        return DIVERGED if kind == escape.Exit.DIVERGED else UNDEFINED

    @staticmethod
    def _on(device: Any, kernel: Any, *arguments: Any) -> Any:
        with jax.default_device(device):
            return kernel(*arguments)

    def _frame(
        self,
        series: NDArray[np.float64],
        curve: NDArray[np.float64],
        lost: int,
        settled: NDArray[np.float64],
        mantissa: NDArray[np.float64],
        exponent: NDArray[np.int32],
        skipped: NDArray[np.int32],
        period: NDArray[np.int32],
        multiplier: NDArray[np.float64],
        *,
        interval: tuple[float, float] | None = None,
    ) -> "ColumnFrame":
        period = np.asarray(lost or period)
        log_sum = orbits.logarithm(mantissa, exponent)
        steps = int(period) if period > 0 else COBWEB
        density, edges = self._density(settled, interval)
        return ColumnFrame(
            request=self,
            series=series,
            cobweb=settled[: steps + 1],
            curve=curve,
            density=density,
            edges=edges,
            samples=SETTLED,
            period=int(period),
            multiplier=float(multiplier),
            lyapunov=float(orbits.lyapunov(log_sum, SETTLED, skipped, period, multiplier)),
            states=interval or self.states,
        )


@dataclass(frozen=True, eq=False)
class ColumnFrame:
    """Statistics of one orbit.

    series: x_0 on, shape (SERIES,). cobweb: states after the transient, one turn of the cycle or COBWEB steps. curve: rows x and
    f(x), NaN where the map jumps, nothing of a map of the plane. plane: of such a map the last states, rows x and y; series, cobweb and
    density are then of the observed coordinate.
    density: samples in each of BINS bins between `edges`, of `samples` in all (those outside are in none). period, multiplier,
    lyapunov: as in the bifurcation diagram, for this orbit. Non-finite states mean that it escaped.
    iterations: of the map that one step stands for. Of a return map that is more than 1; then all states are u, in the interval `states`,
    with x = origin + unit * u, and those that are not finite have left that interval.
    """

    request: ColumnRequest
    samples: int
    period: int
    multiplier: float
    lyapunov: float
    states: tuple[float, float]
    series: NDArray[np.float64] = field(repr=False)
    cobweb: NDArray[np.float64] = field(repr=False)
    curve: NDArray[np.float64] = field(repr=False)
    density: NDArray[np.int64] = field(repr=False)
    edges: NDArray[np.float64] = field(repr=False)
    spectrum: tuple[float, float] | None = None
    plane: NDArray[np.float64] | None = field(default=None, repr=False)
    iterations: int = 1
    origin: float = 0.0
    unit: float = 0.0

    @property
    def coordinate(self) -> str:
        """The name of the states: u of a return map."""
        return "u" if self.unit else self.request.observe or "x"

    @property
    def has_left(self) -> bool:
        """Whether the orbit has left the interval of a return map."""
        return self.request.below is not None and not bool(np.isfinite(self.cobweb).all())


@jit(static_argnames=("rule",))
def _later(rule: Rule, state: State, parameters: tuple[Array, ...], times: Array) -> State:
    later: State = orbits.repeat(lambda state: orbits.iterated(rule, state, parameters), state, times)
    return later


@jit(static_argnames=("rule",))
def _settled(rule: Rule, state: State, parameters: tuple[Array, ...]) -> tuple[Array, ...]:
    (states,), (x,) = orbits.orbit(rule, state, parameters, SETTLED), state
    products = orbits.block_derivative_products(rule, x, parameters, jnp.ones_like(x), jnp.int32(SETTLED))[1:]
    return (states, *products, *orbits.block_periods(rule, states[-1], parameters))
