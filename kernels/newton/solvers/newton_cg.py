"""Newton's method on Hessian-vector products, with an exact or inexact solution by conjugate gradients."""

from dataclasses import dataclass

from kernels.execution import jnp
from kernels.newton.solvers.base import (
    LINE_SEARCH_FAILED,
    NEGATIVE_CURVATURE,
    RUNNING,
    SINGULAR,
    Move,
    Problem,
    Settings,
    Solver,
    State,
    arrive,
    model_change,
)
from kernels.newton.solvers.line_search import backtrack
from kernels.newton.solvers.linear import BREAKDOWN, CG, DESCEND, FLAT, SOLVE, CGState


@dataclass(frozen=True)
class NewtonCG(Solver):
    """The step found by conjugate gradients, times the damping.

    With `descend`, conjugate gradients stop at negative curvature and a line search follows: a descent method (Nocedal and Wright,
    Numerical Optimization (2006), algorithm 7.1). Without it, Newton's step to any stationary point, inexact if its steps are limited.
    """

    descend: bool = False
    kept: int = 0
    paths: bool = False

    @property
    def steered(self) -> bool:
        """Whether it descends."""
        return self.descend

    @property
    def cg(self) -> CG:
        """The inner iteration."""
        return CG(DESCEND if self.descend else SOLVE, self.kept, self.paths)

    def step(self, problem: Problem, state: State, settings: Settings, inner: CGState | None) -> tuple[State, Move]:
        """Take the step; SINGULAR if a direction has no curvature, NEGATIVE_CURVATURE if the first inner iteration broke down."""
        assert inner is not None
        direction = inner.solution
        slope, curvature = state.gradient @ direction, direction @ (inner.right - inner.residual)
        if self.descend:
            trial, good = backtrack(problem, state, direction, slope, settings.damping)
            after = arrive(state, settings, trial.x, trial.value, trial.gradient, jnp.where(good, RUNNING, LINE_SEARCH_FAILED))
            return after, Move.of(model_change(slope, curvature, trial.factor), trial.factor)
        broken = (inner.outcome == BREAKDOWN) & (inner.steps == 1)
        failed = jnp.where(inner.outcome == FLAT, SINGULAR, jnp.where(broken, NEGATIVE_CURVATURE, RUNNING))
        x = state.x + settings.damping * direction
        move = Move.of(model_change(slope, curvature, settings.damping), settings.damping)
        return arrive(state, settings, x, *problem.evaluate(x), failed), move
