"""Colour bars: the values at the ends are those of the first and last colour, and the note names the contour lines."""

import numpy as np
import pytest

from funjax_gui.figures.colour_bar import STEPS, contour_spacing, density_bar, surface_bar
from funjax_gui.style import colour_maps
from kernels.newton import Levels

RAMP = colour_maps.shades("inferno", "#000000", True)


def test_a_density_s_bar_goes_from_one_visit_to_the_most() -> None:
    bar = density_bar(12345, "equalised", RAMP)
    assert bar is not None
    assert (bar.title, bar.low, bar.high) == ("visits per pixel, equalised", "1", "12 345")
    assert len(bar.colours) == STEPS and (bar.colours[0], bar.colours[-1]) == (RAMP[0], RAMP[-1])
    assert density_bar(0, "log", RAMP) is None, "nothing is drawn"


@pytest.mark.parametrize(
    ("found", "uphill", "title", "low", "high", "note"),
    [
        (Levels(False, 0.0, 0.5, -1.0, 3.0), False, "f", "−1", "3", "contours every 0.5"),
        (Levels(False, 0.0, 0.5, -1.0, 3.0, flip=True), True, "f", "3", "−1", "contours every 0.5"),
        (Levels(True, 0.0, 0.5, -1.0, 3.0), False, "f, log scale", "0.1", "1000", "contours every 0.5 of log₁₀ f"),
        (Levels(True, 2.0, 0.5, -1.0, 1.0), True, "f, log scale", "1.9", "−8", "contours every 0.5 of log₁₀(2 − f)"),
    ],
)
def test_a_surface_s_bar_begins_with_the_best_value(found: Levels, uphill: bool, title: str, low: str, high: str, note: str) -> None:
    bar = surface_bar(found, uphill, np.arange(256, dtype=np.uint32))
    assert (bar.title, bar.low, bar.high, bar.note) == (title, low, high, note)
    assert (bar.colours[0], bar.colours[-1]) == (0, 255)
    assert contour_spacing(found, uphill) in note
