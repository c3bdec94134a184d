"""View menu of the fixed-point explorer."""

from collections.abc import Callable

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QWidget

from funjax_gui.tabs.view_tab import ViewTab
from funjax_gui.widgets import Player, action

Command = Callable[[], object]


def view_actions(
    tab: ViewTab, player: Player, aside: QWidget, pin_start: Command, unpin_starts: Command, copy_table: Command, carry: Command
) -> list[QAction | None]:
    """Make the actions; None is a separator. `aside` holds the plots of the orbit; `carry` shows the map in the diagram."""
    return [
        *tab.navigation_actions("&All initial conditions"),
        None,
        *tab.computing_actions("&Stop computing"),
        None,
        action(tab, "&Play or pause", "Space", player.play),
        action(tab, "&Next step", "N", player.step),
        action(tab, "Step bac&k", "B", player.back),
        action(tab, "&Rewind", "R", player.reset),
        action(tab, "Run to the &end", "E", player.run),
        None,
        action(tab, "Keep t&he initial condition", "P", pin_start),
        action(tab, "Re&move all kept initial conditions", "Shift+P", unpin_starts),
        None,
        action(tab, "&Copy the table", None, copy_table),
        action(tab, "Show on the bifurcation &diagram", "Ctrl+Return", carry),
        None,
        action(tab, "Contro&ls", "F9", tab.panel_area.setVisible, True),
        action(tab, "Cob&web and convergence", "F8", aside.setVisible, True),
    ]
