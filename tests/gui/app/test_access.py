"""Every control says what it is, to who points at it and to who cannot see it, and the keys come by each in the order of the eye."""

from collections import Counter
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from kept_window import KeptWindow
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QComboBox,
    QDialog,
    QHeaderView,
    QLineEdit,
    QSlider,
    QTabBar,
    QWidget,
)
from pytestqt.qtbot import QtBot

from funjax_gui.app.window import Window
from funjax_gui.dialogs.export import ExportDialog
from funjax_gui.dialogs.preset_gallery import Gallery
from funjax_gui.dialogs.saved_formulas import MyMapsDialog
from funjax_gui.export.request import formats_of
from funjax_gui.formulas.save_dialog import SaveDialog
from funjax_gui.formulas.saved_formula import MAP, SavedFormula
from funjax_gui.plots.base import BasePlot, HelpMark
from funjax_gui.sessions.session import Session
from funjax_gui.style.theme import DARK
from funjax_gui.tabs.bifurcation import help_text as bifurcation_about
from funjax_gui.tabs.fixed_points import help_text as fixed_points_about
from funjax_gui.tabs.newton import help_text as newton_about
from funjax_gui.timings.dialog import TimingsDialog
from kernels.bifurcation.request import BifurcationRequest
from kernels.geometry import Grid, Viewport

CONTROLS = (QAbstractButton, QComboBox, QLineEdit, QSlider, QAbstractItemView, QTabBar, BasePlot)
TABS = pytest.mark.parametrize("index", range(3), ids=("fixed points", "bifurcation", "newton"))


@pytest.fixture
def window(kept_window: KeptWindow) -> Window:
    return kept_window.opened((1280, 720), active=True)


@pytest.fixture
def new_window(fresh_window: Window) -> Window:
    fresh_window.resize(1280, 720)
    fresh_window.show()
    fresh_window.activateWindow()
    assert QTest.qWaitForWindowActive(fresh_window, 60_000)
    return fresh_window


@TABS
def test_a_low_window_shows_all_controls_at_once(qtbot: QtBot, window: Window, index: int) -> None:
    window.tabs.setCurrentIndex(index)
    area = window.tabs.currentWidget().panel_area
    # A tab is laid out once its events are delivered.
    qtbot.waitUntil(lambda: area.verticalScrollBar().maximum() == 0 and area.horizontalScrollBar().maximum() == 0)


def controls(root: QWidget) -> list[QWidget]:
    """What can be used and is there to be seen, or scrolled to; Qt's own parts of such are left out."""
    found = [w for w in root.findChildren(QWidget) if isinstance(w, CONTROLS) and w.isVisibleTo(root)]
    return [w for w in found if not isinstance(w, QHeaderView) and not isinstance(w.parentWidget(), (QComboBox, QTabBar)) and not _popup(w)]


def _popup(widget: QWidget) -> bool:
    return bool(widget.window().windowFlags() & Qt.WindowType.Popup == Qt.WindowType.Popup)


def name_of(widget: QWidget) -> str:
    # Where another label names a combo box, Qt tells its text by the name and its name by the label.
    return (widget.accessibleName() or QAccessible.queryAccessibleInterface(widget).text(QAccessible.Text.Name)).replace("&", "")


def tip_of(widget: QWidget) -> str:
    """What is shown where the mouse rests on it: its own tip or that of what it is a part of."""
    if isinstance(widget, QTabBar) and widget.count() and all(widget.tabToolTip(n) for n in range(widget.count())):
        return widget.tabToolTip(widget.currentIndex())
    while not widget.toolTip() and widget.parentWidget() is not None and not widget.isWindow():
        widget = widget.parentWidget()
    return widget.toolTip()


def faults(root: QWidget) -> list[str]:
    said = []
    for widget in controls(root):
        name, tip = name_of(widget), tip_of(widget)
        what = f"{type(widget).__name__} {name!r} in {type(widget.parentWidget()).__name__}"
        if not name:
            said.append(f"{what} has no name")
        if not tip and not isinstance(widget, BasePlot):
            said.append(f"{what} has no tip")
        if tip and tip.casefold().strip(".") == name.casefold():
            said.append(f"{what}: the tip says only the name")
        if isinstance(widget, BasePlot) and len(widget.whatsThis().split(". ")) < 2:
            said.append(f"{what} is not explained")
        said += [f"{what}: no tip for column {n}" for n in untold(widget)]
    return said


def untold(widget: QWidget) -> list[int]:
    """Columns of a table whose heading has no tip."""
    model = widget.model() if isinstance(widget, QAbstractItemView) else None
    header = widget.findChild(QHeaderView, options=Qt.FindChildOption.FindDirectChildrenOnly)
    if model is None or header is None:
        return []
    role = Qt.ItemDataRole.ToolTipRole
    return [n for n in range(model.columnCount()) if not model.headerData(n, Qt.Orientation.Horizontal, role)]


@TABS
def test_every_control_of_a_tab_says_what_it_is(window: Window, index: int) -> None:
    window.tabs.setCurrentIndex(index)
    assert faults(window) == []
    # A plot shows its mark while the mouse is over it, wherever another test has left that.
    names = Counter(name_of(control) for control in controls(window) if not isinstance(control, HelpMark))
    assert [name for name, count in names.items() if count > 1] == [], "each has a name of its own"


@pytest.mark.parametrize("objective", ("square-root", "himmelblau", "wood"))
def test_so_do_those_that_only_some_objectives_have(window: Window, objective: str) -> None:
    window.tabs.setCurrentWidget(window.newton)
    window.newton._edit("objective", objective)
    assert faults(window) == []


REQUEST = BifurcationRequest(Grid(Viewport.from_limits(3, 4, 0, 1), 10, 10))
SAVED = SavedFormula(MAP, "Mine", "r*x*(1-x)", (), "r")
DIALOGS: dict[str, Callable[[QWidget], QDialog]] = {
    "gallery": lambda parent: Gallery(True, parent),
    "export": lambda parent: ExportDialog(formats_of(REQUEST), (100, 100), parent=parent),
    "save a map": lambda parent: SaveDialog(SAVED, "", parent),
    "my maps": lambda parent: MyMapsDialog(Session, Path(), parent),
    "timings": lambda parent: TimingsDialog(DARK, parent),
    "scaling": lambda parent: parent.newton.dialogs.scaling,  # type: ignore[attr-defined]
    "network": lambda parent: parent.newton.dialogs.network,  # type: ignore[attr-defined]
}


@pytest.mark.parametrize("name", DIALOGS)
def test_every_control_of_a_dialog_says_what_it_is(window: Window, name: str) -> None:
    dialog = DIALOGS[name](window)
    dialog.show()
    assert faults(dialog) == []
    dialog.close()


# --- the order of the Tab key ---


def way(window: Window) -> list[QWidget]:
    """What the Tab key comes by from the tab bar on, until it is there again."""
    bar = window.tabs.tabBar()
    bar.setFocus()
    found: list[QWidget] = []
    for _ in range(200):
        QTest.keyClick(window.focusWidget(), Qt.Key.Key_Tab)
        if window.focusWidget() is bar:
            return found
        found.append(window.focusWidget())
    raise AssertionError("the way does not come back")


def place(window: Window, widget: QWidget) -> tuple[int, int, int]:
    """The column of the window that it is in, and where it begins: from above, from the left."""
    tab: Any = window.tab
    column = 0 if tab.panel_area.isAncestorOf(widget) else 2 if tab._side_panel.isAncestorOf(widget) else 1
    at = widget.mapTo(window, QPoint(0, 0))
    return column, at.y() + (widget.height() // 2 if widget.height() < 40 else 0), at.x()


@TABS
def test_the_tab_key_goes_as_the_eye_does_and_shift_tab_the_same_way_back(window: Window, index: int) -> None:
    window.tabs.setCurrentIndex(index)
    assert QTest.qWaitForWindowActive(window, 60_000)
    whole, back = way(window), []
    for _ in whole:
        QTest.keyClick(window.focusWidget(), Qt.Key.Key_Backtab)
        back.append(window.focusWidget())
    assert back == whole[::-1]
    walked = [widget for widget in whole if window.tab.isAncestorOf(widget)]
    able = [w for w in controls(window.tab) if w.isEnabled() and w.focusPolicy() & Qt.FocusPolicy.TabFocus]
    assert {w for w in able if w not in walked} == set(), "it comes by all"
    assert [w for w in walked if isinstance(w, BasePlot)]
    columns = [place(window, w)[0] for w in walked]
    assert columns == sorted(columns), "the panel, the picture, what stands beside it"
    for before, after in pairwise(walked):
        (column, top, left), (next_column, next_top, next_left) = place(window, before), place(window, after)
        below, right = next_top > top - 14, next_left > left and abs(next_top - top) < 40
        assert next_column > column or below or right, (before, after)


def test_new_controls_come_where_they_are_seen(window: Window) -> None:
    window.tabs.setCurrentWidget(tab := window.bifurcation)
    tab.panel.edited.emit("map", "a*x*(1-x) + b*sin(x) + d")
    walked = way(window)
    sliders = [walked.index(slider) for slider in tab.panel.control("parameter:b").findChildren(QSlider)]
    start = tab.panel.control("start").findChild(QSlider)
    assert walked.index(tab.panel.control("map").findChild(QComboBox)) < sliders[0] < walked.index(start)


def test_what_is_in_focus_is_scrolled_to(window: Window) -> None:
    window.resize(1000, 420)
    for index in range(3):
        window.tabs.setCurrentIndex(index)
        plot = window.tab.plot  # type: ignore[attr-defined]
        plot.setFocus()
        QTest.keyClick(plot, Qt.Key.Key_Backtab)
        last = window.focusWidget()
        area = window.tab.panel_area  # type: ignore[attr-defined]
        assert area.isAncestorOf(last)
        seen = last.visibleRegion().boundingRect()
        assert seen.height() == last.height(), "all of it is to be seen"


def test_a_tab_begins_with_its_picture_and_tabs_are_turned_by_keys(new_window: Window) -> None:
    window = new_window
    assert window.bifurcation.plot.hasFocus()
    for index in (2, 0):
        window.tabs.setCurrentIndex(index)
        assert window.tab.plot.hasFocus()  # type: ignore[attr-defined]
    QTest.keyClick(window.focusWidget(), Qt.Key.Key_Tab, Qt.KeyboardModifier.ControlModifier)
    assert window.tab is window.bifurcation
    QTest.keyClick(window.focusWidget(), Qt.Key.Key_Backtab, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    assert window.tab is window.fixed_points
    assert window.fixed_points.plot.hasFocus()


def test_explanations_are_short_and_whole() -> None:
    for texts in (bifurcation_about.EXPLAINED, fixed_points_about.EXPLAINED, {**newton_about.EXPLAINED, **newton_about.PLANE}):
        for title, text in texts.values():
            sentences = text.split(". ")
            assert 2 <= len(sentences) <= 6 and text.endswith("."), title
            assert 150 < len(text) < 750, (title, len(text))


@pytest.mark.parametrize(
    ("tab", "name", "formula"),
    [
        ("fixed_points", "map", "r*x*(1-x) + k"),
        ("bifurcation", "map", "r*x*(1-x) + k"),
        ("newton", "objective", "(x - a)^2 + b*(y - x^2)^2"),
    ],
)
def test_a_formulas_controls_say_what_they_are(window: Window, tab: str, name: str, formula: str) -> None:
    opened: Any = getattr(window, tab)
    window.tabs.setCurrentWidget(opened)
    opened.panel.edited.emit(name, formula)
    assert any(name_of(control) == "Formula" for control in controls(window))
    assert faults(window) == []


def test_the_tour_says_what_its_controls_are(window: Window) -> None:
    window.tours.toggle()
    assert faults(window) == []
    window.status_line.show_failure("it failed", "because")
    assert window.status_line.details.isVisible() and faults(window.status_line) == []
