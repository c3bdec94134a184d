"""Points that are checked and hashed once."""

import dataclasses
import math

import pytest

from kernels.newton.request import NewtonRequest
from kernels.objectives.coordinates import SHORT, Coordinates
from kernels.objectives.registry import OBJECTIVES


def test_they_are_a_tuple_of_floats() -> None:
    made = Coordinates.checked("start", [1, 2.5])
    assert made == (1.0, 2.5) and hash(made) == hash((1.0, 2.5)) and [type(value) for value in made] == [float, float]
    assert Coordinates.checked("start", made) is made


@pytest.mark.parametrize("wrong", (math.nan, math.inf, True, "1"))
@pytest.mark.parametrize("length", (3, SHORT + 1))
def test_what_is_no_finite_number_is_named(wrong: float, length: int) -> None:
    with pytest.raises(ValueError, match="start's coordinate 2"):
        Coordinates.checked("start", [0.5, wrong, *[0.5] * (length - 2)])


def test_the_first_ones_are_replaced() -> None:
    made = Coordinates.checked("start", [1.0, 2.0, 3.0])
    assert made.replacing("start", (4.0, 5.0)) == (4.0, 5.0, 3.0)
    with pytest.raises(ValueError, match="start's coordinate 1"):
        made.replacing("start", (math.nan,))


def test_a_request_keeps_the_same_point_unchecked(monkeypatch: pytest.MonkeyPatch) -> None:
    """A million coordinates were checked anew for every change of any setting: 0.2 s each on the window's thread."""
    first = NewtonRequest("rosenbrock", start=Coordinates([0.5] * 100_000), method="newton-cg")
    checked: list[object] = []
    monkeypatch.setattr("kernels.validation.is_number", lambda value: not checked.append(value))
    assert dataclasses.replace(first, tolerance=1e-6).start is first.start and len(checked) < 10


def test_a_rule_gives_the_same_point_for_the_same_size() -> None:
    start = OBJECTIVES["rosenbrock"].start
    assert start(2000) is start(2000) and start(3) == (-1.2, 1.0, -1.2)
