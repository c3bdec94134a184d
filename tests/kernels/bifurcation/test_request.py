"""The bifurcation diagram: counts against NumPy's, exact totals, honest outcomes, and no compiling while one drags."""

import itertools
import math
import sys
from collections.abc import Iterator
from dataclasses import replace

import jax
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kernels import MAPS, BifurcationFrame, BifurcationRequest, Grid, Viewport
from kernels.bifurcation import DIVERGED, ENGINES, UNDEFINED, density, is_resolved
from kernels.bifurcation import request as request_module
from kernels.bifurcation.request import MOST_STEPS
from kernels.execution import batching, devices
from kernels.maps import LINE_MAPS
from kernels.single_orbit import ColumnRequest


def grid(left: object, right: object, bottom: object = 0, top: object = 1, columns: int = 60, rows: int = 40) -> Grid:
    return Grid(Viewport.from_limits(left, right, bottom, top), columns, rows)  # type: ignore[arg-type]


def frames(request: BifurcationRequest) -> list[BifurcationFrame]:
    return [frame for frame in request.frames() if frame is not None]


def last(request: BifurcationRequest) -> BifurcationFrame:
    return frames(request)[-1]


def counted_by_numpy(request: BifurcationRequest) -> np.ndarray:
    """The picture by the definition: orbits stored, a histogram a column. Logistic map. Shape (rows, columns)."""
    a, view = request.grid.column_values(), request.grid.viewport
    x = np.full(len(a), request.start)
    for _ in range(request.transient):
        x = a * x - a * x * x
    orbit = np.empty((request.samples, len(a)))
    for n in range(request.samples):
        x = orbit[n] = a * x - a * x * x
    limits = [float(limit) for limit in view.y_limits]
    counts = [np.histogram(orbit[:, j], request.grid.rows, limits)[0] for j in range(len(a))]
    return np.array(counts).T[::-1]


@pytest.mark.parametrize(
    "request_",
    [
        BifurcationRequest(grid("2.6", "3.54"), transient=2000, samples=300),
        BifurcationRequest(grid("3.829", "3.8405", "0.1", "0.6"), transient=3000, samples=100),  # period 3: a window in a window
        BifurcationRequest(grid("3.4", "4"), transient=0, samples=12),  # chaotic, but too short for rounding to grow
        BifurcationRequest(grid("3.4", "4", "0.2", "0.21", columns=257, rows=300), transient=5, samples=9, start=0.3),
    ],
)
def test_counts_are_numpy_s(request_: BifurcationRequest) -> None:
    frame = last(request_)
    expected = counted_by_numpy(request_)
    assert np.array_equal(frame.counts, expected)
    assert np.array_equal(frame.outside, request_.samples - expected.sum(axis=0))


def test_chaotic_columns_have_numpy_s_density() -> None:
    # Rounding differs, so orbits part; their densities do not: the invariant one at 4 is 1 / (π √(x (1 - x)))
    frame = last(BifurcationRequest(grid("3.9999999", "4", columns=64, rows=20), start=0.3, transient=100, samples=20_000))
    edges = np.linspace(0, 1, 21)
    expected = np.diff(2 / math.pi * np.arcsin(np.sqrt(edges)))[::-1]
    assert np.allclose(frame.counts.mean(axis=1) / 20_000, expected, atol=0.003)


def test_both_limits_of_the_window_are_in_it() -> None:
    # At a = 4 from 1/2: 1, 0, 0, ...
    frame = last(BifurcationRequest(grid("3.5", "4.5", columns=1, rows=10), transient=0, samples=5))
    assert list(frame.counts[:, 0]) == [1, 0, 0, 0, 0, 0, 0, 0, 0, 4]


@pytest.mark.parametrize("name", LINE_MAPS)
def test_every_map_has_a_picture_of_its_default_view(name: str) -> None:
    each = MAPS[name]
    request = BifurcationRequest(Grid(each.view, 60, 80), name, each.sweep, start=each.start, transient=300, samples=200)
    frame = last(request)
    assert frame.counts.shape == (80, 60) and frame.counts.dtype == np.int32
    assert np.array_equal(frame.counts.sum(axis=0) + frame.outside, np.full(60, 200))
    assert frame.counts.any() and frame.counts.min() >= 0
    for array in (frame.columns, frame.period, frame.multiplier, frame.lyapunov, frame.skipped, frame.outside):
        assert array.shape == (60,)
    settled = frame.period > 0
    cycles = np.log(np.abs(frame.multiplier[settled])) / frame.period[settled]
    near = frame.skipped[settled] == 0
    assert np.allclose(frame.lyapunov[settled][near], cycles[near], atol=0.2)  # 200 samples, some still settling


@pytest.mark.parametrize("name", [name for name in LINE_MAPS if len(MAPS[name].parameters) > 1])
def test_another_parameter_can_be_swept(name: str) -> None:
    each = MAPS[name]
    other = next(p for p in each.parameters if p.name != each.sweep)
    wide = Viewport.from_limits(other.low, other.high, *each.view.y_limits)
    frame = last(BifurcationRequest(Grid(wide, 50, 40), name, other.name, {each.sweep: 0.3}, start=each.start))
    assert frame.counts.any()
    assert frame.request.parameters == ((each.sweep, 0.3),)


@given(
    transient=st.integers(0, 400),
    samples=st.integers(1, 900),
    chunk=st.integers(1, 60),
)
@settings(max_examples=25)
def test_the_picture_does_not_depend_on_how_the_work_was_cut(transient: int, samples: int, chunk: int) -> None:
    request = BifurcationRequest(grid("3.5", "4", columns=40), transient=transient, samples=samples, start=0.37)
    whole = last(request)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(batching, "batch_size", lambda kind, columns, share=1.0: chunk)
        pieces = frames(request)
    assert (pieces[-1].transient, pieces[-1].samples, pieces[-1].done) == (transient, samples, True)
    for name in ("counts", "outside", "period", "multiplier", "lyapunov", "skipped"):
        assert np.array_equal(getattr(pieces[-1], name), getattr(whole, name), equal_nan=True)
    assert all(np.all(f.counts.sum(axis=0) + f.outside == f.samples) for f in pieces)
    seen = [f.samples for f in pieces if f.transient == transient]  # before that a slow machine shows previews
    assert seen == sorted(seen)


def test_more_samples_than_16_bits_hold_are_counted() -> None:
    frame = last(BifurcationRequest(grid("2", "3.2", columns=8, rows=4), samples=100_000))
    assert np.array_equal(frame.counts.sum(axis=0), np.full(8, 100_000))
    assert frame.counts[:, 0].max() == 100_000
    assert density.limit(devices.layout(8)) >= 32_767


def test_refining_carries_on_and_passes_the_samples_asked_for() -> None:
    request = BifurcationRequest(grid("3.4", "4"), transient=40, samples=50, keep_refining=True)
    seen = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(batching, "batch_size", lambda kind, columns, share=1.0: 40)
        patch.setattr("kernels.bifurcation.float_run.SHOW_EVERY", 0.0)
        stream = request.frames()
        for frame in stream:
            if frame is not None:
                seen.append(frame)
            if len(seen) == 4:
                stream.close()  # type: ignore[attr-defined]
    assert [f.samples for f in seen] == [40, 50, 90, 130]  # 40 is a whole number of rounds
    assert not any(f.done for f in seen)
    assert [f.progress for f in seen][1:] == [1.0] * 3
    for before, after in itertools.pairwise(seen):
        assert np.all(after.counts >= before.counts)  # counts are added to, never begun anew
    exact = last(replace(request, keep_refining=False))
    assert np.array_equal(seen[1].counts.sum(axis=0), exact.counts.sum(axis=0))


def test_a_long_transient_shows_where_it_is_and_is_left_out_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    request = BifurcationRequest(grid("2", "3.4"), transient=400, samples=64)
    monkeypatch.setattr(batching, "batch_size", lambda kind, columns, share=1.0: 104)
    monkeypatch.setattr("kernels.bifurcation.float_run.SHOW_EVERY", 0.0)
    seen = frames(request)
    assert [(f.transient, f.samples) for f in seen] == [(104, 64), (208, 64), (312, 64), (400, 64)]
    assert np.array_equal(seen[-1].counts, last(request).counts)
    assert np.array_equal(seen[-1].counts, counted_by_numpy(request))


def test_escaped_orbits_are_diverged_and_outside_never_unresolved() -> None:
    frame = last(BifurcationRequest(grid("3.9", "4.5", columns=61), transient=200, samples=100))
    escaped = frame.columns > 4.01
    assert np.all(frame.period[escaped] == -1) and np.all(frame.period[~escaped & (frame.columns < 4)] >= 0)
    assert np.all(frame.outside[escaped] == 100) and not frame.counts[:, escaped].any()
    assert np.all(np.isnan(frame.lyapunov[escaped])) and np.all(np.isnan(frame.multiplier[escaped]))


def test_what_is_not_infinity_is_undefined() -> None:
    # From 800: out of the domain, at a pole from which float64 comes back, a mere overflow, and growth.
    formula = "where(a < 1, sqrt(x-1), where(a < 2, 1/(x-800), where(a < 3, log(1+exp(x)), exp(x)-exp(2*x))))"
    view = Viewport.from_limits("0", "4", "-1", "1")
    frame = last(BifurcationRequest(Grid(view, 60, 40), map=formula, start=800.0, transient=50, samples=20))
    assert frame.period.tolist() == [UNDEFINED] * 45 + [DIVERGED] * 15
    assert np.isnan(frame.lyapunov).all() and (frame.outside == 20).all()
    for a in (0.5, 1.5, 2.5, 3.5):
        *_, column = ColumnRequest(formula, (("a", a),), 800.0, 50, (-1.0, 1.0)).frames()
        assert column is not None and column.period == (DIVERGED if a > 3 else UNDEFINED)


def test_lyapunov_exponents_are_those_of_the_closed_forms() -> None:
    one = last(BifurcationRequest(grid("1.2", "2.9", columns=30), start=0.3))
    assert np.allclose(one.lyapunov, np.log(np.abs(2 - one.columns)), atol=1e-9)
    two = last(BifurcationRequest(grid("3.1", "3.4", columns=30), start=0.3))
    assert np.allclose(two.lyapunov, np.log(np.abs(4 + 2 * two.columns - two.columns**2)) / 2, atol=1e-6)
    assert set(two.period) == {2}


def test_a_super_attracting_point_has_minus_infinity() -> None:
    frame = last(BifurcationRequest(grid("1.5", "2.5", columns=1)))
    assert (frame.period[0], frame.multiplier[0], frame.lyapunov[0], frame.skipped[0]) == (1, 0.0, -math.inf, 1000)
    two = last(BifurcationRequest(grid("-1.5", "-0.5", columns=1), map="quadratic", sweep="c", start=0.0))
    assert (two.period[0], two.multiplier[0], two.lyapunov[0], two.skipped[0]) == (2, 0.0, -math.inf, 500)


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"map": "lorenz"}, "'lorenz'.*logistic"),
        ({"sweep": "q"}, "'q'; it has a"),
        ({"parameters": {"q": 1.0}}, "'q'"),
        ({"start": math.nan}, "nan.*0.5"),
        ({"transient": -5}, "transient -5.*from 0 to"),
        ({"samples": 0}, "samples 0.*from 1 to"),
        ({"samples": MOST_STEPS + 1}, "2 147 483 647"),
        ({"samples": 2.5}, "samples 2.5"),
        ({"samples": True}, "samples True"),
        ({"map": "gauss", "sweep": "beta", "parameters": {"alpha": math.inf}}, "alpha = inf.*0 to 20"),
        ({"grid": grid(0, 1, columns=10_000_000, rows=10_000_000)}, r"needs 1 8\d\d \d{3} \d{3} \d{3} \d{3} bytes.*fewer"),
    ],
)
def test_bad_requests_get_one_line_before_anything_is_computed(change: dict[str, object], named: str) -> None:
    with pytest.raises(ValueError, match=named) as caught:
        BifurcationRequest(**({"grid": grid(3, 4)} | change))  # type: ignore[arg-type]
    assert "\n" not in str(caught.value)


def test_a_view_beyond_float64_is_refused_and_not_drawn() -> None:
    request = BifurcationRequest(grid("1.57", "1.57000000000000001"), map="tent", sweep="m")
    with pytest.raises(ValueError, match="cannot tell neighbouring"):
        next(request.frames())


def test_parameters_are_completed_sorted_and_compare_equal() -> None:
    one = BifurcationRequest(grid(0, 1), "circle", "omega")
    other = BifurcationRequest(grid(0, 1), "circle", "omega", {"k": 1.0, "omega": 0.2})
    assert one.parameters == (("k", 1.0),) and one == other and hash(one) == hash(other)


def test_dragging_compiles_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    compiled = []
    request = BifurcationRequest(grid("3.4", "4", columns=60, rows=50), transient=100, samples=100)
    gauss = BifurcationRequest(Grid(MAPS["gauss"].view, 60, 50), "gauss", "beta", transient=100, samples=100)
    last(request), last(gauss)
    with monkeypatch.context() as patch:  # a slow machine cuts the work into more calls, whose counts are added
        patch.setattr(batching, "TARGET_DURATION", 1e-9)
        last(request), last(gauss)
    listen = lambda name, *_, **__: compiled.append(name)  # noqa: E731
    jax.monitoring.register_event_duration_secs_listener(listen)
    try:
        for change in (
            {"start": 0.123},
            {"transient": 250},
            {"samples": 333},
            {"grid": grid("3.5", "3.6", "0.2", "0.4", columns=60, rows=50)},
            {"grid": grid("3.5", "3.6", columns=57, rows=61)},
        ):
            last(replace(request, **change))  # type: ignore[arg-type]
        last(replace(gauss, parameters={"alpha": 4.9}))
    finally:
        jax.monitoring.unregister_event_duration_listener(listen)
    assert [name for name in compiled if "compile" in name] == []


def test_a_gpu_that_fails_gives_way_to_the_cpu(monkeypatch: pytest.MonkeyPatch) -> None:
    from kernels.bifurcation import engines

    real, tries = engines.Run, []

    class Failing(real):  # type: ignore[misc, valid-type]
        def frames(self) -> Iterator[BifurcationFrame | None]:
            tries.append(devices.platform())
            if devices.platform() != "cpu":
                raise RuntimeError("RESOURCE_EXHAUSTED: out of memory\nlong story")
            yield from super().frames()

    request = BifurcationRequest(grid("3.4", "4"), samples=10)
    failed = []
    monkeypatch.setattr(engines, "Run", Failing)
    monkeypatch.setattr(devices, "platform", lambda: "cpu" if failed else "gpu")
    monkeypatch.setattr(devices, "fall_back", failed.append)
    monkeypatch.setattr(devices, "layout", lambda count: devices.Layout(devices.mesh(), 128, 128))
    frame = last(request)
    assert tries == ["gpu", "cpu"] and frame.samples == 10
    assert "RESOURCE_EXHAUSTED" in str(failed[0])


def test_a_failure_on_the_cpu_is_not_hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    from kernels.bifurcation import float_run

    monkeypatch.setattr(float_run.orbits, "advance", lambda *_: (_ for _ in ()).throw(RuntimeError("broken")))
    with pytest.raises(RuntimeError, match="broken"):
        last(BifurcationRequest(grid("3.4", "4")))


@pytest.fixture
def pretended_gpu(monkeypatch: pytest.MonkeyPatch) -> None:
    """Choose precisions as on a GPU; the CPU does the work."""
    monkeypatch.setattr(devices, "platform", lambda: "gpu")


def test_a_gpu_uses_float32_only_while_pixels_differ_in_it(pretended_gpu: None) -> None:
    for view, engine in (
        (("3.4", "4"), "float32"),
        (("3.5", "3.500001"), "float64"),
        (("3.4", "4", "0.5", "0.5000001"), "float64"),
    ):
        assert last(BifurcationRequest(grid(*view, columns=30, rows=20), transient=10, samples=10)).precision == engine


def test_float32_finds_the_same_diagram_where_orbits_settle(pretended_gpu: None) -> None:
    request = BifurcationRequest(grid("2.6", "3.4", columns=30, rows=20), transient=3000, samples=200)
    frame = last(request)
    assert frame.precision == "float32"
    expected = counted_by_numpy(request)
    assert np.abs(frame.counts - expected).sum() <= 0.02 * expected.sum()  # a point on a pixel's edge may fall either way
    away = np.abs(frame.columns - 3) > 0.05
    assert np.array_equal(frame.period[away], np.where(frame.columns[away] < 3, 1, 2))
    stable = frame.columns < 2.95
    assert np.allclose(frame.lyapunov[stable], np.log(np.abs(2 - frame.columns[stable])), atol=1e-4)


def test_the_first_engine_that_resolves_the_view_computes_it_and_a_deeper_one_is_an_entry(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    drawn = []

    class Deeper:
        name = "deeper"

        def is_available(self) -> bool:
            return True

        def resolves(self, grid: Grid, map: str) -> tuple[bool, bool]:
            return True, True

        def frames(self, request: BifurcationRequest) -> Iterator[BifurcationFrame | None]:
            drawn.append(request)
            return iter(())

    deep, shallow = (BifurcationRequest(grid("1.57", right), map="tent", sweep="m", samples=10) for right in ("1.57000000000000001", "2"))
    assert is_resolved(shallow.grid, "tent") == (True, True) and is_resolved(deep.grid, "tent") == (False, True)
    monkeypatch.setattr(request_module, "ENGINES", [*ENGINES, Deeper()])
    assert is_resolved(deep.grid, "tent") == (True, True)
    assert last(shallow).precision == "float64"
    assert list(deep.frames()) == [] and drawn == [deep]


def test_offsets_differ_where_the_columns_no_longer_do() -> None:
    request = BifurcationRequest(grid("3.57", "3.57000000000000001", columns=30))
    offsets = request.grid.column_offsets()
    assert (np.diff(offsets) > 0).all() and offsets.sum() == pytest.approx(0.0, abs=1e-30)
    np.testing.assert_allclose(np.diff(offsets), 1e-17 / 30)
    shallow = last(BifurcationRequest(grid("3.4", "4"), samples=10))
    np.testing.assert_allclose(3.7 + shallow.offsets, shallow.columns, rtol=1e-15)


def test_a_frame_as_a_labelled_data_set() -> None:
    pytest.importorskip("xarray")
    frame = last(BifurcationRequest(grid("2.6", "3.54"), transient=2000, samples=300))
    found = frame.to_xarray()
    assert dict(found.sizes) == {"x": 40, "a": 60} and found.attrs["map"] == "logistic" and found.attrs["samples"] == 300
    column = found.sel(a=3.2, method="nearest")
    assert int(column.period) == 2 and int(column.counts.sum()) == 300
    a = float(column.a)
    low, high = ((a + 1 + sign * math.sqrt((a - 3) * (a + 1))) / (2 * a) for sign in (-1, 1))
    visited = column.x[column.counts > 0].values
    assert visited == pytest.approx([high, low], abs=1 / 40)


def test_without_xarray_a_frame_says_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    frame = last(BifurcationRequest(grid("2.6", "3.54"), transient=2000, samples=300))
    monkeypatch.setitem(sys.modules, "xarray", None)
    with pytest.raises(ImportError, match="pip install xarray"):
        frame.to_xarray()


def test_following_shows_coexistence_where_the_closed_form_says() -> None:
    # Fixed points solve r = (x^3 - x) / 2, folded at r = ±1 / (3 sqrt 3).
    asked = BifurcationRequest(grid(-0.3, 0.3, -2, 2), "x + r + 0.5*(x - x^3)", "r", start=0.1, transient=300, samples=20, follow="both")
    *_, frame = frames(asked)
    assert frame.other is not None and frame.done and frame.request is asked and frame.progress == 1
    r, fold = frame.columns, 1 / (3 * math.sqrt(3))
    lower, upper = (each.counts[20:].any(axis=0) for each in (frame, frame.other))
    away = np.abs(np.abs(r) - fold) > 0.005
    assert np.array_equal(lower[away], (r < fold)[away]) and np.array_equal(upper[away], (r < -fold)[away])
    assert (frame.period[away] == 1).all() and (frame.other.period[away] == 1).all()
    # Each column begins where its neighbour came to, at first at x₀.
    assert frame.begun is not None and frame.other.begun is not None
    x = 0.1
    for column in range(3):
        assert frame.begun[0, column] == pytest.approx(x, abs=1e-14)
        for _ in range(300):
            x = x + r[column] + 0.5 * (x - x**3)
    assert frame.other.begun[0, -1] == 0.1
    alone = last(replace(asked, follow="right"))
    assert np.array_equal(alone.counts, frame.other.counts) and alone.other is None
    assert not asked.cut_along
    with pytest.raises(ValueError, match="follow is 'up'; it may be left, right, both"):
        replace(asked, follow="up")


def test_columns_follow_on_from_the_initial_condition_after_one_that_diverges() -> None:
    frame = last(BifurcationRequest(grid(3.9, 4.1), "logistic", "a", transient=200, samples=20, follow="right"))
    assert (frame.period[frame.columns > 4] == DIVERGED).all() and (frame.period[frame.columns < 4] >= 0).all()
    assert frame.begun is not None and frame.begun[0, frame.columns > 4].tolist() == [0.5] * 30


class FailedCounts:
    """Counts that a call returned before it failed, as calls of JAX may: using them raises its error."""

    def __init__(self, shape: tuple[int, ...]) -> None:
        self.shape, self.nbytes = shape, 2 * math.prod(shape)

    def is_deleted(self) -> bool:
        return False

    def block_until_ready(self) -> None:
        raise MemoryError("no room")


def test_counts_of_a_call_that_fails_late_are_not_used_again(monkeypatch: pytest.MonkeyPatch) -> None:
    request = BifurcationRequest(grid(2.5, 4.0), samples=64, transient=8)
    whole, count = last(request), density.count
    with monkeypatch.context() as patched:
        patched.setattr(density, "count", lambda *given: (*count(*given)[:2], FailedCounts(given[6].shape)))
        with pytest.raises(MemoryError, match="no room"):
            frames(request)
    np.testing.assert_array_equal(last(request).counts, whole.counts)


def test_counts_in_one_part_and_in_two_are_different_kernels() -> None:
    """Also where all are 32 bits wide, as on a GPU."""
    one, two = np.arange(6, dtype=np.int32).reshape(2, 3), np.full((2, 3), 7, np.int32)
    for parts in ((one,), (one, two)):
        np.testing.assert_array_equal(density.add(parts), sum(parts))
        np.testing.assert_array_equal(density.picture(parts), sum(parts).T)  # type: ignore[union-attr]


def test_a_cycle_whose_slope_is_infinite_has_no_exponent() -> None:
    """The square root's slope at 0; from elsewhere it comes to a^2, where the slope is 1/2."""
    request = BifurcationRequest(grid("0.5", "1.5", "-1", "3", columns=8, rows=20), "a*sqrt(abs(x))", "a", start=0.0, samples=100)
    frame = last(request)
    assert np.isnan(frame.lyapunov).all() and (frame.period == 1).all() and np.isinf(frame.multiplier).all()
    assert last(replace(request, start=0.3, transient=100)).lyapunov == pytest.approx(np.full(8, -math.log(2)), rel=1e-9)
