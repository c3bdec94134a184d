"""What is drawn on an exported page: words, axes, keys to colours and shapes, and the plots below and beside the main one.

It is painted with a QPainter, in any thread, and the same for pixels and for vectors.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPainterPath, QPen

from funjax_gui.export.page_layout import CAPTION, LEGEND, Layout, Style, heading_rows
from funjax_gui.export.page_text import font_of, runs, without_middle, wrapped
from funjax_gui.figures import DASHES, OPEN, ColourBar, Figure, Item, equally_scaled, hatching, outline, ticks
from funjax_gui.files import Pixels
from funjax_gui.plots import OVERHANG, Drawing, base_text, paint_strip
from kernels.geometry import Viewport

EDGE = 1.5
"""Pixels of a window that lines go on beyond their plot, where they are clipped: not all that shows SVGs clips."""

SMALLEST_LEGEND = 0.5
"""Smallest size of the legend's font relative to the page's."""

SMALLEST_CAPTION = 0.68
"""Smallest size of the caption's font relative to the page's."""

MANY = 100
"""More rows than a line of a caption ever needs."""

BAR = 8.0
"""Width of the colour bar relative to the font's size."""

LONGEST_SYMBOL = 2
"""Largest number of characters of an axis' name that is a symbol."""


@dataclass(frozen=True, eq=False)
class SheetPage:
    """A picture to export: `pixels`, 0xffRRGGBB, (rows, columns) of the plot area, and what `paint` draws over them and around.

    `title` and `about`: a description in one line each.
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
    """What a colour or a shape means: a mark of `shape`, on a piece of a line where there is a `dash`.

    `pattern`: the hatching of areas of this kind, an index into PATTERNS.
    """

    text: str
    colour: str
    shape: str = "square"
    filled: bool = True
    dash: str = ""
    pattern: int = 0


class Page:
    """The words and lines around a plot, and other plots. One use of one painter; only for a layout that has a font."""

    def __init__(self, painter: QPainter, layout: Layout, style: Style) -> None:
        self.painter, self.layout, self.colours = painter, layout, style.colours
        self.style = style
        self.font = layout.font
        self.plot = QRectF(layout.plot)
        self.line = QFontMetricsF(font_of(self.font)).height()

    def write(self, words: Labels, keys: Sequence[LegendEntry] = (), called: str = "", bar: ColourBar | None = None) -> None:
        """Draw axes and words, and below the plots what colours and shapes mean, under the name `called`, and the colour bar."""
        horizontal, vertical = self.layout.horizontal, self.layout.vertical
        assert horizontal and vertical
        plot, lowest, setup = self.plot, QRectF(self.layout.below or self.layout.plot), self.style.setup
        title, caption = (words.title, words.formula) if setup.title is None else (setup.title,), words.caption
        self._heading(title if all(title) else ())
        under = lowest.bottom() + 0.4 * self.line
        if setup.axes:
            self._axes(plot, horizontal, vertical, labelled=self.layout.below is None)
            across, up = (without_middle(base_text(each), self.font, plot.right() - 4 * self.font) for each in (horizontal, vertical))
            if vertical.base:
                self.text(QPointF(0.6 * self.font, plot.top() - 1.3 * self.line), up, self.colours.muted)
            middle, row = plot.center().x(), lowest.bottom() + 0.5 * self.font + 1.05 * self.line
            if horizontal.base:
                # Many digits in common reach beyond the middle, where the name is otherwise.
                used = self.text(QPointF(plot.right(), row), across, self.colours.muted, align=1.0)
                middle = max(self.font, min(middle, plot.right() - used - 1.5 * self.font))
            self.text(QPointF(middle, row), words.x, self.colours.muted, align=0.5, is_formula=_is_symbol(words.x))
            self._name_upwards(plot, words.y)
            under = row + 1.3 * self.line
        if bar is not None and self.layout.bar:
            self._bar(bar, under)
            under += LEGEND * self.line
        if keys and setup.has("legend"):
            under += LEGEND * self.line * self._legend(keys, called, under)
        self._caption(caption if setup.caption is None else setup.caption.splitlines(), under)

    def _room(self) -> float:
        return self.layout.size[0] - self.plot.left() - 0.5 * self.font

    def _heading(self, texts: Sequence[str]) -> None:
        """Title in bold and formula, in as many rows as the layout has for them."""
        rows = heading_rows(texts, self.font, self._room())
        for number, (title, *rest) in enumerate(rows[: self.layout.heading]):
            at = QPointF(self.plot.left(), (0.5 + number) * self.line)
            used = self.text(at, title, self.colours.text, bold=True, room=self._room()) if title else -1.5 * self.font
            for formula in rest:
                at += QPointF(used + 1.5 * self.font, 0)
                self.text(at, formula, self.colours.muted, room=self.plot.left() + self._room() - at.x(), is_formula=True)

    def _caption(self, lines: Sequence[str], top: float) -> None:
        """The caption's lines, each in as many rows as it needs, smaller where the page has fewer; what then has no room is cut."""
        if not self.layout.caption:
            return
        share, smallest = CAPTION, CAPTION if self.style.setup.steady else SMALLEST_CAPTION
        while (found := self._caption_rows(lines, top, share))[1] and share > smallest:
            share *= 0.95
        for row in found[0]:
            self.text(QPointF(self.plot.left(), top), row, self.colours.muted, share=share, room=self._room())
            top += 0.95 * self.line * share / CAPTION

    def _caption_rows(self, lines: Sequence[str], top: float, share: float) -> tuple[list[str], bool]:
        """The caption's rows that the page has room for in a font of this size, and whether some of it has none."""
        metrics = QFontMetricsF(font_of(share * self.font))
        left = int((self.layout.size[1] - top) / (0.95 * self.line * share / CAPTION))
        needed = sum(len(wrapped(line, metrics, self._room(), MANY)) for line in lines)
        rows: list[str] = []
        for number, line in enumerate(lines):
            later = len(lines) - number - 1
            rows += wrapped(line, metrics, self._room(), max(1, left - len(rows) - later)) if len(rows) < left else []
        return rows, needed > left

    def write_below(self, view: Viewport, items: Sequence[Item], label: str) -> None:
        """Draw the plot, named by `label`, that shares the main one's horizontal axis, where there is room for it."""
        if self.layout.below is not None:
            assert self.layout.horizontal
            area = QRectF(self.layout.below)
            sketch(self.painter, self.layout, self.style, view, self.layout.below, items)
            vertical = ticks.vertical_ticks(*view.y_limits, area.height(), wanted=2.4 * self.font)
            if self.style.setup.axes:
                self._axes(area, self.layout.horizontal, vertical)
                self._name_upwards(area, label)

    def write_beside(self, plots: Sequence[Figure]) -> None:
        """Draw the plots that have a place of their own beside the main one."""
        for area, plot in zip(self.layout.beside, plots, strict=False):
            rect = equally_scaled(QRectF(area), plot) if plot.has_equal_scale and not self.style.stretch else QRectF(area)
            sketch(self.painter, self.layout, self.style, plot.view, rect.toRect(), plot.items, OVERHANG)
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
            symbol = _is_symbol(plot.x_label)
            self.text(QPointF(middle, under), plot.x_label, self.colours.muted, align=0.5, share=0.85, is_formula=symbol)

    def _name_upwards(self, plot: QRectF, name: str) -> None:
        """A vertical axis' name at the page's left edge: a letter stands, a word lies along the axis."""
        if _is_symbol(name):
            place = QPointF(0.6 * self.font, plot.center().y() - 0.5 * self.line)
            self.text(place, name, self.colours.muted, is_formula=True)
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
        thick = max(1, round(self.font / 13 * self.layout.thickness))
        left, top = round(min(x0, x1)), round(min(y0, y1))
        left -= thick * (x0 == x1 == plot.left())
        path.addRect(left, top, max(thick, round(abs(x1 - x0))), max(thick, round(abs(y1 - y0))))

    def _bar(self, bar: ColourBar, top: float) -> None:
        """The colour bar with its title, the values at its ends and its note, smaller where they have no room."""
        texts = f"{bar.title}:", bar.low, bar.high, bar.note
        needed = sum(QFontMetricsF(font_of(self.font)).horizontalAdvance(text) for text in texts) + (BAR + 3.0) * self.font
        share = max(SMALLEST_LEGEND, min(1.0, self._room() / needed))
        font, middle = share * self.font, top + 0.5 * self.line
        at = self.plot.left() + self._entry_text(texts[0], self.plot.left(), middle, share) + 0.7 * font
        at += self._entry_text(bar.low, at, middle, share) + 0.4 * font
        paint_strip(self.painter, bar, QRectF(round(at), round(middle - 0.3 * font), round(BAR * font), round(0.6 * font)))
        at += BAR * font + 0.4 * font
        at += self._entry_text(bar.high, at, middle, share) + 1.5 * font
        self._entry_text(bar.note, at, middle, share)

    def _legend(self, keys: Sequence[LegendEntry], called: str, top: float) -> int:
        """All entries in the rows that the layout has for them, smaller where they would need more; returns the number of rows."""
        share = 1.0
        while len(rows := self._legend_rows(keys, called, share)) > max(1, self.layout.legend) and share > SMALLEST_LEGEND:
            share *= 0.93
        for number, row in enumerate(rows):
            at = self.plot.left()
            middle = top + (LEGEND * number + 0.5) * self.line
            if called and not number:
                at += self._entry_text(f"{called}:", at, middle, share) + share * self.font
            for key, width in row:
                self._key(key, at, middle, share)
                at += width
        return len(rows)

    def _legend_rows(self, keys: Sequence[LegendEntry], called: str, share: float) -> list[list[tuple[LegendEntry, float]]]:
        """The entries of each row with their widths."""
        metrics = QFontMetricsF(font_of(share * self.font))
        rows: list[list[tuple[LegendEntry, float]]] = [[]]
        used = metrics.horizontalAdvance(f"{called}:") + share * self.font if called else 0.0
        for key in keys:
            width = metrics.horizontalAdvance(key.text) + share * self.font * (_symbol_width(key) + 1.1)
            if rows[-1] and used + width - share * self.font > self._room():
                rows.append([])
                used = 0.0
            rows[-1].append((key, width))
            used += width
        return rows

    def _entry_text(self, text: str, left: float, middle: float, share: float) -> float:
        height = QFontMetricsF(font_of(share * self.font)).height()
        return self.text(QPointF(left, middle - height / 2), text, self.colours.muted, share=share)

    def _key(self, key: LegendEntry, left: float, middle: float, share: float) -> None:
        painter, font = self.painter, share * self.font
        used = font * _symbol_width(key)
        colour, scale = QColor(self.colours.shade(key.colour)), share * self.layout.scale
        side = used - 0.3 * font
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if key.dash:
            pen = QPen(colour, 1.6 * scale * self.layout.thickness, c=Qt.PenCapStyle.FlatCap)
            if DASHES[key.dash]:
                pen.setDashPattern([0.7 * part for part in DASHES[key.dash]])
            painter.setPen(pen)
            painter.drawLine(QPointF(left, middle), QPointF(left + side, middle))
        painter.translate(left + side / 2, middle)
        size = round(0.6 * font, 1)
        shape = outline(key.shape, size)
        if key.filled and key.shape not in OPEN:
            painter.fillPath(shape, colour)
        else:
            painter.strokePath(shape, QPen(colour, 1.5 * scale))
        if key.pattern:
            lines = hatching(key.pattern, shape.boundingRect(), 0.45 * size)
            painter.strokePath(lines, QPen(QColor(self.colours.text), 0.9 * scale))
        painter.restore()
        self._entry_text(key.text, left + used, middle, share)

    def text(
        self,
        at: QPointF,
        text: str,
        colour: str,
        align: float = 0.0,
        room: float = 1e9,
        bold: bool = False,
        share: float = 1.0,
        is_formula: bool = False,
    ) -> float:
        """Text with its top at `at`, cut short to `room`, and its left edge (`align` 0), middle or right edge (1) there.

        Variables are in italics. Returns its width.
        """
        usual = font_of(share * self.font, bold)
        metrics = QFontMetricsF(usual)
        if metrics.horizontalAdvance(text) > room:  # Qt cuts all text short where the room is large beyond reason
            text = metrics.elidedText(text, Qt.TextElideMode.ElideRight, max(0.0, room))
        slanted = font_of(share * self.font, bold, italic=True)
        parts = [(part, slanted if italic else usual) for part, italic in runs(text, is_formula)]
        widths = [QFontMetricsF(font).horizontalAdvance(part) for part, font in parts]
        x = at.x() - align * sum(widths)
        self.painter.setPen(QColor(colour))
        for (part, font), width in zip(parts, widths, strict=True):
            if part.strip():  # without spaces at either end, which not all that shows SVGs keeps
                indent = QFontMetricsF(font).horizontalAdvance(part[: len(part) - len(part.lstrip())])
                self.painter.setFont(font)
                self.painter.drawText(QPointF(x + indent, at.y() + metrics.ascent()), part.strip())
            x += width
        return sum(widths)


def _symbol_width(key: LegendEntry) -> float:
    """Width of an entry's mark with the space after it, relative to the font's size."""
    return 2.3 if key.dash else 1.0


def _is_symbol(name: str) -> bool:
    """Whether an axis is named by a symbol, not by words."""
    return len(name) <= LONGEST_SYMBOL


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
    Drawing(font_of(12), style.colours, view, area, scale, EDGE, overhang, thickness=layout.thickness).paint(painter, items)
    painter.restore()
