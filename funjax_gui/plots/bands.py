"""What is filled on a screen as pixels: bands of a plot's horizontal axis, and what lies between a line of many points and zero.

Bands are one tile, as wide as the plot and repeated downwards. Filling hundreds of narrow rectangles, or a path of 1,000 points, takes the
painter 4 ms and more; numpy fills the pixels in a fraction of that.
"""

import functools
from collections.abc import Iterator, Sequence
from itertools import groupby

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QPen, QPixmap

from funjax_gui.figures import PATTERNS, Band, hatching
from funjax_gui.style import Colours

Values = NDArray[np.float64]

PERIOD = 8
"""Period of the patterns in pixels, across and down."""

NARROW = 4
"""Largest width in pixels of bands without drawn edges."""

SHADE = 0.3
"""Opacity of what lies between a line and zero."""


def tile(bands: Sequence[Band], ends: Values, area: QRectF, ratio: float, colours: Colours) -> QPixmap:
    """The tile for bands with these ends, shape (bands, 2), in the units of `area`, which have `ratio` pixels each."""
    width = round(area.width() * ratio)
    layers = np.zeros((PERIOD, width, 4), np.float32)
    places = (ends - area.left()) * ratio
    for (pattern, role, strength), members in alike(bands):
        mine = places[sorted(members, key=lambda n: places[n, 0])]
        lay(layers, mine, QColor(colours.shade(role)), strength, pattern, ratio)
    image = QImage(np.round(255 * layers).astype(np.uint8).tobytes(), width, PERIOD, 4 * width, QImage.Format.Format_RGBA8888_Premultiplied)
    made = QPixmap.fromImage(image)
    made.setDevicePixelRatio(ratio)
    return made


def shade(line: Values, level: float, area: QRectF, ratio: float, above: str, below: str) -> QPixmap:
    """The pixels of `area` whose middles lie between the line (k, 2), ascending in x, and the ordinate `level`.

    All in the units of `area`, which have `ratio` pixels each. `above` and `below` are the colours there, "#rrggbb". A line that is NaN is
    at the level.
    """
    width, height = round(area.width() * ratio), round(area.height() * ratio)
    columns, rows = area.left() + (np.arange(width) + 0.5) / ratio, (area.top() + (np.arange(height) + 0.5) / ratio)[:, None]
    heights = np.clip(np.nan_to_num(line[:, 1], nan=level), area.top(), area.bottom())
    at = np.interp(columns, line[:, 0], heights, left=level, right=level)
    zero = int(np.count_nonzero(rows < level))
    pixels = np.empty((height, width), np.uint32)
    np.multiply(rows[:zero] >= at, _premultiplied(above), out=pixels[:zero])
    np.multiply(rows[zero:] < at, _premultiplied(below), out=pixels[zero:])
    image = QImage(pixels.data, width, height, 4 * width, QImage.Format.Format_ARGB32_Premultiplied)
    made = QPixmap.fromImage(image.copy())
    made.setDevicePixelRatio(ratio)
    return made


def _premultiplied(colour: str) -> np.uint32:
    """0xAARRGGBB, each times the opacity."""
    shown = QColor(colour)
    return np.uint32(int.from_bytes(bytes(round(SHADE * part) for part in (255, shown.red(), shown.green(), shown.blue())), "big"))


def paint_vectors(painter: QPainter, bands: Sequence[Band], ends: Values, area: QRectF, colours: Colours) -> None:
    """Draw bands with these ends, shape (bands, 2), as vectors: those of one kind in one stroke, wide ones with edges."""
    for (pattern, role, strength), members in alike(bands):
        stripes, lines = QPainterPath(), QPainterPath()
        for left, right in ends[list(members)].tolist():
            stripe = QRectF(left, area.top(), right - left, area.height())
            stripes.addRect(stripe)
            lines.addPath(hatching(pattern, stripe, PERIOD))
            for edge in (left, right) if right - left > NARROW else ():
                lines.moveTo(edge, area.top())
                lines.lineTo(edge, area.bottom())
        colour = QColor(colours.shade(role))
        colour.setAlphaF(strength)
        painter.fillPath(stripes, colour)
        colour.setAlphaF(min(1.0, 2.5 * strength))
        painter.strokePath(lines, QPen(colour, 1.0))


def alike(bands: Sequence[Band]) -> Iterator[tuple[tuple[int, str, float], Iterator[int]]]:
    """Bands of one kind: (pattern, role, strength), and their indices."""

    def kind(n: int) -> tuple[int, str, float]:
        return bands[n].pattern % len(PATTERNS), bands[n].role, bands[n].strength

    return groupby(sorted(range(len(bands)), key=kind), kind)


def lay(tile: NDArray[np.float32], ends: Values, colour: QColor, strength: float, pattern: int, ratio: float) -> None:
    """Add bands of one kind to a tile of premultiplied RGBA in [0, 1], shape (PERIOD, width, 4).

    ends: shape (n, 2), in pixels, in order. A pixel that is covered in part is coloured in part, so that narrow bands fade instead of
    vanishing; a wide band has its edges drawn.
    """
    full = np.array([colour.redF(), colour.greenF(), colour.blueF(), 1.0], np.float32)
    width = tile.shape[1]
    # The colour is applied twice where the pattern is drawn.
    alpha = strength + strength * (1 - strength) * motif(pattern, width, ratio)
    tile += (covered(ends, width) * alpha)[:, :, None] * full
    wide = ends[ends[:, 1] - ends[:, 0] > NARROW * ratio]
    line = round(ratio)
    columns = np.round(np.concatenate([wide[:, 0], wide[:, 1] - line])).astype(np.int64)
    columns = columns[(columns > ratio) & (columns < width - 2 * ratio)]
    strong = min(1.0, 2.5 * strength)
    for shift in range(line):
        tile[:, columns + shift] = tile[:, columns + shift] * (1 - strong) + full * strong


def covered(ends: Values, width: int) -> Values:
    """The share of each of `width` pixels that intervals cover; these are in order and do not overlap. Shape (width,)."""
    lengths = np.stack([np.zeros(len(ends)), ends[:, 1] - ends[:, 0]], axis=1)
    total = np.cumsum(lengths.ravel())
    shares: Values = np.diff(np.interp(np.arange(width + 1), ends.ravel(), total))
    return shares


@functools.lru_cache(maxsize=32)
def motif(pattern: int, width: int, ratio: float) -> NDArray[np.bool_]:
    """Where the lines of the pattern, counted as in PATTERNS, are drawn. Shape (PERIOD, width); shared: do not change it."""
    y, x = np.indices((PERIOD, width))
    first, second = (x + y) % PERIOD == 0, (x - y) % PERIOD == 0
    across = np.broadcast_to(y == 0, first.shape)
    upright = x % PERIOD == 0
    drawn: NDArray[np.bool_] = (np.zeros_like(first), first, second, first | second, across, upright)[pattern]
    return drawn
