"""Many points over a picture's plane, in shapes and colours by kind, with bands of the horizontal axis behind them."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QRectF
from PySide6.QtGui import QBrush, QColor, QPainter
from PySide6.QtWidgets import QWidget

from funjax_gui.plots_base import Margins
from funjax_gui.plots_overlay import Overlay
from funjax_gui.plots_shapes import PATTERNS, outline
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


class StartsPlot(SketchPlot):
    """Points over bands, and a pin that a click sets. The wheel zooms horizontally, with Ctrl vertically.

    Points keep their places in the plane when the view moves, so that what is known of a new view is right at once.
    """

    def __init__(self, parent: QWidget | None = None, margins: Margins | None = None) -> None:
        self._dots: tuple[Dots, ...] = ()
        self._clouds: list[Any] = []
        self.bands = Bands()
        super().__init__(parent, margins)
        self.scene().addItem(self.bands)
        self.view_changed.connect(self.bands.show_in)
        self.view_changed.connect(lambda _: self._draw())
        self.picked.connect(lambda u, v: self.pick(u))
        self.bands.show_in(self.grid.viewport)
        self.set_theme(self.colours)
        self._place()

    def set_bands(self, bands: Sequence[Band]) -> None:
        """Draw these bands behind the points, and no others."""
        self.bands.set_bands(bands)

    def set_dots(self, dots: Sequence[Dots]) -> None:
        """Draw these points, the first below the others, and no others."""
        self._dots = tuple(dots)
        while len(self._clouds) < len(self._dots):
            cloud = pg.ScatterPlotItem(pxMode=True, antialias=True)
            cloud.setZValue(len(self._clouds))
            self._clouds.append(cloud)
            self.view_box.addItem(cloud, ignoreBounds=True)
        self._draw()

    def set_theme(self, colours: Colours) -> None:
        """Draw in these colours."""
        super().set_theme(colours)
        self.bands.colours = colours
        self.bands.update()
        self._draw()

    def zoom(self, notches: float, u: float = 0.5, v: float = 0.5, horizontal: bool = True, vertical: bool = True) -> None:
        """Zoom in horizontally, about u, unless only the vertical axis is named: finer starts are what there is to see."""
        super().zoom(notches, u, v, horizontal, vertical and not horizontal)

    def _draw(self) -> None:
        for index, cloud in enumerate(self._clouds):
            shown = index < len(self._dots)
            cloud.setVisible(shown)
            if shown:
                dots = self._dots[index]
                colour = QColor(self.colours.shade(dots.role))
                filled = dots.filled and dots.shape not in ("cross", "plus")
                pen = pg.mkPen(colour, width=1.4) if not filled else None
                u, v = seen(dots, self.grid.viewport, *self.grid_size, RIM * self.devicePixelRatioF())
                # pyqtgraph scales symbols: they are drawn for a size of one
                cloud.setData(u, v, symbol=outline(dots.shape, 1.0), size=dots.size, pen=pen, brush=colour if filled else None)

    def _place(self) -> None:
        super()._place()
        if hasattr(self, "sketch"):
            self.bands.area = self.plot_rect
            self.bands.place()
            self._draw()
