"""The layout of an exported page, and its style.

Everything scales with the size of the picture. Fonts need a QGuiApplication; a picture without text does not.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from PySide6.QtCore import QRect, QRectF, QSize
from PySide6.QtGui import QFontMetricsF

from funjax_gui.export.page_setup import CURVE, PageSetup, Size
from funjax_gui.export.page_text import font_of, wrapped
from funjax_gui.figures import ticks
from funjax_gui.style import THEMES, Blend, Colours, Levels, Tone
from funjax_gui.style import colour_maps as tone
from kernels.geometry import Viewport

SHOWN = ("density", "period")
PLANE_SHOWN = ("exponent", "period", "attractors", "spectrum")
"""What a diagram shows, and what the plane of two parameters does."""

LARGEST_SIDE = 32_767
"""Largest side in pixels that Qt can paint."""

SMALLEST_FONT = 9.0

CAPTION = 0.85
"""Size of a caption's font relative to the page's."""

LEGEND = 1.1
"""Height of a row of the legend in lines."""

LOWEST = 3.2
"""Least height of a plot below the main one in lines."""

STEADY = 11
"""Characters for which the labels of axes have room where margins do not depend on these: as many as the longest ones have."""

MOST_ROWS = 4
"""Largest number of rows of a heading or of one line of a caption."""


@dataclass(frozen=True)
class Style:
    """The style of a picture.

    `view` is the part of the plane that it shows, where its request does not say; `basins` has Newton's basins drawn rather than the
    surface. `plain`: the plot area alone; `transparent`: without a background;
    `thickness`: that of a diagram's branches; `stretch`: axes of the same quantity fill their room instead of having equal scales.
    `overlay`: what lies over a diagram, names of `kernels.skeleton.PARTS`, with cycles to `longest_period`; `curves`: the period of the
    curves over a plane of parameters.
    `blend`: a tone between those of a film's pictures, or the levels of a picture's tone found already, in place of `tone`.
    Raises ValueError on a name that is none of `THEMES`, `tone.COLOUR_MAPS`, `tone.TONES`, `SHOWN`, `PLANE_SHOWN`.
    """

    theme: str = "white"
    colour_map: str = "inferno"
    tone: str = "equalised"
    show: str = "density"
    plain: bool = False
    view: Viewport | None = None
    basins: bool = False
    transparent: bool = False
    thickness: int = 1
    stretch: bool = False
    overlay: tuple[str, ...] = ()
    longest_period: int = 8
    curves: int = 0
    setup: PageSetup = field(default_factory=PageSetup)
    blend: Blend | Levels | None = field(default=None, compare=False, repr=False)

    def __post_init__(self) -> None:
        """Check the names."""
        choices = {"theme": THEMES, "colour_map": tone.COLOUR_MAPS, "tone": tone.TONES, "show": (*SHOWN, *PLANE_SHOWN)}
        for name, known in choices.items():
            if getattr(self, name) not in known:
                what = name.replace("_", " ")
                raise ValueError(f"the {what} {getattr(self, name)!r} is not known; choose one of {', '.join(dict.fromkeys(known))}")

    @property
    def toning(self) -> Tone:
        """The tone's name, or what is in its place."""
        return self.blend or self.tone

    @property
    def colours(self) -> Colours:
        """Colours of the theme."""
        return THEMES[self.theme]


@dataclass(frozen=True)
class Layout:
    """Where things lie in a picture of `size` (width, height): the plot area, the font's height in pixels, and the ticks.

    `below` is a smaller plot over the same horizontal axis, whose labels it has, `beside` are plots of their own; neither is there
    where there is no room. A `font` of 0 means that there is no room for words, or that none are wanted: the plot is the whole picture.
    `heading`, `legend` and `caption` are the numbers of rows that these have room for; `line_width` is that of a usual curve in pixels, 0
    for in proportion to the font. `left_out` says which parts that were wanted have no room.
    """

    size: Size
    plot: QRect
    font: float = 0.0
    horizontal: ticks.Ticks | None = None
    vertical: ticks.Ticks | None = None
    below: QRect | None = None
    beside: tuple[QRect, ...] = ()
    heading: int = 0
    legend: int = 0
    caption: int = 0
    bar: bool = False
    line_width: float = 0.0
    left_out: str = ""

    @property
    def grid(self) -> Size:
        """(columns, rows) of the plot area."""
        return self.plot.width(), self.plot.height()

    @property
    def scale(self) -> float:
        """Scale of lines and markers relative to the window, whose font has 13 pixels."""
        return max(1.0, (self.font or min(self.size[0] / 98, self.size[1] / 61)) / 13)

    @property
    def thickness(self) -> float:
        """Factor of the width of lines, from the wanted width of a curve in pixels, if any."""
        return self.line_width / (CURVE * self.scale) if self.line_width else 1.0


@dataclass(frozen=True)
class Parts:
    """What a page has besides its plot.

    `below`: share of the height of a plot below. `beside`: relative heights of plots beside it. `heading`: title and formula. `legend` and
    `caption`: about how many characters these have, for each line of the caption; the texts themselves are known only after computing.
    `bar`: whether there is a colour bar.
    """

    below: float = 0.0
    beside: tuple[float, ...] = ()
    heading: tuple[str, ...] = ("Title",)
    legend: int = 0
    caption: tuple[int, ...] = (110,)
    bar: bool = False

    def wanted(self, style: Style) -> "Parts":
        """These parts without those that the style leaves out, and with the texts that it gives."""
        setup = style.setup
        heading = self.heading if setup.title is None else (setup.title,) * bool(setup.title)
        caption = self.caption if setup.caption is None else tuple(len(line) for line in setup.caption.splitlines())
        legend = self.legend if setup.has("legend") else 0
        return replace(self, heading=heading, legend=legend, caption=caption, bar=self.bar and setup.has("colour-bar"))


BESIDE = 0.27
"""Share of the width for the plots beside the main one, with their labels."""


def lay_out(size: Size, viewport: Viewport, style: Style | None = None, parts: Parts | None = None) -> Layout:
    """The layout of a picture of just `size` pixels, each side at most LARGEST_SIDE. What has no room is left out, the words last."""
    style = style or Style()
    wanted = (parts or Parts()).wanted(style)
    bare = Layout(size, QRect(0, 0, *size), line_width=style.setup.line_width * style.setup.point)
    is_empty = not (style.setup.axes or wanted.heading or wanted.caption or wanted.legend or wanted.bar or wanted.below or wanted.beside)
    if style.plain or is_empty:
        return bare
    beside = "the plots beside it" if wanted.beside else ""
    both = " and ".join(filter(None, (beside, "the plot below it" if wanted.below else "")))
    alone = replace(wanted, beside=(), below=0.0)
    half, short = (replace(alone, caption=tuple(max(1, round(share * line)) for line in wanted.caption)) for share in (0.5, 0.0))
    without_words = [
        (half, "a caption of full size"),
        (short, "the whole caption"),
        (replace(short, legend=1), "the whole legend and caption"),
    ]
    tried = [(wanted, ""), (replace(wanted, beside=()), beside), (alone, both)]
    tried += [(each, " and ".join(filter(None, (both, words)))) for each, words in without_words]
    for each, left_out in tried:
        if (found := _laid_out(bare, viewport, style.setup, each)) is not None:
            return replace(found, left_out=left_out)
    return replace(bare, left_out="text and axes")


def _rows(characters: int, metrics: QFontMetricsF, share: float, room: float) -> int:
    """Rows that so many characters need, at this share of the font's size."""
    return min(MOST_ROWS, math.ceil(characters * share * metrics.averageCharWidth() / max(1.0, room)))


def heading_rows(heading: Sequence[str], font: float, room: float) -> list[list[str]]:
    """The rows of a heading: title and formula in one row if they have room, else one after the other."""
    if not heading:
        return []
    title, *rest = heading
    bold, usual = QFontMetricsF(font_of(font, bold=True)), QFontMetricsF(font_of(font))
    used = bold.horizontalAdvance(title) + 1.5 * font
    if rest and used + usual.horizontalAdvance(rest[0]) <= room:
        return [[title, rest[0]]]
    rows = [[line] for line in wrapped(title, bold, room, MOST_ROWS)]
    return rows + [["", line] for text in rest for line in wrapped(text, usual, room, MOST_ROWS)]


def _laid_out(bare: Layout, viewport: Viewport, setup: PageSetup, parts: Parts) -> Layout | None:
    """The layout with all these parts; None if one would be too small."""
    width, height = bare.size
    font = setup.font_size * setup.point or max(SMALLEST_FONT, min(width / 98, height / 61))
    metrics = QFontMetricsF(font_of(font))
    line = metrics.height()
    column = BESIDE * width if parts.beside else 0.0
    room = width - (7.0 if setup.axes else 1.5) * font
    heading = len(heading_rows(parts.heading, font, room))
    legend = _rows(parts.legend, metrics, 1.0, room)
    caption = sum(max(1, _rows(count, metrics, CAPTION, room)) for count in parts.caption)
    top = (1.2 + heading) * line if heading else 0.7 * line
    rows = LEGEND * (legend + parts.bar) + 0.95 * caption
    bottom = (0.5 * font + 2.35 * line if setup.axes else 0.4 * line) + (rows + 0.6 * (rows > 0)) * line
    gap = round(line) if parts.below else 0
    least = LOWEST * line if parts.below else 0.0
    share = max(0.0, min(1.0, 1 - max(parts.below, least / max(1.0, height - top - bottom - gap))))
    vertical = ticks.vertical_ticks(*viewport.y_limits, max(1.0, share * (height - top - bottom)), wanted=3.7 * font)
    top += 1.1 * line if (vertical.base or setup.steady) and setup.axes else 0
    character = metrics.horizontalAdvance("0")
    reserved = STEADY * character if setup.steady else 0.0
    left, right = (2.4 * font + max(reserved, _widest(vertical, metrics)) + line, 2.0 * font) if setup.axes else (0.7 * line, 0.7 * line)
    across = max(1.0, width - left - right - column)
    horizontal = ticks.horizontal_ticks(*viewport.x_limits, across, character, wanted=7 * font, shorten=True)
    # A long label may extend beyond either end.
    overhang = max(reserved, _widest(horizontal, metrics)) / 2 + 0.5 * font if setup.axes else 0.0
    left, right = max(left, overhang), max(right, overhang) + column
    whole = QRect(round(left), round(top), round(width - left - right), round(height - top - bottom))
    plot = QRect(whole.topLeft(), QSize(whole.width(), round(share * (whole.height() - gap))))
    below = QRect(plot.left(), plot.top() + plot.height() + gap, plot.width(), whole.height() - gap - plot.height())
    beside = _stacked(QRectF(width - column, whole.top(), column, whole.height()), parts.beside, font, line)
    small = parts.below and below.height() < 3 * line
    narrow = any(area.width() < 10 * font or area.height() < 5 * line for area in beside)
    if plot.width() < max(96, 0.4 * width) or plot.height() < max(64, 0.4 * height) or small or narrow:
        return None
    horizontal = ticks.horizontal_ticks(*viewport.x_limits, plot.width(), character, wanted=7 * font, shorten=True)
    found = replace(bare, plot=plot, font=font, horizontal=horizontal, vertical=vertical, below=below if parts.below else None)
    return replace(found, beside=beside, heading=heading, legend=legend, caption=caption, bar=parts.bar)


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
