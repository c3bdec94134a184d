"""Many points over a picture's plane, in shapes and colours by kind, with bands of the horizontal axis behind them."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPen
from PySide6.QtWidgets import QWidget

from funjax_gui.plots_base import Margins
from funjax_gui.plots_overlay import Overlay
from funjax_gui.plots_shapes import PATTERNS, corners, scattered
from funjax_gui.plots_sketched import SketchPlot
from funjax_gui.starts_look import RIM, Band, Dots, seen, shares
from funjax_gui.theme import Colours
from kernels.geometry import Viewport, split

Values = NDArray[np.float64]


class Bands(Overlay):
    """Draws bands behind the points, cut at the plot area's edges."""

    def __init__(self) -> None:
        super().__init__()
        self._bands: tuple[Band, ...] = ()
        self._view: Viewport | None = None
        self.setZValue(-10)

    def set_bands(self, bands: Sequence[Band]) -> None:
        """Draw these and no others."""
        self._bands = tuple(bands)
        self.setVisible(bool(bands))
        self.update()

    def show_in(self, view: Viewport) -> None:
        """Draw them as they lie in `view`."""
        self._view = view
        self.update()

    def place(self) -> None:
        """Take all of the plot area."""
        self._move(QRectF(self.area))

    @property
    def pixels(self) -> Values:
        """The bands' ends in the view's pixels, cut at the plot area. Shape (bands, 2)."""
        assert self._view is not None
        ends = np.array([(band.low, band.high) for band in self._bands]).reshape(-1, 2)
        at = shares(ends, split(self._view.x), self._view.half_width)
        cut: Values = self.area.left() + np.clip(np.nan_to_num(at, nan=0.0), 0.0, 1.0) * self.area.width()
        return cut

    def paint(self, painter: QPainter, option: Any, widget: QWidget | None = None) -> None:
        """Draw them; called by Qt."""
        if self._view is None:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)  # narrow ones fade instead of vanishing
        top, height = self._rect.top(), self._rect.height()
        for band, (left, right) in zip(self._bands, self.pixels.tolist(), strict=True):
            if right <= left:
                continue
            area = QRectF(left, top, right - left, height)
            colour = QColor(self.colours.shade(band.role))
            colour.setAlphaF(band.strength)
            painter.fillRect(area, colour)
            if band.pattern % len(PATTERNS):
                painter.fillRect(area, QBrush(colour, PATTERNS[band.pattern % len(PATTERNS)]))
            if right - left > 4:
                colour.setAlphaF(min(1.0, 2.5 * band.strength))
                for edge in (left, right - 1):
                    if self._rect.left() + 1 < edge < self._rect.right() - 2:
                        painter.fillRect(QRectF(round(edge), top, 1, height), colour)


class Points(Overlay):
    """Draws groups of points, each group in one stroke of the painter."""

    def __init__(self) -> None:
        super().__init__()
        self._dots: tuple[Dots, ...] = ()
        self._view: Viewport | None = None
        self._ready: list[tuple[Dots, Any]] | None = None
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
            self._ready = [(dots, self._prepared(dots)) for dots in self._dots]
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setClipRect(self._rect)
        for dots, drawn in self._ready:
            if drawn is None:
                continue
            colour = QColor(self.colours.shade(dots.role))
            if dots.shape in CAPS and dots.filled:
                pen = QPen(colour, dots.size if dots.shape == "circle" else 0.85 * dots.size)
                pen.setCapStyle(CAPS[dots.shape])
                painter.setPen(pen)
                painter.drawPoints(drawn)
            elif dots.filled and corners(dots.shape, 1.0) is not None:
                painter.fillPath(drawn, colour)
            else:
                painter.strokePath(drawn, QPen(colour, 1.4))

    def _prepared(self, dots: Dots) -> Any:
        """The points as the painter takes them: places of round or square pens, or one path of all outlines; None where none is seen."""
        assert self._view is not None
        area = self._rect
        u, v = seen(dots, self._view, area.width() * self.ratio, area.height() * self.ratio, RIM * self.ratio)
        if not len(u):
            return None
        x, y = area.left() + u * area.width(), area.bottom() - v * area.height()
        if dots.shape in CAPS and dots.filled:
            return pg.functions.arrayToQPolygonF(x, y)
        path = pg.arrayToQPath(*scattered(x, y, dots.shape, dots.size), connect="finite")
        path.setFillRule(Qt.FillRule.WindingFill)
        return path


CAPS = {"circle": Qt.PenCapStyle.RoundCap, "square": Qt.PenCapStyle.SquareCap}
"""Shapes that a wide pen makes of a point."""


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
            overlay.update()

    def zoom(self, notches: float, u: float = 0.5, v: float = 0.5, horizontal: bool = True, vertical: bool = True) -> None:
        """Zoom in horizontally, about u, unless only the vertical axis is named: finer starts are what there is to see."""
        super().zoom(notches, u, v, horizontal, vertical and not horizontal)

    def _place(self) -> None:
        super()._place()
        if hasattr(self, "sketch"):
            self.points.ratio = self.devicePixelRatioF()
            for overlay in (self.bands, self.points):
                overlay.area = self.plot_rect
                overlay.place()
