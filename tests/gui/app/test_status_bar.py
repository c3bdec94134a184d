"""The status bar's sentence, facts, progress, and its button for details."""

from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QPainter, QPaintEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMainWindow, QMessageBox
from pytestqt.qtbot import QtBot

from funjax_gui.app import status_bar
from funjax_gui.app.status_bar import StatusLine
from funjax_gui.tabs.base import Status

LEFT = Qt.MouseButton.LeftButton
BUSY = Status("1000 samples · refining", ("CPU, 2 cores", "float64", "12 ms"), 0.25)


@pytest.fixture
def line(qtbot: QtBot) -> StatusLine:
    widget = StatusLine()
    qtbot.addWidget(widget)
    widget.resize(900, 30)
    widget.show()
    return widget


def boxes(line: StatusLine) -> list[QMessageBox]:
    return [box for box in line.findChildren(QMessageBox) if box.isVisible()]


def test_it_says_what_the_picture_is(line: StatusLine) -> None:
    line.show_status(BUSY)
    assert line.sentence.text() == line.sentence.toolTip() == BUSY.text
    assert line.facts.text() == "CPU, 2 cores  ·  float64  ·  12 ms"
    assert line.progress.isVisible()
    assert line.progress.value() / line.progress.maximum() == 0.25


def test_a_status_can_be_read_while_pictures_follow_one_another(line: StatusLine, qtbot: QtBot) -> None:
    for number in (1, 2, 3):
        line.show_status(Status(f"step {number}", ("CPU",), 0.6))
    assert line.sentence.text() == "step 1"
    qtbot.waitUntil(lambda: line.sentence.text() == "step 3")
    line.show_status(Status("step 4", ("CPU",), 0.6))
    line.show_failure("it does not work", "")
    line._just_shown.timeout.emit()
    assert line.sentence.text() == "it does not work", "what waited comes after it no more"
    line.show_status(Status("step 5", ("CPU",), 0.6))
    line.show_status(Status("complete", ("GPU",)))
    assert (line.sentence.text(), line.facts.text()) == ("complete", "GPU"), "the last one comes at once"
    line._just_shown.timeout.emit()
    assert line.sentence.text() == "complete"


def test_facts_stay_while_there_are_no_others(line: StatusLine) -> None:
    line.show_status(BUSY)
    line.show_status(Status("computing"))
    assert line.facts.text().endswith("12 ms")
    assert not line.progress.isVisible()


def test_nothing_jumps_when_the_progress_bar_goes(line: StatusLine) -> None:
    line.show_status(BUSY)
    line.grab()
    place = line.facts.x()
    line.show_status(Status("done", BUSY.facts))
    line.grab()
    assert line.facts.x() == place


def test_a_screen_reader_is_given_what_there_is_no_room_for(line: StatusLine, qtbot: QtBot) -> None:
    line.setStyleSheet("QLabel { padding: 0 6px; font-size: 17px }")  # as a theme has it
    text = "word " * 500 + "end"
    line.show_status(Status(text))
    accessible = QAccessible.queryAccessibleInterface(line.sentence)
    assert accessible.text(QAccessible.Text.Name) == line.sentence.text() == line.sentence.toolTip() == text
    # The bar is laid out when its turn comes.
    metrics, room = line.sentence.fontMetrics(), line.sentence.contentsRect
    qtbot.waitUntil(lambda: 0 < metrics.horizontalAdvance(line.sentence.shown_text()) <= room().width())
    assert line.sentence.shown_text().endswith("…")


def test_a_long_sentence_does_not_widen_the_window(line: StatusLine) -> None:
    before = line.minimumSizeHint().width()
    line.show_status(Status("word " * 500))
    line.grab()
    assert line.minimumSizeHint().width() == before


def test_a_failure_has_a_button_for_its_details(line: StatusLine) -> None:
    line.show_status(BUSY)
    line.show_failure("ZeroDivisionError: division by zero", "Traceback …\nZeroDivisionError: division by zero")
    assert line.sentence.property("role") == "complaint"
    assert not line.progress.isVisible()
    QTest.mouseClick(line.details, LEFT)
    (box,) = boxes(line)
    assert box.text() == "ZeroDivisionError: division by zero"
    assert box.detailedText().startswith("Traceback")
    QTest.keyClick(box, Qt.Key.Key_Escape)
    assert boxes(line) == []


def test_a_closed_message_is_gone(qtbot: QtBot, line: StatusLine) -> None:
    line.show_failure("it failed", "details")
    QTest.mouseClick(line.details, LEFT)
    (box,) = boxes(line)
    with qtbot.waitSignal(box.destroyed):
        QTest.mouseClick(box.button(QMessageBox.StandardButton.Close), LEFT)


def test_a_failure_without_details_has_no_button(line: StatusLine) -> None:
    line.show_failure("it failed", "")
    assert not line.details.isVisible()


def test_the_next_status_ends_a_failure(line: StatusLine) -> None:
    line.show_failure("it failed", "details")
    line.show_status(BUSY)
    assert line.sentence.text() == BUSY.text
    assert line.sentence.property("role") == ""
    assert not line.details.isVisible()
    assert line.progress.isVisible()


@pytest.mark.parametrize("held", ["passing", "failure"])
def test_what_is_held_stays_for_a_while(qtbot: QtBot, line: StatusLine, monkeypatch: pytest.MonkeyPatch, held: str) -> None:
    monkeypatch.setattr(status_bar, "HELD", 20)
    if held == "passing":
        line.show_status(Status("saved a.toml", passing=True))
    else:
        line.show_failure("saved a.toml", "details", held=True)
    line.show_status(Status("nearly there", ("CPU",), 0.5))
    line.show_status(BUSY)
    assert line.sentence.text() == "saved a.toml"
    assert line.details.isVisible() == (held == "failure")
    qtbot.waitUntil(lambda: line.sentence.text() == BUSY.text and line.progress.value() == 250)
    assert not line.details.isVisible()
    assert line.sentence.property("role") == ""


def test_what_is_to_be_said_at_once_ends_a_passing_sentence(line: StatusLine) -> None:
    line.show_status(Status("opened a.toml", passing=True))
    line.show_status(Status("abandoned", at_once=True))
    assert line.sentence.text() == "abandoned"
    line.show_status(BUSY)
    assert line.sentence.text() == BUSY.text


def test_a_failure_does_not_wait_for_a_passing_sentence(line: StatusLine) -> None:
    line.show_status(Status("saved a.toml", passing=True))
    line.show_failure("it failed", "details")
    assert line.sentence.text() == "it failed"
    line.show_status(BUSY)
    assert line.sentence.text() == BUSY.text


def test_text_from_outside_is_not_taken_for_markup(line: StatusLine) -> None:
    line.show_failure("<b>bold</b> & more", "details")
    assert line.sentence.textFormat() == Qt.TextFormat.PlainText
    QTest.mouseClick(line.details, LEFT)
    assert boxes(line)[0].textFormat() == Qt.TextFormat.PlainText


def test_progress_paints_nothing_at_once(qtbot: QtBot) -> None:
    """Qt's bar paints all of the window that waits to be painted: a tab that is opened, once more and half made."""
    painted: list[int] = []

    class Window(QMainWindow):
        def paintEvent(self, event: QPaintEvent) -> None:
            painted.append(1)

    window, line = Window(), StatusLine()
    window.setStatusBar(line)
    qtbot.addWidget(window)
    window.show()
    assert QTest.qWaitForWindowExposed(window, 60_000)
    line.show_status(BUSY)
    QTest.qWait(1)
    painted.clear()
    window.update()
    line.show_status(Status("more samples", progress=0.75))
    assert not painted
    qtbot.waitUntil(lambda: bool(painted), timeout=60_000)


def test_progress_within_a_painting_paints_nothing_either(qtbot: QtBot, qtlog: Any) -> None:
    """A plot that learns its size while it is painted asks for a picture, and the bar tells of it: Qt said that a painter was left open."""
    line = StatusLine()

    class Window(QMainWindow):
        progress = 0.0

        def paintEvent(self, event: QPaintEvent) -> None:
            with QPainter(self):
                self.progress += 0.125
                line.show_status(Status("samples", progress=min(self.progress, 1.0)))

    window = Window()
    window.setStatusBar(line)
    qtbot.addWidget(window)
    window.show()
    assert QTest.qWaitForWindowExposed(window, 60_000)
    for _ in range(3):
        window.update()
        QTest.qWait(1)
    assert window.progress > 0.25
    assert not [record.message for record in qtlog.records if "paint" in record.message]
