"""Exported page of a bifurcation diagram: with axes, Lyapunov exponents and a caption, or the picture alone."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QColor, QPainter

from funjax_gui.export import Labels, Layout, LegendEntry, Page, Parts, SheetPage, Size, Style, lay_out, sketch
from funjax_gui.figures import KINDS, WIDTHS, ColourBar, Item, Label, Marks, branches, density_bar, exponents, period_labels, skeleton_items
from funjax_gui.files import Pixels
from funjax_gui.formatting import MINUS, limit
from funjax_gui.formulas import find_map
from funjax_gui.style import Counts, Tally, colour_maps, colour_sides
from funjax_gui.tabs.bifurcation import edits, sides
from funjax_gui.tabs.bifurcation.status_text import arithmetic, closed_form, containment, thin_line
from kernels.bifurcation import QUASIPERIODIC, UNDEFINED, BifurcationFrame, BifurcationRequest
from kernels.geometry import Viewport
from kernels.skeleton import SkeletonFrame
from kernels.validation import grouped

PANELS = {"lyapunov": "Lyapunov exponents", "colour-bar": "Colour bar", "legend": "Legend of periods"}
"""Parts of the page besides the diagram, by name."""

THINNEST = 1.1
"""Width in pixels from which branches are drawn as lines; thinner ones are the pixels of the picture."""

UNIT = Viewport.from_limits(0, 1, 0, 1)
"""The view of items in window units."""

SMALL = 400
"""Width in pixels below which a picture, such as a thumbnail, has no room for named points."""

NAMED = 7
"""Maximum number of periods in the legend."""


def layout(request: BifurcationRequest, size: Size, style: Style) -> Layout:
    """Layout of a page of that size."""
    below = 0.17 if style.setup.has("lyapunov") else 0.0
    both = request.follow == "both"
    legend = 70 if both or style.show == "period" else 0
    heading = find_map(request.map).title, formula(request)
    lines = (len(line) for line in _key(style.overlay, style.longest_period))
    caption = (160 if request.follow or request.line else 110, *lines)
    parts = Parts(below, heading=heading, legend=legend, caption=caption, bar=style.show == "density" and not both)
    return lay_out(size, request.grid.viewport, style, parts)


def sheet(frame: BifurcationFrame, layout: Layout, style: Style, skeleton: SkeletonFrame | None = None) -> SheetPage:
    """The page, with the overlays of `skeleton`. `frame` has the grid of the layout."""
    picture, both = pixels(frame, style), frame.other is not None
    lines = [] if both else _branches(frame, layout, style, picture)

    def paint(painter: QPainter) -> None:
        names = period_labels(frame.period) if style.show == "period" and layout.font and not both else []
        sketch(painter, layout, style, UNIT, layout.plot, [*lines, *names])
        if skeleton is not None:
            over = [item for item in skeleton_items(skeleton) if layout.plot.width() >= SMALL or not isinstance(item, Label | Marks)]
            sketch(painter, layout, style, frame.request.grid.viewport, layout.plot, over)
        if not layout.font:
            return
        page = Page(painter, layout, style)
        chosen = find_map(frame.request.map)
        axes = edits.axis(frame.request), frame.request.observe or "x"
        keyed = [*_key(skeleton.request.parts, skeleton.request.most_period), *filter(None, [skeleton.note])] if skeleton else []
        words = Labels(chosen.title, formula(frame.request), *axes, [caption(frame), *keyed])
        if both:
            page.write(words, sides.keys(style.colours.dark), "from")
        else:
            page.write(words, keys(frame, style) if style.show == "period" else (), "period", _bar(frame, style))
        columns = layout.plot.width()
        below = exponents((np.arange(columns) + 0.5) / columns, frame.lyapunov, second=thin_line(frame))
        page.write_below(below.view, below.items, below.y_label)

    title = f"{find_map(frame.request.map).title}: {formula(frame.request)}"
    return SheetPage(layout, style, title, caption(frame), picture, paint if layout.font or lines or skeleton else None)


def _bar(frame: BifurcationFrame, style: Style) -> ColourBar | None:
    ramp = colour_maps.shades(style.colour_map, style.colours.background, style.colours.dark)
    return density_bar(int(frame.counts.max()), style.tone, ramp) if style.show == "density" else None


def _branches(frame: BifurcationFrame, layout: Layout, style: Style, picture: Pixels) -> list[Item]:
    """Lines of the cycles, where they are to be thicker than the pixels of the picture."""
    if style.thickness * layout.scale * layout.thickness < THINNEST:
        return []
    return branches(frame.counts, frame.period, picture, WIDTHS[style.thickness])


def pixels(frame: BifurcationFrame, style: Style) -> Pixels:
    """Colours of the picture, 0xffRRGGBB. Shape (rows, columns), top row first."""
    if frame.other is not None:
        colours = style.colours
        return colour_sides(frame.counts, frame.other.counts, style.blend or style.tone, colours.background, colours.dark)
    painter = DiagramPainter(frame.request, style, {"period": frame.kinds})
    painter.look(frame.counts)
    return painter.paint(frame.counts)


class DiagramPainter:
    """Colours of the picture, which may come in parts, so that its tone is that of the whole: look at all of them, then paint them.

    `columns` has the array `period` of the whole picture, and may have `quasiperiodic`.
    """

    arrays, stored = ("counts",), 4

    def __init__(self, request: BifurcationRequest, style: Style, columns: Mapping[str, NDArray[Any]]) -> None:
        self.style, self.period = style, columns["period"]
        if "quasiperiodic" in columns:
            self.period = np.where(columns["quasiperiodic"], QUASIPERIODIC, self.period)
        sizes = (colour_maps.STRENGTHS, colour_maps.PERIOD_LIMIT) if style.show == "period" else (colour_maps.SHADES, colour_maps.LIMIT)
        self._tally = Tally(style.tone, *sizes)

    def look(self, counts: Counts) -> None:
        """Note the counts of rows of the picture."""
        self._tally.add(counts)

    def paint(self, counts: Counts) -> Pixels:
        """The colours of rows of the picture, 0xffRRGGBB. Shape (rows, columns), both."""
        colours = self.style.colours
        tone = self.style.blend or self._tally.levels()
        if self.style.show == "period":
            return colour_maps.colour_by_period(counts, self.period, tone, colours.background, colours.dark)
        ramp = colour_maps.shades(self.style.colour_map, colours.background, colours.dark)
        return colour_maps.colour(counts, tone, ramp, colours.background)


def formula(request: BifurcationRequest) -> str:
    """Formula of the map and values of the other parameters, in one line."""
    chosen = find_map(request.map)
    held = [f"{chosen.parameter(name).symbol} = {value:.12g}" for name, value in dict(request.parameters).items()]
    start = [f"{name}₀ = {value:.12g}" for name, value in zip(chosen.coordinates, request.origin, strict=True)]
    return ",   ".join([chosen.mapping, *held, *start]).replace(" = -", f" = {MINUS}")


def caption(frame: BifurcationFrame) -> str:
    """Caption in one line."""
    request = frame.request
    view = request.grid.viewport
    axes = ((edits.symbol(request), view.x_limits), (request.observe or "x", view.y_limits))
    limits = [f"{name} from {limit(low)} to {limit(high)}" for name, (low, high) in axes]
    limits += [f"along {edits.ends(request)}"] if request.line else []
    steps = f"{grouped(frame.transient)} transient + {grouped(frame.samples)} samples per column"
    return "  ·  ".join([*closed_form(frame), steps, *sides.summary(frame), arithmetic(frame), *containment(frame), *limits, "funjax"])


def _key(parts: tuple[str, ...], longest: int) -> list[str]:
    """What the lines and marks of overlays mean, in one line; none without overlays."""
    words = {
        "unstable-cycles": f"cycles to period {longest}: solid attracting, dashed repelling",
        "critical-curves": "12 images of the critical points",
        "named": ", ".join(f"{short} {name}" for short, _, name in KINDS.values()),
    }
    return ["  ·  ".join(words[part] for part in parts)] if parts else []


def keys(frame: BifurcationFrame, style: Style) -> list[LegendEntry]:
    """Legend of the periods in the picture."""
    found = [int(period) for period in np.unique(frame.period) if period > 0][:NAMED]
    named = [(period, str(period)) for period in found] + [(0, "chaotic or unresolved")] * bool((frame.kinds == 0).any())
    named += [(QUASIPERIODIC, "quasi-periodic")] * bool((frame.kinds == QUASIPERIODIC).any())
    named += [(UNDEFINED, "undefined")] * bool((frame.period == UNDEFINED).any())
    shades = colour_maps.period_colours(np.array([period for period, _ in named]), style.colours.background, style.colours.dark)
    return [LegendEntry(text, QColor(*(round(c) for c in shade)).name()) for (_, text), shade in zip(named, shades.tolist(), strict=True)]
