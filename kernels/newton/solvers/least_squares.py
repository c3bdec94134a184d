"""Methods for sums of squares Σ w r²: the Hessian is replaced by 2 JᵀWJ, J the Jacobian of the residuals r."""

from dataclasses import dataclass
from typing import NamedTuple

from kernels.execution import jax, jnp, jsp
from kernels.newton.solvers.base import (
    ACCEPT,
    LINE_SEARCH_FAILED,
    RUNNING,
    SINGULAR,
    STALLED,
    ModelDescent,
    Move,
    Problem,
    Settings,
    State,
    arrive,
    either,
    model_change,
    norm,
)
from kernels.newton.solvers.line_search import backtrack
from kernels.newton.solvers.linear import CGState
from kernels.newton.solvers.newton import by_factors
from kernels.newton.solvers.trust_region import gain
from kernels.types import Array

FIRST_DAMPING = 1e-3
"""Levenberg-Marquardt's first number on the diagonal, relative to the largest one there."""


def gauss_newton_matrix(problem: Problem, x: Array) -> Array:
    """2 JᵀWJ at x. Shape (n, n)."""
    assert problem.squares is not None
    squares = problem.squares
    jacobian = jax.jacfwd(lambda point: squares(point)[1])(x)
    matrix: Array = 2 * jacobian.T @ (squares(x)[0][:, None] * jacobian)
    return matrix


@dataclass(frozen=True)
class GaussNewton(ModelDescent):
    """−(2 JᵀWJ)⁻¹ g, then a line search that begins with the damping. Nocedal and Wright, Numerical Optimization (2006), section 10.3."""

    def step(self, problem: Problem, state: State, settings: Settings, inner: CGState | None) -> tuple[State, Move]:
        """Take the step that the line search accepts; SINGULAR if the residuals do not depend on all variables."""
        matrix = gauss_newton_matrix(problem, state.x)
        direction, singular = by_factors(matrix, -state.gradient)
        slope = state.gradient @ direction
        trial, good = backtrack(problem, state, direction, slope, settings.damping)
        failed = jnp.where(singular, SINGULAR, jnp.where(good, RUNNING, LINE_SEARCH_FAILED))
        predicted = model_change(slope, direction @ matrix @ direction, trial.factor)
        return arrive(state, settings, trial.x, trial.value, trial.gradient, failed), Move.of(predicted, trial.factor, model=matrix)


class Damping(NamedTuple):
    """The number on the diagonal, and the factor by which the next rejected step raises it."""

    number: Array
    growth: Array


@dataclass(frozen=True)
class LevenbergMarquardt(ModelDescent):
    """−(2 JᵀWJ + λ)⁻¹ g, where λ follows the accuracy of the model. H. B. Nielsen, report IMM-REP-1999-05, DTU (1999)."""

    def recall(self, problem: Problem, state: State) -> Damping:
        """The first damping, small beside the matrix."""
        largest = jnp.abs(jnp.diagonal(gauss_newton_matrix(problem, state.x))).max()
        return Damping(FIRST_DAMPING * jnp.where(largest > 0, largest, 1.0), jnp.full_like(largest, 2.0))

    def step(self, problem: Problem, state: State, settings: Settings, inner: CGState | None) -> tuple[State, Move]:
        """Take the step, or reject it with a larger λ; STALLED when it is below rounding."""
        damping: Damping = state.memory
        matrix = gauss_newton_matrix(problem, state.x) + damping.number * jnp.eye(state.x.size, dtype=state.x.dtype)
        direction = jsp.linalg.solve(matrix, -state.gradient)
        predicted = model_change(state.gradient @ direction, direction @ matrix @ direction, 1.0)
        x = state.x + direction
        value, gradient = problem.evaluate(x)
        ratio = gain(state, predicted, value, gradient)
        taken = ratio > ACCEPT
        lost = norm(direction) <= float(jnp.finfo(x.dtype).eps) * norm(state.x)
        stayed = state._replace(status=jnp.where(lost, STALLED, RUNNING).astype(jnp.int32))
        eased = damping.number * jnp.clip(1 - (2 * ratio - 1) ** 3, 1 / 3, 2.0)
        memory = Damping(
            jnp.where(taken, eased, damping.number * damping.growth), jnp.where(taken, 2.0, 2 * damping.growth).astype(x.dtype)
        )
        after = either(taken, arrive(state, settings, x, value, gradient), stayed)
        move = Move.of(predicted, jnp.where(taken, 1.0, 0.0), ratio=ratio, shift=damping.number, model=matrix)
        return after._replace(memory=memory), move
