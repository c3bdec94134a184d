"""Newton's method with an explicit Hessian: by its inverse, as in the post, or by LU factorisation."""

from dataclasses import dataclass

from kernels.execution import jax, jnp, jsp
from kernels.newton.solvers.base import RUNNING, SINGULAR, Move, Problem, Settings, Solver, State, arrive, model_change
from kernels.newton.solvers.linear import CGState
from kernels.types import Array

SINGULAR_BEYOND = 1e15
"""A Hessian with a larger condition number is singular to rounding, after scaling that makes variables of unlike sizes comparable."""


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
        direction, singular = (by_factors if self.factorised else _by_inverse)(hessian, -state.gradient)
        move = Move.of(model_change(state.gradient @ direction, direction @ hessian @ direction, settings.damping), settings.damping)
        x = state.x + settings.damping * direction
        return arrive(state, settings, x, *problem.evaluate(x), jnp.where(singular, SINGULAR, RUNNING)), move


def _by_inverse(hessian: Array, right: Array) -> tuple[Array, Array]:
    inverse, scale = jnp.linalg.inv(hessian), _scales(hessian)
    scales = scale[:, None] * scale[None, :]
    condition = (jnp.abs(hessian) * scales).sum(0).max() * (jnp.abs(inverse) / scales).sum(0).max()
    return inverse @ right, jnp.isfinite(hessian).all() & ~(condition < SINGULAR_BEYOND)


def by_factors(hessian: Array, right: Array) -> tuple[Array, Array]:
    """The solution of hessian · d = right by LU factorisation, and whether the matrix is singular."""
    scale = _scales(hessian)
    factors, pivots = jax.scipy.linalg.lu_factor(scale[:, None] * hessian * scale[None, :])
    sizes = jnp.abs(jnp.diagonal(factors))
    singular = ~(sizes.min() * SINGULAR_BEYOND > sizes.max())
    return scale * jsp.linalg.lu_solve((factors, pivots), scale * right), jnp.isfinite(hessian).all() & singular


def _scales(hessian: Array) -> Array:
    """Factors of the variables, powers of two, that bring the largest entry of each row of the symmetric matrix towards 1. Shape (n,)."""
    largest = jnp.abs(hessian).max(1)
    return jnp.exp2(-jnp.round(jnp.log2(jnp.where((largest > 0) & jnp.isfinite(largest), largest, 1.0)) / 2))
