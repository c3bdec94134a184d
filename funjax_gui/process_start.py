"""A quick start of the process: imports without the work that others add to them."""

import builtins
import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def quick_imports() -> Iterator[None]:
    """Import Qt; while the context lasts, the garbage collector rests, for what is imported stays.

    PySide6 replaces `__import__` by a function that reads the source of every module imported after it, to see whether it may use
    `__feature__` (snake_case, true_property). Nothing here does; the interpreter's own `__import__`, which PySide6 keeps, is put back,
    and everything is imported a fifth faster, JAX too.
    """
    import PySide6.QtCore  # noqa: F401

    builtins.__import__ = getattr(builtins, "__orig_import__", builtins.__import__)
    with uncollected():
        yield


@contextmanager
def uncollected() -> Iterator[None]:
    """Run without the garbage collector, which would look again and again at objects that stay."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
