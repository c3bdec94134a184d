"""A quick start of the process: imports without the work that others add to them."""

import builtins
import dataclasses
import gc
import hashlib
import importlib
import marshal
import os
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from importlib.util import MAGIC_NUMBER
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any

MIRRORED = ("QtCore", "QtGui", "QtWidgets")
"""The modules of PySide6 of which pyqtgraph has copies of its own."""


MOST_KEPT = 4000
"""Texts of methods above which those that this process does not use are forgotten."""


@contextmanager
def quick_imports() -> Iterator[None]:
    """Import Qt; while the context lasts, the garbage collector rests, for what is imported stays.

    PySide6 replaces `__import__` by a function that reads the source of every module imported after it, to see whether it may use
    `__feature__` (snake_case, true_property). Nothing here does; the interpreter's own `__import__`, which PySide6 keeps, is put back,
    and everything is imported a fifth faster, JAX too. pyqtgraph is imported in half the time with `mirrored`, and dataclasses are made in
    a quarter of it with `kept_methods`.
    """
    import PySide6.QtCore  # noqa: F401
    from platformdirs import user_cache_path

    builtins.__import__ = getattr(builtins, "__orig_import__", builtins.__import__)
    with uncollected(), kept_methods(user_cache_path("funjax") / "methods"), ExitStack() as mirrors:
        for name in MIRRORED:
            mirrors.enter_context(mirrored(f"PySide6.{name}", f"pyqtgraph.Qt.{name}"))
        yield


@contextmanager
def kept_methods(path: Path) -> Iterator[None]:
    """While the context lasts, dataclasses take the compiled code of their methods from this file; what it lacks is added at the end.

    `dataclasses` writes each method as text and compiles it, six for a class: a sixth of the time of all imports. The code is found by its
    whole text, and a file of another Python, or a damaged one, is not read. It is as safe as the modules' bytecode.
    """
    known, used = _read_methods(path), dict[str, CodeType]()
    count = len(known)

    def run(text: str, *places: Any) -> None:
        code = known.get(text)
        if code is None:
            code = known[text] = compile(text, "<string>", "exec")
        used[text] = code
        exec(code, *places)

    module: Any = dataclasses
    module.exec = run  # found before the builtin one
    try:
        yield
    finally:
        del module.exec
        if len(known) > count:
            with suppress(OSError):
                _write_methods(path, known if len(known) <= MOST_KEPT else used)


def _read_methods(path: Path) -> dict[str, CodeType]:
    try:
        data = path.read_bytes()
    except OSError:
        return {}
    head = len(MAGIC_NUMBER) + hashlib.sha256().digest_size
    if data[:head] != MAGIC_NUMBER + hashlib.sha256(data[head:]).digest():
        return {}
    found: dict[str, CodeType] = marshal.loads(data[head:])
    return found


def _write_methods(path: Path, known: dict[str, CodeType]) -> None:
    data = marshal.dumps(known)
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        draft.write_bytes(MAGIC_NUMBER + hashlib.sha256(data).digest() + data)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


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
