"""Newton fractals: the picture of z³ = 1 against Numba, and the coarse picture while the relaxation is dragged."""

import time
from collections.abc import Callable
from typing import Any

import newton_peers
import numpy as np

from kernels import Grid, Viewport
from kernels.equations import NewtonFractalRequest
from kernels.equations.attraction import TOLERANCE

Compare = Callable[..., dict[str, Any]]

GRID = Grid(Viewport.from_limits("-2.4", "2.4", "-1.5", "1.5"), 1280, 800)


def whole(request: NewtonFractalRequest) -> Any:
    """The finished picture."""
    return [frame for frame in request.frames() if frame][-1]


def test_fractal(compare: Compare) -> None:
    request = NewtonFractalRequest(GRID, "unity-3")
    labels, counts = np.empty((800, 1280), np.int16), np.empty((800, 1280), np.float32)
    roots = whole(request).roots
    complex_roots = roots[:, 0] + 1j * roots[:, 1]
    arguments = (GRID.column_values(), GRID.row_values(), 50, TOLERANCE, complex_roots, labels, counts)
    found = compare(
        "Newton's fractal of z³ = 1, 1280 x 800, at most 50 steps, with smooth counts, float64",
        {
            "funjax, a coarse picture first, in short calls": lambda: whole(request),
            "Numba, prange over rows": lambda: newton_peers.unity_fractal(*arguments),
        },
        wanted={"Numba, prange over rows": 1.0},
    )
    frame = found["funjax, a coarse picture first, in short calls"]
    assert (frame.labels == labels).mean() > 0.9999
    assert (np.abs(frame.counts - counts) < 1e-3).mean() > 0.9999


def test_dragging_the_relaxation(figure: Callable[..., None], quick: bool) -> None:
    taken = []
    for k in range(25 if quick else 105):
        request = NewtonFractalRequest(GRID, "unity-3", damping=0.6 + 0.008 * k)
        began = time.perf_counter()
        next(frame for frame in request.frames() if frame)
        taken.append(time.perf_counter() - began)
    taken = taken[5:]
    title = "Newton's fractal of z³ = 1, 1280 x 800, the relaxation dragged: until the coarse picture"
    figure(title, "median", float(np.median(taken)))
    figure(title, "p95", float(np.quantile(taken, 0.95)), most=0.050)
