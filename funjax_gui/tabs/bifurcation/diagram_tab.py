"""The bifurcation diagram in its tab: holds its request and shows the frames, while one parameter is swept."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any, ClassVar

import numpy as np
from PySide6.QtGui import QImage, QShowEvent

from funjax_gui.formulas import find_map, initial_parameters
from funjax_gui.plots import ImagePlot, LyapunovStrip, picture_of
from funjax_gui.sessions import Session
from funjax_gui.style import Colours, scaled
from funjax_gui.tabs.base import Status, named
from funjax_gui.tabs.bifurcation import edits, help_text, sides, skeleton, status_text
from funjax_gui.tabs.bifurcation.document import DOCUMENT
from funjax_gui.tabs.bifurcation.journeys import Journeys
from funjax_gui.tabs.bifurcation.ladder_progress import LadderProgress
from funjax_gui.tabs.bifurcation.menu import view_actions
from funjax_gui.tabs.bifurcation.orbit_plots import Aside
from funjax_gui.tabs.bifurcation.panel import BifurcationPanel
from funjax_gui.tabs.request_slots import RequestSlots
from funjax_gui.tabs.view_tab import ViewTab
from kernels.bifurcation import BifurcationFrame, BifurcationRequest, JourneyFrame, JourneyRequest
from kernels.geometry import Grid, Viewport, decimal
from kernels.maps import Map
from kernels.single_orbit import ColumnFrame, ColumnRequest
from kernels.skeleton import SkeletonFrame, SkeletonRequest


class DiagramTab(ViewTab):
    """Diagram, Lyapunov strip, controls, and the pinned column's plots."""

    name, title = DOCUMENT.table.NAME, DOCUMENT.title
    tip = "Long-run behaviour of a map for every value of a parameter"
    kinds: ClassVar[tuple[type, ...]] = (BifurcationRequest, ColumnRequest, JourneyRequest, SkeletonRequest)
    principal = (BifurcationRequest,)
    panel: BifurcationPanel

    def __init__(self) -> None:
        super().__init__()
        self.panel, self._diagram, self.strip, self.aside = BifurcationPanel(), ImagePlot(), LyapunovStrip(), Aside()
        self.request = BifurcationRequest(Grid(find_map("logistic").view, *self._diagram.grid_size), keep_refining=True)
        self.frame: BifurcationFrame | None = None
        self.slots = RequestSlots(DiagramTab.kinds, {SkeletonRequest: skeleton.PATIENCE})
        actions = self._request_throttle.throttle, self.changed.emit, self._go
        self.skeleton = skeleton.SkeletonOverlay(self._diagram, self.panel.skeleton, self.slots, *actions)
        self.journeys = Journeys(self._diagram, self.slots, actions[0], lambda: self.request, self._show_grid, self._show_picture)
        self._ladder = LadderProgress(self, lambda: self.slots.awaited(BifurcationRequest), self._emit_status)
        self.shown, self._symbol, self._aside_wanted, self._keeps_fitted = "density", "", True, False
        self._diagram.set_x_labels_shown(False)
        self._diagram.is_resolved = lambda grid: edits.is_told_apart(self.request, grid)
        self.strip.setMinimumHeight(scaled(90))
        self.strip.link(self._diagram)
        self._lay_out(self._diagram, self.strip, (640, 150), self.aside, 290)
        named(picture=self.plot, lyapunov=self.strip, cobweb=self.aside.cobweb, time_series=self.aside.series, density=self.aside.density)
        self._explain(help_text.EXPLAINED)
        self._actions = view_actions(self, self.journeys.travel, self.carry_pin, self.show_aside)
        self._connect()
        self.panel.set_style(shown=self.shown)
        self._start_map(self.request)

    @property
    def plot(self) -> ImagePlot:
        """The diagram."""
        return self._diagram

    def _connect(self) -> None:
        self._connect_view(self._diagram)
        self._diagram.hovered.connect(self._show_readout)
        self._diagram.left.connect(lambda: self._diagram.set_readout(None))
        self._diagram.column_picked.connect(lambda _: self._follow_pin())
        self.panel.styled.connect(self._restyle)
        self.panel.travelled.connect(self.journeys.travel)
        self.panel.fitting.connect(self.keep_fitted)

    def showEvent(self, event: QShowEvent) -> None:
        """Request the picture when the tab is first shown: its size is not known before."""
        super().showEvent(event)
        self._ask_column()

    def _set_request(self, request: BifurcationRequest) -> None:
        """Set the request, and request its frames at the next refresh of the screen."""
        self.request = request
        self.journeys.drop()
        if request.grid.viewport != self._diagram.given_view:
            self._diagram.set_viewport(request.grid.viewport)
        self._request_throttle.throttle()  # first: the worker begins meanwhile
        self.panel.show_request(request)
        self._history.pass_by(request.grid.viewport)
        self.changed.emit()

    def _queue_requests(self) -> None:
        self.skeleton.queue(self.request)
        shown = self.frame if self.frame is not None and self._shows(self.frame) else None
        if shown is not None and not self.request.keep_refining and shown.progress == 1 and shown.samples >= self.request.samples:
            self._stop_refining()  # the picture has the requested samples already
            self._emit_status()
            self.request = shown.request if shown.request == self.request else self.request
        elif shown is None or shown.request is not self.request:
            self.request = self.slots.submit(self.request)
            self._ladder.start()

    def _shows(self, frame: BifurcationFrame) -> bool:
        """Whether the frame shows the current picture, refined further or not."""
        return replace(frame.request, keep_refining=self.request.keep_refining) == self.request

    def _show_grid(self, grid: Grid) -> None:
        before, view = self.request.grid.viewport, grid.viewport
        self._set_request(replace(self.request, grid=grid))
        if self._keeps_fitted and (view.x, view.half_width) != (before.x, before.half_width):
            self.journeys.travel("fit")

    def _go(self, view: Viewport | None) -> None:
        self.journeys.end()
        super()._go(view)

    def keep_fitted(self, wanted: bool) -> None:
        """Fit the height now and after each change of the range of the parameter, or no longer."""
        self._keeps_fitted = wanted
        self.panel.keep_fitted.set_value(wanted)
        if wanted:
            self.journeys.travel("fit")

    def _apply(self, name: str, value: Any) -> None:
        if name == "map":
            self._choose_map(find_map(value))
        elif name == "sweep":
            self._start_map(edits.with_sweep(self.request, value))
        elif name == "observe":
            pin = self._diagram.pin
            self._start_map(edits.with_observed(self.request, value))
            self._set_pin(pin)
        elif name == "keep_refining":
            self._set_request(replace(self.request, keep_refining=value))
        else:
            changed = edits.with_start(self.request, name, value) if name in edits.STARTS else replace(self.request, **{name: value})
            self._set_request(changed)
            self._ask_column()

    def _set_parameter(self, name: str, value: float) -> None:
        self._apply("parameters", tuple((dict(self.request.parameters) | {name: value}).items()))

    def _choose_map(self, chosen: Map) -> None:
        """Show another map; the parameters of an edited formula keep their values."""
        kept = initial_parameters(dict(self.request.parameters), chosen)
        self._start_map(edits.with_map(self.request, chosen, chosen.sweep, dict(kept)))

    def _start_map(self, request: BifurcationRequest) -> None:
        """Show another map or sweep: a new diagram, pinned at the default of the parameter."""
        self._stills.hold()
        for part in (self._diagram, self.strip, self.aside, self.skeleton):
            part.clear()
        self._drop(*DiagramTab.kinds)
        self._diagram.set_message(None)
        self.frame = None
        self._symbol = edits.symbol(request)
        label = edits.axis(request)
        self._diagram.set_labels(label, request.observe or "x")
        self.strip.set_labels(label, "λ")
        self._diagram.set_viewport(request.grid.viewport)
        self._diagram.set_pin_at(edits.usual_pin(request))
        self._set_request(request)
        self._history.visit(request.grid.viewport)
        self._emit_status()
        self._ask_column()

    def _obstacle(self) -> str:
        return status_text.obstacle(self.request.map)

    def _home(self) -> Viewport:
        return edits.home(self.request)

    def _set_pin(self, pin: Decimal | None) -> None:
        """Pin the column there."""
        self._diagram.set_pin_at(pin)
        self._follow_pin()

    def _follow_pin(self) -> None:
        self._ask_column()
        self.changed.emit()

    def _ask_column(self) -> None:
        """Request the orbit of the pinned column, if its plots are shown."""
        pin = self._diagram.pin
        self.aside.setVisible(pin is not None and self._aside_wanted)
        if pin is not None and self.aside.isVisible():
            self.slots.submit(self.aside.follow(sides.begun(self.request, self.frame, pin), pin))
            self._request_throttle.throttle()
        else:
            self._drop(ColumnRequest)

    def show_aside(self, wanted: bool) -> None:
        """Show or hide the plots of the pinned column."""
        self._aside_wanted = wanted
        self._ask_column()

    def _stop_refining(self) -> None:
        """Stop refining the diagram."""
        self.slots.end(BifurcationRequest)
        self.cancelled.emit(BifurcationRequest)

    def show_frame(self, frame: Any) -> None:
        """Show a frame of the diagram or of the pinned column, if it answers the current request."""
        if not self.slots.accept(frame):
            return
        self._schedule_descriptions()
        if isinstance(frame, ColumnFrame):
            self.aside.show_frame(frame)
        elif isinstance(frame, SkeletonFrame):
            self.skeleton.show_frame(frame)
        elif isinstance(frame, JourneyFrame):
            self.journeys.arrive(frame)
        elif frame.request == self.request and not self.journeys.keeps(frame) and not status_text.outlasts(self.frame, frame):
            self._show_picture(frame)

    def _show_picture(self, frame: BifurcationFrame) -> None:
        self.frame = frame
        self._stills.release()
        if status_text.is_enough(frame):
            self._stop_refining()
        self._paint(frame)
        middles, view = (np.arange(len(frame.columns)) + 0.5) / len(frame.columns), frame.request.grid.viewport
        self.strip.set_lyapunov(middles, frame.lyapunov, view, status_text.thin_line(frame))
        self.strip.set_message("All columns diverge or are undefined, so there is no exponent" if (frame.period < 0).all() else None)
        self._emit_status()
        if frame.request.follow or not self.aside.is_of(frame.request.grid):
            self._ask_column()

    def _paint(self, frame: BifurcationFrame) -> None:
        other = None if frame.other is None else frame.other.counts
        self._diagram.set_image(frame.counts, frame.request.grid.viewport, frame.kinds, self.shown == "period", other)
        self._diagram.set_message(status_text.trouble(frame, self.shown), low=bool(frame.inside))

    def show_failure(self, request: Any, message: str) -> None:
        """Note the failure; the last picture stays."""
        self.slots.fail(request)
        self._stills.release()
        self._schedule_descriptions()

    def _picture_status(self) -> Status | None:
        shown = status_text.status(self.frame, self.slots.is_running(BifurcationRequest)) if self.frame is not None else None
        return self._ladder.status() or shown

    def _show_readout(self, u: float, v: float) -> None:
        u, v = self.skeleton.snapped(self._diagram.grid, u, v)
        lines = status_text.where(self._diagram.grid, self._symbol, u, v, self.request.observe or "x")
        lines += edits.both_at(self.request, u)
        lines += self.skeleton.lines(self._diagram.grid, u, v)
        if self.frame is not None and self._shows(self.frame):
            lines += status_text.readout(self.frame, min(int(u * len(self.frame.columns)), len(self.frame.columns) - 1))
        self._diagram.set_readout(lines)

    def _restyle(self, name: str, value: str) -> None:
        if name == "shown":
            self._show_as(value)
        elif name == "thickness":
            self._set_thickness(int(value))
        else:
            self.set_style(**({"colour_map": self._diagram.colour_map, "tone": self._diagram.tone} | {name: value}))
            self.styled.emit(self._diagram.colour_map, self._diagram.tone)
        self.changed.emit()

    def _show_as(self, shown: str) -> None:
        """Colour by density or by period."""
        if shown != self.shown:
            self.shown = shown
            self.panel.set_style(shown=shown)
            if self.frame is not None:
                self._paint(self.frame)

    def _set_thickness(self, thickness: int) -> None:
        self._diagram.set_branch_thickness(thickness)
        self.panel.set_style(thickness=str(thickness))

    def set_style(self, colour_map: str, tone: str) -> None:
        """Draw with this colour map and tone; no orbit is computed."""
        self._diagram.set_colour_map(colour_map)
        self._diagram.set_tone(tone)
        self.panel.set_style(colour_map=colour_map, tone=tone)

    def set_theme(self, colours: Colours) -> None:
        """Draw in these colours."""
        for part in (self._diagram, self.strip, self.aside):
            part.set_theme(colours)
        self.panel.set_legend(colours)

    def keys(self) -> dict[str, str]:
        """Keys and mouse actions."""
        return status_text.KEYS

    def session(self, session: Session) -> Session:
        """`session` with the current bifurcation table; the size of exports is kept."""
        table = session.bifurcation.with_request(self.request, session.bifurcation.size)
        shown = replace(
            table,
            pin=False if self._diagram.pin is None else self._diagram.pin,
            keep_refining=self.request.keep_refining,
            show=self.shown,
            colour_map=self._diagram.colour_map,
            tone=self._diagram.tone,
            thickness=self._diagram.branch_thickness,
            **self.skeleton.kept,
            ranges=self.panel.parameters.ranges,
        )
        return session.with_table(shown)

    def restore(self, session: Session) -> None:
        """Restore the diagram from the session's table, at the size of the window; values that the table does not give are kept."""
        table = session.bifurcation
        self.set_style(table.colour_map or self._diagram.colour_map, table.tone or self._diagram.tone)
        self._show_as(table.show)
        self._set_thickness(table.thickness)
        self.skeleton.restore(table.overlay, table.snap, table.longest_period)
        keep = self.request.keep_refining if table.keep_refining is None else table.keep_refining
        request = replace(table.request(self._diagram.grid_size), keep_refining=keep)
        if edits.axes(request) != edits.axes(self.request):
            self._start_map(request)
        elif request != self.request:
            self._diagram.set_viewport(request.grid.viewport)
            self._set_request(request)
        self.panel.parameters.set_ranges(table.ranges)
        self._set_pin(table.pinned)

    def receive(self, map_name: str, parameters: Mapping[str, float], start: float | None = None) -> None:
        """Show the diagram of a map, and pin the column of these parameters."""
        chosen = find_map(map_name)
        sweep = self.request.sweep if map_name == self.request.map else chosen.sweep
        self._start_map(edits.with_map(self.request, chosen, sweep, parameters))
        if sweep in parameters:
            self._set_pin(decimal(float(parameters[sweep])))

    def carry_pin(self) -> None:
        """Open the pinned column's map in the fixed-point explorer."""
        if self._diagram.pin is not None:
            pinned = self.request.at(float(self._diagram.pin))
            self.carried.emit("fixed-points", self.request.map, dict(self.request.parameters) | pinned, None)

    def export_request(self) -> BifurcationRequest:
        """The request of the diagram, without further refining."""
        return replace(self.request, keep_refining=False)

    def image(self) -> QImage | None:
        """The diagram with axes and strip as on the screen."""
        return picture_of(self._diagram.parentWidget()) if self.frame is not None else None

    def descriptions(self) -> dict[str, str]:
        """Accessible descriptions."""
        return help_text.descriptions(self.request, self.frame, self.aside.frame, self.aside.where)
