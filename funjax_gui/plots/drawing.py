"""The painter of items of figures, for plots in the window and exported pages alike.

Coordinates are float64 numbers relative to the viewport, so that a deep zoom is as accurate as a wide view.
"""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QPen, QPixmap

from funjax_gui.figures import (
    DASHES,
    OPEN,
    Arrow,
    Bands,
    Circle,
    Histogram,
    Item,
    Label,
    Marks,
    Points,
    Polyline,
    Rays,
    Rule,
    Split,
    outline,
)
from funjax_gui.plots import bands
from funjax_gui.plots.lines import DOT, between, decimated, filled, path_through, seen_parts, shares_of, spaced
from funjax_gui.plots.marker_cache import Stamps, paint_together, write
from funjax_gui.style import Colours
from kernels.geometry import Viewport, split

FAR = 1e4
"""Distance in pixels outside the plot area at which lines are cut: QPainter clips incorrectly for coordinates far outside the viewport."""

THIN = 1.5
"""Largest line width with bevelled joins: thinner lines look the same as with round joins, which take twice as long."""

HEAD = 9.0
"""Length of an arrow head in pixels."""

RIM = 7.0
"""Distance in pixels from the edge at which points at infinity are drawn."""

MOST_MARKS = 3000
"""Number of markers of one kind above which only one is drawn in each pixel."""

Made = TypeVar("Made")


class Drawing:
    """Draws items on a painter, as they lie in `view`, over and no farther than `area`, which has `ratio` pixels of the device a unit.

    far: how far outside the area lines are cut: not at its edge, where a dash pattern would run as the view moves. overhang: how far
    marks at the edge stand out of the area. stamps: on a screen marks are put down as stamps and bands as tiles, lines are thinned and
    some not smoothed, which is faster; without them all is drawn as vectors. What is computed of an item is kept, so that the same
    drawing paints it again at once. thickness: factor of the width of lines.
    """

    def __init__(
        self,
        font: QFont,
        colours: Colours,
        view: Viewport,
        area: QRectF,
        ratio: float = 1.0,
        far: float = FAR,
        overhang: float = 0.0,
        stamps: Stamps | None = None,
        thickness: float = 1.0,
    ) -> None:
        self.font, self.colours, self.view, self.area = font, colours, view, area
        self.ratio, self.far, self.overhang, self.stamps, self.thickness = ratio, far, overhang, stamps, thickness
        self._across = (*split(view.x), view.half_width)
        self._up = (*split(view.y), view.half_height)
        self._kept: dict[Item, Any] = {}

    def pixels(self, points: Points) -> Points:
        """Places of the plane in the view's pixels. Shapes (k, 2)."""
        area = self.area
        u, v = shares_of(points[:, 0], *self._across), shares_of(points[:, 1], *self._up)
        return np.stack([area.left() + u * area.width(), area.bottom() - v * area.height()], axis=1)

    @np.errstate(over="ignore", invalid="ignore")  # points too far away to draw are left out
    def paint(self, painter: QPainter, items: Sequence[Item]) -> None:
        """Draw the items, the first below the others; of labels that would overlap the first."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(self.font)
        beyond, self._labels = self.overhang, list[QRectF]()
        for item in items:
            painter.setClipRect(self.area.adjusted(-beyond, -beyond, beyond, beyond) if isinstance(item, Marks) else self.area)
            _PAINT[type(item)](self, painter, item)

    def forget_all_but(self, items: Sequence[Item]) -> None:
        """Discard the cache of all other items."""
        self._kept = {item: self._kept[item] for item in items if item in self._kept}

    def _once(self, item: Item, make: Callable[[], Made]) -> Made:
        """Cached data of an item, computed when it is first drawn."""
        if item not in self._kept:
            self._kept[item] = make()
        found: Made = self._kept[item]
        return found

    def _pen(self, role: str, width: float, dash: str = "solid", opacity: float = 1.0) -> QPen:
        colour = QColor(self.colours.shade(role))
        colour.setAlphaF(opacity)
        pen = QPen(colour, width * self.thickness)
        pen.setCapStyle(Qt.PenCapStyle.FlatCap if DASHES[dash] else Qt.PenCapStyle.RoundCap)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin if width > THIN else Qt.PenJoinStyle.BevelJoin)
        if DASHES[dash]:
            pen.setDashPattern(DASHES[dash])
        return pen

    def _stroke(self, painter: QPainter, path: QPainterPath, pen: QPen, halo: bool) -> None:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if halo:
            painter.setPen(self._pen("background", pen.widthF() / self.thickness + 2.4, opacity=0.55))
            painter.drawPath(path)
        painter.setPen(pen)
        painter.drawPath(path)

    def _line(self, pixels: Points) -> QPainterPath:
        """The line through pixels (k, 2), as far as it is drawn."""
        return path_through(self._thinned(pixels), self.area.adjusted(-self.far, -self.far, self.far, self.far))

    def _thinned(self, pixels: Points) -> Points:
        return pixels if self.stamps is None else decimated(pixels, int(self.area.width()))

    def _paint_path(self, painter: QPainter, item: Polyline) -> None:
        pen = self._pen(item.role, item.width, item.dash, item.opacity)
        if item.hair:
            pen.setWidthF(1.0 / self.ratio if self.stamps is not None else self.thickness)
        if item.smooth and self.stamps is not None:
            self._paint_parts(painter, item, pen)
        else:
            self._stroke(painter, self._once(item, lambda: self._line(self.pixels(item.points))), pen, item.halo)

    def _paint_parts(self, painter: QPainter, item: Polyline, pen: QPen) -> None:
        """A line of many parts, those that are dots as stamps: a thousand of them take the painter's strokes 15 ms."""

        def make() -> tuple[QPainterPath, Points]:
            parts, dots = seen_parts(self.pixels(item.points), self.area, pen.widthF())
            return self._line(parts), dots

        line, dots = self._once(item, make)
        pen.setJoinStyle(Qt.PenJoinStyle.BevelJoin)
        self._stroke(painter, line, pen, item.halo)
        if self.stamps is not None:
            self.stamps.put_dots(painter, dots.T, pen.widthF() + DOT / 2, pen.color())

    def _paint_rule(self, painter: QPainter, item: Rule) -> None:
        at = self.pixels(np.full((1, 2), item.at))[0]
        if not np.isfinite(at).all():
            return
        area = self.area
        ends = ((at[0], area.bottom()), (at[0], area.top())) if item.upright else ((area.left(), at[1]), (area.right(), at[1]))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, self.stamps is None)
        self._stroke(painter, self._line(np.array(ends)), self._pen(item.role, item.width, item.dash, item.opacity), False)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)

    # --- marks ---

    def _paint_marks(self, painter: QPainter, item: Marks) -> None:
        places = self._once(item, lambda: self._seen(item))
        colour = QColor(self.colours.shade(item.role))

        def mark(on: QPainter) -> None:
            self._paint_mark(on, item, colour)

        if self.stamps is not None:
            kind = item.shape, item.size, item.filled, item.halo, colour.rgba(), self.colours.background
            self.stamps.put(painter, places.T, kind, item.size + 2.0, mark)
        elif not item.halo:
            paint_together(painter, item, places, colour)
        else:
            for x, y in places.tolist():
                painter.translate(x, y)
                mark(painter)
                painter.translate(-x, -y)
        last = self.pixels(item.points[-1:]) if item.label else np.empty((0, 2))
        if len(last) and np.isfinite(last).all() and self._near(item).contains(*last[0]):
            self._write(painter, QPointF(*last[0]) + QPointF(item.size, -item.size), item.label, colour)

    def _near(self, item: Marks) -> QRectF:
        """Where marks are that are seen, at least in part."""
        reach = 0.5 if self.overhang or not item.halo else item.size
        return self.area.adjusted(-reach, -reach, reach, reach)

    def _seen(self, item: Marks) -> Points:
        """The marks' places in the view's pixels, of those that are seen. Shape (k, 2)."""
        places, area = self.pixels(item.points), self._near(item)
        if item.rim:
            height = item.points[:, 1]
            low = np.where(np.isfinite(height), places[:, 1], self.area.bottom() - RIM)
            places[:, 1] = np.where(np.isposinf(height), self.area.top() + RIM, low)
        if item.gap:
            places = spaced(places, item.gap)
        inside = (places >= [area.left(), area.top()]) & (places <= [area.right(), area.bottom()])
        places = places[inside.all(axis=1)]
        if len(places) > MOST_MARKS:
            column, row = np.floor((places - [area.left(), area.top()]) * self.ratio).T
            _, first = np.unique(column * np.ceil(area.height() * self.ratio + 1) + row, return_index=True)
            places = places[first]
        return places

    def _paint_mark(self, painter: QPainter, item: Marks, colour: QColor) -> None:
        shape, filled = outline(item.shape, item.size), item.filled and item.shape not in OPEN
        if not item.halo:
            if filled:
                painter.fillPath(shape, colour)
            else:
                painter.strokePath(shape, QPen(colour, 1.4))
            return
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(self._pen("background", 4.0 / self.thickness, opacity=0.75))
        painter.drawPath(shape)
        painter.setPen(QPen(colour, 1.6))
        painter.setBrush(colour if filled else Qt.BrushStyle.NoBrush)
        painter.drawPath(shape)

    def _write(self, painter: QPainter, at: QPointF, text: str, colour: QColor) -> None:
        metrics = QFontMetricsF(self.font)
        width = metrics.horizontalAdvance(text)
        x = min(max(at.x(), self.area.left() + 3), self.area.right() - width - 3)
        y = min(max(at.y(), self.area.top() + metrics.ascent() + 2), self.area.bottom() - 4)
        halo = self._pen("background", 3.0 / self.thickness, opacity=0.8)
        if self.stamps is not None:
            self.stamps.put_text(painter, x, y, self.font, text, colour, halo)
        else:
            write(painter, x, y, self.font, text, colour, halo)

    def _paint_label(self, painter: QPainter, item: Label) -> None:
        at = self.pixels(item.at[None])[0]
        width, height = (metrics := QFontMetricsF(self.font)).horizontalAdvance(item.text), metrics.ascent()
        left = min(max(at[0] - width / 2, self.area.left() + 3), self.area.right() - width - 3)  # as it will be written
        room = QRectF(left, at[1] - (0.5 + item.raised) * height, width, height)
        if np.isfinite(at).all() and self.area.contains(*at) and not any(room.intersects(other) for other in self._labels):
            self._labels.append(room.adjusted(-4, -2, 4, 2))
            self._write(painter, room.bottomLeft(), item.text, QColor(self.colours.shade(item.role)))

    def _paint_arrow(self, painter: QPainter, item: Arrow) -> None:
        ends = self.pixels(np.stack([item.start, item.end]))
        if not np.isfinite(ends).all():
            return
        pen = self._pen(item.role, item.width, item.dash)
        self._stroke(painter, self._line(ends), pen, halo=True)
        tip, way = ends[1], ends[1] - ends[0]
        length = float(np.hypot(*way))
        if length < 2 or not self.area.adjusted(-9, -9, 9, 9).contains(*tip):
            return
        way, head = way / length, min(HEAD, length)
        side = np.array([-way[1], way[0]]) * 0.45
        corners = [tip, tip - head * (way - side), tip - head * (way + side)]
        triangle = QPainterPath(QPointF(*corners[0]))
        for corner in corners[1:]:
            triangle.lineTo(QPointF(*corner))
        triangle.closeSubpath()
        painter.fillPath(triangle, pen.color())

    def _paint_circle(self, painter: QPainter, item: Circle) -> None:
        centre = self.pixels(item.centre[None])[0]
        edge = self.pixels(item.centre[None] + item.radius)[0]
        rx, ry = abs(edge[0] - centre[0]), abs(edge[1] - centre[1])
        if not np.isfinite([rx, ry, *centre]).all():
            return
        angle = np.linspace(0, 2 * np.pi, 181)
        line = self._line(np.stack([centre[0] + rx * np.cos(angle), centre[1] + ry * np.sin(angle)], axis=1))
        self._stroke(painter, line, self._pen(item.role, item.width, item.dash), halo=True)

    def _paint_rays(self, painter: QPainter, item: Rays) -> None:
        centre = self.pixels(item.centre[None])[0]
        scale = np.array([self.area.width() / self.view.half_width, -self.area.height() / self.view.half_height])
        for number, direction in enumerate(item.directions):
            way = direction * scale
            length = float(np.hypot(*way))
            if not np.isfinite(length) or length == 0 or not self.area.contains(*centre):
                continue
            path = QPainterPath(QPointF(*(centre - (way := item.pixels * way / length))))
            path.lineTo(QPointF(*(centre + way)))
            self._stroke(painter, path, self._pen(item.role, 1.2, item.dash, 0.9), halo=True)
            if number < len(item.labels):
                back = 0.0 if way[0] >= 0 else 8 + QFontMetricsF(self.font).horizontalAdvance(item.labels[number])
                end = QPointF(*(centre + way)) + QPointF(4 - back, 4)
                self._write(painter, end, item.labels[number], QColor(self.colours.shade(item.role)))

    def _paint_split(self, painter: QPainter, item: Split) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, self.stamps is None)
        shade, parts = self._once(item, lambda: self._split(item))
        painter.drawPixmap(self.area.topLeft(), shade)
        for role, part, fill, line in parts:
            painter.save()
            if self.stamps is not None:
                painter.setClipRect(part, Qt.ClipOperation.IntersectClip)
            painter.fillPath(fill, self._pen(role, 1.0, opacity=bands.SHADE).color())
            painter.strokePath(line, self._pen(role, item.width))
            painter.restore()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)

    def _split(self, item: Split) -> tuple[QPixmap, list[tuple[str, QRectF, QPainterPath, QPainterPath]]]:
        """Pixels between line and zero; of both parts the role, the place, what is filled, the line: cut where viewers may not clip."""
        places, area = self._thinned(self.pixels(item.points)), self.area
        zero = min(max(float(self.pixels(np.zeros((1, 2)))[0, 1]), area.top()), area.bottom())
        parts = (item.above, between(area, area.top(), zero)), (item.below, between(area, zero, area.bottom()))
        if self.stamps is None:
            return QPixmap(), [(role, part, filled(places, zero, part), path_through(places, part)) for role, part in parts]
        line = path_through(places, area.adjusted(-self.far, -area.height(), self.far, area.height()))
        shade = bands.shade(places, zero, area, self.ratio, *(self.colours.shade(role) for role, _ in parts))
        return shade, [(role, part, QPainterPath(), line) for role, part in parts]

    def _paint_histogram(self, painter: QPainter, item: Histogram) -> None:
        heights = np.concatenate([[0.0], np.repeat(item.heights, 2), [0.0]])
        outline = self._line(self.pixels(np.stack([np.repeat(item.edges, 2), heights], axis=1)))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, self.stamps is None)
        painter.fillPath(outline, self._pen(item.role, 1.0, opacity=0.25).color())
        painter.strokePath(outline, self._pen(item.role, 1.0))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)

    def _paint_bands(self, painter: QPainter, item: Bands) -> None:
        if self.stamps is None:
            bands.paint_vectors(painter, item.bands, self.band_ends(item), self.area, self.colours)
        elif not self.area.isEmpty():
            tile = self._once(item, lambda: bands.tile(item.bands, self.band_ends(item), self.area, self.ratio, self.colours))
            painter.drawTiledPixmap(self.area, tile)

    def band_ends(self, item: Bands) -> Points:
        """The bands' ends in the view's pixels, cut at the plot area. Shape (bands, 2)."""
        ends = np.array([(band.low, band.high) for band in item.bands]).reshape(-1, 2)
        at = np.clip(np.nan_to_num(shares_of(ends, *self._across), nan=0.0), 0.0, 1.0)
        return np.asarray(self.area.left() + at * self.area.width(), np.float64)


_PAINT: dict[type, Any] = {
    Polyline: Drawing._paint_path,
    Marks: Drawing._paint_marks,
    Arrow: Drawing._paint_arrow,
    Circle: Drawing._paint_circle,
    Rays: Drawing._paint_rays,
    Rule: Drawing._paint_rule,
    Split: Drawing._paint_split,
    Histogram: Drawing._paint_histogram,
    Label: Drawing._paint_label,
    Bands: Drawing._paint_bands,
}
