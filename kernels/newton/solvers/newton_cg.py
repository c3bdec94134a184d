"""Newton's method on Hessian-vector products: the system is solved by conjugate gradients, in full or not."""

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
    backtrack,
    model_change,
)
from kernels.newton.solvers.linear import BREAKDOWN, CG, DESCEND, FLAT, SOLVE, CGState


@dataclass(frozen=True)
class NewtonCG(Solver):
    """The step that conjugate gradients find, times the damping.

    With `descend` they stop at negative curvature, and line search follows, so that it goes downhill (Nocedal and Wright, Numerical
    Optimization (2006), algorithm 7.1); without, it is Newton's step to whatever is stationary, inexact where its steps are limited.
    """

    descend: bool = False
    kept: int = 0
    paths: bool = False

    @property
    def steered(self) -> bool:
        """If it descends."""
        return self.descend

    @property
    def cg(self) -> CG:
        """The inner iteration."""
        return CG(DESCEND if self.descend else SOLVE, self.kept, self.paths)

    def step(self, problem: Problem, state: State, settings: Settings, inner: CGState | None) -> tuple[State, Move]:
        """The step found. SINGULAR where a direction has no curvature, NEGATIVE_CURVATURE where its sign broke the first inner step."""
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
