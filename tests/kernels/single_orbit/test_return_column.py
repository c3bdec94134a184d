"""The orbit of a column below float64 against the quadratic family that return maps are close to, and against exact arithmetic."""

from decimal import Decimal

import numpy as np
import pytest
from flint import arb

from kernels import ColumnRequest, Grid, Viewport
from kernels.deep import working
from kernels.single_orbit import Below, ColumnFrame

PERIOD, HALF_WIDTH, HALF_HEIGHT = 40, 0.45, 1.0
"""Of the window next to a = 3.8, in units in which its return map is y² + c."""


def window() -> tuple[Decimal, arb, float, float]:
    """The superstable parameter, as a decimal and a number; the window's width and height, in those units: by Newton's method."""
    with working(400):
        a = arb("3.8")
        for _ in range(60):
            x, by_a, by_x = arb(0.5), arb(0), arb(1)
            for n in range(PERIOD):
                slope = a * (1 - 2 * x)
                by_a, by_x = (slope * by_a + x * (1 - x)).mid(), (by_x * slope).mid() if n else by_x
                x = (a * x * (1 - x)).mid()
            a = (a - (x - arb(0.5)) / by_a).mid()
        return Decimal(a.str(100, radius=False)), a, float(1 / abs(a * by_x * by_a)), float(1 / abs(a * by_x))


CENTRE, EXACT, WIDTH, HEIGHT = window()


def column(share: float, high: bool = False) -> ColumnFrame:
    view = Viewport(CENTRE, Decimal("0.5"), HALF_WIDTH * WIDTH, 0.5 if high else HALF_HEIGHT * HEIGHT)
    at = view.x_at((1 + share) / 2)
    request = ColumnRequest("logistic", (("a", float(at)),), 0.3, 200, (0.0, 1.0), below=Below(Grid(view, 48, 60), "a", at))
    *_, frame = request.frames()
    assert frame is not None
    return frame


@pytest.mark.parametrize("share", [0.0, 0.8])
def test_in_a_window_the_orbit_is_that_of_its_return_map(share: float) -> None:
    assert WIDTH < 1e-15
    frame = column(share)
    assert frame.iterations == PERIOD and frame.coordinate == "u" and frame.period == 1
    with working(400):
        a, x = EXACT + arb(share * HALF_WIDTH * WIDTH), arb(0.5)
        for u in frame.series[:4]:
            assert u == pytest.approx(float((x - arb(0.5)) / arb(frame.unit)), abs=1e-9)
            for _ in range(PERIOD):
                x = (a * x * (1 - x)).mid()
    c = -share * HALF_WIDTH  # of y² + c
    assert frame.multiplier == pytest.approx(1 - np.sqrt(1 - 4 * c), abs=1e-3)
    assert frame.curve[0, 0] == -1 and frame.curve[1, 1000] == pytest.approx(frame.series[1], abs=1e-12)
    assert frame.density.sum() == frame.samples and frame.states == (-1.0, 1.0)


def test_an_orbit_that_leaves_the_interval_has_no_period_and_no_exponent() -> None:
    """c = 0.36 of y² + c, beyond 1/4."""
    frame = column(-0.8)
    assert frame.period == 0 and frame.has_left and np.isnan(frame.lyapunov) and not frame.density.any()


def test_as_high_as_the_attractor_the_orbit_is_the_map_s_own_in_x() -> None:
    frame = column(0.0, high=True)
    assert (frame.iterations, frame.unit, frame.coordinate, frame.states) == (1, 0.0, "x", (0.0, 1.0))
    with working(200):
        a, x, states = EXACT, arb(0.5), []
        for _ in range(len(frame.series)):
            states.append(float(x))
            x = (a * x * (1 - x)).mid()
    assert frame.series == pytest.approx(states, abs=1e-8), "float64 itself loses such an orbit after some 80 steps, this one never"
    assert frame.period == PERIOD and abs(frame.multiplier) < 1e-3


def test_a_column_outside_the_view_is_refused() -> None:
    view = Viewport(CENTRE, Decimal("0.5"), WIDTH, HEIGHT)
    with pytest.raises(ValueError, match="outside the view"):
        Below(Grid(view, 48, 60), "a", CENTRE + Decimal(str(3 * WIDTH)))
