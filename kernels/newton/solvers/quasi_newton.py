"""Quasi-Newton methods: the Hessian is approximated from the changes of the gradient."""

from dataclasses import dataclass
from typing import NamedTuple

from kernels.execution import jnp, lax
from kernels.newton.solvers.base import (
    LINE_SEARCH_FAILED,
    RUNNING,
    Descent,
    ModelDescent,
    Move,
    Problem,
    Settings,
    State,
    arrive,
    model_change,
    norm,
)
from kernels.newton.solvers.line_search import strong_wolfe
from kernels.newton.solvers.linear import CGState
from kernels.types import Array

FLATNESS = 0.9
"""Slope at the end of the line search, relative to the first one."""

LEAST_COSINE = 1e-12
"""Steps along which the gradient changes by less, relative to both norms, do not update the approximation."""

PAIRS = 10
"""Number of steps that L-BFGS remembers."""


class Inverse(NamedTuple):
    """The approximation of the inverse Hessian, shape (n, n), and the number of its updates."""

    matrix: Array
    updates: Array


@dataclass(frozen=True)
class BFGS(ModelDescent):
    """The method of Broyden, Fletcher, Goldfarb and Shanno, with a line search for the strong Wolfe conditions.

    The inverse Hessian begins as the identity, scaled after the first step. Nocedal and Wright, Numerical Optimization (2006),
    algorithm 6.1 and equation 6.20.
    """

    flatness: float = FLATNESS
    """Slope at the end of the line search, relative to the first one; close to 0 for an exact line search."""

    def recall(self, problem: Problem, state: State) -> Inverse:
        """The identity."""
        return Inverse(jnp.eye(state.x.size, dtype=state.x.dtype), jnp.zeros((), jnp.int32))

    def step(self, problem: Problem, state: State, settings: Settings, inner: CGState | None) -> tuple[State, Move]:
        """Take the step that the line search accepts, and update the approximation; LINE_SEARCH_FAILED if there is none."""
        inverse: Inverse = state.memory
        direction = -(inverse.matrix @ state.gradient)
        after, move = _searched(problem, state, settings, direction, inverse.updates == 0, self.flatness)
        step, change = after.x - state.x, after.gradient - state.gradient
        curvature = step @ change
        good = curvature > LEAST_COSINE * norm(step) * norm(change)
        safe = jnp.where(good, curvature, 1.0)
        scale = jnp.where(inverse.updates == 0, safe / jnp.where(good, change @ change, 1.0), 1.0)
        old = scale * inverse.matrix
        across = old @ change
        updated = old + (1 + change @ across / safe) / safe * jnp.outer(step, step)
        updated -= (jnp.outer(across, step) + jnp.outer(step, across)) / safe
        memory = Inverse(jnp.where(good, updated, inverse.matrix), inverse.updates + good)
        return after._replace(memory=memory), move._replace(model=jnp.linalg.inv(inverse.matrix))


class Pairs(NamedTuple):
    """The last steps and changes of the gradient, the newest last, shapes (PAIRS, n), and how many of them there are."""

    steps: Array
    changes: Array
    taken: Array


@dataclass(frozen=True)
class LBFGS(Descent):
    """BFGS of limited memory: the last ten steps stand for the approximation, which is never formed.

    Nocedal and Wright, Numerical Optimization (2006), algorithms 7.4 and 7.5.
    """

    flatness: float = FLATNESS

    @property
    def vectors(self) -> int:
        """Those of every method, and twice the pairs, since a step writes new ones."""
        return 24 + 4 * PAIRS

    def recall(self, problem: Problem, state: State) -> Pairs:
        """No pairs."""
        none = jnp.zeros((PAIRS, state.x.size), state.x.dtype)
        return Pairs(none, none, jnp.zeros((), jnp.int32))

    def step(self, problem: Problem, state: State, settings: Settings, inner: CGState | None) -> tuple[State, Move]:
        """Take the step that the line search accepts, and remember it; LINE_SEARCH_FAILED if there is none."""
        pairs: Pairs = state.memory
        direction = -two_loops(pairs, state.gradient)
        after, move = _searched(problem, state, settings, direction, pairs.taken == 0, self.flatness)
        step, change = after.x - state.x, after.gradient - state.gradient
        good = step @ change > LEAST_COSINE * norm(step) * norm(change)
        steps = jnp.where(good, jnp.concatenate([pairs.steps[1:], step[None]]), pairs.steps)
        changes = jnp.where(good, jnp.concatenate([pairs.changes[1:], change[None]]), pairs.changes)
        return after._replace(memory=Pairs(steps, changes, pairs.taken + good)), move


def two_loops(pairs: Pairs, gradient: Array) -> Array:
    """The approximate inverse Hessian times the gradient; a missing pair changes nothing."""
    curvatures = jnp.sum(pairs.steps * pairs.changes, axis=1)
    known = curvatures > 0
    weights = jnp.where(known, 1.0 / jnp.where(known, curvatures, 1.0), 0.0)

    def back(vector: Array, pair: tuple[Array, Array, Array]) -> tuple[Array, Array]:
        step, change, weight = pair
        share = weight * (step @ vector)
        return vector - share * change, share

    def forth(vector: Array, pair: tuple[Array, Array, Array, Array]) -> tuple[Array, None]:
        step, change, weight, share = pair
        return vector + step * (share - weight * (change @ vector)), None

    vector, shares = lax.scan(back, gradient, (pairs.steps, pairs.changes, weights), reverse=True)
    newest = pairs.changes[-1]
    scale = jnp.where(known[-1], curvatures[-1] / jnp.where(known[-1], newest @ newest, 1.0), 1.0)
    found: Array = lax.scan(forth, scale * vector, (pairs.steps, pairs.changes, weights, shares))[0]
    return found


def _searched(problem: Problem, state: State, settings: Settings, direction: Array, unscaled: Array, flatness: float) -> tuple[State, Move]:
    """The end of the line search along a direction; `unscaled`: its length has no meaning yet, so that a step of length 1 is tried."""
    slope = state.gradient @ direction
    first = jnp.where(unscaled, jnp.minimum(1.0, 1.0 / norm(direction)), 1.0)
    trial, good = strong_wolfe(problem, state, direction, slope, first, flatness)
    after = arrive(state, settings, trial.x, trial.value, trial.gradient, jnp.where(good, RUNNING, LINE_SEARCH_FAILED))
    return after, Move.of(model_change(slope, -slope, trial.factor), trial.factor)
