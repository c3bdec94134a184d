"""The dialog of the post's timings, from the menu to the file, with requests that measure nothing."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QMessageBox
from pytestqt.qtbot import QtBot

from funjax_gui.app.window import Window
from funjax_gui.style.theme import DARK, LIGHT
from funjax_gui.timings import dialog as timings_dialog
from funjax_gui.timings import report
from funjax_gui.timings import table as timings_table
from funjax_gui.timings.dialog import TimingsDialog
from funjax_gui.worker.worker import Worker
from kernels.timings.measure import Timing
from kernels.timings.request import Row, TimingsFrame, TimingsRequest
from kernels.timings.sweeps import SweepPoint
from kernels.timings.workloads import post_workloads

TABLE = tuple((workload, variant) for workload in post_workloads() for variant in workload.variants)
ROWS = tuple(
    Row(w.name, w.title, v.name, v.source, v.note, v.post, v.post or w.gpu, Timing(1e-4, 0.9e-4, 1.2e-4, 7, 0.5), 8.0) for w, v in TABLE
)
POINTS = tuple(
    SweepPoint("starts", way, size, Timing(t * size, t * size, t * size, 7, 0.1))
    for size in (1, 4, 16)
    for way, t in (("NumPy loop", 1e-4), ("jit", 1e-5))
)


def frame_of(request: TimingsRequest, rows: int, points: int, done: bool = False) -> TimingsFrame:
    progress = (rows + points) / (len(ROWS) + len(POINTS))
    return TimingsFrame(request, ROWS[:rows], POINTS[:points], "" if done else "something", progress, "a device", 3.0, done)


@dataclass(frozen=True)
class Fake(TimingsRequest):
    """Frames from nowhere; `stops` leaves off in the middle, for ever, and `fails` with an error."""

    stops: bool = False
    fails: bool = False

    def frames(self) -> Iterator[TimingsFrame | None]:
        for rows in range(len(ROWS) + 1):
            yield frame_of(self, rows, 0)
            yield None
            while self.stops and rows == 3:
                yield None
            if self.fails and rows == 2:
                raise RuntimeError("the device is gone")
        for points in range(1, len(POINTS) + 1):
            yield frame_of(self, len(ROWS), points)
        yield frame_of(self, len(ROWS), len(POINTS), done=True)


@pytest.fixture
def worker() -> Iterator[Worker]:
    made = Worker()
    yield made
    made.close()


def opened(qtbot: QtBot, worker: Worker, request: TimingsRequest) -> TimingsDialog:
    made = TimingsDialog(DARK, request=request)
    made.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    qtbot.addWidget(made)
    made.requested.connect(worker.submit)
    made.cancelled.connect(worker.cancel)
    worker.frame.connect(made.show_frame)
    worker.failed.connect(made.show_failure)
    made.show()
    made.start()
    return made


@pytest.fixture
def dialog(qtbot: QtBot) -> TimingsDialog:
    """A dialog whose measuring has ended."""
    made = TimingsDialog(DARK, request=Fake())
    made.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    qtbot.addWidget(made)
    made.show()
    made.start()
    made.show_frame(frame_of(made.request, len(ROWS), len(POINTS), done=True))
    return made


def texts(dialog: TimingsDialog, column: int) -> list[str]:
    """The column's texts in the lines that are measured."""
    cells = [dialog.table.item(row, column) for row in range(dialog.table.rowCount()) if dialog.table.columnSpan(row, 0) == 1]
    return [cell.text().strip() for cell in cells]


def test_all_lines_are_there_from_the_start_and_fill_in_as_they_come(qtbot: QtBot) -> None:
    made = TimingsDialog(DARK, request=Fake())
    qtbot.addWidget(made)
    made.start()
    assert texts(made, 0) == [variant.name for _, variant in TABLE]
    assert [text for text in texts(made, 4) if text] == ["1.74 ms", "201 µs", "354 ms", "681 µs", "626 µs", "123 µs", "146 µs"]
    assert set(texts(made, 1)) == {""}
    made.show_frame(frame_of(made.request, 2, 0))
    assert texts(made, 1) == ["100 µs", "100 µs", "…", *[""] * 11]
    assert made.status.text() == "Measuring something …" and made.progress.value() == 100
    assert made.again.text() == "&Stop"
    made.show_frame(frame_of(Fake(seconds=1), 5, 0))  # somebody else's
    assert texts(made, 1)[2] == "…"


def test_at_the_end_it_says_what_came_out(dialog: TimingsDialog) -> None:
    assert [texts(dialog, column) for column in range(1, 7)] == [list(column) for column in zip(*map(report.cells, ROWS), strict=True)][1:]
    assert dialog.status.text() == "funjax is faster here than the post’s GPU was in all 5 workloads. Measured on a device, in 3 s."
    assert dialog.again.text() == "&Measure again" and dialog.progress.isHidden()
    dialog.pages.setCurrentIndex(1)
    assert "jit: faster than NumPy loop at every size, 10 times at 16" in dialog.sweeps.verdicts["starts"].text()
    assert dialog.sweeps.verdicts["variables"].text() != ""


def test_it_measures_again(qtbot: QtBot, worker: Worker) -> None:
    made = opened(qtbot, worker, Fake())
    for _ in range(2):
        qtbot.waitUntil(lambda: made.frame is not None and made.frame.done)
        assert len(made.frame.rows) == len(ROWS) and made.copy.isEnabled()  # type: ignore[union-attr]
        QTest.mouseClick(made.again, Qt.MouseButton.LeftButton)
        assert made.frame is None and set(texts(made, 1)) == {""} and not made.copy.isEnabled()
    made.close()


def test_stop_stops_the_worker_and_keeps_what_there_is(qtbot: QtBot, worker: Worker) -> None:
    made = opened(qtbot, worker, Fake(stops=True))
    qtbot.waitUntil(lambda: made.frame is not None and len(made.frame.rows) == 3)
    QTest.mouseClick(made.again, Qt.MouseButton.LeftButton)
    assert not worker.running
    assert texts(made, 1)[:5] == ["100 µs", "100 µs", "100 µs", "", ""]
    assert made.status.text().startswith("Stopped.")
    assert made.copy.isEnabled() and made.again.text() == "&Measure again"


@pytest.mark.parametrize("way", ["close", "escape"])
def test_closing_stops_the_worker(qtbot: QtBot, worker: Worker, way: str) -> None:
    made = opened(qtbot, worker, Fake(stops=True))
    qtbot.waitUntil(lambda: made.frame is not None)
    assert worker.running
    if way == "close":
        made.close()
    else:
        QTest.keyClick(made, Qt.Key.Key_Escape)
    assert not worker.running and made.isHidden()


def test_a_failure_is_said(qtbot: QtBot, worker: Worker) -> None:
    made = opened(qtbot, worker, Fake(fails=True))
    qtbot.waitUntil(lambda: "failed" in made.status.text())
    assert made.status.text() == "The measurement failed: RuntimeError: the device is gone"
    assert made.again.text() == "&Measure again" and made.copy.isEnabled()
    assert "…" not in texts(made, 1)


def test_a_line_s_note_is_shown_when_it_is_selected(dialog: TimingsDialog) -> None:
    assert dialog.note.text() == report.LEGEND
    dialog.table.selectRow(2)
    assert dialog.note.text() == TABLE[1][1].note
    dialog.table.clearSelection()
    assert dialog.note.text() == report.LEGEND


def test_copied_as_text(dialog: TimingsDialog) -> None:
    QGuiApplication.clipboard().clear()
    QTest.mouseClick(dialog.copy, Qt.MouseButton.LeftButton)
    assert dialog.frame is not None
    assert QGuiApplication.clipboard().text() == report.as_text(dialog.frame)
    QGuiApplication.clipboard().clear()
    dialog.table.setFocus()
    QTest.keyClick(dialog.table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert "NumPy loop" in QGuiApplication.clipboard().text()


def test_saved_or_said_why_not(dialog: TimingsDialog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("timings.doc", "no-such-folder/timings.json"):
        dialog.save_to(tmp_path / name)
        (box,) = (found for found in dialog.findChildren(QMessageBox) if found.isVisible())
        assert "was not saved" in box.text() and box.informativeText()
        box.close()
        assert not list(tmp_path.iterdir())
    for suffix in (".json", ".csv", ".txt"):
        chosen = next(text for text in timings_dialog.FILTERS.split(";;") if suffix in text)
        monkeypatch.setattr(QFileDialog, "getSaveFileName", staticmethod(lambda *_, chosen=chosen: (str(tmp_path / "mine"), chosen)))
        QTest.mouseClick(dialog.save, Qt.MouseButton.LeftButton)
        text = (tmp_path / f"mine{suffix}").read_text(encoding="utf-8")
        assert "NumPy loop" in text
        if suffix == ".json":
            assert len(json.loads(text)["rows"]) == len(ROWS)
        assert dialog.status.text() == f"Saved mine{suffix}."


def test_the_dots_lie_where_the_figures_are(dialog: TimingsDialog) -> None:
    dialog.resize(1180, 640)
    for colours in (DARK, LIGHT):
        dialog.set_theme(colours)
        table = dialog.table
        cell = table.visualItemRect(table.item(1, timings_table.CHART))
        picture = table.viewport().grab(cell).toImage()
        place = table.dots.place(cell.toRectF().translated(-cell.left(), -cell.top()), ROWS[0].timing.median)
        ratio = picture.devicePixelRatio()
        dot = picture.pixelColor(round(place * ratio), round(cell.height() / 2 * ratio))
        assert dot.name() == colours.accent2


def test_the_axis_grows_with_what_it_shows(dialog: TimingsDialog) -> None:
    from PySide6.QtCore import QRectF

    rect = QRectF(0, 0, 400, 20)
    before = dialog.table.dots.place(rect, 1.0)
    dialog.table.dots.fit([3e-8, 40.0])
    assert 0 < dialog.table.dots.place(rect, 3e-8) < dialog.table.dots.place(rect, 1.0) < before
    assert dialog.table.dots.place(rect, 40.0) < 400
    dialog.table.dots.fit([])
    assert dialog.table.dots.place(rect, 1.0) == before


def test_from_the_menu(qtbot: QtBot, fresh_window: Window, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timings_dialog, "TimingsRequest", lambda: Fake())
    window = fresh_window
    window.show()
    entry = next(action for action in window.findChildren(QAction) if action.text() == "T&imings of the post…")
    entry.trigger()
    (dialog,) = window.findChildren(TimingsDialog)
    qtbot.waitUntil(lambda: dialog.frame is not None and dialog.frame.done)
    entry.trigger()
    assert window.findChildren(TimingsDialog) == [dialog]
    window.set_theme("light")
    assert dialog.table.dots.colours is LIGHT
    dialog.close()
    qtbot.waitUntil(lambda: not window.findChildren(TimingsDialog))
    assert Fake not in window.worker.running
    window.close()
