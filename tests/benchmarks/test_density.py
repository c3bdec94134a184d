"""Counting where orbits go, 2048 x 1024 pixels, 512 steps left out and 512 counted; and a whole bifurcation picture."""

import ctypes
import functools
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import peers
from table import Table

from kernels import BifurcationRequest, Grid, Viewport
from kernels.bifurcation import density
from kernels.execution import devices
from kernels.geometry import split
from kernels.iteration import orbits
from kernels.maps.registry import MAPS

COLUMNS, ROWS, TRANSIENT, SAMPLES = 2048, 1024, 512, 512
TITLE = f"Density, {COLUMNS:,} x {ROWS:,} pixels, {TRANSIENT} + {SAMPLES} steps, float64"
VIEW = Viewport.from_limits("3.4", 4, 0, 1)


def _funjax(grid: Grid) -> Callable[[], Any]:
    """What the window calls: leave the transient behind, then count."""
    rule, columns = MAPS["logistic"].rule, grid.column_values()
    layout = devices.layout(grid.columns)
    parameters = (layout.shard(columns),)
    start = (layout.shard(np.full(grid.columns, 0.5)),)
    high, low = map(np.float64, split(grid.viewport.y))
    window = density.Window(high, low, np.float64(grid.rows / (2 * grid.viewport.half_height)), np.float64(grid.rows))
    bins = density.bins(grid.rows)

    def run() -> Any:
        x = orbits.advance(rule, layout, start, parameters, np.int32(TRANSIENT))
        room = density.room(layout, bins)
        *_, counts = density.count(rule, layout, None, x, parameters, (), room, np.bool_(True), window, np.int32(SAMPLES))
        density.give_back(layout, counts)
        return counts.block_until_ready()

    return run


def test_density(compare: Callable[..., dict[str, Any]], table: Table, tmp_path: Path) -> None:
    grid = Grid(VIEW, COLUMNS, ROWS)
    a = grid.column_values()
    wide, narrow = np.empty((COLUMNS, ROWS), np.int32), np.empty((COLUMNS, ROWS), np.uint16)
    contenders: dict[str, Callable[[], Any]] = {
        "funjax": _funjax(grid),
        "NumPy": lambda: peers.numpy_density(a, ROWS, TRANSIENT, SAMPLES),
        "Numba, prange over columns": lambda: peers.numba_density(a, wide, TRANSIENT, SAMPLES),
        "Numba, blocks of 128": lambda: peers.blocked_density(a, narrow, TRANSIENT, SAMPLES),
    }
    by_c = _c_peers(a, tmp_path)
    contenders |= {name: call for name, (call, _) in by_c.items()}
    if not by_c:
        table.note(TITLE, "no gcc here, so no C")
    # Each of funjax's counts lies where the one before was.
    results = compare(TITLE, contenders, wanted={"Numba, prange over columns": 1.0, "Numba, blocks of 128": 0.8})
    ours = devices.layout(COLUMNS).gather(contenders["funjax"]().T, COLUMNS).T[:, :ROWS]
    for other in (results["NumPy"], wide, narrow, *(counts for _, counts in by_c.values())):
        _check_same(a, ours, other)


def _c_peers(a: np.ndarray, folder: Path) -> dict[str, tuple[Callable[[], Any], np.ndarray]]:
    """C with 1,024 counts a column, and with a line of the cache more, which spares it a cache's worst case."""
    library = peers.c_library("density", folder)
    found = {}
    for name, stride in (("C, blocks of 128", ROWS), ("C, the same, padded columns", ROWS + 32)) if library else ():
        counts = np.empty((COLUMNS, stride), np.uint16)
        sizes = [ctypes.c_int(size) for size in (COLUMNS, ROWS, stride, TRANSIENT, SAMPLES)]
        call = functools.partial(library.density, peers.pointer(a), peers.pointer(counts), *sizes)
        found[name] = call, counts[:, :ROWS]
    return found


def _check_same(a: np.ndarray, ours: np.ndarray, other: np.ndarray) -> None:
    """Every sample is counted; where orbits are regular, at the same places. Chaos magnifies the last bit's rounding."""
    assert (ours.sum(axis=1) == SAMPLES).all()
    assert (other.sum(axis=1) == SAMPLES).all()
    regular = a < 3.56
    differing = (ours[regular] != other[regular]).any(axis=1)
    # A cycle that lies on the edge of two pixels may fall into either.
    assert differing.mean() < 0.02


def test_whole_picture(compare: Callable[..., dict[str, Any]]) -> None:
    """Density, Lyapunov exponents, periods and the picture, against NumPy that only counts."""
    grid = Grid(VIEW, 1280, 800)
    a = grid.column_values()
    request = BifurcationRequest(grid, transient=1000, samples=1000)
    peers_here = {
        "funjax, with Lyapunov and periods": lambda: list(request.frames())[-1],
        "NumPy, density alone": lambda: peers.numpy_density(a, 800, 1000, 1000),
    }
    results = compare("A bifurcation picture, 1,280 x 800 pixels, 1,000 + 1,000 steps, float64", peers_here, rounds=20)
    frame, other = results.values()
    assert frame.done
    assert frame.counts.sum() == other.sum() == 1280 * 1000
    regular = frame.period > 0
    assert regular.mean() > 0.1
    differing = (frame.counts[::-1, regular] != other.T[:, regular]).any(axis=0)
    assert differing.mean() < 0.05
