"""The plane of two parameters: holds its request and shows the frames, while a second parameter is swept."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, ClassVar

import numpy as np
from PySide6.QtCore import Signal
from PySide6.QtGui import QImage

from funjax_gui.figures import Polyline
from funjax_gui.formulas import find_map, initial_parameters
from funjax_gui.plots import ImagePlot, picture_of
from funjax_gui.sessions import Session
from funjax_gui.style import Colours
from funjax_gui.tabs.base import Status, named
from funjax_gui.tabs.bifurcation.edits import STARTS
from funjax_gui.tabs.bifurcation.help_text import pinned_descriptions
from funjax_gui.tabs.bifurcation.orbit_plots import Aside
from funjax_gui.tabs.bifurcation.parameter_plane import curves, figures, marks, requests, status_text
from funjax_gui.tabs.bifurcation.parameter_plane.panel import ParameterPlanePanel
from funjax_gui.tabs.request_slots import RequestSlots
from funjax_gui.tabs.view_tab import ViewTab
from funjax_gui.widgets import action
from kernels.geometry import Grid, Viewport
from kernels.maps import Map
from kernels.parameters import Line
from kernels.single_orbit import ColumnFrame, ColumnRequest
from kernels.skeleton import CurvesFrame, CurvesRequest
from kernels.two_parameters import TwoParametersFrame, TwoParametersRequest

PATIENCE = 0.25
"""Seconds that a picture may take to its first frame while the next one waits; otherwise a drag would show none until it ends."""


class ParameterPlaneTab(ViewTab):
    """The picture, its controls, and the plots of the pinned point's orbit."""

    kinds: ClassVar[tuple[type, ...]] = (TwoParametersRequest, ColumnRequest, CurvesRequest)
    principal = (TwoParametersRequest,)
    panel: ParameterPlanePanel
    diagram_wanted = Signal(str, str, object)
    """(map, sweep, other parameters by name): no second parameter is to be swept."""
    line_wanted = Signal(object)
    """The diagram along the line between these two points is wanted."""

    def __init__(self, request: TwoParametersRequest) -> None:
        super().__init__()
        self.panel, self._plot, self.aside = ParameterPlanePanel(), ImagePlot(has_handle=True), Aside()
        self.request = replace(request, grid=Grid(request.grid.viewport, *self._plot.grid_size))
        self.frame: TwoParametersFrame | None = None
        self.slots = RequestSlots(ParameterPlaneTab.kinds, {TwoParametersRequest: PATIENCE, CurvesRequest: curves.PATIENCE})
        self.curves = curves.CurvesOverlay(self.slots, self._draw_over, self.panel.set_note)
        self._stretched: Line = ()
        self._drawn: Line = ()
        self.shown, self.pin, self._aside_wanted = "exponent", requests.usual_pin(request), True
        self._lay_out(self._plot, None, (1, 1), self.aside, 290)
        named(parameter_plane=self._plot, point_cobweb=self.aside.cobweb, point_series=self.aside.series, point_density=self.aside.density)
        self._explain(status_text.EXPLAINED)
        self._actions = [
            *self.navigation_actions("Usual &ranges"),
            None,
            *self.computing_actions("&Stop computing"),
            None,
            action(self, "Open the pinned point in fi&xed points", "Ctrl+Return", self.carry),
            action(self, "&Diagram along the horizontal through the pin", "L", self.open_line),
            None,
            action(self, "Contro&ls", "F9", self.panel_area.setVisible, True),
            action(self, "&Pinned point", "F8", self.show_aside, True),
        ]
        self._connect_view(self._plot)
        self._plot.hovered.connect(self._show_readout)
        self._plot.left.connect(lambda: self._plot.set_readout(None))
        self._plot.handle_moved.connect(self._pin_at)
        self._plot.line_stretched.connect(self._stretch_line)
        self._plot.line_drawn.connect(lambda ends: self.line_wanted.emit(requests.rounded(self._points(ends), self._plot.grid)))
        self.panel.line_wanted.connect(self.open_line)
        self.panel.carried.connect(self.carry)
        self.start(self.request, self.pin)

    @property
    def plot(self) -> ImagePlot:
        """The picture."""
        return self._plot

    @property
    def _map(self) -> Map:
        return find_map(self.request.map)

    # --- requests ---

    def _set_request(self, request: TwoParametersRequest) -> None:
        """Set the request, and request its frames at the next refresh of the screen."""
        self.request = request
        self.panel.show_request(request, self.shown)
        self._history.pass_by(request.grid.viewport)
        self._request_throttle.throttle()
        self.changed.emit()

    def _queue_requests(self) -> None:
        if not self.request.sequence:
            self.slots.submit(requests.orbit(self.request, self.pin))
        self.request = self.slots.submit(self.request)
        self.curves.queue(self.request)

    def _show_grid(self, grid: Grid) -> None:
        self._set_request(replace(self.request, grid=grid))
        self._follow_pin()

    def start(self, request: TwoParametersRequest, pin: requests.Point | None = None) -> None:
        """Begin anew with another map or other parameters swept."""
        self._stills.hold()
        self._drop(*self.kinds)
        self._plot.clear()
        self.aside.clear()
        self.curves.clear()
        self.panel.legend.setText("")
        self.frame, self._drawn = None, ()
        self.pin = requests.usual_pin(request) if pin is None else pin
        if self.shown == "spectrum" and not find_map(request.map).is_plane:
            self.shown = "exponent"
        request = requests.counted(request, self.shown)
        self._plot.draws_lines = not request.sequence
        self._plot.set_labels(*requests.symbols(request))
        self._plot.set_viewport(request.grid.viewport)
        self._set_request(request)
        self._history.visit(request.grid.viewport)
        self._follow_pin()
        self._emit_status()

    def _apply(self, name: str, value: Any) -> None:
        r = self.request
        if name == "map":
            self._choose_map(value)
        elif name == "and_sweep" and not value:
            self.diagram_wanted.emit(r.map, r.sweep, requests.at(r, self.pin))
            self.panel.control("and_sweep").set_value(r.and_sweep)
        elif name in ("sweep", "and_sweep"):
            sweep, second = (value, value if r.sequence else r.and_sweep) if name == "sweep" else (r.sweep, value)
            if sweep == second and name == "sweep" and not r.sequence:
                sweep, second = r.and_sweep, r.sweep  # the axes change places
            self.start(requests.with_sweeps(r, sweep, second, self.pin))
        elif name == "shown":
            self.show_as(value)
        elif name == "curves":
            self.show_curves(int(value))
        elif name in STARTS:
            x, *rest = r.origin
            start: Any = ((value, *rest) if name == STARTS[0] else (x, value)) if rest else value
            self._set_request(replace(r, start=start))
        else:
            self._set_request(replace(r, **{name: value}))

    def _choose_map(self, name: str) -> None:
        chosen = find_map(name)
        parameters = initial_parameters(dict(self.request.parameters), chosen)
        word = "" if chosen.is_plane else self.request.sequence
        second = chosen.sweep if word else requests.second_of(chosen, chosen.sweep)
        if second:
            request = requests.first(chosen, chosen.sweep, second, tuple(dict(parameters).items()), self._plot.grid_size)
            self.start(replace(request, sequence=word, starts=self.request.starts))
        else:
            self.diagram_wanted.emit(name, chosen.sweep, dict(parameters))

    def _set_parameter(self, name: str, value: float) -> None:
        self._set_request(replace(self.request, parameters=tuple((dict(self.request.parameters) | {name: value}).items())))

    def _home(self) -> Viewport:
        return requests.home(self._map, *self.request.swept)

    # --- the pinned point ---

    def _pin_at(self, u: float, v: float) -> None:
        view = self._plot.grid.viewport
        if not self.request.sequence:
            self.set_pin((float(view.x_at(u)), float(view.y_at(v))))

    def set_pin(self, pin: requests.Point) -> None:
        """Pin a point; its orbit is followed beside the picture."""
        self.pin = pin
        self._follow_pin()
        self._request_throttle.throttle()
        self.changed.emit()

    def _follow_pin(self) -> None:
        self.aside.where = status_text.place(self._plot.grid, self.request, self.pin)
        self._plot.set_handle(None if self.request.sequence else self.pin[0], self.pin[1])
        self._draw_over()
        self.aside.setVisible(self._aside_wanted and not self.request.sequence)  # a forced map is none that these plots know

    def _draw_over(self) -> None:
        """Draw the curves, the cross at the pinned point, and the line that is being drawn, or whose diagram was shown last."""
        lines = [Polyline(np.array(self._stretched), "text", 2.0)] if self._stretched else marks.line_items(self._drawn)
        cross = [] if self.request.sequence else marks.pin_items(self.pin)  # of a forced map it would lead nowhere
        self._plot.set_overlay([*self.curves.items(), *cross, *lines])

    def return_to(self, request: TwoParametersRequest, line: Line) -> None:
        """Show the picture again after the diagram along a line, which is drawn in it; what was computed of the same picture stays."""
        if request == self.request:
            self._request_throttle.throttle()
            self._emit_status()
        else:
            self.start(request, self.pin)
        self._drawn = line
        self._draw_over()

    def _points(self, ends: Line) -> Line:
        """The parameters at places in window units."""
        view = self._plot.grid.viewport
        return tuple((float(view.x_at(u)), float(view.y_at(v))) for u, v in ends)

    def _stretch_line(self, ends: Line | None) -> None:
        self._stretched = self._points(ends) if ends else ()
        self._draw_over()
        if ends:
            self._show_readout(*ends[1])

    def open_line(self) -> None:
        """Open the diagram along the horizontal line through the pinned point, from one side of the view to the other."""
        left, right = map(float, self.request.grid.viewport.x_limits)
        if not self.request.sequence:
            self.line_wanted.emit(((left, self.pin[1]), (right, self.pin[1])))

    def show_curves(self, period: int) -> None:
        """Show the curves of bifurcations of cycles of this period over the picture; none for 0."""
        self.curves.period = period
        self.panel.show_values({"curves": str(period)})
        self._request_throttle.throttle()
        self.changed.emit()

    def show_aside(self, wanted: bool) -> None:
        """Show or hide the plots of the pinned point."""
        self._aside_wanted = wanted
        self._follow_pin()

    def carry(self) -> None:
        """Open the map with the pinned parameters in the fixed-point explorer."""
        if not self.request.sequence:
            self.carried.emit("fixed-points", self.request.map, requests.at(self.request, self.pin), None)

    # --- frames ---

    def show_frame(self, frame: Any) -> None:
        """Show a frame, if it answers the current request."""
        if not self.slots.accept(frame):
            return
        self._schedule_descriptions()
        if isinstance(frame, ColumnFrame):
            self.aside.show_frame(frame)
            return
        if isinstance(frame, CurvesFrame):
            self.curves.show_frame(frame)
            return
        if not requests.outlasts(self.frame, frame):
            self.frame = frame
            self._stills.release()
            self._paint()
        if self.slots.is_waiting():
            self._request_throttle.throttle()
        self._emit_status()

    def _paint(self) -> None:
        frame, colours = self.frame, self._plot.colours
        if frame is not None and (self.shown != "attractors" or frame.attractors is not None):
            bar = figures.bar(colours) if self.shown == "exponent" else None
            self._plot.set_pixels(figures.pixels(frame, self.shown, colours), frame.request.grid.viewport, bar)
            self.panel.legend.setText(figures.legend(frame, self.shown, colours))
            self.panel.legend.setToolTip(figures.explained(frame, self.shown))

    def show_failure(self, request: Any, message: str) -> None:
        """Note the failure; what is shown stays, and the same request can be sent again."""
        self.slots.fail(request)
        self._stills.release()
        self._schedule_descriptions()

    def _picture_status(self) -> Status | None:
        frame = self.frame
        return None if frame is None else status_text.sentence(frame, self.slots.is_running(TwoParametersRequest), frame.done)

    def _show_readout(self, u: float, v: float) -> None:
        view, frame = self._plot.grid.viewport, self.frame
        lines = [status_text.place(self._plot.grid, self.request, (float(view.x_at(u)), float(view.y_at(v))))]
        lines += self.curves.lines(self._plot.grid, u, v)
        if frame is not None and frame.request.grid.viewport == view:
            rows, columns = frame.period.shape
            lines += figures.readout(frame, min(int((1 - v) * rows), rows - 1), min(int(u * columns), columns - 1))
        self._plot.set_readout(lines)

    # --- colours, sessions, menus ---

    def show_as(self, shown: str) -> None:
        """Colour by another quantity; only numbers of attractors have to be computed."""
        self.shown = shown
        self.panel.show_values({"shown": shown})
        self._paint()
        wanted = requests.counted(self.request, shown)
        if wanted is self.request:
            self.changed.emit()
        else:
            self._set_request(wanted)

    def set_theme(self, colours: Colours) -> None:
        """Draw in these colours."""
        for part in (self._plot, self.aside):
            part.set_theme(colours)
        self._paint()

    def keys(self) -> dict[str, str]:
        """Keys and mouse actions."""
        return status_text.KEYS

    def session(self, session: Session) -> Session:
        """`session` with the current bifurcation table; the size of exports is kept."""
        table = session.bifurcation.with_request(self.request, session.bifurcation.size)
        table = replace(table, curves=self.curves.period or None, ranges=self.panel.parameters.ranges)
        return session.with_table(replace(table, pin=self.pin, show=self.shown))

    def restore(self, session: Session) -> None:
        """Restore the picture from the session's table, at the size of the window."""
        table = session.bifurcation
        request = table.request(self._plot.grid_size)
        self.shown = table.show
        self.show_curves(table.curves or 0)
        pin = table.pin if isinstance(table.pin, tuple) else requests.usual_pin(request)
        if (request.map, request.axes) != (self.request.map, self.request.axes):
            self.start(request, pin)
        else:
            self._plot.set_viewport(request.grid.viewport)
            self._set_request(request)
            self.set_pin(pin)
            self._paint()
        self.panel.parameters.set_ranges(table.ranges)

    def export_request(self) -> TwoParametersRequest:
        """The request of the picture."""
        return self.request

    def image(self) -> QImage | None:
        """The picture with axes as on the screen."""
        return picture_of(self._plot) if self.frame is not None else None

    def descriptions(self) -> Mapping[str, str]:
        """Accessible descriptions."""
        found = {"parameter-plane": status_text.description(self.request, self.frame)}
        if self.aside.frame is not None:
            about = pinned_descriptions(self.aside.frame, self.aside.where)
            found |= {
                f"point-{name}": about[other] for name, other in (("cobweb", "cobweb"), ("series", "time-series"), ("density", "density"))
            }
        return found
