"""Views away from the critical point against orbits iterated in exact arithmetic."""

from decimal import Decimal

import numpy as np
import pytest
from flint import arb

from kernels import Grid, Viewport
from kernels.deep import DeepView, SmoothRule, views, working

A_INFINITY = "3.5699456718709449018420051513864989367638369115148323781079755299213628875001367775263210342163"
CUBIC = "2.302283469"
"""Near the end of the cubic map's cascades."""


def logistic(x: arb, a: arb) -> arb:
    return a * x * (1 - x)


def ricker(x: arb, r: arb) -> arb:
    return x * (r - r * x).exp()


def shown(map: str, sweep: str, centre: str, y: str, width: float, height: float) -> DeepView:
    grid = Grid(Viewport(Decimal(centre), Decimal(y), width / 2, height / 2), 64, 50)
    *_, view = filter(None, views(SmoothRule(map, sweep, ()), grid))
    return view


@pytest.mark.parametrize("image", [1, 2, 77])
def test_an_image_of_the_critical_point_shows_what_its_orbit_shows_there(image: int) -> None:
    width, height = 1e-12, 1e-9 if image > 1 else 1e-12
    with working(300):
        x = arb("0.5")
        for _ in range(image):
            x = logistic(x, arb(A_INFINITY)).mid()
        y = x.str(60, radius=False)
    view = shown("logistic", "a", A_INFINITY, y, width, height)
    q = view.level.iterations
    assert view.seen is not None and 128 <= q <= 2**18
    for s in (-1.0, 0.4):
        table, place = (np.polynomial.polynomial.polyval(np.array([s]), rows)[:, 0] for rows in (view.level.family(), view.seen))
        u = 0.0
        with working(300):
            a, x = arb(A_INFINITY) + arb(width / 2) * arb(s), arb("0.5")
            first = image % q
            for n in range(first + 2 * q + 1):
                if n >= first and n % q == first:
                    expected = float((x - arb(y)) / arb(height / 2))
                    assert np.polynomial.polynomial.polyval(u, place) == pytest.approx(expected, abs=1e-6)
                    u = np.polynomial.polynomial.polyval(u * u, table)
                x = logistic(x, a).mid()


def test_maps_that_are_not_even_have_both_preimages() -> None:
    """The image of Ricker's critical point, which has no symmetry."""
    centre, width, height = "2.692368854390512848323", 1e-8, 1e-6
    with working(200):
        r = arb(centre)
        y = ricker(ricker(1 / r, r), r).str(50, radius=False)
    view = shown("ricker", "r", centre, y, width, height)
    q = view.level.iterations
    assert view.seen is not None and q >= 32
    table, place = view.level.columns(np.zeros(1))[:, 0], view.seen[0]
    with working(200):
        x, u = 1 / r, view.level.critical
        u = float(u)
        for n in range(2 * q + 3):
            if n % q == 2:
                expected = float((x - arb(y)) / arb(height / 2))
                assert np.polynomial.polynomial.polyval(u, place) == pytest.approx(expected, abs=1e-5)
                u = np.polynomial.polynomial.polyval(u, table)
            x = ricker(x, r).mid()


def test_a_view_at_the_critical_point_is_the_interval_itself() -> None:
    view = shown("logistic", "a", A_INFINITY, "0.5", 1e-12, 1e-9)
    assert view.seen is None and view.high == view.low == 0.0
    assert view.half_height == pytest.approx(5e-10 / float(view.level.scale))
