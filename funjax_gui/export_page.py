"""A page for a picture that is exported: its style, where things lie on it, and the words and lines around the plot.

Everything scales with the picture, so a poster reads as a window does. Drawing needs a QGuiApplication (any thread may draw), a bare
picture needs none.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal

import numpy as np
from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QImage, QPainter

from funjax_gui import ticks, tone
from funjax_gui.png import Pixels
from funjax_gui.theme import DARK, LIGHT, Colours
from kernels.geometry import Viewport

THEMES: Mapping[str, Colours] = {"dark": DARK, "light": LIGHT}
SHOWN = ("density", "period")

LARGEST_SIDE = 32_767
"""Pixels of a side that Qt can paint."""

SMALLEST_FONT = 9.0
_GREEK = {"alpha": "α", "beta": "β", "omega": "Ω"}

Size = tuple[int, int]


@dataclass(frozen=True)
class Style:
    """How a picture looks.

    `view` is the part of the plane that it shows, where its request does not say; `basins` has Newton's basins drawn rather than the
    surface. Raises ValueError on a name that is none of `THEMES`, `tone.COLOUR_MAPS`, `tone.TONES`, `SHOWN`.
    """

    theme: str = "dark"
    colour_map: str = "inferno"
    tone: str = "equalised"
    show: str = "density"
    plain: bool = False
    view: Viewport | None = None
    basins: bool = False

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
    metrics = QFontMetricsF(font_of(font))
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


def symbol(name: str) -> str:
    """A parameter's name as a formula has it: a Greek letter where it is called so."""
    return _GREEK.get(name, name)


def digits(value: Decimal) -> str:
    """A limit as a caption writes it: plain digits, or a power of ten where these would be many."""
    plain = -20 < value.adjusted() < 20 or not value
    return (f"{value:f}" if plain else str(value)).replace("-", ticks.MINUS)


@dataclass(frozen=True)
class Words:
    """What is written around a plot: above it in bold `title`, then `formula`; the axes' names; below it all `caption`."""

    title: str
    formula: str
    x: str
    y: str
    caption: str


def painted(layout: Layout, style: Style, draw: Callable[[QPainter], None]) -> Pixels:
    """What `draw` paints on an empty page. Shape (height, width), 0xffRRGGBB. MemoryError where there is no room for it."""
    width, height = layout.size
    image = QImage(width, height, QImage.Format.Format_RGB32)
    if image.isNull():
        raise MemoryError(f"there is no memory for a picture of {width} x {height}; choose a smaller one")
    image.fill(QColor(style.colours.background))
    painter = QPainter(image)
    try:
        painter.setRenderHint(QPainter.RenderHint.TextAntialiasing)
        draw(painter)
    finally:
        painter.end()
    return np.frombuffer(image.constBits(), np.uint32).reshape(height, image.bytesPerLine() // 4)[:, :width].copy()


class Page:
    """The words and lines around a plot. One use of one painter; only for a layout that has a font."""

    def __init__(self, painter: QPainter, layout: Layout, style: Style) -> None:
        self.painter, self.layout, self.colours = painter, layout, style.colours
        self.font = layout.font
        self.plot = QRectF(layout.plot)
        self.line = QFontMetricsF(font_of(self.font)).height()

    def write(self, words: Words, legend: float | None = None) -> None:
        """Draw axes and words; the formula ends before `legend`, where something else begins at the right."""
        self._axes()
        left, right, bottom = self.plot.left(), self.plot.right(), self.plot.bottom()
        used = self.text(QPointF(left, 0.5 * self.line), words.title, self.colours.text, bold=True)
        start = left + used + 1.5 * self.font
        room = (right if legend is None else legend) - self.font - start
        self.text(QPointF(start, 0.5 * self.line), words.formula, self.colours.muted, room=room)
        under = bottom + 0.5 * self.font
        centre = self.plot.center()
        self.text(QPointF(centre.x(), under + 1.05 * self.line), words.x, self.colours.muted, align=0.5)
        self.text(QPointF(0.6 * self.font, centre.y() - 0.5 * self.line), words.y, self.colours.muted)
        room = self.layout.size[0] - left - 0.5 * self.font
        self.text(QPointF(left, under + 2.35 * self.line), words.caption, self.colours.muted, share=0.85, room=room)

    def _axes(self) -> None:
        assert self.layout.horizontal and self.layout.vertical
        plot, length = self.plot, 0.4 * self.font
        self._rule(plot.left(), plot.top(), plot.left(), plot.bottom())
        self._rule(plot.left(), plot.bottom(), plot.right(), plot.bottom())
        for at, label in self.layout.horizontal.majors:
            x = plot.left() + at * plot.width()
            self._rule(x, plot.bottom(), x, plot.bottom() + length)
            self.text(QPointF(x, plot.bottom() + 0.5 * self.font), label, self.colours.muted, align=0.5)
        for at, label in self.layout.vertical.majors:
            y = plot.bottom() - at * plot.height()
            self._rule(plot.left() - length, y, plot.left(), y)
            self.text(QPointF(plot.left() - 0.7 * self.font, y - 0.5 * self.line), label, self.colours.muted, align=1.0)
        for at in self.layout.horizontal.minors:
            x = plot.left() + at * plot.width()
            self._rule(x, plot.bottom(), x, plot.bottom() + 0.55 * length)
        for at in self.layout.vertical.minors:
            y = plot.bottom() - at * plot.height()
            self._rule(plot.left() - 0.55 * length, y, plot.left(), y)
        if self.layout.vertical.base:
            base = f"{self.layout.vertical.base} +" if "…" not in self.layout.vertical.base else self.layout.vertical.base
            self.text(QPointF(0.6 * self.font, plot.top() - 1.3 * self.line), base, self.colours.muted)

    def _rule(self, x0: float, y0: float, x1: float, y1: float) -> None:
        """A thin line, at whole pixels and outside the plot area."""
        thick = max(1, round(self.font / 13))
        left, top = round(min(x0, x1)), round(min(y0, y1))
        left -= thick * (x0 == x1 == self.plot.left())
        width, height = max(thick, round(abs(x1 - x0))), max(thick, round(abs(y1 - y0)))
        self.painter.fillRect(left, top, width, height, QColor(self.colours.line))

    def text(
        self, at: QPointF, text: str, colour: str, align: float = 0.0, room: float = 1e9, bold: bool = False, share: float = 1.0
    ) -> float:
        """Text with its top at `at`, cut short to `room`, and its left edge (`align` 0), middle or right edge (1) there.

        Returns its width.
        """
        font = font_of(share * self.font, bold)
        metrics = QFontMetricsF(font)
        if metrics.horizontalAdvance(text) > room:  # Qt cuts all text short where the room is large beyond reason
            text = metrics.elidedText(text, Qt.TextElideMode.ElideRight, max(0.0, room))
        width = metrics.horizontalAdvance(text)
        self.painter.setFont(font)
        self.painter.setPen(QColor(colour))
        self.painter.drawText(QPointF(at.x() - align * width, at.y() + metrics.ascent()), text)
        return width


def font_of(height: float, bold: bool = False) -> QFont:
    """The font of a page, so many pixels high."""
    font = QFont()
    font.setPixelSize(max(1, round(height)))
    font.setBold(bold)
    return font
