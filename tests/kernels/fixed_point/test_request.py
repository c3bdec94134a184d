"""Fixed points, cycles and outcomes against closed forms, over all maps, and at the edges."""

import itertools
import json
import math
from collections.abc import Callable, Iterator
from decimal import Decimal
from fractions import Fraction
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kernels.cycles.iterate import Iterate
from kernels.cycles.notes import notes_of
from kernels.cycles.periodic_orbits import Found, PeriodicOrbit
from kernels.fixed_point import starts
from kernels.fixed_point.outcomes import Outcome
from kernels.fixed_point.request import FixedPointFrame, FixedPointRequest, as_json
from kernels.formulas.map import map_from
from kernels.maps.registry import LINE_MAPS
from kernels.validation import grouped


def last(request: FixedPointRequest) -> FixedPointFrame:
    frame = [frame for frame in request.frames() if frame is not None][-1]
    assert frame.done and frame.request is request
    return frame


def logistic(a: float, **more: Any) -> FixedPointRequest:
    return FixedPointRequest(map="logistic", parameters=(("a", a),), x=(0, 1), **{"starts": 101, **more})


# The rule of a test-only map stands at module level, for a fresh function would be compiled anew; formulas are stored as compiled.
def _logarithm(x: Any, a: Any) -> Any:
    return a + jnp.log(x)


# The post's example, exactly.


@pytest.fixture(scope="module")
def posts() -> FixedPointFrame:
    return last(FixedPointRequest(x=("-9", "9.5"), starts=38))


def test_the_posts_starts_are_numpys(posts: FixedPointFrame) -> None:
    np.testing.assert_array_equal(posts.starts, np.arange(-9, 10, 0.5))


def test_the_posts_outcomes(posts: FixedPointFrame) -> None:
    assert posts.counts == {"attracted": 27, "on-point": 2, "diverged": 9, "cycle": 0, "unresolved": 0, "undefined": 0}
    by_start = dict(zip(posts.starts.tolist(), posts.outcomes.tolist(), strict=True))
    assert all((by_start[x] == Outcome.ATTRACTED) == (abs(x) < 7) for x in by_start)
    assert by_start[-7.0] == by_start[7.0] == Outcome.ON_POINT
    assert all((by_start[x] == Outcome.DIVERGED) == (abs(x) > 7) for x in by_start)


def test_the_posts_finals_and_attractors(posts: FixedPointFrame) -> None:
    inside, on = np.abs(posts.starts) < 7, np.abs(posts.starts) == 7
    np.testing.assert_allclose(posts.finals[inside], 3, rtol=1e-15)
    assert (posts.finals[on] == 7).all()
    assert (posts.attractor[inside] == 0).all() and (posts.attractor[on] == 1).all()
    assert (posts.attractor[~inside & ~on] == -1).all()


def test_the_posts_fixed_points(posts: FixedPointFrame) -> None:
    three, seven = posts.fixed_points
    assert (three.x, three.stability, seven.x, seven.stability) == (3.0, "attracting", 7.0, "repelling")
    assert three.multiplier == pytest.approx(0.6, abs=1e-15) and seven.multiplier == pytest.approx(1.4, abs=1e-15)
    assert not posts.cycles and not posts.search_note


def test_the_posts_basin(posts: FixedPointFrame) -> None:
    (basin,) = posts.basins
    assert (basin.low, basin.high, basin.orbit, basin.immediate, basin.cut) == (-7.0, 7.0, 0, True, (False, False))


def test_steps_are_those_after_which_the_start_stays_near(posts: FixedPointFrame) -> None:
    states = [posts.starts]
    for _ in range(500):
        with np.errstate(over="ignore"):
            states.append((states[-1] ** 2 + 21) / 10)
    target = np.where(np.abs(posts.starts) == 7, 7.0, 3.0)
    near = np.abs(np.array(states) - target) <= posts.request.tolerance
    inside = np.abs(posts.starts) <= 7
    arrived = len(states) - np.argmin(near[::-1], axis=0)
    arrived[near.all(axis=0)] = 0
    np.testing.assert_array_equal(posts.steps[inside], arrived[inside])
    np.testing.assert_array_equal(posts.steps[~inside], np.isfinite(states).sum(axis=0)[~inside])


def test_the_json_is_the_designs(posts: FixedPointFrame) -> None:
    data = json.loads(json.dumps(as_json(posts), allow_nan=False))
    assert [(point["x"], point["stability"]) for point in data["fixed_points"]] == [(3.0, "attracting"), (7.0, "repelling")]
    assert [(basin["x"], basin["fixed_point"]) for basin in data["basins"]] == [([-7.0, 7.0], 0)]
    assert len(data["starts"]) == len(data["finals"]) == len(data["outcomes"]) == len(data["attractor"]) == len(data["steps"]) == 38
    assert data["finals"][0] is None and data["attractor"][0] is None and data["attractor"][4] == 1
    assert data["outcomes"].count("attracted") == 27 and data["outcomes"].count("on-point") == 2


# Closed forms.


@given(a=st.floats(0.01, 4.0))
def test_logistic_fixed_points_and_multipliers(a: float) -> None:
    frame = last(logistic(a, max_period=1, starts=3, steps=1, search=(-100, 2)))
    found = {orbit.x: orbit for orbit in frame.fixed_points}
    other = 1 - 1 / a
    if abs(a - 1) < 1e-7:
        return  # the two are one to within rounding
    assert len(found) == 2
    zero, second = sorted(found, key=abs) if abs(other) > 1e-7 else sorted(found, key=lambda x: abs(x - other), reverse=True)
    assert zero == 0 and found[zero].multiplier == pytest.approx(a, rel=1e-15)
    assert second == pytest.approx(other, rel=1e-14, abs=1e-15)
    assert found[second].multiplier == pytest.approx(2 - a, rel=1e-12, abs=1e-13)
    assert (found[second].stability == "attracting") == (1 < a < 3) or abs(a - 3) < 1e-12


@given(a=st.floats(3.001, 4.0))
def test_logistic_two_cycle(a: float) -> None:
    frame = last(logistic(a, max_period=2, starts=3, steps=1))
    (cycle,) = [orbit for orbit in frame.cycles if orbit.period == 2]
    half, middle = math.sqrt((a + 1) * (a - 3)) / (2 * a), (a + 1) / (2 * a)
    assert cycle.points == pytest.approx((middle - half, middle + half), rel=1e-12)
    assert cycle.multiplier == pytest.approx(4 + 2 * a - a * a, rel=1e-10, abs=1e-12)
    assert (cycle.stability == "attracting") == (a < 1 + math.sqrt(6)) or abs(a - 1 - math.sqrt(6)) < 1e-12


@pytest.mark.parametrize(("a", "period", "x"), [(2.0, 1, 0.5), (1 + math.sqrt(5), 2, 0.5), (3.8318740552833155, 3, 0.15429)])
def test_super_attracting(a: float, period: int, x: float) -> None:
    frame = last(logistic(a))
    (orbit,) = [orbit for orbit in frame.orbits if orbit.stability == "attracting"]
    assert orbit.super_attracting and orbit.period == period
    assert orbit.x == pytest.approx(x, abs=1e-5)
    outcome = Outcome.ATTRACTED if period == 1 else Outcome.CYCLE
    assert frame.counts[outcome.label] >= 95


def test_a_tangency_at_zero() -> None:
    frame = last(logistic(1.0, search=(-1, 1)))
    (orbit,) = frame.fixed_points
    assert (orbit.x, orbit.multiplier, orbit.stability, orbit.double) == (0.0, 1.0, "neutral", True)
    assert frame.counts["on-point"] == 2 and frame.counts["unresolved"] == 99


def test_the_tangent_bifurcation_of_period_three() -> None:
    frame = last(logistic(1 + math.sqrt(8), max_period=3))
    (orbit,) = [orbit for orbit in frame.cycles if orbit.period == 3]
    assert orbit.double and orbit.stability == "neutral" and orbit.multiplier == pytest.approx(1, abs=1e-7)
    assert not [orbit for orbit in last(logistic(3.8284, max_period=3)).cycles if orbit.period == 3]
    pair = [orbit for orbit in last(logistic(3.8285, max_period=3)).cycles if orbit.period == 3]
    assert sorted(orbit.stability for orbit in pair) == ["attracting", "repelling"]


def test_a_doubling_is_neutral_and_has_no_cycle_yet() -> None:
    frame = last(logistic(3.0))
    assert [orbit.stability for orbit in frame.fixed_points] == ["repelling", "neutral"]
    assert frame.fixed_points[1].multiplier == pytest.approx(-1, abs=1e-15)
    assert not frame.cycles and frame.counts["attracted"] == 0


@pytest.mark.parametrize("name", ["logistic", "tent"])
def test_the_cycles_of_full_chaos_are_counted(name: str) -> None:
    full = {"logistic": (("a", 4.0),), "tent": (("m", 2.0),)}[name]
    frame = last(FixedPointRequest(map=name, parameters=full, x=(0, 1), starts=3))
    periods = [orbit.period for orbit in frame.orbits]
    assert [periods.count(p) for p in range(1, 9)] == [2, 1, 2, 3, 6, 9, 18, 30]
    assert all(orbit.stability == "repelling" for orbit in frame.orbits)


def test_cycles_longer_than_those_searched_are_known_from_the_starts() -> None:
    frame = last(logistic(3.567, steps=5000))
    (orbit,) = [orbit for orbit in frame.orbits if orbit.stability == "attracting"]
    assert orbit.period == 16 and frame.counts["cycle"] == 99
    assert frame.orbits[frame.attractor[50]] is orbit and frame.period[50] == 16


def test_a_cycle_of_period_160_is_polished_at_every_point() -> None:
    frame = last(logistic(3.5703014063430922, starts=3, max_period=2))
    (orbit,) = [orbit for orbit in frame.cycles if orbit.period == 160]
    composed = Iterate(LINE_MAPS["logistic"].rule, (3.5703014063430922,))
    assert (np.abs(composed.jets(np.array(orbit.points), 160).value) <= 1e-15).all()
    assert orbit.multiplier == pytest.approx(-0.1278930, abs=1e-6)


def test_an_attractor_out_of_the_searched_range_is_known_from_the_starts() -> None:
    frame = last(FixedPointRequest(x=(4, 6), starts=21))
    (orbit,) = frame.fixed_points
    assert orbit.x == 3.0 and not orbit.inside and frame.counts["attracted"] == 21


# Every map of the library, with as many starts as in the tests of basins: each number of them has kernels of its own.


def settled(name: str) -> Iterator[tuple[Iterate, PeriodicOrbit]]:
    chosen = LINE_MAPS[name]
    frame = last(FixedPointRequest(map=name, x=chosen.state, starts=101, max_period=4))
    composed = Iterate(chosen.rule, chosen.values({}))
    for orbit in frame.orbits:
        yield composed, orbit


@pytest.mark.parametrize("name", LINE_MAPS)
def test_every_orbit_returns_and_has_its_multiplier(name: str) -> None:
    for composed, orbit in settled(name):
        jets = composed.jets(np.array(orbit.points), orbit.period)
        if orbit.period <= 4:
            assert (np.abs(jets.value) <= 4 * jets.noise).all()
        slopes = [jax.grad(composed.rule)(x, *composed.values) for x in orbit.points]
        assert orbit.multiplier == pytest.approx(math.prod(float(slope) for slope in slopes), rel=1e-12, abs=1e-300)
        expected = {"attracting": abs(orbit.multiplier) < 1, "repelling": abs(orbit.multiplier) > 1}
        assert expected.get(orbit.stability, abs(abs(orbit.multiplier) - 1) < 1e-6)
        assert orbit.x == min(orbit.points) and len(set(orbit.points)) == orbit.period


@pytest.mark.parametrize("name", LINE_MAPS)
def test_finals_are_the_plain_loops(name: str) -> None:
    chosen = LINE_MAPS[name]
    frame = last(FixedPointRequest(map=name, x=chosen.state, starts=101, steps=8, max_period=1))
    x = jnp.asarray(frame.starts)
    for _ in range(8):
        x = chosen.rule(x, *chosen.values({}))
    np.testing.assert_allclose(frame.finals, x, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("times", [0, 1, 63, 64, 65, 500])
def test_leaving_off_early_changes_nothing(times: int) -> None:
    rule, values = LINE_MAPS["logistic"].rule, (np.float64(3.2),)
    x = np.linspace(0, 1, 60)
    plain = jax.jit(lambda x: jax.lax.fori_loop(0, times, lambda _, x: rule(x, *values), x))(x)
    np.testing.assert_allclose(starts.iterate(rule, x, values, np.int32(times)), plain, rtol=1e-12)


# The edges.


def test_the_identity_has_no_end_of_fixed_points() -> None:
    frame = last(FixedPointRequest(map="a*x", parameters={"a": 1.0}, x=(0, 1), starts=11))
    assert frame.fixed_points == () and "every point there is fixed" in frame.search_note
    assert frame.counts["on-point"] == 11 and frame.search_note.count("every point") == 1


def test_all_of_a_half_turn_has_period_two() -> None:
    frame = last(FixedPointRequest(map="a - x", parameters={"a": 1.0}, x=(0, 1), starts=11))
    assert [orbit.x for orbit in frame.fixed_points] == [0.5] and frame.fixed_points[0].stability == "neutral"
    assert not frame.cycles and "of period 2 or a divisor" in frame.search_note
    assert frame.counts["on-point"] == 11


def test_nothing_is_fixed() -> None:
    frame = last(FixedPointRequest(map="a + x", parameters={"a": 1.0}, x=(0, 1), starts=11))
    assert frame.orbits == () and frame.basins == () and not frame.search_note
    assert frame.counts["unresolved"] == 11


def test_a_root_is_fixed_where_its_domain_begins() -> None:
    frame = last(FixedPointRequest(map="a*sqrt(x)", parameters={"a": 1.0}, x=(-1, 4), starts=11))
    assert [orbit.x for orbit in frame.fixed_points] == [0.0, 1.0]
    assert frame.fixed_points[0].multiplier == math.inf and frame.fixed_points[0].stability == "repelling"
    assert frame.counts == {"attracted": 8, "on-point": 1, "diverged": 0, "cycle": 0, "unresolved": 0, "undefined": 2}
    assert as_json(frame)["fixed_points"][0]["multiplier"] is None


def test_undefined_and_overflowing_ranges() -> None:
    name = "a + log(x)"
    assert last(FixedPointRequest(map=name, parameters={"a": 0.5}, x=(-5, 5), starts=11)).orbits == ()
    (touching,) = last(FixedPointRequest(map=name, parameters={"a": 1.0}, x=(-5, 5), starts=11)).fixed_points
    assert touching.double and touching.x == pytest.approx(1, abs=1e-15)
    frame = last(FixedPointRequest(map="a*exp(x)", parameters={"a": 1.0}, x=(-800, 800), starts=11))
    assert frame.fixed_points == () and frame.counts["diverged"] == 11


def test_no_value_is_not_infinity(add_map: Callable[..., str]) -> None:
    frame = last(FixedPointRequest(map=add_map(_logarithm), parameters={"a": 0.5}, x=(-5, 5), starts=11, max_period=1))
    assert frame.counts["undefined"] == 10 and frame.counts["diverged"] == 1  # from 0 by way of minus infinity
    assert as_json(frame)["outcomes"].count("undefined") == 10
    assert (frame.steps[:5] == 1).all()


def test_a_basin_does_not_end_where_a_formula_overflows() -> None:
    frame = last(FixedPointRequest(map="exp(x)/(1+exp(x))", x=(-900, 900), starts=19, max_period=1, search=(-3, 3)))
    assert frame.counts["diverged"] == 0 and frame.counts["undefined"] == 2
    assert [basin.cut for basin in frame.basins] == [(True, True)] and 709 < frame.basins[0].high < 710
    assert "beyond 709.783 the formula overflows in float64" in frame.search_note


def test_a_basin_ends_at_a_pole() -> None:
    frame = last(FixedPointRequest(map="(x+2/x)/2", x=(-2, 4), starts=13, max_period=1))
    assert [(basin.low, basin.high, basin.cut) for basin in frame.basins] == [(-2, 0, (True, False)), (0, 4, (False, True))]
    assert frame.counts["undefined"] == 1


def test_infinity_minus_infinity_on_the_way_to_infinity_has_diverged() -> None:
    frame = last(FixedPointRequest(map="cubic", x=(2, 3), starts=5, max_period=1))
    assert np.isnan(frame.finals[1:]).all() and (frame.outcomes[1:] == Outcome.DIVERGED).all()


def test_a_jump_is_no_fixed_point() -> None:
    frame = last(FixedPointRequest(map="circle", parameters=(("omega", 0.4), ("k", 0.5)), x=(0, 1), starts=11, max_period=2))
    assert frame.fixed_points == ()


def test_a_search_that_stops_short_says_so() -> None:
    frame = last(FixedPointRequest(map="circle", parameters=(("omega", 0.4), ("k", 10.0)), x=(0, 1), starts=11, max_period=5))
    assert "stopped" in frame.search_note and frame.search_note.count("there may be more") == 1


def test_what_several_searches_lack_is_said_once() -> None:
    searches = {1: Found((), (), "one"), 3: Found((), (), "", 7, 1000), 4: Found((), (), "", 20000, 900), 5: Found((), (), "", 9, 10)}
    first, said = notes_of(searches)
    assert first == "one" and said.startswith(f"the search for orbits of periods 3, 4 and 5 stopped at up to {grouped(1000)} points")
    assert f"up to {grouped(20000)} intervals" in said
    (alone,) = notes_of({2: Found((), (), "", 7, 12)})
    assert alone.startswith("the search for orbits of period 2 stopped at 12 points with 7 intervals")


def test_zooming_keeps_the_attractors() -> None:
    frame = last(FixedPointRequest(x=(Decimal("6.99999999"), Decimal("7.00000001")), starts=401, search=(-9, 10)))
    assert [orbit.x for orbit in frame.fixed_points] == [3.0, 7.0]
    assert frame.counts["attracted"] == 200 and frame.counts["diverged"] == 200 and frame.counts["on-point"] == 1


def test_the_zoom_ends_where_floats_do() -> None:
    request = FixedPointRequest(x=("7", "7.00000000000001"), starts=101)
    with pytest.raises(ValueError, match="zoom out"):
        next(request.frames())


def test_one_start() -> None:
    frame = last(FixedPointRequest(x=(0, 1), starts=1))
    assert frame.starts.tolist() == [0.5] and frame.counts["attracted"] == 1


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"map": "nothing"}, "there is no map"),
        ({"parameters": {"d": 1.0}}, "no parameter 'd'"),
        ({"parameters": {"b": math.nan}}, "b = nan is not a finite number"),
        ({"x": (1, 1)}, "must be below"),
        ({"x": ("a", 1)}, "not a number"),
        ({"starts": 0}, "starts 0 is out of range"),
        ({"steps": -1}, "steps -1 is out of range"),
        ({"steps": 2**31}, "out of range"),
        ({"tolerance": 0.0}, "tolerance 0.0 is out of range"),
        ({"max_period": 9}, "max period 9 is out of range"),
        ({"search": (2, 1)}, "search range 2 to 1 is empty"),
    ],
)
def test_what_will_not_do_is_said_in_one_line(change: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError, match=words) as caught:
        FixedPointRequest(**change)
    assert "\n" not in str(caught.value)


# What the window relies on.


def test_frames_come_coarse_first() -> None:
    frames = [frame for frame in FixedPointRequest(starts=5000).frames() if frame is not None]
    assert len(frames[0].starts) == 1000 and len(frames[-1].starts) == 5000
    assert [frame.done for frame in frames] == [False] * (len(frames) - 1) + [True]
    assert all(a.progress < b.progress for a, b in itertools.pairwise(frames))
    assert len(frames[0].fixed_points) == 2


@pytest.mark.parametrize(
    ("name", "first", "later"),
    [
        ("logistic", (2.5, 3.2, 3.5, 3.56, 3.9), (2.6, 3.1, 3.3, 3.55, 3.6, 3.95)),  # every number of ends
        # Initial conditions whose orbits end as NaN, each time another number of them.
        ("cubic", (1.2, 1.6, 1.8), (1.25, 1.55, 1.7, 1.9)),
    ],
)
def test_dragging_a_parameter_compiles_nothing(name: str, first: tuple[float, ...], later: tuple[float, ...], compiled: Any) -> None:
    for a in first:
        last(FixedPointRequest(name, {"a": a}, x=LINE_MAPS[name].state, starts=1000))
    with compiled() as kernels:
        for a in later:
            last(FixedPointRequest(name, {"a": a}, x=LINE_MAPS[name].state, starts=1000))
    assert kernels == []


def test_requests_are_hashable_and_complete() -> None:
    request = FixedPointRequest(parameters={"c": 12})
    assert request.parameters == (("b", 21.0), ("c", 12.0))
    assert hash(request) == hash(FixedPointRequest(parameters={"c": 12.0}))


@pytest.mark.parametrize(
    ("x", "starts"),
    [((-1, 1), 41), ((0, 1), 21), (("0.1", "0.9"), 9), ((-9, 10), 191), ((Decimal("0.3"), Decimal("0.30000000000000004") + 1), 11)],
)
def test_each_start_is_the_float_nearest_to_where_it_lies(x: Any, starts: int) -> None:
    low, high = (Fraction(Decimal(limit)) for limit in x)
    exact = [float(low + k * (high - low) / (starts - 1)) for k in range(starts)]
    assert FixedPointRequest(x=x, starts=starts).start_values().tolist() == exact


def test_0_05_is_a_start_and_zero_too() -> None:
    values = FixedPointRequest(x=(-1, 3), starts=81).start_values().tolist()
    assert 0.05 in values and 0.0 in values and 2.95 in values


def test_the_json_says_what_was_searched_and_what_lies_outside_it() -> None:
    data = as_json(last(FixedPointRequest(x=(4, 8), starts=11)))
    assert data["searched"] == [4.0, 8.0]
    assert [(point["x"], point["inside"]) for point in data["fixed_points"]] == [(3.0, False), (7.0, True)]


def test_an_attractor_has_the_same_number_in_the_json_as_in_the_frame() -> None:
    frame = last(logistic(3.2, starts=21, max_period=2))
    data = as_json(frame)
    assert data["attractor"] == [n if n >= 0 else None for n in frame.attractor.tolist()]
    fixed = len(frame.fixed_points)
    assert [n if n is None or n < fixed else None for n in data["attractor"]].count(None) > data["attractor"].count(None)
    assert data["cycle"] == [n - fixed if n is not None and n >= fixed else None for n in data["attractor"]]


# Where there is no derivative.


@pytest.mark.parametrize(
    ("below", "above", "stability"),
    [
        (-3.2, -0.4, "repelling"),  # 1.28 from one side and back
        (-0.9, -1.05, "attracting"),  # 0.945
        (2.0, 0.5, "neutral"),  # one side attracts
        (-2.0, 0.5, "attracting"),  # the other side is mapped to it
        (0.5, -2.0, "attracting"),
        (-0.5, 2.0, "repelling"),
    ],
)
def test_at_a_kink_both_sides_count(below: float, above: float, stability: str) -> None:
    request = FixedPointRequest(map="where(x < 0, a*x, b*x)", parameters={"a": below, "b": above}, x=(-1, 2), starts=31, max_period=1)
    frame = last(request)
    (zero,) = frame.fixed_points
    assert (zero.x, zero.stability) == (0.0, stability) and math.isnan(zero.multiplier)
    assert as_json(frame)["fixed_points"][0]["multiplier"] is None
    assert [(basin.low, basin.high) for basin in frame.basins] == ([(-1, 2)] if stability == "attracting" else [])


def test_the_other_zero_of_a_pair_is_found_where_one_lies_on_the_grid() -> None:
    frame = last(FixedPointRequest(parameters={"a": 1 + 1e-8}, map="logistic", x=(-0.5, 1), starts=31, max_period=1))
    assert [orbit.x for orbit in frame.fixed_points] == pytest.approx([0.0, 1e-8], rel=1e-6, abs=0)


# On the circle.


@pytest.mark.parametrize(("name", "half"), [("circle", 0.5), ("mod(x + omega - k/(2*pi)*sin(2*pi*x) + 0.5, 1) - 0.5", -0.5)])
def test_zero_and_one_are_one_point_of_the_circle(name: str, half: float) -> None:
    name = name if name == "circle" else map_from(name).name
    parameters = {"omega": 0.0, "k": 0.6}
    frame = last(FixedPointRequest(map=name, parameters=parameters, x=(0, 1), starts=21, max_period=2))
    assert {orbit.x: orbit.stability for orbit in frame.fixed_points} == {0.0: "attracting", half: "repelling"}
    assert not frame.cycles and not frame.search_note
    zero = frame.fixed_points.index(next(orbit for orbit in frame.fixed_points if orbit.x == 0))
    assert [(b.low, b.high, b.orbit, b.immediate) for b in frame.basins] == [(0.0, 0.5, zero, True), (0.5, 1.0, zero, True)]
    two = last(FixedPointRequest(map=name, parameters=parameters | {"omega": 0.5}, x=(0, 1), starts=21, max_period=2))
    assert [orbit.points for orbit in two.orbits if orbit.stability == "attracting"] == [tuple(sorted((0.0, half)))]
    assert {basin.orbit for basin in two.basins} == {two.orbits.index(two.cycles[0])} and two.counts["cycle"] == 21


@pytest.mark.parametrize(
    ("values", "fixed", "basins"),
    [
        # The doubling map comes to 1 as x does, and is 0 there.
        ((2.0, 0.0, 0.0, 0.0), [0.0], []),
        # Starts near 1 do not go to 0 although those below 0 do: it is not a map of the circle.
        ((0.5, 1.5, -1.1, 0.0), [0.0, 0.580178728295465, 0.783457635340899], [(0.0, 0.580178728295465), (0.580178728295465, 1.0)]),
        # All orbits come to 1, which is not fixed.
        ((0.9, 0.0, 0.0, 0.1), [], []),
    ],
)
def test_nothing_is_invented_at_the_seam_of_what_is_no_circle(
    values: tuple[float, ...], fixed: list[float], basins: list[tuple[float, float]]
) -> None:
    formula, parameters = "mod(a*x + b*x^2 + c*x^3 + d, 1)", dict(zip("abcd", values, strict=True))
    frame = last(FixedPointRequest(map=formula, parameters=parameters, x=(0, 1), starts=21, max_period=1))
    assert [orbit.x for orbit in frame.orbits] == pytest.approx(fixed, abs=1e-14)
    assert [(basin.low, basin.high) for basin in frame.basins] == basins
    assert frame.counts["attracted"] == (21 if basins else 0)


def test_a_turn_more_is_the_same_point() -> None:
    frame = last(FixedPointRequest(map="circle", parameters={"omega": 0.05, "k": 0.6}, x=("-0.2", "1.2"), starts=21, max_period=2))
    assert [orbit.stability for orbit in frame.fixed_points] == ["attracting", "repelling"]
    assert all(basin.immediate for basin in frame.basins) and frame.counts["attracted"] == 21


@given(k=st.floats(0.05, 0.95), turns=st.floats(-0.95, 0.95))
@example(k=0.5, turns=-1.0599358127392074e-13)
def test_the_circle_maps_fixed_points_are_the_arcsines(k: float, turns: float) -> None:
    omega = turns * k / (2 * math.pi)
    frame = last(FixedPointRequest(map="circle", parameters={"omega": omega % 1.0, "k": k}, x=(0, 1), starts=3, max_period=1))
    arc = math.asin(turns) / (2 * math.pi)
    assert len(frame.orbits) == 2
    for exact in (arc, 0.5 - arc):
        assert min(abs((orbit.x - exact + 0.5) % 1 - 0.5) for orbit in frame.orbits) < 1e-9 / k


# The edge of rounding.


@pytest.mark.parametrize(
    ("formula", "x", "expected"),
    [
        ("-x*log(x)", (0, 1), [(math.exp(-1), "attracting")]),
        ("x - x^5", (-1, 1), [(0.0, "neutral")]),
        ("abs(x)^1.5", (-2, 2), [(0.0, "attracting"), (1.0, "repelling")]),
        ("exp(-1/x^2)", (-2, 2), [(0.0, "attracting")]),
    ],
)
def test_orbits_at_the_edge_of_rounding(formula: str, x: tuple[int, int], expected: list[tuple[float, str]]) -> None:
    frame = last(FixedPointRequest(map=formula, x=x, starts=11, max_period=2))
    assert [(orbit.x, orbit.stability) for orbit in frame.orbits] == [(pytest.approx(at, rel=1e-14), kind) for at, kind in expected]
    assert "every point" not in frame.search_note


@pytest.mark.parametrize("excess", [1e-9, 3e-9, 1e-8, 1e-7, 1e-6])
def test_a_two_cycle_just_born_is_found_once_or_said_to_be_hidden(excess: float) -> None:
    frame = last(logistic(3 + excess, starts=3, max_period=2))
    if frame.cycles:
        (cycle,) = frame.cycles
        half, middle = math.sqrt((4 + excess) * excess) / (2 * (3 + excess)), (4 + excess) / (2 * (3 + excess))
        assert cycle.points == pytest.approx((middle - half, middle + half), abs=cycle.error) and cycle.error < half / 50
    else:
        assert excess < 3e-9 and "cannot resolve cycles of period 2" in frame.search_note


def test_the_error_of_a_point_bounds_its_distance_from_the_truth() -> None:
    frame = last(FixedPointRequest(map="x + 1e-10*sin(x)", x=(2, 4), starts=3, max_period=1))
    (point,) = frame.fixed_points
    assert abs(point.x - math.pi) <= point.error < 1e-3 and as_json(frame)["fixed_points"][0]["error"] == point.error
