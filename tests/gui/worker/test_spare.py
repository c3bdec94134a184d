"""Spare requests: computed where nothing else is wanted, given up for any other, and waited for by none."""

import threading
from collections.abc import Iterator
from queue import Queue
from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication
from pytestqt.qtbot import QtBot

from funjax_gui.worker import WarmingRequest, scheduler
from funjax_gui.worker.worker import Worker

PATIENCE = 60.0


class Steps:
    """A request that takes one step for each item put into `steps`, a frame; None ends it."""

    def __init__(self) -> None:
        self.steps: Queue[Any] = Queue()
        self.started, self.closed = threading.Event(), threading.Event()

    def frames(self) -> Iterator[Any]:
        try:
            while True:
                self.started.set()
                frame = self.steps.get(timeout=PATIENCE)
                if frame is None:
                    return
                yield frame
        finally:
            self.closed.set()


class Other(Steps):
    """A request of another kind."""


@pytest.fixture
def worker(qapp: QCoreApplication, monkeypatch: pytest.MonkeyPatch) -> Iterator[Worker]:
    monkeypatch.setattr(scheduler, "LONG", 1000.0)  # so that no step is left to itself for its length
    worker = Worker()
    yield worker
    assert worker.close(PATIENCE)


def heard(worker: Worker) -> list[Any]:
    told: list[Any] = []
    for signal in (worker.frame, worker.finished, worker.busy):
        signal.connect(told.append)
    worker.failed.connect(lambda request, line, details: told.append((request, line)))
    return told


def test_no_request_waits_for_a_spare_step_and_the_spare_request_is_given_up(qtbot: QtBot, worker: Worker) -> None:
    told, inner, asked = heard(worker), Steps(), Other()
    worker.submit(WarmingRequest(inner))
    assert inner.started.wait(PATIENCE) and not worker.running and not worker.is_quiet(0.0)
    asked.steps.put("frame")
    asked.steps.put(None)
    worker.submit(asked)
    qtbot.waitUntil(lambda: asked in told and False in told)  # while the spare step goes on
    assert told[:2] == [True, "frame"] and len(told) == 4 and not inner.closed.is_set()
    assert not worker.is_quiet(0.0)
    inner.steps.put("dropped")
    assert inner.closed.wait(PATIENCE)
    qtbot.waitUntil(lambda: worker.is_quiet(0.0))
    assert len(told) == 4


def test_a_spare_request_begins_when_the_others_have_shown_something(qtbot: QtBot, worker: Worker) -> None:
    told, inner, asked = heard(worker), Steps(), Other()
    worker.hold()  # so that after the frame it is the spare request's turn, and not that of the other one, which has nothing more yet
    worker.submit(asked)
    worker.submit(WarmingRequest(inner))
    worker.release()
    assert asked.started.wait(PATIENCE) and not worker.is_quiet(0.0)
    assert not inner.started.is_set()
    asked.steps.put("frame")
    qtbot.waitUntil(inner.started.is_set)
    assert "frame" in told
    for _ in range(3):
        inner.steps.put("dropped")
    inner.steps.put(None)
    asked.steps.put(None)
    qtbot.waitUntil(lambda: any(isinstance(what, WarmingRequest) for what in told) and asked in told)
    assert told.count("frame") == 1 and "dropped" not in told


def test_a_spare_request_that_fails_is_told_as_any_other(qtbot: QtBot, worker: Worker) -> None:
    told, request = heard(worker), WarmingRequest(object())  # type: ignore[arg-type]
    worker.submit(request)
    qtbot.waitUntil(lambda: bool(told))
    assert told[0][0] is request and "frames" in told[0][1]


def test_it_is_not_quiet_before_a_first_request(qtbot: QtBot, worker: Worker) -> None:
    assert not worker.is_quiet(0.0)
    asked = Other()
    asked.steps.put(None)
    worker.submit(asked)
    qtbot.waitUntil(lambda: worker.is_quiet(0.0))
    assert not worker.is_quiet(1000.0)
