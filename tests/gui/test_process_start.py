"""The process's start: imports that read no sources, and a collector that rests meanwhile."""

import dataclasses
import gc
import importlib
import inspect
import subprocess
import sys
import types
from pathlib import Path
from typing import Any

import pytest

from funjax_gui import process_start
from funjax_gui.process_start import kept_methods, mirrored, quick_imports


def test_imports_are_the_interpreter_s_own_and_nothing_is_collected(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "imported_quickly.py").write_text("import imported_by_it\n")
    (tmp_path / "imported_by_it.py").write_text("NUMBER = 3\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    read: list[object] = []
    monkeypatch.setattr(inspect, "getsource", lambda module: read.append(module) or "")
    gc.enable()
    try:
        with quick_imports():
            assert not gc.isenabled()
            module = importlib.import_module("imported_quickly")
        assert module.imported_by_it.NUMBER == 3 and read == [] and gc.isenabled()
    finally:
        gc.disable()


def test_methods_of_dataclasses_are_compiled_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    compiled: list[str] = []
    path = tmp_path / "new" / "methods"
    original = compile
    monkeypatch.setattr(process_start, "compile", lambda text, *rest: compiled.append(text) or original(text, *rest), raising=False)

    def made(name: str) -> Any:
        with kept_methods(path):
            return dataclasses.make_dataclass("Pair", [("first", int), (name, int, dataclasses.field(default=2))], frozen=True)

    assert repr(made("second")(1)).endswith("Pair(first=1, second=2)") and compiled
    compiled.clear()
    pair = made("second")
    assert not compiled
    assert pair(3) == pair(3, 2) and pair(3) != pair(4) and hash(pair(3)) == hash(pair(3, 2))
    with pytest.raises(dataclasses.FrozenInstanceError):
        pair(3).first = 1
    made("other")
    assert compiled, "another text"
    compiled.clear()
    made("second")
    assert not compiled
    path.write_bytes(path.read_bytes()[:-1])
    assert made("second")(1).second == 2 and compiled, "a damaged file is made anew"
    path.unlink()
    path.mkdir()
    assert made("second")(1).second == 2, "a file that cannot be had"
    assert [*path.parent.iterdir()] == [path] and not hasattr(dataclasses, "exec")


def test_a_mirror_reads_each_attribute_when_it_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    source = types.ModuleType("original")
    read = list[str]()

    def make(name: str) -> str:
        if name.startswith("_"):
            raise AttributeError(name)
        read.append(name)
        return name.upper()

    source.__getattr__ = make  # type: ignore[method-assign]
    monkeypatch.setitem(sys.modules, "original", source)
    monkeypatch.delitem(sys.modules, "mirror", raising=False)
    with mirrored("original", "mirror"):
        assert dir(source) == []
        mirror = sys.modules["mirror"]
        assert (mirror.a, mirror.a) == ("A", "A")
        assert not hasattr(mirror, "_none")
    assert read == ["a"]
    assert "__name__" in dir(source)
    with mirrored("original", "mirror"):
        assert sys.modules["mirror"] is mirror
        assert "__name__" in dir(source)
    del sys.modules["mirror"]


def test_pyqtgraph_has_all_of_qt_where_it_was_imported_so() -> None:
    code = (
        "from funjax_gui.process_start import quick_imports\n"
        "with quick_imports():\n    import pyqtgraph as pg\n"
        "from PySide6 import QtCore, QtGui, QtWidgets\n"
        "for ours, theirs in ((pg.QtCore, QtCore), (pg.QtGui, QtGui), (pg.QtWidgets, QtWidgets)):\n"
        "    assert len(dir(theirs)) > 100, theirs\n"
        "assert pg.QtCore.QRectF is QtCore.QRectF and pg.QtGui.QPainter is QtGui.QPainter and pg.QtWidgets.QDial is QtWidgets.QDial\n"
        "assert not hasattr(pg.QtGui, 'QNothing')\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)
