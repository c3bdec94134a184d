"""The tab of the Newton solver: holds its requests and shows the frames."""

from dataclasses import replace
from typing import Any

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QKeyEvent, QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from funjax_gui.plots import ImagePlot, picture_of
from funjax_gui.sessions import Session
from funjax_gui.style import Colours, scaled
from funjax_gui.tabs.base import Status, named
from funjax_gui.tabs.newton import help_text, status_text
from funjax_gui.tabs.newton.dialogs import DIALOG_KINDS, Dialogs
from funjax_gui.tabs.newton.document import DOCUMENT
from funjax_gui.tabs.newton.edits import Run, edited, moved, subject
from funjax_gui.tabs.newton.equations import FRACTAL
from funjax_gui.tabs.newton.menu import view_actions
from funjax_gui.tabs.newton.panel import NewtonPanel
from funjax_gui.tabs.newton.picture import Scene
from funjax_gui.tabs.newton.runs import Aside, Comparison, ComparisonPlayer, IteratesTable, MethodStatusList
from funjax_gui.tabs.request_slots import RequestSlots
from funjax_gui.tabs.view_tab import ViewTab
from kernels.equations import (
    EquationCurveRequest,
    EquationRequest,
    NewtonFamilyRequest,
    NewtonFractalRequest,
    newton_map,
)
from kernels.geometry import Grid, Viewport
from kernels.network import NetworkRequest
from kernels.newton import (
    ComparisonFrame,
    ComparisonRequest,
    LineFrame,
    LineRequest,
    NewtonBasinRequest,
    NewtonFrame,
    NewtonRequest,
    SurfaceRequest,
)

PATIENCE = 0.25
"""Seconds that a request may take to its first frame while the next one waits; otherwise a drag would show nothing until it ends."""


LOW = 800
"""Height of the window in pixels below which the table is hidden at first."""

PICTURES = (SurfaceRequest, LineRequest, NewtonBasinRequest, EquationCurveRequest, NewtonFractalRequest, NewtonFamilyRequest)


class NewtonTab(ViewTab):
    """Picture, player, status of each method, table of iterates, convergence and numbers."""

    name, title = DOCUMENT.table.NAME, DOCUMENT.title
    tip = "Step through Newton’s method and related methods, side by side"
    kinds = (ComparisonRequest, *PICTURES, *DIALOG_KINDS)
    principal = (ComparisonRequest, *PICTURES)
    panel: NewtonPanel

    def __init__(self) -> None:
        super().__init__()
        self.panel, self.scene, self.player = NewtonPanel(), Scene(), ComparisonPlayer()
        self.method_status, self.table, self.aside = MethodStatusList(), IteratesTable(), Aside()
        self.dialogs, self._first_shown = Dialogs(self), True
        self.request: Run = NewtonRequest()
        self.slots = RequestSlots((ComparisonRequest, *PICTURES), dict.fromkeys((ComparisonRequest, *PICTURES), PATIENCE))
        self.comparison = Comparison(self.request, self.slots)
        self._arrange()
        self._actions = view_actions(self, self.player, (self.show_scaling, self.dialogs.show_network), self.aside, self.table)
        self._connect()
        self._start(self.request)

    @property
    def plot(self) -> ImagePlot:
        """The plot that shows the view."""
        return self.scene.plot

    def _arrange(self) -> None:
        upper = QWidget()
        column = QVBoxLayout(upper)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addWidget(self.scene, 1)
        column.addWidget(self.player)
        column.addWidget(self.method_status)
        self.table.setMinimumHeight(scaled(64))
        self._lay_out(upper, self.table, (820, 130), self.aside, 300)
        named(picture=self.scene, player=self.player, method_status=self.method_status, table=self.table)
        named(plane=self.scene.plane, values=self.scene.curves.values, slopes=self.scene.curves.slopes)
        named(convergence=self.aside.plot, numbers=self.aside.numbers, **self.panel.methods)
        self._explain(help_text.EXPLAINED)

    def _connect(self) -> None:
        panel, scene = self.panel, self.scene
        self._connect_view(scene)
        scene.view_changed.connect(panel.show_view)
        scene.start_moved.connect(self._move_start)
        scene.parameters_chosen.connect(lambda: self._apply("shown", FRACTAL))
        panel.method_switched.connect(self._switch)
        panel.scaling_requested.connect(self.show_scaling)
        panel.map_requested.connect(self.carry_map)
        panel.network_requested.connect(self.dialogs.show_network)
        self.player.moved.connect(self._show_step)
        self.requested.connect(self._on_requested)
        self.method_status.chosen.connect(self._focus_on)

    def showEvent(self, event: QShowEvent) -> None:
        """Hide the table at first where it would leave too little height to the picture."""
        super().showEvent(event)
        if self._first_shown and self.window().height() < LOW:
            next(entry for entry in self._actions if entry is not None and entry.shortcut().toString() == "F7").trigger()
        self._first_shown = False

    # --- requests ---

    def _start(self, request: Run) -> None:
        """Show another objective, other equations, or another number of variables: the whole view, runs to their ends."""
        self._stills.hold()
        self.request = request  # before the view changes and requests its picture
        self._drop(ComparisonRequest, *PICTURES)  # the runs may be of another number of variables
        solves = isinstance(request, EquationRequest)
        self.scene.set_equations(request) if isinstance(request, EquationRequest) else self.scene.set_objective(request)
        self.aside.set_subject(solves)
        self.player.run()
        self._set_request(request)
        self._history.visit(self.plot.given_view)

    def _set_request(self, request: Run) -> None:
        """Make `request` the tab's own for all methods that are on, and request new frames at the next refresh of the screen."""
        self.request = request
        comparison = self.comparison.ask(request)
        self._ask_picture()
        self.scene.set_run(request)
        self.panel.show_request(request, self.comparison.methods, self.scene.display, self.scene.colour_map, self.scene.equation.critical)
        self.method_status.set_methods(self.comparison.methods, self.comparison.focus)
        if comparison is None:
            self._show_step()
        self.changed.emit()

    def _ask_picture(self) -> None:
        """Request the picture, if its request has changed."""
        request = self.scene.wanted(self.request)
        self._drop(*(kind for kind in PICTURES if kind is not type(request)))
        if request is not None:
            self.slots.submit(request)
        self._request_throttle.throttle()

    def _emit_requests(self) -> None:
        super()._emit_requests()
        if self.isVisible():
            self._emit_status()

    def _on_requested(self, request: Any) -> None:
        if isinstance(request, ComparisonRequest):
            self.comparison.clear_errors(request)

    def _show_grid(self, grid: Grid) -> None:
        self._history.pass_by(self.plot.given_view)
        self._ask_picture()
        self.changed.emit()

    def _move_start(self, x: float, y: float) -> None:
        """Move the initial point to these first coordinates, or in the plane of parameters the parameters."""
        self._set_request(moved(self.request, x, y, self.scene.chooses_parameters))

    def _set_parameter(self, name: str, value: float) -> None:
        self._set_request(edited("parameters", tuple((dict(self.request.parameters) | {name: value}).items()), self.request))

    def _apply(self, name: str, value: Any) -> None:
        if name in ("shown", "colour_map", "critical_orbits"):
            self.scene.set_style(**{name: value})
            self._set_request(self.request)
            return
        wanted = edited(name, value, self.request)
        if name == "objective" or subject(wanted) != subject(self.request):
            self._start(wanted)
        else:
            self._set_request(wanted)

    def _switch(self, method: str, on: bool) -> None:
        """Turn a method on or off; the last one stays on."""
        self.comparison.set_enabled(method, on)
        self._set_request(self.request)
        self._show_step()

    def _focus_on(self, method: str) -> None:
        self.comparison.focus = method
        self.method_status.set_methods(self.comparison.methods, method)
        self._show_step()
        self.changed.emit()

    def _home(self) -> Viewport:
        return self.scene.home()

    def stop(self) -> None:
        """Stop playing and computing; what is shown stays."""
        if self.player.playing:
            self.player.play()
        self.dialogs.halt()
        super().stop()
        if not self.comparison.done and self.comparison.asked is not None:
            self.comparison.fail("stopped")
            self._show_step()

    def show_scaling(self) -> None:
        """Open the scaling dialog, on the objective of the runs."""
        if isinstance(self.request, EquationRequest):
            self._show_message("Scaling with n is measured on an objective; choose one in the box Function")
            return
        self.dialogs.scaling.follow(self.request)
        self.dialogs.scaling.show()
        self.dialogs.scaling.raise_()

    def carry_map(self) -> None:
        """Open Newton's map of the equation in the fixed-point explorer, with the run's start where it is in view."""
        if isinstance(run := self.request, EquationRequest):
            try:
                self.carried.emit("fixed-points", newton_map(run.equations, run.damping), dict(run.parameters), run.start[0])
            except ValueError as error:
                self._show_message(str(error))

    # --- frames ---

    def show_frame(self, frame: Any) -> None:
        """Show a picture or the runs, if they answer the request sent last."""
        if (dialog := self.dialogs.of(frame.request)) is not None:
            dialog.show_frame(frame)
            return
        if not self.slots.accept(frame):
            return
        self._schedule_descriptions()
        if not isinstance(frame, ComparisonFrame) or not (self.slots.is_waiting(*PICTURES) or self.slots.is_running(*PICTURES)):
            self._stills.release()
        if isinstance(frame, ComparisonFrame):
            self.comparison.add_frame(frame)
            self.player.set_length(max((run.steps for run in self.comparison.runs), default=0))
            self._show_step()
        else:
            self.scene.show_frame(frame)
            if isinstance(frame, LineFrame) or frame is self.scene.equation.frame:
                self._show_step()
            if not hasattr(frame, "labels") or frame.done:
                self.panel.set_legend(self.scene.legend())
            self._emit_status()

    @np.errstate(over="ignore", invalid="ignore", divide="ignore")  # a run that overflows is drawn as far as it can be
    def _show_step(self) -> None:
        """Draw everything at the current step of the player."""
        player, comparison, runs, chosen = self.player, self.comparison, self.comparison.runs, self.comparison.chosen
        inner = 0
        if isinstance(chosen, NewtonFrame) and player.at < len(chosen.cg_residuals):
            inner = len(chosen.cg_residuals[player.at]) - 1
        player.set_inner_length(inner)
        at_end = player.at_end and player.at == player.length
        self.scene.show_runs(runs, player.at, player.inner, comparison.focus, at_end)
        self.method_status.show_runs({run.request.method: run for run in runs}, comparison.refused, player.at)
        self.aside.show_runs(runs, player.at, player.inner, comparison.focus)
        self.table.show_frame(chosen, player.at)

    def show_failure(self, request: Any, message: str) -> None:
        """Note the failure; the last picture stays."""
        if (dialog := self.dialogs.of(request)) is not None:
            dialog.fail(request, message)
            return
        self._schedule_descriptions()
        self._stills.release()
        if self.slots.fail(request) and isinstance(request, ComparisonRequest):
            self.comparison.fail(message)
            self._show_step()

    def _picture_status(self) -> Status | None:
        return self.scene.status(not self.slots.abandoned and (self.slots.is_waiting(*PICTURES) or self.slots.is_running(*PICTURES)))

    def set_theme(self, colours: Colours) -> None:
        """Draw in these colours."""
        for part in (self.scene, self.panel, self.method_status, self.aside, self.table, self.dialogs):
            part.set_theme(colours)
        self.panel.set_legend(self.scene.legend())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Handle the keys of the player that have no menu action."""
        slots = {
            Qt.Key.Key_Space: self.player.play,
            Qt.Key.Key_Period: self.player.step,
            Qt.Key.Key_Comma: self.player.back,
        }
        slot = slots.get(Qt.Key(event.key()))
        if slot is None:
            super().keyPressEvent(event)
        else:
            slot()

    # --- menus and sessions ---

    def keys(self) -> dict[str, str]:
        """Keys and mouse actions."""
        return status_text.KEYS

    def session(self, session: Session) -> Session:
        """`session` with the current Newton table; `method` is the one in focus."""
        table = session.newton.running(self.request)
        table = replace(table, method=self.comparison.focus, methods=self.comparison.methods, at_step=self.player.kept)
        table = replace(table, ranges=self.panel.parameters.ranges, network=self.dialogs.training)
        return session.with_table(self.scene.kept(table))

    def restore(self, session: Session) -> None:
        """Show the comparison in the session's table; a table with a single method adds it to those that are on."""
        table, request = session.newton, session.newton.settings
        self.comparison.choose(request, table.methods or (), table.method)
        if subject(request) != subject(self.request):
            self._start(request)
        self.scene.restore(table)
        self._history.pass_by(self.plot.given_view)
        self._set_request(request)
        self.panel.parameters.set_ranges(table.ranges)
        self.dialogs.restore(table.network)
        self._show_step()

    def resume(self, session: Session) -> None:
        """Show the step that the session gives."""
        self.player.resume(session.newton.at_step)

    def export_request(self) -> ComparisonRequest | NetworkRequest | None:
        """The comparison as it is set, the run in focus first; while its dialog is open, the network's training."""
        if (training := self.dialogs.training) is not None:
            return training.request
        asked = self.comparison.request
        return ComparisonRequest(tuple(sorted(asked.runs, key=lambda run: run.method != self.comparison.focus))) if asked else None

    def image(self) -> QImage | None:
        """The picture with axes as on the screen."""
        return picture_of(self.scene)

    def descriptions(self) -> dict[str, str]:
        """Accessible descriptions."""
        axes = self.plot.x_axis.label, self.plot.y_axis.label
        view = self.plot.grid.viewport
        return help_text.descriptions(self.request, self.comparison.runs, self.scene.frame, view, axes, self.aside.quantity)
