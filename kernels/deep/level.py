"""A level of a renormalisation ladder: a return map of the sweep's critical point as a polynomial, exact enough for the window.

Coordinates: x = origin + scale * u with |u| <= 1, and a = a0 + reach * t; the window of the sweep is |t| <= sigma. The return map
F(u, t) = Σ t^i P_i(u) is `iterations` steps of the map. P_0 is known to the window's depth, the others to float64: they count only
relative to the window.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
from flint import arb, arb_poly
from numpy.polynomial import chebyshev

from kernels.deep.chebyshev import monomials
from kernels.deep.precision import log2, middle, working
from kernels.types import Floats

MOST_TERMS = 8
"""The highest power of t that is kept."""

RESOLVED = 50
"""Bits of u that columns may differ in: two less than float64 has."""

NEGLIGIBLE = 2e-15
"""Chebyshev coefficients below this are left out of what is iterated in float64."""


def order(sigma: arb) -> int:
    """The highest power of t with sigma^(i-1) above 1e-18."""
    digits = -log2(sigma) * 0.30103
    return MOST_TERMS if digits <= 2 else max(1, min(MOST_TERMS, 1 + int(18 / digits)))


class Terms(NamedTuple):
    """The terms of F in t.

    polynomial: P_0 in monomials, of 2 u² - 1 where it is even, of u else. chebyshev: the same, in Chebyshev polynomials, float64.
    rest: P_1, P_2, … likewise. critical: u of the critical point at a0.
    """

    polynomial: arb_poly
    chebyshev: Floats
    rest: tuple[Floats, ...]
    critical: arb


@dataclass(frozen=True, eq=False)
class Level:
    """One return map. All numbers are exact; `bits` is the precision of P_0 after the point.

    found: works the terms out, when they are first asked for: a view needs few of the levels below its own. iterations: of the map;
    period: of the return map of the level below. rate: bits by which coefficients fall, each.
    """

    found: Callable[[], Terms]
    even: bool
    origin: arb
    scale: arb
    reach: arb
    sigma: arb
    bits: int
    iterations: int = 1
    period: int = 1
    rate: float = 3.0

    @cached_property
    def terms(self) -> Terms:
        """The terms of F in t."""
        return self.found()

    @property
    def polynomial(self) -> arb_poly:
        """P_0 in monomials."""
        return self.terms.polynomial

    @property
    def chebyshev(self) -> Floats:
        """P_0 in Chebyshev polynomials."""
        return self.terms.chebyshev

    @property
    def rest(self) -> tuple[Floats, ...]:
        """P_1, P_2 and so on in Chebyshev polynomials."""
        return self.terms.rest

    @property
    def critical(self) -> arb:
        """The critical point at a0, in u."""
        return arb(0) if self.even else self.terms.critical

    def argument(self, u: arb) -> arb:
        """What P_0's polynomial is a polynomial of."""
        return 2 * u * u - 1 if self.even else u

    def value(self, u: arb) -> arb:
        """P_0(u), exact to `bits`; to be called within `working`."""
        return middle(self.polynomial(self.argument(u)))

    @cached_property
    def _derivative(self) -> arb_poly:
        return self.polynomial.derivative()

    def slope(self, u: arb) -> arb:
        """P_0'(u), right to many digits also near the critical point; to be called within `working`."""
        slope = self._derivative(self.argument(u))
        return middle(4 * u * slope if self.even else slope)

    @cached_property
    def in_u(self) -> tuple[Floats, ...]:
        """Chebyshev coefficients in u of P_0, P_1 and so on."""
        return tuple(
            trimmed(_spread(row) if self.even else row, 1e-18 if n == 0 else 4e-16) for n, row in enumerate((self.chebyshev, *self.rest))
        )

    @cached_property
    def derivatives(self) -> tuple[tuple[Floats, ...], ...]:
        """[i][m]: Chebyshev coefficients in u of the m-th derivative of P_i, divided by m!."""
        found = []
        for i, row in enumerate(self.in_u):
            rows = [row]
            for m in range(1, max(2, len(self.rest) - i) + 1):
                rows.append(chebyshev.chebder(rows[-1]) / m if len(rows[-1]) > 1 else np.zeros(1))
            found.append(tuple(rows))
        return tuple(found)

    def family(self, precise: bool = False) -> Floats:
        """[i][m]: the return map as Σ s^i u^m over the window, s in [-1, 1]; monomials of u, or of u² where it is even.

        precise: the terms of s to their own precision, however small they are beside P_0.
        """
        width = max(len(self.chebyshev), *(len(row) for row in self.rest))
        sigma = float(self.sigma)
        table = np.zeros((1 + len(self.rest), width))
        for i, row in enumerate((self.chebyshev, *self.rest)):
            table[i, : len(row)] = row * sigma**i
        # Cut in Chebyshev's basis: noise in high coefficients would be blown up by the conversion.
        sizes = np.abs(table)
        if precise:
            sizes = sizes / np.maximum(sizes.max(1, keepdims=True), 1e-305)
        seen = np.flatnonzero(sizes.max(0) > NEGLIGIBLE)
        table = table[:, : max(3, int(seen[-1]) + 1 if len(seen) else 0)]
        count = table.shape[1]
        if not self.even:
            return table @ monomials(count).T
        return table @ monomials(2 * count - 1).T[::2, ::2]

    def columns(self, s: Floats) -> Floats:
        """The return map's coefficients for columns at s in [-1, 1] of the window. Shape (coefficients, columns)."""
        table = np.polynomial.polynomial.polyval(np.asarray(s), self.family())
        return np.asarray(table, np.float64)

    def place(self, x: arb) -> arb:
        """The state x in the level's coordinate u."""
        with working(self.fine):
            return middle((x - self.origin) / self.scale)

    @property
    def fine(self) -> int:
        """Bits with which states x are told apart as finely as u is."""
        return self.bits + max(0, int(-log2(self.scale))) + 64

    def resolves(self, columns: int) -> bool:
        """Whether float64 tells so many columns across the window apart on this level."""
        return log2(self.sigma) > math.log2(columns) - RESOLVED


def _spread(row: Floats) -> Floats:
    """Coefficients in T_k(2 u² - 1) as those in T_2k(u)."""
    found = np.zeros(2 * len(row) - 1)
    found[::2] = row
    return found


def trimmed(row: Floats, tolerance: float) -> Floats:
    """The coefficients without the last ones below `tolerance` times the largest."""
    seen = np.flatnonzero(np.abs(row) > tolerance * np.abs(row).max())
    return row[: int(seen[-1]) + 1] if len(seen) else row[:1]
