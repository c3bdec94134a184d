"""The process's start: imports that read no sources, and a collector that rests meanwhile."""

import gc
import importlib
import inspect
from pathlib import Path

import pytest

from funjax_gui.process_start import quick_imports


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
