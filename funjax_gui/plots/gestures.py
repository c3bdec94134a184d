"""Drags over a picture, each with its own beginning, middle, end and way back; and how far a wheel was turned."""

from decimal import Decimal
from typing import Protocol

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QWheelEvent

from funjax_gui.plots.overlays import RubberBand
from kernels.geometry import Grid, Viewport

SMALLEST = 5.0
"""A box less wide or high than this many pixels was no box."""

PIXELS_A_NOTCH = 50.0
SIDEWAYS = Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.AltModifier


class Draggable(Protocol):
    """What a drag needs of the plot that it acts on."""

    rubber_band: RubberBand

    @property
    def handle_at(self) -> QPointF | None:
        """Where the handle is, in the widget's pixels."""

    @property
    def plot_rect(self) -> QRectF:
        """The plot area, in the widget's pixels."""

    @property
    def grid(self) -> Grid:
        """The viewport shown and the device pixels of the plot area."""

    @property
    def pin(self) -> Decimal | None:
        """The abscissa that is pinned."""

    def window_point(self, position: QPointF) -> tuple[float, float]:
        """The window units (u, v) of a place in the widget."""

    def go(self, viewport: Viewport) -> None:
        """Show `viewport`."""

    def zoom_to(self, box: tuple[float, float, float, float]) -> None:
        """Show the part (u0, v0, u1, v1)."""

    def pick(self, u: float) -> None:
        """Pin the column at `u`."""

    def move_handle(self, u: float, v: float) -> None:
        """Bring the handle to (u, v)."""


class Drag:
    """What follows the mouse from a press at `start` to its release."""

    def __init__(self, plot: Draggable, start: QPointF) -> None:
        self._plot = plot
        self._start = start

    def move(self, position: QPointF) -> None:
        """The mouse is at `position`."""

    def finish(self, position: QPointF) -> None:
        """The button was let go."""

    def cancel(self) -> None:
        """Make as if nothing had been."""


class PanDrag(Drag):
    """Moves the view with the mouse, always from where it began, so that nothing adds up."""

    def __init__(self, plot: Draggable, start: QPointF) -> None:
        super().__init__(plot, start)
        self._view = plot.grid.viewport

    def move(self, position: QPointF) -> None:
        """Bring what was under the mouse at the start to `position`."""
        area, moved = self._plot.plot_rect, position - self._start
        self._plot.go(self._view.panned(-moved.x() / area.width(), moved.y() / area.height()))

    def cancel(self) -> None:
        """Go back to the view at the start."""
        self._plot.go(self._view)


class BoxDrag(Drag):
    """Draws a rubber band and zooms to it."""

    def move(self, position: QPointF) -> None:
        """Draw the box from the start to `position`."""
        self._plot.rubber_band.show_between(*self._corners(position))

    def finish(self, position: QPointF) -> None:
        """Zoom to the box, unless it is too small to have been meant."""
        self._plot.rubber_band.setVisible(False)
        first, last = self._corners(position)
        if min(abs(first.x() - last.x()), abs(first.y() - last.y())) >= SMALLEST:
            self._plot.zoom_to((*self._plot.window_point(first), *self._plot.window_point(last)))

    def cancel(self) -> None:
        """Take the band away."""
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
    """Moves the pin, telling each column it comes to."""

    def __init__(self, plot: Draggable, start: QPointF) -> None:
        super().__init__(plot, start)
        self._pinned = plot.pin

    def move(self, position: QPointF) -> None:
        """Pin the column at `position`."""
        self._plot.pick(min(max(self._plot.window_point(position)[0], 0.0), 1.0))

    def cancel(self) -> None:
        """Put the pin back."""
        if self._pinned is not None:
            self._plot.pick(self._plot.grid.viewport.u_of(self._pinned))


class HandleDrag(Drag):
    """Moves the handle with the mouse, keeping it in view."""

    def __init__(self, plot: Draggable, start: QPointF) -> None:
        super().__init__(plot, start)
        self._from = plot.handle_at or start

    def move(self, position: QPointF) -> None:
        """Bring the handle to where the mouse has gone."""
        self._plot.move_handle(*self._plot.window_point(self._from + position - self._start))

    def cancel(self) -> None:
        """Put it back."""
        self._plot.move_handle(*self._plot.window_point(self._from))


def notches_of(event: QWheelEvent) -> float:
    """How far the wheel was turned, in notches, in parts of one on a touchpad. Some systems turn Shift or Alt into sideways."""
    turned = event.angleDelta()
    if turned.y():
        return turned.y() / 120.0
    if turned.x() and event.modifiers() & SIDEWAYS:
        return turned.x() / 120.0
    return event.pixelDelta().y() / PIXELS_A_NOTCH
