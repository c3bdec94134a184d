"""A bifurcation diagram as a picture: drawn at the size asked for, with axes and a caption, or the bare picture."""

import numpy as np
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QPainter

from funjax_gui import ticks, tone
from funjax_gui.export_page import Layout, Page, Style, Words, digits, painted, symbol
from funjax_gui.png import Pixels
from kernels.bifurcation import BifurcationFrame, BifurcationRequest
from kernels.geometry import grouped
from kernels.maps import find_map


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
    drawn = painted(layout, style, lambda painter: _write(painter, frame, layout, style))
    rows, columns = picture.shape
    drawn[layout.plot.top() :, layout.plot.left() :][:rows, :columns] = picture
    return drawn


def _write(painter: QPainter, frame: BifurcationFrame, layout: Layout, style: Style) -> None:
    request = frame.request
    page = Page(painter, layout, style)
    words = Words(find_map(request.map).title, formula(request), symbol(request.sweep), "x", caption(frame))
    page.write(words, _legend(page, frame) if style.show == "period" else None)


def formula(request: BifurcationRequest) -> str:
    """The map's rule and the values that are not swept, in one line of text."""
    chosen = find_map(request.map)
    held = [f"{symbol(name)} = {value:.12g}" for name, value in dict(request.parameters).items()]
    return ",   ".join([f"x → {chosen.formula}", *held, f"x₀ = {request.start:.12g}"]).replace(" = -", f" = {ticks.MINUS}")


def caption(frame: BifurcationFrame) -> str:
    """What the picture is, in one line of text."""
    request = frame.request
    view = request.grid.viewport
    axes = ((symbol(request.sweep), view.x_limits), ("x", view.y_limits))
    limits = [f"{name} from {digits(low)} to {digits(high)}" for name, (low, high) in axes]
    steps = f"{grouped(frame.transient)} transient + {grouped(frame.samples)} samples a column"
    return "  ·  ".join([steps, frame.precision, *limits, "funjax"])


def _legend(page: Page, frame: BifurcationFrame) -> float:
    """The colours of the periods that the picture has, right-aligned above it; returns where they begin."""
    found = [int(period) for period in np.unique(frame.period) if period > 0][:7]
    entries = [(period, str(period)) for period in found] + [(0, "chaotic or unresolved")] * bool((frame.period == 0).any())
    right, top = page.plot.right(), 0.5 * page.line
    for period, text in reversed(entries):
        right -= page.text(QPointF(right, top), text, page.colours.muted, align=1.0) + 0.3 * page.font
        red, green, blue = tone.period_colours(np.array([period]), page.colours.background, page.colours.dark)[0]
        side = 0.7 * page.font
        box = QRectF(right - side, top + 0.5 * (page.line - side), side, side)
        page.painter.fillRect(box, QColor(round(red), round(green), round(blue)))
        right -= side + 0.9 * page.font
    right -= page.text(QPointF(right, top), "period", page.colours.muted, align=1.0)
    return right
