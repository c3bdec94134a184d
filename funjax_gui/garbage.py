"""Python's cyclic garbage collector, run in the main thread alone.

By itself it runs in the thread that happens to allocate, and destroys what it finds there. A Qt object that is destroyed in a computing
thread while Qt uses it in the main thread crashes the program.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import QTimer

INTERVAL = 100
"""Milliseconds between two looks at what is to be collected."""

MOST = (700, 10, 10)
"""Python's usual thresholds: allocations less deallocations, then collections of the generation before."""

GROWTH = 1.25
"""Growth of the oldest generation since its last collection that makes another worth while, as in Python."""

_oldest = [0]
"""Objects of the oldest generation after its last collection."""

_frozen = [False]
"""Whether what was left after the first collection of the oldest generation has been made permanent."""


@contextmanager
def collected_in_main_thread() -> Iterator[None]:
    """While the context lasts, garbage is collected by a timer of the calling thread, which runs Qt's event loop."""
    was_enabled = gc.isenabled()
    gc.disable()
    _oldest[0], _frozen[0] = 0, False
    timer = QTimer(interval=INTERVAL)
    timer.timeout.connect(collect_due)
    timer.start()
    try:
        yield
    finally:
        timer.stop()
        if was_enabled:
            gc.enable()


def collect_due() -> None:
    """Collect the generations whose thresholds are exceeded, in the calling thread."""
    young, middle, old = (count > most for count, most in zip(gc.get_count(), MOST, strict=True))
    if middle and old and len(gc.get_objects(2)) > GROWTH * _oldest[0]:
        gc.collect()
        if not _frozen[0]:  # JAX and the typesetter's font, 100,000 objects that stay: each further collection would look at them for 50 ms
            gc.freeze()
            _frozen[0] = True
        _oldest[0] = len(gc.get_objects(2))
    elif middle or young:
        gc.collect(1 if middle else 0)
