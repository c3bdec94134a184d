"""Training a multilayer perceptron as a user would without funjax: plain NumPy with backpropagation by hand, and JAX with optax."""

from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import optax

from kernels.network import NetworkRequest

Layers = list[tuple[Any, Any]]


def layers_of(request: NetworkRequest) -> Layers:
    """The initial weights as a list of (matrix, biases)."""
    weights, found, at = request.network.initial(request.seed), [], 0
    for a, b in zip(request.network.sizes, request.network.sizes[1:], strict=False):
        found.append((weights[at : at + a * b].reshape(a, b), weights[at + a * b : at + (a + 1) * b]))
        at += (a + 1) * b
    return found


def flat(layers: Layers) -> np.ndarray:
    """All weights as one vector, as funjax has them."""
    return np.concatenate([np.ravel(part) for layer in layers for part in layer])


def numpy_adam(request: NetworkRequest, epochs: int) -> Callable[[], np.ndarray]:
    """A call that trains a tanh network with the logistic loss by full-batch Adam in NumPy; the last weights."""
    points, y, rate, decay = request.sample.points, request.sample.targets, request.adam_rate, request.decay

    def run() -> np.ndarray:
        layers = [part.copy() for layer in layers_of(request) for part in layer]
        first, second = [np.zeros_like(p) for p in layers], [np.zeros_like(p) for p in layers]
        for epoch in range(1, epochs + 1):
            values = [points]
            for k in range(0, len(layers), 2):
                z = values[-1] @ layers[k] + layers[k + 1]
                values.append(np.tanh(z) if k + 2 < len(layers) else z)
            back = (-y / (1 + np.exp(y * values[-1][:, 0])) / len(y))[:, None]
            for k in range(len(layers) - 2, -1, -2):
                below = values[k // 2]
                gradients = below.T @ back + decay * layers[k], back.sum(0) + decay * layers[k + 1]
                if k:
                    back = (back @ layers[k].T) * (1 - below**2)
                for j, g in zip((k, k + 1), gradients, strict=True):
                    first[j] = 0.9 * first[j] + 0.1 * g
                    second[j] = 0.999 * second[j] + 0.001 * g * g
                    layers[j] -= rate * (first[j] / (1 - 0.9**epoch)) / (np.sqrt(second[j] / (1 - 0.999**epoch)) + 1e-8)
        return np.concatenate([part.ravel() for part in layers])

    return run


def optax_adam(request: NetworkRequest, epochs: int) -> Callable[[], np.ndarray]:
    """The same by the usual loop: a jitted step of optax.adam, called from Python once an epoch."""
    points, y = jnp.asarray(request.sample.points), jnp.asarray(request.sample.targets)
    optimiser = optax.adam(request.adam_rate)

    def outputs(layers: Layers, x: Any) -> Any:
        for k, (matrix, bias) in enumerate(layers):
            x = (jnp.tanh(x) if k else x) @ matrix + bias[None]
        return x[:, 0]

    def loss(layers: Layers) -> Any:
        decay = sum(jnp.sum(part**2) for part in jax.tree.leaves(layers))
        return jnp.mean(jnp.logaddexp(0.0, -y * outputs(layers, points))) + request.decay / 2 * decay

    @jax.jit
    def step(layers: Layers, state: Any) -> tuple[Layers, Any, Any]:
        value, gradient = jax.value_and_grad(loss)(layers)
        updates, state = optimiser.update(gradient, state, layers)
        return optax.apply_updates(layers, updates), state, value

    def run() -> np.ndarray:
        layers = jax.tree.map(jnp.asarray, layers_of(request))
        state = optimiser.init(layers)
        for _ in range(epochs):
            layers, state, _ = step(layers, state)
        return flat(jax.block_until_ready(layers))

    return run
