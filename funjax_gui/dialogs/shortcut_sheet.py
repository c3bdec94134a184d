"""Help > Keyboard and mouse: the shortcuts of all actions, and the mouse actions in the plots."""

from collections.abc import Iterator, Mapping, Sequence
from html import escape

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QGuiApplication, QKeySequence
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QMenu, QMenuBar, QTextBrowser, QVBoxLayout, QWidget

from funjax_gui.style import scaled
from funjax_gui.tabs import Tab

Lines = Sequence[tuple[str, str]]
"""(keys, description), in order."""

WIDTH = 980
"""Width of the dialog in pixels at the default font size."""

QT_KEYS = (
    ("Tab, Shift+Tab", "next or previous control or plot"),
    ("Ctrl+Tab, Ctrl+Shift+Tab", "next or previous tab"),
    ("Alt + letter", "the menu or button with that letter"),
)
"""Keys that Qt handles itself."""


class KeySheet(QDialog):
    """Groups of keys: everywhere, in the open tab, in its plots."""

    def __init__(self, bar: QMenuBar, tab: Tab, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Keyboard and mouse")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.groups = groups(bar, tab)
        text = QTextBrowser()
        text.setHtml(_columns(self.groups))
        text.viewport().setAutoFillBackground(False)
        text.setAccessibleName("Keyboard and mouse")
        text.setToolTip("Scroll with the arrow keys")
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close, self)
        buttons.button(QDialogButtonBox.StandardButton.Close).setToolTip("Close (Esc)")
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.addWidget(text, 1)
        column.addWidget(buttons)
        room = QGuiApplication.primaryScreen().availableSize()
        width = min(scaled(WIDTH), room.width() - 40)
        text.document().setTextWidth(width - 60)
        self.resize(width, min(round(text.document().size().height()) + scaled(90), room.height() - 60))
        buttons.button(QDialogButtonBox.StandardButton.Close).setFocus()


def groups(bar: QMenuBar, tab: Tab) -> dict[str, Lines]:
    """The lines of each group, by its title."""
    mine = [action for action in tab.view_actions() if action is not None]
    everywhere = [action for menu in menus(bar) for action in menu.actions() if action not in mine]
    return {
        "Everywhere": [*_lines(everywhere), *QT_KEYS],
        f"{tab.title}: everywhere in the tab": _lines(mine),
        f"{tab.title}: in the plots": list(tab.keys().items()),
    }


def menus(bar: QMenuBar) -> Iterator[QMenu]:
    """The menus of the bar and those within them."""
    waiting = [action.menu() for action in bar.actions()]
    while waiting:
        menu = waiting.pop(0)
        if isinstance(menu, QMenu):
            yield menu
            waiting = [action.menu() for action in menu.actions()] + waiting


def _lines(actions: Sequence[QAction]) -> Lines:
    return [(keys(action), what(action)) for action in actions if action.shortcuts()]


def what(action: QAction) -> str:
    """Description of an action: its text in the menu."""
    return action.text().replace("&", "").rstrip("…") + (", show or hide" if action.isCheckable() else "")


def keys(action: QAction) -> str:
    """The shortcuts of an action in native notation."""
    return ", ".join(key.toString(QKeySequence.SequenceFormat.NativeText) for key in action.shortcuts())


def _columns(found: Mapping[str, Lines]) -> str:
    """The first group at the left, the others at the right, one below the other. As one text: labels take Qt many times as long."""
    first, *others = [_group(title, lines) for title, lines in found.items() if lines]
    cell = '<td width="50%" style="padding-right: {}px">{}</td>'
    cells = "".join(cell.format(scaled(18), text) for text in (first, "".join(others)))
    return f'<table width="100%"><tr>{cells}</tr></table>'


def _group(title: str, lines: Lines) -> str:
    row = '<tr><td style="padding: 2px 16px 2px 0"><b>{}</b></td><td style="padding: 2px 0">{}</td></tr>'
    rows = "".join(row.format(escape(key), escape(does[0].upper() + does[1:])) for key, does in lines)
    return f'<h4 style="margin-bottom: 4px">{escape(title)}</h4><table width="100%">{rows}</table>'
