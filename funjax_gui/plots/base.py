"""Base class of plots: a plot area at whole device pixels between two axes, its layers, and the theme."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, TypeVar

import pyqtgraph as pg
from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QFont, QImage, QResizeEvent
from PySide6.QtWidgets import QGraphicsView, QToolButton, QWhatsThis, QWidget

from funjax_gui.figures import Item
from funjax_gui.plots.axis import Axis
from funjax_gui.plots.item_layer import ItemLayer
from funjax_gui.plots.overlays import Message, Overlay
from funjax_gui.style import DARK, Colours, scaled
from kernels.geometry import Viewport

Layer = TypeVar("Layer", bound=Overlay)


@dataclass(frozen=True)
class Margins:
    """Margins between widget and plot area in pixels at the default font size. Plots with equal `left` and `right` are aligned."""

    left: int = 76
    top: int = 18
    right: int = 22
    bottom: int | None = None
    """None: the height of the labels."""


class BasePlot(pg.GraphicsView):
    """A plot area between two axes, with `layers` in it.

    Subclasses add layers, which follow the plot area, the view and the theme. The layer `overlay` shows items of figures.
    """

    menu_wanted = Signal(QPoint)
    """A click with the right button, or the menu key, asks for a menu at this place of the screen."""

    def __init__(
        self, parent: QWidget | None = None, margins: Margins | None = None, overhang: float = 0.0, has_equal_scale: bool = False
    ) -> None:
        """`has_equal_scale`: both axes show the same quantity, so a unit has the same length on both unless the plot is stretched."""
        self._help: HelpMark | None = None  # Qt sends events while the view is made
        super().__init__(parent)
        self.setCacheMode(QGraphicsView.CacheModeFlag.CacheNone)  # pyqtgraph keeps a picture of the background, which is of one colour
        self._has_equal_scale, self._is_stretched = has_equal_scale, False
        self._margins = margins or Margins()
        self.layers: list[Overlay] = []
        self._view: Viewport | None = None
        self._area = QRectF()
        self.x_axis, self.y_axis = Axis(vertical=False), Axis(vertical=True)
        self.scene().addItem(self.x_axis)
        self.scene().addItem(self.y_axis)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._thickness = 1.0
        self.x_axis.font = self.y_axis.font = font = QFont(self.font())
        font.setPointSizeF(_axis_points(font))
        self.colours = DARK
        self.setBackground(self.colours.background)
        self._message_font = QFont(self.font())
        self.message = self.add_layer(Message(self._message_font))
        self.overlay = self.add_layer(ItemLayer(font, overhang=overhang))
        BasePlot._place(self)

    def add_layer(self, layer: Layer) -> Layer:
        """Add a layer; its z-value sets its order."""
        self.scene().addItem(layer)
        self.layers.append(layer)
        layer.set_thickness(self._thickness)
        layer.set_colours(self.colours)
        layer.area = self.plot_rect
        layer.place()
        if self._view is not None:
            layer.show_in(self._view)
        return layer

    def set_overlay(self, items: Sequence[Item]) -> None:
        """Show these items over the plot, in place of previous ones."""
        self.overlay.set_items(items)

    def _show_in(self, view: Viewport) -> None:
        """Show this view in axes and layers."""
        if view == self._view:
            return
        self._view = view
        self.x_axis.set_limits(*view.x_limits)
        self.y_axis.set_limits(*view.y_limits)
        for layer in self.layers:
            layer.show_in(view)

    @property
    def plot_rect(self) -> QRectF:
        """The plot area, in the widget's pixels."""
        return QRectF(self._area)

    def set_theme(self, colours: Colours) -> None:
        """Draw in these colours."""
        self.colours = self.x_axis.colours = self.y_axis.colours = colours
        self.setBackground(colours.background)
        for layer in self.layers:
            layer.set_colours(colours)
        self.viewport().update()

    def set_thickness(self, thickness: float) -> None:
        """Draw lines so many times as wide."""
        self._thickness = thickness
        for layer in self.layers:
            layer.set_thickness(thickness)

    def changeEvent(self, event: QEvent) -> None:
        """Take another font for axes and layers, which share it; called by Qt."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange and hasattr(self, "_message_font"):  # Qt sends events while the view is made
            self.x_axis.font.setPointSizeF(_axis_points(self.font()))
            self._message_font.setPointSizeF(self.font().pointSizeF())
            self._place()

    @property
    def is_equal(self) -> bool:
        """Whether a unit has the same length on both axes."""
        return self._has_equal_scale and not self._is_stretched

    def set_stretched(self, is_stretched: bool) -> None:
        """Whether a plot with axes of equal scale fills its room instead."""
        if is_stretched != self._is_stretched:
            self._is_stretched = is_stretched
            self._place()

    def set_labels(self, x: str, y: str) -> None:
        """The names at the axes."""
        if (x, y) != (self.x_axis.label, self.y_axis.label):
            self.x_axis.label, self.y_axis.label = x, y
            self._place()

    def set_x_labels_shown(self, shown: bool) -> None:
        """Show or hide the labels of the horizontal axis; a plot below may have them instead."""
        self.x_axis.labels_shown = shown
        self._place()

    # --- accessible texts ---

    def explain(self, name: str, text: str) -> None:
        """Set the plot's accessible name and its What's This text, which the small ? in its corner shows too."""
        self.setAccessibleName(name)
        paragraphs = "".join(f"<p>{paragraph}</p>" for paragraph in text.split("\n"))
        self.setWhatsThis(f"<p><b>{name}</b></p>{paragraphs}")
        self._help = self._help or HelpMark(self)
        self._help.place()

    def describe(self, text: str) -> None:
        """Set the accessible description of the content."""
        if text != self.accessibleDescription():
            self.setAccessibleDescription(text)

    def set_message(self, text: str | None, low: bool = False) -> None:
        """Show a message in an empty plot, `low` in the plot area if it is not quite empty; None hides it."""
        if (text or "") != self.message.text:
            self.message.set_text(text, low)

    def event(self, event: QEvent) -> bool:
        """Show the ? while the mouse is here."""
        if self._help is not None and event.type() in (QEvent.Type.Enter, QEvent.Type.Leave):
            self._help.setVisible(event.type() == QEvent.Type.Enter)
        return bool(super().event(event))

    def focusInEvent(self, event: QEvent) -> None:
        """Show by the spines that the keys go here."""
        self._show_focus(True)

    def focusOutEvent(self, event: QEvent) -> None:
        """Show that they go elsewhere."""
        self._show_focus(False)

    def _show_focus(self, focused: bool) -> None:
        self.x_axis.focused = self.y_axis.focused = focused
        self.viewport().update()

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        """Update the layout."""
        super().resizeEvent(event)
        if event is not None:  # pyqtgraph calls it with none while the view is made
            self._place()

    def _place(self) -> None:
        """Lay out the plot for the size of the widget, at once, since the grid must be known before the next event.

        The plot area begins and ends at whole device pixels, also where 4 pixels of Qt's are 5 of the screen's.
        """
        size, m = self.size(), self._margins
        left, top, right = (scaled(margin, self.font()) for margin in (m.left, m.top, m.right))
        grain = Fraction(self.devicePixelRatioF()).limit_denominator(10).denominator
        bottom = self.x_axis.needed() if m.bottom is None else m.bottom
        left, top = -(-left // grain) * grain, -(-top // grain) * grain
        width = max(1, (size.width() - left - right) // grain) * grain
        height = max(1, (size.height() - top - bottom) // grain) * grain
        plot, bounds = self._shaped(QRectF(left, top, width, height), grain), QRectF(0, 0, size.width(), size.height())
        self._area = plot
        self.x_axis.place(plot, bounds)
        self.y_axis.place(plot, bounds)
        for layer in self.layers:
            layer.area = QRectF(plot)
            layer.place()
        if self._help is not None:
            self._help.place()
        self.viewport().update()

    def _shaped(self, room: QRectF, grain: int) -> QRectF:
        """The plot area within this room; all of it in most plots. Sides are multiples of `grain`."""
        return room

    def window_point(self, position: QPointF) -> tuple[float, float]:
        """The window units (u, v) of a place in the widget; beyond 0 and 1 outside the plot area."""
        plot = self.plot_rect
        return (position.x() - plot.left()) / plot.width(), (plot.bottom() - position.y()) / plot.height()

    def close(self) -> bool:
        """Close as any widget does: pyqtgraph's own way empties the scene and takes the viewport away, which can crash."""
        return QWidget.close(self)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Ask for a menu by its key; the mouse does by a click of the right button, which a drag begins with too."""
        if event.reason() == QContextMenuEvent.Reason.Keyboard:
            self.menu_wanted.emit(self.mapToGlobal(self.plot_rect.center().toPoint()))
        event.accept()

    # pyqtgraph's own mouse handling is not wanted: no scene events, no menus.

    def wheelEvent(self, event: Any) -> None:
        """Let the wheel event propagate to the plot below."""
        event.ignore()

    def mousePressEvent(self, event: Any) -> None:
        """Keep the right button, whose click asks for a menu; let other events propagate to the widget below."""
        event.setAccepted(event.button() == Qt.MouseButton.RightButton)

    def mouseMoveEvent(self, event: Any) -> None:
        """Let the mouse event propagate to the plot below."""
        event.ignore()

    def mouseReleaseEvent(self, event: Any) -> None:
        """Ask for a menu by a click of the right button; let other events propagate to the widget below."""
        if event.button() == Qt.MouseButton.RightButton:
            self.menu_wanted.emit(event.globalPosition().toPoint())
        else:
            event.ignore()

    def mouseDoubleClickEvent(self, event: Any) -> None:
        """Let the mouse event propagate to the plot below."""
        event.ignore()

    def leaveEvent(self, event: Any) -> None:
        """Nothing to do."""
        event.ignore()

    def keyPressEvent(self, event: Any) -> None:
        """Let the key event propagate to the plot below."""
        event.ignore()


def _axis_points(font: QFont) -> float:
    """Size in points of the labels at the axes, for the font of the plot."""
    return max(7.0, 0.9 * font.pointSizeF())


class HelpMark(QToolButton):
    """A quiet ? in a plot's corner: pressed, it says what the plot shows."""

    def __init__(self, plot: BasePlot) -> None:
        super().__init__(plot)
        self._plot = plot
        self.setText("?")
        self.setProperty("role", "help")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setToolTip("What is this? (Shift+F1)")
        self.setAccessibleName("What is this?")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.clicked.connect(lambda _: self.answer())
        self.hide()

    def place(self) -> None:
        """Go to the upper right corner of the plot's widget, beside the plot area."""
        side = scaled(18, self._plot.font())
        self.setGeometry(self._plot.width() - side - 1, 1, side, side)

    def answer(self) -> None:
        """Say it."""
        QWhatsThis.showText(self.mapToGlobal(QPoint(0, self.height())), self._plot.whatsThis(), self._plot)


def picture_of(widget: QWidget) -> QImage:
    """What the widget shows, without the signs that are there for the mouse."""
    marks = [mark for mark in widget.findChildren(HelpMark) if mark.isVisible()]
    for mark in marks:
        mark.hide()
    picture = widget.grab().toImage()
    for mark in marks:
        mark.show()
    return picture
