"""Hessian-free Newton: steps from conjugate gradients on the damped Gauss-Newton matrix, of which only products are computed.

Martens, ICML 2010; the damping follows Levenberg and Marquardt by the ratio of the actual to the predicted change of the loss.
"""

from dataclasses import dataclass
from typing import ClassVar, NamedTuple

from kernels.execution import jnp, lax
from kernels.network.methods import GAUSS_NEWTON, RUNNING, STALLED, Settings, status_of
from kernels.newton.solvers import CG, CGState, linear
from kernels.types import Array

MOST_CG_STEPS = 200
"""Residuals that are kept of one solve, and thus the most steps of one."""

POOR, GOOD = 0.25, 0.75
"""Below the first ratio the damping grows by `MORE`, above the second it shrinks by that; a rejected step makes it grow by `REJECTED`."""

MORE, REJECTED = 1.5, 4.0
LEAST_DAMPING, MOST_DAMPING = 1e-12, 1e12
NEGLIGIBLE = 1e-15
"""A predicted change of the loss below this, relative to it, is within rounding."""

CG_KIND = CG(linear.DESCEND, kept=MOST_CG_STEPS)


class HessianFreeState(NamedTuple):
    """State of the method; while `solving` it wants a product with `direction` at the weights, otherwise the loss at `at`.

    `ratio`: actual over predicted change of the loss by the last step; `residuals`: relative CG residuals of the last solve that ended,
    (MOST_CG_STEPS + 1,), NaN beyond its end; `solves`: their number.
    """

    weights: Array
    at: Array
    loss: Array
    slope: Array
    iterations: Array
    status: Array
    gradient: Array
    solving: Array
    cg: CGState
    target: Array
    damping: Array
    ratio: Array
    residuals: Array
    solves: Array

    @property
    def direction(self) -> Array:
        """The vector whose product is wanted next."""
        return self.cg.direction


@dataclass(frozen=True)
class HessianFree:
    """The Hessian-free method."""

    name: ClassVar[str] = "hessian-free"
    product: ClassVar[str] = GAUSS_NEWTON

    def start(self, weights: Array, settings: Settings) -> HessianFreeState:
        """State before the first evaluation, which is at the weights."""
        unknown = jnp.full((), jnp.inf, weights.dtype)
        zero = jnp.zeros_like(weights)
        cg, damping = CG_KIND.init(zero), jnp.asarray(settings.damping, weights.dtype)
        whole, nothing = jnp.int32(0), unknown * jnp.nan
        return HessianFreeState(
            *(weights, weights, unknown, unknown, whole - 1, jnp.int32(RUNNING), zero, jnp.asarray(False), cg, unknown),
            *(damping, nothing, cg.residuals * jnp.nan, whole),
        )

    def wants_product(self, state: HessianFreeState) -> Array:
        """Whether conjugate gradients are under way."""
        return state.solving

    def tell(self, state: HessianFreeState, value: Array, vector: Array, settings: Settings) -> HessianFreeState:
        """One conjugate-gradient iteration from a product, or the judgement of a step from the loss and gradient at its end."""
        return lax.cond(state.solving, lambda: _inner(state, vector, settings), lambda: _judged(state, value, vector, settings))


def _inner(state: HessianFreeState, product: Array, settings: Settings) -> HessianFreeState:
    """One iteration of conjugate gradients."""
    image = product + state.damping * state.cg.direction
    no_bound = jnp.full((), jnp.inf, image.dtype)
    cg = CG_KIND.step(lambda _: image, state.cg, state.target, settings.cg_steps, no_bound)
    ended = CG_KIND.done(cg)
    relative = cg.residuals / cg.residuals[0]
    return state._replace(
        cg=cg,
        solving=~ended,
        at=jnp.where(ended, state.weights + cg.solution, state.at),
        residuals=jnp.where(ended, relative, state.residuals),
        solves=state.solves + ended,
    )


def _judged(state: HessianFreeState, value: Array, gradient: Array, settings: Settings) -> HessianFreeState:
    """Accept or reject the step, adapt the damping, and begin the next system."""
    first = state.iterations < 0
    d, g = state.cg.solution, state.gradient
    # q(d) = g·d + d·G d/2 from (G + λ) d = -g - r, where r is what CG calls its residual, with the sign of the right side.
    predicted = (g @ d - d @ state.cg.residual) / 2 - state.damping / 2 * (d @ d)
    ratio = jnp.where(first, jnp.nan, (value - state.loss) / predicted)
    accept = first | (jnp.isfinite(value) & (value < state.loss))
    factor = jnp.where(accept, jnp.where(ratio < POOR, MORE, jnp.where(ratio > GOOD, 1 / MORE, 1.0)), REJECTED)
    floor = jnp.minimum(LEAST_DAMPING, state.damping)
    damping = jnp.where(first, state.damping, jnp.clip(jnp.where(accept, state.damping, jnp.maximum(state.damping, 1e-8)) * factor, floor))
    weights, loss = jnp.where(accept, state.at, state.weights), jnp.where(accept, value, state.loss)
    gradient = jnp.where(accept, gradient, g)
    slope = jnp.linalg.norm(gradient)
    status = status_of(loss, slope, settings)
    nowhere = ~first & ((-predicted <= NEGLIGIBLE * (1 + jnp.abs(state.loss))) | (damping > MOST_DAMPING)) & ~accept
    cg = CG_KIND.init(-gradient)
    return state._replace(
        weights=weights,
        at=weights,
        loss=loss,
        slope=slope,
        iterations=state.iterations + accept,
        status=jnp.where(nowhere & (status == RUNNING), STALLED, status).astype(jnp.int32),
        gradient=gradient,
        solving=status == RUNNING,
        cg=cg,
        target=CG_KIND.target(-gradient),
        damping=damping,
        ratio=ratio,
    )
