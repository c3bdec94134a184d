"""Numbers and sentences of the fixed-point explorer."""

import math

import pytest

from funjax_gui.tabs.fixed_points.status_text import digits_known, multiplier
from kernels.cycles import PeriodicOrbit


@pytest.mark.parametrize(("x", "error", "digits"), [(3.141593170559674, 7.4e-5, 4), (3.0, 1e-14, 14), (0.001, 1.0, 1), (2.0, math.inf, 1)])
def test_no_more_digits_are_shown_than_are_known(x: float, error: float, digits: int) -> None:
    assert digits_known(x, error) == digits


@pytest.mark.parametrize(
    ("value", "error", "text"),
    [(0.9999833465985409, 1.6e-7, "0.999983"), (-1.5, 1e-15, "−1.5"), (math.nan, 0.0, "undefined"), (-1.8e-10, 4e-16, "−1.8e−10")],
)
def test_a_multiplier_is_shown_to_the_digits_it_bears(value: float, error: float, text: str) -> None:
    orbit = PeriodicOrbit((0.5,), value, "attracting", False, False, True, multiplier_error=error)
    assert multiplier(orbit) == text
