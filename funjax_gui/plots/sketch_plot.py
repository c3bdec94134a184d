"""A picture with a sketch over it and a handle to drag."""

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QPointF, Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QWidget

from funjax_gui.figures import Item, Points
from funjax_gui.plots.base import Margins
from funjax_gui.plots.drawing import Sketch
from funjax_gui.plots.gestures import Drag
from funjax_gui.plots.image_plot import ImagePlot
from funjax_gui.style import Colours

GRIP = 9.0
"""How near the handle the mouse takes hold of it, in pixels."""


class SketchPlot(ImagePlot):
    """A picture with a sketch over it, a handle that the mouse drags, and clicks that tell where they were."""

    handle_moved = Signal(float, float)
    """The handle was dragged to (u, v), in window units, within the view."""
    picked = Signal(float, float)
    """A click at (u, v)."""

    def __init__(self, parent: QWidget | None = None, margins: Margins | None = None) -> None:
        self._handle: Points | None = None
        super().__init__(parent, margins)
        self.sketch = Sketch(self.x_axis.font)
        self.scene().addItem(self.sketch)
        self.view_changed.connect(self.sketch.show_in)
        self.sketch.show_in(self.grid.viewport)
        self.set_theme(self.colours)
        self._place()

    def set_sketch(self, items: Sequence[Item]) -> None:
        """Draw these items over the picture, and no others."""
        self.sketch.set_items(items)

    def set_handle(self, x: float | None, y: float = 0.0) -> None:
        """Let the mouse take hold of the point (x, y); None: of nothing. What marks it is part of the sketch."""
        self._handle = None if x is None else np.array([x, y])

    def handle_at(self) -> QPointF | None:
        """Where the handle is, in the widget's pixels."""
        return None if self._handle is None else QPointF(*self.sketch.pixels(self._handle[None])[0].tolist())

    def set_theme(self, colours: Colours) -> None:
        """Draw in these colours."""
        super().set_theme(colours)
        if hasattr(self, "sketch"):
            self.sketch.colours = colours
            self.sketch.update()

    def _place(self) -> None:
        super()._place()
        if hasattr(self, "sketch"):
            self.sketch.area = self.plot_rect
            self.sketch.place()

    def _near_handle(self, position: QPointF) -> bool:
        at = self.handle_at()
        return at is not None and (at - position).manhattanLength() <= 1.4 * GRIP

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take hold of the handle, or do as any view does."""
        super().mousePressEvent(event)
        held = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
        if self._pressed is not None and self._button == Qt.MouseButton.LeftButton and not held and self._near_handle(event.position()):
            self._drag = HandleDrag(self, event.position())

    def _hover(self, position: QPointF) -> None:
        super()._hover(position)
        if self._near_handle(position) and self.plot_rect.contains(position):
            self.viewport().setCursor(Qt.CursorShape.OpenHandCursor)

    def _pick_at(self, u: float, v: float) -> None:
        self.picked.emit(u, v)

    def _nudge(self, du: float, dv: float) -> None:
        at = self.handle_at()
        if at is None:
            super()._nudge(du, dv)
            return
        u, v = self.window_point(at)
        inside = 0.0 <= u <= 1.0 and 0.0 <= v <= 1.0
        self.handle_moved.emit(*((min(max(place, 0.0), 1.0) for place in (u + du, v + dv)) if inside else (0.5, 0.5)))


class HandleDrag(Drag):
    """Moves the handle with the mouse, keeping it in view."""

    def __init__(self, plot: SketchPlot, start: QPointF) -> None:
        super().__init__(plot, start)
        self._sketched = plot
        self._from = plot.handle_at() or start

    def move(self, position: QPointF) -> None:
        """Bring the handle to where the mouse has gone."""
        self._tell(self._from + position - self._start)

    def cancel(self) -> None:
        """Put it back."""
        self._tell(self._from)

    def _tell(self, position: QPointF) -> None:
        u, v = self._plot.window_point(position)
        self._sketched.handle_moved.emit(min(max(u, 0.0), 1.0), min(max(v, 0.0), 1.0))
