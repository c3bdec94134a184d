"""Base class of plots with a view that mouse and keys move and zoom."""

from dataclasses import replace
from decimal import Decimal

import numpy as np
from PySide6.QtCore import QEvent, QPointF, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QNativeGestureEvent, QWheelEvent
from PySide6.QtWidgets import QApplication, QWidget

from funjax_gui.figures import Points
from funjax_gui.plots.base import BasePlot, Margins
from funjax_gui.plots.gestures import ANOTHER, ARROWS, ESCAPE, IN, NUDGE, OUT, Drag, HandleDrag, PanDrag, PinDrag, new_drag, notches_of
from funjax_gui.plots.overlays import PinLine, Readout, RubberBand
from funjax_gui.plots.zoom import NOTCH, IsResolved, Snap, boxed, clamped, zoom_box
from kernels.geometry import Grid, Viewport

GRIP = 5.0
HANDLE_GRIP = 12.6
"""Largest distances in pixels at which the mouse grabs the pin, and the handle (Manhattan distance)."""

CLICK_WAIT = 250
"""Maximum delay of a click in milliseconds, after which it cannot become a double click."""

WHOLE = Viewport.from_limits(0, 1, 0, 1)


class ViewPlot(BasePlot):
    """A viewport that wheel, drag, box, pin and keys change; `grid_changed` is emitted for changes by the user.

    The wheel zooms about the cursor (Shift: horizontally only, Ctrl: vertically only), the left button drags the view, the pin or the
    handle, the right one (or Shift and the left one) a box, a double click asks for home. A click pins a column or, in a plot that
    `has_handle`, brings the handle there. With axes of equal scale the plot shows the view that it was given and as much more on one
    side as its shape has room for, and the wheel zooms both axes.
    """

    grid_changed = Signal(object)
    """The Grid, changed by the user or by the size of the widget."""
    view_changed = Signal(object)
    """The Viewport that was given, after any change."""
    hovered = Signal(float, float)
    """The cursor is at (u, v) of the plot area, in window units."""
    hovered_at = Signal(QPointF)
    """The same place, in the widget's pixels."""
    left = Signal()
    """The cursor is no longer over the plot area."""
    column_picked = Signal(float)
    """A click picked, or the pin was dragged to, the column at u."""
    pin_moved = Signal(object)
    """The pinned abscissa (a Decimal) or None, however it was set."""
    handle_moved = Signal(float, float)
    """The handle was dragged to, or a click was at, (u, v) of the view, in window units."""
    place_clicked = Signal()
    """A click brought the handle to its place, after `handle_moved`."""
    line_stretched = Signal(object)
    """Both ends, in window units, of the line that is being drawn; None once it no longer is."""
    line_drawn = Signal(object)
    """The ends of a line that was drawn, as Ctrl and a drag do in a plot that `draws_lines`."""
    home_requested = Signal()
    refused = Signal(str)
    """Why a zoom stopped, in one sentence."""
    strip = 0.0
    """Share of the height, at the bottom, in which the wheel zooms horizontally only."""

    def __init__(
        self, parent: QWidget | None = None, margins: Margins | None = None, has_handle: bool = False, has_equal_scale: bool = False
    ) -> None:
        super().__init__(parent, margins, has_equal_scale=has_equal_scale)
        self.has_handle, self.draws_lines = has_handle, False
        self._handle: Points | None = None
        self.is_resolved: IsResolved = Grid.is_resolved
        self.snap: Snap = lambda u, v: None
        self._given, self._viewport, self._size = WHOLE, WHOLE, (1, 1)
        self.pin_line, self.rubber_band = self.add_layer(PinLine()), self.add_layer(RubberBand())
        self.readout = self.add_layer(Readout(self.x_axis.font))
        self.hovered_at.connect(self.readout.avoid)
        self._drag: Drag | None = None
        self._pressed: QPointF | None = None
        self._button, self._inside = Qt.MouseButton.NoButton, False
        self._clicked, self._clicked_point = QTimer(self, singleShot=True), (0.0, 0.0)
        self._clicked.timeout.connect(lambda: self._pick_at(*self._clicked_point))
        self._follow_view()
        self._place()

    @property
    def grid(self) -> Grid:
        """The viewport shown and the device pixels of the plot area."""
        return Grid(self._viewport, *self._size)

    @property
    def grid_size(self) -> tuple[int, int]:
        """Columns and rows: the device pixels of the plot area."""
        return self._size

    @property
    def given_view(self) -> Viewport:
        """The viewport that was given, which sessions keep; with axes of equal scale more may be shown on one axis."""
        return self._given

    def set_viewport(self, viewport: Viewport) -> None:
        """Show `viewport`, the old picture stretched to it. Emits no `grid_changed`."""
        self._given = viewport
        self._follow_view()

    @property
    def pin(self) -> Decimal | None:
        """The abscissa that is pinned. It stays when the view moves."""
        return self.pin_line.at

    def set_pin(self, u: float | None) -> None:
        """Pin the column at `u`, in window units of the view shown; None takes the pin away."""
        self.set_pin_at(None if u is None else self._viewport.x_at(u))

    def set_pin_at(self, x: Decimal | None) -> None:
        """Pin the abscissa `x`, in view or not; None takes the pin away."""
        self.pin_line.set_at(x)
        self.pin_moved.emit(x)

    def set_handle(self, x: float | None, y: float = 0.0) -> None:
        """Set the point (x, y) that the mouse can drag; None for none. Its marker is part of the overlay."""
        self._handle = None if x is None else np.array([[x, y]])

    @property
    def handle_at(self) -> QPointF | None:
        """Where the handle is, in the widget's pixels."""
        return None if self._handle is None else QPointF(*self.overlay.pixels(self._handle)[0].tolist())

    def move_handle(self, u: float, v: float) -> None:
        """Ask that the handle come to (u, v), kept within the view, as if by the user."""
        self.handle_moved.emit(min(max(u, 0.0), 1.0), min(max(v, 0.0), 1.0))

    def set_readout(self, lines: list[str] | None) -> None:
        """Show these lines in a corner; None hides them."""
        self.readout.set_lines(lines)

    def go(self, viewport: Viewport) -> None:
        """Show `viewport` as if by the user."""
        viewport = clamped(viewport)
        if viewport != self._given:
            self.set_viewport(viewport)
            self.grid_changed.emit(self.grid)

    def zoom_to(self, box: tuple[float, float, float, float]) -> None:
        """Show the part (u0, v0, u1, v1), as if by the user; refused on an axis whose pixels could not be told apart."""
        self._show_part(self.grid, box)

    def _show_part(self, grid: Grid, box: tuple[float, float, float, float]) -> None:
        viewport, refusal = boxed(grid, box, self.is_resolved)
        self.go(viewport)
        if refusal:
            self.refused.emit(refusal)

    def zoom(self, notches: float, u: float = 0.5, v: float = 0.5, horizontal: bool = True, vertical: bool = True) -> None:
        """Zoom in by `notches` of the wheel (out where negative) about the point (u, v), on the axes named, or both of equal scale."""
        factor = NOTCH**notches
        if not self.is_equal:
            self.zoom_to(zoom_box(factor if horizontal else 1.0, factor if vertical else 1.0, u, v))
            return
        across, up = self._extension
        box = zoom_box(factor, factor, 0.5 + (u - 0.5) * across, 0.5 + (v - 0.5) * up)
        self._show_part(replace(self.grid, viewport=self._given), box)

    def pan(self, du: float, dv: float, view: Viewport | None = None) -> None:
        """Move the view (by default the one that was given) by (du, dv), relative to what is shown, as if by the user."""
        across, up = self._extension
        self.go((view or self._given).panned(du * across, dv * up))

    @property
    def _extension(self) -> tuple[float, float]:
        """Width and height of what is shown relative to the view that was given."""
        return self._viewport.half_width / self._given.half_width, self._viewport.half_height / self._given.half_height

    def pick(self, u: float, x: Decimal | None = None) -> None:
        """Pin the column at `u`, or the abscissa `x` that it is drawn to, as if by the user."""
        self.set_pin_at(self._viewport.x_at(u) if x is None else x)
        self.column_picked.emit(u)

    def _follow_view(self) -> None:
        self._show_extended()
        self.view_changed.emit(self._given)

    def _show_extended(self) -> None:
        self._viewport = self._given.with_equal_scale(*self._size) if self.is_equal else self._given
        self._show_in(self._viewport)

    def _place(self) -> None:
        super()._place()
        ratio = self.devicePixelRatioF()
        size = max(1, round(self.plot_rect.width() * ratio)), max(1, round(self.plot_rect.height() * ratio))
        before, self._size = self.grid, size
        if self._has_equal_scale:
            self._show_extended()
        if self.grid != before:
            self.grid_changed.emit(self.grid)

    # --- mouse and keys ---

    def event(self, event: QEvent) -> bool:
        """Notice a screen of another pixel density, and keep Esc for a drag under way."""
        if event.type() == QEvent.Type.DevicePixelRatioChange:
            self._place()
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride and self._drag and event.key() == ESCAPE:
            event.accept()
            return True
        return bool(super().event(event))

    def viewportEvent(self, event: QEvent) -> bool:
        """Zoom by a pinch on a touchpad."""
        if isinstance(event, QNativeGestureEvent) and event.gestureType() == Qt.NativeGestureType.ZoomNativeGesture:
            u, v = self.window_point(event.position())
            self.zoom(3.0 * event.value(), u, v)
            return True
        return bool(super().viewportEvent(event))

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom about the cursor; beside the plot area, along the axis that the cursor is at."""
        event.accept()
        notches = notches_of(event)
        if not notches or self._drag:
            return
        u, v = self.window_point(event.position())
        held = event.modifiers()
        horizontal = not held & Qt.KeyboardModifier.ControlModifier and u >= 0.0
        vertical = not held & Qt.KeyboardModifier.ShiftModifier and v >= self.strip
        if horizontal or vertical:
            self.zoom(notches, min(max(u, 0.0), 1.0), min(max(v, 0.0), 1.0), horizontal, vertical)
            self._emit_hovered(event.position())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin a press, which may become a click or a drag."""
        event.accept()
        if self._pressed is not None or not self.plot_rect.contains(event.position()):
            return
        self._pressed, self._button = event.position(), event.button()
        is_left = self._button == Qt.MouseButton.LeftButton
        if is_left and self._near_pin(event.position()):
            self._drag = PinDrag(self, event.position())
        elif is_left and self._near_handle(event.position()) and not event.modifiers() & ANOTHER:
            self._drag = HandleDrag(self, event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag, or emit the position of the cursor."""
        event.accept()
        if self._pressed is None:
            self._emit_hovered(event.position())
            return
        if self._drag is None and (event.position() - self._pressed).manhattanLength() >= QApplication.startDragDistance():
            self._drag = new_drag(self, self._pressed, self._button, event.modifiers())
            if isinstance(self._drag, PanDrag):
                self.viewport().setCursor(Qt.CursorShape.ClosedHandCursor)
        if self._drag is not None:
            self._drag.move(event.position())
            if isinstance(self._drag, PinDrag | HandleDrag):
                self._emit_hovered(event.position())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End the drag, or pick the column unless a second click follows."""
        event.accept()
        if event.button() != self._button or self._pressed is None:
            return
        drag, pressed, self._drag, self._pressed = self._drag, self._pressed, None, None
        if drag is not None:
            drag.finish(event.position())
        elif self._button == Qt.MouseButton.RightButton:
            self.menu_wanted.emit(event.globalPosition().toPoint())
        elif self._button == Qt.MouseButton.LeftButton:
            self._clicked_point = self.window_point(pressed)
            self._clicked.start(min(CLICK_WAIT, QApplication.doubleClickInterval()))
        self._emit_hovered(event.position())

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Ask for the whole view; the two clicks pick nothing."""
        event.accept()
        self._clicked.stop()
        self._drag = self._pressed = None
        if event.button() == Qt.MouseButton.LeftButton and self.plot_rect.contains(event.position()):
            self.home_requested.emit()

    def _pick_at(self, u: float, v: float) -> None:
        if self.has_handle:
            self.move_handle(u, v)
            self.place_clicked.emit()
        else:
            self.pick(u, self.snap(u, v))

    def _nudge(self, du: float, dv: float) -> None:
        """Move what can be dragged, the handle or the pin, by so much of the view; where it is out of view, bring it to the middle."""
        if (at := self.handle_at) is not None:
            u, v = self.window_point(at)
            self.move_handle(*((u + du, v + dv) if 0.0 <= u <= 1.0 and 0.0 <= v <= 1.0 else (0.5, 0.5)))
        else:
            u_pin = self.pin_line.u
            self.pick(0.5 if u_pin is None else min(max(u_pin + du, 0.0), 1.0))

    def _near_pin(self, position: QPointF) -> bool:
        return (u := self.pin_line.u) is not None and abs(position.x() - self.plot_rect.left() - u * self.plot_rect.width()) <= GRIP

    def _near_handle(self, position: QPointF) -> bool:
        at = self.handle_at
        return at is not None and (at - position).manhattanLength() <= HANDLE_GRIP

    def _emit_hovered(self, position: QPointF) -> None:
        if not self.plot_rect.contains(position):
            self._emit_left()
            return
        self._inside = True
        shape = Qt.CursorShape.SizeHorCursor if self._near_pin(position) else Qt.CursorShape.CrossCursor
        self.viewport().setCursor(Qt.CursorShape.OpenHandCursor if self._near_handle(position) else shape)
        self.hovered_at.emit(position)
        self.hovered.emit(*self.window_point(position))

    def _emit_left(self) -> None:
        if self._inside:
            self._inside = False
            self.viewport().unsetCursor()
            self.left.emit()

    def leaveEvent(self, event: QEvent) -> None:
        """Emit that the cursor has left."""
        self._emit_left()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move and zoom by keys: arrows, plus and minus (Alt: horizontally only, Ctrl: vertically only), Home; Esc ends a drag.

        Enter picks the middle, as a click there would, and Ctrl with the arrows moves what can be dragged. On the keypad Shift does as
        Alt; elsewhere a plus sign may need Shift to be typed at all.
        """
        key = event.key()
        if key == ESCAPE and self._drag is not None:
            self._drag.cancel()
            self._drag = self._pressed = None
        elif key in ARROWS and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self._nudge(*(NUDGE * way for way in ARROWS[Qt.Key(key)]))
        elif key in ARROWS:
            self.pan(*ARROWS[Qt.Key(key)])
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._pick_at(0.5, 0.5)
        elif key in IN or key in OUT:
            self._zoom_by_key(1.0 if key in IN else -1.0, event)
        elif key == Qt.Key.Key_Home:
            self.home_requested.emit()
        else:
            event.ignore()

    def _zoom_by_key(self, notches: float, event: QKeyEvent) -> None:
        held = event.modifiers()
        keypad_shift = Qt.KeyboardModifier.KeypadModifier | Qt.KeyboardModifier.ShiftModifier
        level = bool(held & Qt.KeyboardModifier.AltModifier) or held & keypad_shift == keypad_shift
        self.zoom(notches, vertical=not level, horizontal=not held & Qt.KeyboardModifier.ControlModifier)
