"""Drags of a plot (view, box, pin, handle), each of which can be cancelled; turns of the wheel; and keys that move the view."""

from decimal import Decimal
from typing import Any, Protocol

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QWheelEvent

from funjax_gui.plots.overlays import RubberBand
from funjax_gui.plots.zoom import Snap
from kernels.geometry import Grid, Viewport

SMALLEST = 5.0
"""Smallest width and height of a box in pixels."""

ANOTHER = Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.ControlModifier
"""With one of these keys a drag is never that of the handle."""

SHORTEST = 8.0
"""Smallest length of a line in pixels, across and up together."""

PIXELS_A_NOTCH = 50.0
SIDEWAYS = Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.AltModifier

STEP = 0.1
"""Step of an arrow key, relative to the size of the view."""

NUDGE = 0.1
"""Step of Ctrl with an arrow key for the pin or handle, relative to STEP."""

ARROWS = {
    Qt.Key.Key_Left: (-STEP, 0.0),
    Qt.Key.Key_Right: (STEP, 0.0),
    Qt.Key.Key_Up: (0.0, STEP),
    Qt.Key.Key_Down: (0.0, -STEP),
}
ESCAPE = Qt.Key.Key_Escape
IN, OUT = (Qt.Key.Key_Plus, Qt.Key.Key_Equal), (Qt.Key.Key_Minus, Qt.Key.Key_Underscore)

PLOT_KEYS = {
    "Wheel, + and −": "zoom about the cursor (keys: the centre)",
    "Shift + wheel, Alt with + and −": "zoom horizontally only",
    "Ctrl + wheel, Ctrl with + and −": "zoom vertically only",
    "Drag, arrow keys": "move the view",
    "Right drag, Shift + drag": "zoom to a box",
    "Right click, Menu key": "open a menu: copy, export, whole picture, what this is",
    "Double click, Home": "show the whole picture",
    "Esc": "cancel a drag",
}
"""Descriptions of the keys and mouse actions of a ViewPlot."""


class Draggable(Protocol):
    """Interface of a plot for drags."""

    rubber_band: RubberBand
    snap: Snap
    draws_lines: bool
    line_stretched: Any
    line_drawn: Any

    @property
    def handle_at(self) -> QPointF | None:
        """Position of the handle in the widget's pixels."""

    @property
    def plot_rect(self) -> QRectF:
        """The plot area, in the widget's pixels."""

    @property
    def grid(self) -> Grid:
        """The viewport shown and the device pixels of the plot area."""

    @property
    def pin(self) -> Decimal | None:
        """The pinned abscissa."""

    def window_point(self, position: QPointF) -> tuple[float, float]:
        """The window units (u, v) of a place in the widget."""

    @property
    def given_view(self) -> Viewport:
        """The viewport that the plot was given."""

    def go(self, viewport: Viewport) -> None:
        """Show `viewport`."""

    def pan(self, du: float, dv: float, view: Viewport | None = None) -> None:
        """Move `view` by (du, dv), relative to what is shown."""

    def zoom_to(self, box: tuple[float, float, float, float]) -> None:
        """Show the part (u0, v0, u1, v1)."""

    def pick(self, u: float, x: Decimal | None = None) -> None:
        """Pin the column at `u`, or the abscissa `x` there."""

    def move_handle(self, u: float, v: float) -> None:
        """Move the handle to (u, v)."""


class Drag:
    """A drag from a press at `start` to the release."""

    def __init__(self, plot: Draggable, start: QPointF) -> None:
        self._plot = plot
        self._start = start

    def move(self, position: QPointF) -> None:
        """The mouse is at `position`."""

    def finish(self, position: QPointF) -> None:
        """The button was let go."""

    def cancel(self) -> None:
        """Cancel the drag."""


class PanDrag(Drag):
    """Moves the view, always computed from the initial one, so that no errors accumulate."""

    def __init__(self, plot: Draggable, start: QPointF) -> None:
        super().__init__(plot, start)
        self._view = plot.given_view

    def move(self, position: QPointF) -> None:
        """Move the point at the start of the drag to `position`."""
        area, moved = self._plot.plot_rect, position - self._start
        self._plot.pan(-moved.x() / area.width(), moved.y() / area.height(), self._view)

    def cancel(self) -> None:
        """Restore the initial view."""
        self._plot.go(self._view)


class BoxDrag(Drag):
    """Draws a rubber band and zooms to it."""

    def move(self, position: QPointF) -> None:
        """Draw the box from the start to `position`."""
        self._plot.rubber_band.show_between(*self._corners(position))

    def finish(self, position: QPointF) -> None:
        """Zoom to the box, unless it is too small."""
        self._plot.rubber_band.setVisible(False)
        first, last = self._corners(position)
        if min(abs(first.x() - last.x()), abs(first.y() - last.y())) >= SMALLEST:
            self._plot.zoom_to((*self._plot.window_point(first), *self._plot.window_point(last)))

    def cancel(self) -> None:
        """Hide the rubber band."""
        self._plot.rubber_band.setVisible(False)

    def _corners(self, position: QPointF) -> tuple[QPointF, QPointF]:
        return self._inside(self._start), self._inside(position)

    def _inside(self, position: QPointF) -> QPointF:
        area = self._plot.plot_rect
        return QPointF(
            min(max(position.x(), area.left()), area.right()),
            min(max(position.y(), area.top()), area.bottom()),
        )


class PinDrag(Drag):
    """Moves the pin."""

    def __init__(self, plot: Draggable, start: QPointF) -> None:
        super().__init__(plot, start)
        self._pinned = plot.pin

    def move(self, position: QPointF) -> None:
        """Pin the column at `position`."""
        u = min(max(self._plot.window_point(position)[0], 0.0), 1.0)
        self._plot.pick(u, self._plot.snap(u, None))

    def cancel(self) -> None:
        """Restore the pin."""
        if self._pinned is not None:
            self._plot.pick(self._plot.grid.viewport.u_of(self._pinned), self._pinned)


class HandleDrag(Drag):
    """Moves the handle within the view."""

    def __init__(self, plot: Draggable, start: QPointF) -> None:
        super().__init__(plot, start)
        self._from = plot.handle_at or start

    def move(self, position: QPointF) -> None:
        """Move the handle to the mouse."""
        self._plot.move_handle(*self._plot.window_point(self._from + position - self._start))

    def cancel(self) -> None:
        """Restore the handle."""
        self._plot.move_handle(*self._plot.window_point(self._from))


class LineDrag(Drag):
    """Draws a line within the view from the press to the mouse."""

    def move(self, position: QPointF) -> None:
        """Draw the line to `position`."""
        self._plot.line_stretched.emit(self._ends(position))

    def finish(self, position: QPointF) -> None:
        """Give the line, unless it is too short."""
        self._plot.line_stretched.emit(None)
        if (position - self._start).manhattanLength() >= SHORTEST:
            self._plot.line_drawn.emit(self._ends(position))

    def cancel(self) -> None:
        """Draw no line."""
        self._plot.line_stretched.emit(None)

    def _ends(self, position: QPointF) -> tuple[tuple[float, float], ...]:
        found = (self._plot.window_point(place) for place in (self._start, position))
        return tuple((min(max(u, 0.0), 1.0), min(max(v, 0.0), 1.0)) for u, v in found)


def new_drag(plot: Draggable, start: QPointF, button: Qt.MouseButton, held: Qt.KeyboardModifier) -> Drag:
    """The drag that begins with this button and these keys, where nothing that can be dragged is near."""
    if button == Qt.MouseButton.RightButton or held & Qt.KeyboardModifier.ShiftModifier:
        return BoxDrag(plot, start)
    if plot.draws_lines and held & Qt.KeyboardModifier.ControlModifier:
        return LineDrag(plot, start)
    return PanDrag(plot, start)


def notches_of(event: QWheelEvent) -> float:
    """Turn of the wheel in notches, fractional on touchpads. Some systems turn Shift or Alt into horizontal scrolling."""
    turned = event.angleDelta()
    if turned.y():
        return turned.y() / 120.0
    if turned.x() and event.modifiers() & SIDEWAYS:
        return turned.x() / 120.0
    return event.pixelDelta().y() / PIXELS_A_NOTCH
