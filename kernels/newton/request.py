"""The Newton solver: one run of one method from one start, every iterate with what was done and what can be said of the place.

A request is all that the run depends on; its `frames` are the run. Small problems are done in one call, large ones step by step.
"""

import math
import time
from collections.abc import Generator, Iterator
from dataclasses import dataclass, field

import numpy as np

from kernels.catalog import find_objective
from kernels.execution import devices
from kernels.newton.arrival import Arrival, large_arrival
from kernels.newton.frame import NewtonFrame, as_json, build
from kernels.newton.run import KEPT, SMALL, WHOLE, Runner
from kernels.newton.solvers import CONVERGED, RUNNING, STALLED, Settings, Solver, find_method
from kernels.newton.spectrum import MODERATE, Extremes, decided_extremes, extremes_at
from kernels.objectives import MAXIMUM, MINIMUM, Objective, StationaryPoint
from kernels.parameters import Pairs

__all__ = ["GOALS", "STATIONARY", "NewtonFrame", "NewtonRequest", "as_json"]

STATIONARY = "stationary"
GOALS = (STATIONARY, MINIMUM, MAXIMUM)

MOST_STEPS = 10_000
MOST_CG_STEPS = 1_000_000

LARGEST_HESSIAN = 8 * 1024**2
"""Bytes of a Hessian above which its inverse takes longer than a call may: of 1,024 variables."""

SHOW_EVERY = 0.1
"""Seconds between the frames of a run that takes long."""


@dataclass(frozen=True)
class NewtonRequest:
    """One run. Raises ValueError, in one line, where a field is out of its domain.

    objective, method: their names. parameters: the objective's, as (name, value) pairs (or a mapping); defaults are filled in, pairs
    sorted. goal: `stationary`, `minimum` or `maximum`. start: n numbers; the standard start if empty.
    tolerance: the gradient's norm at which it has converged. step: of the gradient method; the objective's if None. damping: the
    factor of Newton's step, or the first that line search tries. radius: the first of the trust region. cg_steps: the most inner steps.
    """

    objective: str = field(default="quadratic", metadata={"label": "Objective", "tip": "The function whose stationary point is sought"})
    goal: str = field(default=STATIONARY, metadata={"label": "Find", "tip": "Any stationary point, a minimum or a maximum"})
    start: tuple[float, ...] = field(default=(), metadata={"label": "Start", "tip": "The first iterate"})
    method: str = field(default="newton", metadata={"label": "Method", "tip": "The iteration that is used"})
    max_steps: int = field(
        default=50, metadata={"label": "Max. iterations", "tip": "Iterations after which a run ends", "least": 1, "most": MOST_STEPS}
    )
    tolerance: float = field(
        default=1e-10,
        metadata={"label": "Tolerance", "tip": "Converged when the gradient norm is at most this", "low": 1e-14, "high": 1e-1},
    )
    step: float | None = field(
        default=None, metadata={"label": "Step size", "tip": "1/|s| of the post's iteration", "low": 1e-6, "high": 10.0}
    )
    damping: float = field(
        default=1.0, metadata={"label": "Damping", "tip": "Step-length factor: 1 is the full Newton step", "low": 0.01, "high": 1.0}
    )
    radius: float = field(
        default=1.0, metadata={"label": "Trust radius", "tip": "Initial radius of the trust region", "low": 0.01, "high": 100.0}
    )
    cg_steps: int = field(
        default=100,
        metadata={
            "label": "CG iterations",
            "tip": "Conjugate-gradient iterations per step; fewer give an inexact step",
            "least": 1,
            "most": MOST_CG_STEPS,
        },
    )
    parameters: Pairs = ()

    def __post_init__(self) -> None:
        objective, method = find_objective(self.objective), find_method(self.method)
        if self.goal not in GOALS:
            raise ValueError(f"there is no goal {self.goal!r}; the goals are {', '.join(GOALS)}")
        object.__setattr__(self, "parameters", objective.completed(self.parameters))
        _check_start(self, objective)
        if method.one_dimensional and len(self.start) != 1:
            raise ValueError(f"{self.method} is for one variable, and {objective.called} has {len(self.start)}; use newton")
        if self.step is None:
            object.__setattr__(self, "step", objective.step)
        for name, low, high in (("tolerance", 0.0, 1e10), ("step", 0.0, 1e10), ("damping", 0.0, 2.0), ("radius", 0.0, 1e10)):
            _check_positive(name, getattr(self, name), low, high)
        for name, most in (("max_steps", MOST_STEPS), ("cg_steps", MOST_CG_STEPS)):
            _check_count(name, getattr(self, name), most)
        self._check_bytes()

    def _check_bytes(self) -> None:
        n = len(self.start)
        if self.solver.makes_hessian and 8 * n * n > LARGEST_HESSIAN:
            raise ValueError(
                f"the Hessian of {n:,} variables takes {8 * n * n:,} bytes, and {self.method} works with at most {LARGEST_HESSIAN:,}"
                f" (n = {math.isqrt(LARGEST_HESSIAN // 8):,}); use newton-cg or trust-region"
            )
        devices.check_memory(f"a run with {n:,} variables", self.bytes, "use fewer")

    @property
    def bytes(self) -> int:
        """Memory that the run takes at most: vectors, the Hessian with its inverse, and the iterates that are kept."""
        n = len(self.start)
        whole = 4 * n * n if self.solver.makes_hessian else 0
        return 8 * (24 * n + whole + self.max_steps * (min(n, WHOLE) + KEPT * (n if n <= SMALL else 1)))

    @property
    def wanted(self) -> str:
        """What the method heads for: the goal, or where that is any stationary point and the method has to go up or down, which."""
        steered = self.goal == STATIONARY and find_method(self.method).downhill
        return find_objective(self.objective).goal if steered else self.goal

    @property
    def solver(self) -> Solver:
        """The solver, static in the kernels."""
        return find_method(self.method).solver(self.wanted != STATIONARY, KEPT, len(self.start) <= SMALL)

    @property
    def known(self) -> tuple[StationaryPoint, ...]:
        """The objective's stationary points that are known at these parameters."""
        return find_objective(self.objective).known(len(self.start), self.parameters)

    def frames(self) -> Iterator[NewtonFrame | None]:
        """The run: one frame if it is short, else more and more of it. None where a caller may stop but nothing new is to be seen."""
        began = time.perf_counter()
        settings = Settings(
            np.float64(self.tolerance),
            np.float64(self.step or 0.0),
            np.float64(self.damping),
            np.float64(self.radius),
            np.int32(self.cg_steps),
        )
        sign = -1.0 if self.wanted == MAXIMUM else 1.0
        function = find_objective(self.objective).at(self.parameters)
        runner = Runner(function, self.solver, np.asarray(self.start), sign, settings, self.max_steps)
        extremes: list[Extremes] = []
        arrival: Arrival | None = None
        shown = began
        if runner.n > WHOLE:
            yield from _look_closer(runner, extremes)
        while True:
            runner.go()
            if runner.n > SMALL:
                yield from _look_closer(runner, extremes)
            ended = runner.status != RUNNING
            if ended and runner.n > SMALL:
                arrival = yield from _look_back(runner, extremes)
            if ended or time.perf_counter() - shown > SHOW_EVERY:
                shown = time.perf_counter()
                yield build(self, runner, extremes, arrival, shown - began)
            else:
                yield None
            if ended:
                return


def _check_start(request: NewtonRequest, objective: Objective) -> None:
    start = tuple(request.start) or objective.start(objective.dimension)
    objective.check_dimension(len(start))
    for i, value in enumerate(start):
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            raise ValueError(f"coordinate {i + 1} of the start is {value!r}; give a finite number")
    object.__setattr__(request, "start", tuple(map(float, start)))


def _check_positive(name: str, value: float | None, low: float, high: float) -> None:
    if isinstance(value, bool) or not isinstance(value, int | float) or not low < value <= high:
        raise ValueError(f"{name.replace('_', ' ')} {value!r} is out of range; give a number above {low:g}, at most {high:g}")


def _check_count(name: str, value: int, most: int) -> None:
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= most:
        raise ValueError(f"{name.replace('_', ' ')} {value!r} is out of range; give a whole number from 1 to {most:,}")


def _look_closer(runner: Runner, extremes: list[Extremes]) -> Iterator[None]:
    """Add the extreme eigenvalues at the iterates that are new; of larger problems only the present one is still there in full."""
    if runner.n <= WHOLE:
        points = list(np.concatenate([runner.first[0][None], runner.history().x]))[len(extremes) :]
    else:
        points = [runner.run.state.x] if len(extremes) <= runner.steps else []
    for point in points:
        extremes.append((yield from extremes_at(runner, point)))


def _look_back(runner: Runner, extremes: list[Extremes]) -> Generator[None, None, Arrival | None]:
    """Compute the last iterate's eigenvalues more precisely; what the run has come to, if it has."""
    has_arrived = runner.status in (CONVERGED, STALLED)
    if runner.n <= MODERATE or has_arrived:
        extremes[-1] = yield from decided_extremes(runner, runner.run.state.x)
    return (yield from large_arrival(runner, extremes[-1])) if has_arrived else None
