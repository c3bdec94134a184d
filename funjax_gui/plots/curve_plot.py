"""A small plot of a figure, in which the mouse can drag along the horizontal axis."""

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QWidget

from funjax_gui.figures import Figure, equally_scaled
from funjax_gui.plots.base import BasePlot, Margins
from funjax_gui.plots.image_layer import ImageLayer
from funjax_gui.plots.overlays import Title
from funjax_gui.style import Packed
from kernels.geometry import decimal

FINER = 10
"""Parts of a pixel to which a dragged number is rounded."""

OVERHANG = 9.0
"""How far marks at the edge stand out of the plot area, in pixels."""


class CurvePlot(BasePlot):
    """Shows one figure at a time. With `set_drags` a press anywhere emits its abscissa."""

    dragged = Signal(float)
    """The mouse is held at this abscissa, within the range shown; rounded to about a tenth of a pixel."""

    def __init__(self, parent: QWidget | None = None, margins: Margins | None = None) -> None:
        self.figure, self._title = Figure(()), Title()  # the base class lays out the plot
        super().__init__(parent, margins or Margins(left=52, top=24, right=12), OVERHANG)
        self._title.font = self.x_axis.font
        self.add_layer(self._title)
        self._drags = self._held = False

    @property
    def title(self) -> str:
        """The title above the plot."""
        return self._title.text

    def show_figure(self, figure: Figure) -> None:
        """Show this figure."""
        is_new_shape = _shape(figure) != _shape(self.figure)
        self.figure, self._has_equal_scale = figure, figure.has_equal_scale
        before = self._title.added_height
        self._title.set_text(figure.title)
        if (is_new_shape and not self._is_stretched) or self._title.added_height != before:
            self._place()
        else:
            self._title.place()
        self.x_axis.logarithmic, self.y_axis.logarithmic = figure.logarithmic_x, figure.logarithmic_y
        self.set_labels(figure.x_label, figure.y_label)
        self._show_in(figure.view)
        self.set_overlay(figure.items)

    def _shaped(self, room: QRectF, grain: int) -> QRectF:
        """The room below the title; of it the middle in which a unit has the same length on both axes, where the figure wants it."""
        self._title.right = room.right()
        room.setTop(room.top() + -(-self._title.added_height // grain) * grain)
        return equally_scaled(room, self.figure, grain) if self.is_equal else room

    def set_drags(self, drags: bool) -> None:
        """Whether the mouse may drag along the horizontal axis."""
        self._drags = drags
        self.viewport().setCursor(Qt.CursorShape.SizeHorCursor if drags else Qt.CursorShape.ArrowCursor)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin to drag."""
        near = self.plot_rect.adjusted(-6, -6, 6, self.height())
        if self._drags and event.button() == Qt.MouseButton.LeftButton and near.contains(event.position()):
            self._held = True
            self._emit_dragged(event.position())
            event.accept()
        else:
            super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Follow the mouse while it is held."""
        if self._held:
            self._emit_dragged(event.position())
            event.accept()
        else:
            super().mouseMoveEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End the drag."""
        if event.button() == Qt.MouseButton.LeftButton and self._held:
            self._held = False
            event.accept()
        else:
            super().mouseReleaseEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        """Continue the drag outside the plot."""
        event.ignore()

    def _emit_dragged(self, position: QPointF) -> None:
        u = min(max(self.window_point(position)[0], 0.0), 1.0)
        low, high = self.figure.x
        step = decimal((high - low) / max(1.0, self.plot_rect.width()) / FINER)
        at = round(decimal(low + u * (high - low)), -step.adjusted())
        self.dragged.emit(min(max(float(at), low), high))


def _shape(figure: Figure) -> tuple[tuple[float, float], tuple[float, float]] | None:
    """What the shape of the plot area depends on: the ranges, where a unit has the same length on both axes."""
    return (figure.x, figure.y) if figure.has_equal_scale else None


class PicturePlot(CurvePlot):
    """Shows a figure over a picture of the same view."""

    def __init__(self, parent: QWidget | None = None, margins: Margins | None = None) -> None:
        super().__init__(parent, margins)
        self.picture = self.add_layer(ImageLayer())

    def show_picture(self, figure: Figure, pixels: Packed | None) -> None:
        """Show this figure, and under it the pixels of its view, shape (rows, columns) with the top row first; none for no picture."""
        if pixels is None:
            self.picture.clear()
        else:
            self.picture.set_pixels(pixels, figure.view)
        self.show_figure(figure)
