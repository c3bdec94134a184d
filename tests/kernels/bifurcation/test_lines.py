"""Diagrams along a line in the plane of two parameters: closed forms, the one-parameter diagram, and bad input."""

import math
from typing import Any

import numpy as np
import pytest

from kernels import BifurcationFrame, BifurcationRequest, Grid, Viewport

ALONG = {"map": "circle", "sweep": "omega", "and_sweep": "k"}


def grid(left: object = 0, right: object = 1, columns: int = 40) -> Grid:
    return Grid(Viewport.from_limits(left, right, 0, 1), columns, 30)  # type: ignore[arg-type]


def last(request: BifurcationRequest) -> BifurcationFrame:
    return [frame for frame in request.frames() if frame is not None][-1]


def test_a_line_leaves_a_tongue_of_the_circle_map_where_it_must() -> None:
    """It is locked where |Ω| < K/2π, at its fixed point with sin 2πx = 2πΩ/K and the multiplier 1 - K cos 2πx."""
    frame = last(BifurcationRequest(grid(), line=((0.0, 1.0), (0.25, 0.5)), start=0.1, **ALONG))
    omega, k = 0.25 * frame.columns, 1 - 0.5 * frame.columns
    locked = 2 * math.pi * omega < k
    assert np.array_equal(frame.period == 1, locked) and 10 < locked.sum() < 30
    np.testing.assert_allclose(frame.multiplier[locked], 1 - np.sqrt((k**2 - (2 * math.pi * omega) ** 2)[locked]), rtol=1e-9)
    assert frame.request.across == "position" and frame.axes == ("position", "x") and frame.request.parameters == ()


@pytest.mark.parametrize("follow", ["", "left"])
def test_along_an_axis_it_is_the_diagram_of_one_parameter(follow: str) -> None:
    """The position is the parameter itself, to the bit, on a line from 0 to 1 along an axis."""
    shared: dict[str, Any] = {"map": "circle", "start": 0.1, "follow": follow, "transient": 200, "samples": 200}
    one = last(BifurcationRequest(grid(0.1, 0.4), sweep="omega", parameters=(("k", 0.0),), **shared))
    line = last(BifurcationRequest(grid(0.1, 0.4), sweep="omega", and_sweep="k", line=((0.0, 0.0), (1.0, 0.0)), **shared))
    for name in ("counts", "period", "lyapunov", "outside", "columns"):
        np.testing.assert_array_equal(getattr(one, name), getattr(line, name))


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"line": ((0.0, 1.0),)}, "does not have two ends; give two points"),
        ({"line": ((0.0, 1.0), (0.0, 1.0))}, "both ends of the line are"),
        ({"line": ((0.0, 1.0), (math.inf, 1.0))}, "line's end inf is not a finite number"),
        ({"and_sweep": "omega", "line": ((0.0, 1.0), (1.0, 1.0))}, "omega is swept twice"),
        ({"and_sweep": "c", "line": ((0.0, 1.0), (1.0, 1.0))}, "no parameter 'c'"),
        ({"line": ()}, "does not have two ends"),
    ],
)
def test_bad_lines_have_one_message(fields: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message) as caught:
        BifurcationRequest(grid(), **(ALONG | fields))
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("line", [((0.3, 1.0), (0.3 + 1e-15, 1.0)), ((0.3, 1.0), (0.4, 1.0))])
def test_columns_that_float64_cannot_tell_apart_are_refused(line: Any) -> None:
    view = grid() if line[1][0] < 0.35 else grid("0.5", "0.500000000000001")
    with pytest.raises(ValueError, match="neighbouring columns along the line"):
        next(iter(BifurcationRequest(view, line=line, **ALONG).frames()))
