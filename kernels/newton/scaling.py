"""Scaling with the number of variables: one Newton system solved by the inverse of its Hessian and by conjugate gradients.

Time and memory are measured on this machine, point by point; the inverse stops where it would take too long or exceed the memory.
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from kernels import validation
from kernels.catalog import find_objective
from kernels.execution import batching, devices, free_bytes, jax, jit, jnp
from kernels.newton.run_settings import MOST_CG_STEPS
from kernels.newton.solvers import CGState, linear
from kernels.objectives import Bound
from kernels.parameters import Pairs
from kernels.types import Array
from kernels.validation import grouped, setting

NAIVE, INNER = "newton", "newton-cg"
"""The two methods that are compared, by their names."""

MOST = 1_000_000

REPEATS = 7
"""Number of calls of which the median time is taken, if the time limit allows."""

GROWTH = 8
"""Growth of the inverse's time when the number of variables doubles."""


@dataclass(frozen=True)
class NewtonScalingRequest:
    """Newton's system at the standard initial point, for n = 2, 4, 8, … and `largest` variables.

    Raises ValueError where a field is out of its domain.

    Attributes:
        objective, parameters: as in a NewtonRequest; the objective must be defined for any n.
        largest: number of variables of the last point.
        seconds: time limit of one solve.
        memory: limit of the memory of the Hessian and its factors, in bytes; half of the free memory if None.
        cg_steps: maximum number of conjugate-gradient iterations in one solve.

    """

    alone: ClassVar[bool] = True
    """Other requests wait while it runs, so that they do not distort the times."""

    objective: str = setting("rosenbrock", "Objective", "A function of any number of variables")
    largest: int = setting(MOST, "Largest n", "The largest number of variables", least=2, most=MOST)
    seconds: float = setting(1.0, "Time bound, s", "Time limit of one solve", low=0.01, high=10.0)
    memory: int | None = None
    cg_steps: int = setting(1000, "CG iterations", "Conjugate-gradient iterations per step", least=1, most=MOST_CG_STEPS)
    parameters: Pairs = ()

    def __post_init__(self) -> None:
        objective = find_objective(self.objective)
        object.__setattr__(self, "parameters", objective.completed(self.parameters))
        if not objective.any_dimension:
            raise ValueError(f"{objective.called} has a fixed number of variables; choose one for any n, such as rosenbrock")
        validation.counts(self, "largest", "cg_steps")
        validation.positive("seconds", self.seconds, 60)
        if self.memory is None:
            object.__setattr__(self, "memory", free_bytes() // 2)

    @property
    def sizes(self) -> tuple[int, ...]:
        """Numbers of variables, ascending."""
        powers = [2**k for k in range(1, 64) if 2**k < self.largest]
        return (*powers, self.largest)

    def frames(self) -> Iterator["NewtonScalingFrame | None"]:
        """A frame after each point of each method; None where the caller may stop. A single inverse and a compilation cannot be stopped."""
        began = time.perf_counter()
        points: list[ScalingPoint] = []
        stopped = ""
        for n in self.sizes:
            if not stopped:
                stopped = _refusal(self, n, points)
            if not stopped:
                points.append((yield from _naive(self, n)))
                yield self._frame(points, stopped, began, False)
            points.append((yield from _inner(self, n)))
            yield self._frame(points, stopped, began, n == self.largest)

    def _frame(self, points: list["ScalingPoint"], stopped: str, began: float, done: bool) -> "NewtonScalingFrame":
        return NewtonScalingFrame(self, tuple(points), stopped, devices.describe(), time.perf_counter() - began, done)


@dataclass(frozen=True)
class ScalingPoint:
    """One solve with n variables by `method`.

    `seconds`: median over several calls. `bytes`: of arguments, results and temporaries. `steps`: conjugate-gradient iterations, 0 for
    the inverse. `residual`: |H d + g| / |g|.
    """

    method: str
    n: int
    seconds: float
    bytes: int
    steps: int
    residual: float


@dataclass(frozen=True, eq=False)
class NewtonScalingFrame:
    """The points measured so far; `stopped` is a sentence on why the inverse stopped, empty while it continues."""

    request: NewtonScalingRequest
    points: tuple[ScalingPoint, ...] = field(repr=False)
    stopped: str
    device: str
    seconds: float
    done: bool

    def curve(self, method: str) -> NDArray[np.float64]:
        """n, seconds and bytes of the points of a method, one a row. Shape (3, points)."""
        chosen = [(p.n, p.seconds, p.bytes) for p in self.points if p.method == method]
        return np.array(chosen, float).reshape(-1, 3).T


def hessian_bytes(n: int) -> int:
    """Memory of the Hessian, its inverse and the temporaries of both."""
    return 4 * 8 * n * n


def _refusal(request: NewtonScalingRequest, n: int, points: list[ScalingPoint]) -> str:
    """Why the inverse is not computed for n variables, as a sentence; empty if it is."""
    assert request.memory is not None
    if hessian_bytes(n) > request.memory:
        return (
            f"The inverse stops before n = {grouped(n)}: the Hessian alone takes {grouped(8 * n * n)} bytes, with its inverse and workspace"
            f" {grouped(hessian_bytes(n))}, of {grouped(request.memory)} allowed."
        )
    last = next((p for p in reversed(points) if p.method == NAIVE), None)
    # Small solves are dominated by overhead; the time follows its power law only from some milliseconds on.
    if last is None or last.seconds < 0.002:
        return ""
    guess = last.seconds * GROWTH ** np.log2(n / last.n)
    if guess <= request.seconds:
        return ""
    return (
        f"The inverse stops before n = {grouped(n)}: it would take about {guess:.2g} s, and {request.seconds:g} s are allowed;"
        f" its Hessian takes {grouped(8 * n * n)} bytes."
    )


def _start(request: NewtonScalingRequest, n: int) -> tuple[Bound, NDArray[np.float64]]:
    objective = find_objective(request.objective)
    return objective.at(request.parameters), np.asarray(objective.start(n))


def _naive(request: NewtonScalingRequest, n: int) -> Any:
    """Time the solve by the inverse. A generator that returns a ScalingPoint."""
    function, x = _start(request, n)
    compiled = linear.naive_solve.lower(function, x).compile()
    yield None
    times: list[float] = []
    while len(times) < REPEATS and sum(times) < min(request.seconds, 0.5):
        began = time.perf_counter()
        solution = compiled(function, x).block_until_ready()
        times.append(time.perf_counter() - began)
        yield None
    return ScalingPoint(NAIVE, n, float(np.median(times)), memory(compiled), 0, float(residual(function, x, solution)))


def _inner(request: NewtonScalingRequest, n: int) -> Any:
    """Time the solve by conjugate gradients in short calls. A generator that returns a ScalingPoint."""
    function, x = _start(request, n)
    compiled = linear.system_steps.lower(function, x, *linear.system_start(function, x), np.int32(1), np.int32(1)).compile()
    yield None
    times: list[float] = []
    while len(times) < REPEATS and sum(times) < min(request.seconds, 0.5):
        spent = 0.0
        for latest, seconds in _solve(request, function, x, compiled):
            state, spent = latest, spent + seconds
            if n > 10_000:
                yield None
        times.append(spent)
        yield None
    return ScalingPoint(INNER, n, float(np.median(times)), memory(compiled), int(state.steps), float(residual(function, x, state.solution)))


def _solve(request: NewtonScalingRequest, function: Bound, x: NDArray[np.float64], compiled: Any) -> Iterator[tuple[CGState, float]]:
    """Yield (state, seconds) after each call until the system is solved or the limit of steps or time is reached."""
    began = time.perf_counter()
    state, target = linear.system_start(function, x)
    state = jax.block_until_ready(state)
    yield state, time.perf_counter() - began
    kind, size = ("scaling", function.rule), 4 * x.size
    spent = 0.0
    while int(state.outcome) == linear.RUNNING and spent < request.seconds:
        before = int(state.steps)
        began = time.perf_counter()
        with batching.record_duration(kind, 1, lambda: size * max(1, int(state.steps) - before)):  # noqa: B023
            times, limit = np.int32(batching.batch_size(kind, size)), np.int32(request.cg_steps)
            state = jax.block_until_ready(compiled(function, x, state, target, times, limit))
        seconds = time.perf_counter() - began
        spent += seconds
        yield state, seconds


@jit
def residual(function: Bound, x: Array, solution: Array) -> Array:
    """Relative residual of a solution of H d = g or of H d = -g, whichever is smaller."""
    gradient, product = linear.products(function, x)
    image = product(solution)
    size = jnp.linalg.norm(gradient)
    return jnp.minimum(jnp.linalg.norm(image - gradient), jnp.linalg.norm(image + gradient)) / size


def memory(compiled: Any) -> int:
    """Memory of a compiled call in bytes, as reported by the compiler."""
    stats = compiled.memory_analysis()
    if stats is None:
        return 0
    return int(stats.argument_size_in_bytes + stats.output_size_in_bytes + stats.temp_size_in_bytes)
