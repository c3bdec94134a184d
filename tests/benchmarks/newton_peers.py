"""How a user would do without funjax: SciPy's minimisers with the same derivatives, Newton's basins in Numba."""

from collections.abc import Callable
from typing import Any

import jax
import numba
import numpy as np

from kernels.newton.solvers import linear
from kernels.objectives.functions import Function

numba.set_num_threads(numba.config.NUMBA_DEFAULT_NUM_THREADS)


def scipy_minimiser(function: Function, start: np.ndarray, method: str, tolerance: float) -> Callable[[], np.ndarray]:
    """A call that minimises to |g| <= tolerance, with value, gradient and Hessian-vector product compiled by JAX."""
    from scipy.optimize import minimize

    both = jax.jit(jax.value_and_grad(function))
    product = jax.jit(lambda x, v: linear.products(function, x)[1](v))
    seen = {"norm": np.inf}

    def value_and_gradient(x: np.ndarray) -> tuple[float, np.ndarray]:
        value, gradient = both(x)
        gradient = np.asarray(gradient)
        seen["norm"] = np.linalg.norm(gradient)
        return float(value), gradient

    def enough(*_: Any) -> None:
        # Newton-CG's own criterion is the step's length; the gradient's norm, as the others have, must be asked for.
        if seen["norm"] <= tolerance:
            raise StopIteration

    options = {"gtol": tolerance, "maxiter": 10_000} if method == "trust-ncg" else {"xtol": 0.0, "maxiter": 10_000}

    def run() -> np.ndarray:
        seen["norm"] = np.inf
        found = minimize(
            value_and_gradient,
            start,
            method=method,
            jac=True,
            hessp=lambda x, v: np.asarray(product(x, v)),
            callback=enough,
            options=options,
        )
        return np.asarray(found.x)

    return run


@numba.njit(parallel=True)
def himmelblau_basins(xs: np.ndarray, ys: np.ndarray, most: int, tolerance: float, points: np.ndarray, labels: Any, steps: Any) -> None:
    """Each pixel's stationary point and steps; derivatives by hand, each pixel stopped when it has arrived."""
    for i in numba.prange(ys.size):
        for j in range(xs.size):
            x, y, label, k = xs[j], ys[i], -1, 0
            while True:
                a, b = x * x + y - 11, x + y * y - 7
                gx, gy = 4 * x * a + 2 * b, 2 * a + 4 * y * b
                if gx * gx + gy * gy <= tolerance * tolerance:
                    for n in range(points.shape[0]):
                        if abs(x - points[n, 0]) + abs(y - points[n, 1]) < 1e-3:
                            label = n
                    break
                if k == most:
                    break
                xx, yy, xy = 12 * x * x + 4 * y - 42, 12 * y * y + 4 * x - 26, 4 * x + 4 * y
                determinant = xx * yy - xy * xy
                x, y = x - (yy * gx - xy * gy) / determinant, y - (xx * gy - xy * gx) / determinant
                k += 1
            labels[i, j] = label
            steps[i, j] = k


@numba.njit(parallel=True)
def unity_fractal(xs: np.ndarray, ys: np.ndarray, most: int, tolerance: float, roots: np.ndarray, labels: Any, counts: Any) -> None:
    """Each pixel's root of z³ = 1 and smooth number of steps, until Newton's step is short; derivatives by hand."""
    for i in numba.prange(ys.size):
        for j in range(xs.size):
            z, label, before, count = complex(xs[j], ys[i]), -1, np.inf, np.float64(most)
            for k in range(most + 1):
                square = z * z
                if square == 0:
                    break
                step = (1 - square * z) / (3 * square)
                share = abs(step) / (1 + abs(z.real) + abs(z.imag))
                if share <= tolerance:
                    for n in range(roots.size):
                        if abs(z - roots[n]) < 1e-3:
                            label = n
                    part = 1.0
                    if np.isfinite(before):
                        part = (np.log(tolerance) - np.log(before)) / (np.log(max(share, 1e-300)) - np.log(before))
                    count = k - 1 + min(max(part, 0.0), 1.0)
                    break
                before = share
                if k < most:
                    z = z + step
            labels[i, j] = label
            counts[i, j] = count
