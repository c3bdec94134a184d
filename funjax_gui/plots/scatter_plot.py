"""Many points over a picture's plane, in shapes and colours by kind, with bands of the horizontal axis behind them."""

import functools
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QWidget

from funjax_gui.figures import OPEN, RIM, Band, Dots, outline, seen
from funjax_gui.plots.bands import Bands
from funjax_gui.plots.base import Margins
from funjax_gui.plots.marker_cache import Stamps
from funjax_gui.plots.overlays import Overlay
from funjax_gui.plots.sketch_plot import SketchPlot
from funjax_gui.style import Colours
from kernels.geometry import Viewport

Values = NDArray[np.float64]


class Points(Overlay):
    """Draws groups of points, each of one shape and colour."""

    def __init__(self) -> None:
        super().__init__()
        self._dots: tuple[Dots, ...] = ()
        self._view: Viewport | None = None
        self._ready: list[tuple[Dots, Values]] | None = None
        self._stamps = Stamps()
        self.ratio = 1.0
        self.setZValue(20)

    @property
    def dots(self) -> tuple[Dots, ...]:
        """What is drawn."""
        return self._dots

    def set_dots(self, dots: Sequence[Dots]) -> None:
        """Draw these, the first below the others, and no others."""
        self._dots, self._ready = tuple(dots), None
        self.setVisible(bool(dots))
        self.update()

    def show_in(self, view: Viewport) -> None:
        """Draw them as they lie in `view`."""
        self._view, self._ready = view, None
        self.update()

    def place(self) -> None:
        """Take all of the plot area."""
        self._ready = None
        self._move(QRectF(self.area))

    def paint(self, painter: QPainter, option: Any, widget: QWidget | None = None) -> None:
        """Draw them; called by Qt."""
        if self._ready is None:
            self._ready = [(dots, self._places(dots)) for dots in self._dots]
        painter.setClipRect(self._rect)
        for dots, places in self._ready:
            colour = QColor(self.colours.shade(dots.role))
            kind = dots.shape, dots.size, dots.filled, colour.rgba()
            self._stamps.put(painter, places, kind, dots.size + 1.0, functools.partial(draw_point, dots, colour))

    def _places(self, dots: Dots) -> Values:
        """Where the points are in the view's pixels, those that are seen. Shape (2, n)."""
        assert self._view is not None
        area = self._rect
        u, v = seen(dots, self._view, area.width() * self.ratio, area.height() * self.ratio, RIM * self.ratio)
        return np.stack([area.left() + u * area.width(), area.bottom() - v * area.height()])


def draw_point(dots: Dots, colour: QColor, painter: QPainter) -> None:
    """Draw one of the points about (0, 0)."""
    if dots.filled and dots.shape not in OPEN:
        painter.fillPath(outline(dots.shape, dots.size), colour)
    else:
        painter.strokePath(outline(dots.shape, dots.size), QPen(colour, 1.4))


class StartsPlot(SketchPlot):
    """Points over bands, and a pin that a click sets. The wheel zooms horizontally, with Ctrl vertically.

    Points keep their places in the plane when the view moves, so that what is known of a new view is right at once.
    """

    def __init__(self, parent: QWidget | None = None, margins: Margins | None = None) -> None:
        self.points = Points()
        self.bands = Bands()
        super().__init__(parent, margins)
        for overlay in (self.bands, self.points):
            self.scene().addItem(overlay)
            self.view_changed.connect(overlay.show_in)
            overlay.show_in(self.grid.viewport)
        self.picked.connect(lambda u, v: self.pick(u))
        self.set_theme(self.colours)
        self._place()

    def set_bands(self, bands: Sequence[Band]) -> None:
        """Draw these bands behind the points, and no others."""
        self.bands.set_bands(bands)

    def set_dots(self, dots: Sequence[Dots]) -> None:
        """Draw these points, the first below the others, and no others."""
        self.points.set_dots(dots)

    def set_theme(self, colours: Colours) -> None:
        """Draw in these colours."""
        super().set_theme(colours)
        for overlay in (self.bands, self.points):
            overlay.colours = colours
            overlay.place()

    def zoom(self, notches: float, u: float = 0.5, v: float = 0.5, horizontal: bool = True, vertical: bool = True) -> None:
        """Zoom in horizontally, about u, unless only the vertical axis is named: finer starts are what there is to see."""
        super().zoom(notches, u, v, horizontal, vertical and not horizontal)

    def _place(self) -> None:
        super()._place()
        if hasattr(self, "sketch"):
            for overlay in (self.bands, self.points):
                overlay.ratio = self.devicePixelRatioF()
                overlay.area = self.plot_rect
                overlay.place()
