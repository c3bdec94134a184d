"""What is drawn on an exported page: words, axes, keys to colours and shapes, and the plots below and beside the main one.

It is painted with a QPainter, in any thread, and the same for pixels and for vectors.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPainterPath, QPen

from funjax_gui.export.page_layout import Layout, Style, font_of
from funjax_gui.figures import DASHES, OPEN, Figure, Item, outline, ticks
from funjax_gui.files import Pixels
from funjax_gui.plots import OVERHANG, Drawing
from kernels.geometry import Viewport

EDGE = 1.5
"""Pixels of a window that lines go on beyond their plot, where they are clipped: not all that shows SVGs clips."""


@dataclass(frozen=True, eq=False)
class SheetPage:
    """A picture to export: `pixels`, 0xffRRGGBB, (rows, columns) of the plot area, and what `paint` draws over them and around.

    `title` and `about` tell, each in one line, what it is.
    """

    layout: Layout
    style: Style
    title: str
    about: str
    pixels: Pixels | None = field(default=None, repr=False)
    paint: Callable[[QPainter], None] | None = None


@dataclass(frozen=True)
class Labels:
    """What is written around a plot: above it in bold `title`, then `formula`; the axes' names; below it all the lines of `caption`."""

    title: str
    formula: str
    x: str
    y: str
    caption: Sequence[str]


@dataclass(frozen=True)
class LegendEntry:
    """What a colour or a shape means: a mark of `shape`, on a piece of a line where there is a `dash`."""

    text: str
    colour: str
    shape: str = "square"
    filled: bool = True
    dash: str = ""


class Page:
    """The words and lines around a plot, and other plots. One use of one painter; only for a layout that has a font."""

    def __init__(self, painter: QPainter, layout: Layout, style: Style) -> None:
        self.painter, self.layout, self.colours = painter, layout, style.colours
        self.style = style
        self.font = layout.font
        self.plot = QRectF(layout.plot)
        self.line = QFontMetricsF(font_of(self.font)).height()

    def write(self, words: Labels, keys: Sequence[LegendEntry] = (), called: str = "") -> None:
        """Draw axes and words, and at the upper right what colours and shapes mean, under the name `called`."""
        assert self.layout.horizontal and self.layout.vertical
        plot, lowest = self.plot, QRectF(self.layout.below or self.layout.plot)
        self._axes(plot, self.layout.horizontal, self.layout.vertical, labelled=self.layout.below is None)
        if self.layout.vertical.base:
            base = f"{self.layout.vertical.base} +" if "…" not in self.layout.vertical.base else self.layout.vertical.base
            self.text(QPointF(0.6 * self.font, plot.top() - 1.3 * self.line), base, self.colours.muted)
        used = self.text(QPointF(plot.left(), 0.5 * self.line), words.title, self.colours.text, bold=True)
        start = plot.left() + used + 1.5 * self.font
        end = self._keys(keys, called, start) if keys else plot.right()
        self.text(QPointF(start, 0.5 * self.line), words.formula, self.colours.muted, room=end - self.font - start)
        under = lowest.bottom() + 0.5 * self.font
        self.text(QPointF(plot.center().x(), under + 1.05 * self.line), words.x, self.colours.muted, align=0.5)
        self._name_upwards(plot, words.y)
        room = self.layout.size[0] - plot.left() - 0.5 * self.font
        for number, line in enumerate(words.caption):
            at = QPointF(plot.left(), under + (2.35 + 0.95 * number) * self.line)
            self.text(at, line, self.colours.muted, share=0.85, room=room)

    def write_below(self, view: Viewport, items: Sequence[Item], label: str) -> None:
        """Draw the plot, named by `label`, that shares the main one's horizontal axis, where there is room for it."""
        if self.layout.below is not None:
            assert self.layout.horizontal
            area = QRectF(self.layout.below)
            sketch(self.painter, self.layout, self.style, view, self.layout.below, items)
            vertical = ticks.vertical_ticks(*view.y_limits, area.height(), wanted=2.4 * self.font)
            self._axes(area, self.layout.horizontal, vertical)
            self._name_upwards(area, label)

    def write_beside(self, plots: Sequence[Figure]) -> None:
        """Draw the plots that have a place of their own beside the main one."""
        for area, plot in zip(self.layout.beside, plots, strict=False):
            rect = QRectF(area)
            sketch(self.painter, self.layout, self.style, plot.view, area, plot.items, OVERHANG)
            low, high = plot.view.y_limits
            vertical = (
                ticks.decade_ticks(float(low), float(high), rect.height(), wanted=2.4 * self.font)
                if plot.logarithmic_y
                else ticks.vertical_ticks(low, high, rect.height(), wanted=2.7 * self.font)
            )
            character = QFontMetricsF(font_of(0.85 * self.font)).horizontalAdvance("0")
            horizontal = ticks.horizontal_ticks(*plot.view.x_limits, rect.width(), character, wanted=5 * self.font)
            self._axes(rect, horizontal, vertical, share=0.85)
            middle = rect.center().x()
            self.text(QPointF(middle, rect.top() - 1.25 * self.line), plot.title, self.colours.muted, align=0.5, share=0.9)
            under = rect.bottom() + 0.5 * self.font + 0.9 * self.line
            self.text(QPointF(middle, under), plot.x_label, self.colours.muted, align=0.5, share=0.85)

    def _name_upwards(self, plot: QRectF, name: str) -> None:
        """A vertical axis' name at the page's left edge: a letter stands, a word lies along the axis."""
        if len(name) <= 2:
            self.text(QPointF(0.6 * self.font, plot.center().y() - 0.5 * self.line), name, self.colours.muted)
            return
        self.painter.save()
        self.painter.translate(0.3 * self.font, plot.center().y())
        self.painter.rotate(-90)
        self.text(QPointF(0, 0), name, self.colours.muted, align=0.5)
        self.painter.restore()

    def _axes(self, plot: QRectF, horizontal: ticks.Ticks, vertical: ticks.Ticks, labelled: bool = True, share: float = 1.0) -> None:
        """Two sides of a plot with their ticks; the horizontal ones are `labelled` where no other plot has their labels."""
        length, line = 0.4 * self.font, share * self.line
        rules = QPainterPath()
        rules.setFillRule(Qt.FillRule.WindingFill)
        self._rule(rules, plot.left(), plot.top(), plot.left(), plot.bottom(), plot)
        self._rule(rules, plot.left(), plot.bottom(), plot.right(), plot.bottom(), plot)
        for ends, size in ((horizontal.minors, 0.55 * length), ([at for at, _ in horizontal.majors], length)):
            for x in (plot.left() + at * plot.width() for at in ends):
                self._rule(rules, x, plot.bottom(), x, plot.bottom() + size, plot)
        for ends, size in ((vertical.minors, 0.55 * length), ([at for at, _ in vertical.majors], length)):
            for y in (plot.bottom() - at * plot.height() for at in ends):
                self._rule(rules, plot.left() - size, y, plot.left(), y, plot)
        self.painter.fillPath(rules, QColor(self.colours.line))
        for at, label in horizontal.majors if labelled else ():
            under = QPointF(plot.left() + at * plot.width(), plot.bottom() + 0.5 * self.font)
            self.text(under, label, self.colours.muted, align=0.5, share=share)
        for at, label in vertical.majors:
            left = QPointF(plot.left() - 0.7 * self.font, plot.bottom() - at * plot.height() - 0.5 * line)
            self.text(left, label, self.colours.muted, align=1.0, share=share)

    def _rule(self, path: QPainterPath, x0: float, y0: float, x1: float, y1: float, plot: QRectF) -> None:
        """Add a thin line, at whole pixels and outside the plot area."""
        thick = max(1, round(self.font / 13))
        left, top = round(min(x0, x1)), round(min(y0, y1))
        left -= thick * (x0 == x1 == plot.left())
        path.addRect(left, top, max(thick, round(abs(x1 - x0))), max(thick, round(abs(y1 - y0))))

    def _keys(self, keys: Sequence[LegendEntry], called: str, start: float) -> float:
        """The keys, right-aligned above all plots, as many as leave half the room to the words; returns where they begin."""
        metrics = QFontMetricsF(font_of(self.font))
        end = self.layout.size[0] - 2.0 * self.font if self.layout.beside else self.plot.right()
        widths = [metrics.horizontalAdvance(key.text) + (3.2 if key.dash else 1.9) * self.font for key in keys]
        room = 0.65 * (end - start) - metrics.horizontalAdvance(called) - self.font
        shown = next((n for n in range(len(keys), 0, -1) if sum(widths[:n]) <= room), 0)
        at = end - sum(widths[:shown]) + 0.9 * self.font
        begin = at - self.font
        if called and shown:
            begin -= self.text(QPointF(at - 0.8 * self.font, 0.5 * self.line), called, self.colours.muted, align=1.0)
        for key, width in zip(keys[:shown], widths, strict=False):
            self._key(key, at, width - 0.9 * self.font)
            at += width
        if 0 < shown < len(keys):
            self.text(QPointF(end + 0.3 * self.font, 0.5 * self.line), "…", self.colours.muted)
        return begin

    def _key(self, key: LegendEntry, left: float, width: float) -> None:
        painter, middle = self.painter, self.line
        used = width - QFontMetricsF(font_of(self.font)).horizontalAdvance(key.text)
        colour, scale = QColor(self.colours.shade(key.colour)), self.layout.scale
        side = used - 0.3 * self.font
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if key.dash:
            pen = QPen(colour, 1.6 * scale, c=Qt.PenCapStyle.FlatCap)
            if DASHES[key.dash]:
                pen.setDashPattern([0.7 * part for part in DASHES[key.dash]])
            painter.setPen(pen)
            painter.drawLine(QPointF(left, middle), QPointF(left + side, middle))
        painter.translate(left + side / 2, middle)
        shape = outline(key.shape, round(0.6 * self.font, 1))
        if key.filled and key.shape not in OPEN:
            painter.fillPath(shape, colour)
        else:
            painter.strokePath(shape, QPen(colour, 1.5 * scale))
        painter.restore()
        self.text(QPointF(left + used, 0.5 * self.line), key.text, self.colours.muted)

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


def sketch(
    painter: QPainter, layout: Layout, style: Style, view: Viewport, plot: QRect, items: Sequence[Item], overhang: float = 0.0
) -> None:
    """Draw items as far as `view` shows them in the area `plot`, lines as thick beside the words as in the window.

    overhang: how far marks at the edge stand out of the plot, in pixels of a window.
    """
    scale = layout.scale
    area = QRectF(plot.left() / scale, plot.top() / scale, plot.width() / scale, plot.height() / scale)
    painter.save()
    painter.scale(scale, scale)
    Drawing(font_of(12), style.colours, view, area, scale, EDGE, overhang).paint(painter, items)
    painter.restore()
