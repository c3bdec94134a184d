"""The skeleton of the logistic map's diagram, its branches by a plain loop of SciPy, and the plane of two parameters by Numba."""

import time
from collections.abc import Callable
from typing import Any

import numba
import numpy as np
from scipy.optimize import root

from kernels.geometry import Grid, Viewport
from kernels.skeleton import SkeletonRequest
from kernels.two_parameters import TwoParametersFrame, TwoParametersRequest

VIEW = Viewport.from_limits("2.8", "4", "0", "1")
PLANE = Viewport.from_limits("0", "1.42", "-1", "1")
SIDE, STEPS = 800, 500
STEP = 0.005
"""Length of SciPy's arclength steps, near the mean of those of the overlay."""


def overlay(view: Viewport = VIEW) -> Any:
    *_, frame = filter(None, SkeletonRequest(view, parts=("unstable-cycles",)).frames())
    return frame


def scipy_branch(period: int, x: float, a: float, way: float) -> np.ndarray:
    """Pseudo-arclength continuation of f^period(x) = x from (x, a), as a user writes it. Shape (points, 2)."""

    def gap(x: float, a: float) -> float:
        y = x
        for _ in range(period):
            y = a * y * (1 - y)
        return y - x

    def tangent(x: float, a: float) -> np.ndarray:
        h = 1e-7
        normal = np.array([gap(x + h, a) - gap(x - h, a), gap(x, a + h) - gap(x, a - h)])
        return np.array([-normal[1], normal[0]]) / np.hypot(*normal)

    points = [np.array([x, a])]
    along = tangent(x, a) * way
    while 2.8 <= points[-1][1] <= 4 and len(points) < 2000:
        wanted = points[-1] + STEP * along

        def equations(z: np.ndarray, wanted: np.ndarray = wanted, along: np.ndarray = along) -> list[float]:
            return [gap(*z), (z - wanted) @ along]

        found = root(equations, wanted, tol=1e-12)
        if np.abs(found.fun).max() > 1e-9:
            break
        points.append(found.x)
        turned = tangent(*points[-1])
        along = turned if turned @ along > 0 else -turned
    return np.array(points)


def by_scipy() -> list[np.ndarray]:
    """The branches of periods 1 to 8 from the cycles at a = 4, which are known: x = sin^2(pi k / (2^p - 1)) and (2^p + 1)."""
    found = []
    for period in range(1, 9):
        seen: set[float] = set()
        for denominator in (2**period - 1, 2**period + 1):
            for k in range(denominator // 2 + 1):
                orbit = [float(np.sin(np.pi * k * 2**n / denominator) ** 2) for n in range(period)]
                least = min(round(x, 9) for x in orbit)
                shorter = any(period % n == 0 and abs(orbit[n] - orbit[0]) < 1e-9 for n in range(1, period))
                if not shorter and least not in seen:
                    seen.add(least)
                    found += [scipy_branch(period, orbit[0], 4.0, way) for way in (1.0, -1.0)]
    return found


def test_branches(compare: Callable[..., dict[str, Any]], figure: Callable[..., None]) -> None:
    title = "Branches of cycles 1 to 8, logistic map over [2.8, 4]"
    results = compare(title, {"funjax": overlay, "SciPy, root in a loop": by_scipy}, rounds=5)
    for branch in results["funjax"].branches:
        later = branch.parameter * branch.states * (1 - branch.states)
        assert np.abs(np.roll(later, 1, axis=0) - branch.states).max() < 1e-6
    assert len(results["SciPy, root in a loop"]) == 2 * (2 + 1 + 2 + 3 + 6 + 9 + 18 + 30)
    for name, view, most in (("the whole view", VIEW, 0.3), ("one notch of the wheel further in", zoomed(), 0.1)):
        overlay(view)
        began = time.perf_counter()
        overlay(view)
        figure(title, name, time.perf_counter() - began, most=most)


def zoomed() -> Viewport:
    return VIEW.box(0.2, 0.2, 1.0, 1.0)


@numba.njit(parallel=True)
def numba_plane(a: np.ndarray, b: np.ndarray, largest: np.ndarray, steps: int) -> None:
    """The largest exponent of Hénon's map at each pixel, as a user of Numba writes it."""
    for row in numba.prange(len(b)):
        for column in range(len(a)):
            x, y, u, v, total = 0.0, 0.0, 1.0, 0.0, 0.0
            for n in range(2 * steps):
                u, v = -2.0 * a[column] * x * u + v, b[row] * u
                x, y = 1.0 - a[column] * x * x + y, b[row] * x
                size = np.hypot(u, v)
                u, v = u / size, v / size
                if n >= steps:
                    total += np.log(size)
            largest[row, column] = total / steps


def test_plane(compare: Callable[..., dict[str, Any]], figure: Callable[..., None]) -> None:
    title = f"Plane of two parameters, Hénon, {SIDE} x {SIDE}, {STEPS} + {STEPS} steps"
    request = TwoParametersRequest(Grid(PLANE, SIDE, SIDE), transient=STEPS, samples=STEPS)

    def ours() -> TwoParametersFrame:
        *_, frame = filter(None, request.frames())
        return frame

    def theirs() -> np.ndarray:
        largest = np.empty((SIDE, SIDE))
        numba_plane(request.grid.column_values(), request.grid.row_values(), largest, STEPS)
        return largest

    results = compare(title, {"funjax, with periods": ours, "Numba, parallel, exponents alone": theirs}, rounds=5)
    frame, largest = results["funjax, with periods"], results["Numba, parallel, exponents alone"]
    settled = (frame.period > 0) & np.isfinite(largest) & np.isfinite(frame.lyapunov) & (frame.lyapunov < -0.1)
    assert np.median(np.abs(frame.lyapunov - largest)[settled]) < 0.02
    began = time.perf_counter()
    next(filter(None, request.frames()))
    figure(title, "until the first, coarse picture", time.perf_counter() - began, most=0.06)
