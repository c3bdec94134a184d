"""Posters from the window: the dialog, opened when it is first wanted, and the worker's frames for it."""

from typing import Any

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication, QMainWindow

from funjax_gui.app.host import Host
from funjax_gui.dialogs import PosterDialog
from funjax_gui.posters import PosterEstimate


class PosterMaking(QObject):
    """Connects the poster dialog with the worker and the status bar."""

    def __init__(self, window: QMainWindow, host: Host) -> None:
        super().__init__(window)
        self._window, self._host = window, host
        self.dialog: PosterDialog | None = None
        host.worker.frame.connect(self._show)
        host.worker.failed.connect(self._fail)

    def open(self) -> None:
        """Open the dialog."""
        if self.dialog is None:
            filing = self._host.filing
            name = filing.path.name.removesuffix(".toml").removesuffix(".funjax") if filing.path else "funjax"
            self.dialog = PosterDialog(self._host.session, filing.folder / f"{name}-poster.png", self._window)
            self.dialog.wanted.connect(self._host.worker.submit)
            self.dialog.dropped.connect(self._host.worker.cancel)
            self.dialog.reported.connect(filing.reported)
            application = QApplication.instance()
            assert application is not None
            application.aboutToQuit.connect(self.dialog.close_process)
            self.dialog.measure()
        self.dialog.show()
        self.dialog.raise_()

    def _show(self, frame: Any) -> None:
        if self.dialog is not None and isinstance(frame.request, PosterEstimate):
            self.dialog.show_frame(frame)

    def _fail(self, request: Any, message: str) -> None:
        if self.dialog is not None and isinstance(request, PosterEstimate):
            self.dialog.show_failure(request, message)
