"""The tab of the fixed-point explorer: of a map of the line with its cobweb, of a map of the plane with its phase plane."""

from collections.abc import Mapping
from typing import Any

from PySide6.QtGui import QAction, QImage
from PySide6.QtWidgets import QWidget

from funjax_gui.formulas import find_map
from funjax_gui.plots import PhasePlot, StartsPlot
from funjax_gui.sessions import Session
from funjax_gui.style import Colours
from funjax_gui.tabs.base import Status
from funjax_gui.tabs.fixed_points.line_tab import LineTab
from funjax_gui.tabs.fixed_points.plane.tab import PlaneTab


class FixedPointsTab(LineTab):
    """The explorer. It shows maps of the line itself; a PlaneTab, made when it is first needed, covers it for maps of the plane."""

    kinds = (*LineTab.kinds, *PlaneTab.kinds)

    plane: PlaneTab | None = None
    """The phase plane, once a map of the plane was chosen."""
    is_plane = False
    """Whether it is shown."""
    _colours: Colours | None = None
    _style: tuple[str, str] | None = None

    @property
    def _shown(self) -> PlaneTab | None:
        """The phase plane while it is shown."""
        return self.plane if self.is_plane else None

    @property
    def plot(self) -> StartsPlot | PhasePlot:
        """The main plot that is shown."""
        return self._shown.plot if self._shown else self.picture.plot

    def _show_plane(self, map_name: str) -> PlaneTab:
        """Show the phase plane, made for that map if there is none yet."""
        if self.plane is None:
            self.plane = plane = PlaneTab(map_name)
            for signal in ("requested", "cancelled", "status_changed", "carried", "styled", "changed"):
                getattr(plane, signal).connect(getattr(self, signal))
            plane.line_wanted.connect(self._choose_line)
            if self._style is not None:
                plane.set_style(*self._style)
            if self._colours is not None:
                plane.set_theme(self._colours)
            layout = self.layout()
            assert layout is not None
            layout.addWidget(plane)
        self._turn(True)
        return self.plane

    def _turn(self, is_plane: bool) -> None:
        """Show the phase plane, or the explorer of the line."""
        if is_plane == self.is_plane or self.plane is None:
            return
        if is_plane:
            self._drop(*LineTab.kinds)
        else:
            self.plane.end_changes()
            self.plane.stop()
        layout = self.layout()
        assert layout is not None
        parts = [item.widget() for at in range(layout.count()) if (item := layout.itemAt(at)) is not None]
        self.is_plane = is_plane
        for part in parts:
            if isinstance(part, QWidget):
                part.setVisible((part is self.plane) == is_plane)
        self.actions_changed.emit()

    def _choose_line(self, name: str) -> None:
        """Show a map of the line, chosen in the phase plane."""
        self._turn(False)
        super()._apply("map", name)

    def _apply(self, name: str, value: Any) -> None:
        if name == "map" and (chosen := find_map(value)).is_plane:
            self._show_plane(value).show_map(chosen, {})
            self.panel.control("map").set_value(self.request.map)  # that of the line which comes back
        else:
            super()._apply(name, value)

    def _emit_requests(self) -> None:
        if not self.is_plane:
            super()._emit_requests()

    def _emit_status(self) -> None:
        if not self.is_plane:
            super()._emit_status()

    # --- what the shown one does ---

    @property
    def is_changing(self) -> bool:
        """Whether a change is under way in the panel that is shown."""
        return self._shown.is_changing if self._shown else super().is_changing

    def end_changes(self) -> None:
        """Stop sliders that are played."""
        self._shown.end_changes() if self._shown else super().end_changes()

    def view_actions(self) -> list[QAction | None]:
        """Actions of the View menu."""
        return self._shown.view_actions() if self._shown else super().view_actions()

    def first_requests(self, size: tuple[int, int]) -> list[Any]:
        """The current requests, unless they were sent."""
        return self._shown.first_requests(size) if self._shown else super().first_requests(size)

    def show_frame(self, frame: Any) -> None:
        """Show a frame, if it answers the current request of what is shown."""
        if isinstance(frame.request, PlaneTab.kinds):
            if self._shown:
                self._shown.show_frame(frame)
        elif not self.is_plane:
            super().show_frame(frame)

    def show_failure(self, request: Any, message: str) -> None:
        """Note the failure."""
        if not isinstance(request, PlaneTab.kinds):
            super().show_failure(request, message)
        elif self.plane is not None:
            self.plane.show_failure(request, message)

    def stop(self) -> None:
        """Stop sliders that are played; where there is none, cancel the computation."""
        self._shown.stop() if self._shown else super().stop()

    def recompute(self) -> None:
        """Compute the current requests again."""
        self._shown.recompute() if self._shown else super().recompute()

    def go_home(self) -> None:
        """Show the whole picture."""
        self._shown.go_home() if self._shown else super().go_home()

    def status(self) -> Status:
        """Status of what is shown."""
        return self._shown.status() if self._shown else super().status()

    def keys(self) -> dict[str, str]:
        """Keys and mouse actions."""
        return self._shown.keys() if self._shown else super().keys()

    def set_theme(self, colours: Colours) -> None:
        """Draw in these colours."""
        self._colours = colours
        super().set_theme(colours)
        if self.plane is not None:
            self.plane.set_theme(colours)

    def set_style(self, colour_map: str, tone: str) -> None:
        """Draw with this colour map and tone."""
        self._style = colour_map, tone
        if self.plane is not None:
            self.plane.set_style(colour_map, tone)

    def session(self, session: Session) -> Session:
        """`session` with the current fixed-points table."""
        return self._shown.session(session) if self._shown else super().session(session)

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
        if not self.is_plane:
            super().resume(session)

    def receive(self, map_name: str, parameters: Mapping[str, float]) -> None:
        """Show a map with these parameters over its usual range."""
        if (chosen := find_map(map_name)).is_plane:
            self._show_plane(map_name).show_map(chosen, parameters)
        else:
            self._turn(False)
            super().receive(map_name, parameters)

    def export_request(self) -> Any:
        """The request of the main picture."""
        return self._shown.export_request() if self._shown else super().export_request()

    def image(self) -> QImage | None:
        """The plot with axes as on the screen."""
        return self._shown.image() if self._shown else super().image()

    def descriptions(self) -> dict[str, str]:
        """Accessible descriptions."""
        return self._shown.descriptions() if self._shown else super().descriptions()
