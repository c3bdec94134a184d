"""Every map: what its entry says is so."""

import jax
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernels.catalog import find_map
from kernels.maps.registry import LINE_MAPS, MAPS, Map

EACH = pytest.mark.parametrize("each", LINE_MAPS.values(), ids=LINE_MAPS)


def derivative(each: Map, x: float, values: tuple[float, ...]) -> float:
    return float(jax.grad(each.rule)(x, *values))


@EACH
def test_an_entry_is_whole(each: Map) -> None:
    assert each.name == each.name.lower() and find_map(each.name) is each
    assert each.sweep in [p.name for p in each.parameters]
    assert all(p.low <= p.default <= p.high and p.meaning for p in each.parameters)
    assert each.state[0] <= each.start <= each.state[1]
    assert each.title and each.formula and each.meaning and each.reference
    assert "\n" not in each.meaning


@EACH
def test_critical_points_are_where_the_slope_changes_sign(each: Map) -> None:
    if each.critical is None:
        pytest.skip("none are known")
    found = 0
    for share in (0.15, 0.5, 0.85):  # of the way through the usual range of every parameter
        values = each.values({about.name: about.low + share * (about.high - about.low) for about in each.parameters})
        for point in each.critical(*values):
            found += 1
            assert derivative(each, point, values) == pytest.approx(0.0, abs=1e-12)
            assert derivative(each, point - 0.01, values) * derivative(each, point + 0.01, values) < 0
    assert found


@EACH
def test_orbits_of_the_start_stay_in_sight_at_the_defaults(each: Map) -> None:
    x, values = each.start, each.values({})
    for _ in range(200):
        x = float(each.rule(x, *values))
    low, high = (float(limit) for limit in each.view.y_limits)
    assert low <= x <= high


@EACH
def test_a_rule_works_on_arrays_and_in_float32(each: Map) -> None:
    x = np.linspace(*each.state, 7, dtype=np.float32)
    values = [np.float32(v) for v in each.values({})]
    got = each.rule(x, *values)
    assert got.shape == (7,) and got.dtype == np.float32
    assert np.allclose(got, [each.rule(float(one), *each.values({})) for one in x], rtol=1e-4, atol=1e-5)


@given(y=st.floats(0.0, 1.0))
def test_the_post_s_map_is_the_logistic_one_at_1_4_in_other_units(y: float) -> None:
    # x = 7 - 14 y turns (x² + 21) / 10 into 1.4 y (1 - y)
    post = float(MAPS["post"].rule(7 - 14 * y, 21.0, 10.0))
    assert post == pytest.approx(7 - 14 * float(MAPS["logistic"].rule(y, 1.4)), abs=1e-12)


def test_names_that_are_not_there_are_named_with_those_that_are() -> None:
    with pytest.raises(ValueError, match="no map 'lorenz'; the maps are logistic, post"):
        find_map("lorenz")
    with pytest.raises(ValueError, match="no parameter 'q'; it has a"):
        MAPS["logistic"].values({"q": 1.0})
