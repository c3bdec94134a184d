"""Cobwebs: the orbit by the definition, the graph with its jumps."""

import numpy as np
import pytest
from numpy.typing import NDArray

from kernels.maps.registry import LINE_MAPS
from kernels.single_orbit.cobweb import CURVE, CobwebFrame, CobwebRequest


def one(*arguments: object, **named: object) -> CobwebFrame:
    (frame,) = CobwebRequest(*arguments, **named).frames()  # type: ignore[arg-type]
    return frame


def test_the_orbit_is_the_one_that_is_iterated() -> None:
    frame = one("post", (), 6.5, 500, (-9.0, 10.0))
    x, states = 6.5, []
    for _ in range(501):
        states.append(x)
        x = (x * x + 21) / 10
    np.testing.assert_allclose(frame.series, states, rtol=1e-12)
    assert frame.series[-1] == pytest.approx(3, abs=1e-12)


@pytest.mark.parametrize("power", [1, 2, 3, 8])
def test_f_composed(power: int) -> None:
    frame = one("logistic", {"a": 3.9}, 0.3, 10, (0.0, 1.0), power)

    def f(x: NDArray[np.float64] | float) -> NDArray[np.float64] | float:
        for _ in range(power):
            x = 3.9 * x - 3.9 * x * x
        return x

    np.testing.assert_allclose(frame.y, f(frame.x), atol=1e-11)
    assert frame.series[1] == pytest.approx(f(0.3), abs=1e-12)
    assert len(frame.x) == CURVE


@pytest.mark.parametrize("name", LINE_MAPS)
@pytest.mark.parametrize("power", [1, 2, 4])
def test_only_the_discontinuous_map_has_a_gap(name: str, power: int) -> None:
    frame = one(name, (), 0.3, 10, LINE_MAPS[name].state, power)
    assert np.isnan(frame.y).sum() == (name == "circle")


def test_an_escaping_orbit_is_shown_as_it_is() -> None:
    frame = one("post", (), 8.0, 100, (-9.0, 10.0))
    assert np.isinf(frame.series[-1]) and frame.series.shape == (101,)


@pytest.mark.parametrize(
    ("name", "parameters", "start", "least", "most"),
    [
        ("post", {}, 6.9, 20, 60),
        ("post", {}, 8.0, 5, 12),  # it escapes
        ("logistic", {"a": 3.2}, 0.3, 15, 60),
        ("logistic", {"a": 3.9}, 0.3, 500, 500),  # chaos never settles
        ("post", {}, 3.0, 12, 12),
        ("circle", {"omega": 0.0, "k": 1.5}, 0.3, 5, 60),  # comes to 0 from both sides of the seam
    ],
)
def test_what_is_to_be_seen(name: str, parameters: dict[str, float], start: float, least: int, most: int) -> None:
    assert least <= one(name, parameters, start, 500, LINE_MAPS[name].state).seen <= most


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"start": float("nan")}, "the initial condition nan is not a finite number"),
        ({"power": 9}, "from 1 to 8"),
        ({"steps": 0}, "steps 0 is out of range; give a whole number from 1 to 10 000"),
        ({"states": (1.0, 1.0)}, "the range of states 1 to 1 is empty"),
        ({"parameters": {"z": 1.0}}, "has no parameter 'z'"),
        ({"map": "none"}, "there is no map 'none'"),
    ],
)
def test_bad_fields_are_refused_in_one_line(fields: dict[str, object], said: str) -> None:
    usual: dict[str, object] = {"map": "post", "parameters": (), "start": 0.0, "steps": 5, "states": (0.0, 1.0)}
    with pytest.raises(ValueError) as caught:
        CobwebRequest(**(usual | fields))  # type: ignore[arg-type]
    assert said in str(caught.value) and "\n" not in str(caught.value)
