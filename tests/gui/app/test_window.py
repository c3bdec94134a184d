"""The window as a person meets it: tabs, menus, themes, files and failures."""

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import drawn_sessions
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from kept_window import KeptWindow
from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QAction, QGuiApplication, QKeySequence, QPalette
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QFileDialog, QLineEdit, QMenu, QMessageBox, QWidget
from pytestqt.qtbot import QtBot

from funjax_gui.app import preferences, status_bar
from funjax_gui.app import window as window_module
from funjax_gui.app.window import Window
from funjax_gui.sessions.session import Session
from funjax_gui.style.theme import DARK, LIGHT
from funjax_gui.tabs.bifurcation.session import Bifurcation
from kernels.bifurcation.request import BifurcationRequest
from kernels.single_orbit.cobweb import CobwebRequest
from kernels.single_orbit.column import ColumnRequest

ALT, CTRL, NONE = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.NoModifier
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture(autouse=True)
def _own_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Preferences of its own for each test, and the application's name as it was."""
    monkeypatch.setattr(preferences, "path", lambda: tmp_path / "config" / "funjax.ini")
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    name = application.applicationName()
    yield
    application.setApplicationName(name)


FEW = Session(bifurcation=Bifurcation(transient=20, samples=30, keep_refining=False))
"""A picture that is soon there and then still: nothing goes on behind a test's back."""


@pytest.fixture
def window(qtbot: QtBot, kept_window: KeptWindow) -> Window:
    made = kept_window.opened((760, 520), FEW, active=True)
    settle(qtbot, made)
    return made


def settle(qtbot: QtBot, window: Window) -> None:
    tab = window.bifurcation
    qtbot.waitUntil(lambda: tab.frame is not None and tab.frame.request is tab.request and tab.frame.done)
    qtbot.waitUntil(lambda: not window.worker.running)


def submits(window: Window) -> list[Any]:
    """What is asked of the worker from now on."""
    asked: list[Any] = []
    window.bifurcation.requested.connect(asked.append)
    window.filing.export_wanted.connect(asked.append)
    return asked


def type_into(window: Window, name: str, text: str) -> None:
    editor = window.bifurcation.panel.control(name).findChild(QLineEdit)
    editor.setFocus()
    editor.selectAll()
    QTest.keyClicks(editor, text)
    QTest.keyClick(editor, Qt.Key.Key_Return)


def actions(menu: QMenu) -> Iterator[QAction]:
    for action in menu.actions():
        if isinstance(action.menu(), QMenu):
            yield from actions(action.menu())
        elif not action.isSeparator():
            yield action


def all_actions(window: Window) -> list[QAction]:
    return [found for top in window.menuBar().actions() for found in actions(top.menu())]


def entry(window: Window, text: str) -> QAction:
    (found,) = [action for action in all_actions(window) if action.text().replace("&", "") == text]
    return found


def boxes(window: Window) -> list[QMessageBox]:
    return [box for box in window.findChildren(QMessageBox) if box.isVisible()]


# --- tabs and menus ---


def test_the_three_explorers_have_their_tabs(window: Window) -> None:
    assert [window.tabs.tabText(i) for i in range(window.tabs.count())] == ["Fixed points", "Bifurcation", "Newton"]
    assert window.tab is window.bifurcation
    for index in (0, 2):
        window.tabs.setCurrentIndex(index)
        assert window.tab.isVisible()
        assert window.status_line.sentence.text() == window.tab.status().text
        assert window.tab.export_request() is not None
        window.tab.grab()
    window.tabs.setCurrentIndex(1)
    assert window.bifurcation.isVisible()


def test_shortcuts_are_not_shared(window: Window) -> None:
    for index in range(window.tabs.count()):
        window.tabs.setCurrentIndex(index)
        keys = [key.toString() for action in all_actions(window) for key in action.shortcuts()]
        assert len(keys) == len(set(keys))
        assert {"Ctrl+O", "Ctrl+S", "Ctrl+E", "F1"} <= set(keys)
        on_widgets = [key for action in window.findChildren(QAction) for key in action.shortcuts() if action.associatedObjects()]
        assert len({key.toString() for key in on_widgets}) == len(on_widgets)


def test_letters_of_menus_are_not_shared(window: Window) -> None:
    menus = [window.menuBar(), *window.menuBar().findChildren(QMenu)]
    for menu in menus:
        letters = [QKeySequence.mnemonic(action.text()).toString() for action in menu.actions() if "&" in action.text()]
        assert len(letters) == len(set(letters)), letters


def test_the_view_menu_does_not_grow(window: Window) -> None:
    view = window.menus.view
    before = ([action.text() for action in actions(view)], len(window.findChildren(QAction)), len(window.findChildren(QMenu)))
    for index in (0, 1, 2, 1):
        window.tabs.setCurrentIndex(index)
        view.aboutToShow.emit()
    assert ([action.text() for action in actions(view)], len(window.findChildren(QAction)), len(window.findChildren(QMenu))) == before


def test_f8_and_f9_make_room(window: Window) -> None:
    tab = window.bifurcation
    for key, part, name in ((Qt.Key.Key_F9, tab.panel_area, "Controls"), (Qt.Key.Key_F8, tab.aside, "Pinned column")):
        assert part.isVisible() and entry(window, name).isChecked()
        width = tab.plot.width()
        QTest.keyClick(window, key)
        window.menus.view.aboutToShow.emit()
        assert not part.isVisible() and not entry(window, name).isChecked()
        qt_events()
        assert tab.plot.width() > width
        QTest.keyClick(window, key)
        assert part.isVisible() and entry(window, name).isChecked()


def qt_events() -> None:
    QApplication.processEvents()


@pytest.mark.parametrize(("keys", "wide", "high"), [((Qt.Key.Key_Plus, NONE), 0.8, 0.8), ((Qt.Key.Key_Minus, NONE), 1.25, 1.25)])
def test_plus_and_minus_zoom_from_anywhere(window: Window, keys: Any, wide: float, high: float) -> None:
    before = window.bifurcation.request.grid.viewport
    QTest.keyClick(window, *keys)
    after = window.bifurcation.request.grid.viewport
    assert after.half_width == pytest.approx(wide * before.half_width)
    assert after.half_height == pytest.approx(high * before.half_height)


def test_ctrl_and_alt_zoom_one_axis_as_the_help_says(window: Window) -> None:
    tab, before = window.bifurcation, window.bifurcation.request.grid.viewport
    tab.plot.setFocus()
    QTest.keyClick(tab.plot, Qt.Key.Key_Plus, CTRL)
    tall = tab.request.grid.viewport
    assert (tall.half_width, tall.half_height) == (before.half_width, pytest.approx(0.8 * before.half_height))
    QTest.keyClick(tab.plot, Qt.Key.Key_Plus, ALT)
    both = tab.request.grid.viewport
    assert (both.half_width, both.half_height) == (pytest.approx(0.8 * before.half_width), tall.half_height)


def test_the_help_box_opens_and_goes(qtbot: QtBot, window: Window) -> None:
    entry(window, "About funjax").trigger()
    (box,) = boxes(window)
    assert "funjax" in box.text()
    box.grab()
    with qtbot.waitSignal(box.destroyed):
        QTest.keyClick(box, Qt.Key.Key_Escape)


def test_the_help_box_does_not_wait_for_the_devices(qtbot: QtBot, window: Window, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []
    monkeypatch.setattr("kernels.execution.devices.describe", lambda: asked.append(threading.get_ident()) or "an abacus")
    entry(window, "About funjax").trigger()
    (box,) = boxes(window)
    qtbot.waitUntil(lambda: box.informativeText() == "Computing on an abacus.", timeout=60_000)
    assert asked and threading.get_ident() not in asked
    box.close()


def test_switching_tabs_prefers_that_tabs_kind(window: Window, monkeypatch: pytest.MonkeyPatch) -> None:
    preferred: list[tuple[type | None, bool]] = []
    monkeypatch.setattr(window.worker, "prefer", lambda kind, alone: preferred.append((kind, alone)))
    for index in (0, 1, 2):
        window.tabs.setCurrentIndex(index)
    assert preferred == [(CobwebRequest, False), (BifurcationRequest, True), (window.newton.kinds[0], False)]


def test_the_status_of_a_hidden_tab_is_not_shown(window: Window) -> None:
    window.tabs.setCurrentIndex(2)
    shown = window.status_line.sentence.text()
    window.bifurcation._emit_status()
    assert window.status_line.sentence.text() == shown
    window.tabs.setCurrentIndex(1)
    assert "samples per column" in window.status_line.sentence.text()


# --- looks ---


class Styled(QObject):
    """Counts how often widgets are styled."""

    times = 0

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        self.times += event.type() == QEvent.Type.StyleChange
        return False


def test_themes_recolour_without_a_new_request_and_the_system_is_followed_until_told_otherwise(
    qtbot: QtBot, kept_window: KeptWindow
) -> None:
    # Larger than what the contents of any tab need at least: hidden tabs that are styled make a smaller window grow.
    window = kept_window.opened((1000, 800), FEW, active=True)
    settle(qtbot, window)
    asked, tab, hints = submits(window), window.bifurcation, QGuiApplication.styleHints()
    styled, widgets = Styled(), window.findChildren(QWidget)
    for widget in widgets:
        widget.installEventFilter(styled)
    for name, colours in (("Light", LIGHT), ("Dark", DARK)):
        entry(window, name).trigger()
        qt_events()
        assert entry(window, name).isChecked()
        assert QApplication.palette().color(QPalette.ColorRole.Window).name() == colours.panel
        image = tab.plot.grab().toImage()
        assert image.pixelColor(2, 2).name() == colours.background
        assert window.grab().toImage().pixelColor(4, window.height() - 3).name() == colours.panel
        assert window.preferences.theme == name.lower()
        assert window.style_wanted().theme == "white", "what is exported is for print, unless it is said otherwise"
    assert 0 < styled.times < 2 * 2.5 * len(widgets), "not once for each of their ancestors"
    try:
        entry(window, "Follow the system").trigger()
        for scheme, colours in ((Qt.ColorScheme.Light, LIGHT), (Qt.ColorScheme.Dark, DARK)):
            hints.setColorScheme(scheme)
            hints.colorSchemeChanged.emit(scheme)
            assert tab.plot.colours == window_module.colours_for("system")
            if hints.colorScheme() == scheme:
                assert tab.plot.colours == colours
        entry(window, "Light").trigger()
        hints.colorSchemeChanged.emit(Qt.ColorScheme.Dark)
        assert tab.plot.colours == LIGHT
    finally:
        hints.unsetColorScheme()
    assert asked == []


def test_colours_and_tones_ask_for_nothing_and_are_remembered(window: Window) -> None:
    asked, tab = submits(window), window.bifurcation
    for name in ("colour_map", "tone", "shown"):
        box = tab.panel.control(name).findChild(QComboBox)
        box.setFocus()
        QTest.keyClick(box, Qt.Key.Key_Down)
    qt_events()
    assert asked == []
    colour_map, tone = (tab.panel.control(name).findChild(QComboBox).currentData() for name in ("colour_map", "tone"))
    assert (window.preferences.colour_map, window.preferences.tone) == (colour_map, tone) == (tab.plot.colour_map, tab.plot.tone)
    style = window.style_wanted()
    assert (style.colour_map, style.tone, style.show) == (colour_map, tone, tab.shown)


# --- sessions ---


@given(session=drawn_sessions.sessions(whole=True))
@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_session_shown_is_the_session_told(window: Window, session: Session) -> None:
    theme = window.preferences.theme
    window.show_session(session)
    told = window.session()
    assert told == session
    assert (told.fixed_points.at_step, told.newton.at_step) == (session.fixed_points.at_step, session.newton.at_step)
    assert told.theme == session.theme, "a session's theme is for pictures of it"
    assert window.preferences.theme == theme, "and the window keeps the user's"
    assert told.bifurcation.viewport == window.bifurcation.request.grid.viewport
    assert window.tab.name == session.tab
    for kind in (kind for tab in (window.fixed_points, window.bifurcation, window.newton) for kind in tab.kinds):
        window.worker.cancel(kind)


def test_a_session_is_opened_from_the_menu(qtbot: QtBot, window: Window, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "doubling.toml"
    path.write_text('funjax = 1\n[bifurcation]\nmap = "sine"\ntransient = 10\nsamples = 20\nrange = ["0.710000000000001", 0.9]\n')
    monkeypatch.setattr(QFileDialog, "getOpenFileName", staticmethod(lambda *_: (str(path), "")))
    said: list[str] = []
    window.filing.reported.connect(said.append)
    QTest.keyClick(window, Qt.Key.Key_O, CTRL)
    settle(qtbot, window)
    tab = window.bifurcation
    assert window.windowTitle() == "doubling — funjax"
    assert (tab.request.map, tab.request.sweep, tab.request.samples) == ("sine", "r", 20)
    assert tab.panel.control("left").findChild(QLineEdit).text() == "0.710000000000001"
    assert window.preferences.recent == (str(path),)
    assert said == ["opened doubling.toml"]
    before = path.read_text()
    type_into(window, "samples", "25")
    QTest.keyClick(window, Qt.Key.Key_S, CTRL)
    assert path.read_text() != before and "samples = 25" in path.read_text()


def test_a_bad_session_changes_nothing(window: Window, tmp_path: Path) -> None:
    path = tmp_path / "bad.toml"
    path.write_text('funjax = 1\ntab = "newton"\n[bifurcation]\nrange = [4.0, 3.0]\n')
    asked, session, title = submits(window), window.session(), window.windowTitle()
    tab = window.bifurcation
    request, frame = tab.request, tab.frame
    assert not window.filing.open(path)
    (box,) = boxes(window)
    assert box.informativeText().startswith("line 4: ")
    QTest.keyClick(box, Qt.Key.Key_Escape)
    assert (window.session(), window.windowTitle()) == (session, title)
    assert tab.request is request and tab.frame is frame
    qt_events()
    assert asked == []


def test_an_export_of_the_window_is_the_picture_it_shows(
    qtbot: QtBot, window: Window, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "counts.npz"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", staticmethod(lambda *_: (str(path), "")))
    frame = window.bifurcation.frame
    assert frame is not None
    rows, columns = frame.counts.shape

    def fill() -> None:
        dialog: Any = QApplication.activeModalWidget()
        dialog.activateWindow()
        qtbot.waitUntil(dialog.isActiveWindow)
        for control, value in ((dialog.page.width_control, columns), (dialog.page.height_control, rows)):
            editor = control.findChild(QLineEdit)
            editor.setFocus()
            editor.selectAll()
            QTest.keyClicks(editor, str(value))
        QTest.keyClick(editor, Qt.Key.Key_Return)

    QTimer.singleShot(0, fill)
    with qtbot.waitSignal(window.worker.finished):
        QTest.keyClick(window, Qt.Key.Key_E, CTRL)
    with np.load(path) as arrays:
        assert np.array_equal(arrays["counts"], frame.counts)
    assert window.status_line.sentence.text() == f"saved counts.npz, {columns} x {rows}"
    assert window.bifurcation.frame is frame


def test_the_picture_is_copied_at_its_size(window: Window) -> None:
    QTest.keyClick(window, Qt.Key.Key_C, CTRL | Qt.KeyboardModifier.ShiftModifier)
    tab, image = window.bifurcation, QGuiApplication.clipboard().image()
    ratio = tab.plot.devicePixelRatioF()
    assert image.width() == round(tab.plot.width() * ratio)
    assert image.height() >= round((tab.plot.height() + tab.strip.height()) * ratio)
    assert f"{image.width()} × {image.height()}" in window.status_line.sentence.text()
    area = tab.plot.plot_rect
    part = image.copy(round(area.left()), round(area.top()), round(area.width()), round(area.height()))
    assert len({part.pixel(x, y) for x in range(0, part.width(), 5) for y in range(0, part.height(), 5)}) > 5


# --- failures and bad input ---


def broken(self: Any) -> Iterator[Any]:
    raise ZeroDivisionError("the kernel met a zero")
    yield


def test_a_kernel_that_raises_is_a_message_and_the_tab_goes_on(qtbot: QtBot, window: Window, monkeypatch: pytest.MonkeyPatch) -> None:
    tab, frame = window.bifurcation, window.bifurcation.frame
    with monkeypatch.context() as patch:
        patch.setattr(BifurcationRequest, "frames", broken)
        with qtbot.waitSignal(window.worker.failed):
            type_into(window, "samples", "31")
    line = window.status_line
    assert line.sentence.text() == "ZeroDivisionError: the kernel met a zero"
    assert line.progress.isHidden()
    assert tab.frame is frame  # the last good picture stays
    QTest.mouseClick(line.details, LEFT)
    (box,) = boxes(window) or line.findChildren(QMessageBox)
    assert "Traceback" in box.detailedText() and "in broken" in box.detailedText()
    QTest.keyClick(box, Qt.Key.Key_Escape)
    type_into(window, "samples", "32")
    settle(qtbot, window)
    assert tab.frame is not None and tab.frame.samples == 32
    assert "32 samples per column" in line.sentence.text()
    assert line.details.isHidden()


def test_a_column_that_fails_is_said_while_the_picture_goes_on(qtbot: QtBot, window: Window, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(ColumnRequest, "frames", broken)
        with qtbot.waitSignal(window.worker.failed):
            type_into(window, "transient", "31")  # which the column's orbit begins with too
        settle(qtbot, window)
    line = window.status_line
    assert line.sentence.text() == "ZeroDivisionError: the kernel met a zero"
    assert line.details.isVisible()
    monkeypatch.setattr(status_bar, "HELD", 0)
    held = line._held.interval()
    line._held.setInterval(0)
    qtbot.waitUntil(lambda: "31 transient + " in line.sentence.text())
    line._held.setInterval(held)


BAD_INPUT = (
    ("left", "4.5", "'a from' (4.5) must be below 'a to' (4)"),
    ("right", "3.4", "'a from' (3.4) must be below 'a to' (3.4)"),
    ("bottom", "2", "'x from' (2) must be below 'x to' (1)"),
    ("top", "none", "'none' is not a number"),
    ("left", "", "a number is missing"),
    ("right", "1e9999999", "out of range"),
    ("right", "1e301", "out of range"),
    ("transient", "-1", "give a whole number from 0 to"),
    ("samples", "0", "give a whole number from 1 to"),
    ("samples", "3000000000", "give a whole number from 1 to"),
    ("start", "x", "'x' is not a number"),
    ("start", "1e400", "out of range"),
)


def test_bad_input_is_said_in_one_line_and_changes_nothing(window: Window) -> None:
    tab, asked = window.bifurcation, submits(window)
    request, frame = tab.request, tab.frame
    for name, text, said in BAD_INPUT:
        editor = tab.panel.control(name).findChild(QLineEdit)
        editor.clear()
        type_into(window, name, text)
        complaint = tab.panel.control(name).complaint
        assert said in complaint and "\n" not in complaint
        assert editor.text() == text
        qt_events()
        assert (tab.request, tab.frame, asked) == (request, frame, []), (name, text)
        QTest.keyClick(editor, Qt.Key.Key_Escape)
        assert tab.panel.control(name).complaint == ""
        assert editor.text() != text
        assert tab.request is request, (name, text)
