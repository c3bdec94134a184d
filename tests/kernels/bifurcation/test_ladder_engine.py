"""Diagrams below float64: the same as float64's at the seam, the same at every depth of a cascade, and honest where there is nothing."""

import math
import threading
from dataclasses import replace
from decimal import Decimal, localcontext

import numpy as np
import pytest

from kernels import BifurcationFrame, BifurcationRequest, Grid, Viewport
from kernels.bifurcation import ENGINES, FloatEngine, ladder_progress
from kernels.bifurcation.ladder_engine import LadderEngine
from kernels.deep import SmoothRule, precision, views
from kernels.deep.ladder import forget, ladder_size
from kernels.execution import devices, memory

A_INFINITY = Decimal("3.5699456718709449018420051513864989367638369115148323781079755299213628875001367775263210342163")

DELTA, ALPHA = 4.669201609102991, 2.502907875095893
"""Feigenbaum's constants."""


def cascade(doublings: int, columns: int = 48, rows: int = 60, **settings: object) -> BifurcationRequest:
    """The end of the logistic map's cascade, as wide as that many doublings make it, and as high."""
    view = Viewport(A_INFINITY, Decimal("0.5"), 0.5 * DELTA**-doublings, 0.3 * ALPHA**-doublings)
    return BifurcationRequest(Grid(view, columns, rows), **{"transient": 400, "samples": 200, **settings})  # type: ignore[arg-type]


def last(request: BifurcationRequest, engine: FloatEngine | LadderEngine | None = None) -> BifurcationFrame:
    *_, frame = filter(None, request.frames() if engine is None else engine.frames(request))
    return frame


def test_it_agrees_with_float64_where_both_resolve_the_view() -> None:
    deep = last(cascade(5, samples=4000), LadderEngine())
    q = deep.iterations
    assert q == 16 and deep.engine == "return map"
    shallow = last(cascade(5, transient=400 * q, samples=4000 * q), FloatEngine(np.float64))
    settled = (deep.period > 0) & (deep.period <= 8)
    assert settled.sum() > 10
    assert np.array_equal(shallow.period[settled], deep.period[settled] * q)
    assert np.array_equal(shallow.counts[:, settled] > 0, deep.counts[:, settled] > 0)
    np.testing.assert_allclose(shallow.multiplier[settled], deep.multiplier[settled], rtol=1e-4, atol=1e-6)
    # In chaos they agree as statistics: what each sixth of the rows has of the samples, exponents a return.
    shares = [frame.counts.reshape(6, 10, -1).sum(1) / frame.counts.sum(0) for frame in (shallow, deep)]
    assert np.abs(shares[0] - shares[1]).max() < 0.08
    np.testing.assert_allclose(shallow.lyapunov * q, deep.lyapunov, atol=0.05)


@pytest.mark.parametrize("doublings", [26, 80])
def test_a_cascade_looks_the_same_at_every_depth(doublings: int) -> None:
    """By δ, α and every second doubling, which turns nothing over."""
    request, before = cascade(doublings), last(cascade(doublings - 2))
    assert next(each for each in ENGINES if all(each.resolves(request.grid, request.map))).name == "return map"
    frame = last(request)
    assert frame.iterations == 4 * before.iterations and frame.done and frame.progress == 1 and frame.certified
    known = (frame.period > 0) & (before.period > 0)
    assert known.sum() > 10 and np.array_equal(frame.period[known], before.period[known])
    np.testing.assert_allclose(frame.lyapunov, before.lyapunov, atol=0.15)
    assert frame.counts.any() and frame.counts.shape == (60, 48)
    np.testing.assert_allclose(frame.offsets, request.grid.column_offsets())


def superstable(period: int, guess: str) -> tuple[Decimal, float]:
    """(a parameter of the logistic map at which 1/2 has this period, the width of its window), by Newton's method."""
    with localcontext(prec=200):
        a = Decimal(guess)
        for _ in range(60):
            x, by_a, by_x = Decimal("0.5"), Decimal(0), Decimal(1)
            for n in range(period):
                by_a, by_x = a * (1 - 2 * x) * by_a + x * (1 - x), by_x * a * (1 - 2 * x) if n else by_x
                x = a * x * (1 - x)
            step = (x - Decimal("0.5")) / by_a
            a -= step
            if abs(step) < Decimal("1e-150"):
                break
        return a, float(Decimal("2.25") / abs(a * by_x * by_a))


def attractor(a: Decimal, period: int) -> tuple[int, list[float]]:
    """(period up to 4 times `period`, states) of the critical orbit after 20 `period` steps, in decimals; 0 where it has not settled."""
    with localcontext(prec=120):
        x, states = Decimal("0.5"), []
        for n in range(24 * period):
            x = a * x * (1 - x)
            if n >= 20 * period:
                states.append(x)
        near = (
            p for p in range(period, 3 * period, period) if abs(states[p] - states[0]) < abs(states[0] - Decimal("0.5")) * Decimal("1e-9")
        )
        return next(near, 0), [float(state) for state in states]


@pytest.mark.parametrize(("period", "guess"), [(60, "3.8")])
def test_windows_far_narrower_than_float64_are_seen_in_views_as_high_as_the_attractor(period: int, guess: str) -> None:
    """Where each column is periodic, and with which period, as in exact arithmetic."""
    centre, width = superstable(period, guess)
    assert width < 1e-15
    grid = Grid(Viewport(centre, Decimal("0.5"), 0.45 * width, 0.5), 24, 50)
    frame = last(BifurcationRequest(grid, transient=60 * period, samples=20 * period))
    assert (frame.engine, frame.iterations) == ("differences", 1) and frame.inside == 24 * 20 * period
    with localcontext(prec=120):
        values = [centre + Decimal(float(offset)) for offset in frame.offsets]
    for column in (9, 12, 15):
        found, states = attractor(values[column], period)
        if found:
            assert frame.period[column] == found
            rows = np.histogram(states, 50, (0.0, 1.0))[0][::-1]
            assert np.array_equal(rows > 0, frame.counts[:, column] > 0)
    assert (frame.period[:5] == 0).all() and (frame.period[9:16] == period).all()
    assert (frame.lyapunov[:5] > 0).all() and (frame.lyapunov[9:16] < 0).all()


def test_differences_agree_with_float64_at_the_seam() -> None:
    """In a window so narrow that 24 columns are a few of float64's numbers apart."""
    centre, width = superstable(33, "3.8")
    view = Grid(Viewport(centre, Decimal("0.5"), 0.45 * width, 0.5), 24, 50)
    assert all(view.is_resolved(np.float64)) and width < 3e-14
    request = BifurcationRequest(view, transient=4000, samples=1320)
    deep, shallow = last(request, LadderEngine()), last(request, FloatEngine(np.float64))
    assert deep.engine == "differences" and shallow.engine == ""
    settled = (deep.period == 33) & (shallow.period == 33)
    assert settled.sum() >= 9 and settled[9:15].all()
    assert np.array_equal((deep.counts > 0)[:, settled], (shallow.counts > 0)[:, settled])
    chaotic = (deep.period == 0) & (shallow.period == 0)
    assert chaotic.sum() >= 5
    np.testing.assert_allclose(deep.lyapunov[chaotic], shallow.lyapunov[chaotic], atol=0.08)


def test_doublings_in_a_window_of_1e_17_are_told_from_its_cycle() -> None:
    centre, width = superstable(40, "3.8")
    wide = Grid(Viewport(centre, Decimal("0.5"), width, 0.5), 48, 50)
    frame = last(BifurcationRequest(wide, transient=8000, samples=1000))
    shallow_centre, shallow_width = superstable(13, "3.8")
    shallow = last(
        BifurcationRequest(Grid(Viewport(shallow_centre, Decimal("0.5"), shallow_width, 0.5), 48, 50), transient=8000, samples=1000)
    )
    ratios = [each.period / period for each, period in ((frame, 40), (shallow, 13))]
    assert {1.0, 2.0} <= set(ratios[0]) and (ratios[0] == ratios[1]).mean() > 0.7


def test_a_stable_cycle_is_a_line_however_small_the_view() -> None:
    """At a = 3.2 the cycle of period 2 has a known slope."""
    with localcontext(prec=80):
        a = Decimal("3.2")
        root = ((a - 3) * (a + 1)).sqrt()
        x = (a + 1 - root) / (2 * a)
        slope = float(((1 - (a - 1) / root) * a - (a + 1 - root)) / (2 * a * a))
    frame = last(BifurcationRequest(Grid(Viewport(a, x, 1e-40, abs(slope) * 1e-40), 40, 40), transient=1000, samples=64))
    assert (frame.period * frame.iterations == 2).all()
    rows = np.arange(40)
    assert np.array_equal(frame.counts > 0, (rows[:, None] == rows) if slope < 0 else (rows[:, None] == 39 - rows))


def test_a_high_view_of_a_cascade_shows_its_orbit() -> None:
    request = cascade(40)
    high = Viewport(A_INFINITY, Decimal("0.5"), request.grid.viewport.half_width, 0.5)
    frame = last(BifurcationRequest(Grid(high, 40, 30), transient=500, samples=500))
    assert frame.engine == "differences" and frame.inside == 40 * 500


def test_maps_with_corners_are_refused_as_before() -> None:
    grid = Grid(Viewport(Decimal("1.5"), Decimal("0.5"), 1e-20, 1e-20), 40, 30)
    assert LadderEngine().resolves(grid, "tent") == (False, False)
    with pytest.raises(ValueError, match=r"float64 cannot tell neighbouring .* tent has a corner"):
        last(BifurcationRequest(grid, map="tent", sweep="m"))


def test_a_ladder_can_be_left_between_its_levels() -> None:
    forget()
    frames = cascade(90).frames()
    assert next(frames) is None and next(frames) is None
    frames.close()  # type: ignore[attr-defined]


def test_images_of_the_critical_point_are_drawn_too() -> None:
    """Around f(1/2), the top of the diagram: float64's picture, where it resolves that."""
    half_width = 0.5 * DELTA**-5
    view = Viewport(A_INFINITY, A_INFINITY / 4, half_width, 0.4 * ALPHA**-10)
    request = BifurcationRequest(Grid(view, 48, 40), transient=400, samples=400)
    deep = last(request, LadderEngine())
    q = deep.iterations
    assert q in (16, 32) and deep.counts.any()
    shallow = last(BifurcationRequest(Grid(view, 48, 40), transient=400 * q, samples=400 * q), FloatEngine(np.float64))
    settled = (deep.period > 0) & (deep.period <= 4)
    assert settled.sum() > 10 and deep.counts[:, settled].any()
    assert np.array_equal(shallow.counts[:, settled] > 0, deep.counts[:, settled] > 0)
    assert np.abs(shallow.counts.sum(0) - deep.counts.sum(0)).max() < 60


@pytest.mark.parametrize("stops", [1, 5, 14])
def test_a_ladder_can_be_left_at_every_stop_and_leaves_nothing_locked(stops: int) -> None:
    forget()
    frames = cascade(60).frames()
    assert all(next(frames) is None for _ in range(stops))
    frames.close()  # type: ignore[attr-defined]
    free: list[bool] = []
    other = threading.Thread(target=lambda: free.append(precision._lock.acquire(blocking=False) and precision._lock.release() is None))
    other.start()
    other.join()
    assert free == [True]


def test_while_a_ladder_is_built_its_progress_is_known_and_no_stop_is_within_a_locked_block() -> None:
    """A generator that is left within one would keep all other threads from high precision for ever."""
    forget()
    request, seen, free = cascade(60), [], set[bool]()
    for frame in request.frames():
        other = threading.Thread(target=lambda: free.add(precision._lock.acquire(blocking=False) and precision._lock.release() is None))
        other.start()
        other.join()
        if frame is not None:
            break
        seen.append(ladder_progress(request))
    assert free == {True}
    told = [each for each in seen if each is not None]
    assert told and told[-1][0] > 50 and told[-1][1] > 0.9 and all(0 <= share <= 1 for _, share, _ in told)
    assert told[0][2] == ladder_size(request.grid.viewport.half_width)
    assert ladder_progress(request) is None


def test_the_critical_point_is_named_where_there_are_several() -> None:
    grid = Grid(Viewport(Decimal("2.302283468"), Decimal("0.876"), 1e-17, 1e-7), 40, 30)
    *_, cubic = filter(None, views(SmoothRule("cubic", "a", ()), grid))
    assert cubic.critical is not None and abs(cubic.critical) == pytest.approx(math.sqrt(2.302283468 / 3), rel=1e-6)
    *_, logistic = filter(None, views(SmoothRule("logistic", "a", ()), cascade(40).grid))
    assert logistic.critical is None


def test_a_centre_of_ten_thousand_digits_is_that_of_its_first() -> None:
    with localcontext(prec=12000):
        centre = A_INFINITY + Decimal(1).scaleb(-10000)
    view = cascade(40).grid.viewport
    frames = [last(BifurcationRequest(Grid(replace(view, x=x), 40, 30), transient=200, samples=200)) for x in (centre, A_INFINITY)]
    assert len(str(frames[0].request.grid.viewport.x)) > 9000
    assert np.array_equal(frames[0].period, frames[1].period)


def test_memory_for_a_ladder_is_looked_at_before_it_is_built(monkeypatch: pytest.MonkeyPatch) -> None:
    assert ladder_size(1e-30) < 20e6 < ladder_size(1e-300) < 500e6
    monkeypatch.setattr(memory, "free_bytes", lambda: 10**6)
    monkeypatch.setattr(devices, "ALWAYS_LEFT", 0)
    forget()  # one that is kept needs no more
    with pytest.raises(ValueError, match=r"(ladder of return maps|picture).* needs .*; (zoom out|ask)"):
        last(cascade(60))
