"""The plane of two parameters against closed forms: tongues, folds, doublings, exponents of cycles; and bad input."""

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from kernels import Grid, TwoParametersRequest, Viewport
from kernels.two_parameters import DIVERGED, UNDEFINED, UNRESOLVED

ROOT = "a*x*(1-x)*sqrt(b)"
"""The logistic map with a sqrt(b) for a; without a value for b < 0."""

CUBIC = "a*x - x^3 + b"


def last(request: TwoParametersRequest) -> Any:
    return [frame for frame in request.frames() if frame is not None][-1]


def over(left: float, right: float, bottom: float, top: float, columns: int, rows: int) -> Grid:
    return Grid(Viewport.from_limits(left, right, bottom, top), columns, rows)


def test_circle_map_tongue_of_period_1_has_its_edges() -> None:
    """It is locked where |Ω| < K/2π; outside orbits rotate, so none of them has period 1."""
    frame = last(TwoParametersRequest(over(0.0, 0.25, 0.0, 1.0, 20, 10), "circle", "omega", "k", (), 0.0, 500, 500))
    omega, k = frame.request.grid.column_values(), frame.request.grid.row_values()[:, None]
    distance = omega - k / (2 * math.pi)
    assert np.array_equal(frame.period == 1, distance < 0)
    locked = frame.period == 1
    multiplier = 1 - np.sqrt(np.maximum(k**2 - (2 * math.pi * omega) ** 2, 0))  # 1 - K cos 2πx with K sin 2πx = 2πΩ
    np.testing.assert_allclose(frame.lyapunov[locked], np.log(np.abs(multiplier[locked])), rtol=1e-6)
    assert np.abs(frame.lyapunov[~locked & frame.unresolved]).max() < frame.error
    assert frame.done and frame.side == 1 and frame.second is None


def test_exponents_of_fixed_points_and_orbits_without_a_value() -> None:
    """ln|2 - a √b| where the fixed point attracts; an orbit that diverges and one without a value are told apart."""
    frame = last(TwoParametersRequest(over(1.1, 4.9, -0.5, 1.5, 13, 8), ROOT, "a", "b", (), 0.5, 500, 500))
    a, b = frame.request.grid.column_values(), frame.request.grid.row_values()[:, None]
    factor = a * np.sqrt(np.maximum(b, 0)) + 0 * b
    assert np.array_equal(frame.period == UNDEFINED, np.broadcast_to(b < 0, factor.shape))
    assert np.array_equal(frame.period == DIVERGED, factor > 4)
    fixed = (factor > 1.05) & (factor < 2.95)
    assert (frame.period[fixed] == 1).all() and (frame.period[(factor > 3.05) & (factor < 3.44)] == 2).all()
    np.testing.assert_allclose(frame.lyapunov[fixed], np.log(np.abs(2 - factor[fixed])), rtol=1e-9)
    assert np.isnan(frame.lyapunov[frame.period < 0]).all()
    assert frame.chaotic.any() and (factor[frame.chaotic] > 3.56).all()


def test_henon_is_locked_between_its_fold_and_its_doubling() -> None:
    """Period 1 from a = -(1-b)²/4 to 3(1-b)²/4, and period 2 up to (1-b)² + (1+b)²/4; the exponents add up to ln|b|."""
    frame = last(TwoParametersRequest(over(0.02, 1.2, 0.05, 0.45, 12, 10), transient=500, samples=500))
    a, b = frame.request.grid.column_values() + np.zeros((10, 1)), frame.request.grid.row_values()[:, None] + np.zeros(12)
    first, second = 0.75 * (1 - b) ** 2, (1 - b) ** 2 + (1 + b) ** 2 / 4
    assert (frame.period[a < first - 0.02] == 1).all()
    assert (frame.period[(a > first + 0.02) & (a < second - 0.02)] == 2).all()
    assert not np.isin(frame.period[a > second + 0.02], (1, 2)).any()
    finite = frame.period >= 0
    np.testing.assert_allclose((frame.lyapunov + frame.second)[finite], np.log(b[finite]), atol=1e-9)


def test_forced_logistic_map_has_the_exponents_of_its_words() -> None:
    """On the diagonal it is the logistic map itself, ln|2 - a|; below 1 in the geometric mean 0 attracts, with (3 ln a + 2 ln b) / 5."""
    request = TwoParametersRequest(over(0.1, 5.1, 0.1, 5.1, 25, 25), "logistic", "a", "a", (), 0.5, 500, 500, "AABAB")
    frame = last(request)
    a, b = request.grid.column_values() + np.zeros((25, 1)), request.grid.row_values()[:, None] + np.zeros(25)
    mean = (3 * np.log(a) + 2 * np.log(b)) / 5
    to_zero = (mean < -0.02) & (np.maximum(a, b) < 4)
    np.testing.assert_allclose(frame.lyapunov[to_zero], mean[to_zero], rtol=1e-9)
    diagonal = np.isclose(a, b, atol=1e-9) & (a > 1.05) & (a < 2.95)
    assert np.count_nonzero(diagonal) == 9 and (frame.period[diagonal] == 5).all()
    np.testing.assert_allclose(np.exp(frame.lyapunov[diagonal]), np.abs(2 - a[diagonal]), atol=1e-9)
    assert (frame.period[(a > 4.1) & (b > 4.1)] == DIVERGED).all() and not (frame.period == UNDEFINED).any()
    assert request.axes == ("a_A", "a_B")


def test_attractors_of_the_cubic_map_are_counted_within_its_folds() -> None:
    """Fixed points of x + b + (a-1)x - x³: two attract inside the folds 27b² = 4(a-1)³, while a - 3x² > -1, and one outside them."""
    request = TwoParametersRequest(over(1.05, 1.95, -0.3, 0.3, 19, 13), CUBIC, "a", "b", (), 0.1, 500, 100, starts=5)
    frame = last(request)
    a, b = request.grid.column_values() + np.zeros((13, 1)), request.grid.row_values()[:, None] + np.zeros(19)
    inside = 4 * (a - 1) ** 3 - 27 * b**2
    outermost = np.array([max(np.roots([-1, 0, p - 1, q]).real ** 2) for p, q in zip(a.ravel(), abs(b).ravel(), strict=True)])
    stable = a - 3 * outermost.reshape(a.shape) > -0.95
    clear = stable & (abs(inside) > 0.05)
    assert np.array_equal(frame.attractors[clear], np.where(inside > 0, 2, 1)[clear]) and (inside[clear] > 0).sum() > 20
    one = last(replace(request, starts=1))
    assert one.attractors is None and np.array_equal(one.period, frame.period)
    np.testing.assert_array_equal(one.lyapunov, frame.lyapunov)


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"grid": over(2.4, 2.5, -1e-9, 1e-9, 3, 1)}, 2),  # two bands of chaos, x > 0 and x < 0
        ({"grid": over(2.7, 2.9, -1e-9, 1e-9, 3, 1)}, 1),  # they have merged
        ({"grid": over(0.9, 1.1, -1e-9, 1e-9, 1, 1)}, UNRESOLVED),  # 0 is come to from both sides, like 1/√n
        ({"map": "(1 + a)*x + b", "grid": over(0.05, 0.06, 0.0, 0.1, 3, 2)}, UNRESOLVED),  # all move away, and are finite yet
        ({"map": ROOT, "start": 0.5, "grid": over(4.5, 5.0, 0.9, 1.5, 3, 2)}, DIVERGED),
        ({"map": ROOT, "start": 0.5, "grid": over(1.1, 4.9, -1.5, -0.5, 3, 2)}, UNDEFINED),
        ({"map": "circle", "sweep": "omega", "and_sweep": "k", "grid": over(-1.0, 1.0, -1.0, 1.0, 1, 1)}, 5),  # x → x: each is fixed
        ({"map": "circle", "sweep": "omega", "and_sweep": "k", "grid": over(-1e-9, 1e-9, 0.9, 1.0, 3, 2)}, 1),  # at the seam
    ],
)
def test_what_is_counted_as_an_attractor(fields: dict[str, Any], expected: int) -> None:
    usual = {"map": CUBIC, "sweep": "a", "and_sweep": "b", "start": 0.1, "samples": 500, "starts": 5}
    assert (last(TwoParametersRequest(**(usual | fields))).attractors == expected).all()


def test_picture_is_the_same_in_any_size_of_squares() -> None:
    """A pixel's numbers do not depend on which of the passes computed it; a coarse picture has in each square those of its middle."""
    coarse, *_, whole = filter(
        None, TwoParametersRequest(over(0.0, 0.25, 0.0, 1.0, 20, 10), "circle", "omega", "k", (), 0.0, 500, 500).frames()
    )
    assert coarse.side == 15 and np.array_equal(coarse.lyapunov, np.tile(whole.lyapunov[7, [7, 19]].repeat(15)[:20], (10, 1)))
    view = whole.request.grid.viewport
    part = last(TwoParametersRequest(Grid(view.box(0.25, 0.5, 0.5, 1.0), 5, 5), "circle", "omega", "k", (), 0.0, 500, 500))
    assert np.array_equal(part.period, whole.period[:5, 5:10])


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"map": "logistic", "start": 0.5}, "no second parameter to sweep"),
        ({"and_sweep": "a"}, "a is swept along both axes; sweep b"),
        ({"and_sweep": "a", "sequence": "AABC"}, "the sequence 'AABC' is not made of the letters A and B"),
        ({"sequence": "AB"}, "a sequence forces one parameter of a map of the line"),
        ({"and_sweep": "c"}, "no parameter 'c'"),
        ({"transient": -1}, "transient -1 is out of range"),
        ({"samples": 0}, "samples 0 is out of range"),
        ({"starts": 33}, "starts 33 is out of range"),
        ({"start": (0.0, math.nan)}, "not a finite number"),
    ],
)
def test_bad_input_has_one_line(fields: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message) as caught:
        TwoParametersRequest(over(0.0, 1.0, 0.0, 1.0, 4, 4), **fields)
    assert "\n" not in str(caught.value)


def test_views_and_pictures_that_are_too_much_are_refused() -> None:
    with pytest.raises(ValueError, match="zoom out"):
        next(iter(TwoParametersRequest(over(1.0, 1.0 + 1e-15, 0.0, 0.3, 40, 4)).frames()))
    with pytest.raises(ValueError, match="fewer columns or rows"):
        TwoParametersRequest(over(0.0, 1.0, 0.0, 1.0, 10**6, 10**6))
