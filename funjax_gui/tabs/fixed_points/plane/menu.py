"""View menu of the phase plane."""

from collections.abc import Callable

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QWidget

from funjax_gui.tabs.view_tab import ViewTab
from funjax_gui.widgets import action

Command = Callable[[], object]


def view_actions(tab: ViewTab, aside: QWidget, pin: Command, unpin: Command, copy_table: Command, carry: Command) -> list[QAction | None]:
    """Make the actions; None is a separator. `aside` holds the plots of the chosen orbits; `carry` shows the map in the diagram."""
    return [
        *tab.navigation_actions("First &view"),
        None,
        *tab.computing_actions("&Stop computing"),
        None,
        action(tab, "Keep t&he orbit", "P", pin),
        action(tab, "Re&move all kept orbits", "Shift+P", unpin),
        None,
        action(tab, "&Copy the table", None, copy_table),
        action(tab, "Show on the bifurcation &diagram", "Ctrl+Return", carry),
        None,
        action(tab, "Contro&ls", "F9", tab.panel_area.setVisible, True),
        action(tab, "Coordinates of the &orbits", "F8", aside.setVisible, True),
    ]
