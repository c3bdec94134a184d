"""Newton's method with an explicit Hessian: by its inverse, as in the post, or by LU factorisation."""

from dataclasses import dataclass

from kernels.execution import jax, jnp, jsp
from kernels.newton.solvers.base import RUNNING, SINGULAR, Move, Problem, Settings, Solver, State, arrive, model_change
from kernels.newton.solvers.linear import CGState
from kernels.types import Array

SINGULAR_BEYOND = 1e15
"""A Hessian with a larger condition number is singular to rounding."""


@dataclass(frozen=True)
class Newton(Solver):
    """x - damping H⁻¹ g, which converges to any stationary point. The inverse is computed unless `factorised`, which uses LU."""

    factorised: bool = False

    @property
    def makes_hessian(self) -> bool:
        """True."""
        return True

    def step(self, problem: Problem, state: State, settings: Settings, inner: CGState | None) -> tuple[State, Move]:
        """Take the full step times the damping; the status is SINGULAR if the Hessian is singular."""
        hessian = problem.hessian(state.x)
        direction, singular = (_by_factors if self.factorised else _by_inverse)(hessian, -state.gradient)
        move = Move.of(model_change(state.gradient @ direction, direction @ hessian @ direction, settings.damping), settings.damping)
        x = state.x + settings.damping * direction
        return arrive(state, settings, x, *problem.evaluate(x), jnp.where(singular, SINGULAR, RUNNING)), move


def _by_inverse(hessian: Array, right: Array) -> tuple[Array, Array]:
    inverse = jnp.linalg.inv(hessian)
    condition = jnp.abs(hessian).sum(0).max() * jnp.abs(inverse).sum(0).max()
    return inverse @ right, jnp.isfinite(hessian).all() & ~(condition < SINGULAR_BEYOND)


def _by_factors(hessian: Array, right: Array) -> tuple[Array, Array]:
    factors, pivots = jax.scipy.linalg.lu_factor(hessian)
    sizes = jnp.abs(jnp.diagonal(factors))
    singular = ~(sizes.min() * SINGULAR_BEYOND > sizes.max())
    return jsp.linalg.lu_solve((factors, pivots), right), jnp.isfinite(hessian).all() & singular
