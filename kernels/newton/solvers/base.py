"""Base class of the solvers, their problem and state, the result of a step, and the convergence test.

A solver is a small immutable class, static in the kernels: `init` makes the state at the initial point, `step` the next one, until
`done`. Solvers minimise; for a maximum the problem's function is negated. Settings that are dragged are in `Settings`, which is traced.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

from kernels.execution import jax, jnp
from kernels.newton.solvers import linear
from kernels.newton.solvers.linear import CG, CGState
from kernels.objectives import Function
from kernels.types import Array

STATUSES = (
    "running",
    "converged",
    "max-steps",
    "singular",
    "negative-curvature",
    "diverged",
    "line-search-failed",
    "stalled",
    "undefined",
)
RUNNING, CONVERGED, MAX_STEPS, SINGULAR, NEGATIVE_CURVATURE, DIVERGED, LINE_SEARCH_FAILED, STALLED, UNDEFINED = range(9)

FAR = 1e12
"""An iterate with a larger coordinate has diverged."""

CANCELLED = 1e-14
"""Absolute rounding error of a value after complete cancellation."""

ACCEPT = 0.1
"""A trust-region step is accepted if it brings this share of the decrease that the model predicts."""


class Settings(NamedTuple):
    """Traced settings of a run.

    `tolerance`: gradient norm at which it has converged. `step`: step size of the gradient method. `damping`: (first) factor of the
    Newton step. `radius`: initial trust radius. `cg_limit`: maximum number of conjugate-gradient iterations in a step. `momentum`: share
    of the last step that is added to the next one.
    """

    tolerance: Any
    step: Any
    damping: Any
    radius: Any
    cg_limit: Any
    momentum: Any


class State(NamedTuple):
    """An iterate with value, gradient, trust radius and the number of the status; `memory`: what the method knows of earlier iterates."""

    x: Array
    value: Array
    gradient: Array
    radius: Array
    status: Array
    memory: Any = ()


class Move(NamedTuple):
    """The result of a step.

    `predicted`: change of the value by the quadratic model. `factor`: step-length factor, 0 for a rejected step. `radius`, `ratio`: trust
    radius, and actual change divided by predicted change. `shift`: number added to the Hessian's diagonal. `model`: the matrix that the
    method used in place of the Hessian, shape (n, n); None without one.
    """

    predicted: Array
    factor: Array
    radius: Array
    ratio: Array
    shift: Array
    model: Array | None = None

    @classmethod
    def of(cls, predicted: Array, factor: Any, **more: Any) -> "Move":
        """A Move with these values; the others are NaN, the shift 0."""
        nan = jnp.full_like(predicted, jnp.nan)
        rest = {"radius": nan, "ratio": nan, "shift": jnp.zeros_like(predicted), **more}
        return cls(predicted, jnp.asarray(factor, predicted.dtype), **rest)


@dataclass(frozen=True)
class Problem:
    """The function to minimise and its derivatives; `squares(x)`, where it is a sum of squares: their weights and the residuals."""

    function: Function
    squares: Callable[[Array], tuple[Array, Array]] | None = None

    def evaluate(self, x: Array) -> tuple[Array, Array]:
        """(value, gradient)."""
        return jax.value_and_grad(self.function)(x)

    def product(self, x: Array, vector: Array) -> Array:
        """The Hessian times a vector."""
        return linear.products(self.function, x)[1](vector)

    def hessian(self, x: Array) -> Array:
        """The Hessian. Shape (n, n)."""
        return linear.hessian(self.function, x)


class Solver(ABC):
    """Base class of the methods. If `cg` is not None, the run solves H d = -g with it and passes its state to `step`."""

    @property
    def cg(self) -> CG | None:
        """The inner iteration, None for a direct method."""
        return None

    @property
    def makes_hessian(self) -> bool:
        """Whether the full Hessian, n x n numbers, is computed."""
        return False

    @property
    def makes_matrix(self) -> bool:
        """Whether it holds n x n numbers, the Hessian or others."""
        return self.makes_hessian

    @property
    def vectors(self) -> int:
        """Upper bound of the number of vectors of n numbers in memory."""
        return 24

    @property
    def has_model(self) -> bool:
        """Whether each of its moves has a matrix in place of the Hessian."""
        return False

    @property
    def steered(self) -> bool:
        """Whether it is a descent method, rather than one that converges to any stationary point."""
        return False

    def products(self, n: int) -> int:
        """Number of Hessian-vector products in a step, without those of the inner iteration."""
        return n if self.makes_hessian else 0

    @abstractmethod
    def step(self, problem: Problem, state: State, settings: Settings, inner: CGState | None) -> tuple[State, Move]:
        """Compute the next iterate; returns (state, move)."""

    def init(self, problem: Problem, x: Array, settings: Settings) -> State:
        """The state at the start `x`."""
        value, gradient = problem.evaluate(x)
        good = jnp.isfinite(value) & jnp.isfinite(gradient).all()
        status = jnp.where(good, jnp.where(norm(gradient) <= settings.tolerance, CONVERGED, RUNNING), UNDEFINED)
        state = State(x, value, gradient, jnp.asarray(settings.radius, x.dtype), status.astype(jnp.int32))
        return state._replace(memory=self.recall(problem, state))

    def recall(self, problem: Problem, state: State) -> Any:
        """The memory of a run at its initial point: a pytree of arrays."""
        return ()

    @staticmethod
    def done(state: State) -> Array:
        """Whether the run has ended, with `state.status`."""
        return state.status != RUNNING


class Descent(Solver):
    """Base class of the descent methods."""

    @property
    def steered(self) -> bool:
        """True."""
        return True


class ModelDescent(Descent):
    """Base class of the descent methods with a matrix in place of the Hessian."""

    @property
    def makes_matrix(self) -> bool:
        """True."""
        return True

    @property
    def has_model(self) -> bool:
        """True: the matrix in place of the Hessian."""
        return True


def norm(vector: Array) -> Array:
    """The Euclidean norm."""
    return jnp.sqrt(vector @ vector)


def arrive(state: State, settings: Settings, x: Array, value: Array, gradient: Array, failed: Any = RUNNING) -> State:
    """State at the new iterate `x`; if `failed` is a status other than RUNNING, the run ends with it at the old iterate."""
    unmoved = jnp.where((x == state.x).all(), STALLED, RUNNING)
    status = jnp.where(norm(gradient) <= settings.tolerance, CONVERGED, unmoved)
    # Not finite, the objective is undefined there or overflows; far away, or where it falls without bound, the run has diverged.
    undefined = ~jnp.isfinite(value) | ~jnp.isfinite(gradient).all() | jnp.isnan(x).any()
    status = jnp.where(undefined, jnp.where(value == -jnp.inf, DIVERGED, UNDEFINED), status)
    status = jnp.where(jnp.max(jnp.abs(x)) > FAR, DIVERGED, status)
    fine = jnp.asarray(failed) == RUNNING
    # An iterate that is not finite is discarded and the last one kept.
    taken = fine & jnp.isfinite(x).all()
    return state._replace(
        x=jnp.where(taken, x, state.x),
        value=jnp.where(taken, value, state.value),
        gradient=jnp.where(taken, gradient, state.gradient),
        status=jnp.where(fine, status, failed).astype(jnp.int32),
    )


def either(first: Array, state: State, other: State) -> State:
    """The state `state` where `first` is true, else `other`."""
    chosen: State = jax.tree.map(lambda one, two: jnp.where(first, one, two), state, other)
    return chosen


def model_change(slope: Array, curvature: Array, factor: Any) -> Array:
    """The quadratic model's change over `factor` times a direction d with g·d = slope, d·Hd = curvature."""
    return factor * slope + factor**2 * curvature / 2
