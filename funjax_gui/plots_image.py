"""A picture of a part of the plane that the mouse and the keys move about in."""

from decimal import Decimal

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QEvent, QPointF, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QNativeGestureEvent, QWheelEvent
from PySide6.QtWidgets import QApplication, QWidget

from funjax_gui import tone
from funjax_gui.plots_base import BasePlot, Margins
from funjax_gui.plots_gestures import BoxDrag, Drag, PanDrag, PinDrag
from funjax_gui.plots_overlay import Message, Readout, RubberBand
from funjax_gui.plots_picture import Picture
from funjax_gui.plots_zoom import TellApart, boxed, clamped, float64_tells_apart, zoom_box
from funjax_gui.theme import Colours
from kernels.geometry import Grid, Viewport

NOTCH = 0.8
"""What one notch of the wheel scales the view by."""

PIXELS_A_NOTCH = 50.0
GRIP = 5.0
"""How near the pin the mouse takes hold of it, in pixels."""

CLICK_WAIT = 250
"""Milliseconds after which a click is no longer the first half of a double click, at most."""

STEP = 0.1
"""How far an arrow key moves the view, in parts of its size."""

WHOLE = Viewport.from_limits(0, 1, 0, 1)
ARROWS = {
    Qt.Key.Key_Left: (-STEP, 0.0),
    Qt.Key.Key_Right: (STEP, 0.0),
    Qt.Key.Key_Up: (0.0, STEP),
    Qt.Key.Key_Down: (0.0, -STEP),
}
SIDEWAYS = Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.AltModifier
ESCAPE = Qt.Key.Key_Escape
IN, OUT = (Qt.Key.Key_Plus, Qt.Key.Key_Equal), (Qt.Key.Key_Minus, Qt.Key.Key_Underscore)


class ImagePlot(BasePlot):
    """A picture in a viewport: wheel, drag, box, pin and keys move it; what it needs is told by `grid_changed`.

    The wheel zooms about the cursor (Shift: horizontally only, Ctrl: vertically only), the left button drags the view or the pin,
    the right one (or Shift and the left one) a box, a double click asks for home, a click picks a column. Until the picture of a
    new view arrives the old one is stretched to it.
    """

    grid_changed = Signal(object)
    """The Grid shown: by the user's hand, or since the widget's size changed."""
    view_changed = Signal(object)
    """The Viewport shown, whoever changed it."""
    hovered = Signal(float, float)
    """The cursor is at (u, v) of the plot area, in window units."""
    left = Signal()
    column_picked = Signal(float)
    """A click picked, or the pin was dragged to, the column at u."""
    pin_moved = Signal(object)
    """The pinned abscissa (a Decimal) or None, whoever set it."""
    home_requested = Signal()
    refused = Signal(str)
    """Why a zoom stopped, in one sentence."""

    def __init__(self, parent: QWidget | None = None, margins: Margins | None = None) -> None:
        super().__init__(parent, margins)
        self.told_apart: TellApart = float64_tells_apart
        self._viewport = WHOLE
        self._size = (1, 1)
        self._tone, self._colour_map = "equalised", "inferno"
        self._counts: tuple[tone.Counts, tone.Counts | None] | None = None
        self._buffer: tone.Packed | None = None
        self._pin: Decimal | None = None
        self._drag: Drag | None = None
        self._pressed: QPointF | None = None
        self._button = Qt.MouseButton.NoButton
        self._inside = False
        self._add_items()
        self._clicked = QTimer(self, singleShot=True)
        self._clicked.timeout.connect(self._pick_clicked)
        self._clicked_at = 0.0
        self._follow_view()
        self.set_labels("", "")

    def _add_items(self) -> None:
        self.picture = Picture()
        self._pin_line = pg.InfiniteLine(angle=90, movable=False)
        self._pin_line.setVisible(False)
        for item in (self.picture, self._pin_line):
            self.view_box.addItem(item, ignoreBounds=True)
        font = self.x_axis.font
        self.rubber_band, self.readout, self.message = RubberBand(), Readout(font), Message(self.font())
        for overlay in self._overlays:
            self.scene().addItem(overlay)
        self.set_theme(self.colours)
        self._place()

    @property
    def _overlays(self) -> tuple[RubberBand, Readout, Message]:
        return self.rubber_band, self.readout, self.message

    # --- what is shown ---

    @property
    def grid(self) -> Grid:
        """The viewport shown and the device pixels of the plot area."""
        return Grid(self._viewport, *self._size)

    def set_viewport(self, viewport: Viewport) -> None:
        """Show `viewport`, the old picture stretched to it. Emits no `grid_changed`."""
        self._viewport = viewport
        self._follow_view()

    def set_image(self, counts: tone.Counts, viewport: Viewport, period: tone.Counts | None = None) -> None:
        """Show counts of `viewport`. Shape (rows, columns), top row first; integers, none negative; any view of an array will do.

        With `period` (columns,) each column is in its period's hue. The arrays are kept for recolouring: do not write to them.
        """
        self._counts = (counts, period)
        self._colour(viewport)

    def set_pixels(self, pixels: tone.Packed, viewport: Viewport) -> None:
        """Show packed 0xffRRGGBB colours of `viewport`. Shape (rows, columns), top row first. Not copied when C-contiguous."""
        self._counts = None
        self.picture.set_pixels(np.ascontiguousarray(pixels, dtype=np.uint32), viewport)

    def clear(self) -> None:
        """Show no picture."""
        self._counts = None
        self.picture.clear()

    def set_tone(self, name: str) -> None:
        """Use the tone `name`, one of `tone.TONES`; ValueError otherwise."""
        self._tone = tone.check_tone(name)
        self._recolour()

    def set_colour_map(self, name: str) -> None:
        """Use the colour map `name`, one of `tone.COLOUR_MAPS`; ValueError otherwise."""
        tone.shades(name, self.colours.background, self.colours.dark)
        self._colour_map = name
        self._recolour()

    def set_theme(self, colours: Colours) -> None:
        """Draw, and colour the counts, for this theme."""
        super().set_theme(colours)
        if hasattr(self, "message"):
            self._pin_line.setPen(pg.mkPen(colours.accent, width=1))
            for overlay in self._overlays:
                overlay.colours = colours
                overlay.update()
            self._recolour()

    def _recolour(self) -> None:
        if self._counts is not None and self.picture.own is not None:
            self._colour(self.picture.own)

    def _colour(self, viewport: Viewport) -> None:
        assert self._counts is not None
        counts, period = self._counts
        ground, dark = self.colours.background, self.colours.dark
        if period is None:
            ramp = tone.shades(self._colour_map, ground, dark)
            self._buffer = tone.colour(counts, self._tone, ramp, ground, self._buffer)
        else:
            self._buffer = tone.colour_by_period(counts, period, self._tone, ground, dark, self._buffer)
        self.picture.set_pixels(self._buffer, viewport)

    def set_labels(self, x: str, y: str) -> None:
        """The names at the axes; they are also what a screen reader says."""
        super().set_labels(x, y)
        self.setAccessibleName(f"Picture of {y} against {x}" if x and y else "Picture")
        self.setAccessibleDescription(
            "Wheel or plus and minus zoom, a drag or the arrow keys move, a right drag zooms to a box, Home shows the whole"
        )

    def set_readout(self, lines: list[str] | None) -> None:
        """Show these lines in a corner; None hides them."""
        self.readout.set_lines(lines)

    def set_message(self, text: str | None) -> None:
        """Show a quiet sentence in the middle; None takes it away."""
        self.message.set_text(text)

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

    # --- the view ---

    def go(self, viewport: Viewport) -> None:
        """Show `viewport` as by the user's hand."""
        viewport = clamped(viewport)
        if viewport != self._viewport:
            self.set_viewport(viewport)
            self.grid_changed.emit(self.grid)

    def zoom_to(self, box: tuple[float, float, float, float]) -> None:
        """Show the part (u0, v0, u1, v1), as by the user's hand; refused on an axis whose pixels could not be told apart."""
        viewport, refusal = boxed(self.grid, box, self.told_apart)
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
        self.picture.show_in(self._viewport)
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
        if not hasattr(self, "message"):
            return
        for overlay in self._overlays:
            overlay.area = self.plot_rect
        self.readout.place()
        self.message.place()
        ratio = self.devicePixelRatioF()
        size = round(self.plot_rect.width() * ratio), round(self.plot_rect.height() * ratio)
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
        if self._drag is None and far and self._button != Qt.MouseButton.NoButton:
            self._drag = self._begin(event)
        if self._drag is not None:
            self._drag.move(event.position())

    def _begin(self, event: QMouseEvent) -> Drag | None:
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
            self._clicked_at = self.window_point(pressed)[0]
            self._clicked.start(min(CLICK_WAIT, QApplication.doubleClickInterval()))
        self._button = Qt.MouseButton.NoButton
        self._hover(event.position())

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Ask for the whole view; the two clicks pick nothing."""
        event.accept()
        self._clicked.stop()
        if event.button() == Qt.MouseButton.LeftButton and self.plot_rect.contains(event.position()):
            self.home_requested.emit()

    def _pick_clicked(self) -> None:
        self.pick(self._clicked_at)

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
        self.readout.avoid(position)
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
        """Move and zoom by keys: arrows, plus and minus (Alt: horizontally only, Ctrl: vertically only), Home; Esc takes a drag back.

        On the keypad Shift does as Alt; elsewhere a plus sign may need Shift to be typed at all.
        """
        key = event.key()
        if key == ESCAPE and self._drag is not None:
            self._drag.cancel()
            self._drag, self._button = None, Qt.MouseButton.NoButton
        elif key in ARROWS:
            self.go(self._viewport.panned(*ARROWS[Qt.Key(key)]))
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

    def focusInEvent(self, event: QEvent) -> None:
        """Show by the spines that the keys go here."""
        self._show_focus(True)

    def focusOutEvent(self, event: QEvent) -> None:
        """Show that they go elsewhere."""
        self._show_focus(False)

    def _show_focus(self, focused: bool) -> None:
        self.x_axis.focused = self.y_axis.focused = focused
        self.viewport().update()


def notches_of(event: QWheelEvent) -> float:
    """How far the wheel was turned, in notches, in parts of one on a touchpad. Some systems turn Shift or Alt into sideways."""
    turned = event.angleDelta()
    if turned.y():
        return turned.y() / 120.0
    if turned.x() and event.modifiers() & SIDEWAYS:
        return turned.x() / 120.0
    return event.pixelDelta().y() / PIXELS_A_NOTCH
