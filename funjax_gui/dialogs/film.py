"""The film dialog: key frames, length, size and format of a film, a preview, and its progress."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QHideEvent, QPixmap
from PySide6.QtWidgets import QDialog, QFileDialog, QHBoxLayout, QLabel, QListWidget, QProgressBar, QPushButton, QVBoxLayout, QWidget

from funjax_gui.dialogs.export import LengthControl
from funjax_gui.films import EASINGS, FilmFrame, FilmPreview, FilmPreviewFrame, FilmRequest
from funjax_gui.sessions import Session, load
from funjax_gui.style import fitting, scaled
from funjax_gui.widgets import ChoiceControl, CountControl, button, with_suffix
from kernels.validation import grouped

FORMATS = ((".mp4", "Film (.mp4)"), (".webp", "Animated picture (.webp)"), (".gif", "Animated picture (.gif)"), ("", "Folder of pictures"))
SPEEDS = tuple((name, {"smooth": "slow at key frames", "linear": "constant"}.get(name, name)) for name in EASINGS)
BACKGROUNDS = (("white", "White"), ("light", "As the light window"), ("dark", "As the dark window"))
UNNAMED = "a film without a name"
"""Name of the file before one is chosen."""

EXPLAINED = (
    "A film leads from one key frame to the next: views zoom by a constant factor, parameters and other numbers change evenly. "
    "Show a view in the window, add it, change the window, and add the next."
)
LARGEST, SIZE = 7680, (1280, 720)
"""Largest side, and the usual width and height, in pixels."""


class FilmDialog(QDialog):
    """Modeless, so that the window can be changed between key frames; it emits what the worker is to compute."""

    wanted = Signal(object)
    """A FilmPreview or a FilmRequest."""
    dropped = Signal(type)
    """The kind of request that is no longer wanted."""

    def __init__(self, session: Callable[[], Session], folder: Callable[[], Path], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session, self._folder = session, folder
        self.key_frames: list[Session] = []
        self._film: FilmRequest | None = None
        self.setWindowTitle("Film")
        self.resize(fitting(840, 560))
        self.list = QListWidget()
        self.list.setAccessibleName("Key frames, in their order")
        self.list.setToolTip("Key frames, in their order")
        self.controls = self._make_controls()
        self.previews = [QLabel() for _ in range(FilmPreview.count)]
        self.note, self.progress = QLabel(), QProgressBar()
        self.note.setWordWrap(True)
        self.progress.setRange(0, 1000)
        self.progress.setTextVisible(False)
        self.make = button("Make film…", "Choose the file and compute the film", self.ask_path)
        self.cancel = button("Cancel", "Stop; no file is written", self.stop)
        self._lay_out()
        self._settle()

    def _make_controls(self) -> dict[str, ChoiceControl | CountControl | LengthControl]:
        made: dict[str, tuple[ChoiceControl | CountControl | LengthControl, str | int | float]] = {
            "suffix": (ChoiceControl("Format", FORMATS, "The file format"), ".mp4"),
            "seconds": (LengthControl("Seconds", "seconds", "Length of the film"), 5.0),
            "fps": (LengthControl("Pictures/s", "pictures per second", "Pictures per second"), 25.0),
            "width": (CountControl("Width", 2, LARGEST, "Width in pixels"), SIZE[0]),
            "height": (CountControl("Height", 2, LARGEST, "Height in pixels"), SIZE[1]),
            "easing": (ChoiceControl("Speed", SPEEDS, "Speed between two key frames"), "smooth"),
            "theme": (ChoiceControl("Background", BACKGROUNDS, "Background and colours"), "white"),
        }
        self._values = {name: value for name, (_, value) in made.items()}
        for name, (control, value) in made.items():
            control.set_value(value)  # type: ignore[arg-type]
            control.edited.connect(lambda value, name=name: self._edit(name, value))
        return {name: control for name, (control, _) in made.items()}

    def _lay_out(self) -> None:
        frames = QVBoxLayout()
        frames.addWidget(self.list, 1)
        frames.addWidget(button("Add the view shown", "Add what the window shows now as the last key frame", self.add_view))
        frames.addWidget(button("Add sessions…", "Add saved sessions, or pictures that funjax exported, as key frames", self.ask_sessions))
        moves = QHBoxLayout()
        moves.addWidget(button("Earlier", "Move the selected key frame towards the first", self.move_up))
        moves.addWidget(button("Remove", "Remove the selected key frame", self.remove))
        frames.addLayout(moves)
        settings = QVBoxLayout()
        for control in self.controls.values():
            settings.addWidget(control)
        settings.addStretch(1)
        upper = QHBoxLayout()
        upper.setSpacing(16)
        upper.addLayout(frames, 1)
        upper.addLayout(settings, 1)
        strip = QHBoxLayout()
        for preview in self.previews:
            preview.setAlignment(Qt.AlignmentFlag.AlignCenter)
            preview.setMinimumHeight(scaled(100))
            strip.addWidget(preview, 1)
        lower = QHBoxLayout()
        lower.addWidget(self.note, 2)
        lower.addWidget(self.progress, 1)
        lower.addWidget(self.cancel)
        lower.addWidget(self.make)
        column = QVBoxLayout(self)
        explained = QLabel(EXPLAINED)
        explained.setWordWrap(True)
        explained.setProperty("role", "quiet")
        column.addWidget(explained)
        column.addLayout(upper, 1)
        column.addLayout(strip)
        column.addLayout(lower)
        for each in self.findChildren(QPushButton):
            each.setAutoDefault(False)  # Enter ends the typing in a field

    def _edit(self, name: str, value: str | float) -> None:
        self._values[name] = value
        self.controls[name].set_value(value)  # type: ignore[arg-type]
        self._settle()

    # --- key frames ---

    def add(self, session: Session, name: str) -> None:
        """Add a key frame at the end."""
        self.key_frames.append(session)
        self.list.addItem(name)
        self._settle()

    def add_view(self) -> None:
        """Add what the window shows."""
        session = self._session()
        self.add(session, f"view {len(self.key_frames) + 1} of {session.table.subject}")

    def ask_sessions(self) -> None:
        """Let the user choose sessions, and add them; those that cannot be read are named."""
        pattern = "Sessions and pictures of funjax (*.toml *.png *.svg)"
        chosen, _ = QFileDialog.getOpenFileNames(self, "Add sessions", str(self._folder()), pattern)
        problems = []
        for path in map(Path, chosen):
            try:
                self.add(load(path), path.name)
            except (ValueError, OSError) as error:
                problems.append(f"{path.name}: {str(error).splitlines()[0]}")
        if problems:
            self.note.setText("; ".join(problems))

    def move_up(self) -> None:
        """Move the selected key frame towards the first."""
        row = self.list.currentRow()
        if row > 0:
            self.key_frames.insert(row - 1, self.key_frames.pop(row))
            self.list.insertItem(row - 1, self.list.takeItem(row))
            self.list.setCurrentRow(row - 1)
            self._settle()

    def remove(self) -> None:
        """Remove the selected key frame."""
        row = self.list.currentRow()
        if row >= 0:
            del self.key_frames[row]
            self.list.takeItem(row)
            self._settle()

    # --- the film ---

    def film(self, path: Path) -> FilmRequest:
        """The film as it is set, to be written to `path`. Raises ValueError in one line."""
        values = self._values
        size = int(values["width"]), int(values["height"])
        seconds, fps = float(values["seconds"]), float(values["fps"])
        return FilmRequest(tuple(self.key_frames), path, seconds, fps, size, str(values["easing"]), str(values["theme"]))

    def _settle(self) -> None:
        """Say what the film comes to, or why it cannot be made, and request its preview."""
        self._show_state()
        for preview in self.previews:
            preview.clear()
        try:
            film = self.film(Path(f"{UNNAMED}{self._values['suffix']}"))
        except ValueError as error:
            self.dropped.emit(FilmPreview)
            self.make.setEnabled(False)
            self.note.setText(str(error))
            return
        self.note.setText(f"{grouped(film.count)} pictures")
        self.wanted.emit(FilmPreview(film))

    def ask_path(self) -> None:
        """Let the user choose the file, and make the film."""
        suffix = str(self._values["suffix"])
        title = dict(FORMATS)[suffix]
        start = str(self._folder() / f"film{suffix}")
        chosen, _ = QFileDialog.getSaveFileName(self, "Make a film", start, f"{title} (*{suffix})" if suffix else "Folder (*)")
        path = with_suffix(chosen, suffix, self) if suffix else (Path(chosen) if chosen else None)
        if path is None:
            return
        try:
            self._film = self.film(path)
        except ValueError as error:
            self.note.setText(str(error))
            return
        self._show_state()
        self.wanted.emit(self._film)

    def _show_state(self) -> None:
        self.make.setEnabled(self._film is None)
        self.cancel.setVisible(self._film is not None)
        self.progress.setVisible(self._film is not None)

    def show_frame(self, frame: FilmFrame | FilmPreviewFrame) -> None:
        """Show pictures of the preview, or the progress of the film."""
        if isinstance(frame, FilmPreviewFrame):
            for label, data in zip(self.previews, frame.pictures, strict=False):
                pixmap = QPixmap()
                pixmap.loadFromData(data)
                label.setPixmap(pixmap)
        elif frame.request is self._film:
            self.progress.setValue(round(1000 * frame.progress))
            self.note.setText(frame.message)
            if frame.done:
                self._end()

    def show_failure(self, request: FilmRequest | FilmPreview, message: str) -> None:
        """Say why the preview or the film failed."""
        self._end()
        self.note.setText(message)

    def stop(self) -> None:
        """Stop making the film; no file is written."""
        self.dropped.emit(FilmRequest)
        self._end()
        self.note.setText("stopped; no file was written")

    def _end(self) -> None:
        self._film = None
        self._show_state()

    def hideEvent(self, event: QHideEvent) -> None:
        """Need no preview while it is hidden; called by Qt. A film under way goes on."""
        super().hideEvent(event)
        self.dropped.emit(FilmPreview)
