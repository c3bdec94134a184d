"""A window on the plane that the mouse and the keys move about in."""

from decimal import Decimal

import pyqtgraph as pg
from PySide6.QtCore import QEvent, QPointF, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QNativeGestureEvent, QWheelEvent
from PySide6.QtWidgets import QApplication, QWidget

from funjax_gui.plots.base import BasePlot, Margins
from funjax_gui.plots.gestures import BoxDrag, Drag, PanDrag, PinDrag, notches_of
from funjax_gui.plots.overlays import RubberBand
from funjax_gui.plots.zoom import IsResolved, boxed, clamped, zoom_box
from funjax_gui.style import Colours
from kernels.geometry import Grid, Viewport

NOTCH = 0.8
"""What one notch of the wheel scales the view by."""

GRIP = 5.0
"""How near the pin the mouse takes hold of it, in pixels."""

CLICK_WAIT = 250
"""Milliseconds after which a click is no longer the first half of a double click, at most."""

STEP = 0.1
"""How far an arrow key moves the view, in parts of its size."""

NUDGE = 0.1
"""How far Ctrl and an arrow key move what can be dragged, in parts of STEP."""

WHOLE = Viewport.from_limits(0, 1, 0, 1)
ARROWS = {
    Qt.Key.Key_Left: (-STEP, 0.0),
    Qt.Key.Key_Right: (STEP, 0.0),
    Qt.Key.Key_Up: (0.0, STEP),
    Qt.Key.Key_Down: (0.0, -STEP),
}
ESCAPE = Qt.Key.Key_Escape
IN, OUT = (Qt.Key.Key_Plus, Qt.Key.Key_Equal), (Qt.Key.Key_Minus, Qt.Key.Key_Underscore)


PLOT_KEYS = {
    "Wheel, + and −": "zoom about the cursor, or the middle",
    "Shift + wheel, Alt with + and −": "zoom across only",
    "Ctrl + wheel, Ctrl with + and −": "zoom up and down only",
    "Drag, arrow keys": "move the view",
    "Right drag, Shift + drag": "zoom to a box",
    "Double click, Home": "show the whole picture",
    "Esc": "take a drag back",
}
"""What keys and mouse do in a ViewPlot, in words."""


class ViewPlot(BasePlot):
    """A viewport that wheel, drag, box, pin and keys move; what the user's hand makes of it is told by `grid_changed`.

    The wheel zooms about the cursor (Shift: horizontally only, Ctrl: vertically only), the left button drags the view or the pin,
    the right one (or Shift and the left one) a box, a double click asks for home, a click picks a column. A base, as `BasePlot` is.
    """

    grid_changed = Signal(object)
    """The Grid shown: by the user's hand, or since the widget's size changed."""
    view_changed = Signal(object)
    """The Viewport shown, whoever changed it."""
    hovered = Signal(float, float)
    """The cursor is at (u, v) of the plot area, in window units."""
    hovered_at = Signal(QPointF)
    """The same place, in the widget's pixels."""
    left = Signal()
    """The cursor is no longer over the plot area."""
    column_picked = Signal(float)
    """A click picked, or the pin was dragged to, the column at u."""
    pin_moved = Signal(object)
    """The pinned abscissa (a Decimal) or None, whoever set it."""
    home_requested = Signal()
    refused = Signal(str)
    """Why a zoom stopped, in one sentence."""

    def __init__(self, parent: QWidget | None = None, margins: Margins | None = None) -> None:
        super().__init__(parent, margins)
        self.is_resolved: IsResolved = Grid.is_resolved
        self._viewport = WHOLE
        self._size = (1, 1)
        self._pin: Decimal | None = None
        self._pin_line = pg.InfiniteLine(angle=90, movable=False)
        self._pin_line.setZValue(10)
        self._pin_line.setVisible(False)
        self.view_box.addItem(self._pin_line, ignoreBounds=True)
        self.rubber_band = RubberBand()
        self.scene().addItem(self.rubber_band)
        self._drag: Drag | None = None
        self._pressed: QPointF | None = None
        self._button = Qt.MouseButton.NoButton
        self._inside = False
        self._clicked = QTimer(self, singleShot=True)
        self._clicked.timeout.connect(self._pick_clicked)
        self._clicked_point = (0.0, 0.0)

    def _begin(self) -> None:
        super()._begin()
        self._follow_view()

    @property
    def grid(self) -> Grid:
        """The viewport shown and the device pixels of the plot area."""
        return Grid(self._viewport, *self._size)

    @property
    def grid_size(self) -> tuple[int, int]:
        """Columns and rows: the device pixels of the plot area."""
        return self._size

    def set_viewport(self, viewport: Viewport) -> None:
        """Show `viewport`, the old picture stretched to it. Emits no `grid_changed`."""
        self._viewport = viewport
        self._follow_view()

    def set_theme(self, colours: Colours) -> None:
        """Draw in these colours."""
        super().set_theme(colours)
        self._pin_line.setPen(pg.mkPen(colours.accent, width=1))
        self.rubber_band.colours = colours

    @property
    def pin(self) -> Decimal | None:
        """The abscissa that is pinned. It stays when the view moves."""
        return self._pin

    def set_pin(self, u: float | None) -> None:
        """Pin the column at `u`, in window units of the view shown; None takes the pin away."""
        self.set_pin_at(None if u is None else self._viewport.x_at(u))

    def set_pin_at(self, x: Decimal | None) -> None:
        """Pin the abscissa `x`, in view or not; None takes the pin away."""
        self._pin = x
        self._place_pin()
        self.pin_moved.emit(x)

    def go(self, viewport: Viewport) -> None:
        """Show `viewport` as by the user's hand."""
        viewport = clamped(viewport)
        if viewport != self._viewport:
            self.set_viewport(viewport)
            self.grid_changed.emit(self.grid)

    def zoom_to(self, box: tuple[float, float, float, float]) -> None:
        """Show the part (u0, v0, u1, v1), as by the user's hand; refused on an axis whose pixels could not be told apart."""
        viewport, refusal = boxed(self.grid, box, self.is_resolved)
        self.go(viewport)
        if refusal:
            self.refused.emit(refusal)

    def zoom(self, notches: float, u: float = 0.5, v: float = 0.5, horizontal: bool = True, vertical: bool = True) -> None:
        """Zoom in by `notches` of the wheel (out where negative) about the point (u, v), on the axes named."""
        factor = NOTCH**notches
        self.zoom_to(zoom_box(factor if horizontal else 1.0, factor if vertical else 1.0, u, v))

    def pick(self, u: float) -> None:
        """Pin the column at `u`, as by the user's hand."""
        self.set_pin(u)
        self.column_picked.emit(u)

    def _follow_view(self) -> None:
        self.x_axis.set_limits(*self._viewport.x_limits)
        self.y_axis.set_limits(*self._viewport.y_limits)
        self._place_pin()
        self.view_changed.emit(self._viewport)

    def _place_pin(self) -> None:
        u = -1.0 if self._pin is None else self._viewport.u_of(self._pin)
        shown = 0.0 <= u <= 1.0
        self._pin_line.setVisible(shown)
        if shown:
            self._pin_line.setValue(u)

    def _place(self) -> None:
        super()._place()
        if not self._ready:
            return
        ratio = self.devicePixelRatioF()
        size = max(1, round(self.plot_rect.width() * ratio)), max(1, round(self.plot_rect.height() * ratio))
        if size != self._size:
            self._size = size
            self.grid_changed.emit(self.grid)

    # --- the hand ---

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
        vertical = not held & Qt.KeyboardModifier.ShiftModifier and v >= 0.0
        if horizontal or vertical:
            self.zoom(notches, min(max(u, 0.0), 1.0), min(max(v, 0.0), 1.0), horizontal, vertical)
            self._hover(event.position())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take hold of the pin, or wait to see what this becomes."""
        event.accept()
        if self._pressed is not None or not self.plot_rect.contains(event.position()):
            return
        self._pressed, self._button = event.position(), event.button()
        if self._button == Qt.MouseButton.LeftButton and self._near_pin(event.position()):
            self._drag = PinDrag(self, event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag, or tell where the cursor is."""
        event.accept()
        if self._pressed is None:
            self._hover(event.position())
            return
        far = (event.position() - self._pressed).manhattanLength() >= QApplication.startDragDistance()
        if self._drag is None and far:
            self._drag = self._new_drag(event)
        if self._drag is not None:
            self._drag.move(event.position())

    def _new_drag(self, event: QMouseEvent) -> Drag | None:
        assert self._pressed is not None
        if self._button == Qt.MouseButton.RightButton or event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            return BoxDrag(self, self._pressed)
        self.viewport().setCursor(Qt.CursorShape.ClosedHandCursor)
        return PanDrag(self, self._pressed)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End the drag, or pick the column unless a second click follows."""
        event.accept()
        if event.button() != self._button or self._pressed is None:
            return
        drag, pressed = self._drag, self._pressed
        self._drag, self._pressed = None, None
        if drag is not None:
            drag.finish(event.position())
        elif self._button == Qt.MouseButton.LeftButton:
            self._clicked_point = self.window_point(pressed)
            self._clicked.start(min(CLICK_WAIT, QApplication.doubleClickInterval()))
        self._hover(event.position())

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Ask for the whole view; the two clicks pick nothing."""
        event.accept()
        self._clicked.stop()
        self._drag = self._pressed = None
        if event.button() == Qt.MouseButton.LeftButton and self.plot_rect.contains(event.position()):
            self.home_requested.emit()

    def _pick_clicked(self) -> None:
        self._pick_at(*self._clicked_point)

    def _pick_at(self, u: float, v: float) -> None:
        self.pick(u)

    def _nudge(self, du: float, dv: float) -> None:
        """Move what can be dragged, the pin, by so much of the view; where it is out of view, bring it to the middle."""
        u = -1.0 if self._pin is None else self._viewport.u_of(self._pin)
        self.pick(min(max(u + du, 0.0), 1.0) if 0.0 <= u <= 1.0 else 0.5)

    def _near_pin(self, position: QPointF) -> bool:
        if not self._pin_line.isVisible():
            return False
        at = self.plot_rect.left() + self._pin_line.value() * self.plot_rect.width()
        return bool(abs(position.x() - at) <= GRIP)

    def _hover(self, position: QPointF) -> None:
        if not self.plot_rect.contains(position):
            self._leave()
            return
        self._inside = True
        near = self._near_pin(position)
        self.viewport().setCursor(Qt.CursorShape.SizeHorCursor if near else Qt.CursorShape.CrossCursor)
        self.hovered_at.emit(position)
        self.hovered.emit(*self.window_point(position))

    def _leave(self) -> None:
        if self._inside:
            self._inside = False
            self.viewport().unsetCursor()
            self.left.emit()

    def leaveEvent(self, event: QEvent) -> None:
        """Tell that the cursor is gone."""
        self._leave()

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
            self.go(self._viewport.panned(*ARROWS[Qt.Key(key)]))
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
