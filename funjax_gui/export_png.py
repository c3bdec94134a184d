"""A bifurcation diagram as a picture: drawn at the size asked for, with axes and a caption, or the bare picture.

Everything scales with the picture, so a poster reads as a window does. Drawing needs a QGuiApplication (any thread may draw), the
bare picture needs none.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

import numpy as np
from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QImage, QPainter

from funjax_gui import ticks, tone
from funjax_gui.png import Pixels
from funjax_gui.theme import DARK, LIGHT, Colours
from kernels.bifurcation import BifurcationFrame, BifurcationRequest
from kernels.geometry import Viewport, grouped
from kernels.maps import find_map

THEMES: Mapping[str, Colours] = {"dark": DARK, "light": LIGHT}
SHOWN = ("density", "period")

LARGEST_SIDE = 32_767
"""Pixels of a side that Qt can paint."""

SMALLEST_FONT = 9.0
_GREEK = {"alpha": "α", "beta": "β", "omega": "Ω"}

Size = tuple[int, int]


@dataclass(frozen=True)
class Style:
    """How a picture looks; `view` is the part of the plane that it shows, where its request does not say.

    Raises ValueError on a name that is none of `THEMES`, `tone.COLOUR_MAPS`, `tone.TONES`, `SHOWN`.
    """

    theme: str = "dark"
    colour_map: str = "inferno"
    tone: str = "equalised"
    show: str = "density"
    plain: bool = False
    view: Viewport | None = None

    def __post_init__(self) -> None:
        """Check the names."""
        choices = {"theme": THEMES, "colour_map": tone.COLOUR_MAPS, "tone": tone.TONES, "show": SHOWN}
        for name, known in choices.items():
            if getattr(self, name) not in known:
                what = name.replace("_", " ")
                raise ValueError(f"the {what} {getattr(self, name)!r} is not known; choose one of {', '.join(known)}")

    @property
    def colours(self) -> Colours:
        """The theme's colours."""
        return THEMES[self.theme]


@dataclass(frozen=True)
class Layout:
    """Where things lie in a picture of `size` (width, height): the plot area, the font's height in pixels, and the ticks.

    A `font` of 0 means that there is no room for words, or that none are wanted: the plot is the whole picture.
    """

    size: Size
    plot: QRect
    font: float = 0.0
    horizontal: ticks.Ticks | None = None
    vertical: ticks.Ticks | None = None

    @property
    def grid(self) -> Size:
        """Columns and rows of the plot area."""
        return self.plot.width(), self.plot.height()


def lay_out(size: Size, viewport: Viewport, plain: bool = False) -> Layout:
    """The layout of a picture of just `size` pixels, each side at most LARGEST_SIDE."""
    width, height = size
    bare = Layout(size, QRect(0, 0, width, height))
    if plain:
        return bare
    font = max(SMALLEST_FONT, min(width / 98, height / 61))
    metrics = QFontMetricsF(_font(font))
    line = metrics.height()
    top, bottom = 2.2 * line, 0.5 * font + 3.9 * line
    vertical = ticks.upwards(*viewport.y_limits, max(1.0, height - top - bottom), wanted=3.7 * font)
    top += 1.1 * line if vertical.base else 0
    left, right = 2.4 * font + _widest(vertical, metrics) + line, 2.0 * font
    character = metrics.horizontalAdvance("0")
    horizontal = ticks.across(*viewport.x_limits, max(1.0, width - left - right), character, wanted=7 * font)
    # A long label may hang over either end.
    overhang = _widest(horizontal, metrics) / 2 + 0.5 * font
    left, right = max(left, overhang), max(right, overhang)
    plot = QRect(round(left), round(top), round(width - left - right), round(height - top - bottom))
    if plot.width() < max(96, 0.4 * width) or plot.height() < max(64, 0.4 * height):
        return bare
    horizontal = ticks.across(*viewport.x_limits, plot.width(), character, wanted=7 * font)
    return Layout(size, plot, font, horizontal, vertical)


def _widest(found: ticks.Ticks, metrics: QFontMetricsF) -> float:
    return max((metrics.horizontalAdvance(label) for _, label in found.majors), default=0.0)


def pixels(frame: BifurcationFrame, style: Style) -> Pixels:
    """The picture's colours, 0xffRRGGBB. Shape (rows, columns), top row first."""
    colours = style.colours
    if style.show == "period":
        return tone.colour_by_period(frame.counts, frame.period, style.tone, colours.background, colours.dark)
    ramp = tone.shades(style.colour_map, colours.background, colours.dark)
    return tone.colour(frame.counts, style.tone, ramp, colours.background)


def draw(frame: BifurcationFrame, layout: Layout, style: Style) -> Pixels:
    """The whole picture, 0xffRRGGBB. `frame` has the layout's grid. Shape (height, width)."""
    picture = pixels(frame, style)
    if not layout.font:
        return picture
    width, height = layout.size
    image = QImage(width, height, QImage.Format.Format_RGB32)
    if image.isNull():
        raise MemoryError(f"there is no memory for a picture of {width} x {height}; choose a smaller one")
    image.fill(QColor(style.colours.background))
    painter = QPainter(image)
    try:
        painter.setRenderHint(QPainter.RenderHint.TextAntialiasing)
        _Drawing(painter, layout, style).draw(frame)
    finally:
        painter.end()
    drawn = np.frombuffer(image.constBits(), np.uint32).reshape(height, image.bytesPerLine() // 4)[:, :width].copy()
    rows, columns = picture.shape
    drawn[layout.plot.top() :, layout.plot.left() :][:rows, :columns] = picture
    return drawn


def formula(request: BifurcationRequest) -> str:
    """The map's rule and the values that are not swept, in one line of text."""
    chosen = find_map(request.map)
    held = [f"{symbol(name)} = {value:.12g}" for name, value in dict(request.parameters).items()]
    return ",   ".join([f"x → {chosen.formula}", *held, f"x₀ = {request.start:.12g}"]).replace(" = -", f" = {ticks.MINUS}")


def symbol(name: str) -> str:
    """A parameter's name as a formula has it: a Greek letter where it is called so."""
    return _GREEK.get(name, name)


def caption(frame: BifurcationFrame) -> str:
    """What the picture is, in one line of text."""
    request = frame.request
    view = request.grid.viewport
    axes = ((symbol(request.sweep), view.x_limits), ("x", view.y_limits))
    limits = [f"{name} from {_digits(low)} to {_digits(high)}" for name, (low, high) in axes]
    steps = f"{grouped(frame.transient)} transient + {grouped(frame.samples)} samples a column"
    return "  ·  ".join([steps, frame.precision, *limits, "funjax"])


def _digits(value: Decimal) -> str:
    plain = -20 < value.adjusted() < 20 or not value
    return (f"{value:f}" if plain else str(value)).replace("-", ticks.MINUS)


class _Drawing:
    """The words and lines around a plot. One use of one painter."""

    def __init__(self, painter: QPainter, layout: Layout, style: Style) -> None:
        self.painter, self.layout, self.colours, self.style = painter, layout, style.colours, style
        self.font = layout.font
        self.plot = QRectF(layout.plot)
        self.line = QFontMetricsF(_font(self.font)).height()

    def draw(self, frame: BifurcationFrame) -> None:
        self._axes()
        request = frame.request
        left, right, bottom = self.plot.left(), self.plot.right(), self.plot.bottom()
        used = self._text(QPointF(left, 0.5 * self.line), find_map(request.map).title, self.colours.text, bold=True)
        legend = self._legend(frame) if self.style.show == "period" else right
        start = left + used + 1.5 * self.font
        self._text(QPointF(start, 0.5 * self.line), formula(request), self.colours.muted, room=legend - self.font - start)
        under = bottom + 0.5 * self.font
        centre = self.plot.center()
        self._text(QPointF(centre.x(), under + 1.05 * self.line), symbol(request.sweep), self.colours.muted, align=0.5)
        self._text(QPointF(0.6 * self.font, centre.y() - 0.5 * self.line), "x", self.colours.muted)
        room = self.layout.size[0] - left - 0.5 * self.font
        self._text(QPointF(left, under + 2.35 * self.line), caption(frame), self.colours.muted, share=0.85, room=room)

    def _axes(self) -> None:
        assert self.layout.horizontal and self.layout.vertical
        plot, length = self.plot, 0.4 * self.font
        self._rule(plot.left(), plot.top(), plot.left(), plot.bottom())
        self._rule(plot.left(), plot.bottom(), plot.right(), plot.bottom())
        for at, label in self.layout.horizontal.majors:
            x = plot.left() + at * plot.width()
            self._rule(x, plot.bottom(), x, plot.bottom() + length)
            self._text(QPointF(x, plot.bottom() + 0.5 * self.font), label, self.colours.muted, align=0.5)
        for at, label in self.layout.vertical.majors:
            y = plot.bottom() - at * plot.height()
            self._rule(plot.left() - length, y, plot.left(), y)
            self._text(QPointF(plot.left() - 0.7 * self.font, y - 0.5 * self.line), label, self.colours.muted, align=1.0)
        for at in self.layout.horizontal.minors:
            x = plot.left() + at * plot.width()
            self._rule(x, plot.bottom(), x, plot.bottom() + 0.55 * length)
        for at in self.layout.vertical.minors:
            y = plot.bottom() - at * plot.height()
            self._rule(plot.left() - 0.55 * length, y, plot.left(), y)
        if self.layout.vertical.base:
            base = f"{self.layout.vertical.base} +" if "…" not in self.layout.vertical.base else self.layout.vertical.base
            self._text(QPointF(0.6 * self.font, plot.top() - 1.3 * self.line), base, self.colours.muted)

    def _legend(self, frame: BifurcationFrame) -> float:
        """The colours of the periods that the picture has, right-aligned above it; returns where they begin."""
        found = [int(period) for period in np.unique(frame.period) if period > 0][:7]
        entries = [(period, str(period)) for period in found] + [(0, "chaotic or unresolved")] * bool((frame.period == 0).any())
        right, top = self.plot.right(), 0.5 * self.line
        for period, text in reversed(entries):
            right -= self._text(QPointF(right, top), text, self.colours.muted, align=1.0) + 0.3 * self.font
            red, green, blue = tone.period_colours(np.array([period]), self.colours.background, self.colours.dark)[0]
            side = 0.7 * self.font
            box = QRectF(right - side, top + 0.5 * (self.line - side), side, side)
            self.painter.fillRect(box, QColor(round(red), round(green), round(blue)))
            right -= side + 0.9 * self.font
        right -= self._text(QPointF(right, top), "period", self.colours.muted, align=1.0)
        return right

    def _rule(self, x0: float, y0: float, x1: float, y1: float) -> None:
        """A thin line, at whole pixels and outside the plot area."""
        thick = max(1, round(self.font / 13))
        left, top = round(min(x0, x1)), round(min(y0, y1))
        left -= thick * (x0 == x1 == self.plot.left())
        width, height = max(thick, round(abs(x1 - x0))), max(thick, round(abs(y1 - y0)))
        self.painter.fillRect(left, top, width, height, QColor(self.colours.line))

    def _text(
        self, at: QPointF, text: str, colour: str, align: float = 0.0, room: float = 1e9, bold: bool = False, share: float = 1.0
    ) -> float:
        """Text with its top at `at`, cut short to `room`, and its left edge (`align` 0), middle or right edge (1) there.

        Returns its width.
        """
        font = _font(share * self.font, bold)
        metrics = QFontMetricsF(font)
        if metrics.horizontalAdvance(text) > room:  # Qt cuts all text short where the room is large beyond reason
            text = metrics.elidedText(text, Qt.TextElideMode.ElideRight, max(0.0, room))
        width = metrics.horizontalAdvance(text)
        self.painter.setFont(font)
        self.painter.setPen(QColor(colour))
        self.painter.drawText(QPointF(at.x() - align * width, at.y() + metrics.ascent()), text)
        return width


def _font(height: float, bold: bool = False) -> QFont:
    font = QFont()
    font.setPixelSize(max(1, round(height)))
    font.setBold(bold)
    return font
