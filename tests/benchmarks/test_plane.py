"""Maps of the plane: the phase plane, basins and exponents against Numba, Hénon's diagram against the logistic map's, and dragging."""

import math
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import plane_peers
import pytest

from kernels import BifurcationRequest, Grid, Viewport
from kernels.phase_plane import DIVERGED, PhasePlaneRequest, PlaneBasinsRequest, SpectrumRequest

Compare = Callable[..., dict[str, Any]]

SIZE = 1280, 800
WHOLE = Grid(Viewport.from_limits(0, 2 * math.pi, 0, 2 * math.pi), *SIZE)


def whole(request: Any) -> Any:
    """The finished picture."""
    return [frame for frame in request.frames() if frame][-1]


def test_phase_plane(compare: Compare) -> None:
    request = PhasePlaneRequest(WHOLE, "standard", (("k", 0.97),), starts=10_000, steps=2000)
    x, y = request.initial_conditions()
    found = compare(
        "Phase plane of the standard map, 1280 x 800, 10,000 orbits of 2,000 steps, float64",
        {
            "funjax, a coarse picture first, in short calls": lambda: whole(request),
            "Numba, prange over threads": lambda: plane_peers.standard_density(x, y, 0.97, 2000, SIZE[1], SIZE[0]),
        },
        rounds=5,
        wanted={"Numba, prange over threads": 1.0},
    )
    ours, theirs = (found[name] for name in found)
    assert ours.counts.sum() == theirs.sum() == 20_000_000
    # Chaotic orbits differ after some steps; most of the picture is regular.
    assert np.abs(ours.counts - theirs).sum() < 0.5 * theirs.sum()


@pytest.mark.parametrize(("name", "a", "b", "side"), [("henon", 1.4, 0.3, 2.5), ("duffing", 2.75, 0.2, 1.8)])
def test_basins(compare: Compare, name: str, a: float, b: float, side: float) -> None:
    request = PlaneBasinsRequest(Grid(Viewport.from_limits(-side, side, -side, side), *SIZE), name, (("a", a), ("b", b)), steps=1000)
    marked = plane_peers.escapes(getattr(plane_peers, name))
    arguments = request.grid.column_values(), request.grid.row_values(), a, b, 1000
    found = compare(
        f"Basins of {name}, 1280 x 800, at most 1,000 steps, float64",
        {
            "funjax, which finds the attractors": lambda: whole(request),
            "Numba, which escape alone, prange over rows": lambda: marked(*arguments),
        },
        rounds=5,
        wanted={"Numba, which escape alone, prange over rows": 1.0},
    )
    ours, theirs = (found[peer] for peer in found)
    assert ((ours.labels == DIVERGED) == theirs).mean() > 0.998


def test_spectrum(compare: Compare) -> None:
    request = SpectrumRequest("henon", (("a", 1.4), ("b", 0.3)), steps=1_000_000)
    found = compare(
        "Lyapunov exponents of Hénon's map, 1,000,000 steps",
        {
            "funjax, with errors": lambda: whole(request),
            "Numba, a QR loop": lambda: plane_peers.henon_spectrum(1.4, 0.3, 1000, 1_000_000),
        },
        wanted={"Numba, a QR loop": 1.0},
    )
    ours, theirs = (found[peer] for peer in found)
    assert ours.exponents == pytest.approx(theirs, abs=2e-3) and sum(theirs) == pytest.approx(math.log(0.3), abs=1e-6)


def test_diagram(compare: Compare) -> None:
    requests = {
        "the logistic map": BifurcationRequest(Grid(Viewport.from_limits("3.4", 4, 0, 1), *SIZE)),
        "Hénon's map, with both exponents": BifurcationRequest(Grid(Viewport.from_limits(1, "1.4", "-1.5", "1.5"), *SIZE), "henon", "a"),
    }
    peers = {name: lambda request=request: whole(request) for name, request in requests.items()}
    found = compare(
        "Bifurcation diagrams, 1280 x 800, 1,000 + 1,000 steps",
        {"Hénon's map, with both exponents": peers["Hénon's map, with both exponents"], "the logistic map": peers["the logistic map"]},
        wanted={"the logistic map": 1 / 2.5},
    )
    assert all(frame.done for frame in found.values())


def test_dragging_k(figure: Callable[..., None], quick: bool) -> None:
    taken = []
    for n in range(25 if quick else 105):
        request = PhasePlaneRequest(WHOLE, "standard", (("k", 0.5 + 0.005 * n),), starts=10_000, steps=2000)
        began = time.perf_counter()
        next(frame for frame in request.frames() if frame)
        taken.append(time.perf_counter() - began)
    title = "Phase plane of the standard map, 1280 x 800, 10,000 orbits, k dragged: until the coarse picture"
    figure(title, "median", float(np.median(taken[5:])))
    figure(title, "p95", float(np.quantile(taken[5:], 0.95)), most=0.050)
