"""The poster dialog: real events to a tiny poster made by a process of its own, stopping, resuming, and what is refused."""

import sys
from pathlib import Path

import pytest
from kept_window import KeptWindow
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from funjax_gui.dialogs import PosterDialog
from funjax_gui.posters import process
from funjax_gui.sessions import Session
from funjax_gui.sessions import session as sessions
from funjax_gui.tabs.bifurcation import Bifurcation

WIDE = Session("bifurcation", bifurcation=Bifurcation(transient=100, samples=301))

STOPPABLE = """\
import os, pathlib, sys, time
words = sys.argv[1:]
store = pathlib.Path(words[words.index("-o") + 1]).with_suffix(".zarr")
if "--size" in words:
    store.mkdir()
    (store / "words").write_text(" ".join(words))
    print("funjax: poster.png: 1 of 4 tiles, 2 a second, 2 s left", file=sys.stderr, flush=True)
    time.sleep(60)
assert pathlib.Path(words[1]) == store
print("funjax: tile 3 has ended 3 workers; continue with --resume", file=sys.stderr)
sys.exit(2)
"""
"""In the place of `funjax`: begins a poster until it is stopped, and fails to go on with it."""


@pytest.fixture
def dialog(qtbot: QtBot, tmp_path: Path) -> PosterDialog:
    """The dialog without a window, which measures nothing."""
    made = PosterDialog(lambda: WIDE, tmp_path / "poster.png")
    qtbot.addWidget(made)
    for name, value in (("width", 130), ("height", 40)):
        made._edit(name, value)
    made.show()
    return made


def typed(dialog: PosterDialog, name: str, text: str) -> None:
    line = dialog.controls[name].findChild(QLineEdit)
    line.selectAll()
    QTest.keyClicks(line, text)
    QTest.keyClick(line, Qt.Key.Key_Return)


def click(button: QPushButton) -> None:
    assert button.isVisible() and button.isEnabled()
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def test_a_poster_is_estimated_and_made_beside_the_window(qtbot: QtBot, kept_window: KeptWindow, tmp_path: Path) -> None:
    pytest.importorskip("zarr")
    window = kept_window.opened((900, 600), WIDE, active=True)
    QTest.keyClick(window, Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    dialog = window.menus.posters.dialog  # type: ignore[attr-defined]
    assert dialog.isVisible() and not dialog.isModal()
    typed(dialog, "path", str(tmp_path / "poster"))
    for name, text in (("width", "130"), ("height", "40")):
        typed(dialog, name, text)
    qtbot.waitUntil(lambda: " on this machine alone; about " in dialog.note.text(), timeout=60_000)
    assert dialog.note.text().startswith("130 × 40 pixels. 3 tiles, about ") and " beside it until it is done" in dialog.note.text()
    said: list[str] = []
    dialog.process.progressed.connect(lambda done, total, text: said.append(text))
    click(dialog.make)
    assert not dialog.settings.isEnabled() and dialog.cancel.isVisible() and not dialog.make.isEnabled()
    with qtbot.waitSignal(dialog.reported, timeout=120_000) as ended:
        pass
    assert ended.args == ["saved poster.png"] and dialog.note.text() == "saved poster.png"
    assert said[0] == "0 of 3 tiles" and said[-1] == "3 of 3 tiles"
    assert [path.name for path in tmp_path.iterdir()] == ["poster.png"]
    assert QImage(str(tmp_path / "poster.png")).size().toTuple() == (130, 40)
    found = sessions.load(tmp_path / "poster.png").bifurcation
    assert (found.samples, found.size) == (301, (130, 40))


def test_a_poster_that_was_stopped_is_resumed_from_its_store(
    qtbot: QtBot, dialog: PosterDialog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = tmp_path / "funjax.py"
    script.write_text(STOPPABLE)
    monkeypatch.setattr(process, "command", lambda: (sys.executable, "-S", str(script)))
    click(dialog.make)
    qtbot.waitUntil(lambda: dialog.note.text() == "1 of 4 tiles, 2 a second, 2 s left", timeout=60_000)
    assert (dialog.progress.value(), dialog.progress.maximum()) == (1, 4)
    click(dialog.cancel)
    qtbot.waitUntil(lambda: dialog.note.text() == "stopped; finished tiles are in poster.zarr", timeout=60_000)
    assert "--size 130x40 --resume --report-every 0.2" in (tmp_path / "poster.zarr" / "words").read_text()
    assert not dialog.make.isEnabled() and dialog.settings.isEnabled()
    click(dialog.resume)
    qtbot.waitUntil(lambda: dialog.note.text().startswith("tile 3 "), timeout=60_000)
    assert dialog.note.text() == "tile 3 has ended 3 workers; resume it; finished tiles are in poster.zarr"


def test_what_cannot_be_made_is_said_in_a_line(dialog: PosterDialog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def said() -> str:
        dialog.begin(resume=False)
        assert not dialog.process.is_running and "\n" not in dialog.note.text()
        return dialog.note.text()

    typed(dialog, "path", str(tmp_path / "none" / "poster.png"))
    assert "does not exist; make it first" in said()
    typed(dialog, "path", str(tmp_path / "poster.tif"))
    assert dialog.order().path.suffix == ".tif" and dialog.make.isEnabled()
    typed(dialog, "width", "0")
    assert "0 is out of range; give a whole number from 1" in said()
    dialog._edit("units", "mm")
    assert dialog.order().size == (9933, 7016) and dialog.order().dpi == 300
    typed(dialog, "dpi", "9")
    assert "the dpi 9 pixels per inch is out of range" in said()
    typed(dialog, "dpi", "72")
    dialog._edit("where", "cluster")
    assert said() == "give the address of the Dask scheduler, such as tcp://host:8786"
    typed(dialog, "address", "host")
    assert "'host' is not the address of a scheduler" in said()
    typed(dialog, "address", "tcp://host:8786")
    assert dialog.order().arguments(resume=False)[-2:] == ["--scheduler", "tcp://host:8786"] and dialog.make.isEnabled()
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    dialog.measure()
    assert said() == "zarr is not installed, and large pictures need it; run pip install 'funjax[cluster]'"
