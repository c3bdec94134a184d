"""The post's timings: their statistics on a clock of our own, what the variants compute, and the frames. No test looks at real times."""

import contextlib
import dataclasses
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import Any

import jax
import numpy as np
import pytest

from kernels.timings import measure as timings_measure
from kernels.timings import request as timings
from kernels.timings import sweeps as timings_sweeps
from kernels.timings import workloads as timings_work
from kernels.timings.measure import Budget, Timing, Work, measure, timing
from kernels.timings.request import FUNJAX, POST, TimingsFrame, TimingsRequest
from kernels.timings.sweeps import Sweep, SweepPoint, Way, run, sweeps, too_long, verdict
from kernels.timings.workloads import Workload, post_workloads

TINY = Budget(1e-9, least=3)


class FakeClock:
    """A clock that only moves when told to."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now

    def work(self, seconds: Iterator[float]) -> Callable[[], None]:
        """A call that takes as long as the next of `seconds`."""

        def call() -> None:
            self.now += next(seconds)

        return call


def finish(steps: Generator[Any, None, Timing]) -> tuple[Timing, int]:
    """What the generator returns, and how often it could have been stopped."""
    stops = 0
    while True:
        try:
            next(steps)
        except StopIteration as end:
            return end.value, stops
        stops += 1


# --- statistics ---


def test_median_and_quartiles() -> None:
    found = timing(np.array([5.0, 1.0, 3.0, 2.0, 4.0]), None)
    assert found == Timing(median=3.0, low=2.0, high=4.0, calls=5, compile=None)
    assert found.first == 3.0


def test_compiling_is_what_the_first_call_took_beyond_a_warm_one() -> None:
    clock = FakeClock()
    times = iter([7.0, 1.0, 2.0, 3.0])
    found, _ = finish(measure(Work(clock.work(times)), Budget(0.5, least=3), clock))
    assert (found.compile, found.median, found.calls, found.first) == (5.0, 2.0, 3, 7.0)


def test_compiling_never_takes_less_than_nothing() -> None:
    assert timing(np.array([2.0, 2.0]), 1.0).compile == 0.0


def test_what_is_not_compiled_has_no_compile_time_and_its_first_call_does_not_count() -> None:
    clock = FakeClock()
    found, _ = finish(measure(Work(clock.work(iter([9.0, 1.0, 1.0, 1.0])), compiled=False), Budget(0.5, least=3), clock))
    assert found == Timing(1.0, 1.0, 1.0, 3, None)


def test_the_time_ends_the_measuring_and_so_does_the_number_of_calls() -> None:
    clock = FakeClock()
    endless = iter(lambda: 0.1, None)
    assert finish(measure(Work(clock.work(endless)), Budget(1.0, least=3), clock))[0].calls in (10, 11)
    assert finish(measure(Work(clock.work(endless)), Budget(60, most=7, least=3), clock))[0].calls == 7


def test_it_can_be_stopped_often_and_counts_nothing_that_goes_on_meanwhile() -> None:
    clock = FakeClock()
    steps = measure(Work(clock.work(iter(lambda: 0.015, None)), compiled=False), Budget(0.3), clock)
    stops = 0
    with pytest.raises(StopIteration) as end:
        while True:
            next(steps)
            stops += 1
            clock.now += 100.0
    assert stops >= 10
    assert end.value.value.high == pytest.approx(0.015)


def test_work_in_pieces_can_be_stopped_within() -> None:
    clock = FakeClock()

    def pieces() -> Generator[None, None, str]:
        for _ in range(4):
            clock.now += 1.0
            yield
        return "result"

    found, stops = finish(measure(Work(pieces, compiled=False, in_pieces=True), Budget(1.0, least=2), clock))
    assert (found.median, found.calls) == (4.0, 2)
    assert stops >= 12


def test_compiling_is_measured_without_the_folder_of_compiled_kernels(tmp_path: Path) -> None:
    seen: list[bool] = []
    before = jax.config.jax_enable_compilation_cache

    def call() -> None:
        seen.append(jax.config.jax_enable_compilation_cache)
        if len(seen) == 1:
            raise RuntimeError("the compiler gave up")

    with pytest.raises(RuntimeError):
        finish(measure(Work(call), TINY))
    assert jax.config.jax_enable_compilation_cache == before
    finish(measure(Work(call), TINY))
    assert seen == [False, False, *[before] * 3]


@pytest.mark.parametrize(
    ("mine", "other", "calls"),
    [(Timing(1, 1, 1, 5, 10.0), 3.0, 5), (Timing(1, 1, 1, 5, 10.0), 0.5, np.inf), (Timing(1, 1, 1, 5), 3.0, None)],
)
def test_after_how_many_calls_compiling_has_paid(mine: Timing, other: float, calls: float | None) -> None:
    assert mine.pays_after(other) == calls


@pytest.mark.parametrize("wrong", [{"seconds": 0}, {"seconds": float("nan")}, {"seconds": 61}, {"seconds": 1, "least": 0}])
def test_a_wrong_budget_is_refused_in_one_line(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"^[^\n]*out of range; give[^\n]*$"):
        Budget(**wrong)


@pytest.mark.parametrize("wrong", [{"seconds": 0}, {"sweep_seconds": -1}, {"largest": 0}, {"largest": True}])
def test_a_wrong_request_is_refused_in_one_line(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"^[^\n]*out of range; give[^\n]*$"):
        TimingsRequest(**wrong)


# --- what the variants compute ---

SHORT = post_workloads(steps=40, transient=7, samples=12)
"""So few steps that chaos has not yet blown up what the order of the operations rounds differently."""


def result(work: Work) -> np.ndarray:
    if work.in_pieces:
        steps = work.call()
        while True:
            try:
                next(steps)
            except StopIteration as end:
                return np.asarray(end.value)
    return np.asarray(work.call())


@pytest.mark.parametrize("workload", SHORT, ids=[w.name for w in SHORT])
def test_the_variants_of_a_workload_compute_the_same(workload: Workload) -> None:
    found = {variant.name: result(variant.make()) for variant in workload.variants}
    if workload.name == "orbits":
        found["funjax"] = found["funjax"][:, :600].T  # columns that only fill up the devices come last
    first = next(iter(found.values()))
    for values in found.values():
        np.testing.assert_allclose(values, first, rtol=1e-9, atol=1e-12)


def test_the_whole_fixed_point_loop_and_the_orbit_at_3_4_too() -> None:
    fixed, orbit, *_ = post_workloads()
    finals = [result(variant.make()) for variant in fixed.variants if variant.name != "jit, loop written out"]
    starts = timings_work.STARTS
    np.testing.assert_allclose(finals[0][np.abs(starts) < 7], 3, rtol=1e-14)
    for values in finals:
        np.testing.assert_allclose(values, finals[0], rtol=1e-12)
    states = [result(variant.make()) for variant in orbit.variants if variant.source == FUNJAX or variant.name == "jit"]
    cycle = np.sort([0.45196324762607, 0.84215439943265])
    assert states[0].shape == (1000,)
    for values in states:
        np.testing.assert_allclose(np.unique(values.round(12)), cycle, atol=1e-10)


def test_the_updates_lead_to_the_maximum() -> None:
    for workload in SHORT[3:]:
        for variant in workload.variants:
            np.testing.assert_allclose(-result(variant.make()), [3, 7], rtol=1e-12)


def test_the_posts_figures_in_its_order() -> None:
    figures = [v.post for w in post_workloads() for v in w.variants if v.post is not None]
    assert figures == [1.74e-3, 201e-6, 354e-3, 681e-6, 626e-6, 123e-6, 146e-6]
    assert all((v.post is not None) == (v.source == POST) for w in post_workloads() for v in w.variants)
    assert [w.gpu for w in post_workloads()] == [201e-6, 681e-6, 626e-6, 123e-6, 146e-6]


# --- rows and frames ---


@dataclasses.dataclass(frozen=True)
class ShortRequest(TimingsRequest):
    """Few steps, so that nothing takes long."""

    def workloads(self) -> tuple[Workload, ...]:
        return SHORT

    def planned(self) -> tuple[Sweep, ...]:
        if not self.sweeps:
            return ()
        return tuple(dataclasses.replace(sweep, sizes=(1, 4)) for sweep in sweeps(steps=8, transient=4, samples=4)[:1])


@pytest.fixture
def kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """Compiled kernels are kept, against the rule, for here nobody looks at what compiling takes."""
    monkeypatch.setattr(timings_measure, "_without_cache", contextlib.nullcontext)


@pytest.mark.usefixtures("kept")
def test_a_run_streams_its_rows_and_says_what_it_is_doing() -> None:
    request = ShortRequest(seconds=1e-6, sweeps=False)
    frames = [frame for frame in request.frames() if frame is not None]
    counts = [len(frame.rows) for frame in frames]
    expected = sum(len(w.variants) for w in SHORT)
    assert counts == [*range(expected), expected]
    assert all(frame.request is request for frame in frames)
    assert [frame.progress for frame in frames] == sorted(frame.progress for frame in frames)
    assert frames[0].doing and not frames[0].done
    last = frames[-1]
    assert (last.done, last.doing, last.progress) == (True, "", 1.0)
    assert last.device and last.points == ()
    for row in last.rows:
        assert 0 < row.timing.low <= row.timing.median <= row.timing.high
        assert row.timing.compile is None or row.timing.compile > 0
        assert row.ratio > 0
    won, lost = last.beaten()
    assert len(won) + len(lost) == 5
    paying = [row.variant for row in last.rows if row.pays_after is not None]
    assert paying == ["jit, loop written out", "compiled loop", "funjax", "jit", "funjax"]


@pytest.mark.usefixtures("kept")
def test_sweeps_stream_their_points() -> None:
    request = ShortRequest(seconds=1e-6, sweep_seconds=1e-6)
    seen, last = 0, None
    for last in filter(None, request.frames()):
        assert len(last.points) - seen in (0, 1)
        seen = len(last.points)
    assert last is not None and last.done
    assert [(point.sweep, point.size) for point in last.points] == [("starts", 1)] * 3 + [("starts", 4)] * 3
    assert all(point.timing.median > 0 for point in last.points)
    for sweep in request.planned():
        assert verdict(sweep, last.points).count("\n") == len(sweep.ways) - 2


def test_closing_a_run_early_leaves_jax_as_it_was() -> None:
    before = jax.config.jax_enable_compilation_cache
    frames = ShortRequest(seconds=1e-6).frames()
    for _ in range(4):
        next(frames)
    frames.close()
    assert jax.config.jax_enable_compilation_cache == before


def test_the_ways_of_a_sweep_compute_the_same() -> None:
    starts, parameters, variables = sweeps(steps=20, transient=3, samples=5)
    many = [result(way.make(16)) for way in starts.ways]
    for values in many[1:]:
        np.testing.assert_allclose(values[~np.isnan(values)], many[0], rtol=1e-9)
    one_by_one, vmapped, ours = (way.make(6).call() for way in parameters.ways)
    np.testing.assert_allclose(np.array(one_by_one), vmapped, rtol=1e-9)
    np.testing.assert_allclose(np.asarray(ours)[:, :6].T, vmapped, rtol=1e-9)
    naive, inner = (result(way.make(8)) for way in variables.ways)
    np.testing.assert_allclose(inner, naive, rtol=1e-8, atol=1e-11)


def made_up(base: list[float], mine: list[float], compiling: float) -> tuple[Sweep, tuple[SweepPoint, ...]]:
    ways = (Way("slow", lambda n: Work(int)), Way("quick", lambda n: Work(int)))
    sweep = Sweep("made-up", "Made up", "things", tuple(range(1, len(base) + 1)), ways)
    points = [SweepPoint("made-up", "slow", n, Timing(t, t, t, 5)) for n, t in enumerate(base, 1)]
    points += [SweepPoint("made-up", "quick", n, Timing(t, t, t, 5, compiling)) for n, t in enumerate(mine, 1)]
    return sweep, tuple(points)


@pytest.mark.parametrize(
    ("base", "mine", "compiling", "words"),
    [
        ([1, 2, 3], [2, 1, 1], 4.0, "quick: faster than slow from 2 things on, 3.0 times at 3; its compiling has paid after 2 calls."),
        ([2, 2], [1, 0.1], 1.0, "quick: faster than slow at every size, 20 times at 2; its compiling has paid after one call."),
        ([1, 1], [0.5, 2], 1.0, "quick: not faster than slow at any size measured."),
        ([1, 2], [0.5, 1], 0.0, "quick: faster than slow at every size, 2.0 times at 2, and no longer to compile."),
        ([], [1], 1.0, "quick: not measured at a size that slow was measured at."),
    ],
)
def test_what_is_said_of_a_sweep(base: list[float], mine: list[float], compiling: float, words: str) -> None:
    assert verdict(*made_up(base, mine, compiling)) == words


def test_a_curve_ends_before_it_takes_too_long() -> None:
    point = SweepPoint("s", "w", 10, Timing(0.01, 0.01, 0.01, 5))
    assert not too_long(point, 100, 1.0)
    assert too_long(point, 110, 1.0) and too_long(point, 40, 3.0)
    assert not too_long(dataclasses.replace(point, timing=Timing(1e-3, 1e-3, 1e-3, 5)), 10**6, 3.0)  # that was overhead


def test_a_sweep_leaves_out_what_takes_too_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timings_sweeps, "too_long", lambda last, size, growth: growth == 3.0 and size > 1)
    ways = (Way("dear", lambda n: Work(lambda: n, compiled=False), growth=3.0), Way("cheap", lambda n: Work(lambda: n, compiled=False)))
    sweep = Sweep("s", "S", "things", (1, 2, 4, 8), ways)
    found = [(p.way, p.size) for p in run(sweep, TINY, largest=4) if p is not None]
    assert found == [("dear", 1), ("cheap", 1), ("cheap", 2), ("cheap", 4)]


def test_the_workloads_not_beaten_are_named() -> None:
    row = timings.Row("w", "Title", "funjax", FUNJAX, "", None, 1.0, Timing(2, 2, 2, 5))
    frame = TimingsFrame(TimingsRequest(), (row, dataclasses.replace(row, title="Won", against=3.0)), (), "", 1.0, "d", 1.0, True)
    assert frame.beaten() == (("Won",), ("Title",))
