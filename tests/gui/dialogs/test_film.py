"""The film dialog: key frames, preview, and the film that the worker makes."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QLineEdit
from pytestqt.qtbot import QtBot

from funjax_gui.app.making import FilmMaking
from funjax_gui.dialogs import FilmDialog
from funjax_gui.films import FilmFrame, FilmPreview, FilmRequest
from funjax_gui.sessions import Session
from funjax_gui.sessions.session import save
from funjax_gui.tabs.bifurcation import Bifurcation
from funjax_gui.worker import Worker

WIDE = Session("bifurcation", bifurcation=Bifurcation(transient=20, samples=30))
NEAR = WIDE.with_table(replace(WIDE.bifurcation, range=(Decimal("3.4"), Decimal("3.6"))))


@pytest.fixture
def dialog(qtbot: QtBot, tmp_path: Path) -> Iterator[FilmDialog]:
    worker = Worker()
    made = FilmDialog(lambda: WIDE, lambda: tmp_path)
    qtbot.addWidget(made)
    made.wanted.connect(worker.submit)
    made.dropped.connect(worker.cancel)
    worker.frame.connect(made.show_frame)
    worker.failed.connect(lambda request, message, details: made.show_failure(request, message))
    yield made
    worker.close()


def test_a_film_is_made_of_views_and_sessions(qtbot: QtBot, dialog: FilmDialog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    dialog.add_view()
    assert not dialog.make.isEnabled() and dialog.note.text().startswith("a film needs two sessions")
    save(tmp_path / "near.toml", NEAR)
    (tmp_path / "README.md").write_text("# no session")
    monkeypatch.setattr(
        QFileDialog, "getOpenFileNames", staticmethod(lambda *_: ([str(tmp_path / "near.toml"), str(tmp_path / "README.md")], ""))
    )
    dialog.ask_sessions()
    assert dialog.key_frames == [WIDE, NEAR] and "README.md: " in dialog.note.text()
    for name, value in (("suffix", ""), ("width", 64), ("height", 48), ("seconds", 0.3), ("fps", 10.0)):
        dialog._edit(name, value)
    QTest.keyClick(dialog.controls["fps"].findChild(QLineEdit), Qt.Key.Key_Return)
    assert dialog.note.text() == "3 pictures" and len(dialog.key_frames) == 2, "Enter presses no button"
    qtbot.waitUntil(lambda: not dialog.previews[-1].pixmap().isNull())
    first, last = (dialog.previews[index].pixmap() for index in (0, -1))
    assert first.width() == 150 and first.toImage() != last.toImage()

    dialog.list.setCurrentRow(1)
    dialog.move_up()
    assert dialog.key_frames == [NEAR, WIDE] and dialog.list.item(0).text() == "near.toml"
    path = tmp_path / "film"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", staticmethod(lambda *_: (str(path), "")))
    dialog.ask_path()
    assert not dialog.make.isEnabled() and dialog.cancel.isVisibleTo(dialog)
    qtbot.waitUntil(lambda: dialog.note.text() == "saved film, 3 pictures, 64 x 48")
    assert len(list(path.iterdir())) == 3 and QImage(str(min(path.iterdir()))).width() == 64
    assert dialog.make.isEnabled() and not dialog.cancel.isVisibleTo(dialog)


def test_a_film_that_is_stopped_leaves_nothing(qtbot: QtBot, dialog: FilmDialog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for session in (WIDE, NEAR):
        dialog.add(session, "a view")
    for name, value in (("suffix", ""), ("width", 64), ("height", 48), ("fps", 60.0)):
        dialog._edit(name, value)
    path = tmp_path / "film"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", staticmethod(lambda *_: (str(path), "")))
    dialog.ask_path()
    qtbot.waitUntil(lambda: dialog.progress.value() > 0)
    dialog.stop()
    qtbot.waitUntil(lambda: not list(tmp_path.iterdir()))
    assert dialog.note.text() == "stopped; no file was written"
    dialog.list.setCurrentRow(0)
    dialog.remove()
    assert dialog.key_frames == [NEAR] and not dialog.make.isEnabled()


def test_frames_reach_the_dialog_once_it_is_open(qtbot: QtBot, fresh_window: object) -> None:
    making: FilmMaking = fresh_window.menus.films  # type: ignore[attr-defined]
    assert making.dialog is None
    making.open()
    dialog = making.dialog
    assert dialog is not None and len(dialog.key_frames) == 1 and not dialog.isModal()
    film = FilmRequest((WIDE, NEAR), Path("nowhere"), 0.3, 10, (64, 48))
    dialog._film = film
    making._show(FilmFrame(film, 0.5, False, "picture 1 of 3"))
    assert dialog.progress.value() == 500
    making._fail(FilmPreview(film), "the disk is full")
    assert dialog.note.text() == "the disk is full"
    dialog.hide()
