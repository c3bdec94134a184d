"""Films and posters from the window: their dialogs, opened when they are first wanted, and the worker's frames for them."""

from typing import Any, Generic, TypeVar

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication, QMainWindow

from funjax_gui.app.host import Host
from funjax_gui.dialogs import FilmDialog, PosterDialog
from funjax_gui.films import FilmPreview, FilmRequest
from funjax_gui.posters import PosterEstimate

Dialog = TypeVar("Dialog", FilmDialog, PosterDialog)


class _Making(QObject, Generic[Dialog]):
    """Connects a dialog with the worker, whose requests are of these kinds."""

    kinds: tuple[type[Any], ...]

    def __init__(self, window: QMainWindow, host: Host) -> None:
        super().__init__(window)
        self._window, self._host = window, host
        self.dialog: Dialog | None = None
        host.worker.frame.connect(self._show)
        host.worker.failed.connect(self._fail)

    def _made(self) -> Dialog:
        """The dialog, made."""
        raise NotImplementedError

    def _begin(self, dialog: Dialog) -> None:
        """Begin with a dialog that is connected."""
        raise NotImplementedError

    def open(self) -> None:
        """Open the dialog."""
        if self.dialog is None:
            self.dialog = self._made()
            self.dialog.wanted.connect(self._host.worker.submit)
            self.dialog.dropped.connect(self._host.worker.cancel)
            self._begin(self.dialog)
        self.dialog.show()
        self.dialog.raise_()

    def _show(self, frame: Any) -> None:
        if self.dialog is not None and isinstance(frame.request, self.kinds):
            self.dialog.show_frame(frame)

    def _fail(self, request: Any, message: str) -> None:
        if self.dialog is not None and isinstance(request, self.kinds):
            self.dialog.show_failure(request, message)


class FilmMaking(_Making[FilmDialog]):
    """The film dialog, which has the view that is shown first as a key frame."""

    kinds = (FilmRequest, FilmPreview)

    def _made(self) -> FilmDialog:
        return FilmDialog(self._host.session, lambda: self._host.filing.folder, self._window)

    def _begin(self, dialog: FilmDialog) -> None:
        dialog.add_view()


class PosterMaking(_Making[PosterDialog]):
    """The poster dialog, whose reports are shown in the status bar."""

    kinds = (PosterEstimate,)

    def _made(self) -> PosterDialog:
        filing = self._host.filing
        name = filing.path.name.removesuffix(".toml").removesuffix(".funjax") if filing.path else "funjax"
        return PosterDialog(self._host.session, filing.folder / f"{name}-poster.png", self._window)

    def _begin(self, dialog: PosterDialog) -> None:
        dialog.reported.connect(self._host.filing.reported)
        application = QApplication.instance()
        assert application is not None
        application.aboutToQuit.connect(dialog.close_process)
        dialog.measure()
