"""Work that is waited for: its result and its errors come back, and where it lasts the window says so and lets it be given up."""

import sys
import threading
from pathlib import Path

import pytest
import shiboken6
from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QApplication, QProgressDialog, QWidget
from pytestqt.qtbot import QtBot

from funjax_gui.widgets import background
from funjax_gui.widgets.background import call_in_background, import_in_background, run_in_background


@pytest.fixture
def parent(qtbot: QtBot) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    return made


def test_what_is_quick_comes_back_at_once(parent: QWidget) -> None:
    assert run_in_background(parent, "Reading…", lambda: threading.current_thread() is threading.main_thread()) is False
    with pytest.raises(ZeroDivisionError):
        run_in_background(parent, "Reading…", lambda: 1 // 0)


def test_what_lasts_is_said_and_the_event_loop_runs_meanwhile(parent: QWidget, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(background, "BRIEF", 0.0)
    done = threading.Event()
    labels: list[str] = []

    def look() -> None:
        labels.append(parent.findChildren(QProgressDialog)[0].labelText())
        done.set()

    QTimer.singleShot(0, look)
    assert run_in_background(parent, "Reading x…", lambda: done.wait(60)) is True
    assert labels == ["Reading x…"]


def test_what_lasts_can_be_given_up(parent: QWidget, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(background, "BRIEF", 0.0)
    done = threading.Event()
    QTimer.singleShot(0, lambda: QApplication.activeModalWidget().reject())
    with pytest.raises(ValueError, match="cancelled"):
        run_in_background(parent, "Reading x…", lambda: done.wait(60))
    done.set()


def test_a_result_is_handed_over_in_the_thread_of_its_owner(qtbot: QtBot, parent: QWidget) -> None:
    heard: list[tuple[bool, bool]] = []

    def is_main() -> bool:
        return threading.current_thread() is threading.main_thread()

    call_in_background(parent, is_main, lambda found: heard.append((found, is_main())))
    qtbot.waitUntil(lambda: heard == [(False, True)])
    qtbot.waitUntil(lambda: parent.findChildren(QTimer) == [])


def test_a_result_whose_owner_is_gone_is_dropped(qtbot: QtBot) -> None:
    owner, after, done, heard = QObject(), QObject(), threading.Event(), list[str]()
    call_in_background(owner, lambda: done.wait(60), lambda _: heard.append("gone"))
    shiboken6.delete(owner)
    done.set()
    call_in_background(after, lambda: None, lambda _: heard.append("there"))
    qtbot.waitUntil(lambda: bool(heard))
    assert heard == ["there"]


def test_a_module_is_imported_in_a_thread_and_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "late_module.py").write_text("import threading\nthread = threading.current_thread()\n")
    monkeypatch.syspath_prepend(tmp_path)
    before = set(threading.enumerate())
    import_in_background("late_module")
    for thread in set(threading.enumerate()) - before:
        thread.join(60.0)
    made = sys.modules.pop("late_module")
    assert made.thread is not threading.main_thread()
    monkeypatch.setitem(sys.modules, "late_module", made)
    before = set(threading.enumerate())
    import_in_background("late_module")
    assert set(threading.enumerate()) <= before
