"""Places to stop: few where the work is soon done, as many as ever where it is long; frames are never left out."""

import itertools

import pytest

from kernels.execution import batching
from kernels.fixed_point.convergence import ConvergenceRequest
from kernels.fixed_point.request import FixedPointRequest

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
        (2 * batching.WORTH_STOPPING, list(PARTS)),
        (0.7 * batching.WORTH_STOPPING, ["coarse", None, "fine", "last"]),
    ],
)
def test_stops_come_seldom_and_frames_all(monkeypatch: pytest.MonkeyPatch, tick: float, expected: list[str | None]) -> None:
    monkeypatch.setattr(batching, "time", Clock(tick))
    assert list(batching.seldom(PARTS)) == expected


def test_long_work_can_be_stopped_at_each_of_its_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batching, "WORTH_STOPPING", 0.0)
    many = FixedPointRequest(starts=5000)
    stops = sum(frame is None for frame in many.frames())
    assert stops > 20
    monkeypatch.setattr(batching, "WORTH_STOPPING", 1e9)
    assert all(frame is not None for frame in many.frames())
    assert [frame is not None for frame in ConvergenceRequest("post", (), (0.0,)).frames()] == [True]
