"""The layout of an exported page, and its style.

Everything scales with the size of the picture. Fonts need a QGuiApplication; a picture without text does not.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from PySide6.QtCore import QRect, QRectF, QSize
from PySide6.QtGui import QFont, QFontMetricsF

from funjax_gui.figures import ticks
from funjax_gui.style import THEMES, Colours
from funjax_gui.style import colour_maps as tone
from kernels.geometry import Viewport

SHOWN = ("density", "period")

LARGEST_SIDE = 32_767
"""Largest side in pixels that Qt can paint."""

SMALLEST_FONT = 9.0

Size = tuple[int, int]


@dataclass(frozen=True)
class Style:
    """The style of a picture.

    `view` is the part of the plane that it shows, where its request does not say; `basins` has Newton's basins drawn rather than the
    surface. Raises ValueError on a name that is none of `THEMES`, `tone.COLOUR_MAPS`, `tone.TONES`, `SHOWN`.
    """

    theme: str = "white"
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
        """Colours of the theme."""
        return THEMES[self.theme]


@dataclass(frozen=True)
class Layout:
    """Where things lie in a picture of `size` (width, height): the plot area, the font's height in pixels, and the ticks.

    `below` is a smaller plot over the same horizontal axis, whose labels it has, `beside` are plots of their own; neither is there
    where there is no room. A `font` of 0 means that there is no room for words, or that none are wanted: the plot is the whole picture.
    """

    size: Size
    plot: QRect
    font: float = 0.0
    horizontal: ticks.Ticks | None = None
    vertical: ticks.Ticks | None = None
    below: QRect | None = None
    beside: tuple[QRect, ...] = ()

    @property
    def grid(self) -> Size:
        """(columns, rows) of the plot area."""
        return self.plot.width(), self.plot.height()

    @property
    def scale(self) -> float:
        """Scale of lines and markers relative to the window, whose font has 13 pixels."""
        return max(1.0, (self.font or min(self.size[0] / 98, self.size[1] / 61)) / 13)


@dataclass(frozen=True)
class Parts:
    """What a page has besides its plot: the share of the height of a plot below, those of plots beside it, and the caption's lines."""

    below: float = 0.0
    beside: tuple[float, ...] = ()
    lines: int = 1


BESIDE = 0.27
"""Share of the width for the plots beside the main one, with their labels."""


def lay_out(size: Size, viewport: Viewport, plain: bool = False, parts: Parts | None = None) -> Layout:
    """The layout of a picture of just `size` pixels, each side at most LARGEST_SIDE. What has no room is left out, the words last."""
    parts = parts or Parts()
    bare = Layout(size, QRect(0, 0, *size))
    if plain:
        return bare
    tried = (parts, replace(parts, beside=()), replace(parts, beside=(), below=0.0))
    return next((found for wanted in tried if (found := _laid_out(size, viewport, wanted)) is not None), bare)


def _laid_out(size: Size, viewport: Viewport, parts: Parts) -> Layout | None:
    """The layout with all these parts; None if one would be too small."""
    width, height = size
    font = max(SMALLEST_FONT, min(width / 98, height / 61))
    metrics = QFontMetricsF(font_of(font))
    line = metrics.height()
    column = BESIDE * width if parts.beside else 0.0
    top, bottom = 2.2 * line, 0.5 * font + (2.95 + 0.95 * parts.lines) * line
    share = 1 - parts.below
    vertical = ticks.vertical_ticks(*viewport.y_limits, max(1.0, share * (height - top - bottom)), wanted=3.7 * font)
    top += 1.1 * line if vertical.base else 0
    left, right = 2.4 * font + _widest(vertical, metrics) + line, 2.0 * font
    character = metrics.horizontalAdvance("0")
    horizontal = ticks.horizontal_ticks(*viewport.x_limits, max(1.0, width - left - right - column), character, wanted=7 * font)
    # A long label may extend beyond either end.
    overhang = _widest(horizontal, metrics) / 2 + 0.5 * font
    left, right = max(left, overhang), max(right, overhang) + column
    whole = QRect(round(left), round(top), round(width - left - right), round(height - top - bottom))
    gap = round(line) if parts.below else 0
    plot = QRect(whole.topLeft(), QSize(whole.width(), round(share * (whole.height() - gap))))
    below = QRect(plot.left(), plot.top() + plot.height() + gap, plot.width(), whole.height() - gap - plot.height())
    beside = _stacked(QRectF(width - column, whole.top(), column, whole.height()), parts.beside, font, line)
    small = parts.below and below.height() < 3 * line
    narrow = any(area.width() < 10 * font or area.height() < 5 * line for area in beside)
    if plot.width() < max(96, 0.4 * width) or plot.height() < max(64, 0.4 * height) or small or narrow:
        return None
    horizontal = ticks.horizontal_ticks(*viewport.x_limits, plot.width(), character, wanted=7 * font)
    return Layout(size, plot, font, horizontal, vertical, below if parts.below else None, beside)


def _stacked(column: QRectF, shares: Sequence[float], font: float, line: float) -> tuple[QRect, ...]:
    """Plots one below another in a column, with room for the labels of each."""
    title, labels = 1.4 * line, 0.5 * font + 2.1 * line
    room = column.height() - len(shares) * title - max(0, len(shares) - 1) * labels
    found, top = [], column.top()
    for share in shares:
        height = max(0.0, room * share / sum(shares))
        found.append(QRectF(column.left() + 3.6 * font, top + title, column.width() - 5.6 * font, height).toRect())
        top += title + height + labels
    return tuple(found)


def _widest(found: ticks.Ticks, metrics: QFontMetricsF) -> float:
    return max((metrics.horizontalAdvance(label) for _, label in found.majors), default=0.0)


def font_of(height: float, bold: bool = False) -> QFont:
    """The font of a page, so many pixels high."""
    font = QFont()
    font.setPixelSize(max(1, round(height)))
    font.setBold(bold)
    return font
