"""The column that is looked at closely."""

import math

import numpy as np
import pytest

from kernels.maps.registry import MAPS
from kernels.single_orbit.cobweb import CobwebRequest
from kernels.single_orbit.column import ColumnRequest


@pytest.mark.parametrize("formula", ["circle", "x + 0.5*floor(3*x)", "tan(x)", "where(x < 0.5, 2*x, 2*x - 1)"])
def test_its_graph_has_the_gaps_of_the_cobwebs(formula: str) -> None:
    states = MAPS["circle"].state if formula == "circle" else (-2.0, 2.0)
    *_, column = ColumnRequest(formula, (), 0.3, 10, states).frames()
    (cobweb,) = CobwebRequest(formula, (), 0.3, 10, states).frames()
    assert column is not None
    np.testing.assert_array_equal(column.curve, np.stack([cobweb.x, cobweb.y]))
    assert np.isnan(column.curve[1]).any()


def test_a_steep_map_without_a_jump_has_no_gap() -> None:
    *_, column = ColumnRequest("sin(40*x)", (), 0.3, 10, (-1.0, 1.0)).frames()
    assert column is not None and np.isfinite(column.curve).all()


@pytest.mark.parametrize(
    ("name", "parameters", "start", "exponent"),
    [
        ("quadratic", (("c", -1.0),), 0.0, -math.inf),
        ("logistic", (("a", 2.0),), 0.5, -math.inf),
        ("logistic", (("a", 3.2),), 0.5, math.log(0.16) / 2),
    ],
)
def test_a_superstable_cycle_has_the_exponent_minus_infinity(
    name: str, parameters: tuple[tuple[str, float], ...], start: float, exponent: float
) -> None:
    *_, column = ColumnRequest(name, parameters, start, 0, (-2.0, 2.0)).frames()
    assert column is not None and column.lyapunov == pytest.approx(exponent, rel=0.02)
