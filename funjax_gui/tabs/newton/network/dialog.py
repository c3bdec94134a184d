"""The network dialog: a small multilayer perceptron trained side by side by several methods, step by step or continuously."""

from dataclasses import replace
from typing import Any

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent, QShowEvent
from PySide6.QtWidgets import QCheckBox, QDialog, QFileDialog, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from funjax_gui.figures import method_icon
from funjax_gui.files import open_regular
from funjax_gui.plots import CurvePlot, Margins, PicturePlot
from funjax_gui.style import DARK, Colours, fitting
from funjax_gui.tabs.newton.network import figures, words
from funjax_gui.tabs.newton.network.session import Training
from funjax_gui.tabs.request_slots import RequestSlots
from funjax_gui.widgets import ChoiceControl, Panel, button, run_in_background, scrolled
from kernels.network import (
    MOST_BYTES,
    MOST_EVALUATIONS,
    NETWORK_METHODS,
    NetworkFrame,
    NetworkRequest,
    OwnData,
    next_milestone,
    parse_points,
)

PLAY, PAUSE = "▶", "❚❚"
CSV = "csv"
"""The choice that opens a file."""


class NetworkDialog(QDialog):
    """A modeless dialog that requests a NetworkRequest and shows its frames.

    `request` is the training as it is set, to as many evaluations as are shown.
    """

    requested = Signal(object)
    stopped = Signal()
    changed = Signal()
    """The user changed something that a session saves."""
    export_wanted = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle("A network trained without its Hessian")
        self.resize(fitting(1160, 680))
        self.request, self.method = NetworkRequest(evaluations=0), next(iter(NETWORK_METHODS))
        self.frame: NetworkFrame | None = None
        self._by, self._third = "evaluations", "eigenvalues"
        self._controls_of: tuple[Any, ...] | None = None
        self._is_playing = False
        self._colours = DARK
        self._slots = RequestSlots((NetworkRequest,))
        self.picture = PicturePlot(margins=Margins(left=50, top=14, right=14))
        self.loss, self.test, self.third = (CurvePlot(margins=Margins(left=54, top=26, right=14)) for _ in range(3))
        for plot, text in zip((self.picture, self.loss, self.test, self.third), words.EXPLAINED, strict=True):
            plot.explain(*text)
        self.summary = QLabel()
        self.summary.setWordWrap(True)
        self.summary.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.summary.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.label = QLabel()
        self.controls = words.make_controls()
        self.methods = {name: self._method_box(name) for name in NETWORK_METHODS}
        self.views = self._make_views()
        self.buttons = {
            "rewind": button("«", "Back to the initial weights (R)", self.rewind, "Back to the initial weights"),
            "step": button("▶❙", "A few evaluations of each method (N)", self.step, "One step"),
            "play": button(PLAY, "Train, or pause (Space)", self.play, "Train, or pause"),
            "export": button("Export…", "Save the page, the records, the weights or a script", self.export_wanted.emit),
        }
        self._lay_out()
        for name, control in self.controls.items():
            control.edited.connect(lambda value, name=name: self._edit(name, value))
        self._show()

    def _method_box(self, name: str) -> QCheckBox:
        box = QCheckBox(NETWORK_METHODS[name][0])
        box.setIconSize(QSize(30, 14))
        box.setToolTip(words.METHOD_TIPS[name])
        box.setWhatsThis(words.METHOD_TIPS[name])
        box.clicked.connect(lambda on, name=name: self._switch(name, on))
        return box

    def _make_views(self) -> dict[str, ChoiceControl]:
        made = {
            "method": ChoiceControl("Picture of", (), "The method whose outputs are shown, drawn thicker in the plots"),
            "by": ChoiceControl("Against", list(words.BY_TITLES.items()), "The horizontal axis of loss and accuracy"),
            "third": ChoiceControl("Below", list(figures.THIRD.items()), "What the third plot shows"),
        }
        for name, control in made.items():
            control.edited.connect(lambda value, name=name: self._choose_view(name, value))
        return made

    def _lay_out(self) -> None:
        panel, c = Panel(), self.controls
        panel.add_group("Data", *(c[name] for name in ("data", "samples", "noise", "data_seed")))
        panel.add_group("Network", *(c[name] for name in ("width", "depth", "activation", "seed")))
        panel.add_group("Methods", *self.methods.values())
        panel.add_group("View", *self.views.values())
        panel.add_group("Settings", *(c[name] for name in ("rate", "adam_rate", "damping", "cg_steps", "decay")), folded=True)
        row = QHBoxLayout()
        for name, made in self.buttons.items():
            made.setAutoDefault(False)
            if name == "export":
                row.addWidget(self.label, 1)
            row.addWidget(made)
        side = QVBoxLayout()
        for plot in (self.loss, self.test, self.third):
            side.addWidget(plot, 1)
        plots = QHBoxLayout()
        plots.addWidget(self.picture, 3)
        plots.addLayout(side, 2)
        right = QVBoxLayout()
        right.addLayout(plots, 1)
        right.addLayout(row)
        right.addWidget(self.summary)
        whole = QHBoxLayout(self)
        whole.setContentsMargins(0, 0, 10, 10)
        whole.addWidget(scrolled(panel))
        whole.addLayout(right, 1)

    # --- edits ---

    def _edit(self, name: str, value: Any) -> None:
        if name == "data" and value == CSV:
            self._choose_file()
            return
        try:
            wanted = replace(self.request, evaluations=0, **{name: value})
        except ValueError as error:
            self.controls[name].complain(str(error))
            return
        self._begin(wanted)

    def _switch(self, method: str, on: bool) -> None:
        """Turn a method on or off; the last one stays on."""
        wanted = {*self.request.methods, method} if on else {*self.request.methods} - {method}
        methods = tuple(name for name in NETWORK_METHODS if name in wanted) or self.request.methods
        self._begin(replace(self.request, evaluations=0, methods=methods))

    def _choose_file(self) -> None:
        chosen, _ = QFileDialog.getOpenFileName(self, "Points: two columns and a label", "", "Tables (*.csv *.tsv *.txt);;All files (*)")
        if chosen:
            self.read(chosen)
        self._show_controls()

    def read(self, path: str) -> None:
        """Take the points of a CSV, or show in a line why it has none."""
        name = path.replace("\\", "/").rpartition("/")[2]

        def parsed() -> OwnData:
            with open_regular(path) as file:
                return parse_points(file.read(MOST_BYTES + 1), name)

        try:
            data = run_in_background(self, f"Reading {name}…", parsed)
        except OSError as error:
            self.controls["data"].complain(f"{name} cannot be read: {error.strerror}")
        except ValueError as error:
            self.controls["data"].complain(str(error))
        else:
            self._begin(replace(self.request, evaluations=0, data=data))

    def _choose_view(self, name: str, value: str) -> None:
        if name == "method":
            self.method = value
            self.changed.emit()
        elif name == "by":
            self._by = value
        else:
            self._third = value
        self._show()

    def _begin(self, request: NetworkRequest) -> None:
        """Begin another training at its initial weights; one that was played goes on playing."""
        self.request, self.frame, self._controls_of = request, None, None
        if self.method not in request.methods:
            self.method = request.methods[0]
        self._send(replace(request, evaluations=MOST_EVALUATIONS) if self._is_playing else request)
        self.changed.emit()

    # --- training ---

    def _send(self, request: NetworkRequest) -> None:
        self._slots.drop(NetworkRequest)
        self._slots.submit(request)
        for due in self._slots.due():
            self.requested.emit(due)
        self._show()

    def play(self) -> None:
        """Train on until paused; or pause."""
        if self._is_training:
            self.halt()
        else:
            self._is_playing = True
            self._send(replace(self.request, evaluations=MOST_EVALUATIONS))

    @property
    def _is_training(self) -> bool:
        """Whether it is played, or on the way to the evaluations that a session or a step asks for."""
        return self._is_playing or (self._slots.is_running() and self.request.evaluations > 0)

    def step(self) -> None:
        """Train to the next milestone."""
        self.halt()
        self.request = replace(self.request, evaluations=min(MOST_EVALUATIONS, next_milestone(self.request.evaluations)))
        self._send(self.request)
        self.changed.emit()

    def rewind(self) -> None:
        """Show the initial weights."""
        self.halt()
        self.request = replace(self.request, evaluations=0)
        self._send(self.request)
        self.changed.emit()

    def halt(self) -> None:
        """Stop training; what is shown stays, and the next step continues there."""
        self._is_playing = False
        if self._slots.drop(NetworkRequest):
            self.stopped.emit()
            self._keep()
        self._show()

    def _keep(self) -> None:
        """Take over the number of evaluations that is shown."""
        if self.frame is not None and self.frame.evaluations != self.request.evaluations:
            self.request = replace(self.request, evaluations=self.frame.evaluations)
            self.changed.emit()

    def show_frame(self, frame: NetworkFrame) -> None:
        """Show a frame, if it answers the current request."""
        if self._slots.accept(frame):
            self.frame = frame
            if frame.done:
                self._is_playing = False
                self._keep()
            self._show()

    def fail(self, request: NetworkRequest, message: str) -> None:
        """Show why the training failed."""
        if self._slots.fail(request):
            self._is_playing = False
            self._show()
            self.summary.setText(message)

    # --- the dialog ---

    def restore(self, shown: Training | None) -> None:
        """Show this training; hide the dialog if there is none."""
        if shown is None:
            self.hide()
            return
        if self.isVisible() and shown == self.training:
            return
        self._is_playing = False
        self.request, self.method, self.frame, self._controls_of = shown.request, shown.method, None, None
        self.show()
        self._send(self.request)

    @property
    def training(self) -> Training | None:
        """What a session keeps; None while the dialog is hidden."""
        return Training(self.request, self.method) if self.isVisible() else None

    def showEvent(self, event: QShowEvent) -> None:
        """Begin with the initial weights; called by Qt."""
        super().showEvent(event)
        if self.frame is None and not event.spontaneous():
            self._send(self.request)
        self.buttons["play"].setFocus()
        self.changed.emit()

    def hideEvent(self, event: QHideEvent) -> None:
        """Stop the training of a hidden dialog."""
        super().hideEvent(event)
        if not event.spontaneous():
            self.halt()
            self.changed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Handle the keys of the buttons."""
        slots = {Qt.Key.Key_Space: self.play, Qt.Key.Key_P: self.play, Qt.Key.Key_N: self.step, Qt.Key.Key_R: self.rewind}
        slot = slots.get(Qt.Key(event.key()))
        if slot is None:
            super().keyPressEvent(event)
        else:
            slot()

    def set_theme(self, colours: Colours) -> None:
        """Draw in these colours."""
        self._colours = colours
        for plot in (self.picture, self.loss, self.test, self.third):
            plot.set_theme(colours)
        for name, box in self.methods.items():
            box.setIcon(method_icon(name, colours))
        self._show()

    def _show_controls(self) -> None:
        own = isinstance(self.request.data, OwnData)
        data = self.controls["data"]
        assert isinstance(data, ChoiceControl)
        data.set_choices(words.data_choices(self.request))
        for name, control in self.controls.items():
            value = getattr(self.request, name)
            control.set_value(words.OWN if name == "data" and own else value)
        for name in ("samples", "noise"):
            self.controls[name].setVisible(not own)
        self.views["method"].set_choices([(name, NETWORK_METHODS[name][0]) for name in self.request.methods])
        for name, value in (("method", self.method), ("by", self._by), ("third", self._third)):
            self.views[name].set_value(value)
        for name, box in self.methods.items():
            box.setChecked(name in self.request.methods)
        self._controls_of = self._choices

    @property
    def _choices(self) -> tuple[Any, ...]:
        """What the controls show."""
        return replace(self.request, evaluations=0), self.method, self._by, self._third

    def _show(self) -> None:
        if self._choices != self._controls_of:  # else a frame would take away what is being typed, or the list of a box
            self._show_controls()
        self.buttons["play"].setText(PAUSE if self._is_training else PLAY)
        self.summary.setText(words.summary(self.request, self.frame, self._colours))
        running = self._slots.is_running()
        self.label.setText(words.progress(self.frame, running))
        self.buttons["rewind"].setEnabled((self.frame or self.request).evaluations > 0)
        self.buttons["export"].setEnabled(self.frame is not None)
        if self.frame is None:
            return
        runs, fits = self.frame.runs, self.request.network.fits
        self.picture.show_picture(*figures.picture(self.frame, self.method, self._colours))
        self.loss.show_figure(figures.loss(runs, self._by, self.method))
        self.test.show_figure(figures.accuracy(runs, self._by, self.method, fits))
        self.third.show_figure(figures.third(runs, self._third, self.method))
        self.picture.describe(words.described(self.frame))
