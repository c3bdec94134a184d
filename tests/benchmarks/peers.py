"""The peers: the logistic map's density and iteration in NumPy, Numba and C, each as well as it can be written there, float64.

They count orbits that stay in [0, 1), in a window of [0, 1); funjax also checks each sample against any window.
"""

import ctypes
import shutil
import subprocess
from pathlib import Path
from typing import Any

import numba
import numpy as np
from numpy.typing import NDArray

BLOCK = 128
HERE = Path(__file__).parent

Numbers = NDArray[np.float64]


def numpy_density(a: Numbers, rows: int, transient: int, samples: int) -> NDArray[np.int64]:
    """All columns at once, a histogram step by step. Shape (columns, rows)."""
    x, first = np.full(len(a), 0.5), np.arange(len(a)) * rows
    counts = np.zeros(len(a) * rows, np.int64)
    for _ in range(transient):
        x = a * x - a * x * x
    for _ in range(samples):
        x = a * x - a * x * x
        # No two columns share a place, so plain indexing adds each sample once.
        counts[first + (x * rows).astype(np.int64)] += 1
    return counts.reshape(len(a), rows)


@numba.njit(parallel=True)
def numba_density(a: Numbers, counts: NDArray[np.int32], transient: int, samples: int) -> None:
    """As a user of Numba writes it: column by column, in parallel. Fills counts (columns, rows)."""
    rows = counts.shape[1]
    for column in numba.prange(len(a)):
        x = 0.5
        for _ in range(transient):
            x = a[column] * x - a[column] * x * x
        for row in range(rows):
            counts[column, row] = 0
        for _ in range(samples):
            x = a[column] * x - a[column] * x * x
            counts[column, int(x * rows)] += 1


@numba.njit(parallel=True)
def blocked_density(a: Numbers, counts: NDArray[np.uint16], transient: int, samples: int) -> None:
    """As an expert in Numba writes it: blocks of columns that iterate side by side. Fills counts (columns, rows)."""
    rows = counts.shape[1]
    for block in numba.prange(len(a) // BLOCK):
        first = block * BLOCK
        own = a[first : first + BLOCK]
        flat = counts[first : first + BLOCK].ravel()
        flat[:] = 0
        x, place = np.full(BLOCK, 0.5), np.empty(BLOCK, np.int64)
        for _ in range(transient):
            for j in range(BLOCK):
                t = own[j] * x[j]
                x[j] = t - t * x[j]
        for _ in range(samples):
            for j in range(BLOCK):
                t = own[j] * x[j]
                x[j] = t - t * x[j]
                place[j] = j * rows + np.int64(x[j] * rows)
            for j in range(BLOCK):
                flat[place[j]] += 1


@numba.njit(parallel=True)
def numba_iterate(a: Numbers, x: Numbers, steps: int) -> None:
    """Blocks of columns that iterate side by side from 0.5. Fills x (columns,)."""
    for block in numba.prange(len(a) // BLOCK):
        first = block * BLOCK
        own = a[first : first + BLOCK]
        state = np.full(BLOCK, 0.5)
        for _ in range(steps):
            for j in range(BLOCK):
                t = own[j] * state[j]
                state[j] = t - t * state[j]
        x[first : first + BLOCK] = state


def c_library(name: str, folder: Path, *flags: str) -> Any:
    """`name`.c of this folder compiled into `folder` and loaded; None where there is no gcc."""
    compiler = shutil.which("gcc")
    if compiler is None:
        return None
    library = folder / f"{name}.so"
    command = [compiler, "-O3", "-march=native", "-fopenmp", "-shared", "-fPIC", *flags, "-o", str(library), str(HERE / f"{name}.c")]
    subprocess.run(command, check=True, capture_output=True)
    return ctypes.CDLL(str(library))


def pointer(array: NDArray[Any]) -> ctypes.c_void_p:
    """The array's memory, for C."""
    return ctypes.c_void_p(array.ctypes.data)
