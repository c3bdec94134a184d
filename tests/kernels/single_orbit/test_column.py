"""The column that is looked at closely."""

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
