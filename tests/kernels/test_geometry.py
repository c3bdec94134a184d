"""Viewports keep their digits at any depth; grids put columns where they belong."""

from decimal import Decimal, localcontext
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernels.geometry import SMALLEST, Grid, Viewport, decimal, split

UNIT = st.floats(0.0, 1.0)
DEPTH = st.integers(0, 14)


def deep(depth: int) -> Viewport:
    half = Decimal(1).scaleb(-depth)
    centre = Decimal("3.5699456718709449018420")
    return Viewport.from_limits(centre - half, centre + half, "0.5", "0.6")


@given(u=UNIT, v=UNIT, factor=st.floats(0.1, 3.0), depth=DEPTH)
def test_a_zoom_keeps_the_point_under_the_cursor(u: float, v: float, factor: float, depth: int) -> None:
    view = deep(depth)
    zoomed = view.zoomed(factor, factor, u, v)
    # the view is tidied to 9 digits of its size: a millionth of a pixel
    assert zoomed.u_of(view.x_at(u)) == pytest.approx(u, abs=1e-7)
    assert zoomed.v_of(view.y_at(v)) == pytest.approx(v, abs=1e-7)
    assert zoomed.half_width == pytest.approx(view.half_width * factor, rel=1e-8)


@given(depth=DEPTH, u=UNIT)
def test_limits_read_back_as_the_same_view(depth: int, u: float) -> None:
    view = deep(depth).zoomed(0.37, 0.37, u, u)
    again = Viewport.from_limits(*map(str, view.x_limits), *map(str, view.y_limits))
    assert again.half_width == pytest.approx(view.half_width, rel=1e-14)
    assert abs(again.u_of(view.x) - 0.5) < 1e-13


@given(du=st.floats(-2, 2), depth=DEPTH)
def test_a_pan_and_its_opposite_lead_back(du: float, depth: int) -> None:
    view = deep(depth)
    back = view.panned(du, du).panned(-du, -du)
    assert back.u_of(view.x) == pytest.approx(0.5, abs=1e-8)
    assert back.half_width == pytest.approx(view.half_width)


@given(depth=st.integers(0, 9), columns=st.integers(1, 500))
def test_columns_are_the_middles_rounded_once(depth: int, columns: int) -> None:
    view = deep(depth)
    exact = [view.x + Decimal(view.half_width) * (Decimal(2 * j + 1 - columns) / columns) for j in range(columns)]
    got = Grid(view, columns, 1).column_values()
    assert np.all(np.abs(got - np.array([float(e) for e in exact])) <= np.spacing(got))


def test_rows_run_from_the_top() -> None:
    assert list(Grid(Viewport.from_limits(0, 1, 0, 1), 1, 4).row_values()) == [0.875, 0.625, 0.375, 0.125]


def test_a_thousand_columns_near_a_bifurcation_need_the_width_that_was_measured() -> None:
    def width(size: float) -> Grid:
        return Grid(Viewport.from_limits(decimal(3.5), decimal(3.5) + decimal(size), 0, 1), 1000, 10)

    assert width(4.5e-13).is_resolved(np.float64)[0] and not width(4.4e-13).is_resolved(np.float64)[0]
    assert width(2.4e-4).is_resolved(np.float32)[0] and not width(2.3e-4).is_resolved(np.float32)[0]


@pytest.mark.parametrize(
    ("limits", "named"),
    [
        ((1, 0, 0, 1), r"horizontal limit \(1\) must be below the upper one \(0\)"),
        ((0, 0, 0, 1), "must be below"),
        ((0, "abc", 0, 1), "'abc'"),
        ((0, 1, 0, "nan"), "nan"),
        ((0, 1, "-inf", 0), "finite"),
        ((0, "1e400", 0, 1), "out of range"),
    ],
)
def test_bad_limits_get_one_line_that_names_them(limits: tuple[object, ...], named: str) -> None:
    with pytest.raises(ValueError, match=named) as caught:
        Viewport.from_limits(*limits)  # type: ignore[arg-type]
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("size", [(0, 1), (1, -3), (1.5, 2), (True, 1)])
def test_a_grid_has_whole_positive_sizes(size: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="give a whole number"):
        Grid(Viewport.from_limits(0, 1, 0, 1), *size)


def test_split_loses_nothing_of_thirty_digits() -> None:
    centre = Decimal("3.56994567187094490184200515138")
    high, low = split(centre)
    with localcontext(prec=60):
        assert abs(Decimal(high) + Decimal(low) - centre) < Decimal("1e-31")


LIMITS = [3.5, 1e-12, 1e-44, 1e-100, 1e-200, 1e-299]
CENTRE = Decimal("3.5699456718709449018420051513864989367638369115148323781079755299213628875001367775263210342163")


@pytest.mark.parametrize("half", LIMITS)
def test_limits_of_any_depth_read_back_as_the_same_view(half: float) -> None:
    with localcontext(prec=700):
        low, high = CENTRE - Decimal(half), CENTRE + Decimal(half)
    view = Viewport.from_limits(str(low), str(high), 0, 1)
    assert view.half_width == half
    again = Viewport.from_limits(*map(str, view.x_limits), 0, 1)
    assert again.half_width == pytest.approx(half, rel=1e-14)
    assert again.u_of(view.x) == pytest.approx(0.5, abs=1e-13)


@given(half=st.sampled_from(LIMITS), u=UNIT, factor=st.floats(0.1, 3.0))
def test_a_deep_zoom_keeps_the_point_under_the_cursor(half: float, u: float, factor: float) -> None:
    view = Viewport(CENTRE, Decimal("0.5"), half, 0.5)
    assert view.u_of(view.x_at(u)) == pytest.approx(u, abs=1e-12)
    zoomed = view.zoomed(factor, factor, u, 0.5) if half * factor >= SMALLEST else view
    assert zoomed.u_of(view.x_at(u)) == pytest.approx(u, abs=1e-7)


def test_limits_that_are_too_close_are_refused_in_one_line() -> None:
    with pytest.raises(ValueError, match="farther apart"):
        Viewport.from_limits("1", "1." + "0" * 400 + "1", 0, 1)
    with pytest.raises(ValueError, match="zoom out"):
        Viewport(Decimal(1), Decimal(1), 1e-310, 1.0)


def test_abscissae_are_rounded_once() -> None:
    values = Grid(Viewport.from_limits("0", "1", "0", "1"), 10, 10).column_values()
    assert values.tolist() == [0.05, 0.15, 0.25, 0.35, 0.45, 0.55, 0.65, 0.75, 0.85, 0.95]
    view = Viewport.from_limits("0.1623", "0.1846920", "0", "1")
    for n, value in enumerate(Grid(view, 7, 10).column_values()):
        assert value == float(Fraction(view.x) + Fraction(view.half_width) * Fraction(2 * n - 6, 7))


@pytest.mark.parametrize("shape", [(800, 400), (400, 800), (300, 300), (7, 1)])
def test_equal_scales_extend_a_view_on_one_axis_about_its_centre(shape: tuple[int, int]) -> None:
    view = Viewport.from_limits(-1, 5, 2, "4.5")
    found = view.with_equal_scale(*shape)
    assert (found.x, found.y) == (view.x, view.y)
    assert found.half_width / shape[0] == pytest.approx(found.half_height / shape[1], rel=1e-8)
    assert found.half_width == view.half_width or found.half_height == view.half_height
    assert found.half_width >= view.half_width and found.half_height >= view.half_height
    assert found.with_equal_scale(*shape) is found
