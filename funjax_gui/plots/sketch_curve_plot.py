"""Curves, and a line over them that the mouse drags along the horizontal axis."""

from PySide6.QtCore import QEvent, QPointF, Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QWidget

from funjax_gui.plots.base import Margins
from funjax_gui.plots.curve_plot import CurvePlot
from kernels.geometry import decimal

FINER = 10
"""Parts of a pixel that a dragged number is rounded to."""


class SketchCurvePlot(CurvePlot):
    """Curves. With `set_drags` a press anywhere tells where it was."""

    dragged = Signal(float)
    """The mouse is held at this abscissa, within the range shown; rounded to about a tenth of a pixel."""

    def __init__(self, parent: QWidget | None = None, margins: Margins | None = None) -> None:
        super().__init__(parent, margins)
        self._drags = self._held = False

    def set_drags(self, drags: bool) -> None:
        """Whether the mouse may drag along the horizontal axis."""
        self._drags = drags
        self.viewport().setCursor(Qt.CursorShape.SizeHorCursor if drags else Qt.CursorShape.ArrowCursor)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take hold of the number below the mouse."""
        near = self.plot_rect.adjusted(-6, -6, 6, self.height())
        if self._drags and event.button() == Qt.MouseButton.LeftButton and near.contains(event.position()):
            self._held = True
            self._tell(event.position())
            event.accept()
        else:
            super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Follow the mouse while it is held."""
        if self._held:
            self._tell(event.position())
            event.accept()
        else:
            super().mouseMoveEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let go."""
        if event.button() == Qt.MouseButton.LeftButton and self._held:
            self._held = False
            event.accept()
        else:
            super().mouseReleaseEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        """Keep hold: the mouse may leave the plot while it drags."""
        event.ignore()

    def _tell(self, position: QPointF) -> None:
        u = min(max(self.window_point(position)[0], 0.0), 1.0)
        low, high = self.limits[0]
        step = decimal((high - low) / max(1.0, self.plot_rect.width()) / FINER)
        at = round(decimal(low + u * (high - low)), -step.adjusted())
        self.dragged.emit(min(max(float(at), low), high))
