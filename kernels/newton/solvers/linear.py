"""Matrix-free linear algebra with the Hessian: conjugate gradients, Lanczos's method, and the post's two solves.

A Hessian-vector product is one `jax.jvp` of the gradient: it costs about two gradients and n numbers of memory. The functions are to be
called within jitted functions, except those that are jitted themselves, which take a Bound function.
"""

import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from kernels.execution import jax, jit, jnp, lax
from kernels.objectives import Bound, Function
from kernels.types import Array

Product = Callable[[Array], Array]

RUNNING, SOLVED, LIMIT, NEGATIVE, BOUNDARY, FLAT, BREAKDOWN = range(7)
OUTCOMES = ("running", "solved", "limit", "negative curvature", "boundary", "flat", "breakdown")
"""Outcomes of conjugate gradients: `flat` is a direction p with Hp = 0, `breakdown` one with p·Hp = 0 but Hp ≠ 0."""

SOLVE, DESCEND, BOUNDED = "solve", "descend", "bounded"

ROUNDING = 1e-14
"""A curvature below this, relative to |p||Hp|, is 0 to within rounding."""

FEW_ROWS = 64
"""Largest tridiagonal matrix that is decomposed in full; of larger ones only the extreme eigenvalues are computed."""

EXACT = 10
"""Largest number of variables for which systems are solved to rounding: conjugate gradients take at most n steps."""

FORCING = 0.1
"""Relative residual of an inexact step. With 0.5, chained Rosenbrock valleys take 1.5 times as many steps and as many products."""

SMALLEST = 1e-12
"""Relative residual at which a system counts as solved."""


class CGState(NamedTuple):
    """State of conjugate gradients.

    `lowest`, `highest`: smallest and largest curvature p·Hp / p·p so far. `residuals`: residual norms from the initial one on; `path`: the
    inner iterates; both of the first `kept` steps.
    """

    right: Array
    solution: Array
    residual: Array
    direction: Array
    rr: Array
    steps: Array
    outcome: Array
    lowest: Array
    highest: Array
    residuals: Array
    path: Array


@dataclass(frozen=True)
class CG:
    """Conjugate gradients for H d = b from d = 0; stores the first `kept` residual norms and, if `paths` is set, the iterates.

    `mode` is the treatment of curvature that is not positive. SOLVE continues, as in the post: definite matrices of either sign are fine,
    indefinite ones often are. DESCEND stops with the current d, a descent direction for the gradient -b. BOUNDED goes to the boundary
    |d| = radius and stops, as it does when d would leave the ball (Steihaug, SIAM J. Numer. Anal. 20 (1983)).
    """

    mode: str = SOLVE
    kept: int = 0
    paths: bool = False

    def init(self, right: Array) -> CGState:
        """State before the first step; solved already if `right` is 0."""
        rr = right @ right
        zero, real = jnp.zeros_like(right), jnp.zeros_like(rr)
        residuals = jnp.full((self.kept + 1,), jnp.nan, right.dtype).at[0].set(jnp.sqrt(rr))
        path = jnp.zeros((self.kept + 1, right.size if self.paths else 0), right.dtype)
        outcome = jnp.where(rr > 0, RUNNING, SOLVED).astype(jnp.int32)
        return CGState(right, zero, right, right, rr, jnp.zeros((), jnp.int32), outcome, real + jnp.inf, real - jnp.inf, residuals, path)

    def step(self, product: Product, state: CGState, target: Array, limit: Array, radius: Array) -> CGState:
        """One iteration, with one product. Ends when the residual norm is at most `target`, after `limit` steps, or by the mode."""
        p = state.direction
        hp = product(p)
        pp, curvature, length = p @ p, p @ hp, jnp.sqrt(hp @ hp)
        lowest, highest = jnp.minimum(state.lowest, curvature / pp), jnp.maximum(state.highest, curvature / pp)
        scale = jnp.maximum(jnp.abs(lowest), jnp.abs(highest))
        small = ~(jnp.abs(curvature) > ROUNDING * jnp.sqrt(pp) * length)
        alpha, outcome = self._stride(state, pp, curvature, small, radius)
        flat = ~(length > ROUNDING * scale * jnp.sqrt(pp))
        outcome = jnp.where((outcome == BREAKDOWN) & flat, FLAT, outcome)
        solution, residual = state.solution + alpha * p, state.residual - alpha * hp
        rr = residual @ residual
        steps = state.steps + 1
        ended = jnp.where(jnp.sqrt(rr) <= target, SOLVED, jnp.where(steps >= limit, LIMIT, RUNNING))
        outcome = jnp.where(outcome == RUNNING, ended, outcome).astype(jnp.int32)
        path = state.path.at[steps].set(solution, mode="drop") if self.paths else state.path
        return CGState(
            state.right,
            solution,
            residual,
            jnp.where(outcome == RUNNING, residual + rr / state.rr * p, p),
            rr,
            steps,
            outcome,
            lowest,
            highest,
            state.residuals.at[steps].set(jnp.sqrt(rr), mode="drop"),
            path,
        )

    def target(self, right: Array) -> Array:
        """Residual norm at which to stop: rounding for SOLVE and for small systems.

        Otherwise a forcing sequence for superlinear convergence (Nocedal and Wright, Numerical Optimization (2006), algorithm 7.1).
        """
        size = jnp.sqrt(right @ right)
        exact = self.mode == SOLVE or right.size <= EXACT
        return SMALLEST * size if exact else jnp.minimum(FORCING, jnp.sqrt(size)) * size

    def done(self, state: CGState) -> Array:
        """Whether it has ended, with `state.outcome`."""
        return state.outcome != RUNNING

    def _stride(self, state: CGState, pp: Array, curvature: Array, small: Array, radius: Array) -> tuple[Array, Array]:
        """Step length along the direction, and the outcome if the iteration ends with it."""
        alpha = jnp.where(small, 0.0, state.rr / jnp.where(small, 1.0, curvature))
        if self.mode == SOLVE:
            return alpha, jnp.where(small, BREAKDOWN, RUNNING)
        bent = small | (curvature < 0)
        if self.mode == DESCEND:
            # The first direction is that of steepest descent; the absolute value of its curvature sets the step length.
            first = jnp.where(small, 1.0, jnp.abs(alpha))
            return jnp.where(bent, jnp.where(state.steps == 0, first, 0.0), alpha), jnp.where(bent, NEGATIVE, RUNNING)
        dd, dp = state.solution @ state.solution, state.solution @ state.direction
        room = jnp.maximum(radius**2 - dd, 0.0)
        # The positive root of |d + t p| = radius, written so that nothing cancels where d·p > 0.
        root = jnp.sqrt(dp**2 + pp * room)
        edge = jnp.where(dp > 0, room / (dp + root), (root - dp) / pp)
        out = alpha >= edge
        return jnp.where(bent | out, edge, alpha), jnp.where(bent, NEGATIVE, jnp.where(out, BOUNDARY, RUNNING))


def products(function: Function, x: Array) -> tuple[Array, Product]:
    """(gradient, v ↦ H v) at `x`; the part that does not depend on v is computed once."""
    return jax.linearize(jax.grad(function), x)


def hessian(function: Function, x: Array) -> Array:
    """The Hessian by forward over reverse mode, as in the post. Shape (n, n)."""
    matrix: Array = jax.jacfwd(jax.jacrev(function))(x)
    return matrix


class LanczosState(NamedTuple):
    """The last two Lanczos vectors and the tridiagonal matrix so far: diagonal and subdiagonal, with `steps` rows."""

    before: Array
    vector: Array
    diagonal: Array
    below: Array
    steps: Array


@functools.lru_cache(maxsize=2)
def lanczos_start(n: int, steps: int) -> LanczosState:
    """State before the first of at most `steps` steps, from a fixed pseudo-random vector."""
    vector = np.random.default_rng(n).standard_normal(n)
    rows = jnp.zeros(steps)
    return LanczosState(jnp.zeros(n), jnp.asarray(vector / np.linalg.norm(vector)), rows, rows, jnp.int32(0))


def lanczos_step(product: Product, state: LanczosState) -> LanczosState:
    """One Lanczos step, with one product; the vector becomes NaN where the Krylov space is exhausted."""
    k = state.steps
    w = product(state.vector) - jnp.where(k > 0, state.below[k - 1], 0.0) * state.before
    diagonal = w @ state.vector
    w = w - diagonal * state.vector
    below = jnp.sqrt(w @ w)
    scale = jnp.abs(diagonal) + jnp.max(jnp.abs(state.below))
    # NaN marks that nothing is left to span.
    vector = jnp.where(below > ROUNDING * scale, w / below, jnp.nan)
    return LanczosState(state.vector, vector, state.diagonal.at[k].set(diagonal), state.below.at[k].set(below), k + 1)


@jit
def lanczos(function: Bound, x: Array, state: LanczosState, times: Array) -> LanczosState:
    """`times` more Lanczos steps on the Hessian at `x`, within the size of the state, until the Krylov space is exhausted.

    Without reorthogonalisation, which needs only three vectors: an extreme eigenvalue may appear twice but never a wrong one
    (A. Greenbaum, Linear Algebra Appl. 113 (1989)).
    """
    _, product = products(function, x)
    last = jnp.minimum(state.steps + times, state.diagonal.size)

    def more(state: LanczosState) -> Array:
        return (state.steps < last) & jnp.isfinite(state.vector[0])

    return lax.while_loop(more, functools.partial(lanczos_step, product), state)


@jit
def ritz(state: LanczosState) -> tuple[Array, Array]:
    """Extreme Ritz values (lowest, highest) of the Hessian and their error bounds, each of shape (2,); NaN if they are not finite."""
    rows = state.diagonal.size
    used = jnp.arange(rows) < state.steps
    # Unused rows hold a decoupled number between the extremes.
    diagonal = jnp.where(used, state.diagonal, state.diagonal[0])
    below = jnp.where(used & (jnp.arange(rows) < state.steps - 1), state.below, 0.0)[:-1]
    last = state.steps - 1
    if rows <= FEW_ROWS:
        values, vectors = jnp.linalg.eigh(jnp.diag(diagonal) + jnp.diag(below, -1) + jnp.diag(below, 1))
        ends = jnp.array([0, -1])
        return values[ends], jnp.abs(state.below[last] * vectors[last, ends])
    found = [
        jax.scipy.linalg.eigh_tridiagonal(diagonal, below, eigvals_only=True, select="i", select_range=(i, i))[0] for i in (0, rows - 1)
    ]
    errors = [jnp.abs(state.below[last] * _tridiagonal_vector(diagonal, below, value)[last]) for value in found]
    return jnp.stack(found), jnp.stack(errors)


def _tridiagonal_vector(diagonal: Array, below: Array, value: Array) -> Array:
    """Unit eigenvector of a symmetric tridiagonal matrix for a given eigenvalue, by two steps of inverse iteration."""
    lower, upper = jnp.concatenate([jnp.zeros(1), below]), jnp.concatenate([below, jnp.zeros(1)])
    # Slightly off the eigenvalue, so that the system is not singular.
    shifted = diagonal - (value + ROUNDING * jnp.max(jnp.abs(diagonal)))
    vector = jnp.ones((diagonal.size, 1))
    for _ in range(2):
        vector = lax.linalg.tridiagonal_solve(lower, shifted, upper, vector)
        vector = vector / jnp.linalg.norm(vector)
    return vector[:, 0]


def extremes(state: LanczosState) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """`ritz` as NumPy arrays."""
    values, errors = ritz(state)
    return np.asarray(values), np.asarray(errors)


@jit
def eigenvalues(function: Bound, x: Array) -> Array:
    """All eigenvalues of the full Hessian at `x`, ascending. Shape (n,)."""
    return jnp.linalg.eigvalsh(hessian(function, x))


@jit
def system_start(function: Bound, x: Array) -> tuple[CGState, Array]:
    """Conjugate gradients on Newton's system H d = -g at `x`: initial state and target residual."""
    state = CG().init(-jax.grad(function)(x))
    return state, CG().target(state.right)


@jit
def system_steps(function: Bound, x: Array, state: CGState, target: Array, times: Array, limit: Array) -> CGState:
    """Continue conjugate gradients on Newton's system at `x` by `times` steps, to `limit` steps in total or the `target` residual."""
    cg = CG()
    _, product = products(function, x)
    last = state.steps + times
    none = jnp.full((), jnp.inf, x.dtype)
    return lax.while_loop(lambda s: ~cg.done(s) & (s.steps < last), lambda s: cg.step(product, s, target, limit, none), state)


@jit
def naive_solve(function: Bound, x: Array) -> Array:
    """H⁻¹ g at `x` by the explicit Hessian and its inverse, as at first in the post; Newton's step is its negative. Shape (n,)."""
    return jnp.linalg.inv(hessian(function, x)) @ jax.jacrev(function)(x)


@jit
def cg_solve(function: Bound, x: Array, limit: Any = None, tolerance: Any = SMALLEST) -> Array:
    """H⁻¹ g at `x` by conjugate gradients: at most `limit` steps (n by default) or to a residual of `tolerance` |g|. Shape (n,)."""
    cg = CG()
    gradient, product = products(function, x)
    start = cg.init(gradient)
    target, most = tolerance * jnp.sqrt(start.rr), jnp.asarray(x.size if limit is None else limit)
    none = jnp.full((), jnp.inf, x.dtype)
    return lax.while_loop(lambda s: ~cg.done(s), lambda s: cg.step(product, s, target, most, none), start).solution
