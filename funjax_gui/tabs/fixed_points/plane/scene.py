"""What the phase plane shows: density or basins, cycles and chosen orbits over them, and the table of cycles."""

from typing import Any

import numpy as np
from PySide6.QtCore import QObject

from funjax_gui.figures import phase_plane as look
from funjax_gui.figures import plane_basins
from funjax_gui.formulas import find_map
from funjax_gui.plots import PhasePlot
from funjax_gui.style import DARK, Colours
from funjax_gui.tabs.base import Status
from funjax_gui.tabs.fixed_points.plane import status_text
from funjax_gui.tabs.fixed_points.plane.cycle_table import CycleTable
from kernels.maps import Map
from kernels.phase_plane import CyclesFrame, ManifoldsFrame, PhasePlaneFrame, PlaneBasinsFrame, PlaneOrbitsFrame, Point


class Scene(QObject):
    """The plot and the table, which the tab lays out, and the frames that they show."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.plot, self.table = PhasePlot(), CycleTable()
        self.frame: PhasePlaneFrame | None = None
        self.basins: PlaneBasinsFrame | None = None
        self.cycles: CyclesFrame | None = None
        self.manifolds: ManifoldsFrame | None = None
        self.orbits: PlaneOrbitsFrame | None = None
        self.shown: tuple[str, ...] = ("orbits",)
        self._map: Map = find_map("henon")
        self._starts: tuple[Point, ...] = ()
        self._selected: tuple[Point, ...] | None = None
        self._colours: Colours = DARK
        self.plot.hovered.connect(self._show_readout)
        self.plot.left.connect(lambda: self.plot.set_readout(None))
        self.plot.view_changed.connect(lambda _: self._follow_view())
        self.table.chosen.connect(self._select)

    def clear(self, chosen: Map) -> None:
        """Clear everything before another map is shown."""
        self.plot.clear()
        self.plot.set_message(None)
        self.frame = self.basins = self.manifolds = self.cycles = self.orbits = self._selected = None
        self.table.show_cycles((), None)
        self._map = chosen
        x, y = chosen.coordinates
        self.plot.set_labels(x, y)

    def set_theme(self, colours: Colours) -> None:
        """Draw in these colours."""
        self._colours = self.table.colours = colours
        self.plot.set_theme(colours)
        self.paint()
        if self.cycles is not None:
            self.show_cycles(self.cycles)

    def show_as(self, shown: tuple[str, ...]) -> None:
        """Show density, basins, manifolds, or several of them."""
        self.shown = shown
        self.frame = self.frame if "orbits" in shown else None
        self.basins = self.basins if "basins" in shown else None
        self.manifolds = self.manifolds if "manifolds" in shown else None
        self._draw_lines()
        self.paint()

    def show_picture(self, frame: PhasePlaneFrame | PlaneBasinsFrame) -> None:
        """Show a frame of the density or of the basins."""
        if isinstance(frame, PlaneBasinsFrame):
            self.basins = frame
        else:
            self.frame = frame
        self.paint()

    def paint(self) -> None:
        """Show the density of the orbits, or the basins, with the orbits' pixels over them if wanted."""
        frame, basins = self.frame, self.basins
        if self.shown == ("manifolds",):
            ground = np.full((1, 1), int(self._colours.background.lstrip("#"), 16) | 0xFF000000, np.uint32)
            self.plot.set_pixels(ground, self.plot.grid.viewport)
            self.plot.set_message(None)
        elif "basins" not in self.shown:
            if frame is not None and frame.owners is not None:
                self.plot.set_pixels(look.orbit_pixels(frame, self._colours), frame.request.grid.viewport)
            elif frame is not None:
                self.plot.set_image(frame.counts, frame.request.grid.viewport)
            if frame is not None:
                self.plot.set_message(status_text.trouble(frame) or None)
        elif basins is not None:
            grid = basins.request.grid
            counts = frame.counts if frame is not None and frame.request.grid == grid else None
            self.plot.set_pixels(plane_basins.pixels(basins, self._colours, counts), grid.viewport)
            self.plot.set_message(None)

    def show_cycles(self, frame: CyclesFrame) -> None:
        """List and mark these cycles."""
        self.cycles = frame
        self.table.show_cycles(frame.cycles, self.chosen)
        self._draw_overlay()

    def show_manifolds(self, frame: ManifoldsFrame) -> None:
        """Draw these manifolds and their crossings."""
        self.manifolds = frame
        self._draw_lines()

    def show_orbits(self, frame: PlaneOrbitsFrame) -> None:
        """Draw the chosen orbits."""
        self.orbits = frame
        self._draw_points()

    def set_starts(self, starts: tuple[Point, ...]) -> None:
        """Mark these initial conditions, the first of which can be dragged."""
        self._starts = starts
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

    def status(self, running: bool) -> Status | None:
        """Status of the picture; None where there is none."""
        if self.basins is not None:
            return status_text.basins(self.basins, self.cycles, running)
        if self.frame is not None:
            return status_text.status(self.frame, self.cycles, running)
        return status_text.manifolds(self.manifolds, self.cycles, running) if self.manifolds is not None else None

    def _select(self, at: int | None) -> None:
        self._selected = None if at is None or self.cycles is None else self.cycles.cycles[at].points
        self._draw_overlay()

    def _images(self, points: Any) -> Any:
        """Points as the view has them."""
        view = self.plot.grid.viewport
        return look.images(points, (float(view.x_limits[0]), float(view.y_limits[0])), self._map.periods)

    def _follow_view(self) -> None:
        self._draw_overlay()
        if any(self._map.periods):
            self._draw_points()
            self._draw_lines()

    def _draw_lines(self) -> None:
        frame = self.manifolds
        self.plot.set_lines(look.manifold_items(frame, self.plot.grid.viewport, self._map.periods) if frame is not None else ())

    def _draw_points(self) -> None:
        if self.orbits is not None:
            states = self.orbits.points
            self.plot.set_points([look.orbit_marks(self._images(states[n]), n) for n in range(len(states) - 1, -1, -1)])

    def _draw_overlay(self) -> None:
        items = look.cycles_items(self.cycles, self._images)
        if self.cycles is not None and (at := self.chosen) is not None:
            items.append(look.selected_marks(self._images(self.cycles.cycles[at].points)))
        if self._starts:
            shown = self._images(self._starts)
            items += [look.start_marks(tuple(shown[n]), n) for n in range(len(shown) - 1, -1, -1)]
            self.plot.set_handle(*shown[0])
        self.plot.set_overlay(items)

    def _show_readout(self, u: float, v: float) -> None:
        grid = self.plot.grid
        lines = [status_text.place(grid, self._map.coordinates, u, v)]
        row, column = min(int((1 - v) * grid.rows), grid.rows - 1), min(int(u * grid.columns), grid.columns - 1)
        if self.frame is not None and self.frame.request.grid == grid:
            visits = int(self.frame.counts[row, column])
            lines.append(f"{visits} visit{'' if visits == 1 else 's'}")
        if self.basins is not None and self.basins.request.grid == grid:
            lines.append(status_text.pixel(self.basins, row, column))
        self.plot.set_readout(lines)
