"""Memory that the C library keeps after it was freed: glibc's heaps, of which it makes eight a core, and gives nothing back by itself.

Elsewhere than on Linux with glibc nothing happens.
"""

import ctypes
from functools import cache
from typing import Any

_M_ARENA_MAX = -8
"""mallopt's number for the most heaps, from <malloc.h>."""

HEAPS = 2
"""Heaps that all threads share. Compiling allocates much in many threads, and each heap keeps the most that it ever had."""


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
