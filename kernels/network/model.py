"""A multilayer perceptron with one output: its weights as one vector, its loss on data, and products with curvature matrices.

Classes are labelled -1 and 1 and have the logistic loss log(1 + exp(-y f)); a fit has the loss (f - y)²/2. Both are averaged over the
data, and half of `decay` times the squared norm of all weights is added.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

import numpy as np

from kernels.execution import jax, jnp, lax, on_load
from kernels.types import Array, Floats

ACTIVATIONS: dict[str, Callable[[Array], Array]] = {
    "tanh": lambda x: jnp.tanh(x),
    "relu": lambda x: jnp.maximum(x, 0.0),
    "softplus": lambda x: jnp.logaddexp(x, 0.0),
    "sine": lambda x: jnp.sin(x),
}
"""Activations by name."""

Layers = list[tuple[Array, Array]]
"""The weights of each layer: a matrix, shape (inputs, units), and biases, (units,)."""


def _product(values: Array, matrix: Array) -> Array:
    return values @ matrix


@cache
def _product_for_gradients() -> Callable[[Array, Array], Array]:
    """The product values @ matrix whose reverse derivative lays `values` out anew.

    XLA takes twice as long to multiply by a left factor that is transposed.
    """

    def ahead(values: Array, matrix: Array) -> tuple[Array, tuple[Array, Array]]:
        return values @ matrix, (values, matrix)

    def back(factors: tuple[Array, Array], along: Array) -> tuple[Array, Array]:
        values, matrix = factors
        return along @ matrix.T, lax.optimization_barrier(values.T) @ along

    product: Any = jax.custom_vjp(_product)
    product.defvjp(ahead, back)
    found: Callable[[Array, Array], Array] = product
    return found


def _joined(layers: Layers) -> Array:
    """The weights of all layers as one vector."""
    return jnp.concatenate([part.ravel() for layer in layers for part in layer])


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

    def layers(self, weights: Array) -> Layers:
        """The weights layer by layer. Derivatives by these are joined; those by the one vector would be added slice by slice."""
        found, at = [], 0
        for a, b in zip(self.sizes, self.sizes[1:], strict=False):
            found.append((weights[at : at + a * b].reshape(a, b), weights[at + a * b : at + (a + 1) * b]))
            at += (a + 1) * b
        return found

    def outputs(self, layers: Layers, points: Array, product: Callable[[Array, Array], Array] = _product) -> Array:
        """Outputs, shape (n,), for points of shape (n, inputs)."""
        values = points
        for k, (matrix, biases) in enumerate(layers):
            values = product(ACTIVATIONS[self.activation](values) if k else values, matrix) + biases[None]
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

    def gradient(self, weights: Array, k: Any) -> tuple[Array, Array]:
        """(value, gradient) of the share of part `k` in the mean loss, without the decay."""
        value, gradient = jax.value_and_grad(self._part)(self.network.layers(weights), k)
        return value, _joined(gradient)

    def hessian_product(self, weights: Array, vector: Array, k: Any) -> Array:
        """H v of that share, by the derivative of its gradient along v."""
        layers, along = self.network.layers(weights), self.network.layers(vector)
        return _joined(jax.jvp(lambda at: jax.grad(self._part)(at, k), (layers,), (along,))[1])

    def gauss_newton_product(self, weights: Array, vector: Array, k: Any) -> Array:
        """Jᵀ D J v of that share: J are the derivatives of the outputs, D the curvatures of the loss by the outputs. Never negative."""
        network, points = self.network, self.points[k]
        layers, along = network.layers(weights), network.layers(vector)
        outputs, change = jax.jvp(lambda at: network.outputs(at, points), (layers,), (along,))
        _, back = jax.vjp(lambda at: network.outputs(at, points, _product_for_gradients()), layers)
        return _joined(back(self.shares[k] * network.curvatures(outputs) * change)[0])

    def _part(self, layers: Layers, k: Any) -> Array:
        outputs = self.network.outputs(layers, self.points[k], _product_for_gradients())
        return self.shares[k] @ self.network.losses(outputs, self.targets[k])


def _register() -> None:
    jax.tree_util.register_dataclass(Loss, data_fields=["points", "targets", "shares", "decay"], meta_fields=["network"])


on_load(_register)
