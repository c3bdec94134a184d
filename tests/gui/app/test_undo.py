"""Undo and redo, in the window, by keys."""

import pytest
from kept_window import KeptWindow
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from funjax_gui.app.window import Window
from funjax_gui.documents import presets
from funjax_gui.sessions.session import Session
from funjax_gui.widgets import SliderControl

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def window(kept_window: KeptWindow) -> Window:
    made = kept_window.opened((1200, 760))
    made.bifurcation.plot.setFocus()
    return made


def edit(window: Window, name: str, text: str) -> None:
    editor = window.bifurcation.panel.control(name).findChild(QLineEdit)
    editor.setFocus()
    editor.selectAll()
    QTest.keyClicks(editor, text)
    QTest.keyClick(editor, Qt.Key.Key_Return)
    window.bifurcation.plot.setFocus()


def test_each_change_is_undone_and_done_again(qtbot: QtBot, window: Window) -> None:
    tab = window.bifurcation
    first = window.session()
    edit(window, "transient", "50")
    window.undo.settle()
    edit(window, "left", "3.5")
    last = window.session()
    QTest.keyClick(window, Qt.Key.Key_Z, CTRL)  # not settled yet, and undone all the same
    assert tab.request.transient == 50 and window.session().bifurcation.range == first.bifurcation.range
    QTest.keyClick(window, Qt.Key.Key_Z, CTRL)
    assert window.session() == first
    QTest.keyClick(window, Qt.Key.Key_Z, CTRL)
    assert window.session() == first
    QTest.keyClick(window, Qt.Key.Key_Z, CTRL | SHIFT)
    QTest.keyClick(window, Qt.Key.Key_Y, CTRL)
    assert window.session() == last
    assert tab.plot.grid.viewport == tab.request.grid.viewport


def test_what_follows_quickly_is_one_step(qtbot: QtBot, window: Window) -> None:
    first = window.session()
    for notches in range(1, 6):
        window.bifurcation.plot.zoom(notches / 5)
    window.undo.undo()
    assert window.session() == first


def test_a_change_settles_by_itself(qtbot: QtBot, window: Window) -> None:
    edit(window, "samples", "77")
    qtbot.waitUntil(lambda: window.undo._group.canUndo())
    window.undo.undo()
    assert window.bifurcation.request.samples == 1000


def test_another_map_is_undone_with_its_view_and_parameters(qtbot: QtBot, window: Window) -> None:
    tab = window.bifurcation
    tab.plot.zoom(3)
    window.undo.settle()
    before = window.session()
    tab._edit("map", "gauss")
    tab._edit("parameter:alpha", 4.9)
    window.undo.undo()
    assert window.session() == before and tab.request.map == "logistic"
    window.undo.redo()
    assert tab.request.parameters == (("alpha", 4.9),)


def test_opening_a_session_can_be_undone(qtbot: QtBot, window: Window) -> None:
    before = window.session()
    window.bifurcation.receive("sine", {"r": 0.8})
    window.undo.undo()
    assert window.session() == before


def test_the_words_on_a_preset_go_with_what_it_shows(window: Window) -> None:
    preset = next(preset for preset in presets() if preset.session.tab == "newton" and preset.session.newton.objective != "quadratic")
    window.show_preset(preset)
    window.undo.settle()
    tab = window.newton
    tab.panel.control("damping").edited.emit(0.5)
    window.undo.settle()
    assert window.caption.isVisible(), "it is still the preset's function"
    window.undo.undo()
    window.undo.undo()
    assert tab.session(Session()).newton.objective == "quadratic" and not window.caption.isVisible()


def test_a_slider_that_was_played_is_one_step_and_stops_by_esc_undo_and_another_tab(
    qtbot: QtBot, window: Window, monkeypatch: pytest.MonkeyPatch
) -> None:
    tab = window.bifurcation
    first, slider = tab.request.start, tab.panel.control("start")
    assert isinstance(slider, SliderControl)
    monkeypatch.setattr(slider.player, "is_behind", lambda: False)
    recorder = window.undo._watched[tab]
    for _ in range(3):
        slider.player.play()
        slider.player._last -= 0.4
        slider.player.timer.timeout.emit()
        recorder._timer.timeout.emit()  # a pause of the frames is not the end of the step
    last = tab.request.start
    assert last > first
    QTest.keyClick(window, Qt.Key.Key_Escape)
    assert not slider.player.is_playing and not tab.slots.abandoned
    recorder._timer.timeout.emit()
    QTest.keyClick(window, Qt.Key.Key_Z, CTRL)
    assert tab.request.start == first
    QTest.keyClick(window, Qt.Key.Key_Z, CTRL | SHIFT)
    assert tab.request.start == last
    slider.player.play()
    QTest.keyClick(window, Qt.Key.Key_Z, CTRL)
    assert not slider.player.is_playing
    slider.player.play()
    QTest.keyClick(window, Qt.Key.Key_1, CTRL)
    assert not slider.player.is_playing
