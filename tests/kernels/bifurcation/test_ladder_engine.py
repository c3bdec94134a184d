"""Diagrams below float64: the same as float64's at the seam, the same at every depth of a cascade, and honest where there is nothing."""

from decimal import Decimal

import numpy as np
import pytest

from kernels import BifurcationFrame, BifurcationRequest, Grid, Viewport
from kernels.bifurcation import ENGINES, FloatEngine
from kernels.bifurcation.ladder_engine import LadderEngine

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


@pytest.mark.parametrize("doublings", [26, 90])
def test_a_cascade_looks_the_same_at_every_depth(doublings: int) -> None:
    """By δ, α and every second doubling, which turns nothing over."""
    request, before = cascade(doublings), last(cascade(doublings - 2))
    assert next(each for each in ENGINES if all(each.resolves(request.grid, request.map))).name == "return map"
    frame = last(request)
    assert frame.iterations == 4 * before.iterations and frame.done and frame.progress == 1
    known = (frame.period > 0) & (before.period > 0)
    assert known.sum() > 10 and np.array_equal(frame.period[known], before.period[known])
    np.testing.assert_allclose(frame.lyapunov, before.lyapunov, atol=0.15)
    assert frame.counts.any() and frame.counts.shape == (60, 48)
    np.testing.assert_allclose(frame.offsets, request.grid.column_offsets())


def test_generic_chaos_says_that_there_is_nothing_to_tell_apart() -> None:
    view = Viewport(Decimal("3.8123456789"), Decimal("0.5"), 1e-30, 1e-15)
    with pytest.raises(ValueError, match="no window of periodic orbits wider than a pixel") as caught:
        last(BifurcationRequest(Grid(view, 40, 30)))
    assert "\n" not in str(caught.value)


def test_a_view_that_is_too_high_says_what_height_shows_it() -> None:
    request = cascade(40)
    high = Viewport(A_INFINITY, Decimal("0.5"), request.grid.viewport.half_width, 0.5)
    with pytest.raises(ValueError, match="with a height of"):
        last(BifurcationRequest(Grid(high, 40, 30)))


def test_maps_with_corners_are_refused_as_before() -> None:
    grid = Grid(Viewport(Decimal("1.5"), Decimal("0.5"), 1e-20, 1e-20), 40, 30)
    assert LadderEngine().resolves(grid, "tent") == (False, False)
    with pytest.raises(ValueError, match="float64 cannot tell neighbouring"):
        last(BifurcationRequest(grid, map="tent", sweep="m"))


def test_a_ladder_can_be_left_between_its_levels() -> None:
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
