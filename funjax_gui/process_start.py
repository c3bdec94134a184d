"""A quick start of the process: imports without the work that others add to them."""

import builtins
import gc
import importlib
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from types import ModuleType
from typing import Any

MIRRORED = ("QtCore", "QtGui", "QtWidgets")
"""The modules of PySide6 of which pyqtgraph has copies of its own."""


@contextmanager
def quick_imports() -> Iterator[None]:
    """Import Qt; while the context lasts, the garbage collector rests, for what is imported stays.

    PySide6 replaces `__import__` by a function that reads the source of every module imported after it, to see whether it may use
    `__feature__` (snake_case, true_property). Nothing here does; the interpreter's own `__import__`, which PySide6 keeps, is put back,
    and everything is imported a fifth faster, JAX too. pyqtgraph is imported in half the time with `mirrored`.
    """
    import PySide6.QtCore  # noqa: F401

    builtins.__import__ = getattr(builtins, "__orig_import__", builtins.__import__)
    with uncollected(), ExitStack() as mirrors:
        for name in MIRRORED:
            mirrors.enter_context(mirrored(f"PySide6.{name}", f"pyqtgraph.Qt.{name}"))
        yield


@contextmanager
def mirrored(name: str, mirror: str) -> Iterator[None]:
    """Let the module called `mirror`, unless it is imported already, have each attribute of the module `name` when it is first asked for.

    pyqtgraph copies all of them into an empty module, and PySide6 makes each class, with its enumerations, when it is read: all of Qt, of
    which few are used. So while the context lasts the names are not listed.
    """
    if mirror in sys.modules:
        yield
        return
    source: Any = importlib.import_module(name)
    made: Any = ModuleType(mirror)

    def read(attribute: str) -> Any:
        value = getattr(source, attribute)
        setattr(made, attribute, value)
        return value

    made.__getattr__ = read
    sys.modules[mirror] = made
    listing = vars(source).get("__dir__")
    source.__dir__ = tuple
    try:
        yield
    finally:
        if listing is None:
            del source.__dir__
        else:
            source.__dir__ = listing


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
