"""The first-order methods that train a network, and Lanczos's method, each as a machine that asks for one evaluation at a time.

A method's state has fields `weights` (the accepted ones), `at` (where the loss and its gradient are wanted next), `loss` and `slope` (the
gradient's norm) at the weights as far as known, `iterations` and `status`. `tell` takes the evaluation and returns the next state.
"""

from dataclasses import dataclass
from typing import Any, ClassVar, NamedTuple

from kernels.execution import jnp, lax
from kernels.network import updates
from kernels.newton.solvers import linear
from kernels.types import Array

RUNNING, CONVERGED, STALLED, DIVERGED = range(4)
STATUSES = ("running", "converged", "stalled", "diverged")

HESSIAN, GAUSS_NEWTON = "hessian", "gauss-newton"

TRIES = 25
"""Most evaluations in one line search."""

SUFFICIENT, CURVED = 1e-4, 0.9
"""Constants of the Wolfe conditions (Nocedal and Wright, Numerical Optimization (2006), section 3.1)."""


class Settings(NamedTuple):
    """Traced settings: step sizes of gradient descent and Adam, the first damping of the Hessian-free method, its CG limit, tolerance."""

    rate: Any
    adam_rate: Any
    damping: Any
    cg_steps: Any
    tolerance: Any


def status_of(loss: Array, slope: Array, settings: Settings) -> Array:
    """CONVERGED at a gradient within the tolerance, DIVERGED where the loss or the gradient is not finite, else RUNNING."""
    finite = jnp.isfinite(loss) & jnp.isfinite(slope)
    return jnp.where(finite, jnp.where(slope <= settings.tolerance, CONVERGED, RUNNING), DIVERGED).astype(jnp.int32)


class DescentState(NamedTuple):
    """State of gradient descent and of Adam; `moments` are None for the former."""

    weights: Array
    loss: Array
    slope: Array
    iterations: Array
    status: Array
    moments: updates.Moments | None

    @property
    def at(self) -> Array:
        """Where the next gradient is wanted."""
        return self.weights


@dataclass(frozen=True)
class Descent:
    """Gradient descent with a constant step size."""

    name: ClassVar[str] = "gradient"
    product: ClassVar[str] = ""

    def start(self, weights: Array, settings: Settings) -> DescentState:
        """State before the first evaluation."""
        unknown = jnp.full((), jnp.inf, weights.dtype)
        return DescentState(weights, unknown, unknown, jnp.int32(0), jnp.int32(RUNNING), self._moments(weights))

    def tell(self, state: DescentState, value: Array, gradient: Array, settings: Settings) -> DescentState:
        """One step from the gradient at the weights."""
        slope = jnp.linalg.norm(gradient)
        status = status_of(value, slope, settings)
        step, moments = self._step(state, gradient, settings)
        going = status == RUNNING
        weights = jnp.where(going, state.weights + step, state.weights)
        return DescentState(weights, value, slope, state.iterations + going, status, moments)

    def _moments(self, weights: Array) -> updates.Moments | None:
        return None

    def _step(self, state: DescentState, gradient: Array, settings: Settings) -> tuple[Array, updates.Moments | None]:
        return -settings.rate * gradient, None


class Adam(Descent):
    """Adam with a constant step size."""

    name: ClassVar[str] = "adam"

    def _moments(self, weights: Array) -> updates.Moments | None:
        return updates.adam_start(weights)

    def _step(self, state: DescentState, gradient: Array, settings: Settings) -> tuple[Array, updates.Moments | None]:
        assert state.moments is not None
        return updates.adam(gradient, state.moments, settings.adam_rate)


class SearchState(NamedTuple):
    """State of L-BFGS: the line search along `direction` has bracketed the step between `low` and `high`."""

    weights: Array
    at: Array
    loss: Array
    slope: Array
    iterations: Array
    status: Array
    gradient: Array
    direction: Array
    step: Array
    low: Array
    high: Array
    tries: Array
    pairs: updates.Pairs | None


@dataclass(frozen=True)
class LimitedBfgs:
    """L-BFGS with `memory` pairs and a line search by bisection for the weak Wolfe conditions (Lewis, Overton, Math. Prog. 141 (2013))."""

    memory: int = 10
    name: ClassVar[str] = "l-bfgs"
    product: ClassVar[str] = ""

    def start(self, weights: Array, settings: Settings) -> SearchState:
        """State before the first evaluation, which is at the weights."""
        unknown, zero = jnp.full((), jnp.inf, weights.dtype), jnp.zeros_like(weights)
        none = jnp.zeros((), weights.dtype)
        running, pairs = jnp.int32(RUNNING), updates.lbfgs_start(weights, self.memory)
        return SearchState(weights, weights, unknown, unknown, jnp.int32(-1), running, zero, zero, none, none, unknown, jnp.int32(0), pairs)

    def tell(self, state: SearchState, value: Array, gradient: Array, settings: Settings) -> SearchState:
        """Accept the point and choose the next direction, or try another step along this one."""
        assert state.pairs is not None
        along = state.gradient @ state.direction
        first = state.iterations < 0
        lower = jnp.isfinite(value) & (value <= state.loss + SUFFICIENT * state.step * along)
        flat = gradient @ state.direction >= CURVED * along
        spent = state.tries >= TRIES
        accept = first | (lower & (flat | spent))
        # The pairs stay outside the branches, so that they are updated in place.
        pairs = updates.lbfgs_add(state.pairs, state.at - state.weights, gradient - state.gradient, accept & ~first)
        bare = state._replace(pairs=None)

        def accepted() -> SearchState:
            slope = jnp.linalg.norm(gradient)
            status = status_of(value, slope, settings)
            direction = updates.lbfgs_direction(gradient, pairs)
            # The first step has no scale: its length is at most 1.
            step = jnp.where(first, 1 / jnp.maximum(slope, 1.0), 1.0)
            moved = bare._replace(weights=state.at, loss=value, slope=slope, iterations=state.iterations + 1, status=status)
            return _search(moved._replace(gradient=gradient), direction, step)

        def tried() -> SearchState:
            low, high = jnp.where(lower, state.step, state.low), jnp.where(lower, state.high, state.step)
            step = jnp.where(jnp.isfinite(high), (low + high) / 2, 2 * state.step)
            again = bare._replace(low=low, high=high, step=step, at=state.weights + step * state.direction, tries=state.tries + 1)
            # A direction that fails is given up for that of steepest descent; where this was it, nothing lower is found.
            fresh = _search(bare, -state.gradient, 1 / jnp.maximum(state.slope, 1.0))
            stuck = jnp.where(pairs.used == 0, STALLED, RUNNING).astype(jnp.int32)
            return lax.cond(spent, lambda: fresh._replace(status=stuck), lambda: again)

        found: SearchState = lax.cond(accept, accepted, tried)
        return found._replace(pairs=pairs._replace(used=jnp.where(accept | ~spent, pairs.used, 0).astype(jnp.int32)))


def _search(state: SearchState, direction: Array, step: Array) -> SearchState:
    """Begin a line search."""
    none = jnp.zeros((), direction.dtype)
    state = state._replace(direction=direction, step=step, low=none, high=none + jnp.inf, tries=jnp.int32(0))
    return state._replace(at=state.weights + step * direction)


class SpectrumState(NamedTuple):
    """State of Lanczos's method at fixed weights."""

    weights: Array
    lanczos: linear.LanczosState
    status: Array

    @property
    def at(self) -> Array:
        """Where the Hessian is taken."""
        return self.weights

    @property
    def direction(self) -> Array:
        """The vector whose product is wanted next."""
        return self.lanczos.vector


@dataclass(frozen=True)
class Lanczos:
    """Lanczos's method on the Hessian; its extreme Ritz values are `linear.extremes(state.lanczos)`."""

    steps: int = 16
    name: ClassVar[str] = "lanczos"
    product: ClassVar[str] = HESSIAN

    def start(self, weights: Array, settings: Settings) -> SpectrumState:
        """State before the first product."""
        return SpectrumState(weights, linear.lanczos_start(weights.size, min(self.steps, weights.size)), jnp.int32(RUNNING))

    def wants_product(self, state: SpectrumState) -> Array | bool:
        """Always."""
        return True

    def tell(self, state: SpectrumState, value: Array, product: Array, settings: Settings) -> SpectrumState:
        """One more Lanczos vector."""
        found = linear.lanczos_step(lambda _: product, state.lanczos)
        ended = (found.steps >= found.diagonal.size) | ~jnp.isfinite(found.vector[0])
        return SpectrumState(state.weights, found, jnp.where(ended, CONVERGED, RUNNING).astype(jnp.int32))
