"""First-order methods with a memory of earlier gradients: heavy ball, Nesterov's and Adam."""

from dataclasses import dataclass
from typing import NamedTuple

from kernels.execution import jnp
from kernels.newton.solvers.base import Descent, Move, Problem, Settings, State, arrive
from kernels.newton.solvers.linear import CGState
from kernels.types import Array

SQUARES = 0.999
"""Factor of Adam's mean of squared gradients."""

LEAST_ROOT = 1e-8
"""Number that Adam adds to the root of this mean."""


@dataclass(frozen=True)
class Momentum(Descent):
    """Base class of the methods that repeat a share of their last step; their memory is that step, 0 at first."""

    def recall(self, problem: Problem, state: State) -> Array:
        """No step."""
        return jnp.zeros_like(state.x)


@dataclass(frozen=True)
class HeavyBall(Momentum):
    """x + momentum · (last step) − step · g. B. T. Polyak, USSR Comput. Math. Math. Phys. 4 (1964)."""

    def step(self, problem: Problem, state: State, settings: Settings, inner: CGState | None) -> tuple[State, Move]:
        """One step; the predicted change is that of the linear model."""
        return _moved(problem, state, settings, settings.momentum * state.memory - settings.step * state.gradient)


@dataclass(frozen=True)
class Nesterov(Momentum):
    """The heavy ball with the gradient ahead, at x + momentum · (last step). Y. Nesterov, Soviet Math. Dokl. 27 (1983)."""

    def step(self, problem: Problem, state: State, settings: Settings, inner: CGState | None) -> tuple[State, Move]:
        """One step; the predicted change is that of the linear model."""
        ahead = settings.momentum * state.memory
        return _moved(problem, state, settings, ahead - settings.step * problem.evaluate(state.x + ahead)[1])


def _moved(problem: Problem, state: State, settings: Settings, step: Array) -> tuple[State, Move]:
    x = state.x + step
    after = arrive(state, settings, x, *problem.evaluate(x))
    return after._replace(memory=step), Move.of(state.gradient @ step, settings.step)


class Means(NamedTuple):
    """Adam's means of gradients and of their squares, and the number of steps."""

    gradients: Array
    squares: Array
    taken: Array


@dataclass(frozen=True)
class Adam(Descent):
    """Steps of about the step size in each coordinate, whatever its scale. D. P. Kingma and J. Ba, arXiv:1412.6980 (2014)."""

    def recall(self, problem: Problem, state: State) -> Means:
        """Means of 0."""
        none = jnp.zeros_like(state.x)
        return Means(none, none, jnp.zeros((), jnp.int32))

    def step(self, problem: Problem, state: State, settings: Settings, inner: CGState | None) -> tuple[State, Move]:
        """One step; the momentum is the factor of the mean of gradients."""
        before: Means = state.memory
        count = before.taken + 1
        gradients = settings.momentum * before.gradients + (1 - settings.momentum) * state.gradient
        squares = SQUARES * before.squares + (1 - SQUARES) * state.gradient**2
        mean = gradients / (1 - settings.momentum**count)
        root = jnp.sqrt(squares / (1 - SQUARES**count))
        after, move = _moved(problem, state, settings, -settings.step * mean / (root + LEAST_ROOT))
        return after._replace(memory=Means(gradients, squares, count)), move
