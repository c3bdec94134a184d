"""Films from the window: the dialog, opened when it is first wanted, and the worker's frames for it."""

from typing import Any

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QMainWindow

from funjax_gui.app.host import Host
from funjax_gui.dialogs import FilmDialog
from funjax_gui.films import FilmPreview, FilmRequest

KINDS = (FilmRequest, FilmPreview)


class FilmMaking(QObject):
    """Connects the film dialog with the worker."""

    def __init__(self, window: QMainWindow, host: Host) -> None:
        super().__init__(window)
        self._window, self._host = window, host
        self.dialog: FilmDialog | None = None
        host.worker.frame.connect(self._show)
        host.worker.failed.connect(self._fail)

    def open(self) -> None:
        """Open the dialog, the first time with the view that is shown as a key frame."""
        if self.dialog is None:
            self.dialog = FilmDialog(self._host.session, lambda: self._host.filing.folder, self._window)
            self.dialog.wanted.connect(self._host.worker.submit)
            self.dialog.dropped.connect(self._host.worker.cancel)
            self.dialog.add_view()
        self.dialog.show()
        self.dialog.raise_()

    def _show(self, frame: Any) -> None:
        if self.dialog is not None and isinstance(frame.request, KINDS):
            self.dialog.show_frame(frame)

    def _fail(self, request: Any, message: str) -> None:
        if self.dialog is not None and isinstance(request, KINDS):
            self.dialog.show_failure(message)
