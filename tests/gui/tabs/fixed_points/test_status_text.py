"""Numbers and sentences of the fixed-point explorer."""

import math

import pytest

from funjax_gui.tabs.fixed_points.status_text import digits_known


@pytest.mark.parametrize(("x", "error", "digits"), [(3.141593170559674, 7.4e-5, 4), (3.0, 1e-14, 14), (0.001, 1.0, 1), (2.0, math.inf, 1)])
def test_no_more_digits_are_shown_than_are_known(x: float, error: float, digits: int) -> None:
    assert digits_known(x, error) == digits
