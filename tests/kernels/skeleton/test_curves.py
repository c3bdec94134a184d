"""Curves of bifurcations in the plane of two parameters against closed forms."""

import numpy as np
import pytest

from kernels.geometry import Viewport
from kernels.skeleton import CurvesFrame, CurvesRequest


def test_curves_of_fixed_points_of_a_cubic_map_are_the_closed_forms_with_their_cusp() -> None:
    """x -> x + b + a x - x^3 has folds where a = 3 x^2, b = -2 x^3, and doublings where a = 3 x^2 - 2, b = 2 x - 2 x^3."""
    request = CurvesRequest(Viewport.from_limits(-1, 2, -1, 1), "x + b + a*x - x^3", "a", "b")
    *_, frame = filter(None, request.frames())
    assert isinstance(frame, CurvesFrame) and frame.done and frame.note == ""
    (fold,) = (curve for curve in frame.curves if curve.kind == "fold")
    a, b = fold.points.T
    assert np.abs(27 * b**2 - 4 * a**3).max() < 1e-12 and b.min() < -0.99 and b.max() > 0.99
    doublings = frame.lines("period-doubling")
    a, b = doublings[np.isfinite(doublings[:, 0])].T
    x = np.sqrt((a + 2) / 3)
    assert np.abs(np.abs(b) - np.abs(2 * x - 2 * x**3)).max() < 1e-12
    (cusp,) = (point for point in frame.points if point.kind == "cusp")
    assert (cusp.a, cusp.b) == pytest.approx((0, 0), abs=1e-9)


def test_bad_input_is_refused() -> None:
    view = Viewport.from_limits(-1, 2, -1, 1)
    with pytest.raises(ValueError, match="both axes"):
        CurvesRequest(view, and_sweep="a")
    with pytest.raises(ValueError, match="eriod of the curves 9"):
        CurvesRequest(view, period=9)
