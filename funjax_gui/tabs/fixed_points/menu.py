"""What the View menu offers for the fixed-point explorer."""

from typing import TYPE_CHECKING

from PySide6.QtGui import QAction

from funjax_gui.widgets.menus import action

if TYPE_CHECKING:
    from funjax_gui.tabs.fixed_points.tab import FixedPointsTab


def view_actions(tab: "FixedPointsTab") -> list[QAction | None]:
    """The actions, made once; None is a separator."""
    player = tab.cobweb.player
    return [
        *tab.moves("&All starts"),
        None,
        *tab.computes("&Stop computing"),
        None,
        action(tab, "&Play or pause", "Space", player.play),
        action(tab, "Step o&n", "N", player.step),
        action(tab, "Step bac&k", "B", player.back),
        action(tab, "&Rewind", "R", player.reset),
        action(tab, "Run to the &end", "E", player.run),
        None,
        action(tab, "Pin t&he start", "P", tab.pin_start),
        action(tab, "&Unpin all starts", "Shift+P", tab.unpin_starts),
        None,
        action(tab, "&Copy the table", None, tab.table.copy),
        action(tab, "Show on the bifurcation &diagram", "Ctrl+Return", tab.carry),
        None,
        action(tab, "Contro&ls", "F9", tab.panel_area.setVisible, True),
        action(tab, "Cob&web and convergence", "F8", tab.aside.setVisible, True),
    ]
