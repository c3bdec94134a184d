"""Iterating, Lyapunov sums and periods, against closed forms."""

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kernels.bifurcation import density
from kernels.execution import devices, jax
from kernels.iteration import orbits
from kernels.maps.registry import MAPS
from kernels.types import Rule

LOGISTIC = MAPS["logistic"].rule


def spread(*arrays: object) -> tuple[devices.Layout, list[object]]:
    arrays = [np.atleast_1d(np.asarray(a, np.float64)) for a in arrays]
    layout = devices.layout(len(arrays[0]))
    return layout, [layout.shard(a) for a in arrays]


products = jax.jit(orbits.block_derivative_products, static_argnames=("rule",))


def lyapunov_sums(rule: Rule, layout: devices.Layout, x: object, parameters: tuple[object, ...], times: np.int32) -> tuple[object, object]:
    ones = layout.shard(np.ones(layout.per_device * layout.mesh.size))
    mantissa, exponent, skipped = products(rule, x, parameters, ones, times)[1:]
    return orbits.logarithm(mantissa, exponent), skipped


def advanced(a: np.ndarray, x: np.ndarray, times: int) -> np.ndarray:
    layout, (x_, a_) = spread(x, a)
    return layout.gather(orbits.advance(LOGISTIC, layout, (x_,), (a_,), np.int32(times))[0], len(a))


def looked_for(a: np.ndarray, settle: int = 20_000, start: float = 0.5) -> tuple[np.ndarray, np.ndarray]:
    x = advanced(a, np.full(len(a), start), settle)
    layout, (x_, a_) = spread(x, a)
    found = orbits.periods(LOGISTIC, layout, x_, (a_,))
    return tuple(layout.gather(f, len(a)) for f in found)  # type: ignore[return-value]


@given(start=st.floats(0.01, 0.99), times=st.integers(0, 21))
@settings(max_examples=40)
def test_the_chaotic_orbit_at_4_has_its_closed_form(start: float, times: int) -> None:
    # x_n = sin²(2^n asin √x_0); the error doubles with each step
    expected = math.sin(2**times * math.asin(math.sqrt(start))) ** 2
    assert advanced(np.array([4.0]), np.array([start]), times)[0] == pytest.approx(expected, abs=1e-15 * 2.0**times * 20)


@pytest.mark.parametrize("count", [1, 2, 3, 127, 128, 129, 1000, 1025])
@pytest.mark.parametrize("times", [0, 1, 7, 8, 9, 100])
def test_any_number_of_columns_and_steps_is_iterated_in_order(count: int, times: int) -> None:
    a = np.linspace(0.5, 3.0, count)
    x = np.full(count, 0.3)
    expected = x
    for _ in range(times):
        expected = a * expected - a * expected * expected
    assert np.allclose(advanced(a, x, times), expected, atol=1e-13)


def test_an_orbit_is_its_states_from_the_start_on() -> None:
    states = np.asarray(orbits.orbit(LOGISTIC, (np.float64(0.2),), (np.float64(2.0),), 4)[0])
    assert np.allclose(states, [0.2, 0.32, 0.4352, 0.49160192])


def test_lyapunov_sums_at_stable_fixed_points_and_2_cycles() -> None:
    one, two = np.linspace(1.05, 2.95, 40), np.linspace(3.05, 3.44, 40)
    a = np.concatenate([one, two])
    expected = np.concatenate([np.log(np.abs(2 - one)), np.log(np.abs(4 + 2 * two - two**2)) / 2])
    layout, (x, a_) = spread(advanced(a, np.full(80, 0.3), 4000), a)
    sums, skipped = lyapunov_sums(LOGISTIC, layout, x, (a_,), np.int32(1000))
    counted = 1000 - layout.gather(skipped, 80)
    assert np.allclose(layout.gather(sums, 80) / counted, expected, atol=1e-6)


def test_the_exponent_at_4_is_ln_2() -> None:
    layout, (x, a) = spread(np.linspace(0.1, 0.9, 64), np.full(64, 4.0))
    sums, _ = lyapunov_sums(LOGISTIC, layout, x, (a,), np.int32(100_000))
    assert np.mean(layout.gather(sums, 64)) / 100_000 == pytest.approx(math.log(2), abs=1e-4)


def test_steps_with_derivative_0_are_skipped_and_counted() -> None:
    # x_0 = 1/2 is the critical point: at a = 4 it goes to 1, to 0, and stays, where f' = 4; at a = 2 it stays at 1/2 itself
    layout, (x, a) = spread([0.5, 0.5], [4.0, 2.0])
    sums, skipped = lyapunov_sums(LOGISTIC, layout, x, (a,), np.int32(10))
    assert list(layout.gather(skipped, 2)) == [1, 10]
    assert layout.gather(sums, 2)[0] == pytest.approx(9 * math.log(4))


def test_products_that_no_float_holds_are_summed_right() -> None:
    # 1000 steps at x = 0 with f' = a: a^1000 overflows for a = 3, and underflows for a = 1/3
    layout, (x, a) = spread([0.0, 0.0], [3.0, 1 / 3])
    sums, _ = lyapunov_sums(LOGISTIC, layout, x, (a,), np.int32(1000))
    assert np.allclose(layout.gather(sums, 2), [1000 * math.log(3), -1000 * math.log(3)])


@pytest.mark.parametrize(
    ("a", "period"),
    [(0.5, 1), (2.0, 1), (2.9, 1), (3.2, 2), (3.5, 4), (3.55, 8), (3.566, 16), (3.8284271, 0), (3.84, 3), (3.74, 5), (3.9, 0)],
)
def test_periods_of_the_logistic_map(a: float, period: int) -> None:
    assert looked_for(np.array([a]))[0][0] == period


@given(a=st.floats(1.01, 2.99))
@settings(max_examples=40)
def test_the_fixed_point_s_multiplier_is_2_minus_a(a: float) -> None:
    period, multiplier = looked_for(np.array([a]))
    assert period[0] == 1
    assert multiplier[0] == pytest.approx(2 - a, abs=1e-6)


def test_slow_convergence_is_unresolved_and_no_period() -> None:
    # At the doublings 3 and 1 + √6 the distance falls as 1/√n; just beside them it falls so slowly that the orbit looks
    # like one of twice the period for long.
    near = np.array([3.0, 3 - 1e-6, 3 + 1e-7, 1 + math.sqrt(6), 1.0])
    assert list(looked_for(near, settle=2000)[0]) == [0] * 5
    below = np.linspace(2.98, 2.9999, 200)
    for settle in (100, 300, 1000, 3000, 10_000):
        assert set(looked_for(below, settle)[0]) <= {0, 1}


def test_an_orbit_that_lands_on_a_repelling_point_has_its_period_and_multiplier() -> None:
    period, multiplier = looked_for(np.array([4.0]), settle=100)
    assert (period[0], multiplier[0]) == (1, 4.0)


def test_what_escapes_has_period_minus_1_and_no_multiplier() -> None:
    period, multiplier = looked_for(np.array([4.5, 3.2]), settle=100)
    assert list(period) == [-1, 2]
    assert math.isnan(multiplier[0])


def test_chaos_is_not_taken_for_a_long_cycle() -> None:
    # chaotic at almost every parameter; a window may be hit, a crowd of false returns may not
    tent = MAPS["tent"].rule
    m = np.linspace(1.2, 1.9, 2000)
    layout, (x, m_) = spread(np.full(2000, 0.4), m)
    (x,) = orbits.advance(tent, layout, (x,), (m_,), np.int32(1000))
    assert not layout.gather(orbits.periods(tent, layout, x, (m_,))[0], 2000).any()


def test_blocks_that_have_escaped_are_not_iterated() -> None:
    layout, (x, a) = spread(np.full(256, np.inf), np.full(256, 4.5))
    assert int(orbits.steps_if_active((np.full(4, np.nan),), np.int32(99))) == 0
    assert int(orbits.steps_if_active((np.array([np.nan, 0.0]),), np.int32(99))) == 99
    gone = layout.gather(orbits.advance(LOGISTIC, layout, (x,), (a,), np.int32(2**31 - 1))[0], 256)  # would take minutes
    assert not np.isfinite(gone).any()


def henon(x: Any, y: Any, a: Any, b: Any) -> tuple[Any, Any]:
    return 1 - a * x * x + y, b * x


def test_a_state_of_two_coordinates_is_iterated_and_either_is_counted() -> None:
    a = np.linspace(0.2, 1.4, 70)
    x, y, parameters = np.zeros(70), np.zeros(70), (a, np.full(70, 0.3))
    states = [(x, y)]
    for _ in range(20):
        states.append(henon(*states[-1], *parameters))
    layout = devices.layout(70)
    state = layout.shard_all(x, y)
    laid = layout.shard_all(*parameters)
    advanced = [layout.gather(part, 70) for part in orbits.advance(henon, layout, state, laid, np.int32(20))]
    np.testing.assert_allclose(advanced, states[-1], atol=1e-9)
    np.testing.assert_allclose(orbits.orbit(henon, (x, y), parameters, 21), np.transpose(states, (1, 0, 2)), atol=1e-9)
    for observed, (low, high) in enumerate(((-2.0, 2.0), (-0.5, 0.5))):
        window = density.Window(np.float64(0), np.float64(0), np.float64(8 / (high - low)), np.float64(8))
        bins = density.bins(8)
        empty = density.room(layout, bins)
        after, _, counts = density.count(henon, layout, None, state, laid, (), empty, np.bool_(True), window, np.int32(20), observed)
        np.testing.assert_allclose([layout.gather(part, 70) for part in after], advanced, atol=1e-9)
        expected = np.array([np.histogram([state[observed][n] for state in states[1:]], 8, (low, high))[0] for n in range(70)])
        assert np.abs(layout.gather(counts.T, 70).T[:, :8] - expected).sum() <= 2  # a state on an edge may fall either way
