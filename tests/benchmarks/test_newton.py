"""The Newton solver: the post's two solves, CG against the inverse, minimising against SciPy, basins against Numba, dragging, zooming."""

import statistics
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import newton_peers
import numpy as np
import pytest

from kernels import Grid, Viewport
from kernels.execution import devices
from kernels.execution.devices import Layout
from kernels.newton import basin_kernel
from kernels.newton.basins import NewtonBasinRequest
from kernels.newton.request import NewtonRequest
from kernels.newton.run import Runner
from kernels.newton.solvers import STATUSES, Settings, linear
from kernels.newton.solvers.newton_cg import NewtonCG
from kernels.objectives.functions import rosenbrock
from kernels.objectives.registry import OBJECTIVES

Compare = Callable[..., dict[str, Any]]

QUADRATIC, ROSENBROCK = OBJECTIVES["quadratic"].at(), OBJECTIVES["rosenbrock"].at()


def test_the_post_s_two_solves(compare: Compare, figure: Callable[..., None]) -> None:
    start = linear.naive_solve(QUADRATIC, np.zeros(2)) * 0
    calls: dict[str, Callable[[], Any]] = {
        "naive: Hessian and inverse": lambda: linear.naive_solve(QUADRATIC, start).block_until_ready(),
        "CG on Hessian-vector products": lambda: linear.cg_solve(QUADRATIC, start).block_until_ready(),
    }
    title = "The post's two solves, dispatch included"
    for found in compare(title, calls).values():
        assert np.allclose(-found, [3, 7])
    for name, call in calls.items():
        began = time.perf_counter()
        for _ in range(2000):
            call()
        figure(title, f"{name}, 2,000 calls, each", (time.perf_counter() - began) / 2000, most=30e-6)


@pytest.mark.parametrize(("n", "least"), [(10, None), (100, 1.0), (1000, 100.0)])
def test_one_newton_system(compare: Compare, n: int, least: float | None) -> None:
    start = np.array(OBJECTIVES["rosenbrock"].start(n))
    found = compare(
        f"One Newton system, chained Rosenbrock, n = {n:,}, float64",
        {
            "CG on Hessian-vector products": lambda: linear.cg_solve(ROSENBROCK, start, 10 * n).block_until_ready(),
            "naive: Hessian and inverse": lambda: linear.naive_solve(ROSENBROCK, start).block_until_ready(),
        },
        wanted={} if least is None else {"naive: Hessian and inverse": least},
    )
    assert np.allclose(*found.values(), rtol=1e-7, atol=1e-10)


@pytest.mark.parametrize("n", [1_000, 100_000])
def test_newton_cg_to_convergence(compare: Compare, n: int) -> None:
    start, tolerance = np.resize([0.5, 0.5], n), 1e-6

    def ours() -> np.ndarray:
        settings = Settings(tolerance, 0.01, 1.0, 1.0, np.int32(10 * n), 0.9)
        runner = Runner(ROSENBROCK, NewtonCG(descend=True), start, 1.0, settings, 1000)
        while STATUSES[runner.status] == "running":
            runner.go()
        return np.asarray(runner.run.state.x)

    found = compare(
        f"Newton-CG to |g| ≤ 1e-6, chained Rosenbrock from (1/2, ..., 1/2), n = {n:,}",
        {
            "funjax newton-cg": ours,
            "SciPy Newton-CG": newton_peers.scipy_minimiser(rosenbrock, start, "Newton-CG", tolerance),
            "SciPy trust-ncg": newton_peers.scipy_minimiser(rosenbrock, start, "trust-ncg", tolerance),
        },
        rounds=10,
        wanted={"SciPy Newton-CG": 1.0, "SciPy trust-ncg": 1.0},
    )
    for x in found.values():
        assert np.abs(x - 1).max() < 1e-4


def _kernel(request: NewtonBasinRequest) -> Callable[[], Any]:
    """All tiles of the picture in one call: labels and steps."""
    tiles, objective = basin_kernel.Tiles(request.grid), OBJECTIVES[request.objective]
    layout = Layout(devices.mesh(), -(-len(tiles) // devices.mesh().size), 1)
    table = np.full((basin_kernel.TABLE, 2), np.inf)
    known = [point.point for point in objective.points(2)]
    table[: len(known)] = known
    settings = (np.float64(request.damping), np.float64(request.tolerance), np.int32(request.max_steps))
    shared = basin_kernel.Plane(objective.at(), tiles.xs, tiles.ys, np.int32(tiles.across), table, *settings)
    plane, numbers = basin_kernel.replicated(layout, shared), basin_kernel.spread(layout, 0, len(tiles))

    def run() -> Any:
        ended = basin_kernel.basins(layout, numbers, plane)[:2]
        tiles.put(0, len(tiles), *(basin_kernel.gather(layout, array, len(tiles)) for array in ended))
        return tiles.pictures

    return run


def test_basins(compare: Compare) -> None:
    grid = Grid(Viewport.from_limits(-6, 6, -6, 6), 1000, 1000)
    request = NewtonBasinRequest(grid)
    points = np.array([known.point for known in OBJECTIVES["himmelblau"].points(2)])
    labels, steps = np.empty((1000, 1000), np.int16), np.empty((1000, 1000), np.int16)
    arguments = (grid.column_values(), grid.row_values(), request.max_steps, request.tolerance, points, labels, steps)
    found = compare(
        "Newton's basins, Himmelblau, 1,000,000 starts, at most 40 steps, float64",
        {
            "funjax": _kernel(request),
            "funjax, a coarse picture first, in short calls": lambda: [frame for frame in request.frames() if frame][-1],
            "Numba, prange over rows": lambda: newton_peers.himmelblau_basins(*arguments),
        },
        wanted={"Numba, prange over rows": 1.0},
    )
    frame = found["funjax, a coarse picture first, in short calls"]
    for ours in (found["funjax"], (frame.labels, frame.steps)):
        assert (ours[0] == labels).mean() > 0.999
        assert (ours[1] == steps).mean() > 0.999


def test_the_first_coarse_picture_after_a_zoom(figure: Callable[..., None]) -> None:
    view = Viewport.from_limits(-6, 6, -6, 6)
    first, longest = [], []
    for zoom in range(25):
        request = NewtonBasinRequest(Grid(view.zoomed(0.9**zoom, 0.9**zoom, 0.3, 0.6), 1280, 800))
        began, seen, steps = time.perf_counter(), 0.0, []
        for frame in request.frames():
            now = time.perf_counter()
            steps.append(now - began - sum(steps))
            seen = seen or (now - began if frame is not None else 0.0)
        if zoom:
            first.append(seen)
            longest.append(max(steps))
    title = "Newton's basins, Himmelblau, 1,280 x 800, while zooming"
    figure(title, "first coarse picture, median", statistics.median(first), most=0.050)
    figure(title, "longest step, median", statistics.median(longest), most=0.050)


def test_dragging_the_start(figure: Callable[..., None]) -> None:
    methods = ("newton", "newton-cg", "damped-newton", "trust-region", "gradient")
    for name in ("himmelblau", "rosenbrock"):
        requests = [NewtonRequest(name, "minimum", method=method) for method in methods]
        taken = []
        for k in range(60):
            start = (-1.2 + 0.02 * k, 1.0 - 0.01 * k)
            began = time.perf_counter()
            for request in requests:
                list(replace(request, start=start).frames())
            taken.append(time.perf_counter() - began)
        taken = sorted(taken[5:])
        title = f"Five methods from a dragged start, {name}, whole runs with everything that is shown of them"
        figure(title, "median", statistics.median(taken), most=0.015)
        figure(title, "p95", taken[int(0.95 * len(taken))], most=0.033)
