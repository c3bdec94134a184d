"""What was freed is given back to the system."""

import ctypes
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from funjax_gui.worker import memory, scheduler
from funjax_gui.worker.worker import Worker

STATM = Path("/proc/self/statm")
COUNT, SIZE = 20_000, 2_000


class Long:
    def frames(self) -> Iterator[int]:
        yield 1


def test_it_is_given_back_after_a_long_step(qtbot: QtBot, qapp: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    trimmed: list[int] = []
    monkeypatch.setattr(scheduler, "trim_heaps", lambda: trimmed.append(1))
    for longest, expected in ((1000.0, False), (0.0, True)):
        monkeypatch.setattr(scheduler, "LONG", longest)
        worker = Worker()
        with qtbot.waitSignal(worker.finished, timeout=60_000):
            worker.submit(Long())
        worker.close()
        assert bool(trimmed) is expected


@pytest.mark.skipif(memory._glibc() is None or not STATM.exists(), reason="the C library is not glibc")
def test_trimming_gives_back_what_lies_below_something_that_is_kept() -> None:
    libc = ctypes.CDLL(None)
    libc.malloc.restype, libc.free.argtypes = ctypes.c_void_p, [ctypes.c_void_p]
    blocks = [libc.malloc(SIZE) for _ in range(COUNT)]
    for block in blocks:
        ctypes.memset(block, 1, SIZE)
    kept = libc.malloc(64)
    for block in blocks:
        libc.free(block)
    before = int(STATM.read_text().split()[1])
    memory.trim_heaps()
    assert (before - int(STATM.read_text().split()[1])) * os.sysconf("SC_PAGE_SIZE") > COUNT * SIZE / 2
    libc.free(kept)


def test_a_system_without_these_calls_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "_glibc", lambda: None)
    memory.share_heaps()
    memory.trim_heaps()
