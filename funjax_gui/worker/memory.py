"""The process's memory: compiled kernels that were not used lately are dropped when it grows, and what was freed is given back.

glibc makes eight heaps a core, and gives nothing back by itself. Elsewhere than on Linux nothing of this happens.
"""

import ctypes
import os
import threading
from collections import deque
from functools import cache
from pathlib import Path
from typing import Any

from kernels.execution import drop_kernels, forget_traces

_M_ARENA_MAX = -8
"""mallopt's number for the most heaps, from <malloc.h>."""

HEAPS = 2
"""Heaps that all threads share. Compiling allocates much in many threads, and each heap keeps the most that it ever had."""

FULL = 520e6
"""Bytes that the process may take before kernels are dropped."""

GROWTH = 25e6
"""Bytes by which it must have grown since then before they are dropped again: looking for them takes a moment."""

MOST_IN_USE = 24
"""Kernels that are kept then, of the kinds of requests that came in last, unless the last one alone uses more: each takes 2 MB and more."""

RUNS = 3
"""Latest runs of a kind of request whose kernels stay where none of them came to its end."""


class KernelMemory:
    """Which kernels the requests of each kind used lately, and when to drop the others. May be used from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._used: dict[type, deque[set[int]]] = {}
        self._least = 0.0

    def begin(self, kind: type) -> set[int]:
        """A request of this kind comes in: the set to which the numbers of its kernels are to be added."""
        with self._lock:
            runs = self._used.pop(kind, None) or deque(maxlen=RUNS)
            self._used[kind] = runs  # as the last one
            runs.append(used := set[int]())
            return used

    def end(self, kind: type) -> None:
        """The latest request of this kind came to its end: of those before it, no kernel is in use any more."""
        with self._lock:
            runs = self._used[kind]
            while len(runs) > 1:
                runs.popleft()

    def drop_unused(self) -> bool:
        """Drop the kernels that are not in use where the process has grown too large; whether it had."""
        with self._lock:
            resident = resident_bytes()
            self._least = min(self._least, resident)
            if resident < max(FULL, self._least + GROWTH):
                return False
            self._least = resident  # the next step finds it smaller
            in_use = self._in_use()
        drop_kernels(in_use)
        trim_heaps()
        if resident_bytes() >= FULL:
            forget_traces()
            trim_heaps()
        return True

    def _in_use(self) -> set[int]:
        """The kernels of the kinds of requests that came in last, MOST_IN_USE at most. The lock is held."""
        kept = set[int]()
        for runs in reversed(self._used.values()):
            mine = {number for used in runs for number in tuple(used)}
            if kept and len(kept | mine) > MOST_IN_USE:
                break
            kept |= mine
        return kept


def resident_bytes() -> float:
    """Bytes of main memory that this process takes; 0 where the system does not say."""
    try:
        return float(int(Path("/proc/self/statm").read_bytes().split()[1]) * os.sysconf("SC_PAGE_SIZE"))
    except (OSError, ValueError, IndexError, AttributeError):
        return 0.0


@cache
def _glibc() -> Any:
    try:
        library = ctypes.CDLL(None)
        return library if library.gnu_get_libc_version and library.malloc_trim and library.mallopt else None
    except (OSError, AttributeError, TypeError):
        return None


def share_heaps() -> None:
    """Let all threads begun from now on share a few heaps."""
    if (glibc := _glibc()) is not None:
        glibc.mallopt(_M_ARENA_MAX, HEAPS)


def trim_heaps() -> None:
    """Give back to the system what was freed: some milliseconds, in which other threads go on until they allocate."""
    if (glibc := _glibc()) is not None:
        glibc.malloc_trim(0)


KERNEL_MEMORY = KernelMemory()
"""That of the process, for all its workers."""
