"""File actions: opening and saving sessions, exporting, copying. Errors are shown in one line and change nothing."""

from dataclasses import replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QStandardPaths, Signal
from PySide6.QtGui import QDropEvent, QGuiApplication
from PySide6.QtWidgets import QDialog, QFileDialog, QMessageBox, QProgressDialog, QWidget

from funjax_gui.dialogs import ExportDialog
from funjax_gui.export import PICTURE, ExportFrame, ExportRequest, PageSetup, Style, formats_of
from funjax_gui.sessions import TextError
from funjax_gui.sessions import session as sessions
from funjax_gui.tours import is_tour
from funjax_gui.widgets import run_in_background, show_message, with_suffix

FILTER = "Sessions (*.toml)"
OPEN_FILTER = "Sessions, tours, and pictures made by funjax (*.toml *.png *.svg)"


def dropped_session(event: QDropEvent) -> Path | None:
    """The dropped file, if it is a single local one that may contain a session."""
    urls = event.mimeData().urls()
    path = Path(urls[0].toLocalFile()) if len(urls) == 1 and urls[0].isLocalFile() else None
    return path if path is not None and (path.suffix.lower() == ".toml" or sessions.is_picture(path)) else None


class Filing(QObject):
    """File actions of the window, which provides the current session and shows an opened one."""

    opened = Signal(object, object)
    """A Session and its Path."""
    tour_opened = Signal(object)
    """The Path of a tour."""
    saved = Signal(object)
    reported = Signal(str)
    """A message of one line."""
    export_wanted = Signal(object)
    """An ExportRequest for the worker."""
    export_dropped = Signal()

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self.path: Path | None = None
        self.folder = Path(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation) or ".")
        self._progress: QProgressDialog | None = None
        self._saved: sessions.Session | None = None
        # The page of the previous export, with which the next one begins.
        self._page, self._page_size, self._transparent = PageSetup(), "", False

    # --- sessions ---

    def ask_open(self) -> None:
        """Let the user choose a session, and open it."""
        chosen, _ = QFileDialog.getOpenFileName(self._window, "Open a session", str(self.folder), OPEN_FILTER)
        if chosen:
            self.open(Path(chosen))

    def open(self, path: Path) -> bool:
        """Open the session or tour in `path`; on an error, show it and change nothing."""
        if is_tour(path):
            self.tour_opened.emit(path)
            return True
        try:
            session = run_in_background(self._window, f"Reading {path.name}…", lambda: sessions.load(path))
        except (ValueError, OSError) as error:
            is_foreign = isinstance(error, TextError) and error.is_foreign
            self._complain(f"{path.name} {'is not a funjax session (TOML)' if is_foreign else 'was not opened'}", str(error))
            return False
        # A session opened from a picture is not saved to that picture.
        self.path, self.folder = None if sessions.is_picture(path) else path, path.parent
        self.opened.emit(session, path)
        self.reported.emit(f"opened {path.name}")
        return True

    def mark_saved(self, session: sessions.Session) -> None:
        """Note that the window's state agrees with the file."""
        self._saved = session

    def may_leave(self, session: sessions.Session) -> bool:
        """Whether the window may close: asks about unsaved changes of a session that has a file."""
        if self.path is None or session == self._saved:
            return True
        buttons = QMessageBox.StandardButton
        answer = QMessageBox.question(
            self._window,
            "funjax",
            f"Save the changes to {self.path.name}?",
            buttons.Save | buttons.Discard | buttons.Cancel,
            buttons.Save,
        )
        return answer == buttons.Discard or (answer == buttons.Save and self.save(session, self.path))

    def save(self, session: sessions.Session, path: Path | None) -> bool:
        """Save `session` to `path`, asked for where it is None."""
        if path is None:
            start = self.path or self.folder / "session.funjax.toml"
            chosen, _ = QFileDialog.getSaveFileName(self._window, "Save the session", str(start), FILTER)
            path = with_suffix(chosen, ".toml", self._window)
            if path is None:
                return False
        try:
            sessions.save(path, session)
        except (ValueError, OSError) as error:
            self._complain(f"{path.name} was not saved", str(error))
            return False
        self.path, self.folder = path, path.parent
        self._saved = session
        self.saved.emit(path)
        self.reported.emit(f"saved {path.name}")
        return True

    # --- exports ---

    def ask_export(self, request: Any, style: Style, session: sessions.Session) -> str:
        """Ask for format, size, background and file, and begin the export; returns the theme chosen."""
        style = replace(style, setup=self._page, transparent=self._transparent)
        size = getattr(session.table, "size", PICTURE)
        dialog = ExportDialog(formats_of(request), size, style, self._page_size, self._window)
        try:
            if dialog.exec() != QDialog.DialogCode.Accepted:
                return style.theme
            theme, path = dialog.theme, dialog.ask_path(self.folder, self.path.stem if self.path else "funjax")
            if path is not None:
                self._page, self._page_size, self._transparent = dialog.setup, dialog.page.size_name, dialog.is_transparent
                style = replace(style, theme=theme, setup=self._page, transparent=self._transparent)
                self.export(request, path, dialog.size_wanted, style, replace(session, theme=theme))
            return theme
        finally:
            dialog.deleteLater()  # the window would keep each one, with what it last showed

    def export(self, request: Any, path: Path, size: tuple[int, int], style: Style, session: sessions.Session) -> None:
        """Begin to export `request` to `path`."""
        try:
            export = ExportRequest(request, path, size, style, session)
        except ValueError as error:
            self._complain(f"{path.name} was not exported", str(error))
            return
        self._end()  # the worker drops an export that is under way
        self.folder = path.parent
        self._progress = QProgressDialog(f"Exporting {path.name}…", "Cancel", 0, 1000, self._window)
        self._progress.setWindowTitle("Export")
        self._progress.setMinimumDuration(300)
        self._progress.setAutoReset(False)
        self._progress.canceled.connect(self.stop)
        self._progress.setValue(0)
        self.export_wanted.emit(export)

    def show_export(self, frame: ExportFrame) -> None:
        """Show the progress of the export."""
        if self._progress is not None:
            self._progress.setValue(round(1000 * frame.progress))
        if frame.done:
            self._end()
            self.reported.emit(frame.message)

    def fail_export(self, request: ExportRequest, message: str) -> None:
        """Show why the export failed."""
        self._end()
        self._complain(f"{request.path.name} was not exported", message)

    def stop(self) -> None:
        """Cancel the running export."""
        self._end()
        self.export_dropped.emit()
        self.reported.emit("export cancelled; no file was changed")

    def close(self) -> None:
        """Close the progress dialog, which would otherwise appear after the window has closed."""
        self._end()

    def _end(self) -> None:
        if self._progress is not None:
            progress, self._progress = self._progress, None
            progress.canceled.disconnect(self.stop)
            progress.close()
            progress.deleteLater()

    # --- the rest ---

    def copy(self, image: Any) -> None:
        """Put a picture on the clipboard."""
        if image is None:
            self.reported.emit("there is no picture to copy yet")
            return
        QGuiApplication.clipboard().setImage(image)
        self.reported.emit(f"copied the picture, {image.width()} × {image.height()} pixels")

    def _complain(self, headline: str, text: str) -> None:
        show_message(self._window, f"{headline}.", text)
