"""The menu that a click with the right button opens on a plot."""

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QMenu, QWhatsThis

from funjax_gui.app.host import Host
from funjax_gui.plots import BasePlot, ViewPlot, picture_of
from funjax_gui.widgets import Entry, fill


def open_plot_menu(plot: BasePlot, at: QPoint, host: Host) -> QMenu:
    """Open the menu at a place of the screen: copy this plot, export, the whole view, and what the plot shows."""
    menu = QMenu(plot)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    entries: list[Entry] = [
        ("&Copy picture", None, lambda: host.filing.copy(picture_of(plot))),
        ("&Export…", None, host.export),
    ]
    if isinstance(plot, ViewPlot):
        entries += [None, ("&Whole picture", None, plot.home_requested.emit)]
    if text := plot.whatsThis():
        entries += [None, ("W&hat is this?", None, lambda: QWhatsThis.showText(at, text, plot))]
    fill(menu, entries)
    menu.popup(at)
    return menu
