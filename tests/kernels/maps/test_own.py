"""A user's own functions as maps."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from kernels.deep import why_not_smooth
from kernels.maps import MAPS, add_map, own


def humped(x: Any, a: Any, b: Any = 0.25) -> Any:
    """A hump, as high as a quarter of a."""
    return a * x * (1 - x) + 0 * b


def turned(x: Any, y: Any, c: Any) -> Any:
    return -y, c * x


@pytest.fixture(autouse=True)
def no_map_stays() -> Iterator[None]:
    before = dict(MAPS)
    yield
    MAPS.clear()
    MAPS.update(before)
    own._own.clear()


def test_a_function_is_a_map_by_its_own_name() -> None:
    added = add_map(humped, start=0.5, states=(0, 1), a=(0, 4), b=(0, 1))
    assert MAPS["humped"] is added and added.formula == "humped(x, a, b)"
    assert [(p.name, p.default, p.low, p.high) for p in added.parameters] == [("a", 2.0, 0.0, 4.0), ("b", 0.25, 0.0, 1.0)]
    assert (added.sweep, added.origin, added.state, added.meaning) == ("a", (0.5,), (0.0, 1.0), "A hump, as high as a quarter of a.")
    assert add_map(humped, start=0.2, states=(0, 1), a=(0, 4), b=(0, 1)).start == 0.2
    assert "is a function without a formula" in why_not_smooth("humped")


def test_a_function_of_two_coordinates_is_a_map_of_the_plane() -> None:
    added = add_map(turned, start=(0.5, 0.25), states=((-1, 1), (-2, 2)), c=(0, 1))
    assert added.is_plane and added.origin == (0.5, 0.25) and added.coordinates == ("x", "y")
    assert added.plane is not None and [float(end) for end in added.plane.y_limits] == [-2.0, 2.0]


@pytest.mark.parametrize(
    ("add", "said"),
    [
        (lambda: add_map(lambda x: x, start=0.5, states=(0, 1)), "define it with def"),
        (lambda: add_map(MAPS["tent"].rule, start=0.5, states=(0, 1), m=(0, 2)), "'tent' in the library"),
        (lambda: add_map(humped, start=0.5, states=(0, 1), a=(0, 4)), "parameters are a, b, and ranges are given of a"),
        (lambda: add_map(humped, start=0.5, states=(1, 0), a=(0, 4), b=(0, 1)), "interval of states 1 to 0"),
        (lambda: add_map(humped, start=0.5, states=(0, 1), a=(4, 0), b=(0, 1)), "range 4 to 0 is empty"),
        (lambda: add_map(turned, start=(0.5, 0.25), states=(-1, 1), c=(0, 1)), "2 numbers in start for 1 intervals"),
    ],
)
def test_what_makes_no_map_gets_one_line(add: Callable[[], object], said: str) -> None:
    before = dict(MAPS)
    with pytest.raises(ValueError, match=said) as caught:
        add()
    assert "\n" not in str(caught.value) and before == MAPS
