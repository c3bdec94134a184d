"""Fixed points and cycles of maps of the plane against closed forms and known counts."""

import math

import numpy as np
import pytest

from kernels.geometry import Viewport
from kernels.phase_plane import CyclesRequest

TURN = 2 * math.pi


def found(name, limits, longest, **parameters):
    *_, frame = CyclesRequest(Viewport.from_limits(*limits), name, tuple(parameters.items()), longest).frames()
    assert frame.done
    return frame


def test_henons_fixed_points_and_two_cycle_are_those_of_the_closed_form():
    a, b = 1.4, 0.3
    frame = found("henon", (-2, 2, -1, 1), 4, a=a, b=b)
    assert frame.unresolved == (0, 0, 0, 0)
    for sign, cycle in zip((-1, 1), frame.fixed_points, strict=True):
        x = (b - 1 + sign * math.sqrt((1 - b) ** 2 + 4 * a)) / (2 * a)
        assert cycle.points[0] == pytest.approx((x, b * x), rel=4e-16, abs=4e-16)
        larger, smaller = sorted((-a * x - math.sqrt(a * a * x * x + b), -a * x + math.sqrt(a * a * x * x + b)), key=abs, reverse=True)
        assert cycle.eigenvalues == pytest.approx((larger, smaller), rel=1e-13)
    assert [cycle.kind for cycle in frame.fixed_points] == ["saddle", "flip saddle"]
    # The 2-cycle: x + x' = (1 - b) / a and x x' = ((1 - b)^2 - a) / a^2.
    (two,) = (cycle for cycle in frame.cycles if cycle.period == 2)
    total, product = (1 - b) / a, ((1 - b) ** 2 - a) / a**2
    root = math.sqrt(total**2 / 4 - product)
    (x, y), (u, v) = two.points
    assert (x, u) == pytest.approx((total / 2 - root, total / 2 + root), rel=1e-15)
    assert (y, v) == pytest.approx((b * u, b * x), rel=1e-15)
    assert np.prod(two.eigenvalues) == pytest.approx(b * b, rel=1e-12)
    assert frame.cycles[-1].eigenvalues[0] * frame.cycles[-1].eigenvalues[1] == pytest.approx(b**4, rel=1e-15)
    assert two.eigenvalues[0] + two.eigenvalues[1] == pytest.approx(4 * a * a * product + 2 * b, rel=1e-12)
    # No 3-cycle, one 4-cycle: O. Biham and W. Wenzel, Physical Review Letters 63 (1989).
    assert [cycle.period for cycle in frame.cycles] == [1, 1, 2, 4]


def test_the_stability_of_henons_fixed_point_is_known():
    frame = found("henon", (-8, 8, -3, 3), 1, a=0.2, b=0.3)
    assert [cycle.kind for cycle in frame.fixed_points] == ["saddle", "attracting node"]
    frame = found("henon", (-40, 8, -3, 33), 1, a=0.1, b=-0.8)
    assert {cycle.kind for cycle in frame.fixed_points} == {"attracting focus", "saddle"}


def test_eigenvalues_that_rounding_hides_are_zero_or_equal():
    frame = found("newton-cube", (0.4, 1.2, -0.6, 0.6), 2)
    assert frame.fixed_points[0].points[0] == pytest.approx((1, 0), abs=1e-15)
    assert frame.fixed_points[0].eigenvalues == (0, 0)
    # Newton's map is analytic: its multiplier on the 2-cycles, 6, is a double eigenvalue.
    twos = [cycle for cycle in frame.cycles if cycle.period == 2]
    assert twos
    assert all(cycle.eigenvalues == pytest.approx((6, 6), rel=1e-13) for cycle in twos)


@pytest.mark.parametrize("k", [0.971635, 3.5])
def test_the_standard_map_has_a_saddle_and_a_centre(k):
    frame = found("standard", (0, TURN, 0, TURN), 1, k=k)
    assert frame.unresolved == (0,)
    assert [(cycle.points[0], cycle.kind) for cycle in frame.fixed_points] == [
        (pytest.approx((0, 0), abs=1e-15), "saddle"),
        (pytest.approx((math.pi, 0), abs=1e-15), "centre"),
    ]
    saddle, centre = (cycle.eigenvalues for cycle in frame.fixed_points)
    assert saddle[0] == pytest.approx(1 + k / 2 + math.sqrt(k + k * k / 4), rel=1e-13)
    assert abs(centre[0]) == pytest.approx(1, rel=1e-14)
    assert centre[0].real == pytest.approx(1 - k / 2, rel=1e-13)


def test_a_view_across_the_seam_shows_the_same_points_once():
    frame = found("standard", (-3, TURN - 3, -1, TURN - 1), 1, k=0.971635)
    assert [cycle.points[0] for cycle in frame.fixed_points] == [pytest.approx((0, 0), abs=1e-15), pytest.approx((math.pi, 0), abs=1e-15)]


def test_the_cat_map_has_as_many_cycles_as_its_matrix_says():
    frame = found("cat", (0, 1, 0, 1), 4)
    assert frame.unresolved == (0, 0, 0, 0)
    matrix = np.array([[1, 1], [1, 2]])
    for period in range(1, 5):
        points = sum(cycle.period for cycle in frame.cycles if period % cycle.period == 0)
        power = np.linalg.matrix_power(matrix, period)
        assert points == abs(round(np.linalg.det(power - np.eye(2))))
        mine = next(cycle for cycle in frame.cycles if cycle.period == period)
        assert mine.eigenvalues == pytest.approx(sorted(np.linalg.eigvals(power), reverse=True), rel=1e-9)


@pytest.mark.parametrize(
    ("name", "limits", "continua", "isolated", "on"),
    [
        # The first period of which there is a curve or an area, which that is, the isolated fixed points, and the curve's equation.
        ("x' = x; y' = y/2", (-2, 2, -1, 1), {1: False}, [], lambda x, y: y),
        ("x' = x + y; y' = y", (-2, 2, -1.1, 1), {1: False}, [], lambda x, y: y),
        ("x' = x + y; y' = y", (-2, 2, 0.5, 1), {}, [], None),
        (
            "x' = x + y*(x^2 + y^2 - 1); y' = y - x*(x^2 + y^2 - 1)",
            (-2, 2.1, -1.3, 1.4),
            {1: False},
            [(0, 0)],
            lambda x, y: x**2 + y**2 - 1,
        ),
        ("x' = x + (y - x^2)^2; y' = (y + x^2)/2", (-2, 2, -1, 1), {1: False}, [], lambda x, y: y - x**2),  # a double one
        ("x' = -x; y' = -y/2", (-2, 2, -1, 1.1), {2: False}, [(0, 0)], lambda x, y: y),
        ("x' = y; y' = x", (-2, 2, -1, 1), {1: False, 2: True}, [], lambda x, y: x - y),
        ("x' = x + y*0; y' = y", (-2, 2, -1, 1), {1: True}, [], None),
        # None, though the Jacobian has the eigenvalue 1: a triple point, which is alone, also where it is hard to tell; a translation.
        ("x' = 2*x; y' = y + y^3", (-2, 2, -1, 1.2), {}, [(0, 0)], None),
        ("x' = x + 1e-14; y' = y/2", (-2, 2, -1, 1), {}, [], None),
        # Numbers whose roundings exceed the view.
        ("x' = 1e200*x^2 + y; y' = 1e300*x", (-2, 2, -2, 2), {}, [(0, 0)], None),
    ],
)
def test_curves_and_areas_of_fixed_points_are_said_and_not_listed(name, limits, continua, isolated, on):
    frame = found(name, limits, max(continua, default=1))
    assert {each.period: each.is_area for each in frame.continua} == continua
    assert [cycle.points[0] for cycle in frame.fixed_points] == isolated
    if continua:
        assert frame.unresolved == (0,) * frame.searched
    for each in frame.continua:
        if not each.is_area:
            assert each.points.shape[1] > 20
            assert np.abs(on(*each.points)).max() < 1e-7


def test_curves_of_a_twist_map_are_found_across_the_seam():
    frame = found("standard", (0, TURN, 0, TURN), 2, k=0.0)
    assert [each.period for each in frame.continua] == [1, 2]
    assert frame.continua[1].points[1] == pytest.approx(math.pi, abs=1e-12)
    assert (frame.cycles, frame.unresolved) == ((), (0, 0))


@pytest.mark.parametrize(
    ("name", "isolated"),
    [
        ("x' = x + log(x); y' = y^1.5", [(1, 1)]),
        ("x' = log(x) + y; y' = x/2", []),  # from where it has a value it comes to where it has none
    ],
)
def test_where_the_map_has_no_value_hardly_a_box_is_left_open(name, isolated):
    frame = found(name, (-2, 2, 0.1, 2), 2)
    assert max(frame.unresolved) < 20  # of more than 8,000 in the half without values
    assert [cycle.points[0] for cycle in frame.fixed_points] == [pytest.approx(point, rel=1e-14) for point in isolated]


def test_where_there_is_none_that_is_proved():
    frame = found("henon", (10, 11, 10, 11), 3)
    assert (frame.cycles, frame.unresolved) == ((), (0, 0, 0))


def test_what_is_out_of_range_is_refused_in_one_line():
    with pytest.raises(ValueError, match="one coordinate"):
        CyclesRequest(Viewport.from_limits(0, 1, 0, 1), "logistic")
    with pytest.raises(ValueError, match="longest period 0 is out of range"):
        CyclesRequest(Viewport.from_limits(0, 1, 0, 1), longest=0)
