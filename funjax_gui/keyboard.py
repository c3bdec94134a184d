"""Keys that are shared: what a button or a list does by itself goes before what the menus have on the same key."""

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QWhatsThis, QWidget


class OwnKeys(QObject):
    """Lets what is in focus keep its own keys: a button Space, which presses it; a list Space and letters, which choose from it."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        application.focusChanged.connect(self._follow)

    def _follow(self, before: QWidget | None, now: QWidget | None) -> None:
        if isinstance(now, QAbstractButton | QComboBox):
            now.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Claim the keys before the menus' shortcuts are looked at; called by Qt."""
        if event.type() != QEvent.Type.ShortcutOverride or not isinstance(event, QKeyEvent):
            return False
        plain = not event.modifiers() & ~(Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.KeypadModifier)
        mine = event.key() == Qt.Key.Key_Space or (isinstance(watched, QComboBox) and event.text().isalnum())
        if plain and mine:
            event.accept()
        return plain and mine


def ask_what_this_is() -> None:
    """By its key, explain what is in focus; from the menu, or where there is nothing to explain, let the mouse point at something."""
    widget = QApplication.focusWidget()
    by_key = bool(QGuiApplication.keyboardModifiers() & Qt.KeyboardModifier.ShiftModifier)
    text = explanation(widget) if by_key else ""
    if widget is not None and text:
        QWhatsThis.showText(widget.mapToGlobal(widget.rect().center()), text, widget)
    else:
        QWhatsThis.enterWhatsThisMode()


def explanation(widget: QWidget | None) -> str:
    """What is said of the widget, or of what it is a part of."""
    while widget is not None and not widget.whatsThis():
        widget = widget.parentWidget()
    return widget.whatsThis() if widget is not None else ""
