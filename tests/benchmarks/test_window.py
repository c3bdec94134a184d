"""The window, offscreen, with a picture of 1280 x 800: how soon what the hand does is seen, and that the hand is never held up."""

import gc
import itertools
import os
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import numpy as np
import pytest
from hand import Gesture, Hand, gestures, places
from PySide6.QtCore import QEventLoop, Qt, QTimer
from PySide6.QtWidgets import QApplication

from funjax_gui.worker.memory import trim_heaps

COLUMNS, ROWS = 1280, 800
TITLE = f"The window, a picture of {COLUMNS:,} x {ROWS:,} pixels, 1,000 + 1,000 steps"
SESSION = "The window: 200 wheel events and drags' events, one every 25 ms"
MEMORY = "The window: resident memory"

TICK = 2
"""Milliseconds of the timer whose lateness is the main thread's stall."""

EVERY = 25
"""Milliseconds from one event of the hand to the next."""


@pytest.fixture
def hand(qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> Iterator[Hand]:
    hand = Hand(monkeypatch, COLUMNS, ROWS)
    yield hand
    hand.close()


def test_from_the_wheel_to_the_picture(hand: Hand, figure: Callable[..., None], quick: bool) -> None:
    turns = itertools.islice(places(), 40 if quick else 200)
    # The first few settle the kernels' pace.
    times = np.array([hand.zoom(*place) for place in turns])[10:]
    for name, column, most in (("first picture", 0, 0.050), ("all samples", 1, 0.120)):
        figure(TITLE, f"wheel to {name}, median", float(np.median(times[:, column])))
        figure(TITLE, f"wheel to {name}, p95", float(np.quantile(times[:, column], 0.95)), most=most)


def test_the_hand_is_never_held_up(hand: Hand, figure: Callable[..., None], quick: bool) -> None:
    late, handling = _session(itertools.islice(gestures(hand), 50 if quick else 200))
    figure(SESSION, "longest stall of the main thread", max(late), most=0.1)
    figure(SESSION, "stalls, p99", float(np.quantile(late, 0.99)), most=0.016)
    figure(SESSION, "stalls, median", float(np.median(late)))
    figure(SESSION, "handling one event, longest", max(handling))


def _session(todo: Iterable[Gesture]) -> tuple[list[float], list[float]]:
    """Do these things, one every EVERY ms: (how late each tick of a timer was, how long each thing took), in seconds."""
    loop, ticking, acting = QEventLoop(), QTimer(timerType=Qt.TimerType.PreciseTimer), QTimer(timerType=Qt.TimerType.PreciseTimer)
    waiting = iter(todo)
    late: list[float] = []
    handling: list[float] = []
    last = time.perf_counter()

    def tick() -> None:
        nonlocal last
        now = time.perf_counter()
        late.append(max(0.0, now - last - TICK / 1000))
        last = now

    def act() -> None:
        began = time.perf_counter()
        gesture = next(waiting, None)
        if gesture is None:
            loop.quit()
        else:
            gesture()
            handling.append(time.perf_counter() - began)

    ticking.timeout.connect(tick)
    acting.timeout.connect(act)
    ticking.start(TICK)
    acting.start(EVERY)
    loop.exec()
    ticking.stop()
    acting.stop()
    return late, handling


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="this system does not say how much memory a process holds")
def test_memory_stays_flat(hand: Hand, figure: Callable[..., None], quick: bool) -> None:
    turns = places()
    early, late = (20, 60) if quick else (100, 1000)
    held = []
    for zooms in (early, late - early):
        for place in itertools.islice(turns, zooms):
            hand.zoom(*place, full=False)
        # At rest: a picture under way takes some 13 MiB, by which two readings would differ.
        hand.zoom(*next(turns))
        gc.collect()
        trim_heaps()
        held.append(_resident())
    figure(MEMORY, f"after {early:,} zooms", held[0], unit="MiB")
    figure(MEMORY, f"after {late:,} zooms", held[1], unit="MiB")
    figure(MEMORY, "growth", held[1] - held[0], unit="MiB", most=8)


def _resident() -> float:
    """MiB of memory that this process holds."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20
