"""The bifurcation tab: the diagram of one parameter, and the plane of two."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from funjax_gui.formulas import find_map
from funjax_gui.plots import ImagePlot
from funjax_gui.sessions import Session
from funjax_gui.tabs.bifurcation import edits
from funjax_gui.tabs.bifurcation.diagram_tab import DiagramTab
from funjax_gui.tabs.bifurcation.parameter_plane import first_request, with_line
from funjax_gui.tabs.bifurcation.parameter_plane.tab import ParameterPlaneTab
from funjax_gui.tabs.covered import CoveredTab
from kernels.geometry import decimal
from kernels.parameters import Line
from kernels.skeleton import CurvesRequest
from kernels.two_parameters import TwoParametersRequest


class BifurcationTab(CoveredTab[ParameterPlaneTab], DiagramTab):
    """The diagram; a ParameterPlaneTab, made when it is first needed, covers it while a second parameter is swept."""

    kinds = (*DiagramTab.kinds, TwoParametersRequest, CurvesRequest)
    urgent_alone = True

    def __init__(self) -> None:
        super().__init__()
        self.panel.plane_wanted.connect(self._return_to_plane)

    @property
    def plot(self) -> ImagePlot:
        """The main plot that is shown."""
        return self._shown.plot if self._shown else self._diagram

    def _show_plane(self, request: TwoParametersRequest) -> ParameterPlaneTab:
        """Show the plane of two parameters, made for that request if there is none yet."""
        plane = self.cover
        if plane is None:
            plane = ParameterPlaneTab(request)
            plane.diagram_wanted.connect(self._show_diagram)
            plane.line_wanted.connect(self.show_line)
            self._cover_with(plane)
        self._turn(True)
        return plane

    def _apply(self, name: str, value: Any) -> None:
        if name != "and_sweep":
            super()._apply(name, value)
        elif value:
            r = self.request
            held = tuple((dict(r.parameters) | (r.at(0.5) if r.line else {})).items())
            request = first_request(find_map(r.map), r.sweep, value, held, self._diagram.grid_size, r.start)
            self._show_plane(request).start(request)
            self.panel.control("and_sweep").set_value(r.and_sweep)
        elif self.request.line:
            self._leave_line()

    def _show_diagram(self, map_name: str, sweep: str, held: Mapping[str, float]) -> None:
        """Show the diagram of one parameter, at the values of a pinned point, and pin its column."""
        self._turn(False)
        chosen = find_map(map_name)
        request = edits.with_map(self.request, chosen, sweep, held)
        self._start_map(edits.with_sweep(request, sweep))
        if sweep in held:
            self._set_pin(decimal(float(held[sweep])))

    def show_line(self, line: Line) -> None:
        """Show the diagram along a line in the plane of two parameters."""
        if self.cover is not None:
            request = edits.along(self.cover.request, line, self.request)
            self._turn(False)
            self._start_map(request)

    def _leave_line(self) -> None:
        """Show the diagram of the first parameter alone, at the second one's value in the middle of the line, which is pinned."""
        middle = self.request.at(0.5)[self.request.sweep]
        self._start_map(edits.with_sweep(self.request, self.request.sweep))
        self._set_pin(decimal(middle))

    def _return_to_plane(self) -> None:
        """Show the plane that the line lies in: as it was, if it was that of this map and these parameters, else all of it."""
        r, plane = self.request, self.cover
        if plane is not None and (plane.request.map, plane.request.axes) == (r.map, r.swept):
            self._show_plane(plane.request).return_to(replace(plane.request, parameters=r.parameters, start=r.start), r.line)
            return
        sweep, and_sweep = r.swept
        request = first_request(find_map(r.map), sweep, and_sweep, r.parameters, self._diagram.grid_size, r.start)
        request = replace(request, grid=replace(request.grid, viewport=with_line(request.grid.viewport, r.line)))
        plane = self._show_plane(request)
        plane.start(request)
        plane.return_to(request, r.line)

    def restore(self, session: Session) -> None:
        """Restore the tab from the session's table."""
        table = session.bifurcation
        if table.is_plane:
            self._show_plane(table.request((1, 1))).restore(session)
        else:
            self._turn(False)
            super().restore(session)

    def receive(self, map_name: str, parameters: Mapping[str, float], start: float | None = None) -> None:
        """Show the diagram of a map, and pin the column of these parameters."""
        self._turn(False)
        super().receive(map_name, parameters, start)
