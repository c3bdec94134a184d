"""Ladders against exact arithmetic of the test's own: direct iteration, superstable parameters, Feigenbaum's constants."""

from collections.abc import Callable
from decimal import Decimal
from itertools import islice

import numpy as np
import pytest
from flint import arb
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from kernels.deep import Ladder, SmoothRule, ladders, working
from kernels.deep import climb as climb_module
from kernels.deep import ladder as ladder_module
from kernels.deep.level import Level

A_INFINITY = "3.5699456718709449018420051513864989367638369115148323781079755299213628875001367775263210342163"
"""OEIS A098587."""

DELTA = "4.669201609102990671853203820466201617258185577475768632745651"
"""OEIS A006890."""

C = 1.558265421426256
"""a_infinity less the superstable parameter of period 2^n is C / δ^n for large n: by direct iteration for n up to 15."""

Exact = Callable[[arb, arb], arb]


def logistic(x: arb, a: arb) -> arb:
    return a * x * (1 - x)


def sine(x: arb, r: arb) -> arb:
    return r * (arb.pi() * x).sin()


def ricker(x: arb, r: arb) -> arb:
    return x * (r - r * x).exp()


def cubic(x: arb, a: arb) -> arb:
    return a * x - x**3


HALF, RECIPROCAL = (lambda _: arb("0.5")), (lambda r: 1 / r)


@pytest.fixture(autouse=True)
def nothing_kept() -> None:
    ladder_module.forget()


def climbed(map: str, sweep: str, centre: str, width: float, columns: int = 64) -> Ladder:
    *_, found = filter(None, ladders(SmoothRule(map, sweep, ()), Decimal(centre), width / 2, columns))
    assert found.complete
    return found


def worst_error(exact: Exact, ladder: Ladder, centre: str, width: float, start: Callable[[arb], arb], returns: int = 3) -> float:
    """The largest error of the last level's first returns in three columns, in units of the level's interval."""
    level = ladder.levels[-1]
    table, errors = level.columns(np.array([-1.0, 0.3, 1.0])), []
    with working(ladder.levels[0].bits + 80):
        for column, s in enumerate((-1.0, 0.3, 1.0)):
            a = arb(centre) + arb(width) / 2 * arb(s)
            x, u = start(arb(centre)), float(level.critical)
            for _ in range(returns):
                for _ in range(level.iterations):
                    x = exact(x, a).mid()
                u = float(np.polynomial.polynomial.polyval(u * u if level.even else u, table[:, column]))
                errors.append(abs(u - float((x - level.origin) / level.scale)))
    return max(errors)


@pytest.mark.parametrize(
    ("map", "sweep", "exact", "start", "centre"),
    [
        ("logistic", "a", logistic, HALF, A_INFINITY),
        ("sine", "r", sine, HALF, "0.8655792688186376255922"),
        ("ricker", "r", ricker, RECIPROCAL, "2.692368854390512848323"),
        ("r*x*exp(-x)", "r", lambda x, r: r * x * (-x).exp(), lambda _: arb(1), "14.76661448147010894819"),
    ],
)
def test_returns_of_cascades_are_those_of_direct_iteration(
    map: str, sweep: str, exact: Exact, start: Callable[[arb], arb], centre: str
) -> None:
    ladder = climbed(map, sweep, centre, 1e-6)
    assert ladder.levels[-1].iterations >= 64
    assert worst_error(exact, ladder, centre, 1e-6, start) < 1e-8


def superstable(period: int, guess: str) -> tuple[str, float]:
    """(a parameter of the logistic map at which 1/2 has this period, the width of its window), by Newton's method."""
    with working(700):
        a = arb(guess)
        for _ in range(60):
            x, by_a, by_x = arb(0.5), arb(0), arb(1)
            for n in range(period):
                by_a = (a * (1 - 2 * x) * by_a + x * (1 - x)).mid()
                by_x = (by_x * a * (1 - 2 * x)).mid() if n else by_x
                x = logistic(x, a).mid()
            a = (a - (x - arb(0.5)) / by_a).mid()
        return a.str(180, radius=False), float(2.25 / abs(a * by_x * by_a))


@pytest.mark.parametrize(("period", "guess", "least"), [(40, "3.8", 1e-20), (100, "3.7", 1e-40), (250, "3.9", 1e-120)])
def test_windows_straight_out_of_chaos_are_those_of_direct_iteration(period: int, guess: str, least: float) -> None:
    centre, width = superstable(period, guess)
    assert least < width < 1e-15
    ladder = climbed("logistic", "a", centre, 0.3 * width)
    assert [level.iterations for level in ladder.levels] == [1, period] and ladder.partial
    assert worst_error(logistic, ladder, centre, 0.3 * width, HALF) < 1e-12


@settings(deadline=None, max_examples=6)
@given(st.integers(5, 35), st.floats(3.6, 3.99), st.floats(-0.6, 0.6), st.floats(0.05, 0.5))
def test_random_windows_and_views_in_them_are_those_of_direct_iteration(period: int, guess: float, aside: float, share: float) -> None:
    centre, width = superstable(period, repr(guess))
    assume(3.5 < float(centre) < 4 and 1e-60 < width < 1e-4)
    with working(900):
        moved = (arb(centre) + arb(aside * width / 4)).mid().str(220, radius=False)
    ladder = climbed("logistic", "a", moved, share * width / 4)
    if len(ladder.levels) > 1 and ladder.levels[-1].iterations <= 2000 and not ladder.partial:
        assert worst_error(logistic, ladder, moved, share * width / 4, HALF) < 1e-8


def root(level: Level, period: int, guess: float) -> float:
    """s of the window at which the return map's critical point has this period, by the secant method."""

    def image(s: float) -> float:
        table, u = level.columns(np.array([s]))[:, 0], 0.0
        for _ in range(period):
            u = float(np.polynomial.polynomial.polyval(u * u, table))
        return u

    before, s = guess, guess + 1e-3
    for _ in range(30):
        rise = image(s) - image(before)
        if not rise:
            break
        before, s = s, s - image(s) * (s - before) / rise
    return s


@pytest.mark.parametrize("width", [1e-12, 1e-30])
def test_superstable_parameters_of_the_cascade_lie_where_feigenbaum_s_constants_put_them(width: float) -> None:
    ladder = climbed("logistic", "a", A_INFINITY, width)
    level = ladder.levels[-1]
    doublings = len(ladder.levels) - 1
    assert level.iterations == 2**doublings
    for more in (2, 3):
        with working(400):
            expected = -float(arb(C) / arb(DELTA) ** (doublings + more) / (arb(width) / 2))
        assert root(level, 2**more, expected) == pytest.approx(expected, abs=1e-6)


def test_a_ladder_serves_deeper_windows_within_it() -> None:
    climbed("logistic", "a", A_INFINITY, 1e-12)
    away = str(Decimal(A_INFINITY) + Decimal("2e-16"))
    again = climbed("logistic", "a", away, 1e-16)
    assert len({float(ladder.root) for (ladder,) in ladder_module._kept}) == 1  # carried on, not built anew
    ladder_module.forget()
    anew = climbed("logistic", "a", away, 1e-16)
    s = np.linspace(-1, 1, 5)
    level, other = again.levels[-1], anew.levels[-1]
    assert level.iterations == other.iterations
    u = np.linspace(-0.9, 0.9, 7)[:, None]
    found, expected = (np.polynomial.polynomial.polyval(u**2, each.columns(s), tensor=False) for each in (level, other))
    ratio = float(level.scale) / float(other.scale)
    inner = np.polynomial.polynomial.polyval((u * ratio) ** 2, other.columns(s), tensor=False) / ratio
    assert np.abs(found - inner).max() < 1e-6 and np.abs(found - expected).max() < 1


def test_views_beside_and_a_little_above_are_served_and_the_same_view_is_not_worked_out_again() -> None:
    first = climbed("logistic", "a", A_INFINITY, 1e-12)
    assert climbed("logistic", "a", A_INFINITY, 1e-12) is first
    beside = str(Decimal(A_INFINITY) + Decimal("1.5e-12"))
    for centre, width in ((beside, 1e-12), (A_INFINITY, 4e-12), (beside, 3e-14)):
        assert climbed("logistic", "a", centre, width).root == first.root
    climbed("logistic", "a", A_INFINITY, 9e-12)
    assert len({float(ladder.root) for (ladder,) in ladder_module._kept}) == 2


def test_what_a_superseded_view_has_built_is_carried_on() -> None:
    """Each turn of the wheel supersedes the view before: without this, none would be drawn until the wheel rests."""
    rule, width, needed = SmoothRule("logistic", "a", ()), 1e-20, 0
    for turn in range(200):
        steps = ladders(rule, Decimal(A_INFINITY), width * 0.99**turn / 2, 64)
        if any(ladder is not None for ladder in islice(steps, 12)):
            break
        steps.close()  # type: ignore[attr-defined]
        needed += 1
    assert 2 < needed < 150
    (ladder,) = next(each for each in ladder_module._kept if each[0].complete)
    assert len({level.iterations for level in ladder.levels}) == len(ladder.levels)


def test_levels_that_a_view_does_not_need_are_not_moved(monkeypatch: pytest.MonkeyPatch) -> None:
    climbed("logistic", "a", A_INFINITY, 1e-20)
    made: list[Level] = []
    worked_out = climb_module._moved_terms
    monkeypatch.setattr(climb_module, "_moved_terms", lambda level, far: (made.append(level), worked_out(level, far))[1])
    climbed("logistic", "a", str(Decimal(A_INFINITY) + Decimal("3e-21")), 5e-21)
    assert len(made) <= 2


def test_each_critical_point_has_its_ladder() -> None:
    found = [each for each in ladders(SmoothRule("cubic", "a", ()), Decimal("2.30228347"), 1e-6, 64) if each is not None]
    assert [round(float(ladder.levels[0].origin + ladder.levels[0].critical * ladder.levels[0].scale), 4) for ladder in found] == [
        -0.876,
        0.876,
    ]
