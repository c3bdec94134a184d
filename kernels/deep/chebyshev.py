"""Polynomials on [-1, 1] from their values at Chebyshev's points: monomials in high precision, Chebyshev coefficients in float64."""

from functools import lru_cache

import numpy as np
from flint import arb, arb_mat, arb_poly, fmpz, fmpz_mat

from kernels.deep.precision import middle, working
from kernels.types import Floats

CONDITION = 1.28
"""Bits by which interpolation by a polynomial of degree n raises errors in monomials, a degree: log2(1 + √2)."""

STEP = 128
"""Precisions of tables are rounded up to multiples of this, so that a few tables serve many levels."""

COUNT_STEP = 16
"""Likewise the numbers of coefficients."""


@lru_cache(maxsize=32)
def cosines(parts: int, bits: int) -> tuple[arb, ...]:
    """cos(π m / (2 parts)), m = 0 ... 4 parts - 1, to at least `bits` bits."""
    with working(-(-bits // STEP) * STEP + 8):
        quarter = [middle((arb(m) / (2 * parts)).cos_pi()) for m in range(parts)]
        half = [*quarter, arb(0), *(-value for value in quarter[:0:-1])]
        return (*half, *(-value for value in half))


def nodes(count: int, bits: int) -> list[arb]:
    """Chebyshev's points cos(π (k + 1/2) / count), k = 0 ... count - 1."""
    table = cosines(count, bits)
    return [table[2 * k + 1] for k in range(count)]


@lru_cache(maxsize=8)
def _transform(count: int, bits: int) -> arb_mat:
    """The matrix from values at the nodes to Chebyshev coefficients."""
    table = cosines(count, bits)
    with working(bits + 8):
        scaled = [value * 2 / count for value in table]
        rows = [[scaled[(k * (2 * j + 1)) % (4 * count)] for j in range(count)] for k in range(count)]
        rows[0] = [arb(1) / count] * count
        return arb_mat(rows)


@lru_cache(maxsize=32)
def _to_monomials(count: int) -> fmpz_mat:
    """The matrix from Chebyshev coefficients to monomials."""
    columns = [[0] * count for _ in range(count)]
    columns[0][0] = columns[1][1] = 1
    for k in range(2, count):
        before, last = columns[k - 2], columns[k - 1]
        columns[k] = [2 * (last[m - 1] if m else 0) - before[m] for m in range(count)]
    return fmpz_mat([[fmpz(columns[k][m]) for k in range(count)] for m in range(count)])


def chebyshev_coefficients(values: list[arb], bits: int) -> list[arb]:
    """The Chebyshev coefficients of the polynomial through these values at the nodes, to about `bits` bits after the point."""
    count = len(values)
    precision = -(-int(bits + CONDITION * count) // STEP) * STEP
    matrix = _transform(count, precision)
    with working(precision):
        found = matrix * arb_mat([[value] for value in values])
        return [middle(found[k, 0]) for k in range(count)]


def polynomial(coefficients: list[arb], bits: int) -> arb_poly:
    """The polynomial with these Chebyshev coefficients, in monomials. Errors stay what they are on [-1, 1]."""
    count = len(coefficients)
    padded = [*coefficients, *([arb(0)] * (-count % COUNT_STEP))]
    with working(int(bits + CONDITION * count) + 16):
        found = arb_mat(_to_monomials(len(padded))) * arb_mat([[value] for value in padded])
        exact = [middle(found[m, 0]) for m in range(count)]
    with working(bits):
        # To `bits` bits after the point: what is below has no share in any value on [-1, 1].
        return arb_poly([_rounded(value, bits) for value in exact])


def _rounded(value: arb, bits: int) -> arb:
    mantissa, exponent = value.man_exp()
    shift = -bits - int(exponent)
    return value if shift <= 0 else middle(arb(int(mantissa) >> shift) * arb(2) ** (-bits)) if mantissa else value


@lru_cache(maxsize=64)
def monomials(count: int) -> Floats:
    """Column k: the monomial coefficients of the k-th Chebyshev polynomial, in float64. Shape (count, count)."""
    found = np.eye(count)
    for k in range(2, count):
        found[1:, k] = 2 * found[:-1, k - 1]
        found[:, k] -= found[:, k - 2]
    return found


@lru_cache(maxsize=64)
def transform(count: int, kept: int) -> Floats:
    """The matrix from values at `count` nodes to the first `kept` Chebyshev coefficients, in float64. Shape (kept, count)."""
    angles = np.pi * (np.arange(count) + 0.5) / count
    matrix: Floats = np.cos(np.outer(np.arange(kept), angles)) * 2 / count
    matrix[0] /= 2
    return matrix
