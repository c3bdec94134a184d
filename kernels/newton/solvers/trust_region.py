"""Trust-region Newton method with Steihaug's truncated conjugate gradients."""

from dataclasses import dataclass

from kernels.execution import jnp
from kernels.newton.solvers.base import (
    ACCEPT,
    CANCELLED,
    RUNNING,
    STALLED,
    Descent,
    Move,
    Problem,
    Settings,
    State,
    arrive,
    either,
    model_change,
    norm,
)
from kernels.newton.solvers.linear import BOUNDED, CG, CGState
from kernels.types import Array

LARGEST_RADIUS = 1e10


@dataclass(frozen=True)
class TrustRegion(Descent):
    """Minimises the quadratic model within the trust radius, which adapts to the accuracy of the model.

    Steps with too small a decrease are rejected. Nocedal and Wright, Numerical Optimization (2006), algorithms 4.1 and 7.2.
    """

    kept: int = 0
    paths: bool = False

    @property
    def cg(self) -> CG:
        """The inner iteration."""
        return CG(BOUNDED, self.kept, self.paths)

    def step(self, problem: Problem, state: State, settings: Settings, inner: CGState | None) -> tuple[State, Move]:
        """Take the step or reject it with a smaller radius; STALLED when the radius is below rounding."""
        assert inner is not None
        direction = inner.solution
        predicted = model_change(state.gradient @ direction, direction @ (inner.right - inner.residual), 1.0)
        x = state.x + direction
        value, gradient = problem.evaluate(x)
        ratio = gain(state, predicted, value, gradient)
        taken = ratio > ACCEPT
        length = norm(direction)
        grown = jnp.where(length > 0.99 * state.radius, jnp.minimum(2 * state.radius, LARGEST_RADIUS), state.radius)
        radius = jnp.where(ratio > 0.75, grown, jnp.where(ratio >= 0.25, state.radius, length / 4))
        after = arrive(state, settings, x, value, gradient)
        lost = radius <= float(jnp.finfo(x.dtype).eps) * norm(state.x)
        stayed = state._replace(status=jnp.where(lost, STALLED, RUNNING).astype(jnp.int32))
        after = either(taken, after, stayed)
        move = Move.of(predicted, jnp.where(taken, 1.0, 0.0), radius=state.radius, ratio=ratio)
        return after._replace(radius=radius), move


def gain(state: State, predicted: Array, value: Array, gradient: Array) -> Array:
    """Ratio of the actual to the predicted change; -inf where the function is not finite.

    Where both are below rounding, 1 if the gradient norm has decreased.
    """
    noise = 10 * float(jnp.finfo(value.dtype).eps) * jnp.abs(state.value) + CANCELLED
    actual = value - state.value
    tiny = (jnp.abs(predicted) <= noise) & (jnp.abs(actual) <= noise) & (norm(gradient) < norm(state.gradient))
    ratio = jnp.where(tiny, 1.0, actual / jnp.where(predicted < 0, predicted, -jnp.inf))
    return jnp.where(jnp.isfinite(value), ratio, -jnp.inf)
