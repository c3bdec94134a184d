"""What the View menu offers for the Newton tab."""

from typing import TYPE_CHECKING

from PySide6.QtGui import QAction

from funjax_gui.widgets.menus import action

if TYPE_CHECKING:
    from funjax_gui.tabs.newton.tab import NewtonTab


def view_actions(tab: "NewtonTab") -> list[QAction | None]:
    """The actions, made once; None is a separator."""
    player = tab.player
    return [
        action(tab, "&Step", "N", player.step),
        action(tab, "Step bac&k", "B", player.back),
        action(tab, "&Play and pause", "P", player.play),
        action(tab, "One &inner iteration", "I", player.inner_step),
        action(tab, "&Reset to the start", "R", player.reset),
        action(tab, "Run to the &end", "E", player.run),
        None,
        *tab.moves("&Whole picture"),
        None,
        *tab.computes("Stop comp&uting"),
        None,
        action(tab, "Bigger proble&ms…", None, tab.show_bigger),
        None,
        action(tab, "&Controls", "F9", tab.panel_area.setVisible, True),
        action(tab, "Co&nvergence and numbers", "F8", tab.aside.setVisible, True),
        action(tab, "Tab&le of iterates", "F7", tab.table.setVisible, True),
    ]
