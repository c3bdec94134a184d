"""Places to stop: few where the work is soon done, as many as ever where it is long; frames are never left out."""

import gc
import itertools
import weakref

import pytest

from kernels.execution import batching
from kernels.fixed_point.convergence import ConvergenceRequest
from kernels.fixed_point.request import FixedPointRequest
from kernels.formulas import map as map_formulas
from kernels.formulas import parser

PARTS = ("coarse", None, None, "fine", None, "last")


class Clock:
    """A clock that goes on by `tick` seconds whenever it is looked at."""

    def __init__(self, tick: float) -> None:
        self._times = itertools.count(0.0, tick)

    def perf_counter(self) -> float:
        return next(self._times)


@pytest.mark.parametrize(
    ("tick", "expected"),
    [
        (0.0, ["coarse", "fine", "last"]),
        (2 * batching.YIELD_INTERVAL, list(PARTS)),
        (0.7 * batching.YIELD_INTERVAL, ["coarse", None, "fine", "last"]),
    ],
)
def test_stops_come_seldom_and_frames_all(monkeypatch: pytest.MonkeyPatch, tick: float, expected: list[str | None]) -> None:
    monkeypatch.setattr(batching, "time", Clock(tick))
    assert list(batching.throttle_yields(PARTS)) == expected


def test_long_work_can_be_stopped_at_each_of_its_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batching, "YIELD_INTERVAL", 0.0)
    many = FixedPointRequest(starts=5000)
    stops = sum(frame is None for frame in many.frames())
    assert stops > 20
    monkeypatch.setattr(batching, "YIELD_INTERVAL", 1e9)
    assert all(frame is not None for frame in many.frames())
    assert [frame is not None for frame in ConvergenceRequest("post", (), (0.0,)).frames()] == [True]


def test_a_measured_rate_is_found_again_and_does_not_keep_a_typed_formula_alive() -> None:
    rule = map_formulas.map_from("a*x + 0.8125*b").rule
    first = batching.batch_size(("advance", rule, "first"), 1)
    with batching.record_duration(("advance", rule, "first"), 10**9, lambda: 1):
        pass
    assert batching.batch_size(("advance", rule, "first"), 1) > first, "the block took no time, so more steps fit"
    assert batching.batch_size(("advance", rule, "second"), 1) == first
    alive = weakref.ref(rule)
    del rule
    map_formulas.map_from.cache_clear()
    parser.parse.cache_clear()
    gc.collect()
    assert alive() is None
