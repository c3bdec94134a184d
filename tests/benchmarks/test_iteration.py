"""Iterating and nothing else: 65,536 columns, 4096 steps."""

import ctypes
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import peers
from table import Table

from kernels.execution import devices
from kernels.iteration import orbits
from kernels.maps.registry import MAPS

COLUMNS, STEPS = 65_536, 4096
TITLE = f"Iteration, {COLUMNS:,} columns, {STEPS:,} steps, float64"


def test_iteration(compare: Callable[..., dict[str, Any]], table: Table, tmp_path: Path) -> None:
    a = np.linspace(2.5, 4.0, COLUMNS, endpoint=False)
    layout = devices.layout(COLUMNS)
    start, parameters = layout.shard(np.full(COLUMNS, 0.5)), (layout.shard(a),)
    rule = MAPS["logistic"].rule
    by_numba, by_c = np.empty(COLUMNS), np.empty(COLUMNS)
    contenders: dict[str, Callable[[], Any]] = {
        "funjax": lambda: orbits.advance(rule, layout, (start,), parameters, np.int32(STEPS))[0].block_until_ready(),
        "Numba, blocks of 128": lambda: peers.numba_iterate(a, by_numba, STEPS),
    }
    library = peers.c_library("iteration", tmp_path, "-ffast-math")
    if library is None:
        table.note(TITLE, "no gcc here, so no C")
    else:
        sizes = ctypes.c_int(COLUMNS), ctypes.c_int(STEPS)
        contenders["C, blocks of 256, -ffast-math"] = lambda: library.iterate(peers.pointer(a), peers.pointer(by_c), *sizes)
    results = compare(TITLE, contenders, rounds=20, wanted={"C, blocks of 256, -ffast-math": 0.5})
    ours = layout.gather(results["funjax"], COLUMNS)
    # Fixed points: there every rounding ends at the same number, if at different last digits.
    settled = a < 2.95
    for other in (by_numba, *([by_c] if library else [])):
        assert np.allclose(ours[settled], other[settled], rtol=1e-12, atol=0)
    table.note(TITLE, f"{COLUMNS * STEPS / 1e9:.2f}e9 iterations a call")
