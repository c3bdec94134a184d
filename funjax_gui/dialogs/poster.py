"""The poster dialog: size, format, file and where it is computed, an estimate, and the progress of the process that makes it."""

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QEvent, Signal
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QDialog, QFileDialog, QHBoxLayout, QLabel, QProgressBar, QVBoxLayout, QWidget

from funjax_gui.dialogs.export import IN_MM, IN_PIXELS, LengthControl
from funjax_gui.documents import poster_job
from funjax_gui.export import PageSetup, pixels_of
from funjax_gui.posters import PICTURES, WRITERS, PosterEstimate, PosterEstimateFrame, PosterOrder, PosterProcess
from funjax_gui.sessions import Session
from funjax_gui.style import fitting
from funjax_gui.widgets import ChoiceControl, Control, CountControl, TextControl, button
from kernels.validation import grouped

FORMATS = (
    (".png", "Picture (.png)"),
    (".tif", "BigTIFF with smaller pictures in it (.tif)"),
    (".dzi", "Deep Zoom tiles with a page for browsers (.dzi)"),
    (".zarr", "Numbers, in parts (.zarr)"),
)
SIZES = ((IN_PIXELS, "In pixels"), (IN_MM, "In millimetres"))
ALONE, LOCAL, CLUSTER = "alone", "local", "cluster"
WHERE = ((ALONE, "One process on this machine"), (LOCAL, "Several processes on this machine"), (CLUSTER, "A Dask scheduler's workers"))
BACKGROUNDS = (("white", "White"), ("light", "As the light window"), ("dark", "As the dark window"))
MOST, MOST_WORKERS = 10_000_000, 1000
MM = (841.0, 594.0, 300.0)
"""Width and height of A1 in mm, and pixels per inch."""

EXPLAINED = (
    "A poster is the plot area of the open tab at any size, computed in tiles by a separate process: the window stays free for other "
    "work. Finished tiles are kept beside the file, so that a poster that was stopped can be resumed."
)


class PathControl(TextControl):
    """The path of a file in a folder that is there."""

    def _parse(self, text: str) -> Path:
        path = Path(text).expanduser()
        if not path.name:
            raise ValueError("give the name of the file")
        return path


class AddressControl(TextControl):
    """The address of a scheduler."""

    def _parse(self, text: str) -> str:
        if not re.fullmatch(r"(tcp|tls|ucx|wss?)://[^\s/]+:\d{1,5}", text):
            raise ValueError(f"{text!r} is not the address of a scheduler; write it as tcp://host:8786")
        return text


class PosterDialog(QDialog):
    """Modeless; it emits what the worker is to measure, and runs the process that makes the poster."""

    wanted = Signal(object)
    """A PosterEstimate."""
    dropped = Signal(type)
    """The kind of request that is no longer wanted."""
    reported = Signal(str)
    """That the poster is there, or why it is not, in one line."""

    def __init__(self, session: Callable[[], Session], path: Path, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session, self._measured = session, ""
        self._wanted: PosterEstimate | None = None
        self._now: Session | None = None
        self.setWindowTitle("Poster")
        self.resize(fitting(620, 440))
        self._values: dict[str, str | int | float | Path] = {}
        self.controls = self._make_controls(path)
        self.note, self.progress = QLabel(), QProgressBar()
        self.note.setWordWrap(True)
        self.note.setMinimumHeight(3 * self.note.fontMetrics().height())
        self.make = button("Make poster", "Compute the poster in a separate process", lambda: self.begin(resume=False))
        self.resume = button(
            "Resume",
            "Continue the poster from the tiles in its store, with its settings",
            lambda: self.begin(resume=True),
        )
        self.cancel = button("Stop", "Stop; finished tiles are kept, and the poster can be resumed", self.stop)
        self.process = PosterProcess(self)
        self.process.progressed.connect(self._show_progress)
        self.process.ended.connect(self._show_end)
        self._lay_out()

    def _make_controls(self, path: Path) -> dict[str, Control]:
        made: dict[str, tuple[Control, str | int | float | Path]] = {
            "suffix": (ChoiceControl("Format", FORMATS, "The file format"), ".png"),
            "units": (ChoiceControl("Size", SIZES, "Pixels, or a size in print with its resolution"), IN_PIXELS),
            "width": (CountControl("Width", 1, MOST, "Width in pixels"), 20_000),
            "height": (CountControl("Height", 1, MOST, "Height in pixels"), 12_000),
            "width_mm": (LengthControl("Width, mm", "width", "Width in print"), MM[0]),
            "height_mm": (LengthControl("Height, mm", "height", "Height in print"), MM[1]),
            "dpi": (LengthControl("Resolution", "dpi", "Pixels per inch"), MM[2]),
            "theme": (ChoiceControl("Background", BACKGROUNDS, "Background and colours"), "white"),
            "where": (ChoiceControl("Computed by", WHERE, "Where the tiles are computed"), ALONE),
            "workers": (CountControl("Processes", 1, MOST_WORKERS, "Number of processes, which share the cores of this machine"), 2),
            "address": (AddressControl("Address", "Address of a Dask scheduler, such as tcp://host:8786"), ""),
            "path": (PathControl("File", "The file; its store lies beside it until the poster is done"), path.with_suffix(".png")),
        }
        for name, (control, value) in made.items():
            self._values[name] = value
            control.set_value(value)
            control.edited.connect(lambda value, name=name: self._edit(name, value))
        return {name: control for name, (control, _) in made.items()}

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        explained = QLabel(EXPLAINED)
        explained.setWordWrap(True)
        explained.setProperty("role", "quiet")
        column.addWidget(explained)
        self.settings = QWidget()
        inner = QVBoxLayout(self.settings)
        inner.setContentsMargins(0, 0, 0, 0)
        for name, control in self.controls.items():
            if name != "path":
                inner.addWidget(control)
        file = QHBoxLayout()
        file.addWidget(self.controls["path"], 1)
        self.choose = button("Choose…", "Choose the file", self.ask_path)
        file.addWidget(self.choose)
        inner.addLayout(file)
        column.addWidget(self.settings)
        column.addStretch(1)
        column.addWidget(self.note)
        lower = QHBoxLayout()
        lower.addWidget(self.progress, 1)
        lower.addStretch()
        for each in (self.cancel, self.resume, self.make):
            lower.addWidget(each)
        column.addLayout(lower)
        for each in (self.choose, self.cancel, self.resume, self.make):
            each.setAutoDefault(False)  # Enter ends the typing in a field
        self.progress.setTextVisible(False)

    # --- what is asked for ---

    def _edit(self, name: str, value: str | int | float | Path) -> None:
        if name == "path" and isinstance(value, Path):
            known = value.suffix.lower()
            value = value if known in WRITERS else Path(f"{value}{self._values['suffix']}")
            if known in dict(FORMATS):
                self._values["suffix"] = known
                self.controls["suffix"].set_value(known)
        elif name == "suffix":
            path = Path(str(self._values["path"])).with_suffix(str(value))
            self._values["path"] = path
            self.controls["path"].set_value(path)
        self._values[name] = value
        self.controls[name].set_value(value)
        self.measure()

    def ask_path(self) -> None:
        """Let the user choose the file."""
        suffix = str(self._values["suffix"])
        title = f"{dict(FORMATS)[suffix].partition(' (')[0]} (*{suffix})"
        options = QFileDialog.Option.DontConfirmOverwrite  # where there is a store, it is resumed
        chosen, _ = QFileDialog.getSaveFileName(self, "Make a poster", str(self._values["path"]), title, options=options)
        if chosen:
            self._edit("path", Path(chosen.rstrip()))

    def order(self) -> PosterOrder:
        """The poster as it is set, of what the window shows now. Raises ValueError in one line."""
        values, self._now = self._values, self._session()
        is_print = values["units"] == IN_MM
        lengths = (float(values[name]) for name in ("width_mm", "height_mm", "dpi"))  # type: ignore[arg-type]
        size = pixels_of(*lengths) if is_print else (int(values["width"]), int(values["height"]))  # type: ignore[arg-type]
        dpi = float(values["dpi"]) if is_print and values["suffix"] in PICTURES else 0.0  # type: ignore[arg-type]
        workers = int(values["workers"]) if values["where"] == LOCAL else 0  # type: ignore[arg-type]
        address = str(values["address"]) if values["where"] == CLUSTER else ""
        if values["where"] == CLUSTER and not address:
            raise ValueError("give the address of the Dask scheduler, such as tcp://host:8786")
        session = replace(self._now, theme=str(values["theme"]))
        return PosterOrder(session, Path(str(values["path"])), size, dpi, workers, address)

    def measure(self) -> None:
        """Show what applies, say what the poster comes to or why it cannot be made, and have it measured."""
        values = self._values
        shown = {"width": IN_PIXELS, "height": IN_PIXELS, "width_mm": IN_MM, "height_mm": IN_MM, "dpi": IN_MM}
        for name, units in shown.items():
            self.controls[name].setVisible(values["units"] == units)
        self.controls["workers"].setVisible(values["where"] == LOCAL)
        self.controls["address"].setVisible(values["where"] == CLUSTER)
        self.controls["theme"].setVisible(values["suffix"] in PICTURES)
        running = self.process.is_running
        self.settings.setEnabled(not running)
        for widget in (self.cancel, self.progress):
            widget.setVisible(running)
        if running:
            return
        self._wanted = None
        order, problem = self._checked()
        there = order is not None and order.store.exists() and not order.lacks
        self.resume.setVisible(there)
        self.make.setEnabled(not problem)
        self.note.setText(problem)
        if order is not None and not problem:
            job = poster_job(order.session, order.path, order.size, PageSetup(dpi=order.dpi), order.workers)
            left_out = "Overlays are left out. " if job.style.overlay or job.style.curves else ""
            self._measured = f"{left_out}{grouped(order.size[0])} × {grouped(order.size[1])} pixels. "
            self.note.setText(f"{self._measured}Measuring a tile…")
            self._wanted = PosterEstimate(job)
            self.wanted.emit(self._wanted)
        else:
            self.dropped.emit(PosterEstimate)

    def _checked(self) -> tuple[PosterOrder | None, str]:
        """The order, None where a field has no valid value, and why it cannot be begun."""
        try:
            order = self.order()
        except ValueError as error:
            return None, str(error)
        if order.lacks:
            return order, order.lacks
        if order.store.exists():
            return order, f"{order.store.name} has a poster that was begun: resume it, or choose another file."
        try:
            poster_job(order.session, order.path, order.size, PageSetup(dpi=order.dpi), order.workers).plan()
        except (ValueError, OSError) as error:
            return order, str(error)
        return order, ""

    # --- making it ---

    def begin(self, resume: bool) -> None:
        """Start the process."""
        self.setFocus()  # ends the typing
        order, problem = self._checked()
        wrong = next((control.complaint for control in self.controls.values() if not control.isHidden() and control.complaint), "")
        if order is None or wrong or (problem and not resume):
            self.note.setText(wrong or problem)
            return
        self.dropped.emit(PosterEstimate)
        self.progress.setRange(0, 0)
        self.process.start(order, resume)
        self.make.setEnabled(False)
        self.resume.setVisible(False)
        self.note.setText("starting")
        self.measure()

    def stop(self) -> None:
        """Have the process end; its store stays."""
        self.cancel.setEnabled(False)
        self.note.setText("stopping")
        self.process.stop()

    def close_process(self) -> None:
        """End the process with the window; its store stays."""
        self.process.close()

    def _show_progress(self, done: int, total: int, said: str) -> None:
        self.progress.setRange(0, total)
        self.progress.setValue(done)
        self.note.setText(f"{said}; writing the file" if done == total else said)

    def _show_end(self, is_done: bool, said: str) -> None:
        path = Path(str(self._values["path"]))
        store = path.with_suffix(".zarr")
        if is_done:
            said = f"saved {path.name}" + (f"; {said.removeprefix(f'{path}: ')}" if said else "")
        elif store.exists():
            said = f"{said.replace('continue with --resume', 'resume it')}; finished tiles are in {store.name}"
        self.cancel.setEnabled(True)
        self.measure()
        self._wanted = None
        self.dropped.emit(PosterEstimate)
        self.note.setText(said)
        self.reported.emit(said)

    # --- the worker's frames ---

    def show_frame(self, frame: PosterEstimateFrame) -> None:
        """Show what the poster takes."""
        if frame.request is self._wanted:
            self.note.setText(f"{self._measured}{frame}")

    def show_failure(self, request: PosterEstimate, message: str) -> None:
        """Say why it cannot be measured, and so not be made."""
        if request is self._wanted:
            self.make.setEnabled(False)
            self.note.setText(message)

    def event(self, event: QEvent) -> bool:
        """Follow what the window shows when the dialog is used again; called by Qt."""
        if event.type() == QEvent.Type.WindowActivate and not self.process.is_running and self._session() != self._now:
            self.measure()
        return super().event(event)

    def hideEvent(self, event: QHideEvent) -> None:
        """Need no estimate while it is hidden; called by Qt. A poster under way goes on."""
        super().hideEvent(event)
        self.dropped.emit(PosterEstimate)
