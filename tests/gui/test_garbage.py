"""Garbage is collected in the main thread alone."""

import gc
import threading
import weakref
from typing import Any

import pytest
from PySide6.QtCore import QObject

from funjax_gui import garbage
from funjax_gui.garbage import collect_due, collected_in_main_thread


class Cycle:
    """An object that only itself holds."""

    def __init__(self) -> None:
        self.myself = self


def cycles_noted(most: int) -> list[str]:
    """Make garbage in another thread; the names of the threads in which it was destroyed, as far as it was by then."""
    destroyed: list[str] = []

    def make() -> None:
        for _ in range(most):
            weakref.finalize(Cycle(), lambda: destroyed.append(threading.current_thread().name)).atexit = False

    thread = threading.Thread(target=make, name="maker")
    thread.start()
    thread.join()
    return destroyed


def test_a_computing_thread_collects_nothing(qtbot: Any) -> None:
    enough = 2 * garbage.MOST[0]
    with collected_in_main_thread():
        destroyed = cycles_noted(enough)
        assert destroyed == []
        qtbot.waitUntil(lambda: len(destroyed) == enough)
    assert set(destroyed) == {threading.main_thread().name}


def test_without_it_a_computing_thread_would() -> None:
    gc.enable()
    try:
        assert "maker" in cycles_noted(20 * gc.get_threshold()[0])
    finally:
        gc.disable()
    gc.collect()


def test_the_oldest_generation_is_collected_when_it_has_grown(monkeypatch: pytest.MonkeyPatch) -> None:
    collected: list[int] = []
    frozen: list[int] = []
    monkeypatch.setattr(garbage, "_oldest", [1000])
    monkeypatch.setattr(garbage, "_frozen", [False])
    monkeypatch.setattr(gc, "collect", lambda generation=2: collected.append(generation))
    monkeypatch.setattr(gc, "freeze", lambda: frozen.append(len(collected)))
    situations = [((1, 99, 99), 1250), ((701, 0, 99), 9999), ((1, 11, 10), 9999), ((1, 11, 11), 1251), ((1, 1, 1), 9999)]
    situations += [((1, 11, 11), 2000)]
    for counts, old in situations:
        monkeypatch.setattr(gc, "get_count", lambda counts=counts: counts)
        monkeypatch.setattr(gc, "get_objects", lambda generation, old=old: [None] * old)
        collect_due()
    assert collected == [1, 0, 1, 2, 2]
    assert frozen == [4], "what is left after the first collection of the oldest generation stays, once"


def test_the_collector_is_as_before_afterwards(qapp: QObject) -> None:
    for enable in (gc.enable, gc.disable):
        enable()
        before = gc.isenabled()
        with collected_in_main_thread():
            assert not gc.isenabled()
        assert gc.isenabled() == before
