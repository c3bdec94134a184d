"""The proof of containment on families whose invariant intervals are known: y² + c takes one into itself for c in [-2, 1/4] only."""

import numpy as np
import pytest
from flint import arb

from kernels.deep import is_certified
from kernels.deep.level import Level, Terms

SCALE = 1.9
"""Of y = SCALE u."""


def family(low: float, high: float, even: bool) -> Level:
    """y² + c for c from low to high, in u; in Chebyshev polynomials of 2 u² - 1, or of u."""
    middle, half = (low + high) / 2, (high - low) / 2
    constant = SCALE / 2 + middle / SCALE  # y² / SCALE = SCALE (1 + T_2(u)) / 2
    row = np.array([constant, SCALE / 2] if even else [constant, 0.0, SCALE / 2])
    terms = Terms(None, row, (np.array([half / SCALE]),), arb(0))  # type: ignore[arg-type]
    return Level(lambda: terms, even, arb(0), arb(1), arb(1), arb(1), 120)


@pytest.mark.parametrize("even", [True, False])
@pytest.mark.parametrize(("low", "high", "proved"), [(-1.7, 0.1, True), (-1.5, -1.3, True), (-1.5, 0.27, False), (-2.1, -1.5, False)])
def test_containment_is_proved_where_it_holds_and_only_there(low: float, high: float, proved: bool, even: bool) -> None:
    assert is_certified(family(low, high, even)) is proved
