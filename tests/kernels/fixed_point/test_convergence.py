"""The way to the attractor: distances and rates against closed forms."""

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernels.fixed_point.convergence import Convergence, ConvergenceRequest
from kernels.fixed_point.outcomes import Outcome


def ways(name: str, parameters: Any, starts: tuple[float, ...], **more: Any) -> tuple[Convergence, ...]:
    (frame,) = [frame for frame in ConvergenceRequest(name, parameters, starts, **more).frames() if frame is not None]
    return frame.curves


def test_the_posts_way_to_three() -> None:
    inside, on, outside = ways("post", (), (0.0, 7.0, 8.0))
    assert (inside.outcome, on.outcome, outside.outcome) == (Outcome.ATTRACTED, Outcome.ON_POINT, Outcome.DIVERGED)
    np.testing.assert_allclose(inside.errors, np.abs(inside.states - 3), atol=1e-15)
    assert inside.predicted == pytest.approx(0.6) and inside.measured == pytest.approx(0.6, rel=1e-3) and inside.order == 1
    assert (on.errors == 0).all() and outside.orbit is None and np.isnan(outside.errors).all()
    assert len(inside.states) == 501


@given(a=st.floats(1.2, 2.9).filter(lambda a: abs(a - 2) > 0.05))
def test_the_measured_rate_is_the_multiplier(a: float) -> None:
    (way,) = ways("logistic", (("a", a),), (0.3,), steps=4000)
    assert way.predicted == pytest.approx(abs(2 - a), rel=1e-9)
    assert way.measured == pytest.approx(abs(2 - a), rel=0.02)


@pytest.mark.parametrize(("a", "period"), [(3.2, 2), (3.5, 4), (3.84, 3)])
def test_a_cycle_is_approached_in_phase(a: float, period: int) -> None:
    for way in ways("logistic", (("a", a),), (0.1, 0.3)):
        assert way.outcome == Outcome.CYCLE and way.orbit is not None and way.orbit.period == period
        assert way.measured == pytest.approx(way.predicted, rel=0.05)
        assert (way.errors[-period:] < 1e-11).all()


@pytest.mark.parametrize("a", [2.0, 1 + math.sqrt(5)])
def test_super_attraction_is_quadratic(a: float) -> None:
    (way,) = ways("logistic", (("a", a),), (0.3,))
    assert way.order == 2 and way.measured_order == pytest.approx(2, abs=0.01) and math.isnan(way.measured)


def test_a_neutral_point_is_shown_though_unresolved() -> None:
    (way,) = ways("logistic", (("a", 3.0),), (0.3,), steps=2000)
    assert way.outcome == Outcome.UNRESOLVED and way.orbit is not None and way.orbit.x == pytest.approx(2 / 3)
    assert way.errors[-1] == pytest.approx(1 / math.sqrt(18 * 2000), rel=0.1)


def test_a_neutral_point_at_the_seam_of_a_circle_is_shown() -> None:
    (way,) = ways("circle", (("k", 2.0), ("omega", 0.0)), (0.1,), steps=2000)
    assert way.outcome == Outcome.UNRESOLVED and way.orbit is not None and way.orbit.x == 0


def test_chaos_goes_nowhere() -> None:
    (way,) = ways("logistic", (("a", 3.9),), (0.3,))
    assert way.outcome == Outcome.UNRESOLVED and way.orbit is None


def test_a_long_way_is_cut_but_its_end_is_known() -> None:
    (way,) = ways("logistic", (("a", 2.999),), (0.3,), steps=100_000)
    assert way.outcome == Outcome.ATTRACTED and len(way.states) == 4097


@pytest.mark.parametrize("starts", [(), (math.inf,), (0.1,) * 65])
def test_what_no_way_can_be_followed_from(starts: tuple[float, ...]) -> None:
    with pytest.raises(ValueError, match="initial condition"):
        ConvergenceRequest("post", (), starts)
