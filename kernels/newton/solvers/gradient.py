"""The post's iteration s (x' - x) = f'(x): gradient ascent or descent for a constant s, Newton's method for s = -f″(x)."""

from dataclasses import dataclass

from kernels.execution import jnp
from kernels.newton.solvers.base import RUNNING, SINGULAR, Descent, Move, Problem, Settings, State, arrive, model_change
from kernels.newton.solvers.linear import CGState


@dataclass(frozen=True)
class Gradient(Descent):
    """x - step g: the post's s is -1/step, or 1/step where the goal is a maximum."""

    def step(self, problem: Problem, state: State, settings: Settings, inner: CGState | None) -> tuple[State, Move]:
        """One step against the gradient; the predicted change is that of the linear model."""
        x = state.x - settings.step * state.gradient
        predicted = -settings.step * (state.gradient @ state.gradient)
        return arrive(state, settings, x, *problem.evaluate(x)), Move.of(predicted, settings.step)


@dataclass(frozen=True)
class GradientNewtonStep(Descent):
    """The same iteration of one variable with s = -f″(x), which is Newton's method. SINGULAR where f″ = 0."""

    def products(self, n: int) -> int:
        """One product, f″."""
        return 1

    def step(self, problem: Problem, state: State, settings: Settings, inner: CGState | None) -> tuple[State, Move]:
        """One step of length f'(x) / s; the factor of the move is 1/s."""
        s = -problem.product(state.x, jnp.ones_like(state.x))
        direction = state.gradient / s
        move = Move.of(model_change(state.gradient @ direction, -(s @ direction**2), 1.0), 1 / s[0])
        x = state.x + direction
        return arrive(state, settings, x, *problem.evaluate(x), jnp.where(s[0] == 0, SINGULAR, RUNNING)), move
