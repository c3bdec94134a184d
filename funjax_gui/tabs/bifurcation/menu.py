"""View menu of the bifurcation diagram."""

from collections.abc import Callable

from PySide6.QtGui import QAction

from funjax_gui.tabs.view_tab import ViewTab
from funjax_gui.widgets import action
from kernels.bifurcation import Goal


def view_actions(
    tab: ViewTab, travel: Callable[[Goal], object], carry_pin: Callable[[], object], show_aside: Callable[[bool], object]
) -> list[QAction | None]:
    """Make the actions; None is a separator. `show_aside` shows or hides the plots of the pinned column."""
    return [
        *tab.navigation_actions("&Whole diagram"),
        None,
        action(tab, "Fit &height to the attractor", "H", lambda: travel("fit")),
        action(tab, "Go to the &next copy", "N", lambda: travel("in")),
        action(tab, "Go o&ut to the enclosing copy", "U", lambda: travel("out")),
        None,
        *tab.computing_actions("&Stop refining"),
        None,
        action(tab, "Open the pinned column in fi&xed points", "Ctrl+Return", carry_pin),
        None,
        action(tab, "&Controls", "F9", tab.panel_area.setVisible, True),
        action(tab, "&Pinned column", "F8", show_aside, True),
    ]
