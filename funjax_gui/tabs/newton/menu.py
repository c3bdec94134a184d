"""View menu of the Newton tab."""

from collections.abc import Callable

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QWidget

from funjax_gui.tabs.newton.runs import ComparisonPlayer
from funjax_gui.tabs.view_tab import ViewTab
from funjax_gui.widgets import action


def view_actions(
    tab: ViewTab, player: ComparisonPlayer, dialogs: tuple[Callable[[], object], Callable[[], object]], aside: QWidget, table: QWidget
) -> list[QAction | None]:
    """Make the actions; None is a separator. `dialogs`: what opens scaling and the network."""
    return [
        action(tab, "&Step", "N", player.step),
        action(tab, "Step bac&k", "B", player.back),
        action(tab, "&Play and pause", "P", player.play),
        action(tab, "One &inner iteration", "I", player.inner_step),
        action(tab, "&Rewind to the start", "R", player.reset),
        action(tab, "Run to the &end", "E", player.run),
        None,
        *tab.navigation_actions("&Whole picture"),
        None,
        *tab.computing_actions("Stop comp&uting"),
        None,
        action(tab, "Scaling with the nu&mber of variables…", None, dialogs[0]),
        action(tab, "Train &a network…", None, dialogs[1]),
        None,
        action(tab, "&Controls", "F9", tab.panel_area.setVisible, True),
        action(tab, "Co&nvergence and numbers", "F8", aside.setVisible, True),
        action(tab, "Tab&le of iterates", "F7", table.setVisible, True),
    ]
