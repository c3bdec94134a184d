"""What was freed is given back to the system."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from funjax_gui.worker import memory, scheduler
from funjax_gui.worker.worker import Worker
from kernels.execution import kept_kernels

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


class Uses:
    """A request that uses kernels of these names."""

    def __init__(self, names: str) -> None:
        self.names = names

    def frames(self) -> Iterator[int]:
        for name in self.names:
            kept_kernels.kernel_for(name, lambda: kept_kernels.Kernel(print, None))
        yield from ()


class AlsoUses(Uses):
    pass


def test_kernels_that_no_latest_run_used_go_when_the_process_has_grown(qtbot: QtBot, qapp: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    resident = 0.0
    monkeypatch.setattr(kept_kernels, "_kernels", kernels := {})
    monkeypatch.setattr(memory, "resident_bytes", lambda: resident)
    monkeypatch.setattr(memory, "forget_traces", lambda: None)
    monkeypatch.setattr(memory, "FULL", 520e6)
    monkeypatch.setattr(scheduler, "KERNEL_MEMORY", memory.KernelMemory())
    for megabytes, request, kept in (
        (510, Uses("ab"), "ab"),
        (510, AlsoUses("c"), "abc"),
        (510, Uses("bd"), "abcd"),
        (521, AlsoUses("ce"), "bcde"),
        (480, Uses("f"), "bcdef"),
        (515, Uses("g"), "bcdefg"),  # grown since, but not large
        (521, Uses("h"), "ceh"),
        (545, Uses("i"), "cehi"),  # large, but not grown by 25 since
        (547, Uses("j"), "cej"),
    ):
        resident = 1e6 * megabytes
        worker = Worker()  # workers share what they know of kernels
        with qtbot.waitSignal(worker.finished):
            worker.submit(request)
        assert worker.close(60) and "".join(sorted(kernels)) == kept


def test_kernels_of_runs_that_were_superseded_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    kept: list[set[int]] = []
    monkeypatch.setattr(memory, "drop_kernels", kept.append)
    monkeypatch.setattr(memory, "forget_traces", lambda: None)
    monkeypatch.setattr(memory, "resident_bytes", lambda: memory.FULL)
    found = memory.KernelMemory()
    for number in range(3):
        found.begin(Uses).add(number)
    found.end(Uses)
    for number in range(3, 3 + memory.RUNS):
        found.begin(Uses).add(number)
        found.begin(AlsoUses).add(10 * number)
    assert found.drop_unused()
    assert kept == [{number for first in range(3, 3 + memory.RUNS) for number in (first, 10 * first)}]


def test_kernels_of_kinds_that_are_not_used_any_more_go_too_and_traces_where_that_is_not_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    kinds = [type(f"Kind{n}", (), {}) for n in range(3)]
    kept: list[set[int]] = []
    forgotten: list[int] = []
    readings = iter((memory.FULL, memory.FULL - 1, memory.FULL + memory.GROWTH, memory.FULL))
    monkeypatch.setattr(memory, "drop_kernels", kept.append)
    monkeypatch.setattr(memory, "forget_traces", lambda: forgotten.append(len(kept)))
    monkeypatch.setattr(memory, "resident_bytes", lambda: next(readings))
    monkeypatch.setattr(memory, "MOST_IN_USE", 5)
    found = memory.KernelMemory()
    for kind, numbers in ((0, (1, 2, 3)), (1, (11, 12, 13)), (0, (1, 2, 3)), (2, (21, 22))):
        found.begin(kinds[kind]).update(numbers)
    assert found.drop_unused() and kept == [{1, 2, 3, 21, 22}] and not forgotten
    found.begin(kinds[1]).update(range(11, 17))
    assert found.drop_unused() and kept[1:] == [{*range(11, 17)}] and forgotten == [2]


def test_without_a_reading_nothing_is_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory.Path, "read_bytes", lambda _: b"")
    assert memory.resident_bytes() == 0 or sys.platform != "linux"
    assert not memory.KernelMemory().drop_unused()


TRIMMED = f"""
import ctypes, os, pathlib
from funjax_gui.worker import memory

def resident():
    return int(pathlib.Path("{STATM}").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")

libc = ctypes.CDLL(None)
libc.malloc.restype, libc.free.argtypes = ctypes.c_void_p, [ctypes.c_void_p]
blocks = [libc.malloc({SIZE}) for _ in range({COUNT})]
for block in blocks:
    ctypes.memset(block, 1, {SIZE})
kept = libc.malloc(64)
for block in blocks:
    libc.free(block)
before = resident()
memory.trim_heaps()
print(before - resident())
"""
"""In a process of its own: in that of the tests the blocks lie among all that has been freed before, and other threads allocate."""


@pytest.mark.skipif(memory._glibc() is None or not STATM.exists(), reason="the C library is not glibc")
def test_trimming_gives_back_what_lies_below_something_that_is_kept() -> None:
    done = subprocess.run([sys.executable, "-c", TRIMMED], capture_output=True, text=True, check=True, timeout=600)
    assert int(done.stdout) > COUNT * SIZE / 2


def test_a_system_without_these_calls_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "_glibc", lambda: None)
    memory.share_heaps()
    memory.trim_heaps()
