"""Training a network: an epoch against NumPy and against JAX with optax, products with the Hessian, the longest step of the worker."""

import time
from collections.abc import Callable
from typing import Any

import network_peers
import numpy as np
import pytest

from kernels.execution import jax, jit, jnp
from kernels.network import NetworkRequest
from kernels.network.methods import Adam
from kernels.network.training import advanced, begin

Compare = Callable[..., dict[str, Any]]

LARGEST = {"data": "spiral", "samples": 500, "width": 221, "depth": 3}


def ours(request: NetworkRequest, epochs: int) -> Callable[[], np.ndarray]:
    """A call that trains by Adam in the short calls of the window; the last weights."""
    loss, first = request.loss, begin(Adam(), request.network.initial(request.seed), request.settings)

    def run() -> np.ndarray:
        for turn, _ in advanced(loss, Adam(), first, request.settings, epochs):
            last = turn
        return np.asarray(last.state.weights)

    return run


@pytest.mark.parametrize(("fields", "epochs"), [({}, 500), ({"samples": 1000, "width": 64, "depth": 3}, 30), (LARGEST, 4)])
def test_epochs(compare: Compare, fields: dict[str, Any], epochs: int) -> None:
    request = NetworkRequest(**fields, methods=("adam",), evaluations=epochs)
    n = request.network.parameters
    found = compare(
        f"{epochs} epochs of Adam, {len(request.sample.targets):,} points, {n:,} weights, float64",
        {
            "funjax, in short calls": ours(request, epochs),
            "plain NumPy": network_peers.numpy_adam(request, epochs),
            "JAX and optax, a jitted step an epoch": network_peers.optax_adam(request, epochs),
        },
        rounds=10,
        wanted={"plain NumPy": 1.0, "JAX and optax, a jitted step an epoch": 1.0},
    )
    weights = found.pop("funjax, in short calls")
    for peer in found.values():
        assert np.abs(weights - peer).max() < 1e-6


def test_products_of_the_largest_network(compare: Compare) -> None:
    loss = NetworkRequest(**LARGEST).loss
    network = loss.network
    weights, v = network.initial(0), np.random.default_rng(1).standard_normal(network.parameters)
    gradient = jit(lambda w, v: sum(loss.gradient(w, k)[1] for k in range(loss.parts)))
    names = {"Hessian times vector": loss.hessian_product, "Gauss-Newton matrix times vector": loss.gauss_newton_product}
    calls = {"gradient": lambda: jax.block_until_ready(gradient(weights, v))}
    for name, product in names.items():
        of_all = jit(lambda w, v, product=product: sum(product(w, v, k) for k in range(loss.parts)))
        calls[name] = lambda of_all=of_all: jax.block_until_ready(of_all(weights, v))
    title = f"Products of the largest network, {network.parameters:,} weights, as multiples of a gradient (5 at most)"
    found = compare(title, calls)
    step = 1e-6 * v
    difference = (gradient(weights + step, v) - gradient(weights - step, v)) / 2e-6
    assert jnp.abs(found["Hessian times vector"] - difference).max() < 1e-5 * jnp.abs(difference).max()


def test_the_longest_step_of_the_largest_network(figure: Callable[..., None]) -> None:
    request = NetworkRequest(**LARGEST, evaluations=60)
    list(request.frames())  # compiled now
    steps, began = [], time.perf_counter()
    for _ in NetworkRequest(**LARGEST, seed=1, evaluations=60).frames():
        now = time.perf_counter()
        steps.append(now - began)
        began = now
    title = f"All four methods on the largest network, {request.network.parameters:,} weights: steps of the worker"
    figure(title, "median", float(np.median(steps)))
    figure(title, "p99", float(np.quantile(steps, 0.99)), most=0.050)
    figure(title, "longest", max(steps), most=0.050)
