"""The cobweb, its player, and the time series beside it, in step."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from funjax_gui.figures import LATEST, Item, Marks, Polyline, near, staircase
from funjax_gui.figures import starts as starts_look
from funjax_gui.formatting import significant, subscript
from funjax_gui.plots import Curve, SketchCurvePlot
from funjax_gui.style import DARK, Colours, scaled
from funjax_gui.tabs.fixed_points.player import OrbitPlayer
from kernels.cycles import PeriodicOrbit
from kernels.single_orbit import CobwebFrame

Values = NDArray[np.float64]

SHORTEST = 12
"""Steps that the time series has room for at least."""

MOST_PIECES = 40
"""Pieces of a graph that jumps; the rest is drawn as one."""


class CobwebView(QObject):
    """Cobweb, player and time series of one orbit: widgets that the tab puts where they belong."""

    start_dragged = Signal(float)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.frame: CobwebFrame | None = None
        self.cobweb, self.series, self.player = SketchCurvePlot(), SketchCurvePlot(), OrbitPlayer()
        self.cobweb.set_drags(True)
        self.cobweb.set_labels("x", "")
        self.series.set_labels("n", "")
        self.cobweb.setMinimumHeight(scaled(180))
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

    def set_orbits(self, orbits: Sequence[PeriodicOrbit], selected: int | None) -> None:
        """Mark these fixed points and cycles, where f as it is composed has them fixed, and the selected one in any case."""
        was_selected, self._selected = self._selected, selected
        self._orbits = tuple(orbits)
        self._mark_cobweb()
        if selected is not None or was_selected is not None:
            self._mark_series()

    def show_frame(self, frame: CobwebFrame) -> None:
        """Show this orbit, at the step that the player is at."""
        self.frame = frame
        self.player.set_length(frame.seen)
        self._draw()

    def _states(self, frame: CobwebFrame) -> Values:
        """The states up to the step shown, those far away brought to the rim."""
        low, high = frame.request.states
        return near(frame.series[: self.player.at + 1], low, high)

    def _draw(self) -> None:
        if self.frame is not None:
            self._draw_cobweb(self.frame)
            self._draw_series(self.frame)
            self._mark_cobweb()
            self._mark_series()

    def _draw_cobweb(self, frame: CobwebFrame) -> None:
        low, high = frame.request.states
        ends = np.array([low, high])
        x, y = staircase(self._states(frame)[-LATEST:])
        power = frame.request.power
        last = float(frame.series[self.player.at])
        composed = "f" if power == 1 else f"f composed {power} times"
        curves = [
            Curve(ends, ends, role="muted"),
            Curve(x, y, role="accent", width=1.2),
            *(Curve(frame.x[part], frame.y[part], role="text", width=1.3) for part in pieces(frame.y)),
        ]
        title = f"cobweb of {composed}: x{subscript(self.player.at)} = {significant(last, 7)}"
        self.cobweb.show_curves(title, curves, (low, high), (low, high))

    def _draw_series(self, frame: CobwebFrame) -> None:
        low, high = frame.request.states
        states = self._states(frame)
        last = float(max(SHORTEST, frame.seen))
        pad = 0.04 * (high - low)
        curve = Curve(np.arange(len(states), dtype=np.float64), states, dots=4.0 if last < 120 else 2.5)
        self.series.show_curves("time series", [curve], (0.0, 1.02 * last), (low - pad, high + pad))  # room for the last mark

    def _mark_cobweb(self) -> None:
        """Over the curves: orbits, the start that is dragged, and the state that the player is at."""
        if self.frame is not None:
            request, states = self.frame.request, self._states(self.frame)
            start = _start_items(request.start, request.states[0], float(states[-1]))
            self.cobweb.set_overlay([*self._orbit_items(request.power), *start])

    def _mark_series(self) -> None:
        """Over the series: the points of the selected orbit, and the state that the player is at."""
        if self.frame is None:
            return
        states = self._states(self.frame)
        items: list[Item] = [Marks(np.array([[len(states) - 1.0, states[-1]]]), "circle", "accent", 8.0)]
        if self._selected is not None and self._selected < len(self._orbits):
            items = starts_look.levels(self._orbits[self._selected]) + items
        self.series.set_overlay(items)

    def _orbit_items(self, power: int) -> list[Item]:
        fixed = [n for n, orbit in enumerate(self._orbits) if power % orbit.period == 0][: starts_look.MOST_MARKED]
        items: list[Item] = [starts_look.orbit_marks(n, self._orbits, self._colours) for n in fixed]
        if self._selected is not None and self._selected < len(self._orbits):
            items.append(starts_look.selected_marks(self._orbits[self._selected]))
        return items


def _start_items(start: float, low: float, last: float) -> list[Item]:
    """The line that is dragged, its handle at the axis, and the state that the player is at."""
    return [
        Polyline(np.array([[start, low], [start, start]]), "accent", 1.0, "dash"),
        Marks(np.array([[start, low]]), "triangle", "accent", 13.0),
        Marks(np.array([[last, last]]), "circle", "accent", 7.0),
    ]


def pieces(y: Values) -> list[slice]:
    """Where a graph is in one piece, at most MOST_PIECES of them; curves drawn one by one are not joined where it jumps."""
    gaps = np.flatnonzero(np.isnan(y))[: MOST_PIECES - 1].tolist()
    # The value at a gap is left out, so the piece before it ends a point early.
    return [slice(start, end) for start, end in zip([0, *(gap + 1 for gap in gaps)], [*gaps, len(y)], strict=True) if end - start > 1]
