"""Zeros of f^p(x) - x: all of them, to the last digit, and a word where that cannot be had."""

import math
from collections.abc import Callable, Generator
from typing import Any

import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernels.cycles import root_search
from kernels.cycles.iterate import Iterate
from kernels.cycles.root_search import Roots
from kernels.maps.registry import LINE_MAPS


def result(work: Generator[None, None, Any]) -> Any:
    """What a generator returns at its end."""
    while True:
        try:
            next(work)
        except StopIteration as end:
            return end.value


def find(rule: Callable[..., Any], values: tuple[float, ...], low: float, high: float, period: int = 1) -> Roots:
    found: Roots = result(root_search.find(Iterate(rule, values, high - low), low, high, period))
    return found


# Rules of no use but to be hard; at module level, for a fresh function would be compiled anew.
def identity(x: Any) -> Any:
    return x * 1.0


def turned(x: Any) -> Any:
    return 1 - x


def root(x: Any) -> Any:
    return jnp.sqrt(x)


def logarithm(x: Any, a: Any) -> Any:
    return a + jnp.log(x)


def stepped(x: Any) -> Any:
    return jnp.where(x < 0.3, 1.0, -1.0)


def exploding(x: Any) -> Any:
    return jnp.exp(jnp.exp(x))


def touching(x: Any, c: Any) -> Any:
    return x + (x - c) ** 2


def crossing_flat(x: Any, c: Any) -> Any:
    return x + (x - c) ** 3


def pair(x: Any, gap: Any) -> Any:
    return x + (x - 0.3) * (x - 0.3 - gap)


def narrow(x: Any, width: Any) -> Any:
    return x + 1 - 1.25 * jnp.exp(-(((x - 0.123) / width) ** 2))


@pytest.mark.parametrize("period", range(1, 9))
def test_the_logistic_map_at_4_has_a_zero_on_each_lap(period: int) -> None:
    found = find(LINE_MAPS["logistic"].rule, (4.0,), 0.0, 1.0, period)
    n = 2**period
    angles = [k / (n - 1) for k in range(n // 2)] + [k / (n + 1) for k in range(1, n // 2 + 1)]
    expected = np.sort([math.sin(math.pi * angle) ** 2 for angle in angles])
    np.testing.assert_allclose(found.x, expected, rtol=0, atol=1e-15 * n)
    assert not found.is_incomplete and not found.double.any()


def test_six_and_a_half_thousand_zeros_are_found() -> None:
    found = find(LINE_MAPS["cubic"].rule, (3.0,), -2.0, 2.0, 8)
    assert len(found.x) == 3**8
    assert not found.is_incomplete


@given(c=st.floats(-1, 1))
def test_a_tangency_is_one_double_zero(c: float) -> None:
    found = find(touching, (c,), -2.0, 2.0)
    assert found.double.tolist() == [True]
    assert found.x[0] == pytest.approx(c, abs=1e-15)


@given(c=st.floats(-1, 1))
def test_a_flat_crossing_is_one_zero(c: float) -> None:
    found = find(crossing_flat, (c,), -2.0, 2.0)
    assert found.double.tolist() == [True]
    assert found.x[0] == pytest.approx(c, abs=1e-9)
    assert not found.is_incomplete


@pytest.mark.parametrize("gap", [1e-2, 1e-4, 1e-6])
def test_two_zeros_close_together_are_two(gap: float) -> None:
    found = find(pair, (gap,), 0.0, 1.0)
    np.testing.assert_allclose(found.x, [0.3, 0.3 + gap], rtol=0, atol=1e-15 / gap)


def test_a_pair_in_a_hole_narrower_than_the_grid() -> None:
    found = find(narrow, (0.002,), 0.0, 1.0)
    half = 0.002 * math.sqrt(math.log(1.25))
    np.testing.assert_allclose(found.x, [0.123 - half, 0.123 + half], rtol=1e-12)


def test_the_identity_is_a_stretch_of_zeros() -> None:
    found = find(identity, (), -3.0, 5.0)
    assert found.stretches == ((-3.0, 5.0),)
    assert not len(found.x)


def test_all_points_of_a_half_turn_have_period_two() -> None:
    assert find(turned, (), 0.0, 1.0, 1).x.tolist() == [0.5]
    assert find(turned, (), 0.0, 1.0, 2).stretches == ((0.0, 1.0),)


def test_half_of_a_tent_of_slope_one_is_a_stretch() -> None:
    ((low, high),) = find(LINE_MAPS["tent"].rule, (1.0,), 0.0, 1.0).stretches
    assert low == 0 and high == pytest.approx(0.5, abs=1e-6)


def test_a_jump_is_no_zero() -> None:
    found = find(stepped, (), -0.9, 0.9)
    assert not len(found.x)


def test_the_edge_of_a_domain_is_found() -> None:
    found = find(root, (), -1.0, 4.0)
    np.testing.assert_array_equal(found.x, [0.0, 1.0])


def test_undefined_and_overflowing_parts_are_passed_over() -> None:
    found = find(logarithm, (1.5,), -5.0, 5.0)
    assert len(found.x) == 2
    np.testing.assert_allclose(found.x, 1.5 + np.log(found.x), rtol=1e-14)
    assert not len(find(exploding, (), -20.0, 1000.0).x)
    assert not len(find(logarithm, (0.0,), -5.0, 5.0).x)


def test_a_search_without_end_stops_and_says_so() -> None:
    found = find(LINE_MAPS["circle"].rule, (0.4, 10.0), 0.0, 1.0, 8)
    assert found.is_incomplete and found.points <= root_search.MOST_POINTS


def test_the_ends_of_the_range_belong_to_it() -> None:
    assert find(LINE_MAPS["post"].rule, (21.0, 10.0), 3.0, 7.0).x.tolist() == [3.0, 7.0]


@pytest.mark.parametrize("name", LINE_MAPS)
@pytest.mark.parametrize("period", [1, 2, 3])
def test_residuals_are_rounding(name: str, period: int) -> None:
    chosen = LINE_MAPS[name]
    composed = Iterate(chosen.rule, chosen.values({}))
    found = result(root_search.find(composed, *chosen.state, period))
    jets = composed.jets(found.x, period)
    assert (np.abs(jets.value) <= 4 * jets.noise).all()
    assert (np.diff(found.x) > 0).all()
