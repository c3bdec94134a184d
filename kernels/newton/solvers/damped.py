"""Damped Newton's method: the Hessian is shifted to be positive definite, and a line search follows."""

from dataclasses import dataclass
from typing import NamedTuple

from kernels.execution import jnp, jsp, lax
from kernels.newton.solvers.base import (
    LINE_SEARCH_FAILED,
    RUNNING,
    Descent,
    Move,
    Problem,
    Settings,
    State,
    arrive,
    model_change,
)
from kernels.newton.solvers.line_search import backtrack
from kernels.newton.solvers.linear import CGState
from kernels.types import Array

LEAST_PIVOT = 1e-14
"""Pivots of the Cholesky factorisation below this share of the largest matrix entry count as 0."""

FIRST_SHIFT = 1e-3
"""First shift, relative to the largest matrix entry; it is doubled until the factorisation succeeds."""


@dataclass(frozen=True)
class DampedNewton(Descent):
    """Cholesky factorisation of H + shift I, with shift 0 if H is positive definite, then Armijo line search beginning with the damping.

    Nocedal and Wright, Numerical Optimization (2006), algorithms 3.2 and 3.3.
    """

    @property
    def makes_hessian(self) -> bool:
        """True."""
        return True

    def step(self, problem: Problem, state: State, settings: Settings, inner: CGState | None) -> tuple[State, Move]:
        """Take the step that the line search accepts; the status is LINE_SEARCH_FAILED if there is none."""
        hessian = problem.hessian(state.x)
        factors = positive(hessian)
        direction = jsp.linalg.cho_solve((factors.lower, True), -state.gradient)
        slope = state.gradient @ direction
        trial, good = backtrack(problem, state, direction, slope, settings.damping)
        failed = jnp.where(good, RUNNING, LINE_SEARCH_FAILED)
        predicted = model_change(slope, direction @ hessian @ direction, trial.factor)
        after = arrive(state, settings, trial.x, trial.value, trial.gradient, failed)
        return after, Move.of(predicted, trial.factor, shift=factors.shift)


class Factors(NamedTuple):
    """A Cholesky factor of a matrix with `shift` added to its diagonal."""

    lower: Array
    shift: Array
    next_shift: Array
    tries: Array


def positive(matrix: Array) -> Factors:
    """Factorise the matrix, shifted so that it is safely positive definite. Shape (n, n)."""
    scale = jnp.max(jnp.abs(matrix))
    scale = jnp.where(scale > 0, scale, 1.0)
    identity = jnp.eye(len(matrix), dtype=matrix.dtype)

    def factored(shift: Array, next_shift: Array, tries: Array) -> Factors:
        return Factors(jnp.linalg.cholesky(matrix + shift * identity), shift, next_shift, tries)

    def bad(factors: Factors) -> Array:
        safe = jnp.min(jnp.diagonal(factors.lower)) ** 2 > LEAST_PIVOT * scale
        return ~safe & (factors.tries < 40)

    least = jnp.min(jnp.diagonal(matrix))
    first = FIRST_SHIFT * scale + jnp.maximum(-least, 0.0)
    start = factored(jnp.zeros_like(scale), first, jnp.int32(0))
    return lax.while_loop(bad, lambda f: factored(f.next_shift, 2 * f.next_shift, f.tries + 1), start)
