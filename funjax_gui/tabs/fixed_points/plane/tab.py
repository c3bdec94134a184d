"""The phase plane of the fixed-point explorer: holds its requests and shows the frames, while a map of the plane is chosen."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, ClassVar

from PySide6.QtCore import Signal
from PySide6.QtGui import QImage

from funjax_gui.figures import plane_basins
from funjax_gui.formulas import find_map, initial_parameters
from funjax_gui.plots import PhasePlot, picture_of
from funjax_gui.sessions import Session
from funjax_gui.style import Colours, scaled
from funjax_gui.tabs.base import Status, named
from funjax_gui.tabs.fixed_points.plane import help_text, manifolds, requests, status_text
from funjax_gui.tabs.fixed_points.plane.menu import view_actions
from funjax_gui.tabs.fixed_points.plane.orbit_plots import OrbitPlots
from funjax_gui.tabs.fixed_points.plane.panel import PlanePanel
from funjax_gui.tabs.fixed_points.plane.scene import Scene
from funjax_gui.tabs.fixed_points.starts_tab import StartsTab
from funjax_gui.tabs.request_slots import RequestSlots
from kernels.geometry import Grid, Viewport
from kernels.maps import Map
from kernels.phase_plane import (
    CyclesFrame,
    CyclesRequest,
    ManifoldsFrame,
    ManifoldsRequest,
    OrbitNumbersFrame,
    OrbitNumbersRequest,
    PhasePlaneRequest,
    PlaneBasinsRequest,
    PlaneOrbitsFrame,
    PlaneOrbitsRequest,
    Point,
    SpectrumFrame,
    SpectrumRequest,
)

PATIENCE = 0.25
"""Seconds that a request may take to its first frame while the next one waits; otherwise a drag would show none until it ends."""


class PlaneTab(StartsTab):
    """Density of orbits with cycles and chosen orbits on it, the table of cycles, and the coordinates of the chosen orbits."""

    kinds: ClassVar[tuple[type, ...]] = (
        *(PhasePlaneRequest, CyclesRequest, PlaneOrbitsRequest),
        *(PlaneBasinsRequest, ManifoldsRequest, SpectrumRequest, OrbitNumbersRequest),
    )
    principal = kinds[:3]
    line_wanted = Signal(str)
    """The name or formula of a map of the line was chosen."""
    most_kept, kept = requests.MOST_KEPT, "orbits"
    start: Point
    panel: PlanePanel

    def __init__(self, first: str) -> None:
        super().__init__()
        self.panel, self.scene, self.aside = PlanePanel(), Scene(self), OrbitPlots()
        self.table = self.scene.table
        chosen = find_map(first)
        grid = Grid(requests.home(chosen), *self.scene.plot.grid_size)
        self.request = requests.first_request(chosen, (), grid, requests.STARTS, requests.STEPS)
        self.start, self.pins = requests.usual_start(first), ()
        self.longest = requests.LONGEST_USUAL
        self.manifold_length: float | None = None
        self.manifold_period = 1
        self.slots = RequestSlots(
            (*PlaneTab.kinds[2:3], PhasePlaneRequest, PlaneBasinsRequest, ManifoldsRequest, CyclesRequest, *PlaneTab.kinds[5:]),
            dict.fromkeys((PhasePlaneRequest, PlaneBasinsRequest, ManifoldsRequest, CyclesRequest), PATIENCE),
        )
        self.table.setMinimumHeight(scaled(90))
        self._lay_out(self.plot, self.table, (640, 170), self.aside, 330)
        first_plot, second_plot = self.aside.plots
        coordinates = {"first_coordinate": first_plot, "second_coordinate": second_plot}
        named(phase_plane=self.plot, cycles=self.table, **coordinates, dimensions=self.aside.fits)
        self._explain(help_text.EXPLAINED)
        self._actions = view_actions(self, self.aside, self.pin_start, self.unpin_starts, self.table.copy, self.carry)
        self._connect()
        self._start_map(self.request)

    pins: tuple[Point, ...]

    @property
    def plot(self) -> PhasePlot:
        """The phase plane."""
        return self.scene.plot

    @property
    def _map(self) -> Map:
        return find_map(self.request.map)

    def _connect(self) -> None:
        plot = self.plot
        self._connect_view(plot)
        plot.handle_moved.connect(lambda u, v: self._set_start(self._point(u, v)))
        plot.point_picked.connect(lambda u, v: self.add_orbit(self._point(u, v)))
        self.panel.styled.connect(self._restyle)
        self.panel.pinned.connect(self.pin_start)
        self.panel.unpinned.connect(self.unpin_starts)
        self.panel.carried.connect(self.carry)

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
        self.slots.submit(requests.spectrum(self.request, self.start))
        if "orbits" in self.scene.shown:
            self.request = self.slots.submit(self.request)
        if "basins" in self.scene.shown:
            self.slots.submit(requests.basins(self.request))
        if "manifolds" in self.scene.shown:
            self.slots.submit(requests.manifolds(self.request, self.manifold_length, self.manifold_period))
        self.slots.submit(requests.cycles(self.request, self.longest))
        self.slots.submit(requests.numbers(self.request, self.start))

    def _show_grid(self, grid: Grid) -> None:
        self._set_request(replace(self.request, grid=grid))

    def _apply(self, name: str, value: Any) -> None:
        if name == "map":
            self._choose_map(value)
        elif name in ("start_x", "start_y"):
            x, y = self.start
            requests.orbits(self.request, [(value, y) if name == "start_x" else (x, value)])  # raises ValueError for an invalid one
            self._set_start((value, y) if name == "start_x" else (x, value))
        elif name == "shown":
            pictures = tuple(value.split("+")) if value else ()
            self.show_as((*pictures, *(name for name in requests.SHOWN[2:] if name in self.scene.shown or not pictures)))
        elif name == "manifolds":
            self.show_as((*(name for name in self.scene.shown if name != "manifolds"), *(requests.SHOWN[2:] if value else ())))
        elif name in ("manifold_length", "manifold_period"):
            self._set_manifolds(**{name: value})
        elif name == "colouring":
            self._set_request(replace(self.request, by_orbit=value == "orbits"))
        elif name == "longest":
            requests.cycles(self.request, value)  # raises ValueError
            self.longest = value
            self._set_request(self.request)
        else:
            self._set_request(replace(self.request, **{name: value}))

    def _set_manifolds(self, manifold_length: float | None = None, manifold_period: int | None = None) -> None:
        """Set the length of manifolds or the longest period of their saddles. Raises ValueError of one out of range."""
        length = self.manifold_length if manifold_length is None else manifold_length
        period = manifold_period or self.manifold_period
        requests.manifolds(self.request, length, period)
        self.manifold_length, self.manifold_period = length, period
        self.panel.show_manifolds(length, period)
        self._set_request(self.request)

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
        request = requests.first_request(chosen, tuple(parameters.items()), grid, r.starts, r.steps)
        self.start, self.pins, self.manifold_length = requests.usual_start(chosen.name), (), None
        self._start_map(request)

    def _start_map(self, request: PhasePlaneRequest) -> None:
        """Begin anew with a map."""
        self._stills.hold()
        self._drop(*self.kinds)
        chosen = find_map(request.map)
        self.scene.clear(chosen)
        self.panel.numbers.setText("")
        self.panel.basins.setText("")
        self.panel.manifolds.legend.setText("")
        self.aside.begin(chosen.coordinates)
        self.plot.set_viewport(request.grid.viewport)
        self.request = request
        self.show_as(self.scene.shown)
        self._set_request(request)
        self.panel.show_manifolds(self.manifold_length, self.manifold_period)
        self._history.visit(request.grid.viewport)
        self._show_start()
        self._emit_status()

    def show_as(self, shown: tuple[str, ...]) -> None:
        """Show orbits, basins, manifolds, or several of them; of a map that preserves areas no basins."""
        has_basins = not self._map.area_preserving
        shown = tuple(name for name in shown if has_basins or name != "basins") or requests.SHOWN[:1]
        self.panel.show_shown(shown, has_basins)
        kinds = zip(requests.SHOWN, (PhasePlaneRequest, PlaneBasinsRequest, ManifoldsRequest), strict=True)
        self._drop(*(kind for name, kind in kinds if name not in shown))
        self.scene.show_as(shown)
        self._request_throttle.throttle()
        self.changed.emit()

    def _set_parameter(self, name: str, value: float) -> None:
        self._set_request(replace(self.request, parameters=tuple((dict(self.request.parameters) | {name: value}).items())))

    def _home(self) -> Viewport:
        return requests.home(self._map)

    # --- the chosen orbits ---

    def _show_start(self) -> None:
        """Show the chosen initial conditions everywhere, and request their orbits."""
        self.panel.show_start(self.start, self._home())
        self.scene.set_starts((self.start, *self.pins))
        self._request_throttle.throttle()
        self.changed.emit()

    def add_orbit(self, start: Point) -> None:
        """Follow another orbit, from `start`; the one chosen before is kept."""
        self.pin_start()
        self._set_start(start)

    # --- frames ---

    def show_frame(self, frame: Any) -> None:
        """Show a frame, if it answers the current request."""
        if not self.slots.accept(frame):
            return
        self._schedule_descriptions()
        if isinstance(frame, PlaneOrbitsFrame):
            self.aside.show_frame(frame)
            self.scene.show_orbits(frame)
        elif isinstance(frame, CyclesFrame):
            self.scene.show_cycles(frame)
            self._write_legends()
        elif isinstance(frame, ManifoldsFrame):
            self.scene.show_manifolds(frame)
            self._stills.release()
            self._write_legends()
        elif isinstance(frame, SpectrumFrame | OrbitNumbersFrame):
            self.aside.show_numbers(frame)
            self.panel.numbers.setText("<br>".join(status_text.numbers(self.aside.spectrum, self.aside.numbers)))
        else:
            self.scene.show_picture(frame)
            self._stills.release()
            self._write_legends()
        if self.slots.is_waiting():
            self._request_throttle.throttle()
        self._emit_status()

    def _write_legends(self) -> None:
        cycles, basins, colours = self.scene.cycles, self.scene.basins, self.plot.colours
        if cycles is not None:
            self.panel.set_legend(help_text.legend(cycles, colours))
        if self.scene.manifolds is not None:
            self.panel.manifolds.legend.setText(manifolds.legend(self.scene.manifolds, colours))
        if basins is not None:
            self.panel.basins.setText(plane_basins.legend(basins, colours))

    def show_failure(self, request: Any, message: str) -> None:
        """Note the failure; what is shown stays, and the same request can be sent again."""
        self.slots.fail(request)
        self._stills.release()
        self._schedule_descriptions()

    def _picture_status(self) -> Status | None:
        return self.scene.status(self.slots.is_running(PhasePlaneRequest, PlaneBasinsRequest, ManifoldsRequest))

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
        self.scene.set_theme(colours)
        self.aside.set_theme(colours)
        self._write_legends()

    # --- menus and sessions ---

    def keys(self) -> dict[str, str]:
        """Keys and mouse actions."""
        return status_text.KEYS

    def session(self, session: Session) -> Session:
        """`session` with the current fixed-points table."""
        table = session.fixed_points.with_request(self.request, (self.request.grid.columns, self.request.grid.rows))
        style = {"colour_map": self.plot.colour_map, "tone": self.plot.tone}
        chosen = {
            "start": self.start,
            "pins": self.pins,
            "longest_period": self.longest,
            "show": self.scene.shown,
            "manifold_length": self.manifold_length,
            "manifold_period": self.manifold_period,
            "ranges": self.panel.parameters.ranges,
        }
        return session.with_table(replace(table, **style, **chosen))

    def restore(self, session: Session) -> None:
        """Restore the tab from the session's table."""
        table = session.fixed_points
        request = table.request(self.plot.grid_size)
        self.start = requests.usual_start(table.map) if table.start is None else table.start
        self.pins, self.longest = table.pins, table.longest_period
        self.manifold_length, self.manifold_period = table.manifold_length, table.manifold_period
        self.set_style(table.colour_map or self.plot.colour_map, table.tone or self.plot.tone)
        if request.map != self.request.map or self.scene.status(False) is None:
            self._start_map(request)
        elif request != self.request:
            self.plot.set_viewport(request.grid.viewport)
        self._set_request(request)
        self.panel.show_manifolds(self.manifold_length, self.manifold_period)
        self.show_as(table.show)
        self.panel.parameters.set_ranges(table.ranges)
        self._show_start()

    def carry(self) -> None:
        """Open this map with these parameters in the bifurcation diagram."""
        self.carried.emit("bifurcation", self.request.map, dict(self.request.parameters), None)

    def export_request(self) -> PhasePlaneRequest:
        """The request of the picture."""
        return self.request

    def image(self) -> QImage | None:
        """The plot with axes as on the screen."""
        return picture_of(self.plot) if self.scene.status(False) is not None else None

    def descriptions(self) -> dict[str, str]:
        """Accessible descriptions."""
        return help_text.descriptions(self.request, self.scene.frame, self.scene.cycles, self.aside.frame, self.aside.numbers)
