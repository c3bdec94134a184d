"""The plane of parameters of a family of equations: pixel by pixel what plain NumPy iterates of the free critical point come to."""

from typing import Any

import numpy as np
import pytest

from kernels import Grid, Viewport
from kernels.equations import CYCLE, NewtonFamilyRequest, find_equations, is_family
from kernels.newton import UNRESOLVED

# Around a small Mandelbrot set.
GRID = Grid(Viewport.from_limits("0.22", "0.4", "1.57", "1.71"), 61, 47)
TYPED = "z^4 + (a + b*i)*z + c"


def test_the_plane_of_the_cubics_agrees_with_numpy_pixel_by_pixel() -> None:
    *_, frame = (frame for frame in NewtonFamilyRequest(GRID, max_steps=300).frames() if frame is not None)
    assert frame.done and frame.axes == ("a", "b")
    parameter = GRID.column_values()[None, :] + 1j * GRID.row_values()[:, None]

    def newton(z: Any) -> Any:
        with np.errstate(all="ignore"):
            return z - (z**3 + (parameter - 1) * z - parameter) / (3 * z**2 + parameter - 1)

    z = np.zeros_like(parameter)
    for _ in range(300):
        z = newton(z)
    moved = np.abs(newton(z) - z)
    assert ((moved < 1e-9) != (frame.labels == 0)).mean() <= 2e-3  # on the boundary rounding decides
    inside = (frame.labels == CYCLE) | (frame.labels == UNRESOLVED)
    assert 0.05 < inside.mean() < 0.3 and (frame.labels == CYCLE).sum() > 50
    # The cycle in the middle of the large cardioid has period 2, as that of z^3 - 2 z + 2.
    assert abs(newton(newton(z)) - z)[frame.labels == CYCLE].min() < 1e-9


def test_families_are_told_from_other_equations() -> None:
    assert [is_family(find_equations(text)) for text in ("cubic-family", TYPED, "z^3 + a*z + b*i")] == [True] * 3
    for text, words in (
        ("smale", "not a family in z with two parameters"),
        ("circle-hyperbola", "not a family in z"),
        ("z^5 + a*z^2 + b", "no single free critical point"),
        ("sin(a*z) + b*z^4 + z^2", "no single free critical point"),
    ):
        with pytest.raises(ValueError, match=words) as caught:
            NewtonFamilyRequest(GRID, text)
        assert "\n" not in str(caught.value)
    assert NewtonFamilyRequest(GRID, TYPED, parameters=(("c", 2.0),)).parameters == (("a", 1.0), ("b", 1.0), ("c", 2.0))
