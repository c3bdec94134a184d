"""What the solvers share: the problem they work on, their state, what a step tells, and the test of an iterate.

A solver is one small immutable class, static in the kernels: `init` a state at a start, `step` to the next, until `done`. They
minimise; for a maximum the problem's function is the negative. Whatever a user drags is in `Settings`, which is traced.
"""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any, NamedTuple

from kernels.execution import jax, jnp, lax
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
"""An iterate with a coordinate beyond this one has diverged."""

ARMIJO = 1e-4
"""A step must bring this share of the decrease that the slope promises."""

MOST_HALVINGS = 60
"""Line search gives up after as many."""

CANCELLED = 1e-14
"""Rounding in a value of which everything has cancelled."""

ACCEPT = 0.1
"""A trust region's step is taken if it brings this share of the decrease that its model predicts."""


class Settings(NamedTuple):
    """What a user drags.

    The gradient's norm at which a run has converged; the gradient method's step; the first factor of Newton's step (1 is the full
    one); the trust region's first radius; the most inner steps of conjugate gradients.
    """

    tolerance: Any
    step: Any
    damping: Any
    radius: Any
    cg_limit: Any


class State(NamedTuple):
    """An iterate, with the function's value and gradient there, the trust region's radius, and the status as its number."""

    x: Array
    value: Array
    gradient: Array
    radius: Array
    status: Array


class Move(NamedTuple):
    """What a step did.

    The change that the quadratic model predicts for it; the factor of the direction that it went (0: not at all); the radius it kept
    to and the actual change beside the predicted one (trust region); what was added to the Hessian's diagonal.
    """

    predicted: Array
    factor: Array
    radius: Array
    ratio: Array
    shift: Array

    @classmethod
    def of(cls, predicted: Array, factor: Any, **more: Any) -> "Move":
        """A move with these; NaN in the rest, 0 for the shift."""
        nan = jnp.full_like(predicted, jnp.nan)
        rest = {"radius": nan, "ratio": nan, "shift": jnp.zeros_like(predicted), **more}
        return cls(predicted, jnp.asarray(factor, predicted.dtype), **rest)


@dataclass(frozen=True)
class Problem:
    """The function to minimise and its derivatives."""

    function: Function

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
    """A method. Where `cg` is not None, the run solves H d = -g with it and passes its state to `step`."""

    @property
    def cg(self) -> CG | None:
        """The inner iteration."""
        return None

    @property
    def makes_hessian(self) -> bool:
        """Whether the Hessian is made in full, of n x n numbers."""
        return False

    @property
    def steered(self) -> bool:
        """Whether it goes downhill rather than to whatever is stationary."""
        return False

    def products(self, n: int) -> int:
        """Hessian-vector products of one step, beside those of the inner iteration."""
        return n if self.makes_hessian else 0

    @abstractmethod
    def step(self, problem: Problem, state: State, settings: Settings, inner: CGState | None) -> tuple[State, Move]:
        """The next iterate, and what was done."""

    @staticmethod
    def init(problem: Problem, x: Array, settings: Settings) -> State:
        """The state at the start `x`."""
        value, gradient = problem.evaluate(x)
        good = jnp.isfinite(value) & jnp.isfinite(gradient).all()
        status = jnp.where(good, jnp.where(norm(gradient) <= settings.tolerance, CONVERGED, RUNNING), UNDEFINED)
        return State(x, value, gradient, jnp.asarray(settings.radius, x.dtype), status.astype(jnp.int32))

    @staticmethod
    def done(state: State) -> Array:
        """Whether the run has ended; `state.status` says how."""
        return state.status != RUNNING


def norm(vector: Array) -> Array:
    """The Euclidean norm."""
    return jnp.sqrt(vector @ vector)


def arrive(state: State, settings: Settings, x: Array, value: Array, gradient: Array, failed: Any = RUNNING) -> State:
    """The state at the new iterate `x`; where `failed` is a status other than RUNNING, the run stays and ends with it."""
    unmoved = jnp.where((x == state.x).all(), STALLED, RUNNING)
    status = jnp.where(norm(gradient) <= settings.tolerance, CONVERGED, unmoved)
    # Far away what overflows may be NaN too; nearer NaN says that the objective is not defined there.
    undefined = jnp.isnan(value) | jnp.isnan(gradient).any() | jnp.isnan(x).any()
    infinite = jnp.isinf(value) | jnp.isinf(gradient).any()
    status = jnp.where(undefined, UNDEFINED, jnp.where(infinite, DIVERGED, status))
    status = jnp.where(jnp.max(jnp.abs(x)) > FAR, DIVERGED, status)
    fine = jnp.asarray(failed) == RUNNING
    # A NaN for a new iterate is no place to stand: the last one is kept.
    taken = fine & jnp.isfinite(x).all()
    return State(
        jnp.where(taken, x, state.x),
        jnp.where(taken, value, state.value),
        jnp.where(taken, gradient, state.gradient),
        state.radius,
        jnp.where(fine, status, failed).astype(jnp.int32),
    )


def model_change(slope: Array, curvature: Array, factor: Any) -> Array:
    """The quadratic model's change over `factor` times a direction d with g·d = slope, d·Hd = curvature."""
    return factor * slope + factor**2 * curvature / 2


class Trial(NamedTuple):
    """A point that line search has tried."""

    factor: Array
    x: Array
    value: Array
    gradient: Array
    halvings: Array


def backtrack(problem: Problem, state: State, direction: Array, slope: Array, first: Any) -> tuple[Trial, Array]:
    """(trial, good): halve the factor from `first` on until the step decreases the function enough (Armijo).

    Near the minimum, where differences of the value are mere rounding, the slope at the end of the step says the same of a quadratic
    (Hager and Zhang, SIAM J. Optimization 16 (2005)); there the gradient has to shrink as well.
    """
    size = norm(state.gradient)

    def good(trial: Trial) -> Array:
        enough = trial.value <= state.value + ARMIJO * trial.factor * slope
        level = trial.value <= state.value + 1e-6 * jnp.abs(state.value) + CANCELLED
        flatter = (trial.gradient @ direction <= (2 * ARMIJO - 1) * slope) & (norm(trial.gradient) < size)
        return (enough | (level & flatter)) & jnp.isfinite(trial.gradient).all()

    def at(factor: Array, halvings: Array) -> Trial:
        x = state.x + factor * direction
        return Trial(factor, x, *problem.evaluate(x), halvings)

    def more(trial: Trial) -> Array:
        return ~good(trial) & (trial.halvings < MOST_HALVINGS)

    start = at(jnp.asarray(first, state.x.dtype), jnp.zeros((), jnp.int32))
    trial = lax.while_loop(more, lambda t: at(t.factor / 2, t.halvings + 1), start)
    return trial, good(trial) & (slope < 0)
