"""Cobweb and time series of an orbit with a common player."""

from collections.abc import Sequence

from PySide6.QtCore import QObject, Signal

from funjax_gui.figures import orbits, starts
from funjax_gui.plots import CurvePlot
from funjax_gui.style import DARK, Colours, scaled
from funjax_gui.tabs.fixed_points.player import OrbitPlayer
from kernels.cycles import PeriodicOrbit
from kernels.single_orbit import CobwebFrame


class CobwebView(QObject):
    """Cobweb, player and time series; the tab lays out these widgets."""

    start_dragged = Signal(float)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.frame: CobwebFrame | None = None
        self.cobweb, self.series, self.player = CurvePlot(), CurvePlot(), OrbitPlayer()
        self.cobweb.set_drags(True)
        self.cobweb.set_labels("x", "")
        self.series.set_labels("n", "")
        self.cobweb.setMinimumHeight(scaled(200))
        self.series.setMinimumHeight(scaled(90))
        self._orbits: tuple[PeriodicOrbit, ...] = ()
        self._selected: int | None = None
        self._colours: Colours = DARK
        self.cobweb.dragged.connect(self.start_dragged)
        self.player.moved.connect(self._draw)

    def set_theme(self, colours: Colours) -> None:
        """Draw in these colours."""
        self._colours = colours
        self.cobweb.set_theme(colours)
        self.series.set_theme(colours)
        self._draw()

    def set_orbits(self, found: Sequence[PeriodicOrbit], selected: int | None, is_drawn: bool = True) -> None:
        """Mark the periodic orbits that are fixed points of the iterate, and the selected one.

        Not `is_drawn`: with the frame that is shown next.
        """
        was_selected, before = self._selected, self._marked()
        self._orbits, self._selected = tuple(found), selected
        if is_drawn and self._marked() != before:
            self._draw_cobweb()
        if is_drawn and (selected is not None or was_selected is not None):
            self._draw_series()

    def _marked(self) -> list[tuple[PeriodicOrbit, str]]:
        """The orbits that the cobweb shows, each with its colour, and the selected one last."""
        power = self.frame.request.power if self.frame is not None else 1
        shown = [n for n, orbit in enumerate(self._orbits) if power % orbit.period == 0]
        shown += [n for n in (self._selected,) if n is not None and n < len(self._orbits)]
        return [(self._orbits[n], starts.orbit_colour(n, self._orbits, self._colours)) for n in shown]

    def show_frame(self, frame: CobwebFrame) -> None:
        """Show this orbit at the current step of the player."""
        self.frame = frame
        self.player.set_length(frame.seen)
        self._draw()

    def _draw(self) -> None:
        self._draw_cobweb()
        self._draw_series()

    def _draw_cobweb(self) -> None:
        if self.frame is not None:
            self.cobweb.show_figure(orbits.cobweb(self.frame, self.player.at, self._orbits, self._colours, self._selected, handle=True))

    def _draw_series(self) -> None:
        if self.frame is not None:
            chosen = self._selected if self._selected is not None and self._selected < len(self._orbits) else None
            self.series.show_figure(orbits.time_series(self.frame, self.player.at, None if chosen is None else self._orbits[chosen]))
