"""The layer of a picture: packed colours in a QImage that shares their memory, drawn at the position of its own view."""

from typing import Any

import numpy as np
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QWidget

from funjax_gui.plots.overlays import Overlay
from funjax_gui.style import Packed
from kernels.geometry import Viewport


class ImageLayer(Overlay):
    """The picture of a plot with its own viewport; it is stretched while another view is shown."""

    def __init__(self) -> None:
        super().__init__()
        self._pixels: Packed | None = None
        self.image: QImage | None = None
        self.own: Viewport | None = None
        self.setZValue(0)

    def set_pixels(self, pixels: Packed, viewport: Viewport) -> None:
        """Show `pixels` (rows, columns), C-contiguous, top row first; the array is kept and read whenever the picture is drawn."""
        rows, columns = pixels.shape
        if self.image is None or pixels is not self._pixels:
            self.image = QImage(pixels.data, columns, rows, 4 * columns, QImage.Format.Format_RGB32)
        self._pixels, self.own = pixels, viewport
        self.setVisible(True)
        self.update()

    def clear(self) -> None:
        """Show nothing."""
        self._pixels = self.image = self.own = None
        self.setVisible(False)

    def paint(self, painter: QPainter, option: Any, widget: QWidget | None = None) -> None:
        """Draw the picture: pixel on pixel where it fits, else stretched."""
        if self.image is None or self.own is None or self.view is None:
            return
        ratio = painter.device().devicePixelRatio()
        area = _whole(painter.worldTransform().mapRect(self.area), ratio)
        source, target = placed(self.own, self.view, self.image.width(), self.image.height(), area)
        if source.isEmpty() or target.isEmpty():
            return
        painter.save()
        painter.resetTransform()
        same = _same_size(source, target, ratio)
        if same:
            target = _whole(target, ratio)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, not same)
        if same and source.size() == self.image.size().toSizeF():
            self.image.setDevicePixelRatio(ratio)
            painter.drawImage(target.topLeft(), self.image)
        else:
            self.image.setDevicePixelRatio(1.0)
            painter.drawImage(target, self.image, source)
        painter.restore()


def placed(own: Viewport, shown: Viewport, columns: int, rows: int, area: QRectF) -> tuple[QRectF, QRectF]:
    """What to draw of a picture of `own` while `shown` fills `area`: (the part of the picture in its pixels, where it goes).

    Only the visible part, so that the rectangles stay small however deep the zoom; empty where nothing is seen.
    """
    left, right = shown.x_limits
    bottom, top = shown.y_limits
    x0, width, s0, s1 = _overlap(own.u_of(left), own.u_of(right), shown.half_width / own.half_width)
    y0, height, v0, v1 = _overlap(own.v_of(bottom), own.v_of(top), shown.half_height / own.half_height)
    source = QRectF(s0 * columns, (1.0 - v1) * rows, (s1 - s0) * columns, (v1 - v0) * rows)
    target = QRectF(
        area.left() + (s0 - x0) / width * area.width(),
        area.bottom() - (v1 - y0) / height * area.height(),
        (s1 - s0) / width * area.width(),
        (v1 - v0) / height * area.height(),
    )
    return source, target


def _overlap(start: float, end: float, width: float) -> tuple[float, float, float, float]:
    """(start, width, first, last): [start, end] covers [first, last] of [0, 1]; `width` is more exact than end - start."""
    first, last = max(0.0, start), min(1.0, end)
    return start, width, first, max(first, last)


def _same_size(source: QRectF, target: QRectF, ratio: float) -> bool:
    """Whether pixels of the picture are pixels of the screen."""
    return bool(
        np.isclose(source.width(), target.width() * ratio, rtol=1e-9, atol=0.51)
        and np.isclose(source.height(), target.height() * ratio, rtol=1e-9, atol=0.51)
        and abs(source.width() / (target.width() * ratio) - 1.0) < 2e-3
    )


def _whole(rect: QRectF, ratio: float) -> QRectF:
    """`rect` at whole device pixels."""
    left, top = round(rect.left() * ratio), round(rect.top() * ratio)
    right, bottom = round(rect.right() * ratio), round(rect.bottom() * ratio)
    return QRectF(QPointF(left / ratio, top / ratio), QPointF(right / ratio, bottom / ratio))
