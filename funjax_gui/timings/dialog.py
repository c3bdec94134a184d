"""Help > Timings of the post: the post's measurements on this machine, beside its figures, and at many sizes."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QStandardPaths, Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeySequence, QShortcut
from PySide6.QtWidgets import QDialog, QFileDialog, QHBoxLayout, QLabel, QProgressBar, QPushButton, QTabWidget, QVBoxLayout, QWidget

from funjax_gui.files import atomic_write
from funjax_gui.style import Colours
from funjax_gui.tabs import RequestSlots
from funjax_gui.timings import report
from funjax_gui.timings.sweeps_page import SweepsPage
from funjax_gui.timings.table import TimingsTable
from funjax_gui.widgets import show_message, with_suffix
from funjax_gui.worker import Worker
from kernels.timings import TimingsFrame, TimingsRequest

FORMATS: dict[str, Callable[[TimingsFrame], str]] = {".json": report.as_json, ".csv": report.as_csv, ".txt": report.as_text}
"""What Save writes, by the file's suffix."""

TIPS = {
    "&Stop": "Stop, or measure again; the figures so far stay",
    "&Copy as text": "Copy all figures to the clipboard (Ctrl+C)",
    "S&ave…": "Save all figures to a file: JSON, CSV or text",
    "Close": "Stop and close (Esc)",
}
"""The dialog's buttons, and what they do."""

FILTERS = "JSON (*.json);;CSV (*.csv);;Text (*.txt)"


class TimingsDialog(QDialog):
    """It measures when it is opened, and stops when it is closed. The window brings the frames, as it does to a tab."""

    requested = Signal(object)
    cancelled = Signal(object)

    def __init__(self, colours: Colours, parent: QWidget | None = None, request: TimingsRequest | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Timings of the post")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.request = request or TimingsRequest()
        self.frame: TimingsFrame | None = None
        self._slots = RequestSlots((type(self.request),))
        self.table, self.sweeps = TimingsTable(self.request), SweepsPage(self.request)
        self.pages = QTabWidget(documentMode=True)
        self.pages.tabBar().setDrawBase(False)
        self.pages.addTab(self.table, "The post’s measurements")
        self.pages.addTab(self.sweeps, "Beyond the post: many sizes")
        self.pages.tabBar().setAccessibleName("Pages")
        self.pages.tabBar().setToolTip("Switch pages with the left and right keys or Ctrl+Tab")
        self.status, self.note = QLabel(), QLabel(report.LEGEND)
        for label in (self.status, self.note):
            label.setWordWrap(True)
        self.note.setProperty("role", "quiet")
        self.note.setMinimumHeight(3 * self.note.fontMetrics().height())
        self.note.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self.progress = QProgressBar(maximum=1000, textVisible=False)
        self.again, self.copy, self.save, self.leave = (QPushButton(text) for text in TIPS)
        for button, tip in zip((self.again, self.copy, self.save, self.leave), TIPS.values(), strict=True):
            button.setToolTip(tip)
        self._arrange()
        self._connect()
        self.set_theme(colours)
        self._enable()

    def _arrange(self) -> None:
        buttons = QHBoxLayout()
        buttons.addWidget(self.again)
        buttons.addStretch()
        for button in (self.copy, self.save, self.leave):
            buttons.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 10, 14, 12)
        column.setSpacing(8)
        column.addWidget(self.pages, 1)
        for widget in (self.note, self.status, self.progress):
            column.addWidget(widget)
        column.addLayout(buttons)
        room = QGuiApplication.primaryScreen().availableSize()
        self.resize(min(1180, room.width() - 40), min(self.table.sizeHint().height() + 190, room.height() - 60))

    def _connect(self) -> None:
        self.again.clicked.connect(lambda: self.stop() if self._slots.is_running() else self.start())
        self.copy.clicked.connect(lambda: self.copy_text())
        self.save.clicked.connect(lambda: self.ask_save())
        self.leave.clicked.connect(lambda: self.close())
        self.leave.setDefault(True)
        self.table.chosen.connect(lambda note: self.note.setText(note or report.LEGEND))
        self.pages.currentChanged.connect(lambda page: self.note.setVisible(page == 0))
        QShortcut(QKeySequence.StandardKey.Copy, self, self.copy_text)
        self.finished.connect(lambda _: self.stop())

    # --- measuring ---

    def start(self) -> None:
        """Measure, from the beginning."""
        self.frame = None
        self._slots.drop(type(self.request))
        self._slots.submit(self.request)
        sent = self._slots.due()
        self.table.clear_figures()
        self.sweeps.show_frame(None)
        self.status.setText("Beginning…")
        self.progress.setValue(0)
        self._enable()
        for request in sent:
            self.requested.emit(request)

    def stop(self) -> None:
        """Measure no more; what was measured stays. A compiler at work is waited for, in the background."""
        if self._slots.drop(type(self.request)):
            self.cancelled.emit(type(self.request))
            self.status.setText("Stopped. Rows without figures were not measured.")
            self._enable()

    def show_frame(self, frame: Any) -> None:
        """Show a frame, if it is of what was asked for."""
        if type(getattr(frame, "request", None)) not in self._slots.kinds or not self._slots.accept(frame):
            return
        self.frame = frame
        self.table.show_frame(frame)
        self.sweeps.show_frame(frame)
        self.progress.setValue(round(1000 * frame.progress))
        self.status.setText(f"Measuring {frame.doing} …" if frame.doing else self._end(frame))
        self._enable()

    @staticmethod
    def _end(frame: TimingsFrame) -> str:
        return f"{report.beaten(frame)} Measured on {frame.device}, in {frame.seconds:.0f} s."

    def show_failure(self, request: Any, message: str, details: str) -> None:
        """Say why no more is measured, if it is what was asked for that failed."""
        if type(request) in self._slots.kinds and self._slots.fail(request):
            self.status.setText(f"The measurement failed: {message}")
            self._enable()

    def _enable(self) -> None:
        if not self._slots.is_running():
            self.table.mark_waiting(None)
        self.again.setText("&Stop" if self._slots.is_running() else "&Measure again" if self.frame else "&Measure")
        self.progress.setVisible(self._slots.is_running())
        for button in (self.copy, self.save):
            button.setEnabled(self.frame is not None and bool(self.frame.rows))

    def set_theme(self, colours: Colours) -> None:
        """Draw in these colours."""
        self.table.set_theme(colours)
        self.sweeps.set_theme(colours)

    # --- taking the figures elsewhere ---

    def copy_text(self) -> None:
        """Put everything measured on the clipboard, as text."""
        if self.frame is not None and self.frame.rows:
            QGuiApplication.clipboard().setText(report.as_text(self.frame))
            if not self._slots.is_running():
                self.status.setText("Copied as text.")

    def ask_save(self) -> None:
        """Let the user choose a file, and write everything measured to it."""
        folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation) or "."
        chosen, chosen_filter = QFileDialog.getSaveFileName(self, "Save the timings", str(Path(folder) / "funjax-timings.json"), FILTERS)
        suffix = next((suffix for suffix in FORMATS if f"*{suffix}" in chosen_filter), ".json")
        path = with_suffix(chosen, suffix, self)
        if path is not None:
            self.save_to(path)

    def save_to(self, path: Path) -> None:
        """Write everything measured, in the format of the file's suffix; where that will not do, say why."""
        assert self.frame is not None
        try:
            if path.suffix.lower() not in FORMATS:
                raise ValueError(f"{path.suffix} is not a format for timings; choose one of {', '.join(FORMATS)}")
            text = FORMATS[path.suffix.lower()](self.frame)
            with atomic_write(path) as file:
                file.write(text.encode())
        except ValueError as error:
            show_message(self, f"{path.name} was not saved.", str(error))
            return
        if not self._slots.is_running():
            self.status.setText(f"Saved {path.name}.")


def open_timings(window: QWidget, worker: Worker, colours: Colours) -> TimingsDialog:
    """Open the dialog over the window and wire it to the worker; where it is open, bring it to the front."""
    for already in window.findChildren(TimingsDialog):
        already.raise_()
        already.activateWindow()
        return already
    made = TimingsDialog(colours, window)
    made.requested.connect(worker.submit)
    made.cancelled.connect(worker.cancel)
    worker.frame.connect(made.show_frame)
    worker.failed.connect(made.show_failure)
    made.show()
    made.start()
    return made
