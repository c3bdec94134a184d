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
    """L-BFGS's last steps and changes of the gradient, each (m, n), in a ring; `newest`: row of the last one; `used`: number of rows.

    `across`: products of each step with each change, `squares`: of each change with each change, both (m, m).
    """

    steps: Array
    changes: Array
    newest: Array
    used: Array
    across: Array
    squares: Array


def lbfgs_start(weights: Array, memory: int) -> Pairs:
    """No pairs yet, of at most `memory`."""
    empty, products = (jnp.zeros((memory, n), weights.dtype) for n in (weights.size, memory))
    return Pairs(empty, empty, jnp.int32(0), jnp.int32(0), products, products)


def lbfgs_add(pairs: Pairs, step: Array, change: Array, wanted: Array) -> Pairs:
    """The pairs with a new one, if it is wanted and its curvature s·y is clearly positive."""
    good = wanted & (step @ change > 1e-12 * jnp.sqrt((step @ step) * (change @ change)))
    row = (pairs.newest + good) % len(pairs.steps)
    s, y = (jnp.where(good, new, _row(old, row)) for old, new in zip(pairs[:2], (step, change), strict=True))
    steps, changes = (lax.dynamic_update_index_in_dim(old, new, row, 0) for old, new in zip(pairs[:2], (s, y), strict=True))
    across = pairs.across.at[row].set(changes @ s).at[:, row].set(steps @ y)
    square = changes @ y
    squares = pairs.squares.at[row].set(square).at[:, row].set(square)
    used = jnp.minimum(pairs.used + good, len(steps))
    return Pairs(steps, changes, row.astype(jnp.int32), used.astype(jnp.int32), across, squares)


def lbfgs_direction(gradient: Array, pairs: Pairs) -> Array:
    """-H g by the two-loop recursion (Nocedal and Wright, Numerical Optimization (2006), algorithm 7.4); -g without pairs.

    The loops run over coefficients of the steps and changes, and the vectors are passed twice in all, by matrix products, instead of four
    times a pair (Chen, Wang, Zhou, Large-scale L-BFGS using MapReduce, NeurIPS 2014).
    """
    memory = len(pairs.steps)
    # The rows from the newest to the oldest; read the other way round, the age of each row.
    order = (pairs.newest - jnp.arange(memory)) % memory
    known, curvatures = order < pairs.used, jnp.diagonal(pairs.across)
    inverse = jnp.where(known, 1 / jnp.where(known, curvatures, 1.0), 0.0)
    along_steps, along_changes = pairs.steps @ gradient, pairs.changes @ gradient
    none = jnp.zeros(memory, gradient.dtype)

    def down(alphas: Array, row: Array) -> tuple[Array, None]:
        alpha = inverse[row] * (along_steps[row] - pairs.across[row] @ alphas)
        return alphas.at[row].set(alpha), None

    alphas, _ = lax.scan(down, none, order)
    square = pairs.squares[pairs.newest, pairs.newest]
    scale = jnp.where(pairs.used > 0, curvatures[pairs.newest] / jnp.where(pairs.used > 0, square, 1.0), 1.0)
    scaled = scale * (along_changes - pairs.squares @ alphas)

    def up(shares: Array, row: Array) -> tuple[Array, None]:
        beta = inverse[row] * (scaled[row] + pairs.across[:, row] @ shares)
        return shares.at[row].set(alphas[row] - beta), None

    shares, _ = lax.scan(up, none, order, reverse=True)
    return -(scale * (gradient - alphas @ pairs.changes) + shares @ pairs.steps)


def _row(rows: Array, k: Array) -> Array:
    """One row, by a slice: indexing makes a gather of it, which takes 20 times as long on a CPU."""
    found: Array = lax.dynamic_index_in_dim(rows, k, keepdims=False)
    return found
