"""Where one engine takes over from another their pictures agree: pixel for pixel where orbits settle, as statistics in chaos.

The truth at the seam is float64 orbits of the formula, iterated by NumPy, so that no map's kernels are compiled for it.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal, localcontext
from typing import Any

import numpy as np
import pytest

from kernels import BifurcationFrame, BifurcationRequest, Grid, Viewport
from kernels.bifurcation import CAUSTICS, FloatEngine
from kernels.bifurcation.ladder_engine import LadderEngine

DELTA, ALPHA = 4.669201609102991, 2.502907875095893
"""Feigenbaum's constants."""

COLUMNS, ROWS, RETURNS, ORBITS = 48, 60, 100, 8


def last(frames: Any) -> BifurcationFrame:
    *_, frame = filter(None, frames)
    assert isinstance(frame, BifurcationFrame)
    return frame


@dataclass(frozen=True)
class Cascade:
    """A map, where its period doublings end, its critical point there, and its first window's width beside the logistic map's."""

    map: str
    sweep: str
    end: float
    critical: float
    width: float
    rule: Callable[[Any, Any], Any]

    @property
    def core(self) -> tuple[float, float]:
        """The images of the critical point between which the attractor lies."""
        first = float(self.rule(self.critical, self.end))
        return first, float(self.rule(first, self.end))

    def view(self, doublings: int, at_image: bool) -> Viewport:
        """The end of the cascade about the critical point, or about its image, which is twice as deep in height."""
        first, second = self.core
        height = 0.55 * abs(first - second) * ALPHA ** -(2 * doublings if at_image else doublings)
        y = first if at_image else self.critical
        return Viewport(Decimal(repr(self.end)), Decimal(repr(y)), 0.5 * self.width * DELTA**-doublings, height)

    def counted(self, views: list[Viewport], q: int) -> list[Any]:
        """Histograms of float64 orbits in these views of the same columns, top row first."""
        a = Grid(views[0], COLUMNS, ROWS).column_values()
        x = np.full((ORBITS, COLUMNS), self.critical) + np.linspace(-1e-6, 1e-6, ORBITS)[:, None]
        counts, columns = [np.zeros((ROWS, COLUMNS)) for _ in views], np.broadcast_to(np.arange(COLUMNS), x.shape)
        for n in range((150 + RETURNS) * q):
            x = self.rule(x, a)
            if n < 150 * q:
                continue
            for view, table in zip(views, counts, strict=True):
                place = ((x - float(view.y)) / view.half_height + 1) * (ROWS / 2)
                seen = (place >= 0) & (place < ROWS)
                if seen.any():
                    np.add.at(table, (ROWS - 1 - place[seen].astype(int), columns[seen]), 1)
        return counts


CASCADES = [
    Cascade("quadratic", "c", -1.401155189092, 0.0, 1.26, lambda x, c: x * x + c),
    Cascade("sine", "r", 0.865579268820, 0.5, 0.27, lambda x, r: r * np.sin(np.pi * x)),
    Cascade("ricker", "r", 2.692368854396, 1 / 2.692368854396, 1.38, lambda x, r: x * np.exp(r * (1 - x))),
    Cascade("a*cos(x)", "a", 1.974135091131, 0.0, 1.22, lambda x, a: a * np.cos(x)),
]


@pytest.mark.parametrize("cascade", CASCADES, ids=lambda each: each.map)
def test_return_maps_take_over_from_float64_without_a_jump(cascade: Cascade) -> None:
    views = [cascade.view(4, at_image) for at_image in (False, True)]
    requests = [BifurcationRequest(Grid(view, COLUMNS, ROWS), cascade.map, cascade.sweep, transient=400, samples=800) for view in views]
    deep = [last(LadderEngine().frames(request)) for request in requests]
    q = deep[0].iterations
    assert q in (8, 16) and {frame.engine for frame in deep} == {"return map"}
    for frame, counted in zip(deep, cascade.counted(views, q), strict=True):
        settled = (frame.period > 0) & (frame.period <= 8) & (np.abs(frame.multiplier) < 0.8)
        assert settled.sum() > 8 and frame.counts[:, settled].any()
        same = (counted[:, settled] > 0) == (frame.counts[:, settled] > 0)
        assert same.mean() > 0.999, same.mean()
        shares = [each[:, ~settled].sum(1) / each[:, ~settled].sum() for each in (counted, frame.counts)]
        assert np.abs(np.cumsum(shares[0] - shares[1])).max() < 0.05


def band_merging() -> tuple[Decimal, Decimal]:
    """Where the third image of the logistic map's critical point is the fixed point 1 - 1/a, and that point."""
    with localcontext(prec=200):
        a = Decimal("3.6785735104283222")
        for _ in range(12):
            a -= (a**3 - 2 * a * a - 4 * a - 8) / (3 * a * a - 4 * a - 4)
        return a, 1 - 1 / a


def chaos(at: tuple[Decimal, Decimal], size: float, **settings: Any) -> BifurcationRequest:
    """A square view of the logistic map's diagram."""
    view = Viewport(*at, size / 2, size / 2)
    return BifurcationRequest(Grid(view, COLUMNS, ROWS), **{"transient": 400, "samples": 200, **settings})


def test_caustics_take_over_from_samples_without_a_jump() -> None:
    """In a view that 200 samples miss and 200,000 see; below float64 the picture is the same, for the fan is similar to itself."""
    at = band_merging()
    first, *_, closed = filter(None, chaos(at, 1e-6).frames())
    assert (first.engine, first.done, first.inside < COLUMNS) == ("", False, True)
    assert (closed.engine, closed.done, closed.samples) == (CAUSTICS, True, 200) and closed.expected > 1e6
    sampled = last(FloatEngine(np.float64).frames(chaos(at, 1e-6, samples=200_000)))
    assert sampled.engine == "" and sampled.expected == 0
    assert closed.visits == pytest.approx(sampled.visits, rel=0.1)
    shares = [frame.counts.sum(1) / frame.counts.sum() for frame in (closed, sampled)]
    assert np.abs(np.cumsum(shares[0] - shares[1])).max() < 0.03
    differences, *_, deep = filter(None, chaos(at, 1e-17).frames())
    assert (differences.engine, deep.engine) == ("differences", CAUSTICS)
    assert deep.counts.sum() == pytest.approx(closed.counts.sum(), rel=1e-3)
    assert np.abs(deep.counts - closed.counts).max() <= 0.02 * closed.counts.max()
    assert deep.visits / closed.visits == pytest.approx(10**-5.5, rel=0.05)


def test_where_nothing_but_identical_columns_is_there_the_samples_go_on() -> None:
    at = Decimal("3.8"), Decimal("0.6180339887")
    for size, engine in ((1e-8, ""), (1e-28, "differences")):
        frame = last(chaos(at, size).frames())
        assert frame.done and frame.engine == engine and not frame.expected and not frame.counts.any()


def test_a_return_map_takes_over_where_samples_of_the_map_miss_its_attractor() -> None:
    """At Feigenbaum's point, nine doublings deep, still in float64's reach."""
    cascade = Cascade("logistic", "a", 3.5699456718709449, 0.5, 1.0, lambda x, a: a * x * (1 - x))
    request = BifurcationRequest(Grid(cascade.view(9, False), COLUMNS, ROWS), transient=400, samples=200)
    first, *_, frame = filter(None, request.frames())
    deep = last(LadderEngine().frames(request))
    assert (first.engine, first.done, frame.engine, frame.iterations) == ("", False, "return map", deep.iterations)
    assert np.array_equal(frame.counts, deep.counts) and frame.counts.any()


def test_tiles_of_a_view_in_chaos_are_those_of_the_whole() -> None:
    request = chaos(band_merging(), 1e-20)
    whole = last(request.frames())
    parts = [last(replace(request, grid=request.grid.part(first, 0, 24, ROWS)).frames()) for first in (0, 24)]
    assert {part.engine for part in parts} == {CAUSTICS}
    assert np.array_equal(np.hstack([part.counts for part in parts]), whole.counts)
