"""Sweeps over the problem size, which show from which size jit and vmap pay off, compilation included."""

import functools
import inspect
from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import Any

import numpy as np

from kernels.execution import devices, jax
from kernels.fixed_point import starts
from kernels.maps import MAPS
from kernels.newton.solvers import linear
from kernels.objectives import functions
from kernels.timings.measure import Budget, Timing, Work, measure
from kernels.timings.workloads import VALUES, compiled_loop, numpy_loop, own_orbits, ready, scanned, vectorised
from kernels.validation import grouped

LONGEST = 0.1
"""Seconds of the longest call: a curve ends before longer ones, since a call cannot be stopped."""


@dataclass(frozen=True, eq=False)
class Way:
    """A curve: `make` returns the work for a size; `growth`: largest exponent of the growth of its time with the size."""

    name: str
    make: Callable[[int], Work]
    growth: float = 1.0


@dataclass(frozen=True, eq=False)
class Sweep:
    """The same work done in several ways, compared with the first one. `unit`: of the size."""

    name: str
    title: str
    unit: str
    sizes: tuple[int, ...]
    ways: tuple[Way, ...]


@dataclass(frozen=True)
class SweepPoint:
    """The timing of one way at one size."""

    sweep: str
    way: str
    size: int
    timing: Timing


def sweeps(steps: int = 500, transient: int = 1000, samples: int = 1000) -> tuple[Sweep, ...]:
    """The sweeps over initial conditions, parameters and variables; arguments shorten them for tests."""
    lengths = (transient, samples)
    return (
        Sweep(
            "starts",
            f"{steps} steps of (x² + 21)/10 from many starts",
            "starts",
            tuple(4**k for k in range(9)),
            (
                Way("NumPy loop", lambda n: numpy_loop(_starts(n), steps)),
                Way("jit", lambda n: compiled_loop(_starts(n), steps)),
                Way("funjax, all devices", lambda n: _shared_out(_starts(n), steps)),
            ),
        ),
        Sweep(
            "parameters",
            f"Orbits of a x − a x², {samples} states after {transient}",
            "parameters",
            tuple(4**k for k in range(7)),
            (
                Way("jit, call by call", lambda n: _one_by_one(_parameters(n), *lengths)),
                Way("vmap", lambda n: vectorised(_parameters(n), *lengths)),
                Way("funjax, all devices", lambda n: own_orbits(_parameters(n), *lengths)),
            ),
        ),
        Sweep(
            "variables",
            "One Newton update, chained Rosenbrock",
            "variables",
            tuple(2 * 4**k for k in range(9)),
            (
                Way("Hessian and inverse", lambda n: _solve(linear.naive_solve, n), growth=3.0),
                Way("conjugate gradients", lambda n: _solve(linear.cg_solve, n)),
            ),
        ),
    )


def run(sweep: Sweep, budget: Budget, largest: int) -> Generator[SweepPoint | None, None, None]:
    """Points of a sweep by size, up to `largest`; None where the caller may stop."""
    last: dict[str, SweepPoint] = {}
    for size in sweep.sizes:
        for way in sweep.ways:
            if size > largest or (way.name in last and too_long(last[way.name], size, way.growth)):
                continue
            timed = yield from measure(way.make(size), budget)
            last[way.name] = SweepPoint(sweep.name, way.name, size, timed)
            yield last[way.name]


def too_long(last: SweepPoint, size: int, growth: float) -> bool:
    """Whether a call of that size would take too long, extrapolated from the last one; the growth is applied from 2 ms on."""
    # Shorter calls are dominated by overhead.
    return last.timing.median > 2e-3 and last.timing.median * (size / last.size) ** growth > LONGEST


def verdict(sweep: Sweep, points: tuple[SweepPoint, ...]) -> str:
    """One line for each way but the first: the size from which it is faster, and when its compilation has paid off."""
    return "\n".join(_verdict(sweep, way.name, points) for way in sweep.ways[1:] if any(p.way == way.name for p in points))


def _verdict(sweep: Sweep, name: str, points: tuple[SweepPoint, ...]) -> str:
    base = {p.size: p.timing for p in points if p.sweep == sweep.name and p.way == sweep.ways[0].name}
    mine = {p.size: p.timing for p in points if p.sweep == sweep.name and p.way == name}
    common = sorted(base.keys() & mine.keys())
    against = sweep.ways[0].name
    # From that size on, at all sizes: a single faster point may be chance.
    wins = [n for n in common if all(mine[k].median < base[k].median for k in common if k >= n)]
    if not common:
        return f"{name}: not measured at a size that {against} was measured at."
    if not wins:
        return f"{name}: not faster than {against} at any size measured."
    least, most = wins[0], wins[-1]
    factor = base[most].median / mine[most].median
    start = "at every size" if least == common[0] else f"from {grouped(least)} {sweep.unit} on"
    times = f"{factor:.1f}" if factor < 10 else grouped(round(factor))
    return f"{name}: faster than {against} {start}, {times} times at {grouped(most)}{_paid(base[most], mine[most])}."


def _paid(base: Timing, mine: Timing) -> str:
    """When compilation has paid off at one size; if the other way compiles too, only the difference counts."""
    beyond = (mine.compile or 0.0) - (base.compile or 0.0)
    if beyond <= 0:
        return ", and no longer to compile"
    calls = int(np.ceil(beyond / (base.median - mine.median)))
    return "; its compiling has paid after " + ("one call" if calls == 1 else f"{grouped(calls)} calls")


def _starts(count: int) -> Any:
    return np.linspace(-9, 9.5, count)


def _parameters(count: int) -> Any:
    return np.linspace(3.4, 4.0, count)


def _shared_out(x: Any, steps: int) -> Work:
    """The loop of the fixed-point explorer, on all devices."""
    layout = devices.layout(len(x))
    advance = jax.jit(functools.partial(inspect.unwrap(starts.advance), MAPS["post"].rule, layout))
    return ready(advance, layout.shard(x), VALUES, np.int32(steps))


def _one_by_one(parameters: Any, transient: int, samples: int) -> Work:
    """A Python loop over the jitted function."""
    one = jax.jit(functools.partial(scanned, transient, samples))
    values = parameters.tolist()
    return Work(lambda: jax.block_until_ready([one(a) for a in values]))


def _solve(solve: Any, n: int) -> Work:
    """One Newton system at the standard initial point."""
    x = np.resize([-1.2, 1.0], n)
    return ready(jax.jit(functools.partial(inspect.unwrap(solve), functions.rosenbrock)), jax.device_put(x))
