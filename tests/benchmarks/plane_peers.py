"""How a user of Numba writes the phase plane: orbits counted by each thread, basins pixel by pixel, exponents by a QR loop; float64."""

import math
from typing import Any

import numba
import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
TURN = 2 * math.pi


@numba.njit(parallel=True)
def standard_density(x: Numbers, y: Numbers, k: float, steps: int, rows: int, columns: int) -> NDArray[np.int32]:
    """The states of orbits of the standard map from x, y (n,), `steps` of each, over one turn of both angles. Shape (rows, columns)."""
    threads = numba.get_num_threads()
    parts = np.zeros((threads, rows, columns), np.int32)
    each = -(-len(x) // threads)
    for thread in numba.prange(threads):
        for n in range(thread * each, min(len(x), (thread + 1) * each)):
            a, b = x[n], y[n]
            for _ in range(steps):
                parts[thread, rows - 1 - min(rows - 1, int(b / TURN * rows)), min(columns - 1, int(a / TURN * columns))] += 1
                b = (b + k * math.sin(a)) % TURN
                a = (a + b) % TURN
    return parts.sum(0).astype(np.int32)


@numba.njit(inline="always")
def henon(x: float, y: float, a: float, b: float) -> Any:
    """Hénon's map."""
    return 1 - a * x * x + y, b * x


@numba.njit(inline="always")
def duffing(x: float, y: float, a: float, b: float) -> Any:
    """Holmes' map of Duffing's oscillator."""
    return y, a * y - b * x - y * y * y


def escapes(rule: Any) -> Any:
    """A function that marks the pixels whose orbit goes beyond 1000: fewer questions than which attractor the others come to."""

    @numba.njit(parallel=True)
    def marked(columns: Numbers, rows: Numbers, a: float, b: float, steps: int) -> NDArray[np.bool_]:
        gone = np.zeros((len(rows), len(columns)), np.bool_)
        for row in numba.prange(len(rows)):
            for column in range(len(columns)):
                x, y = columns[column], rows[row]
                for _ in range(steps):
                    x, y = rule(x, y, a, b)
                    if abs(x) > 1e3 or abs(y) > 1e3:
                        gone[row, column] = True
                        break
        return gone

    return marked


@numba.njit
def henon_spectrum(a: float, b: float, transient: int, steps: int) -> Any:
    """Both exponents of Hénon's map from (0, 0), by Gram and Schmidt in each step."""
    x, y = 0.0, 0.0
    for _ in range(transient):
        x, y = 1 - a * x * x + y, b * x
    p, q, r, s = 1.0, 0.0, 0.0, 1.0  # the columns (p, q) and (r, s)
    first, second = 0.0, 0.0
    for _ in range(steps):
        p, q, r, s = -2 * a * x * p + q, b * p, -2 * a * x * r + s, b * r
        x, y = 1 - a * x * x + y, b * x
        length = math.sqrt(p * p + q * q)
        p, q = p / length, q / length
        along = p * r + q * s
        r, s = r - along * p, s - along * q
        other = math.sqrt(r * r + s * s)
        r, s = r / other, s / other
        first += math.log(length)
        second += math.log(other)
    return first / steps, second / steps
