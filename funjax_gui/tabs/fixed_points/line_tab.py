"""The fixed-point explorer of maps of the line: holds its requests and shows the frames."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, ClassVar

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QSizePolicy

from funjax_gui.figures import starts as starts_look
from funjax_gui.formulas import find_map, initial_parameters
from funjax_gui.plots import BasePlot, StartsPlot, picture_of
from funjax_gui.sessions import Session
from funjax_gui.style import Colours, scaled
from funjax_gui.tabs.base import Status, column, named
from funjax_gui.tabs.fixed_points import help_text, marks, requests, status_text
from funjax_gui.tabs.fixed_points.branches import BranchesFrame, BranchesRequest, BranchesView
from funjax_gui.tabs.fixed_points.cobweb import CobwebView
from funjax_gui.tabs.fixed_points.convergence import ConvergenceView
from funjax_gui.tabs.fixed_points.document import DOCUMENT
from funjax_gui.tabs.fixed_points.menu import view_actions
from funjax_gui.tabs.fixed_points.panel import FixedPointsPanel
from funjax_gui.tabs.fixed_points.starts_tab import StartsTab
from funjax_gui.tabs.fixed_points.starts_view import DIVIDED, Picture
from funjax_gui.tabs.request_slots import RequestSlots
from kernels.fixed_point import MOST_FOLLOWED, ConvergenceFrame, ConvergenceRequest, FixedPointFrame, FixedPointRequest
from kernels.geometry import Grid, Viewport, decimal
from kernels.single_orbit import CobwebFrame, CobwebRequest

PATIENCE = 0.05
"""Seconds that a request may take to its basins while the next one waits; otherwise a drag would show none until it ends."""


class LineTab(StartsTab):
    """Final states against initial conditions, cobweb and time series, convergence, and the table of fixed points and cycles."""

    name, title = DOCUMENT.table.NAME, DOCUMENT.title
    tip = "Iterate a map from many initial conditions: attractors, basins, rates of convergence"
    principal = (FixedPointRequest, CobwebRequest, ConvergenceRequest)
    kinds: ClassVar[tuple[type, ...]] = (*principal, BranchesRequest)
    urgent = CobwebRequest  # soon done

    _ready = Signal(object)
    """These plots are up to date; queued behind the updates of their scenes."""

    grain = "initial conditions"
    most_kept = MOST_FOLLOWED - 1
    start: float
    panel: FixedPointsPanel

    def __init__(self) -> None:
        super().__init__()
        self.panel, self.picture = FixedPointsPanel(), Picture(self)
        self._has_failed = False
        self.cobweb, self.branches, self.convergence = CobwebView(self), BranchesView(self), ConvergenceView()
        self.table = self.picture.table
        self.request = FixedPointRequest()
        self.start = find_map(self.request.map).start
        self.power = 1
        # Those of the orbit first: they are fast.
        kinds = CobwebRequest, ConvergenceRequest, FixedPointRequest, BranchesRequest
        self.slots = RequestSlots(kinds, {FixedPointRequest: PATIENCE, BranchesRequest: 10 * PATIENCE})
        self._deferred: dict[type, Any] = {}
        self._defer_timer = QTimer(self, singleShot=True, interval=round(1000 * PATIENCE))
        self._defer_timer.timeout.connect(self._show_deferred)
        self._ready.connect(self._paint, Qt.ConnectionType.QueuedConnection)
        self._arrange()
        self._actions = view_actions(self, self.cobweb.player, self.aside, self.pin_start, self.unpin_starts, self.table.copy, self.carry)
        self._connect()
        self._start_map(self.request, self.start)

    @property
    def plot(self) -> StartsPlot:
        """The main plot that is shown. Here `picture.plot` is used, since the phase plane may lie over it."""
        return self.picture.plot

    def _arrange(self) -> None:
        self.table.setMinimumHeight(scaled(90))
        below = column((self.table, 1), (self.picture.note, 0))
        orbit, way = self.cobweb, self.convergence
        below_cobweb = (self.branches.plot, 7), (orbit.series, 5), (way.plot, 7), (way.rates, 0)
        self.aside = column((orbit.cobweb, 10), (orbit.player, 0), *below_cobweb)
        for plot in (orbit.cobweb, self.branches.plot, orbit.series, way.plot):  # shares of the height, independent of the size hints
            plot.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Ignored)
        self._lay_out(self.picture.plot, below, (640, 170), self.aside, 360)
        named(picture=self.picture.plot, table=self.table, convergence=way.plot, legend=self.panel.legend)
        named(branches=self.branches.plot, cobweb=orbit.cobweb, player=orbit.player, time_series=orbit.series)
        self._explain(help_text.EXPLAINED)

    def _connect(self) -> None:
        plot, panel = self.picture.plot, self.panel
        self._connect_view(plot)
        plot.column_picked.connect(lambda u: self._set_start(float(plot.grid.viewport.x_at(u))))
        plot.is_resolved = lambda grid: requests.is_resolved(grid, self.request.starts)
        self.cobweb.start_dragged.connect(self._set_start)
        self.picture.selected.connect(self._show_orbits)
        self.branches.moved.connect(self._set_parameter)
        panel.pinned.connect(self.pin_start)
        panel.unpinned.connect(self.unpin_starts)
        panel.carried.connect(self.carry)

    # --- requests ---

    def _set_request(self, request: FixedPointRequest) -> None:
        """Set the request, and request its frames at the next refresh of the screen."""
        is_same_map, self.request = request.map == self.request.map, request
        plot = self.picture.plot
        plot.set_labels(*status_text.axis_labels(request.steps))
        if is_same_map:  # first: the worker begins meanwhile
            self._request_throttle.throttle()
        self.panel.show_request(request, plot.grid.viewport)
        self._history.pass_by(plot.grid.viewport)
        if not is_same_map:  # the panel has the new map's ranges only now
            self._request_throttle.throttle()
        self.changed.emit()

    def _queue_requests(self) -> None:
        for request in self.orbit_requests():
            self.slots.submit(request)
        self.request = self.slots.submit(self.request)
        branches = self.branches.follow(self.request, self.panel.range_of(self.branches.sweep))
        if branches is None:
            self.slots.drop(BranchesRequest)
        elif self.frame is not None or self._has_failed:  # else their kernels would be compiled before the first picture is there
            self.slots.submit(branches)

    def orbit_requests(self) -> list[Any]:
        """Requests of the cobweb and the convergence plot."""
        chosen, starts = self.start, (self.start, *self.pins)
        return [requests.cobweb(self.request, chosen, self.power), requests.convergence(self.request, starts)]

    def _show_grid(self, grid: Grid) -> None:
        """Set the range of initial conditions to the view; the usual range is searched too, so that the attractors stay known."""
        limits = grid.viewport.x_limits
        self._set_request(requests.over(self.request, limits) if limits != self.request.x else self.request)

    def _apply(self, name: str, value: Any) -> None:
        if name == "map":
            chosen = find_map(value)
            kept = initial_parameters(dict(self.request.parameters), chosen)
            self._start_map(FixedPointRequest(chosen.name, kept, starts=self.request.starts, steps=self.request.steps), chosen.start)
        elif name == "start":
            requests.cobweb(self.request, value, self.power)  # raises ValueError for an invalid initial condition
            self._set_start(value)
        elif name == "power":
            self.power = value
            self._show_start()
        elif name == "branches":
            self._show_branches(value)
        else:
            request = replace(self.request, **{name: value})
            request.start_values()  # raises ValueError for too many initial conditions in a deep view
            self._set_request(request)

    def _start_map(self, request: FixedPointRequest, start: float) -> None:
        """Show another map over its usual range of initial conditions."""
        self._stills.hold()
        self.picture.clear()
        self.panel.set_legend("")
        self._drop(FixedPointRequest)  # an equal request is to be shown again
        request = requests.over(request, requests.usual_starts(request.map))
        self.picture.plot.set_viewport(requests.home(request.map))
        self.pins, self.start, self._has_failed = (), start, False
        if self.branches.sweep and self.branches.sweep not in dict(request.parameters):
            self.branches.set_sweep(find_map(request.map).sweep)
        self._set_request(request)
        self._show_branches(self.branches.sweep)
        self._history.visit(self.picture.plot.grid.viewport)
        self._show_start()

    def _show_branches(self, sweep: str) -> None:
        """Show the branches of cycles against this parameter, or none where it is empty."""
        self.branches.set_sweep(sweep)
        self.panel.control("branches").set_value(sweep)
        self._request_throttle.throttle()
        self.changed.emit()

    def _set_parameter(self, name: str, value: float) -> None:
        if self.branches.sweep and name != self.branches.sweep:
            self._show_branches(name)
        self._set_request(replace(self.request, parameters=tuple((dict(self.request.parameters) | {name: value}).items())))

    def _home(self) -> Viewport:
        return requests.home(self.request.map)

    def _show_refusal(self, text: str) -> None:
        super()._show_refusal(text.replace("columns", "initial conditions"))

    # --- the chosen initial condition ---

    def _show_start(self) -> None:
        """Show the chosen initial condition everywhere, and request its orbit."""
        if self.picture.plot.pin is None or float(self.picture.plot.pin) != self.start:
            self.picture.plot.set_pin_at(decimal(self.start))
        self.panel.show_orbit(self.start, self.power, self.request.searched)
        self.picture.set_pins(self.pins)
        self._request_throttle.throttle()
        self.changed.emit()

    # --- frames ---

    def show_frame(self, frame: Any) -> None:
        """Show a frame, if it answers the current request."""
        if not self.slots.accept(frame, enough=not isinstance(frame, FixedPointFrame) or frame.progress >= DIVIDED):
            return
        self._schedule_descriptions()
        if isinstance(frame, BranchesFrame):
            self.branches.show_frame(frame)
        elif isinstance(frame, FixedPointFrame):
            self._show_starts(frame)
        elif self.slots.is_patient(FixedPointRequest):
            # The initial conditions follow within milliseconds: all plots change together, and the worker has the interpreter until then.
            self._deferred[type(frame.request)] = frame
            self._defer_timer.start()
        else:
            self._show_orbit(frame)

    def _show_orbit(self, frame: CobwebFrame | ConvergenceFrame) -> None:
        if isinstance(frame, CobwebFrame):
            self.cobweb.show_frame(frame)
        else:
            self.convergence.show_frame(frame)

    def _show_deferred(self) -> None:
        """Show deferred frames, if they still answer the current requests."""
        held, self._deferred = self._deferred, {}
        for kind, frame in held.items():
            if frame.request is self.slots.asked(kind):
                self._show_orbit(frame)

    def _stop_painting(self, plots: Sequence[BasePlot]) -> None:
        """Suspend painting of these plots until `_ready` comes back, behind the updates of their scenes, so that each is painted once."""
        for plot in plots:
            plot.viewport().setUpdatesEnabled(False)

    def _paint(self, plots: Sequence[BasePlot]) -> None:
        for plot in plots:
            plot.viewport().setUpdatesEnabled(True)

    @property
    def frame(self) -> FixedPointFrame | None:
        """The frame that is shown."""
        return self.picture.frame

    def _show_starts(self, frame: FixedPointFrame) -> None:
        is_first = self.frame is None
        if not self.picture.takes(frame):
            return
        plots = [self.picture.plot, self.cobweb.cobweb, self.cobweb.series, self.convergence.plot] if self._deferred else []
        self._stop_painting(plots)
        self.picture.show_frame(frame)
        self._stills.release()
        cobweb = self._deferred.get(CobwebRequest)
        self._show_orbits(is_drawn=cobweb is None or cobweb.request is not self.slots.asked(CobwebRequest))
        self._show_deferred()
        self._ready.emit(plots)
        if is_first or (frame.progress >= DIVIDED and self.slots.is_waiting()):
            self._request_throttle.throttle()  # the next request waits for this, and the branches for the first picture
        self._emit_status()

    def _show_orbits(self, is_drawn: bool = True) -> None:
        """Mark the orbits in the cobweb (not `is_drawn`: with its next frame) and update the legend."""
        if self.frame is not None:
            self.cobweb.set_orbits(self.frame.orbits, self.picture.chosen, is_drawn)
            self.panel.set_legend(marks.legend(self.frame, self.picture.plot.colours))

    def show_failure(self, request: Any, message: str) -> None:
        """Note the failure; what is shown stays, and the same request can be sent again."""
        self.slots.fail(request)
        if isinstance(request, FixedPointRequest) and not self._has_failed:
            self._has_failed = True  # the branches wait no longer for a picture
            self._request_throttle.throttle()
        self._stills.release()
        self._schedule_descriptions()

    def _picture_status(self) -> Status | None:
        return status_text.status(self.frame, self.slots.is_running(FixedPointRequest)) if self.frame is not None else None

    def set_theme(self, colours: Colours) -> None:
        """Draw in these colours."""
        for part in (self.picture, self.cobweb, self.branches, self.convergence):
            part.set_theme(colours)
        self._show_orbits()

    # --- menus and sessions ---

    def keys(self) -> dict[str, str]:
        """Keys and mouse actions."""
        return status_text.KEYS

    def session(self, session: Session) -> Session:
        """`session` with the current fixed-points table."""
        table = session.fixed_points.with_request(self.request)
        table = replace(table, final=self.picture.plot.grid.viewport.y_limits, ranges=self.panel.parameters.ranges)
        table = replace(table, at_step=self.cobweb.player.kept, branches=self.branches.sweep or None)
        return session.with_table(replace(table, start=self.start, pins=self.pins, power=self.power))

    def restore(self, session: Session) -> None:
        """Restore the tab from the session's table."""
        table = session.fixed_points
        request, start = requests.over(table.request(), table.x), find_map(table.map).start
        if request.map != self.request.map:
            self._start_map(request, start)
        self.start, self.pins, self.power = start if table.start is None else table.start, table.pins, table.power
        self.picture.plot.set_viewport(starts_look.view_of(request, table.appearance["view"]))
        self._set_request(request)
        self.panel.parameters.set_ranges(table.ranges)
        self._show_branches(table.branches or "")
        self._show_start()

    def resume(self, session: Session) -> None:
        """Show the step of the cobweb given in the session."""
        self.cobweb.player.resume(session.fixed_points.at_step)

    def receive(self, map_name: str, parameters: Mapping[str, float], start: float | None = None) -> None:
        """Show a map with these parameters over its usual range, with its usual initial condition if `start` is not there."""
        low, high = requests.home(map_name).x_limits
        request = FixedPointRequest(map_name, tuple(parameters.items()), starts=self.request.starts, steps=self.request.steps)
        self._start_map(request, find_map(map_name).start if start is None or not low <= start <= high else start)

    def carry(self) -> None:
        """Open this map with these parameters in the bifurcation diagram."""
        self.carried.emit("bifurcation", self.request.map, dict(self.request.parameters), None)

    def export_request(self) -> FixedPointRequest:
        """The request of the initial conditions."""
        return self.request

    def image(self) -> QImage | None:
        """The plot with axes as on the screen."""
        return picture_of(self.picture.plot) if self.frame is not None else None

    def descriptions(self) -> dict[str, str]:
        """Accessible descriptions."""
        return help_text.descriptions(self.frame, self.cobweb.frame, self.cobweb.player.at, self.convergence.frame)
