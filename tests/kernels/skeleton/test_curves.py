"""Curves of bifurcations in the plane of two parameters against closed forms."""

from typing import Any

import numpy as np
import pytest

from kernels.catalog import find_map
from kernels.execution import jax, jnp
from kernels.geometry import Viewport
from kernels.skeleton import CurvesFrame, CurvesRequest
from kernels.skeleton.curves import KINDS, _Equations


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


def test_the_equations_of_henon_s_curves_hold_along_the_closed_forms() -> None:
    """Fixed points of Hénon's map: folds where 4 a = -(1 - b)^2, doublings where 4 a = 3 (1 - b)^2."""
    b = 0.3
    low, size = np.array([-4.0, -2.0, -1.0, -1.0]), np.array([8.0, 4.0, 3.0, 2.0])

    @jax.jit
    def jet(w: Any, along: Any, kind: Any) -> Any:
        equations = _Equations(find_map("henon").rule, (0, 1), kind, ((), low, size), jnp.int64(1))
        return jax.jvp(equations.residual, (w,), (along,))

    for kind, share, x in (("fold", -0.25, 2.0), ("period-doubling", 0.75, 2 / 3)):
        a, z = share * (1 - b) ** 2, x / (1 - b)
        along = np.array([z / (1 - b), z + b * z / (1 - b), -2 * share * (1 - b), 1]) / size
        rest, change = jet((np.array([z, b * z, a, b]) - low) / size, along, KINDS.index(kind))
        assert np.abs(rest).max() < 1e-14
        assert np.abs(change).max() < 1e-13, "the curve goes along the closed form"
