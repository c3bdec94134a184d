"""Basins against closed forms, and against what becomes of the starts."""

import itertools
import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernels.fixed_point.basins import MOST_ENDS, Basin
from kernels.fixed_point.outcomes import Outcome
from kernels.fixed_point.request import FixedPointFrame, FixedPointRequest
from kernels.maps.registry import LINE_MAPS


def last(name: str, parameters: dict[str, float], x: Any, **more: Any) -> FixedPointFrame:
    request = FixedPointRequest(map=name, parameters=parameters, x=x, **{"starts": 101, "max_period": 2, **more})
    return [frame for frame in request.frames() if frame is not None][-1]


def ends(basins: tuple[Basin, ...]) -> list[tuple[float, float]]:
    return [(basin.low, basin.high) for basin in basins]


@given(b=st.floats(-20, 24.5), c=st.floats(8, 15))
def test_the_posts_family_has_one_open_interval(b: float, c: float) -> None:
    discriminant = c * c / 4 - b
    if discriminant < 0.1 or abs(c / 2 - math.sqrt(discriminant)) * 2 / c > 0.95:
        return
    upper = c / 2 + math.sqrt(discriminant)
    frame = last("post", {"b": b, "c": c}, (-1.5 * upper, 1.3 * upper))
    repelling = frame.fixed_points[-1]
    assert repelling.x == pytest.approx(upper, rel=1e-14)
    assert frame.basins[0].low == pytest.approx(-upper, rel=4e-15) and frame.basins[-1].high == pytest.approx(upper, rel=4e-15)
    assert all(basin.orbit == 0 for basin in frame.basins)
    (immediate,) = [basin for basin in frame.basins if basin.immediate]
    assert immediate.low < frame.fixed_points[0].x < immediate.high


@pytest.mark.parametrize("a", [1.5, 2.0, 2.8])
def test_the_logistic_fixed_point_takes_all(a: float) -> None:
    (basin,) = last("logistic", {"a": a}, (-0.5, 1.5)).basins
    assert (basin.low, basin.high, basin.immediate, basin.cut) == (0.0, 1.0, True, (False, False))


def test_a_two_cycles_immediate_basin_ends_at_the_fixed_point_and_its_preimages() -> None:
    frame = last("logistic", {"a": 3.2}, (0, 1))
    immediate = [basin for basin in frame.basins if basin.immediate]
    first, second = ends(tuple(immediate))
    assert first == pytest.approx((0.3125, 0.6875), rel=2e-16) and second[0] == 0.6875
    assert 3.2 * second[1] * (1 - second[1]) == pytest.approx(0.3125, rel=1e-14)
    assert sorted(basin.phase for basin in immediate) == [0, 1]
    assert sum(high - low for low, high in ends(frame.basins)) == pytest.approx(1, abs=0.01)


def test_two_attractors_share_the_line() -> None:
    frame = last("cubic", {"a": 1.8}, (-2, 2))
    below, above = (basin for basin in frame.basins if basin.immediate)
    assert below.orbit != above.orbit and below.high == above.low == 0.0
    for basin in frame.basins:
        assert abs(basin.low) < math.sqrt(2.8) and abs(basin.high) < math.sqrt(2.8) + 1e-15


def test_a_basin_reaches_to_the_floats_beside_its_ends() -> None:
    frame = last("cubic", {"a": 1.8}, (-2, 2))
    above = next(basin for basin in frame.basins if basin.low == 0.0)
    inside, outside = np.nextafter(above.high, 0), np.nextafter(above.high, 2)
    starts = last("cubic", {"a": 1.8}, (repr(float(inside)), repr(float(outside))), starts=3, steps=5000, search=(-2, 2))
    assert starts.attractor[0] == above.orbit != starts.attractor[2]


def test_a_view_within_a_basin_cannot_say_whether_it_is_immediate() -> None:
    (basin,) = last("post", {}, (5, 6)).basins
    assert basin.cut == (True, True) and basin.immediate is None
    (basin,) = last("post", {}, (5, 6), search=(-9, 10)).basins
    assert basin.immediate is True and (basin.low, basin.high) == (-7.0, 7.0)


def test_zooming_in_sharpens_nothing_that_is_sharp_already() -> None:
    (near,) = last("post", {}, ("6.9999999999", "7.0000000001"), search=(-9, 10)).basins
    assert (near.low, near.high) == (-7.0, 7.0)


def test_chaos_and_escape_have_no_basins() -> None:
    assert last("logistic", {"a": 4.0}, (0, 1)).basins == ()
    assert last("quadratic", {"c": 1.0}, (-2, 2)).basins == ()


def test_a_boundary_with_too_many_ends_is_said_to_be_so() -> None:
    frame = last("logistic", {"a": 3.83}, (0, 1), starts=1000)
    assert f"more than {MOST_ENDS} ends" in frame.search_note


@pytest.mark.parametrize("name", LINE_MAPS)
def test_starts_in_a_basin_go_where_it_says(name: str) -> None:
    frame = last(name, {}, LINE_MAPS[name].state, steps=2000)
    for basin in frame.basins:
        inside = (frame.starts > basin.low) & (frame.starts < basin.high)
        settled = inside & np.isin(frame.outcomes, (Outcome.ATTRACTED, Outcome.CYCLE))
        assert (frame.attractor[settled] == basin.orbit).all()
        assert not (frame.outcomes[inside] == Outcome.DIVERGED).any()
    within = np.zeros(len(frame.starts), np.bool_)
    for low, high in ends(frame.basins):
        within |= (frame.starts >= low) & (frame.starts <= high)
    assert within[np.isin(frame.outcomes, (Outcome.ATTRACTED, Outcome.CYCLE))].all()


@pytest.mark.parametrize("a", [1.001, 1.00001, 2.997, 2.999, 2.99999, 2.9999999])
def test_slow_convergence_does_not_narrow_a_basin(a: float) -> None:
    (basin,) = last("logistic", {"a": a}, (-0.5, 1.5)).basins
    assert (basin.low, basin.immediate) == (0.0, True)
    assert (basin.high, basin.cut) == (1.0, (False, False)) or (a == 1.00001 and basin.high > 1 - 1e-12 and basin.cut == (False, True))


@pytest.mark.parametrize("a", [3.0001, 3.4494, 3.44948])
def test_a_slow_two_cycles_basins_fill_the_interval(a: float) -> None:
    frame = last("logistic", {"a": a}, (0, 1))
    immediate = [basin for basin in frame.basins if basin.immediate]
    assert immediate[0].high == immediate[1].low == frame.fixed_points[1].x
    assert immediate[0].low == pytest.approx(1 / a, rel=1e-14)
    assert sum(high - low for low, high in ends(frame.basins)) == pytest.approx(1, abs=0.02)


@pytest.mark.parametrize("a", [1.0000001, 1.000001, 1.0001, 1.0005])
def test_an_end_lies_never_between_here_and_not_yet(a: float) -> None:
    for basin in last("logistic", {"a": a}, (-0.5, 1.5), starts=5).basins:
        assert (basin.low <= 0.0 and basin.high >= 1.0) or any(basin.cut)
        assert basin.cut[0] or basin.low == 0.0
        assert basin.cut[1] or basin.high == 1.0


def test_starts_that_are_undecided_are_said_to_be_so() -> None:
    frame = last("where(x <= 0.3, a*(x + 0.5) - 0.5, 0.3 + 3.9*(x - 0.3)*(1.3 - x))", {"a": 0.5}, (-1, 1.3), starts=101, max_period=1)
    (basin,) = frame.basins
    assert basin.low == -1.0 and 0.29 < basin.high <= 0.3 and basin.cut == (True, True)
    assert "undecided" in frame.search_note


def test_more_than_64_attractors_have_their_basins() -> None:
    frame = last("x + a*sin(10*x)", {"a": 0.1}, (-80, 80), max_period=1)
    attracting = [n for n, orbit in enumerate(frame.orbits) if orbit.stability == "attracting"]
    assert len(attracting) > 200 and {basin.orbit for basin in frame.basins} == set(attracting)
    repelling = [orbit.x for orbit in frame.orbits if orbit.stability == "repelling"]
    for basin in frame.basins:
        if basin.immediate and not any(basin.cut) and basin.high - basin.low < 0.7:
            assert min(abs(x - basin.high) for x in repelling) < 0.1
    apart(frame.basins)


def test_a_pole_ends_two_basins_at_zero() -> None:
    frame = last("(x + a/x)/2", {"a": 2.0}, (-2, 4))
    assert ends(frame.basins) == [(-2.0, 0.0), (0.0, 4.0)]


@pytest.mark.parametrize("a", [1.8, 2.3, 2.4])
def test_basins_do_not_overlap_however_many_there_are(a: float) -> None:
    apart(last("cubic", {"a": a}, (-2, 2)).basins)


def apart(basins: tuple[Basin, ...]) -> None:
    assert all(one.low < one.high for one in basins)
    assert all(one.high <= other.low for one, other in itertools.pairwise(basins))
