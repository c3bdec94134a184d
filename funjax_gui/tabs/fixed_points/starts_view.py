"""The view of a frame: final states over basins, the table of orbits, and the notes of the search."""

from typing import Any

import numpy as np
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QLabel

from funjax_gui.figures import Bands
from funjax_gui.figures import starts as starts_look
from funjax_gui.plots import StartsPlot
from funjax_gui.style import DARK, Colours
from funjax_gui.tabs.fixed_points import status_text
from funjax_gui.tabs.fixed_points.orbit_table import OrbitTable
from kernels.fixed_point import AT_ONCE, FixedPointFrame

DIVIDED = 0.6
"""Progress from which frames contain the basins."""


class Picture(QObject):
    """Plot, table and note, which the tab lays out. The selected orbit is marked in all of them."""

    selected = Signal()
    """The user has changed the selected orbit."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.plot, self.table, self.note = StartsPlot(), OrbitTable(), QLabel()
        self.frame: FixedPointFrame | None = None
        self._points: tuple[float, ...] | None = None
        self._pins: tuple[float, ...] = ()
        self._overlaid: Any = None
        self._colours: Colours = DARK
        self.note.setProperty("role", "quiet")
        self.note.setWordWrap(True)
        self.note.setContentsMargins(12, 4, 12, 6)
        self.note.hide()
        self.plot.hovered.connect(self._show_readout)
        self.plot.view_changed.connect(lambda _: self._excuse())
        self.plot.left.connect(lambda: self.plot.set_readout(None))
        self.table.chosen.connect(self._select)

    def clear(self) -> None:
        """Clear everything before another map is shown."""
        self.frame = self._points = None
        self.plot.set_points(())
        self.plot.set_bands(Bands(()))
        self.plot.set_readout(None)
        self.plot.set_overlay(())
        self._overlaid = None
        self.plot.set_message(None)
        self.table.empty()
        self.note.hide()

    def takes(self, frame: FixedPointFrame) -> bool:
        """Whether a frame is to be shown: not where the one with its basins follows at once."""
        return frame.progress >= DIVIDED or frame.seconds >= AT_ONCE or self.frame is None

    def show_frame(self, frame: FixedPointFrame) -> None:
        """Show a frame. The previous basins stay until the new ones are known."""
        self.frame, before = frame, self.frame
        self._draw(before is not None and before.request is frame.request and _same_starts(before, frame))

    def set_pins(self, pins: tuple[float, ...]) -> None:
        """Mark these initial conditions."""
        self._pins = pins
        self._draw_overlay()

    def set_theme(self, colours: Colours) -> None:
        """Draw in these colours."""
        self._colours = self.table.colours = colours
        self.plot.set_theme(colours)
        self._draw()

    @property
    def chosen(self) -> int | None:
        """Index of the selected orbit; when parameters change, the nearest orbit of its period."""
        if self._points is None or self.frame is None:
            return None
        x, period = self._points[0], len(self._points)
        near = [(abs(orbit.x - x), n) for n, orbit in enumerate(self.frame.orbits) if orbit.period == period]
        return min(near)[1] if near else None

    def _select(self, points: tuple[float, ...] | None) -> None:
        self._points = points
        self._draw()
        self.selected.emit()

    def _draw(self, same_starts: bool = False) -> None:
        frame, chosen = self.frame, self.chosen
        if frame is None:
            return
        if chosen is not None:
            self._points = frame.orbits[chosen].points
        if not same_starts:
            self.plot.set_points(starts_look.final_marks(frame, self._colours))
        if frame.basins or frame.progress >= DIVIDED:
            self.plot.set_bands(starts_look.basin_bands(frame, self._colours, chosen))
        self.table.show_frame(frame, chosen)
        note = frame.search_note or status_text.nothing_found(frame)
        self.note.setText(note)
        self.note.setVisible(bool(note))
        self._draw_overlay()
        self._excuse()

    def _excuse(self) -> None:
        """Show the message of an empty plot."""
        if self.frame is not None:
            low, high = self.plot.grid.viewport.y_limits
            why = status_text.trouble(self.frame, (float(low), float(high)))
            self.plot.set_message(why or status_text.unsettled(self.frame), low=not why)

    def _draw_overlay(self) -> None:
        """Draw what lies over the final states, unless it is there: the last frame of a request seldom changes it."""
        orbits, chosen = self.frame.orbits if self.frame is not None else (), self.chosen
        marked = [*range(len(self.frame.fixed_points) if self.frame is not None else 0), *([] if chosen is None else [chosen])]
        looks = [(orbits[n], starts_look.orbit_colour(n, orbits, self._colours)) for n in marked]
        if (shown := (looks, chosen, self._pins)) != self._overlaid:
            self._overlaid = shown
            self.plot.set_overlay(starts_look.chosen_items(self.frame, self._colours, self._pins, chosen))

    def _show_readout(self, u: float, v: float) -> None:
        frame = self.frame
        if frame is not None and len(frame.starts):
            x = float(self.plot.grid.viewport.x_at(u))
            self.plot.set_readout(status_text.readout(frame, int(np.argmin(np.abs(frame.starts - x)))))


def _same_starts(one: FixedPointFrame, other: FixedPointFrame) -> bool:
    """Whether the initial conditions, their outcomes and colours are unchanged."""
    same = len(one.starts) == len(other.starts) and np.array_equal(one.outcomes, other.outcomes)
    return same and np.array_equal(one.attractor, other.attractor) and starts_look.ranks(one.orbits) == starts_look.ranks(other.orbits)
