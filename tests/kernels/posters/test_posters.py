"""Tiles cover a picture once, are its pixels to the last bit, and a store goes on where it was or says why it does not."""

import itertools
import re
from collections.abc import Generator, Iterator, Sequence
from concurrent.futures import CancelledError
from dataclasses import dataclass, replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from kernels import BifurcationRequest, Grid, Viewport, deep
from kernels.equations import NewtonFamilyRequest, NewtonFractalRequest
from kernels.geometry import GridPart, decimal
from kernels.newton import NewtonBasinRequest, SurfaceRequest
from kernels.phase_plane import PhasePlaneRequest, PlaneBasinsRequest
from kernels.posters import Cluster, Computed, Cut, InTurn, Store, StoreError, compute, cut, fill
from kernels.posters import store as stores
from kernels.two_parameters import TwoParametersRequest

pytest.importorskip("zarr")

VIEW = Viewport.from_limits("3.4", "4", "0", "1")
DIAGRAM = BifurcationRequest(Grid(VIEW, 1, 1), transient=100, samples=301)
SIZE = 130, 40


@dataclass
class Ready:
    """A scheduler that has some tiles already, and stops after `count`."""

    tiles: Sequence[Computed]
    count: int = 1_000
    asked: Sequence[int] = ()

    def computed(self, cut: Cut, numbers: Sequence[int]) -> Iterator[tuple[int, Computed]]:
        self.asked = numbers
        for number in list(reversed(numbers))[: self.count]:
            yield number, self.tiles[number]
        if self.count < len(numbers):
            raise KeyboardInterrupt


@pytest.fixture(scope="module")
def strips() -> Cut:
    return cut(DIAGRAM, *SIZE, workers=9)


@pytest.fixture(scope="module")
def tiles(strips: Cut) -> list[Computed]:
    return [tile for _, tile in InTurn().computed(strips, range(len(strips)))]


@pytest.mark.parametrize(("columns", "rows", "workers"), [(1, 1, 1), (130, 40, 4), (1000, 700, 2), (100_000, 60_000, 1000), (3, 5000, 7)])
def test_tiles_cover_each_pixel_once(columns: int, rows: int, workers: int) -> None:
    surface = SurfaceRequest(Grid(Viewport.from_limits(-6, 6, -5, 5), 1, 1))
    for request in (DIAGRAM, surface):
        found = cut(request, columns, rows, workers)
        places = [found.place(number) for number in range(len(found))]
        assert sum((r.stop - r.start) * (c.stop - c.start) for r, c in places) == columns * rows
        assert len({(r.start, c.start) for r, c in places}) == len(found)
        assert all(0 <= r.start < r.stop <= rows and 0 <= c.start < c.stop <= columns for r, c in places)
        if request is DIAGRAM:
            assert all(r == slice(0, rows) for r, _ in places), "a column's exponents need all of its samples"


def test_parts_of_a_grid_lie_where_they_do_in_it() -> None:
    whole = Grid(Viewport.from_limits("3.56994567187", "3.56994567188", "0.1", "0.7"), 77, 31)
    part = whole.part(13, 5, 40, 20)
    assert np.array_equal(part.column_values(), whole.column_values()[13:53])
    assert np.array_equal(part.column_offsets(), whole.column_offsets()[13:53])
    assert np.array_equal(part.row_values(), whole.row_values()[5:25])
    assert part.whole == whole and part.is_resolved() == whole.is_resolved()
    with pytest.raises(ValueError, match="columns 50 to 90 are not part of 77"):
        GridPart(whole.viewport, 40, 20, 50, 0, (77, 31))


def test_the_picture_is_the_same_however_it_was_cut(strips: Cut, tiles: list[Computed], tmp_path: Path) -> None:
    whole = compute(replace(DIAGRAM, grid=strips.grid)).arrays
    assert len(tiles) == 3
    store = Store.new(tmp_path / "a.zarr", strips)
    steps = list(fill(store, Ready(tiles)))
    assert [str(step) for step in (steps[0], steps[-1])] == ["0 of 3 tiles", "3 of 3 tiles"] and steps[1].left > 0
    for name in store.names:
        columns = store.column_arrays()
        found = columns[name] if name in columns else np.concatenate(list(store.bands(name)))
        assert np.array_equal(found, whole[name], equal_nan=found.dtype.kind == "f"), name
    assert set(store.names) == set(whole) and store.devices == [tiles[0].device]


def test_a_store_goes_on_where_it_was_broken_off(strips: Cut, tiles: list[Computed], tmp_path: Path) -> None:
    path = tmp_path / "a.zarr"
    with pytest.raises(KeyboardInterrupt):
        list(fill(Store.resume(path, strips), Ready(tiles, 2)))
    with pytest.raises(StoreError, match=re.escape(f"{path} is there already; continue it with --resume, or remove it")):
        Store.new(path, strips)
    rest = Ready(tiles)
    # Another number of workers would cut otherwise: the store's own tiles count.
    store = Store.resume(path, cut(DIAGRAM, *SIZE, workers=1))
    list(fill(store, rest))
    assert rest.asked == [0] and not Store.resume(path, strips).missing


def test_what_is_of_another_picture_or_version_is_refused(
    strips: Cut, tiles: list[Computed], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.zarr"
    list(itertools.islice(fill(Store.new(path, strips), Ready(tiles)), 2))
    others = {
        "has transient 100, and the picture asked for has 7": cut(replace(DIAGRAM, transient=7), *SIZE),
        "has size 130 x 40, and the picture asked for has 131 x 40": cut(DIAGRAM, 131, 40),
        "has map logistic, and the picture asked for has sine": cut(replace(DIAGRAM, map="sine", sweep="r", parameters=()), *SIZE),
    }
    for text, other in others.items():
        with pytest.raises(StoreError, match=f"{re.escape(str(path))} is of another picture: it .*{text}") as raised:
            Store.resume(path, other)
        assert "\n" not in str(raised.value)
    alien = replace(tiles[0], versions={**tiles[0].versions, "jax": "0.1"})
    with pytest.raises(StoreError, match=r"a worker has jax 0\.1, and here it is .*; install the same versions"):
        Store.resume(path, strips).put(0, alien)
    monkeypatch.setattr(stores, "versions", lambda: tiles[0].versions | {"numpy": "9.9"})
    with pytest.raises(StoreError, match=r"was computed with numpy .*, and here it is 9\.9"):
        Store.resume(path, strips)
    (tmp_path / "b.zarr").mkdir()
    with pytest.raises(StoreError, match="is not a store of a picture"):
        Store.resume(tmp_path / "b.zarr", strips)


@pytest.mark.parametrize("error", [ConnectionError, CancelledError])
def test_a_scheduler_that_is_lost_is_one_line(strips: Cut, monkeypatch: pytest.MonkeyPatch, error: type[Exception]) -> None:
    pytest.importorskip("distributed")

    def lost(n_workers: int) -> None:
        raise error

    with pytest.raises(StoreError, match="the scheduler is lost; finished tiles are kept: start it again, and continue with --resume"):
        list(Cluster(SimpleNamespace(scheduler_info=lost)).computed(strips, [0]))


def test_orbits_that_cross_the_plane_are_not_cut() -> None:
    with pytest.raises(ValueError, match="a picture of PhasePlaneRequest cannot be cut into tiles: its pixels depend on one another"):
        cut(PhasePlaneRequest(Grid(Viewport.from_limits(-2, 2, -2, 2), 8, 8)), 100, 100)


def test_a_deep_view_s_return_map_is_found_once_for_all_tiles(monkeypatch: pytest.MonkeyPatch) -> None:
    centre = decimal("3.56994567187094490184200515138649893676")
    view = Viewport.from_limits(centre - decimal("1e-20"), centre + decimal("1e-20"), "0.3", "0.9")
    found = Cut(replace(DIAGRAM, grid=Grid(view, 1, 1)), Grid(view, 64, 40), 32, 40)  # parts of the whole's layout
    whole = compute(replace(found.request, grid=found.grid)).arrays
    first = compute(found.tile(0)).arrays
    monkeypatch.setattr(deep, "views", None)
    for number, tile in enumerate((first, compute(found.tile(1)).arrays)):
        rows, columns = found.place(number)
        assert np.array_equal(tile["counts"], whole["counts"][rows, columns])
        assert np.array_equal(tile["lyapunov"], whole["lyapunov"][columns], equal_nan=True)


VIEWS = Viewport.from_limits(-2, 2, -2, 2), Viewport.from_limits("1.3", "1.9", "-0.3", "0.3")


@pytest.mark.parametrize(
    "request_",
    [
        SurfaceRequest(Grid(Viewport.from_limits(-6, 6, -5, 5), 1, 1)),
        TwoParametersRequest(Grid(Viewport.from_limits("0.8", "1.4", "0.1", "0.4"), 1, 1), transient=60, samples=70),
        NewtonBasinRequest(Grid(Viewport.from_limits(-6, 6, -5, 5), 1, 1)),
        NewtonFractalRequest(Grid(VIEWS[0], 1, 1)),
        NewtonFractalRequest(Grid(VIEWS[1], 1, 1), "sin(z)"),
        NewtonFamilyRequest(Grid(VIEWS[0], 1, 1)),
        PlaneBasinsRequest(Grid(Viewport.from_limits(-2, 2, -2, 2), 1, 1), steps=200),
    ],
    ids=lambda request: f"{type(request).__name__}{getattr(request, 'equations', '')}",
)
def test_squares_are_those_of_the_whole(request_: Any) -> None:
    found = Cut(request_, Grid(request_.grid.viewport, 40, 30), 25, 20)
    whole = compute(replace(request_, grid=found.grid)).arrays
    facts, found = found.facts(), drained(found.prepared())
    assert found.facts() == facts, "a store tells what is asked for"
    for number in range(len(found)):
        for name, array in compute(found.tile(number)).arrays.items():
            wanted = whole[name][found.place(number)] if array.ndim > 1 and name != "roots" else whole[name]
            assert np.array_equal(array, wanted, equal_nan=array.dtype.kind == "f"), (number, name)


def drained(steps: Generator[None, None, Cut]) -> Cut:
    while True:
        try:
            next(steps)
        except StopIteration as end:
            return end.value


def test_limits_that_only_a_part_comes_to_have_a_label_of_their_own() -> None:
    """Of sin z, whose roots have no end, two are told: all tiles name them alike, and the others as one."""
    grid = Grid(VIEWS[1], 40, 30)
    told = replace(NewtonFractalRequest(grid, "sin(z)"), roots=((0.0, 0.0), (2 * np.pi, 0.0)))
    labels, whole = compute(told).arrays["labels"], compute(NewtonFractalRequest(grid, "sin(z)")).arrays
    near = np.hypot(*(whole["roots"][whole["labels"]] - [2 * np.pi, 0]).T).T < 1e-6
    assert np.array_equal(labels == 1, near) and set(np.unique(labels).tolist()) <= {-6, -5, -4, -3, -2, -1, 0, 1} and (labels == -5).any()
    few = replace(NewtonBasinRequest(Grid(Viewport.from_limits(-6, 6, -5, 5), 40, 30)), points=())
    assert set(np.unique(compute(few).arrays["labels"]).tolist()) <= {-1, -2, -3, -4, -5}
