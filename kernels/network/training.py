"""Advancing a method by evaluations: the loss's parts one by one, as many in a call as take some 20 ms.

An evaluation of loss and gradient counts 1, a product with a curvature matrix 2: it takes about that much more.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from typing import Any, NamedTuple

import numpy as np

from kernels.execution import batching, jax, jit, jnp, lax
from kernels.network.hessian_free import HessianFree
from kernels.network.methods import GAUSS_NEWTON, RUNNING, Adam, Descent, Lanczos, LimitedBfgs, Settings, SpectrumState
from kernels.network.model import Loss
from kernels.newton.solvers import linear
from kernels.types import Array, Floats

Method = Descent | LimitedBfgs | HessianFree | Lanczos

METHODS: dict[str, tuple[str, Descent | LimitedBfgs | HessianFree]] = {
    "hessian-free": ("Hessian-free Newton", HessianFree()),
    "l-bfgs": ("L-BFGS", LimitedBfgs()),
    "adam": ("Adam", Adam()),
    "gradient": ("Gradient descent", Descent()),
}
"""Title and machine of each method."""

PRODUCT_COST = 2
"""Evaluations that a product counts."""

WORK = 2.5e7
"""Rows times parameters in one part of an evaluation: some 5 ms on one core, a product twice that."""


class Turn(NamedTuple):
    """A method's state, and the evaluation under way: parts done, and the sums of values and vectors over them.

    `evaluations`: number of evaluations that have ended, products with their cost.
    """

    state: Any
    parts: Array
    value: Array
    vector: Array
    evaluations: Array


@jit(static_argnames=("method",))
def _begin(method: Any, weights: Array, settings: Settings) -> Turn:
    return _turn(method.start(weights, settings), weights)


def _turn(state: Any, weights: Array) -> Turn:
    zero = jnp.zeros((), weights.dtype)
    return Turn(state, jnp.int32(0), zero, jnp.zeros_like(weights), jnp.int32(0))


@jit
def _begin_spectrum(weights: Array, lanczos: linear.LanczosState) -> Turn:
    return _turn(SpectrumState(weights, lanczos, jnp.int32(RUNNING)), weights)


def begin(method: Method, weights: Any, settings: Settings) -> Turn:
    """A method before its first evaluation."""
    weights = jnp.asarray(weights)
    if isinstance(method, Lanczos):
        return _begin_spectrum(weights, linear.lanczos_start(weights.size, min(method.steps, weights.size)))
    return _begin(method, weights, settings)


def _evaluated(loss: Loss, product: str, at: Array, direction: Array | None, k: Array) -> tuple[Array, Array]:
    """(value, gradient) of part `k`, or, with the name of a product, (0, product with the direction)."""
    if not product:
        return loss.gradient(at, k)
    times: Callable[..., Array] = loss.gauss_newton_product if product == GAUSS_NEWTON else loss.hessian_product
    return jnp.zeros((), at.dtype), times(at, direction, k)


def _wants_product(method: Method, state: Any) -> Any:
    """Whether the next evaluation is a product."""
    return method.wants_product(state) if isinstance(method, HessianFree | Lanczos) else False


def _told(loss: Loss, method: Method, turn: Turn, settings: Settings) -> Turn:
    """The turn after its evaluation has ended: the decay is added and the method informed."""
    state = turn.state
    wants = jnp.asarray(_wants_product(method, state))
    of = jnp.where(wants, state.direction, state.at) if method.product else state.at
    value, vector = turn.value + loss.decay / 2 * of @ of, turn.vector + loss.decay * of
    cost = jnp.where(wants, PRODUCT_COST, 1).astype(jnp.int32)
    none = jnp.zeros_like(turn.value), jnp.zeros_like(turn.vector)
    return Turn(method.tell(state, value, vector, settings), jnp.int32(0), *none, turn.evaluations + cost)


_tell = jit(static_argnames=("method",))(_told)


@jit(static_argnames=("method",))
def _advance(loss: Loss, method: Any, turn: Turn, settings: Settings, most: Array, times: Array) -> Turn:
    """`times` more evaluations at most, each of one part, while the method runs and the next one ends within `most` evaluations."""

    def more(carried: tuple[Turn, Array]) -> Array:
        turn, left = carried
        cost = jnp.where(_wants_product(method, turn.state), PRODUCT_COST, 1)
        return (left > 0) & (turn.state.status == RUNNING) & (turn.evaluations + cost <= most)

    def step(carried: tuple[Turn, Array]) -> tuple[Turn, Array]:
        turn, left = carried
        state, k = turn.state, turn.parts

        def of_gradient() -> tuple[Array, Array]:
            return _evaluated(loss, "", state.at, None, k)

        def of_product() -> tuple[Array, Array]:
            return _evaluated(loss, method.product, state.weights, state.direction, k)

        if isinstance(method, HessianFree):
            value, vector = lax.cond(state.solving, of_product, of_gradient)
        else:
            value, vector = of_product() if method.product else of_gradient()
        return _told(loss, method, turn._replace(value=value, vector=vector), settings), left - 1

    return lax.while_loop(more, step, (turn, times))[0]


Sums = tuple[Array, Array, Array]
"""Parts done, and the sums of values and vectors over them."""


@jit(static_argnames=("product",))
def _add_parts(loss: Loss, product: str, at: Array, direction: Array | None, sums: Sums, times: Array) -> Sums:
    """`sums` with `times` more parts at most. The method's state, L-BFGS's of megabytes, is not an argument: it would be copied."""
    last = jnp.minimum(sums[0] + times, loss.parts)

    def add(sums: Sums) -> Sums:
        value, vector = _evaluated(loss, product, at, direction, sums[0])
        return sums[0] + 1, sums[1] + value, sums[2] + vector

    found: Sums = lax.while_loop(lambda sums: sums[0] < last, add, sums)
    return found


def _added(loss: Loss, product: str, turn: Turn, times: int) -> Turn:
    state = turn.state
    at, direction = (state.weights, state.direction) if product else (state.at, None)
    parts, value, vector = _add_parts(loss, product, at, direction, (turn.parts, turn.value, turn.vector), np.int32(times))
    return turn._replace(parts=parts, value=value, vector=vector)


def _advance_parts(loss: Loss, method: Method, turn: Turn, settings: Settings, most: int, times: int) -> Turn:
    """The same where an evaluation has several parts: `times` of them at most, or, after the last one, the method is informed."""
    wants = bool(_wants_product(method, turn.state))
    cost = PRODUCT_COST if wants else 1
    if int(turn.state.status) != RUNNING or int(turn.evaluations) + cost > most:
        return turn
    if int(turn.parts) == loss.parts:
        found: Turn = _tell(loss, method, turn, settings)
        return found
    return _added(loss, method.product if wants else "", turn, times)


def advanced(loss: Loss, method: Method, turn: Turn, settings: Settings, most: int) -> Iterator[tuple[Turn, float]]:
    """(turn, seconds) after each call, until the method has ended or used `most` evaluations."""
    kind = ("network", method.name, loss.network, loss.points.shape)
    size = 8 * loss.points.shape[1] * loss.network.parameters
    at = _place(turn)
    while True:
        each = size * _cost_of_a_part(loss, method, turn)
        times = batching.batch_size(kind, each)
        # Being told is not a part: L-BFGS takes as long as several of a large network to it.
        tells = 1 < loss.parts == at[1]
        began = time.perf_counter()
        with nullcontext() if tells else batching.record_duration(kind, 1, lambda: each * max(1, _steps(at, _place(turn)))):  # noqa: B023
            if loss.parts > 1:
                turn = jax.block_until_ready(_advance_parts(loss, method, turn, settings, most, times))
            else:
                turn = jax.block_until_ready(_advance(loss, method, turn, settings, np.int32(most), np.int32(times)))
        seconds, before, at = time.perf_counter() - began, at, _place(turn)
        yield turn, seconds
        if at == before or int(turn.state.status) != RUNNING:
            return


def _place(turn: Turn) -> tuple[int, int]:
    """(evaluations that have ended, parts of the next one)."""
    return int(turn.evaluations), int(turn.parts)


def _cost_of_a_part(loss: Loss, method: Method, turn: Turn) -> int:
    """What the next part counts; 1 where evaluations are not divided, since they are counted with their cost."""
    return PRODUCT_COST if loss.parts > 1 and bool(_wants_product(method, turn.state)) else 1


def _steps(before: tuple[int, int], after: tuple[int, int]) -> int:
    """Parts, or evaluations where each is one part, from one place to a later one."""
    return after[0] - before[0] + after[1] - before[1]


_compiled: set[tuple[Any, ...]] = set()
"""Network, shape of the points, and method of each kernel that was compiled in this process."""


def was_compiled(loss: Loss, method: Method) -> bool:
    """Whether `compiling` has come to its end for this method and for data of this shape."""
    return (loss.network, loss.points.shape, method.name) in _compiled


def compiling(loss: Loss, method: Method, turn: Turn, settings: Settings) -> Iterator[None]:
    """Compile what `advanced` calls, so that its seconds hold no compilation; None after each kernel, which also runs once."""
    if loss.parts == 1:
        jax.block_until_ready(_advance(loss, method, turn, settings, np.int32(0), np.int32(0)))
    else:
        products = {method.product} if isinstance(method, Lanczos) else {"", method.product}
        for product in sorted(products):
            jax.block_until_ready(_added(loss, product, turn, 0))
            yield None
        jax.block_until_ready(_tell(loss, method, turn, settings))
    _compiled.add((loss.network, loss.points.shape, method.name))
    yield None


@jit(static_argnames=("network",))
def _outputs(network: Any, weights: Array, points: Array) -> Array:
    return network.outputs(network.layers(weights), points)


def outputs(loss: Loss, weights: Any, points: Floats) -> Iterator[Floats]:
    """Outputs at points (n, inputs), in short calls: the parts of the result one after the other."""
    network = loss.network
    rows = 2 ** int(np.clip(np.log2(2 * WORK / network.parameters), 7, 12))
    for at in range(0, len(points), rows):
        chunk = points[at : at + rows]
        filled = np.zeros((rows, points.shape[1]))
        filled[: len(chunk)] = chunk
        yield np.asarray(_outputs(network, weights, filled))[: len(chunk)]


def bytes_of(turn: Turn) -> int:
    """Memory of a method's state and of the evaluation under way."""
    return sum(int(leaf.nbytes) for leaf in jax.tree_util.tree_leaves(turn))
