"""A multilayer perceptron with one output: its weights as one vector, its loss on data, and products with curvature matrices.

Classes are labelled -1 and 1 and have the logistic loss log(1 + exp(-y f)); a fit has the loss (f - y)²/2. Both are averaged over the
data, and half of `decay` times the squared norm of all weights is added.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from kernels.execution import jax, jnp, on_load
from kernels.types import Array, Floats

ACTIVATIONS: dict[str, Callable[[Array], Array]] = {
    "tanh": lambda x: jnp.tanh(x),
    "relu": lambda x: jnp.maximum(x, 0.0),
    "softplus": lambda x: jnp.logaddexp(x, 0.0),
    "sine": lambda x: jnp.sin(x),
}
"""Activations by name."""


@dataclass(frozen=True)
class Network:
    """Layers `inputs` → `width` × `depth` → 1, fully connected with biases; linear if `depth` is 0. Static in kernels.

    `fits`: the output is a value; otherwise its sign is a class.
    """

    inputs: int
    width: int
    depth: int
    activation: str
    fits: bool

    @cached_property
    def sizes(self) -> tuple[int, ...]:
        """Numbers of units, from the inputs to the output."""
        return (self.inputs, *(self.width for _ in range(self.depth)), 1)

    @property
    def parameters(self) -> int:
        """Number of weights and biases."""
        return sum((a + 1) * b for a, b in zip(self.sizes, self.sizes[1:], strict=False))

    def outputs(self, weights: Array, points: Array) -> Array:
        """Outputs, shape (n,), for points of shape (n, inputs)."""
        values, at = points, 0
        for layer, (a, b) in enumerate(zip(self.sizes, self.sizes[1:], strict=False)):
            if layer:
                values = ACTIVATIONS[self.activation](values)
            matrix = weights[at : at + a * b].reshape(a, b)
            values = values @ matrix + weights[None, at + a * b : at + (a + 1) * b]
            at += (a + 1) * b
        return values[:, 0]

    def initial(self, seed: int) -> Floats:
        """Normal weights of variance 1/inputs of each layer, twice that for relu (He et al., ICCV 2015); biases 0. Shape (parameters,)."""
        random = np.random.default_rng(seed)
        gain = np.sqrt(2.0) if self.activation == "relu" else 1.0
        parts: list[Floats] = []
        for a, b in zip(self.sizes, self.sizes[1:], strict=False):
            parts += [gain * random.standard_normal(a * b) / np.sqrt(a), np.zeros(b)]
        return np.concatenate(parts)

    def losses(self, outputs: Array, targets: Array) -> Array:
        """Loss of each row. Shape (n,)."""
        return (outputs - targets) ** 2 / 2 if self.fits else jnp.logaddexp(0.0, -targets * outputs)

    def curvatures(self, outputs: Array) -> Array:
        """Second derivative of each row's loss by its output. Shape (n,)."""
        return jnp.ones_like(outputs) if self.fits else jax.nn.sigmoid(outputs) * jax.nn.sigmoid(-outputs)


@dataclass(frozen=True, eq=False)
class Loss:
    """The loss on data in equal parts, so that large work is done part by part. A pytree; the network is static, all else is traced.

    `points`: shape (parts, rows, inputs), `targets`: (parts, rows), `shares`: the factor of each row's loss, 1/n, or 0 for rows that
    only fill the last part; `decay`: factor of the squared norm.
    """

    network: Network
    points: Any
    targets: Any
    shares: Any
    decay: Any

    @classmethod
    def of(cls, network: Network, points: Floats, targets: Floats, decay: float, rows: int) -> "Loss":
        """The loss on all data, `rows` of them in a part at most."""
        n = len(targets)
        parts = -(-n // rows)
        rows = -(-n // parts)
        filled = np.zeros((parts * rows, points.shape[1])), np.zeros(parts * rows), np.zeros(parts * rows)
        filled[0][:n], filled[1][:n], filled[2][:n] = points, targets, 1 / n
        shape = (parts, rows)
        return cls(network, filled[0].reshape(*shape, -1), filled[1].reshape(shape), filled[2].reshape(shape), np.float64(decay))

    @property
    def parts(self) -> int:
        """Number of parts."""
        return int(self.points.shape[0])

    def part(self, weights: Array, k: Any) -> Array:
        """The share of part `k` in the mean loss, without the decay."""
        return self.shares[k] @ self.network.losses(self.network.outputs(weights, self.points[k]), self.targets[k])

    def gradient(self, weights: Array, k: Any) -> tuple[Array, Array]:
        """(value, gradient) of `part`."""
        value, gradient = jax.value_and_grad(self.part)(weights, k)
        return value, gradient

    def hessian_product(self, weights: Array, vector: Array, k: Any) -> Array:
        """H v of `part`, by the derivative of its gradient along v."""
        product: Array = jax.jvp(lambda w: jax.grad(self.part)(w, k), (weights,), (vector,))[1]
        return product

    def gauss_newton_product(self, weights: Array, vector: Array, k: Any) -> Array:
        """Jᵀ D J v of `part`: J are the derivatives of the outputs, D the curvatures of the loss by the outputs. Never negative."""
        outputs, along = jax.jvp(lambda w: self.network.outputs(w, self.points[k]), (weights,), (vector,))
        _, back = jax.vjp(lambda w: self.network.outputs(w, self.points[k]), weights)
        product: Array = back(self.shares[k] * self.network.curvatures(outputs) * along)[0]
        return product

    def __call__(self, weights: Array) -> Array:
        """The whole loss, with the decay."""
        return sum(self.part(weights, k) for k in range(self.parts)) + self.decay / 2 * weights @ weights


def _register() -> None:
    jax.tree_util.register_dataclass(Loss, data_fields=["points", "targets", "shares", "decay"], meta_fields=["network"])


on_load(_register)
