"""The worker, with requests that run only when the test lets them: no test here sleeps."""

import gc
import threading
import time
import weakref
from collections.abc import Iterator
from queue import Queue
from typing import Any

import pytest
import shiboken6
from PySide6.QtCore import QCoreApplication, QObject, SignalInstance
from PySide6.QtWidgets import QWidget

from funjax_gui.worker import scheduler
from funjax_gui.worker.job import LONGEST_MESSAGE, one_line
from funjax_gui.worker.scheduler import PREFERRED_STEPS
from funjax_gui.worker.worker import Worker

PATIENCE = 60.0
"""Seconds after which a condition that is waited for counts as not met; no test takes them unless it fails."""


class Steered:
    """A request that takes one step for each `let` and says what happened; `None` lets it end, an exception is raised."""

    def __init__(self, name: str = "", log: list[str] | None = None) -> None:
        self.name = name
        self.log: list[str] = [] if log is None else log
        self.steps: Queue[Any] = Queue()
        self.started = threading.Event()
        self.closed = threading.Event()
        self.began_on = 0

    def let(self, *frames: Any) -> None:
        for frame in frames:
            self.steps.put(frame)

    def frames(self) -> Iterator[Any]:
        try:
            self.began_on = threading.get_ident()
            while True:
                self.started.set()
                frame = self.steps.get(timeout=PATIENCE)
                self.log.append(f"{self.name}{frame}")
                if frame is None:
                    return
                if isinstance(frame, BaseException):
                    raise frame
                yield frame
        finally:
            self.closed.set()


class OtherSteered(Steered):
    """A request of another kind."""


class ThirdSteered(Steered):
    """A request of a third kind."""


class Ear(QObject):
    """Writes down what the worker says, and on which thread."""

    def __init__(self, worker: Worker) -> None:
        super().__init__()
        self.heard: list[tuple[Any, ...]] = []
        self.threads: set[int] = set()
        worker.frame.connect(lambda frame: self.hear("frame", frame))
        worker.finished.connect(lambda request: self.hear("finished", request))
        worker.failed.connect(lambda request, line, details: self.hear("failed", request, line, details))
        worker.busy.connect(lambda busy: self.hear("busy", busy))

    def hear(self, *what: Any) -> None:
        self.heard.append(what)
        self.threads.add(threading.get_ident())

    def of(self, *names: str) -> list[tuple[Any, ...]]:
        return [what for what in self.heard if what[0] in names]


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """No step is long, however slow the machine; tests of long steps say so."""
    monkeypatch.setattr(scheduler, "LONG", 1000.0)


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch, patient: None) -> None:
    """Every step is long."""
    monkeypatch.setattr(scheduler, "LONG", 0.0)


@pytest.fixture
def unpainted(monkeypatch: pytest.MonkeyPatch) -> None:
    """No frame is waited for until it is painted: nothing paints here."""
    monkeypatch.setattr(scheduler, "PAINT_GRACE", 0.001)


@pytest.fixture
def worker(qapp: QCoreApplication) -> Iterator[Worker]:
    worker = Worker()
    yield worker
    assert worker.close(PATIENCE)


@pytest.fixture
def ear(worker: Worker) -> Ear:
    return Ear(worker)


def started(request: Steered) -> Steered:
    assert request.started.wait(PATIENCE)
    return request


def hold(worker: Worker) -> Steered:
    """Occupy the thread with a request that waits."""
    request = ThirdSteered("hold")
    worker.submit(request)
    return started(request)


def settle(worker: Worker) -> None:
    """Wait for a turn of the thread, so that whatever it was in the middle of is told; the event loop delivers nothing."""
    request = Settling()
    worker.submit(request)
    assert request.done.wait(PATIENCE)
    worker.cancel(Settling)


def ended(worker: Worker, *requests: Steered) -> None:
    """Wait until the thread has run these to their ends; the event loop delivers nothing."""
    for request in requests:
        assert request.closed.wait(PATIENCE)
    settle(worker)


class Settling:
    """Ends at once, and says so."""

    def __init__(self) -> None:
        self.done = threading.Event()

    def frames(self) -> Iterator[Any]:
        self.done.set()
        return iter(())


def test_frames_come_in_order_and_the_end_last(worker: Worker, ear: Ear, qtbot: Any) -> None:
    request = Steered()
    worker.submit(request)
    assert ear.heard == [("busy", True)]
    for n in range(3):
        with qtbot.waitSignal(worker.frame):
            request.let(n)
    with qtbot.waitSignal(worker.finished):
        request.let(None)
    assert ear.heard[1:] == [("frame", 0), ("frame", 1), ("frame", 2), ("busy", False), ("finished", request)]
    assert ear.threads == {threading.get_ident()}, "signals belong to the window's thread"
    assert worker.running == frozenset()


def test_the_request_does_not_run_on_the_windows_thread(worker: Worker, qtbot: Any) -> None:
    class Where:
        def frames(self) -> Iterator[str]:
            yield threading.current_thread().name

    with qtbot.waitSignal(worker.frame) as said:
        worker.submit(Where())
    assert said.args == ["funjax-worker"]


def test_the_newest_of_a_kind_replaces_those_that_wait(worker: Worker, ear: Ear, qtbot: Any) -> None:
    held = hold(worker)
    requests = [Steered(str(n)) for n in range(5)]
    for request in requests:
        request.let(request.name, None)
        worker.submit(request)
    held.let(None)
    with qtbot.waitSignal(worker.finished, check_params_cb=lambda request: request is requests[-1]):
        pass
    assert ear.of("frame") == [("frame", "4")]
    assert [request.started.is_set() for request in requests] == [False] * 4 + [True]


def test_a_running_request_is_replaced_after_its_step(worker: Worker, ear: Ear, qtbot: Any) -> None:
    old, new = Steered("old"), Steered("new")
    worker.submit(old)
    started(old)
    worker.submit(new)
    assert worker.running == {Steered}
    new.let("new", None)
    with qtbot.waitSignal(worker.finished, check_params_cb=lambda request: request is new):
        old.let("stale", "staler", None)
    assert ear.of("frame", "finished") == [("frame", "new"), ("finished", new)]
    assert old.closed.is_set()
    assert old.steps.qsize() == 2, "it took one step more, not three"


def test_a_frame_that_waits_for_the_window_is_dropped_with_its_request(worker: Worker, ear: Ear, qtbot: Any) -> None:
    old, new = Steered("old"), Steered("new")
    old.let("stale", None)
    worker.submit(old)
    ended(worker, old)
    assert worker.running == frozenset(), "the old one has ended, and nothing of it was delivered"
    worker.submit(new)
    new.let("new", None)
    with qtbot.waitSignal(worker.finished):
        pass
    assert ear.of("frame", "finished") == [("frame", "new"), ("finished", new)]


def test_a_slot_that_replaces_the_request_hears_no_more_of_it(worker: Worker, ear: Ear, qtbot: Any) -> None:
    old, new = Steered("old"), Steered("new")
    new.let("new", None)
    worker.frame.connect(lambda frame: worker.submit(new) if frame == "old" else None)
    old.let("old", None)
    worker.submit(old)
    ended(worker, old)
    with qtbot.waitSignal(worker.finished, check_params_cb=lambda request: request is new):
        pass
    assert ear.of("frame", "finished") == [("frame", "old"), ("frame", "new"), ("finished", new)]


def test_a_window_that_is_slow_gets_the_newest_frame_only(worker: Worker, ear: Ear, qtbot: Any, unpainted: None) -> None:
    request = Steered()
    request.let(*range(50), None)
    worker.submit(request)
    ended(worker, request)
    with qtbot.waitSignal(worker.finished):
        pass
    assert ear.of("frame", "finished") == [("frame", 49), ("finished", request)]


class Complete:
    """A frame that has all that was asked for, of a request that goes on."""

    progress, done = 1.0, False

    def __str__(self) -> str:
        return "complete"


def test_a_complete_picture_is_refined_when_requests_no_longer_come(
    worker: Worker, ear: Ear, qtbot: Any, monkeypatch: pytest.MonkeyPatch, unpainted: None
) -> None:
    monkeypatch.setattr(scheduler, "REST", 1e6)
    request, other, last = Steered("a"), OtherSteered("b"), ThirdSteered("c")
    request.let("rough", Complete(), "refined", None)
    worker.submit(request)
    qtbot.waitUntil(lambda: len(ear.of("frame")) == 2)
    other.let(1, 2, 3, None)
    worker.submit(other)
    qtbot.waitUntil(lambda: ear.of("finished") == [("finished", other)])
    assert request.log == ["arough", "acomplete"]
    monkeypatch.setattr(scheduler, "REST", 0.05)
    last.let(None)
    worker.submit(last)
    qtbot.waitUntil(lambda: request.log == ["arough", "acomplete", "arefined", "aNone"])


def test_the_next_step_begins_when_the_frame_is_painted(worker: Worker, qtbot: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scheduler, "PAINT_GRACE", PATIENCE)
    request, painted = Steered(), []

    class Canvas(QWidget):
        def paintEvent(self, event: Any) -> None:
            painted.append(list(request.log))

    canvas = Canvas()
    qtbot.addWidget(canvas)
    canvas.show()
    qtbot.waitUntil(lambda: bool(painted))
    painted.clear()
    worker.frame.connect(lambda frame: canvas.update())
    request.let("first", "second", None)
    with qtbot.waitSignal(worker.finished):
        worker.submit(request)
    assert painted[0] == ["first"], "the frame was painted before the second step began"
    assert request.log == ["first", "second", "None"]


def test_a_window_that_does_not_paint_is_not_waited_for(worker: Worker, unpainted: None) -> None:
    request = Steered()
    request.let("first", "second", None)
    worker.submit(request)
    ended(worker, request)


def test_each_kind_has_its_own_newest_frame(worker: Worker, ear: Ear, qtbot: Any) -> None:
    one, other = Steered(), OtherSteered()
    one.let(1, 2, None)
    other.let("a", "b", None)
    worker.submit(one)
    worker.submit(other)
    ended(worker, one, other)
    with qtbot.waitSignals([worker.finished, worker.finished]):
        pass
    assert ear.of("frame", "finished") == [("frame", 2), ("finished", one), ("frame", "b"), ("finished", other)]


def test_a_failure_is_told_and_the_worker_lives_on(worker: Worker, ear: Ear, qtbot: Any) -> None:
    errors = (ValueError("samples 0:\n give 1"), KeyboardInterrupt(), SystemExit(3), MemoryError("8 TB"), RuntimeError("x"))
    for error in errors:
        request = Steered()
        with qtbot.waitSignal(worker.failed) as said:
            worker.submit(request)
            request.let(error)
        assert said.args[0] is request
        assert said.args[1] == one_line(error)
        assert "Traceback" in said.args[2]
        assert type(error).__name__ in said.args[2]
    request = Steered()
    with qtbot.waitSignal(worker.finished):
        worker.submit(request)
        request.let(1, None)
    assert ear.of("frame", "finished") == [("frame", 1), ("finished", request)]


def test_the_frame_before_a_failure_is_delivered_first(worker: Worker, ear: Ear, qtbot: Any) -> None:
    request = Steered()
    request.let("good", ValueError("bad"))
    worker.submit(request)
    ended(worker, request)
    with qtbot.waitSignal(worker.failed):
        pass
    assert [what[:2] for what in ear.of("frame", "failed")] == [("frame", "good"), ("failed", request)]


def test_frames_that_cannot_be_made_are_a_failure(worker: Worker, qtbot: Any) -> None:
    class Broken:
        def frames(self) -> Any:
            return None

    with qtbot.waitSignal(worker.failed) as said:
        worker.submit(Broken())
    assert said.args[1].startswith("TypeError: ")


@pytest.mark.parametrize(
    ("error", "line"),
    [
        (ValueError("samples 0; give 1 or more"), "samples 0; give 1 or more"),
        (MemoryError("8 TB asked"), "8 TB asked"),
        (MemoryError(), "there is not enough memory for this; make the picture smaller or close other programs"),
        (RuntimeError("two\n  lines"), "RuntimeError: two lines"),
        (KeyboardInterrupt(), "KeyboardInterrupt"),
    ],
)
def test_one_line(error: BaseException, line: str) -> None:
    assert one_line(error) == line


def test_one_line_is_short() -> None:
    assert len(one_line(RuntimeError("long " * 1000))) == LONGEST_MESSAGE


@pytest.mark.parametrize("preferred", [None, Steered, OtherSteered])
def test_no_kind_starves_another(worker: Worker, unpainted: None, preferred: type | None) -> None:
    held, log = hold(worker), []
    requests = Steered("s", log), OtherSteered("o", log)
    for request in requests:
        request.let(*range(40))
        worker.submit(request)
    worker.prefer(preferred)
    held.let(None)
    for request in requests:
        while request.steps.qsize():  # the thread moves on by itself until one of them has no step left
            if any(not other.steps.qsize() for other in requests):
                break
            time.sleep(0.001)
    first = "".join(word[0] for word in log[:24])
    share = {None: (12, 12), Steered: (18, 6), OtherSteered: (6, 18)}[preferred]
    assert (first.count("s"), first.count("o")) == share
    longest = PREFERRED_STEPS if preferred else 1
    for letter in "so":
        assert letter * (longest + 1) not in first
    for request in requests:
        request.let(None)


@pytest.mark.parametrize("ending", ["a frame", "cancelled", "another preferred", "too long"])
def test_beside_the_first_step_of_a_kind_that_goes_alone_no_other_begins(
    worker: Worker, impatient: None, unpainted: None, monkeypatch: pytest.MonkeyPatch, ending: str
) -> None:
    monkeypatch.setattr(scheduler, "ALONE", 1000.0)
    worker.prefer(Steered, alone=True)
    first, other = Steered(), OtherSteered()
    worker.submit(first)
    started(first)
    worker.submit(other)
    assert not other.started.wait(0.1)
    if ending == "a frame":
        first.let(1)
    elif ending == "cancelled":
        worker.cancel(Steered)
    elif ending == "another preferred":
        worker.prefer(OtherSteered)
    else:
        monkeypatch.setattr(scheduler, "ALONE", 0.0)
        worker.cancel(ThirdSteered)  # of nothing: the threads look again
    started(other)
    assert not first.closed.is_set()  # it is in a step still
    other.let(None)
    first.let(None)


def test_a_kind_that_is_replaced_all_the_time_starves_nobody(worker: Worker, qtbot: Any) -> None:
    """As while the wheel turns: every frame of the visible tab brings its next request."""
    worker.prefer(Steered)
    patient = OtherSteered()
    patient.let(*"abc", None)

    def again() -> None:
        request = Steered()
        request.let("again", None)
        worker.submit(request)

    worker.frame.connect(lambda frame: again() if frame == "again" else None)
    again()
    with qtbot.waitSignal(worker.finished, check_params_cb=lambda request: request is patient):
        worker.submit(patient)
    worker.frame.disconnect()


def test_cancel_before_the_start(worker: Worker, ear: Ear, qtbot: Any) -> None:
    held, request = hold(worker), Steered()
    worker.submit(request)
    assert worker.running == {Steered, ThirdSteered}
    worker.cancel(Steered)
    assert worker.running == {ThirdSteered}
    with qtbot.waitSignal(worker.finished):
        held.let(None)
    settle(worker)
    assert not request.started.is_set()
    assert ear.of("finished") == [("finished", held)]


def test_cancel_on_the_way(worker: Worker, ear: Ear, qtbot: Any) -> None:
    request = Steered()
    with qtbot.waitSignal(worker.frame):
        worker.submit(request)
        request.let(1)
    worker.cancel(Steered)
    assert worker.running == frozenset()
    assert ear.heard[-1] == ("busy", False)
    request.let("late", None)
    ended(worker, request)
    QCoreApplication.processEvents()
    assert ear.of("frame", "finished", "failed") == [("frame", 1)]


def test_cancel_of_nothing(worker: Worker, ear: Ear) -> None:
    worker.cancel(Steered)
    worker.prefer(Steered)
    assert ear.heard == []


def test_an_iterator_that_fails_while_closing_is_survived(worker: Worker, qtbot: Any, capfd: pytest.CaptureFixture[str]) -> None:
    class Stubborn:
        def frames(self) -> Iterator[int]:
            try:
                while True:
                    yield 1
            finally:
                raise RuntimeError("no")

    with qtbot.waitSignal(worker.frame):
        worker.submit(Stubborn())
    worker.cancel(Stubborn)
    settle(worker)
    assert "RuntimeError: no" in capfd.readouterr().err


def test_close_while_running(qapp: QCoreApplication, qtbot: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    worker = Worker()
    ear, request, waiting = Ear(worker), Steered(), OtherSteered()
    worker.submit(request)
    started(request).started.clear()
    with qtbot.waitSignal(worker.frame):
        request.let(1)
    started(request)  # again: its second step is under way, and nothing is begun beside it
    worker.submit(waiting)
    retire = worker._scheduler._supersede

    def retire_and_let(kind: type) -> None:
        # The step returns only once the worker is closing: earlier, and another one would begin.
        retire(kind)
        request.let("late")

    monkeypatch.setattr(worker._scheduler, "_supersede", retire_and_let)
    assert worker.close(PATIENCE)
    assert worker.close(), "again, at once"
    assert request.closed.is_set()
    assert not waiting.started.is_set()
    QCoreApplication.processEvents()
    assert ear.of("frame", "finished", "failed") == [("frame", 1)]
    worker.submit(Steered())
    assert worker.running == frozenset(), "a closed worker takes no request"


def test_close_gives_up_on_a_step_that_hangs(qapp: QCoreApplication) -> None:
    worker, request = Worker(), Steered()
    worker.submit(request)
    started(request)
    assert not worker.close(0)
    request.let(None)
    assert worker.close(PATIENCE)


def test_a_thread_that_ends_destroys_nothing_that_qt_knows(qapp: QCoreApplication) -> None:
    """The thread may be the last to hold the scheduler; PySide keeps weak references to what it knows, which crashed the program."""
    worker, request = Worker(), Steered()
    worker.submit(request)
    started(request)
    scheduler = worker._scheduler
    assert weakref.getweakrefcount(scheduler) == 0
    assert not worker.close(0)
    assert not any(isinstance(held, QObject | SignalInstance) for held in vars(scheduler).values())
    request.let(None)
    assert worker.close(PATIENCE)


def test_the_thread_ends_with_the_parent(qapp: QCoreApplication) -> None:
    parent = QObject()
    worker, request = Worker(parent), Steered()
    worker.submit(request)
    started(request).let(1, None)  # a step that begins before the end is seen must end too
    scheduler = worker._scheduler
    shiboken6.delete(parent)
    assert not scheduler.is_alive()
    assert request.closed.is_set()


def test_the_thread_ends_with_the_last_reference(qapp: QCoreApplication) -> None:
    worker = Worker()
    request = Steered()
    request.let(None)
    worker.submit(request)
    started(request)
    scheduler, gone = worker._scheduler, weakref.ref(worker)
    del worker
    gc.collect()
    assert gone() is None
    assert not scheduler.is_alive()


class Halts:
    """A request that halts the worker on the worker's own thread, as the garbage collector may there."""

    def __init__(self, halt: Any) -> None:
        self.halt = halt
        self.answers: Queue[Any] = Queue()

    def frames(self) -> Iterator[Any]:
        self.answers.put(self.halt())
        yield None


def test_the_thread_may_halt_itself(qapp: QCoreApplication) -> None:
    worker = Worker()
    request = Halts(worker._scheduler.halt)
    worker.submit(request)
    assert request.answers.get(timeout=PATIENCE) is False
    assert worker.close(PATIENCE)


def test_the_thread_ends_with_the_application(qapp: QCoreApplication) -> None:
    worker, request = Worker(), Steered()
    request.let(None)
    worker.submit(request)
    started(request)
    qapp.aboutToQuit.emit()
    assert not worker._scheduler.is_alive()


def test_nothing_holds_a_request_that_is_done(worker: Worker, qtbot: Any) -> None:
    request = Steered()
    gone = weakref.ref(request)
    with qtbot.waitSignal(worker.finished):
        worker.submit(request)
        request.let(1, None)
    settle(worker)
    del request
    gc.collect()
    assert gone() is None


# --- long steps ---


class Alone(Steered):
    """A request that nothing may run beside."""

    alone = True


def test_the_others_go_on_beside_a_long_step_which_is_still_wanted(worker: Worker, ear: Ear, qtbot: Any, impatient: None) -> None:
    long, quick = Steered(), OtherSteered()
    worker.submit(long)
    started(long)
    with qtbot.waitSignal(worker.finished, check_params_cb=lambda request: request is quick):
        worker.submit(quick)
        quick.let(1, None)
    with qtbot.waitSignal(worker.finished, check_params_cb=lambda request: request is long):
        long.let("late", None)
    assert ear.of("frame", "finished") == [("frame", 1), ("finished", quick), ("frame", "late"), ("finished", long)]


def test_a_step_is_taken_by_one_thread_only(worker: Worker, qtbot: Any, impatient: None, unpainted: None) -> None:
    requests = [Steered(), OtherSteered(), ThirdSteered()]
    for request in requests:
        worker.submit(request)
    for request in requests:
        started(request)
    for request in requests:
        assert request.steps.empty()
        with qtbot.waitSignal(worker.finished, check_params_cb=lambda done, mine=request: done is mine):
            request.let(*range(50), None)
    assert all(request.log == [str(n) for n in (*range(50), None)] for request in requests)


def test_nobody_takes_over_from_a_step_that_is_not_long(worker: Worker, qtbot: Any) -> None:
    held, other = hold(worker), OtherSteered()
    other.let(None)
    worker.submit(other)
    assert not other.started.wait(0.05)
    with qtbot.waitSignals([worker.finished, worker.finished]):
        held.let(None)


def test_a_replaced_long_step_is_left_behind(worker: Worker, ear: Ear, qtbot: Any, impatient: None) -> None:
    old, new = Steered(), Steered()
    worker.submit(old)
    started(old)
    with qtbot.waitSignal(worker.finished, check_params_cb=lambda request: request is new):
        worker.submit(new)
        new.let("new", None)
    assert not old.closed.is_set()
    old.let("stale", "staler")
    assert old.closed.wait(PATIENCE), "its thread closes it when the step returns"
    settle(worker)
    QCoreApplication.processEvents()
    assert ear.of("frame", "finished", "failed") == [("frame", "new"), ("finished", new)]
    assert old.steps.qsize() == 1, "it takes no other step"


@pytest.mark.parametrize("last", [None, ValueError("late")])
def test_nothing_is_heard_of_what_was_cancelled_in_a_long_step(worker: Worker, ear: Ear, qtbot: Any, impatient: None, last: Any) -> None:
    request = Steered()
    worker.submit(request)
    started(request)
    worker.cancel(Steered)
    assert worker.running == frozenset()
    request.let(last)
    ended(worker, request)
    QCoreApplication.processEvents()
    assert ear.of("frame", "finished", "failed") == []


def leave_behind(worker: Worker, *kinds: type[Steered]) -> list[Steered]:
    """Requests in long steps, each left behind where the next is of its kind."""
    stuck = [kind() for kind in kinds]
    for request in stuck:
        worker.submit(request)
        started(request)
    return stuck


def waits(worker: Worker, request: Steered, qtbot: Any) -> bool:
    """Submit a request and say whether the worker says that it waits for a thread."""
    with qtbot.waitSignal(worker.delayed, check_params_cb=lambda delays: request in [delay.request for delay in delays]) as told:
        worker.submit(request)
    (thread,) = (delay.thread for delay in told.args[0] if delay.request is request)
    return thread is None and not request.started.is_set()


def test_only_so_many_of_a_kind_are_left_behind(worker: Worker, ear: Ear, qtbot: Any, impatient: None) -> None:
    stuck = leave_behind(worker, *[Steered] * scheduler.MOST_OF_A_KIND)
    newest, other = Steered(), OtherSteered()
    newest.let("new", None)
    assert waits(worker, newest, qtbot)
    with qtbot.waitSignal(worker.finished, check_params_cb=lambda request: request is other):
        worker.submit(other)
        other.let("other", None)
    with qtbot.waitSignal(worker.finished, check_params_cb=lambda request: request is newest):
        stuck[1].let("stale")
    stuck[0].let("stale")
    assert stuck[0].closed.wait(PATIENCE)
    settle(worker)
    assert ear.of("frame") == [("frame", "other"), ("frame", "new")]


def test_only_so_many_are_left_behind(worker: Worker, ear: Ear, qtbot: Any, impatient: None) -> None:
    stuck = leave_behind(worker, Steered, Steered, OtherSteered)
    assert len(worker._scheduler._threads) == len(stuck) == scheduler.MOST_THREADS
    newest = ThirdSteered()
    newest.let("new", None)
    assert waits(worker, newest, qtbot)
    with qtbot.waitSignal(worker.finished, check_params_cb=lambda request: request is newest):
        stuck[0].let("stale")
    assert len(worker._scheduler._threads) == scheduler.MOST_THREADS
    for request in stuck[1:]:
        request.let(None)
        assert request.closed.wait(PATIENCE)
    settle(worker)
    QCoreApplication.processEvents()
    assert ear.of("frame") == [("frame", "new")]
    qtbot.waitUntil(lambda: {request for _, request in ear.of("finished")} == {newest, *stuck[1:]})


def test_long_steps_are_told_while_they_last(worker: Worker, qtbot: Any, impatient: None) -> None:
    request = Steered()
    told: list[Any] = []
    worker.delayed.connect(told.append)
    worker.submit(request)
    started(request)
    qtbot.waitUntil(lambda: len(told) > 2)
    assert [delay.request for delay in told[-1]] == [request]
    assert told[-1][0].thread == request.began_on
    assert told[-1][0].seconds > told[-2][0].seconds > 0
    with qtbot.waitSignal(worker.finished):
        request.let(None)
    assert told[-1] == (), "and that nothing is late any more, once"
    count = len(told)
    QCoreApplication.processEvents()
    assert len(told) == count


def test_usual_steps_are_not_told(worker: Worker, qtbot: Any) -> None:
    told: list[Any] = []
    worker.delayed.connect(told.append)
    request = hold(worker)
    worker._emit_delays()
    with qtbot.waitSignal(worker.finished):
        request.let(None)
    assert told == []


def test_nothing_runs_beside_a_request_that_is_to_be_alone(worker: Worker, qtbot: Any, impatient: None) -> None:
    measuring, other = Alone(), Steered()
    worker.submit(measuring)
    started(measuring)
    worker.submit(other)
    assert not other.started.wait(0.05)
    worker.cancel(Alone)
    started(other)
    worker.submit(again := Alone())
    assert not again.started.wait(0.05), "nor is it begun beside another's step"
    measuring.let(None)
    other.let(None)
    started(again).let(None)
    qtbot.waitUntil(lambda: not worker.running)


def test_close_leaves_hanging_threads_behind(qapp: QCoreApplication, impatient: None) -> None:
    worker, stuck = Worker(), [Steered(), OtherSteered()]
    for request in stuck:
        worker.submit(request)
    for request in stuck:
        started(request)
    assert not worker.close(0)
    for request in stuck:
        request.let("late")
        assert request.closed.wait(PATIENCE)
    assert worker.close(PATIENCE)


def test_nothing_begins_while_the_worker_is_held(worker: Worker, ear: Ear, qtbot: Any) -> None:
    worker.hold()
    waiting = Steered()
    waiting.let("first", None)
    worker.submit(waiting)
    assert type(waiting) in worker.running and not waiting.started.wait(0.2)
    with qtbot.waitSignal(worker.finished):
        worker.release()
    assert ear.of("frame") == [("frame", "first")]


def test_a_held_worker_can_be_closed(qapp: QCoreApplication) -> None:
    worker = Worker()
    worker.hold()
    worker.submit(Steered())
    assert worker.close(PATIENCE)
