"""Copies of the diagram and heights of attractors: against parameters that are known, direct iteration, and Feigenbaum's constants."""

import math
from decimal import Decimal

import numpy as np
import pytest

from kernels import Viewport
from kernels.bifurcation import JourneyRequest
from kernels.deep.ladder import forget

A_INFINITY = Decimal("3.5699456718709449018420051513864989367638369115148323781079755299213628875001367775263210342163")
DELTA, ALPHA = 4.669201609102991, 2.502907875095893


@pytest.fixture(autouse=True)
def nothing_kept() -> None:
    forget()


def gone(view: Viewport, goal: str, map: str = "logistic", sweep: str = "a") -> Viewport:
    *_, frame = filter(None, JourneyRequest(view, map, sweep, (), goal).frames())  # type: ignore[arg-type]
    return frame.viewport


def limits(view: Viewport) -> list[float]:
    return [float(limit) for limit in view.x_limits]


@pytest.mark.parametrize(
    ("left", "right", "copy"),
    [
        (3.4, 4, (1 + math.sqrt(6), 3.5925721841)),  # the next doubling, to where its bands merge
        (3.75, 4, (1 + math.sqrt(8), 3.8568006525)),  # the window of period 3, to its crisis
    ],
)
def test_the_largest_copy_in_a_view_is_flown_to(left: float, right: float, copy: tuple[float, float]) -> None:
    found = limits(gone(Viewport.from_limits(left, right, 0, 1), "in"))
    assert copy[0] - 0.4 * (copy[1] - copy[0]) < found[0] < copy[0] and copy[1] < found[1] < copy[1] + 0.4 * (copy[1] - copy[0])


def test_doublings_lead_to_feigenbaum_s_point_and_back() -> None:
    view = Viewport.from_limits("3.4", 4, 0, 1)
    widths, heights = [], []
    for _ in range(14):
        view = gone(view, "in")
        assert 0 < view.u_of(A_INFINITY) < 1 and 0 < view.v_of("0.5") < 1
        widths.append(view.half_width)
        heights.append(view.half_height)
    assert widths[-1] < 1e-9
    assert widths[-2] / widths[-1] == pytest.approx(DELTA, rel=1e-3)
    assert heights[-2] / heights[-1] == pytest.approx(ALPHA, rel=1e-2)
    back = gone(view, "out")
    assert 2 < back.half_width / view.half_width < 10 and back.u_of(view.x) == pytest.approx(0.5, abs=0.4)


def test_a_fitted_view_is_as_high_as_what_direct_iteration_finds_in_it() -> None:
    """At a width of 1e-6 and of 0.02 around the first doublings' end."""
    for half_width in (0.01, 5e-7):
        tall = Viewport(A_INFINITY, Decimal("0.5"), half_width, half_width)
        view = gone(tall, "fit")
        assert view.x_limits == tall.x_limits
        a, x, low, high = np.linspace(*limits(view), 100), 0.5, 1.0, 0.0
        for n in range(30000 if half_width < 1e-3 else 3000):
            x = a * x * (1 - x)
            inside = np.abs(x - float(view.y)) < 1.3 * view.half_height
            if n > 2000 and inside.any():
                low, high = min(low, x[inside].min()), max(high, x[inside].max())
        assert view.half_height == pytest.approx((high - low) / 2 * 1.08, rel=0.1)
        assert abs(float(view.y) - (low + high) / 2) < 0.1 * view.half_height


def test_at_an_image_of_the_critical_point_heights_are_of_that_image() -> None:
    half_width = 0.5 * DELTA**-8
    gone(Viewport.from_limits("3.4", 4, 0, 1), "in")  # its ladder serves this view too
    view = gone(Viewport(A_INFINITY, A_INFINITY / 4, half_width, 1e-3), "fit")
    assert view.half_height < 3 * ALPHA**-14 and 0 < view.v_of(A_INFINITY / 4) < 1.1


@pytest.mark.parametrize(("map", "sweep", "goal", "told"), [("tent", "m", "fit", "corner"), ("ricker", "r", "out", "Home")])
def test_where_there_is_nothing_to_go_to_it_says_so(map: str, sweep: str, goal: str, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        gone(Viewport.from_limits("1.9", "2.8", 0, 3), goal, map, sweep)


def test_chaos_without_a_window_in_it_is_told() -> None:
    with pytest.raises(ValueError, match="no copy of the diagram"):
        gone(Viewport(Decimal("3.8"), Decimal("0.5"), 1e-30, 1e-30), "in")


def test_other_maps_have_copies_too() -> None:
    ricker = limits(gone(Viewport.from_limits("2", "2.8", 0, 3.5), "in", "ricker", "r"))
    assert ricker[0] < 2.5265 and ricker[1] > 2.7
    cubic = limits(gone(Viewport.from_limits("1", "3", "-2", "2"), "in", "cubic", "a"))
    assert cubic[0] < 2.3 < cubic[1]
