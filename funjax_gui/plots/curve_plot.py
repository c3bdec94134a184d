"""Curves: the strip under the picture and the small plots beside it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QPainter, QWheelEvent
from PySide6.QtWidgets import QWidget

from funjax_gui.figures import DASHES, outline
from funjax_gui.plots.base import BasePlot, Margins
from funjax_gui.plots.gestures import notches_of
from funjax_gui.plots.image_plot import ImagePlot
from funjax_gui.plots.lyapunov_strip import SplitCurve, strip_limits
from funjax_gui.plots.marker_cache import Stamps
from funjax_gui.plots.overlays import Overlay, PinLine, Title
from funjax_gui.style import Colours
from kernels.geometry import FARTHEST, Viewport, decimal

Values = NDArray[np.float64]
Range = tuple[float, float]

PADDING = 0.04
FLATTEST = 1e-9
"""A range narrower than this part of its numbers' size is no range but rounding."""


@dataclass(frozen=True, eq=False)
class Curve:
    """One curve: `x`, `y` of shape (n,), gaps where NaN; `role` is the name of a colour of the theme.

    `dots` is the diameter of a dot at each point, in pixels; `fill` the level down to which it is filled; with `steps` the curve is
    a staircase, and `x` has the n + 1 edges of the n values of `y`. `dash` is one of DASHES.
    """

    x: Values
    y: Values
    role: str = "accent2"
    width: float = 1.0
    dots: float = 0.0
    fill: float | None = None
    steps: bool = False
    dash: str = "solid"


class _Dots(Overlay):
    """A dot at each point of a curve, over all curves."""

    def __init__(self) -> None:
        super().__init__()
        self._stamps = Stamps()
        self._places, self._size, self._colour = np.empty((2, 0)), 0.0, QColor()
        self.setZValue(5)

    def show_at(self, x: Values, y: Values, size: float, colour: QColor) -> None:
        """Draw dots of that size at places in window units, those that are finite."""
        finite = np.isfinite(x) & np.isfinite(y)
        self._places, self._size, self._colour = np.stack([x[finite], y[finite]]), size, colour
        self._move(self.area.adjusted(-size, -size, size, size))

    def paint(self, painter: QPainter, option: Any, widget: QWidget | None = None) -> None:
        """Draw them; called by Qt."""
        area = self.area
        places = np.stack([area.left() + self._places[0] * area.width(), area.bottom() - self._places[1] * area.height()])
        near = ((places >= [[area.left()], [area.top()]]) & (places <= [[area.right()], [area.bottom()]])).all(axis=0)
        kind = self._size, self._colour.rgba()
        self._stamps.put(painter, places[:, near], kind, self._size, lambda on: on.fillPath(outline("circle", self._size), self._colour))


class _Slot:
    """The items of one curve, made once and used for whatever curve comes in its place."""

    def __init__(self, plot: BasePlot) -> None:
        self.line, self.dots = pg.PlotCurveItem(), _Dots()
        plot.view_box.addItem(self.line, ignoreBounds=True)
        plot.scene().addItem(self.dots)

    def show(self, curve: Curve | None, x: Values, y: Values, fill: float | None, colours: Colours, area: QRectF) -> None:
        """Draw `curve` at x, y in window units of the plot area; hide for None."""
        self.line.setVisible(curve is not None and curve.width > 0)
        self.dots.setVisible(curve is not None and curve.dots > 0)
        if curve is None:
            return
        colour = QColor(colours.shade(curve.role))
        faint = QColor(colour)
        faint.setAlphaF(0.25)
        self.line.setData(
            x,
            y,
            pen=pg.mkPen(colour, width=curve.width, dash=DASHES[curve.dash] or None),
            fillLevel=fill,
            brush=faint if fill is not None else None,
            stepMode="center" if curve.steps else None,
            connect="all" if curve.steps else "finite",
            antialias=not curve.steps,
        )
        if curve.dots > 0:
            self.dots.area = area
            self.dots.show_at(x, y, curve.dots, colour)


class CurvePlot(BasePlot):
    """Thin curves on the window's background. All is drawn in window units, so a narrow range is as good as a wide one."""

    def __init__(self, parent: QWidget | None = None, margins: Margins | None = None) -> None:
        super().__init__(parent, margins or Margins(left=52, top=24, right=12))
        self._slots: list[_Slot] = []
        self._curves: tuple[Curve, ...] = ()
        self._asked: tuple[Range | None, Range | None] = (None, None)
        self._x: Range = (0.0, 1.0)
        self._y: Range = (0.0, 1.0)
        self._title = self.add_layer(Title(self.x_axis.font))
        self._place()

    def set_title(self, title: str) -> None:
        """Write this above the plot."""
        self._title.set_text(title)

    @property
    def title(self) -> str:
        """What is written above the plot."""
        return self._title.text

    def set_range(self, x: Range | None, y: Range | None) -> None:
        """The numbers (low, high) at the ends of each axis; None: whatever the curves need."""
        self._asked = (x, y)
        self._draw()

    def set_logarithmic(self, logarithmic: bool = True, x: bool = False) -> None:
        """Draw y, and x, by its logarithm; what is not positive is left out. Ranges stay the numbers themselves."""
        self.y_axis.logarithmic, self.x_axis.logarithmic = logarithmic, x
        self._draw()

    def set_curves(self, curves: Sequence[Curve]) -> None:
        """Show these curves and no others."""
        self._curves = tuple(curves)
        while len(self._slots) < len(self._curves):
            self._slots.append(_Slot(self))
        self._draw()

    def show_curves(self, title: str, curves: Sequence[Curve], x: Range | None = None, y: Range | None = None) -> None:
        """Title, curves and ranges at once: it is drawn once, where the three one by one would draw it three times."""
        self._asked = (x, y)
        if title != self._title.text:
            self.set_title(title)
        self.set_curves(curves)

    def set_theme(self, colours: Colours) -> None:
        """Draw in these colours."""
        super().set_theme(colours)
        self._draw()

    @property
    def limits(self) -> tuple[Range, Range]:
        """The ranges shown: ((left, right), (bottom, top)), the latter as logarithms where y is drawn so."""
        return self._x, self._y

    def _place(self) -> None:
        super()._place()
        self._draw()

    def _draw(self) -> None:
        if not self._curves and not self._slots:
            return
        places = [_drawn(curve.x, self.x_axis.logarithmic) for curve in self._curves]
        heights = [self._height(curve.y) for curve in self._curves]
        ends = self._asked[0]
        left, right = _drawn(np.array(ends), self.x_axis.logarithmic) if ends else fitted(places, 0.0)
        self._x = float(left), float(right)
        asked = self._asked[1]
        low, high = self._height(np.array(asked)) if asked else fitted(heights, PADDING)
        self._y = float(low), float(high)
        self._show_in(Viewport.from_limits(*self._x, *self._y))
        width = int(self.plot_rect.width())
        for index, slot in enumerate(self._slots):
            curve = self._curves[index] if index < len(self._curves) else None
            if curve is None:
                slot.show(None, np.empty(0), np.empty(0), None, self.colours, self.plot_rect)
                continue
            x, y = _share(places[index], self._x), _share(heights[index], self._y)
            if not curve.steps:
                x, y = decimated(x, y, width)
            fill = None if curve.fill is None else float(_share(self._height(np.array([curve.fill])), self._y)[0])
            slot.show(curve, x, y, fill, self.colours, self.plot_rect)

    def _height(self, y: Values) -> Values:
        """The numbers that are drawn: `y` itself or its logarithm of base ten."""
        return _drawn(y, self.y_axis.logarithmic)


def _drawn(values: Values, logarithmic: bool) -> Values:
    """The numbers as they are drawn, NaN where they cannot be."""
    if not logarithmic:
        return values
    with np.errstate(divide="ignore", invalid="ignore"):
        logarithms: Values = np.where(values > 0, np.log10(values), np.nan)
    return logarithms


class LyapunovStrip(BasePlot):
    """The Lyapunov exponents of a picture's columns, under it: above zero chaotic, below periodic."""

    def __init__(self, parent: QWidget | None = None, margins: Margins | None = None) -> None:
        super().__init__(parent, margins or Margins(top=8))
        self._data: tuple[Values, Values, Viewport] | None = None
        self._viewport: Viewport | None = None
        self._image: ImagePlot | None = None
        self._curve = SplitCurve()
        self._zero = pg.InfiniteLine(angle=0, movable=False)
        for item in (self._curve, self._zero):
            item.setVisible(False)
            self.view_box.addItem(item, ignoreBounds=True)
        self.pin_line = self.add_layer(PinLine())
        self.set_theme(self.colours)
        self.set_labels("", "λ")
        self.setAccessibleName("Lyapunov exponent of each column")

    def link(self, image: ImagePlot) -> None:
        """Follow the horizontal axis and the pin of `image`; the wheel over the strip zooms it."""
        self._image = image
        image.view_changed.connect(self.set_viewport)
        image.pin_moved.connect(self.pin_line.set_at)
        self.set_viewport(image.grid.viewport)
        self.pin_line.set_at(image.pin)

    def set_lyapunov(self, u: Values, values: Values, viewport: Viewport) -> None:
        """Show `values` (n,) at the places `u` (n,), ascending, in window units of `viewport`.

        NaN leaves a gap, -inf reaches the bottom.
        """
        self._data = (u, values, viewport)
        self._draw()

    def clear(self) -> None:
        """Show no exponents."""
        self._data = None
        self._draw()

    def set_viewport(self, viewport: Viewport) -> None:
        """Show the horizontal range of `viewport`, stretching the old exponents to it."""
        self._viewport = viewport
        self.x_axis.set_limits(*viewport.x_limits)
        self.pin_line.show_in(viewport)
        self._draw()

    def set_theme(self, colours: Colours) -> None:
        """Draw in these colours."""
        super().set_theme(colours)
        self._curve.above, self._curve.below = QColor(colours.accent), QColor(colours.accent2)
        self._zero.setPen(pg.mkPen(colours.muted, width=1))

    def _place(self) -> None:
        super()._place()
        self._draw()

    def _draw(self) -> None:
        shown = self._data is not None
        self._curve.setVisible(shown)
        self._zero.setVisible(shown)
        if self._data is None:
            return
        u, values, own = self._data
        low, high = strip_limits(values)
        self.y_axis.set_limits(decimal(low), decimal(high))
        zero = -low / (high - low)
        self._zero.setValue(zero)
        view = self._viewport or own
        place = (u - own.u_of(view.x_limits[0])) / (view.half_width / own.half_width)
        near = (place > -1.0) & (place < 2.0)
        shares = np.clip((values[near] - low) / (high - low), -0.5, 1.5)
        self._curve.set_data(*decimated(place[near], shares, int(self.plot_rect.width())), zero)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom the picture horizontally about the cursor."""
        event.accept()
        u, _ = self.window_point(event.position())
        notches = notches_of(event)
        if self._image is not None and notches:
            self._image.zoom(notches, min(max(u, 0.0), 1.0), vertical=False)


def fitted(arrays: Sequence[Values], padding: float) -> Range:
    """The range of the finite numbers in `arrays`, with `padding` of it on either side; never empty."""
    finite = [array[np.isfinite(array)] for array in arrays]
    finite = [array for array in finite if array.size]
    if not finite:
        return 0.0, 1.0
    low, high = float(min(array.min() for array in finite)), float(max(array.max() for array in finite))
    least = FLATTEST * max(abs(low), abs(high), 1.0)
    if high - low < least:
        middle = (low + high) / 2.0
        low, high = middle - least, middle + least
    more = (high - low) * padding
    return max(low - more, -FARTHEST), min(high + more, FARTHEST)


def _share(values: Values, limits: Range) -> Values:
    return (np.asarray(values, dtype=np.float64) - limits[0]) / (limits[1] - limits[0])


def decimated(x: Values, y: Values, pixels: int) -> tuple[Values, Values]:
    """The curve with at most two points a pixel, the lowest and the highest there, so that no spike is lost.

    `x` is in window units; a curve that is short, or whose `x` is not ascending, comes back as it is.
    """
    if len(x) <= 2 * pixels or not np.all(np.diff(x) >= 0):
        return x, y
    pixel = np.floor(x * pixels)
    starts = np.concatenate([[0], np.flatnonzero(np.diff(pixel)) + 1])
    lows, highs = np.fmin.reduceat(y, starts), np.fmax.reduceat(y, starts)
    return np.repeat(x[starts], 2), np.stack([lows, highs], axis=1).ravel()
