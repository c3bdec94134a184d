"""Nonlinear conjugate gradients."""

from dataclasses import dataclass
from typing import NamedTuple

from kernels.execution import jnp
from kernels.newton.solvers.base import LINE_SEARCH_FAILED, RUNNING, Descent, Move, Problem, Settings, State, arrive, norm
from kernels.newton.solvers.line_search import strong_wolfe
from kernels.newton.solvers.linear import CGState
from kernels.types import Array

FLATNESS = 0.1
"""Slope at the end of the line search, relative to the first one."""


class Last(NamedTuple):
    """The last gradient and direction, and the change of the value that the slope predicted; all 0 at first."""

    gradient: Array
    direction: Array
    change: Array


@dataclass(frozen=True)
class NonlinearCG(Descent):
    """Conjugate gradients of Polak and Ribière, restarted where their factor is negative or the direction does not descend.

    Nocedal and Wright, Numerical Optimization (2006), algorithm 5.4 and equation 5.45.
    """

    flatness: float = FLATNESS
    """Slope at the end of the line search, relative to the first one; close to 0 for an exact line search."""

    def recall(self, problem: Problem, state: State) -> Last:
        """No direction."""
        none = jnp.zeros_like(state.x)
        return Last(none, none, jnp.zeros_like(state.value))

    def step(self, problem: Problem, state: State, settings: Settings, inner: CGState | None) -> tuple[State, Move]:
        """Take the step that the line search accepts; LINE_SEARCH_FAILED if there is none."""
        last: Last = state.memory
        gradient = state.gradient
        before = last.gradient @ last.gradient
        factor = jnp.where(before > 0, gradient @ (gradient - last.gradient) / jnp.where(before > 0, before, 1.0), 0.0)
        direction = -gradient + jnp.maximum(factor, 0.0) * last.direction
        direction = jnp.where(gradient @ direction < 0, direction, -gradient)
        slope = gradient @ direction
        # As long a step as the last one by the slopes' measure; at first, of length 1.
        first = jnp.where(last.change < 0, last.change / slope, jnp.minimum(1.0, 1.0 / norm(gradient)))
        trial, good = strong_wolfe(problem, state, direction, slope, first, self.flatness)
        after = arrive(state, settings, trial.x, trial.value, trial.gradient, jnp.where(good, RUNNING, LINE_SEARCH_FAILED))
        predicted = trial.factor * slope
        return after._replace(memory=Last(gradient, direction, predicted)), Move.of(predicted, trial.factor)
