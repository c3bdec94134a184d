"""File > Export as a person uses it: every format, and the pictures opened again."""

import json
import random
import runpy
import sys
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from kept_window import KeptWindow
from PySide6.QtCore import QMimeData, QPointF, Qt, QTimer, QUrl
from PySide6.QtGui import QDropEvent, QImage, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QFileDialog, QLineEdit, QMessageBox
from pytestqt.qtbot import QtBot

from funjax_gui.app import preferences
from funjax_gui.app.window import Window
from funjax_gui.dialogs.export import ExportDialog
from funjax_gui.export.request import FORMATS
from funjax_gui.sessions import session as sessions
from funjax_gui.sessions.session import Session
from funjax_gui.tabs.bifurcation.session import Bifurcation
from funjax_gui.tabs.fixed_points.session import FixedPoints
from funjax_gui.tabs.newton.session import Newton
from funjax_gui.widgets.controls import CountControl

SESSION = Session(
    fixed_points=FixedPoints("logistic", (("a", 3.2),), FixedPoints.x, 51, 100, start=0.3, pins=(0.1,), power=2),
    bifurcation=Bifurcation(transient=20, samples=30, size=(320, 240)),
    newton=Newton("double-well", start=(0.4,), methods=("newton", "gradient"), at_step=2),
)
TABS = {table.NAME: table for table in sessions.TABLES}
ALL = sorted({suffix for table in TABS.values() for suffix in FORMATS[table.KIND]})


@pytest.fixture
def window(kept_window: KeptWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Window:
    monkeypatch.setattr(preferences, "path", lambda: tmp_path / "config" / "funjax.ini")
    return kept_window.opened((900, 600), SESSION)


def typed(control: CountControl, text: str) -> None:
    editor = control.findChild(QLineEdit)
    editor.selectAll()
    QTest.keyClicks(editor, text)
    editor.editingFinished.emit()


def export(qtbot: QtBot, window: Window, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl+E, the format, 320 x 240 where it has a size, Save, a name."""

    def answer() -> None:
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, ExportDialog)
        box = dialog.format.findChild(QComboBox)
        box.setCurrentIndex(box.findData(path.suffix))
        box.activated.emit(box.currentIndex())
        assert dialog.suffix == path.suffix
        if not dialog.page.width_control.isHidden():
            typed(dialog.page.width_control, "320")
            typed(dialog.page.height_control, "240")
        dialog.accept()

    monkeypatch.setattr(QFileDialog, "getSaveFileName", staticmethod(lambda *_: (str(path), "")))
    said: list[str] = []
    window.filing.reported.connect(said.append)
    QTimer.singleShot(0, answer)
    (action,) = [found for found in window.findChildren(type(window.menuBar().actions()[0])) if found.text() == "&Export…"]
    assert action.shortcut() == QKeySequence("Ctrl+E")
    action.trigger()
    qtbot.waitUntil(lambda: path.exists() or bool(window.findChildren(QMessageBox)))
    qtbot.waitUntil(lambda: bool(said))
    assert said[-1].startswith(f"saved {path.name}")
    assert not [box for box in window.findChildren(QMessageBox) if box.isVisible()]


@pytest.mark.parametrize("suffix", ALL)
def test_every_format_of_a_tab_drawn_by_lot(
    qtbot: QtBot, window: Window, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, suffix: str
) -> None:
    """The tests of each tab look into the files of all of its formats."""
    tab = random.choice([tab for tab, table in TABS.items() if suffix in FORMATS[table.KIND]])
    window.tabs.setCurrentWidget(next(found for found in window.all_tabs() if found.name == tab))
    qtbot.waitUntil(lambda: window.tab.export_request() is not None)
    path = tmp_path / f"a{suffix}"
    export(qtbot, window, path, monkeypatch)
    wanted = window.session()
    if suffix == ".png":
        assert (QImage(str(path)).width(), QImage(str(path)).height()) == (320, 240)
    elif suffix == ".svg":
        root = ElementTree.parse(path).getroot()
        assert root.get("viewBox") == "0 0 320 240" and len(list(root.iter())) > 20
    elif suffix == ".pdf":
        assert path.read_bytes().startswith(b"%PDF-")
    elif suffix == ".npz":
        with np.load(path) as arrays:
            assert sessions.parse(json.loads(str(arrays["metadata"]))["session"]).tab == tab
    elif suffix == ".json":
        assert json.loads(path.read_text())
    elif suffix in (".csv", ".dat"):
        assert len(path.read_text().splitlines()) > 5
    else:
        compile(path.read_text(), str(path), "exec")
    if suffix in sessions.PICTURES:
        assert window.filing.open(path)
        assert window.session().table == wanted.table and window.session().tab == tab
        assert sessions.load(path).table == wanted.table


def test_a_dropped_picture_is_opened(qtbot: QtBot, window: Window, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / f"a{random.choice(sorted(sessions.PICTURES))}"
    export(qtbot, window, path, monkeypatch)
    table = window.session().bifurcation
    window.show_session(Session("newton"))
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    buttons = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    window.dropEvent(QDropEvent(QPointF(10, 10), Qt.DropAction.CopyAction, data, *buttons))
    assert window.tab.name == "bifurcation" and window.session().bifurcation == table
    assert window.filing.path is None, "a picture is not what a session is saved to"


def test_a_script_draws_only_where_matplotlib_is(
    qtbot: QtBot, window: Window, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "a.py"
    export(qtbot, window, path, monkeypatch)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", [path.name])
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    runpy.run_path(path.name, run_name="__main__")
    assert (
        "no picture without matplotlib" in capsys.readouterr().out and (tmp_path / "a.npz").exists() and not (tmp_path / "a.png").exists()
    )
