"""Many points over a picture's plane, in shapes and colours by kind, with bands of the horizontal axis behind them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QPainter
from PySide6.QtWidgets import QWidget

from funjax_gui.plots_base import Margins
from funjax_gui.plots_overlay import Overlay
from funjax_gui.plots_shapes import outline
from funjax_gui.plots_sketched import SketchPlot
from funjax_gui.theme import Colours
from kernels.geometry import Viewport, split

Values = NDArray[np.float64]

RIM = 7.0
"""Pixels from the edge at which points at infinity are drawn."""

MOST_DOTS = 3000
"""More points than this are drawn once a pixel."""

PATTERNS = (
    Qt.BrushStyle.SolidPattern,
    Qt.BrushStyle.BDiagPattern,
    Qt.BrushStyle.FDiagPattern,
    Qt.BrushStyle.DiagCrossPattern,
    Qt.BrushStyle.HorPattern,
    Qt.BrushStyle.VerPattern,
)


@dataclass(frozen=True, eq=False)
class Dots:
    """Points (x, y), shapes (n,): infinite ones are drawn at the rim, those that are NaN at the lower one.

    `role` is the name of a colour of the theme or "#rrggbb", `shape` one of plots_shapes.SHAPES.
    """

    x: Values
    y: Values
    shape: str = "circle"
    role: str = "accent2"
    size: float = 6.0
    filled: bool = True


@dataclass(frozen=True)
class Band:
    """The stretch of the horizontal axis from `low` to `high`; `pattern` counts through PATTERNS, so that colour is not all there is."""

    low: float
    high: float
    role: str = "accent2"
    strength: float = 0.16
    pattern: int = 0


def shares(values: Values, centre: tuple[float, float], half: float) -> Values:
    """Where numbers lie in window units of an axis with the centre high + low, exact at any depth. Shape as `values`."""
    with np.errstate(over="ignore", invalid="ignore"):
        found: Values = ((values - centre[0]) - centre[1]) / (2 * half) + 0.5
    return found


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

    def places(self, dots: Dots) -> tuple[Values, Values]:
        """Where the points lie, in window units, without those outside the view. Shapes (m,)."""
        view, area = self.grid.viewport, self.plot_rect
        u = shares(dots.x, split(view.x), view.half_width)
        v = shares(dots.y, split(view.y), view.half_height)
        rim = RIM / area.height()
        v = np.where(np.isposinf(dots.y), 1 - rim, np.where(np.isfinite(dots.y), v, rim))
        seen = (u >= 0) & (u <= 1) & (v >= 0) & (v <= 1)
        u, v = u[seen], v[seen]
        if len(u) > MOST_DOTS:
            columns, rows = self.grid_size
            _, first = np.unique(np.floor(u * columns) * (rows + 1) + np.floor(v * rows), return_index=True)
            u, v = u[first], v[first]
        return u, v

    def _draw(self) -> None:
        for index, cloud in enumerate(self._clouds):
            shown = index < len(self._dots)
            cloud.setVisible(shown)
            if shown:
                dots = self._dots[index]
                colour = QColor(self.colours.shade(dots.role))
                filled = dots.filled and dots.shape not in ("cross", "plus")
                pen = pg.mkPen(colour, width=1.4) if not filled else None
                u, v = self.places(dots)
                # pyqtgraph scales symbols: they are drawn for a size of one
                cloud.setData(u, v, symbol=outline(dots.shape, 1.0), size=dots.size, pen=pen, brush=colour if filled else None)

    def _place(self) -> None:
        super()._place()
        if hasattr(self, "sketch"):
            self.bands.area = self.plot_rect
            self.bands.place()
            self._draw()
