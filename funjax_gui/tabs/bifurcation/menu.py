"""What the View menu offers for the diagram."""

from typing import TYPE_CHECKING

from PySide6.QtGui import QAction

from funjax_gui.widgets.menus import action

if TYPE_CHECKING:
    from funjax_gui.tabs.bifurcation.tab import BifurcationTab


def view_actions(tab: "BifurcationTab") -> list[QAction | None]:
    """The actions, made once; None is a separator."""
    return [
        *tab.moves("&Whole diagram"),
        None,
        *tab.computes("&Stop refining"),
        None,
        action(tab, "Open the pin in fi&xed points", "Ctrl+Return", tab.carry_pin),
        None,
        action(tab, "&Controls", "F9", tab.panel_area.setVisible, True),
        action(tab, "&Pinned column", "F8", tab.show_aside, True),
    ]
