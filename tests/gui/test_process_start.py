"""The process's start: imports that read no sources, and a collector that rests meanwhile."""

import gc
import importlib
import inspect
import subprocess
import sys
import types
from pathlib import Path

import pytest

from funjax_gui.process_start import mirrored, quick_imports


def test_imports_are_the_interpreter_s_own_and_nothing_is_collected(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "imported_quickly.py").write_text("import imported_by_it\n")
    (tmp_path / "imported_by_it.py").write_text("NUMBER = 3\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    read: list[object] = []
    monkeypatch.setattr(inspect, "getsource", lambda module: read.append(module) or "")
    assert gc.isenabled()
    with quick_imports():
        assert not gc.isenabled()
        module = importlib.import_module("imported_quickly")
    assert module.imported_by_it.NUMBER == 3 and read == [] and gc.isenabled()


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
