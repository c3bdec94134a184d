"""The menu of a plot, by the mouse and by its key."""

from collections.abc import Iterator

import pytest
from kept_window import KeptWindow
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QWhatsThis

from funjax_gui.app.window import Window
from funjax_gui.plots.base import BasePlot
from funjax_gui.plots.view_plot import ViewPlot

RIGHT = Qt.MouseButton.RightButton


@pytest.fixture
def window(kept_window: KeptWindow) -> Iterator[Window]:
    yield kept_window.opened((1200, 760))
    QWhatsThis.hideText()


def menu() -> QMenu:
    found = QApplication.activePopupWidget()
    assert isinstance(found, QMenu)
    return found


def texts(shown: QMenu) -> list[str]:
    return [action.text().replace("&", "") for action in shown.actions() if action.text()]


@pytest.mark.parametrize("name", ["fixed_points", "bifurcation", "newton"])
def test_every_plot_has_a_menu(window: Window, name: str) -> None:
    tab = getattr(window, name)
    window.tabs.setCurrentWidget(tab)
    plots = [plot for plot in tab.findChildren(BasePlot) if plot.isVisible()]
    assert len(plots) >= 2
    for plot in plots:
        QTest.mouseClick(plot.viewport(), RIGHT, pos=plot.plot_rect.center().toPoint())
        wanted = ["Copy picture", "Export…", *(["Whole picture"] if isinstance(plot, ViewPlot) else []), "What is this?"]
        assert texts(menu()) == wanted
        menu().close()


def test_a_drag_of_the_right_button_zooms_and_opens_none(window: Window) -> None:
    plot = window.bifurcation.plot
    before, middle = plot.grid.viewport, plot.plot_rect.center().toPoint()
    QTest.mousePress(plot.viewport(), RIGHT, pos=middle)
    QTest.mouseMove(plot.viewport(), middle + QPoint(60, 60))
    QTest.mouseRelease(plot.viewport(), RIGHT, pos=middle + QPoint(60, 60))
    assert plot.grid.viewport != before and QApplication.activePopupWidget() is None


def test_its_entries_do_what_they_say(window: Window) -> None:
    plot = window.bifurcation.plot
    plot.zoom(3)
    assert plot.grid.viewport != window.bifurcation._home()
    event = QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, QPoint(5, 5), QPoint(5, 5))
    QApplication.sendEvent(plot, event)
    entries = {action.text().replace("&", ""): action for action in menu().actions()}
    QGuiApplication.clipboard().clear()
    entries["Copy picture"].trigger()
    assert QGuiApplication.clipboard().image().size() == plot.size() * plot.devicePixelRatioF()
    entries["Whole picture"].trigger()
    assert plot.grid.viewport == window.bifurcation._home()
    menu().close()


def test_full_screen_comes_and_goes_by_its_key(window: Window) -> None:
    for wanted in (True, False):
        QTest.keyClick(window, Qt.Key.Key_F11)
        assert bool(window.windowState() & Qt.WindowState.WindowFullScreen) == wanted
