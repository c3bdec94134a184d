"""Menus from tables of text, shortcuts and slot."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

Entry = tuple[str, Any, Callable[..., Any]] | QMenu | None
"""(text, shortcut, tuple of shortcuts or None, slot), or a submenu; None is a separator."""


def action(parent: QWidget, text: str, keys: Any, slot: Callable[..., Any], checked: bool | None = None) -> QAction:
    """Make an action; with `checked` a checkable one, whose slot gets the new state."""
    made = QAction(text, parent)
    if keys is not None:
        made.setShortcuts([QKeySequence(key) for key in (keys if isinstance(keys, tuple) else (keys,))])
    if checked is None:
        made.triggered.connect(lambda _: slot())
    else:
        made.setCheckable(True)
        made.setChecked(checked)
        made.triggered.connect(lambda on: slot(on))  # a builtin such as setVisible would be called without it
    return made


def fill(menu: QMenu, entries: Sequence[Entry]) -> None:
    """Append the entries to the menu."""
    for entry in entries:
        if entry is None:
            menu.addSeparator()
        elif isinstance(entry, QMenu):
            menu.addMenu(entry)
        else:
            menu.addAction(action(menu, *entry))


def choice(menu: QMenu, titles: Mapping[str, str], chosen: str, slot: Callable[[str], Any]) -> None:
    """Append an exclusive group of actions; `slot` gets the chosen key."""
    group = QActionGroup(menu)
    for key, title in titles.items():
        one = action(menu, title, None, lambda _, key=key: slot(key), checked=key == chosen)
        group.addAction(one)
        menu.addAction(one)
