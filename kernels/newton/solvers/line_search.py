"""Line searches: by halving until Armijo's condition holds, and between bounds until the strong Wolfe conditions hold.

The first serves directions of Newton's kind, whose full step is the natural one; the second those that need the slope at the new point,
quasi-Newton methods and nonlinear conjugate gradients.
"""

from typing import Any, NamedTuple

from kernels.execution import jnp, lax
from kernels.newton.solvers.base import CANCELLED, Problem, State, norm
from kernels.types import Array

ARMIJO = 1e-4
"""Armijo parameter: least decrease of a step, as a share of the one that the slope predicts."""

MOST_HALVINGS = 60
"""Maximum number of halvings in a line search."""

MOST_TRIALS = 40
"""Maximum number of points that the search for the Wolfe conditions tries."""

BISECT_AFTER = 10
"""Trials after which intervals are halved, in case that interpolation shrinks them too slowly."""


class Trial(NamedTuple):
    """A trial point of the line search."""

    factor: Array
    x: Array
    value: Array
    gradient: Array
    halvings: Array


def backtrack(problem: Problem, state: State, direction: Array, slope: Array, first: Any) -> tuple[Trial, Array]:
    """Backtracking line search: halve the factor, beginning with `first`, until Armijo's condition holds; returns (trial, success).

    Near the minimum, where differences of the value are dominated by rounding, the condition on the slope that is equivalent for a
    quadratic is used (Hager and Zhang, SIAM J. Optimization 16 (2005)), and the gradient has to shrink as well.
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


class Bracket(NamedTuple):
    """The state of a search: `low` decreases the value enough and still falls; a minimum lies before `high`, at inf while none is known."""

    trial: Trial
    low: Trial
    high: Trial


def strong_wolfe(problem: Problem, state: State, direction: Array, slope: Array, first: Any, flatness: float) -> tuple[Trial, Array]:
    """Line search for the strong Wolfe conditions: enough decrease, and a slope of at most `flatness` times the first one.

    An interval that holds such a point grows from `first`, and then shrinks by cubic interpolation; where values are dominated by
    rounding, by the secant of the slopes. Returns (trial, success), the trial with the number of points tried; if none is flat enough,
    the last one that decreases the value. Nocedal and Wright, Numerical Optimization (2006), section 3.5.
    """
    size = norm(state.gradient)

    def at(factor: Array, count: Array) -> Trial:
        x = state.x + factor * direction
        return Trial(factor, x, *problem.evaluate(x), count)

    def is_level(trial: Trial) -> Array:
        return trial.value <= state.value + 1e-6 * jnp.abs(state.value) + CANCELLED

    def falls_enough(trial: Trial) -> Array:
        enough = trial.value <= state.value + ARMIJO * trial.factor * slope
        return (enough | (is_level(trial) & (norm(trial.gradient) < size))) & jnp.isfinite(trial.gradient).all()

    def is_good(trial: Trial) -> Array:
        return falls_enough(trial) & (jnp.abs(trial.gradient @ direction) <= -flatness * slope)

    def more(bracket: Bracket) -> Array:
        return ~is_good(bracket.trial) & (bracket.trial.halvings < MOST_TRIALS) & (slope < 0)

    def narrowed(bracket: Bracket) -> Bracket:
        trial, low, high = bracket
        beyond = ~falls_enough(trial) | (trial.gradient @ direction >= 0)
        high = Trial(*(jnp.where(beyond, new, old) for new, old in zip(trial, high, strict=True)))
        low = Trial(*(jnp.where(beyond, old, new) for new, old in zip(trial, low, strict=True)))
        following = _between(low, high, direction, is_level(high), trial.halvings)
        following = jnp.where(jnp.isfinite(high.factor), following, _further(bracket.low, trial, direction))
        return Bracket(at(following, trial.halvings + 1), low, high)

    none = jnp.zeros((), jnp.int32)
    here = Trial(jnp.zeros_like(state.value), state.x, state.value, state.gradient, none)
    start = Bracket(at(jnp.asarray(first, state.x.dtype), none), here, here._replace(factor=jnp.full_like(state.value, jnp.inf)))
    found = lax.while_loop(more, narrowed, start)
    good = is_good(found.trial)
    last = Trial(*(jnp.where(good, one, other) for one, other in zip(found.trial, found.low, strict=True)))
    return last, (good | (found.low.value < state.value)) & (slope < 0)


def _further(low: Trial, trial: Trial, direction: Array) -> Array:
    """The next factor while the value still falls at `trial`: where the secant of the slopes is 0, 0.1 to 9 times the last stride on."""
    fall, before = trial.gradient @ direction, low.gradient @ direction
    stride = trial.factor - low.factor
    ahead = jnp.where(fall > before, fall / (before - fall), 9.0)
    return trial.factor + stride * jnp.clip(ahead, 0.1, 9.0)


def _between(low: Trial, high: Trial, direction: Array, level: Array, count: Array) -> Array:
    """A factor within the inner 80 % of the interval: at the minimum of the cubic, or the zero of the secant of the slopes."""
    width, falling, rising = high.factor - low.factor, low.gradient @ direction, high.gradient @ direction
    secant = falling / (falling - rising)
    first = falling + rising - 3 * (high.value - low.value) / width
    second = jnp.sqrt(jnp.maximum(first**2 - falling * rising, 0.0))
    cubic = 1 - (rising + second - first) / (rising - falling + 2 * second)
    share = jnp.where(level & (rising > 0), secant, cubic)
    share = jnp.where(jnp.isfinite(share) & (count < BISECT_AFTER), jnp.clip(share, 0.1, 0.9), 0.5)
    return low.factor + width * share
