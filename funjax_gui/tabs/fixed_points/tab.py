"""The tab of the fixed-point explorer: of a map of the line with its cobweb, of a map of the plane with its phase plane."""

from collections.abc import Mapping
from typing import Any

from funjax_gui.formulas import find_map
from funjax_gui.plots import PhasePlot, StartsPlot
from funjax_gui.sessions import Session
from funjax_gui.tabs.covered import CoveredTab
from funjax_gui.tabs.fixed_points.line_tab import LineTab
from funjax_gui.tabs.fixed_points.plane.tab import PlaneTab


class FixedPointsTab(CoveredTab[PlaneTab], LineTab):
    """The explorer. It shows maps of the line itself; a PlaneTab, made when it is first needed, covers it for maps of the plane."""

    kinds = (*LineTab.kinds, *PlaneTab.kinds)

    _style: tuple[str, str] | None = None

    @property
    def plot(self) -> StartsPlot | PhasePlot:
        """The main plot that is shown."""
        return self._shown.plot if self._shown else self.picture.plot

    def _show_plane(self, map_name: str) -> PlaneTab:
        """Show the phase plane, made for that map if there is none yet."""
        plane = self.cover
        if plane is None:
            plane = PlaneTab(map_name)
            plane.line_wanted.connect(self._choose_line)
            if self._style is not None:
                plane.set_style(*self._style)
            self._cover_with(plane)
        self._turn(True)
        return plane

    def _choose_line(self, name: str) -> None:
        """Show a map of the line, chosen in the phase plane."""
        self._turn(False)
        super()._apply("map", name)

    def _apply(self, name: str, value: Any) -> None:
        if name == "map" and (chosen := find_map(value)).is_plane:
            is_new = self.cover is None
            plane = self._show_plane(value)
            if not is_new:  # a new one shows that map already
                plane.show_map(chosen, {})
            self.panel.control("map").set_value(self.request.map)  # that of the line which comes back
        else:
            super()._apply(name, value)

    def set_style(self, colour_map: str, tone: str) -> None:
        """Draw with this colour map and tone."""
        self._style = colour_map, tone
        if self.cover is not None:
            self.cover.set_style(colour_map, tone)

    def restore(self, session: Session) -> None:
        """Restore the tab from the session's table."""
        table = session.fixed_points
        if table.is_plane:
            self._show_plane(table.map).restore(session)
        else:
            self._turn(False)
            super().restore(session)

    def resume(self, session: Session) -> None:
        """Show the step of the cobweb given in the session."""
        if not self.is_covered:
            super().resume(session)

    def receive(self, map_name: str, parameters: Mapping[str, float], start: float | None = None) -> None:
        """Show a map with these parameters over its usual range."""
        if (chosen := find_map(map_name)).is_plane:
            self._show_plane(map_name).show_map(chosen, parameters)
        else:
            self._turn(False)
            super().receive(map_name, parameters, start)
