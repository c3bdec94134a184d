"""Files as a person meets them: recent ones, dropped ones, pictures that carry a session, unsaved changes, a state after a crash."""

import os
from dataclasses import replace
from pathlib import Path

import pytest
from kept_window import KeptWindow
from PySide6.QtCore import QMimeData, QPoint, QPointF, QSysInfo, Qt, QUrl
from PySide6.QtGui import QAction, QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QMessageBox
from pytestqt.qtbot import QtBot

from funjax_gui.app.autosave import Autosave, left_behind
from funjax_gui.app.restore import offer_restore
from funjax_gui.app.window import Window
from funjax_gui.export.request import ExportRequest
from funjax_gui.sessions import session as sessions
from funjax_gui.sessions.session import Session
from funjax_gui.tabs.bifurcation.session import Bifurcation

FEW = Session(bifurcation=Bifurcation(transient=20, samples=30, keep_refining=False))
OTHER = Session(bifurcation=replace(Bifurcation(), transient=77, samples=20, size=(96, 64)))
Buttons = QMessageBox.StandardButton


@pytest.fixture
def window(qtbot: QtBot, kept_window: KeptWindow) -> Window:
    return kept_window.opened((760, 520), FEW)


@pytest.fixture
def session_file(tmp_path: Path) -> Path:
    sessions.save(tmp_path / "other.toml", OTHER)
    return tmp_path / "other.toml"


def drop(window: Window, *paths: Path) -> QDropEvent:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    held = (Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    enter = QDragEnterEvent(QPoint(9, 9), Qt.DropAction.CopyAction, data, *held)
    QApplication.sendEvent(window, enter)
    event = QDropEvent(QPointF(9, 9), Qt.DropAction.CopyAction, data, *held)
    event.ignore()
    if enter.isAccepted():
        QApplication.sendEvent(window, event)
    return event


def test_a_session_dropped_on_the_window_is_opened(window: Window, session_file: Path, tmp_path: Path) -> None:
    assert drop(window, session_file).isAccepted()
    assert window.bifurcation.request.transient == 77
    (tmp_path / "notes.txt").write_text("x")
    assert not drop(window, tmp_path / "notes.txt").isAccepted()
    assert not drop(window, session_file, session_file).isAccepted()


def test_a_picture_brings_back_the_session_that_made_it(window: Window, tmp_path: Path) -> None:
    out = tmp_path / "picture.png"
    for _ in ExportRequest(OTHER.bifurcation.request(), out, session=OTHER).frames():
        pass
    assert drop(window, out).isAccepted()
    assert window.bifurcation.request.transient == 77
    assert window.bifurcation.request.grid.viewport == OTHER.bifurcation.viewport
    assert window.filing.path is None  # saving must not write over the picture


def test_another_picture_is_refused_in_one_line(window: Window, tmp_path: Path) -> None:
    window.grab().save(str(tmp_path / "other.png"))
    before = window.session()
    assert not window.filing.open(tmp_path / "other.png")
    (box,) = [w for w in window.findChildren(QMessageBox) if w.isVisible()]
    assert "contains no session" in box.informativeText()
    box.close()
    assert window.session() == before


def test_recent_files_are_offered_and_open(window: Window, session_file: Path) -> None:
    def offered() -> list[QAction]:
        window.menus.recent.aboutToShow.emit()
        return window.menus.recent.actions()

    assert [a.text() for a in offered()] == ["No recent files"]
    window.filing.open(session_file)
    window.bifurcation._edit("transient", 5)
    (action,) = offered()
    assert action.text() == "other.toml"
    action.trigger()
    assert window.bifurcation.request.transient == 77


@pytest.mark.parametrize(
    ("answer", "closes", "transient"), [(Buttons.Cancel, False, 77), (Buttons.Discard, True, 77), (Buttons.Save, True, 5)]
)
def test_changes_to_a_file_are_asked_about(
    window: Window, session_file: Path, monkeypatch: pytest.MonkeyPatch, answer: Buttons, closes: bool, transient: int
) -> None:
    asked: list[str] = []
    monkeypatch.setattr(QMessageBox, "question", lambda parent, title, text, *_: (asked.append(text), answer)[1])
    KeptWindow.is_spoilt = True
    window.filing.open(session_file)
    window.bifurcation._edit("transient", 5)
    assert window.close() == closes and asked == ["Save the changes to other.toml?"]
    assert sessions.load(session_file).bifurcation.transient == transient


def test_play_and_saved_work_close_without_a_question(window: Window, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(QMessageBox, "question", lambda *_: pytest.fail("nothing is to be asked"))
    window.bifurcation._edit("transient", 5)
    assert window.filing.may_leave(window.session())
    assert window.filing.save(window.session(), tmp_path / "mine.toml")
    assert window.filing.may_leave(window.session())


def question(window: Window) -> QMessageBox:
    (box,) = [w for w in window.findChildren(QMessageBox) if w.isVisible()]
    return box


@pytest.fixture
def crashed(window: Window, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the states of two windows that crashed, the newer one with 77 transient steps; the window keeps its own there."""
    for transient in (66, 77):
        place = tmp_path / "autosave" / f"{transient}.toml"
        place.parent.mkdir(exist_ok=True)
        sessions.save(place, sessions.Session(bifurcation=replace(Bifurcation(), transient=transient)))
        os.utime(place, (transient, transient))
    monkeypatch.setattr(window, "autosave", Autosave(window.session, window, place.parent))
    window.autosave.begin()
    return place.parent


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.glob("*.toml"))


def test_a_restored_state_is_never_without_a_file(window: Window, crashed: Path) -> None:
    offer_restore(window, window.autosave, left_behind(crashed), window.show_session)
    assert left_behind(crashed) == [], "nothing is offered to another window meanwhile"
    question(window).button(Buttons.Yes).click()
    assert window.bifurcation.request.transient == 77 and window.filing.path is None
    assert names(crashed) == ["66.toml", "77.toml"], "the program may die before it has kept anything"
    window.bifurcation._edit("transient", 5)
    window.autosave.keep()
    assert sessions.load(crashed / "77.toml").bifurcation.transient == 5
    window.autosave.end()
    assert names(crashed) == ["66.toml"], "of the other window"
    assert [left.path.name for left in left_behind(crashed)] == ["66.toml"]


def test_of_two_crashed_windows_neither_is_deleted_unasked(window: Window, crashed: Path) -> None:
    offer_restore(window, window.autosave, left_behind(crashed), window.show_session)
    assert "1 older unsaved session is kept" in question(window).informativeText()
    question(window).button(Buttons.No).click()
    assert names(crashed) == ["66.toml"]
    question(window).button(Buttons.No).click()
    assert names(crashed) == [] and window.bifurcation.request.transient not in (66, 77)
    window.autosave.end()


def test_what_is_no_state_is_kept_and_does_no_harm(window: Window, crashed: Path) -> None:
    (crashed / "folder.toml").mkdir()
    (crashed / "dangling.toml").symlink_to(crashed / "none")
    (crashed / "linked.toml").symlink_to(crashed / "66.toml")
    (crashed / "damaged.toml").write_text("funjax = ")
    left = left_behind(crashed)
    assert [one.path.name for one in left] == ["damaged.toml", "77.toml", "66.toml"]
    (crashed / "77.toml").unlink()  # by whatever
    offer_restore(window, window.autosave, left, window.show_session)
    question(window).button(Buttons.Yes).click()
    assert window.bifurcation.request.transient == 66
    assert (crashed / "damaged.broken.toml").read_text() == "funjax = "
    assert left_behind(crashed) == []
    window.autosave.end()


def test_locks_without_a_file_are_removed(tmp_path: Path) -> None:
    (tmp_path / "1-a.toml.lock").write_text(f"999999999\nfunjax\n{QSysInfo.machineHostName()}\n")
    assert left_behind(tmp_path) == []
    assert list(tmp_path.iterdir()) == []
