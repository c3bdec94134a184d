"""The phase plane of the fixed-point explorer: holds its requests and shows the frames, while a map of the plane is chosen."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtGui import QImage

from funjax_gui.figures import phase_plane as look
from funjax_gui.formulas import find_map, initial_parameters
from funjax_gui.plots import PhasePlot, picture_of
from funjax_gui.sessions import Session
from funjax_gui.style import Colours, scaled
from funjax_gui.tabs.base import Status, named
from funjax_gui.tabs.fixed_points.plane import help_text, requests, status_text
from funjax_gui.tabs.fixed_points.plane.cycle_table import CycleTable
from funjax_gui.tabs.fixed_points.plane.menu import view_actions
from funjax_gui.tabs.fixed_points.plane.orbit_plots import OrbitPlots
from funjax_gui.tabs.fixed_points.plane.panel import PlanePanel
from funjax_gui.tabs.request_slots import RequestSlots
from funjax_gui.tabs.view_tab import ViewTab
from kernels.geometry import Grid, Viewport
from kernels.maps import Map
from kernels.phase_plane import CyclesFrame, CyclesRequest, PhasePlaneFrame, PhasePlaneRequest, PlaneOrbitsFrame, PlaneOrbitsRequest, Point

PATIENCE = 0.25
"""Seconds that the cycles may take to their first frame while the next request waits; otherwise a drag would show none until it ends."""


class PlaneTab(ViewTab):
    """Density of orbits with cycles and chosen orbits on it, the table of cycles, and the coordinates of the chosen orbits."""

    kinds = principal = (PhasePlaneRequest, CyclesRequest, PlaneOrbitsRequest)
    line_wanted = Signal(str)
    """The name or formula of a map of the line was chosen."""
    panel: PlanePanel

    def __init__(self, first: str) -> None:
        super().__init__()
        self.panel, self._picture, self.table, self.aside = PlanePanel(), PhasePlot(), CycleTable(), OrbitPlots()
        chosen = find_map(first)
        grid = Grid(requests.home(chosen), *self._picture.grid_size)
        self.request = requests.request_for(chosen, (), grid, requests.STARTS, requests.STEPS, requests.usual_transient(chosen))
        self.start, self.pins = requests.usual_start(first), ()
        self.longest = requests.LONGEST_USUAL
        self.frame: PhasePlaneFrame | None = None
        self.cycles: CyclesFrame | None = None
        self._selected: tuple[Point, ...] | None = None
        self.slots = RequestSlots((PlaneOrbitsRequest, PhasePlaneRequest, CyclesRequest), {CyclesRequest: PATIENCE})
        self.table.setMinimumHeight(scaled(90))
        self._lay_out(self.plot, self.table, (640, 170), self.aside, 330)
        first_plot, second_plot = self.aside.plots
        named(phase_plane=self.plot, cycles=self.table, first_coordinate=first_plot, second_coordinate=second_plot)
        self._explain(help_text.EXPLAINED)
        self._actions = view_actions(self, self.aside, self.pin_start, self.unpin_starts, self.table.copy)
        self._connect()
        self._start_map(self.request)

    pins: tuple[Point, ...]

    @property
    def plot(self) -> PhasePlot:
        """The phase plane."""
        return self._picture

    @property
    def _map(self) -> Map:
        return find_map(self.request.map)

    def _connect(self) -> None:
        plot = self.plot
        self._connect_view(plot)
        plot.hovered.connect(self._show_readout)
        plot.left.connect(lambda: plot.set_readout(None))
        plot.handle_moved.connect(lambda u, v: self._set_start(self._point(u, v)))
        plot.point_picked.connect(lambda u, v: self.add_orbit(self._point(u, v)))
        plot.view_changed.connect(lambda _: self._draw_overlay())
        self.table.chosen.connect(self._select)
        self.panel.styled.connect(self._restyle)
        self.panel.pinned.connect(self.pin_start)
        self.panel.unpinned.connect(self.unpin_starts)

    def _point(self, u: float, v: float) -> Point:
        view = self.plot.grid.viewport
        return float(view.x_at(u)), float(view.y_at(v))

    # --- requests ---

    def _set_request(self, request: PhasePlaneRequest) -> None:
        """Set the request, and request its frames at the next refresh of the screen."""
        self.request = request
        self.panel.show_request(request, self.longest)
        self._history.pass_by(request.grid.viewport)
        self._request_throttle.throttle()
        self.changed.emit()

    def _queue_requests(self) -> None:
        self.slots.submit(requests.orbits(self.request, (self.start, *self.pins)))
        self.request = self.slots.submit(self.request)
        self.slots.submit(requests.cycles(self.request, self.longest))

    def _show_grid(self, grid: Grid) -> None:
        self._set_request(replace(self.request, grid=grid))

    def _apply(self, name: str, value: Any) -> None:
        if name == "map":
            self._choose_map(value)
        elif name in ("start_x", "start_y"):
            x, y = self.start
            requests.orbits(self.request, [(value, y) if name == "start_x" else (x, value)])  # raises ValueError for an invalid one
            self._set_start((value, y) if name == "start_x" else (x, value))
        elif name == "longest":
            requests.cycles(self.request, value)  # raises ValueError
            self.longest = value
            self._set_request(self.request)
        else:
            self._set_request(replace(self.request, **{name: value}))

    def _choose_map(self, name: str) -> None:
        chosen = find_map(name)
        if not chosen.is_plane:
            self.line_wanted.emit(name)
            return
        self.show_map(chosen, dict(initial_parameters(dict(self.request.parameters), chosen)))

    def show_map(self, chosen: Map, parameters: Mapping[str, float]) -> None:
        """Show another map of the plane, with these parameters, over its first view."""
        r = self.request
        grid = Grid(requests.home(chosen), *self.plot.grid_size)
        transient = requests.usual_transient(chosen)
        request = requests.request_for(chosen, tuple(parameters.items()), grid, r.starts, r.steps, transient)
        self.start, self.pins = requests.usual_start(chosen.name), ()
        self._start_map(request)

    def _start_map(self, request: PhasePlaneRequest) -> None:
        """Begin anew with a map."""
        self._stills.hold()
        self.plot.clear()
        self.plot.set_readout(None)
        self.plot.set_message(None)
        self._drop(*self.kinds)
        self.frame = self.cycles = self._selected = None
        self.table.show_cycles((), None)
        chosen = find_map(request.map)
        self.plot.set_labels(*chosen.coordinates)
        self.aside.set_names(chosen.coordinates)
        self.plot.set_viewport(request.grid.viewport)
        self._set_request(request)
        self._history.visit(request.grid.viewport)
        self._show_start()
        self._emit_status()

    def _set_parameter(self, name: str, value: float) -> None:
        self._set_request(replace(self.request, parameters=tuple((dict(self.request.parameters) | {name: value}).items())))

    def _home(self) -> Viewport:
        return requests.home(self._map)

    # --- the chosen orbits ---

    def _set_start(self, start: Point) -> None:
        self.start = start
        self._show_start()

    def _show_start(self) -> None:
        """Show the chosen initial conditions everywhere, and request their orbits."""
        self.panel.show_start(self.start, self._home())
        self._draw_overlay()
        self._request_throttle.throttle()
        self.changed.emit()

    def add_orbit(self, start: Point) -> None:
        """Follow another orbit, from `start`; the one chosen before is kept."""
        self.pin_start()
        self._set_start(start)

    def pin_start(self) -> None:
        """Keep the chosen orbit."""
        if self.start in self.pins:
            return
        if len(self.pins) == requests.MOST_KEPT:
            self._show_message(f"{requests.MOST_KEPT} orbits are kept already, which is the maximum; Shift+P removes them")
            return
        self.pins = (*self.pins, self.start)
        self._show_start()

    def unpin_starts(self) -> None:
        """Remove all kept orbits."""
        self.pins = ()
        self._show_start()

    # --- frames ---

    def show_frame(self, frame: Any) -> None:
        """Show a frame, if it answers the current request."""
        if not self.slots.accept(frame):
            return
        self._schedule_descriptions()
        if isinstance(frame, PlaneOrbitsFrame):
            self.aside.show_frame(frame)
            self._draw_points()
        elif isinstance(frame, CyclesFrame):
            self._show_cycles(frame)
        else:
            self.frame = frame
            self._stills.release()
            self.plot.set_image(frame.counts, frame.request.grid.viewport)
            self.plot.set_message(status_text.trouble(frame) or None)
            if self.slots.is_waiting():
                self._request_throttle.throttle()
        self._emit_status()

    def _show_cycles(self, frame: CyclesFrame) -> None:
        # What was found up to a longer period for the same map stays until the search comes as far.
        self.cycles = frame
        self.panel.set_legend(help_text.legend(frame, self.plot.colours))
        self.table.show_cycles(frame.cycles, self.chosen)
        self._draw_overlay()

    @property
    def chosen(self) -> int | None:
        """Index of the selected cycle; when parameters change, the nearest one of its period."""
        if self._selected is None or self.cycles is None:
            return None
        (x, y), period = self._selected[0], len(self._selected)
        of_period = [(n, cycle) for n, cycle in enumerate(self.cycles.cycles) if cycle.period == period]
        near = [(abs(cycle.points[0][0] - x) + abs(cycle.points[0][1] - y), n) for n, cycle in of_period]
        return min(near)[1] if near else None

    def _select(self, at: int | None) -> None:
        self._selected = None if at is None or self.cycles is None else self.cycles.cycles[at].points
        self._draw_overlay()

    def _images(self, points: Any) -> Any:
        """Points as the view has them."""
        view = self.plot.grid.viewport
        return look.images(points, (float(view.x_limits[0]), float(view.y_limits[0])), self._map.periods)

    def _draw_points(self) -> None:
        if self.aside.frame is not None:
            states = self.aside.frame.points
            orbits = [look.orbit_marks(self._images(states[n]), n) for n in range(len(states) - 1, -1, -1)]
            self.plot.set_points(orbits)

    def _draw_overlay(self) -> None:
        items = []
        if self.cycles is not None and self.cycles.request.map == self.request.map:
            listed = self.cycles.cycles
            items += [look.cycle_marks(cycle, self._images(cycle.points)) for cycle in listed[: look.MOST_MARKED]]
            if (at := self.chosen) is not None:
                items.append(look.selected_marks(self._images(listed[at].points)))
        shown = self._images((self.start, *self.pins))
        items += [look.start_marks(tuple(shown[n]), n) for n in range(len(shown) - 1, -1, -1)]
        self.plot.set_overlay(items)
        self.plot.set_handle(*shown[0])
        if any(self._map.periods):
            self._draw_points()

    def show_failure(self, request: Any, message: str) -> None:
        """Note the failure; what is shown stays, and the same request can be sent again."""
        self.slots.fail(request)
        self._stills.release()
        self._schedule_descriptions()

    def _picture_status(self) -> Status | None:
        if self.frame is None:
            return None
        return status_text.status(self.frame, self.cycles, self.slots.is_running(PhasePlaneRequest))

    def _show_readout(self, u: float, v: float) -> None:
        lines = [status_text.place(self.plot.grid, self._map.coordinates, u, v)]
        frame = self.frame
        if frame is not None and frame.request is self.request:
            rows, columns = frame.counts.shape
            visits = int(frame.counts[min(int((1 - v) * rows), rows - 1), min(int(u * columns), columns - 1)])
            lines.append(f"{visits} visit{'' if visits == 1 else 's'}")
        self.plot.set_readout(lines)

    # --- colours ---

    def _restyle(self, name: str, value: str) -> None:
        self.set_style(**({"colour_map": self.plot.colour_map, "tone": self.plot.tone} | {name: value}))
        self.styled.emit(self.plot.colour_map, self.plot.tone)
        self.changed.emit()

    def set_style(self, colour_map: str, tone: str) -> None:
        """Draw with this colour map and tone; no orbit is computed."""
        self.plot.set_colour_map(colour_map)
        self.plot.set_tone(tone)
        self.panel.set_style(colour_map=colour_map, tone=tone)

    def set_theme(self, colours: Colours) -> None:
        """Draw in these colours."""
        self.plot.set_theme(colours)
        self.aside.set_theme(colours)
        self.table.colours = colours
        if self.cycles is not None:
            self._show_cycles(self.cycles)

    # --- menus and sessions ---

    def keys(self) -> dict[str, str]:
        """Keys and mouse actions."""
        return status_text.KEYS

    def session(self, session: Session) -> Session:
        """`session` with the current fixed-points table."""
        table = session.fixed_points.with_request(self.request, (self.request.grid.columns, self.request.grid.rows))
        style = {"colour_map": self.plot.colour_map, "tone": self.plot.tone}
        chosen = {"start": self.start, "pins": self.pins, "longest_period": self.longest, "ranges": self.panel.parameters.ranges}
        return session.with_table(replace(table, **style, **chosen))

    def restore(self, session: Session) -> None:
        """Restore the tab from the session's table."""
        table = session.fixed_points
        request = table.request(self.plot.grid_size)
        self.start = requests.usual_start(table.map) if table.start is None else table.start
        self.pins, self.longest = table.pins, table.longest_period
        self.set_style(table.colour_map or self.plot.colour_map, table.tone or self.plot.tone)
        if request.map != self.request.map or self.frame is None:
            self._start_map(request)
        elif request != self.request:
            self.plot.set_viewport(request.grid.viewport)
        self._set_request(request)
        self.panel.parameters.set_ranges(table.ranges)
        self._show_start()

    def export_request(self) -> PhasePlaneRequest:
        """The request of the picture."""
        return self.request

    def image(self) -> QImage | None:
        """The plot with axes as on the screen."""
        return picture_of(self.plot) if self.frame is not None else None

    def descriptions(self) -> dict[str, str]:
        """Accessible descriptions."""
        return help_text.descriptions(self.request, self.frame, self.cycles, self.aside.frame)
