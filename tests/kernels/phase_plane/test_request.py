"""The phase plane's pictures against orbits that NumPy iterates and counts by itself."""

import dataclasses
import math

import numpy as np
import pytest

from kernels.execution import batching
from kernels.geometry import Grid, Viewport
from kernels.maps import PLANE_MAPS
from kernels.phase_plane import PhasePlaneRequest
from kernels.phase_plane.counting import bins

VIEW = Viewport.from_limits(0, 1, 0, 1)


def last(request):
    *_, frame = request.frames()
    return frame


def counted(x, y, limits, columns, rows):
    """A histogram of points in the view's pixels, top row first, by NumPy."""
    left, right, bottom, top = limits
    counts, _, _ = np.histogram2d(y, x, (rows, columns), ((bottom, top), (left, right)))
    return counts[::-1].astype(np.int32)


def test_the_cat_maps_orbits_are_counted_exactly(monkeypatch):
    # On points with few binary digits its arithmetic is exact.
    points = np.random.default_rng(1).integers(0, 1024, (2, 100)) / 1024
    monkeypatch.setattr(PhasePlaneRequest, "initial_conditions", lambda _: points)
    frame = last(PhasePlaneRequest(Grid(VIEW, 32, 32), "cat", starts=100, steps=20, transient=3))
    (x, y), seen = points, []
    for n in range(23):
        seen += [(x, y)] if n >= 3 else []
        x, y = (x + y) % 1, (x + 2 * y) % 1
    assert np.array_equal(frame.counts, counted(*np.concatenate(seen, axis=1), (0, 1, 0, 1), 32, 32))
    assert (frame.inside, frame.diverged, frame.undefined, frame.done) == (2000, 0, 0, True)


def test_angles_are_drawn_where_the_view_has_them(monkeypatch):
    points = np.random.default_rng(1).integers(0, 1024, (2, 100)) / 1024
    monkeypatch.setattr(PhasePlaneRequest, "initial_conditions", lambda _: points)
    shifted = Viewport.from_limits(-1.5, -0.5, 2.25, 3.25)
    frame = last(PhasePlaneRequest(Grid(shifted, 32, 32), "cat", starts=100, steps=20))
    home = last(PhasePlaneRequest(Grid(VIEW, 32, 32), "cat", starts=100, steps=20))
    assert np.array_equal(frame.counts, np.roll(home.counts, (8, 16), (0, 1)))


def test_orbits_of_henons_map_are_counted_and_those_that_diverge_told():
    limits = -2.0, 2.0, -1.0, 1.0
    request = PhasePlaneRequest(Grid(Viewport.from_limits(*limits), 32, 32), "henon", starts=100, steps=20)
    (x, y), seen = request.initial_conditions(), []
    assert np.abs(x).max() < 2
    assert np.abs(y).max() < 1
    with np.errstate(all="ignore"):
        for _ in range(20):
            seen.append((x, y))
            x, y = 1 - 1.4 * x * x + y, 0.3 * x
        x, y = np.nan_to_num(np.concatenate(seen, axis=1), nan=99)
    frame = last(request)
    # Twenty steps of an expanding map carry rounding errors over some pixel's edge at most.
    assert np.abs(frame.counts - counted(x, y, limits, 32, 32)).sum() <= 4
    longer = last(PhasePlaneRequest(request.grid, "henon", starts=100, steps=40))
    assert 0 < longer.diverged < 100
    assert longer.undefined == 0


def test_an_orbit_that_reaches_a_pole_is_undefined():
    request = PhasePlaneRequest(Grid(VIEW, 32, 32), "newton-cube", start=(0.0, 0.0), steps=5)
    frame = last(request)
    assert (frame.diverged, frame.undefined) == (0, 1)


def test_starts_are_spread_evenly_or_at_random():
    even = PhasePlaneRequest(Grid(VIEW, 8, 8), "cat", starts=640)
    x, y = even.initial_conditions()
    shares = counted(x, y, (0, 1, 0, 1), 8, 8)
    assert shares.min() >= 8
    assert shares.max() <= 12
    one, other = (PhasePlaneRequest(Grid(VIEW, 8, 8), "cat", spread="random", seed=seed).initial_conditions() for seed in (1, 2))
    assert not np.array_equal(one, other)
    inside = PhasePlaneRequest(Grid(VIEW, 8, 8), "cat", region=(0.25, 0.5, 0.0, 0.125)).initial_conditions()
    assert (inside.min(1) >= (0.25, 0)).all()
    assert (inside.max(1) <= (0.5, 0.125)).all()


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"map": "logistic"}, "one coordinate"),
        ({"start": (math.nan, 0.0)}, "not a finite number"),
        ({"starts": 0}, "starts 0 is out of range"),
        ({"spread": "odd"}, "even or random"),
        ({"starts": 1_000_000, "steps": 10_000}, "more states than can be counted"),
        ({"parameters": (("q", 1.0),)}, "no parameter 'q'"),
        ({"region": (1.0, 0.0, 0.0, 1.0)}, "empty"),
    ],
)
def test_what_is_out_of_range_is_refused_in_one_line(given, words):
    with pytest.raises(ValueError, match=words) as error:
        PhasePlaneRequest(Grid(VIEW, 8, 8), **given)
    assert "\n" not in str(error.value)


def test_a_view_too_deep_is_refused():
    view = Viewport.from_limits("0.5", "0.50000000000000001", 0, 1)
    with pytest.raises(ValueError, match="zoom out"):
        list(PhasePlaneRequest(Grid(view, 32, 32), "cat").frames())


def test_histograms_have_a_few_lengths_with_room_for_what_lies_outside():
    assert all(bins(pixels) > pixels for pixels in (1, 7, 8, 1023, 1024, 1_024_000))
    assert len({bins(pixels) for pixels in range(500_000, 1_000_000, 1000)}) <= 5


def test_every_map_of_the_registry_has_orbits_in_its_first_view():
    assert len(PLANE_MAPS) >= 16
    for each in ("ikeda", "gingerbread"):
        assert PLANE_MAPS[each].plane is not None
        request = PhasePlaneRequest(Grid(PLANE_MAPS[each].plane, 32, 32), each, start=PLANE_MAPS[each].origin, steps=100, transient=100)
        assert last(request).inside > 50


def test_a_chaotic_picture_does_not_depend_on_how_many_steps_a_call_takes(monkeypatch):
    request = PhasePlaneRequest(Grid(PLANE_MAPS["henon"].plane, 64, 48), "henon", starts=100, steps=300, transient=100)
    pictures = []
    for steps in (2000, 50, 1):
        monkeypatch.setattr(batching, "batch_size", lambda *_, steps=steps: steps)
        pictures.append(last(request).counts)
    assert np.array_equal(pictures[0], pictures[1])
    assert np.array_equal(pictures[0], pictures[2])


def test_each_pixel_knows_an_orbit_and_chaotic_orbits_are_told():
    full = 2 * math.pi
    request = PhasePlaneRequest(Grid(Viewport.from_limits(0, full, 0, full), 32, 32), "standard", (("k", 0.0),), starts=100, by_orbit=True)
    frame = last(request)
    # At k = 0 an orbit keeps its y, so that a row's owner is the last of the orbits that begin in it; none is chaotic.
    rows = 31 - (request.initial_conditions()[1] / full * 32).astype(int)
    for row, owners in enumerate(frame.owners):
        assert set(owners[owners >= 0]) <= set(np.flatnonzero(rows == row))
        assert owners.max() == np.flatnonzero(rows == row).max()
    assert not frame.chaotic.any()
    assert np.array_equal(frame.owners >= 0, frame.counts > 0)
    assert np.array_equal(frame.counts, last(dataclasses.replace(request, by_orbit=False)).counts)
    assert last(PhasePlaneRequest(Grid(VIEW, 32, 32), "cat", starts=100, steps=100, by_orbit=True)).chaotic.all()
