"""The settings of one run of the Newton solver: objective, method, initial point, tolerances and limits."""

import math
from dataclasses import dataclass

from kernels import validation
from kernels.catalog import find_objective
from kernels.execution import devices
from kernels.newton.run import KEPT, SMALL, WHOLE
from kernels.newton.solvers import Solver, find_method
from kernels.objectives import MAXIMUM, MINIMUM, Coordinates, StationaryPoint
from kernels.parameters import Pairs
from kernels.validation import grouped, setting

STATIONARY = "stationary"
GOALS = (STATIONARY, MINIMUM, MAXIMUM)

MOST_STEPS = 10_000
MOST_CG_STEPS = 1_000_000

LARGEST_HESSIAN = 8 * 1024**2
"""Bytes of the largest Hessian (1,024 variables) that is inverted within the time of one call."""


@dataclass(frozen=True)
class RunSettings:
    """Settings of one run of the Newton solver.

    Raises ValueError, in one line, where a field is out of its domain.

    Attributes:
        objective: name or formula of the objective.
        goal: `stationary`, `minimum` or `maximum`.
        start: the initial point, n numbers; the objective's standard one if empty.
        method: name of the method.
        max_steps: maximum number of iterations.
        tolerance: gradient norm at which the run has converged.
        step: step size of the gradient method; the objective's if None.
        damping: factor of the Newton step, or the first one that the line search tries.
        radius: initial trust radius.
        cg_steps: maximum number of conjugate-gradient iterations in a step.
        momentum: share of the last step that is repeated, or Adam's factor of the mean of gradients.
        parameters: of the objective, as (name, value) pairs or a mapping; missing ones have their defaults, pairs are sorted.

    """

    objective: str = setting("quadratic", "Objective", "The function whose stationary point is sought")
    goal: str = setting(STATIONARY, "Find", "Any stationary point, a minimum or a maximum")
    start: tuple[float, ...] = setting((), "Start", "The first iterate")
    method: str = setting("newton", "Method", "The iteration that is used")
    max_steps: int = setting(
        50, "Max. iterations", "Iterations after which a run ends; a chained valley takes 1.5 for each variable", least=1, most=MOST_STEPS
    )
    tolerance: float = setting(1e-10, "Tolerance", "Converged when the gradient norm is at most this", low=1e-14, high=1e-1)
    step: float | None = setting(None, "Step size", "1/|s| of the post's iteration", low=1e-6, high=10.0)
    damping: float = setting(1.0, "Damping", "Step-length factor: 1 is the full Newton step", low=0.01, high=1.0)
    radius: float = setting(1.0, "Trust radius", "Initial radius of the trust region", low=0.01, high=100.0)
    cg_steps: int = setting(
        100, "CG iterations", "Conjugate-gradient iterations per step; fewer give an inexact step", least=1, most=MOST_CG_STEPS
    )
    momentum: float = setting(0.9, "Momentum", "Share of the last step that heavy ball, Nesterov and Adam keep", most=0.999)
    parameters: Pairs = ()

    def __post_init__(self) -> None:
        objective, method = find_objective(self.objective), find_method(self.method)
        if self.goal not in GOALS:
            raise ValueError(f"there is no goal {self.goal!r}; the goals are {', '.join(GOALS)}")
        object.__setattr__(self, "parameters", objective.completed(self.parameters))
        start = self.start if len(self.start) else objective.start(objective.dimension)
        objective.check_dimension(len(start))
        object.__setattr__(self, "start", Coordinates.checked("start", start))
        misfit = method.misfit(objective, len(self.start))
        if misfit:
            raise ValueError(misfit)
        if method.for_squares and self.wanted == MAXIMUM:
            raise ValueError(f"{self.method} is for the minimum of a sum of squares, and the goal is a maximum; use damped-newton or bfgs")
        if self.step is None:
            object.__setattr__(self, "step", objective.step)
        validation.positives(self, tolerance=1e10, step=1e10, damping=2.0, radius=1e10)
        if not 0 <= self.momentum < 1:
            raise ValueError(f"momentum is {self.momentum:g}; give a number from 0 up to, but not including, 1")
        validation.counts(self, "max_steps", "cg_steps")
        n = len(self.start)
        if self.solver.makes_matrix and 8 * n * n > LARGEST_HESSIAN:
            what, instead = ("Hessian", "newton-cg or trust-region") if self.solver.makes_hessian else ("matrix", "l-bfgs or newton-cg")
            raise ValueError(
                f"the {what} of {grouped(n)} variables takes {grouped(8 * n * n)} bytes, and {self.method} works with"
                f" at most {grouped(LARGEST_HESSIAN)} (n = {grouped(math.isqrt(LARGEST_HESSIAN // 8))}); use {instead}"
            )
        devices.check_memory(f"a run with {grouped(n)} variables", self.bytes, "use fewer")

    @property
    def bytes(self) -> int:
        """Upper bound of the memory of the run: vectors, a matrix with its inverse, and the stored iterates."""
        n = len(self.start)
        whole = 4 * n * n if self.solver.makes_matrix else 0
        return 8 * (self.solver.vectors * n + whole + self.max_steps * (min(n, WHOLE) + KEPT * (n if n <= SMALL else 1)))

    @property
    def wanted(self) -> str:
        """The goal that the method pursues: for any stationary point, a descent method takes the objective's usual goal."""
        steered = self.goal == STATIONARY and find_method(self.method).downhill
        return find_objective(self.objective).goal if steered else self.goal

    @property
    def solver(self) -> Solver:
        """The solver; a static argument of the kernels."""
        return find_method(self.method).solver(self.wanted != STATIONARY, KEPT, len(self.start) <= SMALL)

    @property
    def known(self) -> tuple[StationaryPoint, ...]:
        """The known stationary points of the objective at these parameters."""
        return find_objective(self.objective).known(len(self.start), self.parameters)
