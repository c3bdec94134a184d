"""Compiled kernels that are kept: those used last, and of typed formulas those of the last few; the others give back their memory.

JAX itself keeps all that it has compiled for a function until the function is gone. So each variant of a kernel, for other shapes or
static arguments, is compiled of a copy of the function, and goes with it. One that is used again later is read from the compile cache.
"""

import itertools
import sys
import threading
from collections.abc import Callable, Collection, Hashable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

MOST_FORMULAS = 3
"""Typed formulas whose kernels are kept, those used last, one for each tab: a formula's kernels take up to 70 MB."""

MOST_KERNELS = 256
"""Kernels that are kept in all; each takes some 3 MB."""


@dataclass(eq=False, slots=True)
class Kernel:
    """A compiled function; `formula`: the typed one that it is for, if any; `last`: the number of its last use, of all uses."""

    run: Callable[..., Any]
    formula: Hashable | None
    number: int = field(default_factory=itertools.count().__next__)
    last: int = 0


_lock = threading.Lock()
_kernels: dict[Hashable, Kernel] = {}
_uses = itertools.count()
_thread = threading.local()


def kernel_for(key: Hashable, make: Callable[[], Kernel]) -> Callable[..., Any]:
    """The kernel of this key, made if there is none."""
    kernel = _kernels.get(key)
    if kernel is None:
        with _lock:
            kernel = _kernels.setdefault(key, make())
            kernel.last = next(_uses)
            dropped = _take_oldest()
        dropped.clear()  # outside the lock: it takes some ms each
    kernel.last = next(_uses)
    used = getattr(_thread, "used", None)
    if used is not None:
        used.add(kernel.number)
    return kernel.run


def kept_kernels() -> list[Kernel]:
    """The kernels that are kept; of the one used last at the end."""
    return sorted(_kernels.values(), key=lambda kernel: kernel.last)


@contextmanager
def note_kernels(used: set[int]) -> Iterator[None]:
    """Add to `used` the numbers of the kernels that this thread uses in the block under `with`."""
    _thread.used = used
    try:
        yield
    finally:
        _thread.used = None


def drop_kernels(but: Collection[int]) -> None:
    """Drop all kernels but those of these numbers. One that runs now ends first."""
    with _lock:
        dropped = _take(but)
    dropped.clear()


def forget_traces() -> None:
    """Drop what JAX keeps of functions that it has traced, some 0.7 MB a kernel; kernels that are kept run on.

    It takes 40 ms, and functions that JAX runs by itself are traced again.
    """
    if (jax := sys.modules.get("jax")) is not None:
        jax.clear_caches()


def _take_oldest() -> list[Kernel]:
    """Take out all but MOST_KERNELS kernels, and those of MOST_FORMULAS formulas. The lock is held, here and below."""
    latest = kept_kernels()[::-1]
    formulas = list(dict.fromkeys(kernel.formula for kernel in latest if kernel.formula is not None))
    kept = [kernel.number for kernel in latest if kernel.formula is None or kernel.formula in formulas[:MOST_FORMULAS]]
    return _take(set(kept[:MOST_KERNELS]))


def _take(but: Collection[int]) -> list[Kernel]:
    return [_kernels.pop(key) for key in [key for key, kernel in _kernels.items() if kernel.number not in but]]
