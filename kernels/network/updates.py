"""The update formulas of first-order methods, as functions of arrays: gradient descent, Adam, and L-BFGS's direction."""

from typing import NamedTuple

from kernels.execution import jnp, lax
from kernels.types import Array


class Moments(NamedTuple):
    """Adam's running means of the gradient and of its square, each (n,), and the number of gradients in them."""

    first: Array
    second: Array
    number: Array


def adam_start(weights: Array) -> Moments:
    """Moments before the first gradient."""
    return Moments(jnp.zeros_like(weights), jnp.zeros_like(weights), jnp.int32(0))


def adam(gradient: Array, moments: Moments, rate: Array) -> tuple[Array, Moments]:
    """(step, moments) of Adam with decays 0.9 and 0.999 (Kingma and Ba, ICLR 2015, algorithm 1); the first step is rate · sign(g)."""
    number = moments.number + 1
    first = 0.9 * moments.first + 0.1 * gradient
    second = 0.999 * moments.second + 0.001 * gradient**2
    mean, square = first / (1 - 0.9**number), second / (1 - 0.999**number)
    return -rate * mean / (jnp.sqrt(square) + 1e-8), Moments(first, second, number)


class Pairs(NamedTuple):
    """L-BFGS's last steps and changes of the gradient, each (m, n), in a ring; `newest`: row of the last one; `used`: number of rows."""

    steps: Array
    changes: Array
    newest: Array
    used: Array


def lbfgs_start(weights: Array, memory: int) -> Pairs:
    """No pairs yet, of at most `memory`."""
    empty = jnp.zeros((memory, weights.size), weights.dtype)
    return Pairs(empty, empty, jnp.int32(0), jnp.int32(0))


def lbfgs_add(pairs: Pairs, step: Array, change: Array, wanted: Array) -> Pairs:
    """The pairs with a new one, if it is wanted and its curvature s·y is clearly positive."""
    good = wanted & (step @ change > 1e-12 * jnp.sqrt((step @ step) * (change @ change)))
    row = (pairs.newest + good) % len(pairs.steps)
    rows = (jnp.where(good, new, _row(old, row)) for old, new in zip(pairs[:2], (step, change), strict=True))
    steps, changes = (lax.dynamic_update_index_in_dim(old, new, row, 0) for old, new in zip(pairs[:2], rows, strict=True))
    used = jnp.minimum(pairs.used + good, len(steps))
    return Pairs(steps, changes, row.astype(jnp.int32), used.astype(jnp.int32))


def lbfgs_direction(gradient: Array, pairs: Pairs) -> Array:
    """-H g by the two-loop recursion (Nocedal and Wright, Numerical Optimization (2006), algorithm 7.4); -g without pairs."""
    memory = len(pairs.steps)
    order = (pairs.newest - jnp.arange(memory)) % memory
    curvatures = jnp.sum(pairs.steps * pairs.changes, axis=1)
    known = (pairs.newest - jnp.arange(memory)) % memory < pairs.used
    inverse = jnp.where(known, 1 / jnp.where(known, curvatures, 1.0), 0.0)

    def down(q: Array, row: Array) -> tuple[Array, Array]:
        alpha = inverse[row] * (_row(pairs.steps, row) @ q)
        return q - alpha * _row(pairs.changes, row), alpha

    def up(r: Array, pair: tuple[Array, Array]) -> tuple[Array, None]:
        row, alpha = pair
        return r + (alpha - inverse[row] * (_row(pairs.changes, row) @ r)) * _row(pairs.steps, row), None

    q, alphas = lax.scan(down, gradient, order)
    change = _row(pairs.changes, pairs.newest)
    size = change @ change
    scale = jnp.where(pairs.used > 0, curvatures[pairs.newest] / jnp.where(pairs.used > 0, size, 1.0), 1.0)
    r, _ = lax.scan(up, scale * q, (order, alphas), reverse=True)
    return -r


def _row(rows: Array, k: Array) -> Array:
    """One row, by a slice: indexing makes a gather of it, which takes 20 times as long on a CPU."""
    found: Array = lax.dynamic_index_in_dim(rows, k, keepdims=False)
    return found
