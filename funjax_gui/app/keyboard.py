"""Keyboard access: the focused widget is scrolled into view and keeps its own keys, Tab follows the layout, Shift+F1 explains."""

from collections.abc import Iterator
from itertools import pairwise

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QApplication,
    QComboBox,
    QLayout,
    QScrollArea,
    QSplitter,
    QStackedWidget,
    QWhatsThis,
    QWidget,
)


class OwnKeys(QObject):
    """Scrolls the focused widget into view and reserves its own keys: Space, which presses a button and opens a combo box."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        application.focusChanged.connect(self._follow)

    def _follow(self, before: QWidget | None, now: QWidget | None) -> None:
        if isinstance(now, QAbstractButton | QComboBox):
            now.installEventFilter(self)
        parent = now.parentWidget() if now is not None else None
        while now is not None and parent is not None and not parent.isWindow():
            if isinstance(parent, QScrollArea):
                parent.ensureWidgetVisible(now, 0, 8)
            parent = parent.parentWidget()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Claim these keys before the shortcuts of the menus; called by Qt."""
        if event.type() != QEvent.Type.ShortcutOverride or not isinstance(event, QKeyEvent):
            return False
        plain = not event.modifiers() & ~(Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier)
        mine = plain and event.key() == Qt.Key.Key_Space
        if mine:
            event.accept()
        return mine


def ask_what_this_is() -> None:
    """Explain the focused widget if called by key; from the menu, or without an explanation, enter What's This mode."""
    widget = QApplication.focusWidget()
    by_key = bool(QGuiApplication.keyboardModifiers() & Qt.KeyboardModifier.ShiftModifier)
    text = explanation(widget) if by_key else ""
    if widget is not None and text:
        QWhatsThis.showText(widget.mapToGlobal(widget.rect().center()), text, widget)
    else:
        QWhatsThis.enterWhatsThisMode()


def explanation(widget: QWidget | None) -> str:
    """The What's This text of the widget or of its nearest ancestor that has one."""
    while widget is not None and not widget.whatsThis():
        widget = widget.parentWidget()
    return widget.whatsThis() if widget is not None else ""


def order_keys(root: QWidget) -> None:
    """Set the tab order of all widgets in `root` to that of the layout: from left to right, from top to bottom."""
    for before, after in pairwise(in_order(root)):
        QWidget.setTabOrder(before, after)


def in_order(root: QWidget) -> Iterator[QWidget]:
    """Widgets in `root` that take the keyboard focus, in the order of the layout."""
    if root.focusPolicy() & Qt.FocusPolicy.TabFocus and root.focusProxy() is None:
        yield root
    for part in _parts(root):
        yield from in_order(part)


def _parts(widget: QWidget) -> Iterator[QWidget]:
    if isinstance(widget, QSplitter | QStackedWidget):
        yield from (part for n in range(widget.count()) if (part := widget.widget(n)) is not None)
    elif isinstance(widget, QScrollArea):
        yield from filter(None, [widget.widget()])
    elif not isinstance(widget, QAbstractScrollArea | QComboBox) and (layout := widget.layout()) is not None:
        yield from _laid_out(layout)


def _laid_out(layout: QLayout) -> Iterator[QWidget]:
    for n in range(layout.count()):
        item = layout.itemAt(n)
        if item is not None and (within := item.layout()) is not None:
            yield from _laid_out(within)
        elif item is not None and (widget := item.widget()) is not None:
            yield widget
