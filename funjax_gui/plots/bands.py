"""Bands of a plot's horizontal axis: one tile of pixels, as wide as the plot and repeated downwards, whatever the number of bands.

Filling hundreds of narrow rectangles one by one takes the painter longer than a frame; the tile's rows take numpy well under one.
"""

import functools
from collections.abc import Sequence
from itertools import groupby
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage, QPainter, QPixmap
from PySide6.QtWidgets import QWidget

from funjax_gui.figures import PATTERNS, Band, shares
from funjax_gui.plots.overlays import Overlay
from kernels.geometry import Viewport, split

Values = NDArray[np.float64]

PERIOD = 8
"""Pixels after which a pattern repeats, across and down."""

NARROW = 4
"""Bands of no more pixels than this have no edges drawn."""


class Bands(Overlay):
    """Draws bands behind the points, cut at the plot area's edges."""

    def __init__(self) -> None:
        super().__init__()
        self._bands: tuple[Band, ...] = ()
        self._view: Viewport | None = None
        self._tile: QPixmap | None = None
        self.ratio = 1.0
        """Pixels of the screen to one of the view."""
        self.setZValue(-10)

    def set_bands(self, bands: Sequence[Band]) -> None:
        """Draw these and no others. They do not overlap."""
        if tuple(bands) != self._bands:
            self._bands, self._tile = tuple(bands), None
            self.setVisible(bool(bands))
            self.update()

    def show_in(self, view: Viewport) -> None:
        """Draw them as they lie in `view`."""
        self._view, self._tile = view, None
        self.update()

    def place(self) -> None:
        """Take all of the plot area."""
        self._tile = None
        self._move(QRectF(self.area))

    @property
    def pixels(self) -> Values:
        """The bands' ends in the view's pixels, cut at the plot area. Shape (bands, 2)."""
        assert self._view is not None
        ends = np.array([(band.low, band.high) for band in self._bands]).reshape(-1, 2)
        at = shares(ends, split(self._view.x), self._view.half_width)
        cut: Values = self.area.left() + np.clip(np.nan_to_num(at, nan=0.0), 0.0, 1.0) * self.area.width()
        return cut

    def paint(self, painter: QPainter, option: Any, widget: QWidget | None = None) -> None:
        """Draw them; called by Qt."""
        if self._view is None or self._rect.isEmpty():
            return
        if self._tile is None:
            self._tile = self._drawn()
        painter.drawTiledPixmap(self._rect, self._tile)

    def _drawn(self) -> QPixmap:
        width = round(self._rect.width() * self.ratio)
        layers = np.zeros((PERIOD, width, 4), np.float32)
        places = (self.pixels - self._rect.left()) * self.ratio

        def kind(n: int) -> tuple[str, float, int]:
            band = self._bands[n]
            return band.role, band.strength, band.pattern % len(PATTERNS)

        for (role, strength, pattern), members in groupby(sorted(range(len(self._bands)), key=kind), kind):
            ends = places[sorted(members, key=lambda n: places[n, 0])]
            lay(layers, ends, QColor(self.colours.shade(role)), strength, pattern, self.ratio)
        image = QImage(
            np.round(255 * layers).astype(np.uint8).tobytes(), width, PERIOD, 4 * width, QImage.Format.Format_RGBA8888_Premultiplied
        )
        tile = QPixmap.fromImage(image)
        tile.setDevicePixelRatio(self.ratio)
        return tile


def lay(tile: NDArray[np.float32], ends: Values, colour: QColor, strength: float, pattern: int, ratio: float) -> None:
    """Add bands of one kind to a tile of premultiplied RGBA in [0, 1], shape (PERIOD, width, 4).

    ends: shape (n, 2), in pixels, in order. A pixel that is covered in part is coloured in part, so that narrow bands fade instead of
    vanishing; a wide band has its edges drawn.
    """
    full = np.array([colour.redF(), colour.greenF(), colour.blueF(), 1.0], np.float32)
    width = tile.shape[1]
    # Where the pattern is drawn, the colour lies there twice.
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
