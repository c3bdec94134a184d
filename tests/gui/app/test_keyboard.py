"""The sheet of keys says what the actions have, all of it; no key or letter has two meanings; controls keep their own keys."""

from collections import Counter
from collections.abc import Iterator

import pytest
from kept_window import KeptWindow
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence, QShortcut
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QCheckBox, QComboBox, QDialog, QLineEdit, QPushButton, QTextBrowser, QWhatsThis, QWidget
from pytestqt.qtbot import QtBot

from funjax_gui.app.window import Window
from funjax_gui.dialogs.shortcut_sheet import KeySheet, keys, menus, what
from funjax_gui.sessions.session import Session
from funjax_gui.tabs.bifurcation.session import Bifurcation
from funjax_gui.tabs.fixed_points.session import FixedPoints

TABS = pytest.mark.parametrize("index", range(3), ids=("fixed points", "bifurcation", "newton"))
FEW = Session(bifurcation=Bifurcation(transient=20, samples=30, keep_refining=False), fixed_points=FixedPoints(starts=21, steps=50))


@pytest.fixture
def window(kept_window: KeptWindow) -> Iterator[Window]:
    yield kept_window.opened((1000, 700), FEW, active=True)
    QWhatsThis.hideText()
    QWhatsThis.leaveWhatsThisMode()


def live(window: Window) -> list[QAction]:
    """The actions that a key reaches now: those of the menus, and of widgets that have some of their own."""
    found = {id(action): action for menu in menus(window.menuBar()) for action in menu.actions()}
    found |= {id(action): action for widget in (window, *window.findChildren(QWidget)) for action in widget.actions()}
    return [action for action in found.values() if action.shortcuts()]


def sheet(window: Window) -> KeySheet:
    (found,) = [dialog for dialog in window.findChildren(KeySheet) if dialog.isVisible()]
    return found


@TABS
def test_the_sheet_has_every_action_with_a_key(window: Window, index: int) -> None:
    window.tabs.setCurrentIndex(index)
    window.menus.show_keys()
    shown = sheet(window)
    said = [line for lines in shown.groups.values() for line in lines]
    assert len(live(window)) > 20
    for action in live(window):
        assert (keys(action), what(action)) in said
    text = shown.findChildren(QTextBrowser)[0].toPlainText()
    assert all(key in text and does[1:] in text for key, does in said)
    assert all(does and not does.endswith(".") for _, does in said)
    assert [title.partition(":")[0] for title in shown.groups] == ["Everywhere", window.tab.title, window.tab.title]


@TABS
def test_no_two_actions_share_a_key(window: Window, index: int) -> None:
    window.tabs.setCurrentIndex(index)
    counts = Counter(key.toString() for action in live(window) for key in action.shortcuts())
    assert [key for key, count in counts.items() if count > 1] == []
    loose = [s.key().toString() for s in window.findChildren(QShortcut) if s.parent().window() is window]  # type: ignore[union-attr]
    assert not set(loose) & set(counts)


@TABS
def test_no_two_entries_of_a_menu_share_a_letter(window: Window, index: int) -> None:
    window.tabs.setCurrentIndex(index)
    window.menus.recent.aboutToShow.emit()
    bar = [action.text() for action in window.menuBar().actions()]
    for texts in (bar, *([action.text() for action in menu.actions()] for menu in menus(window.menuBar()))):
        letters = Counter(QKeySequence.mnemonic(text).toString() for text in texts if "&" in text)
        assert [letter for letter, count in letters.items() if count > 1] == [], texts
    lettered = [action.text() for menu in menus(window.menuBar()) for action in menu.actions() if action.text() and action.isEnabled()]
    without = [text for text in lettered if "&" not in text]
    tabs = [window.tabs.tabText(n) for n in range(window.tabs.count())]
    display = [action.text() for action in window.display.actions]
    assert set(without) <= {
        "Follow the system",
        "Dark",
        "Light",
        "Prepare other tabs in the background",
        *display,
        *tabs,
        *(tour.text() for tour in _tours(window)),
    }


def _tours(window: Window) -> list[QAction]:
    return [action for menu in menus(window.menuBar()) if "ours" in menu.title() for action in menu.actions()]


def test_the_sheet_comes_by_its_keys_and_goes_by_esc(window: Window) -> None:
    window.bifurcation.plot.setFocus()
    for key in (Qt.Key.Key_F1, Qt.Key.Key_Question):  # a platform that knows keyboards takes the Shift of ? for a part of it
        QTest.keyClick(window, key)
        shown = sheet(window)
        assert shown.isModal() and "Zoom in" in shown.findChildren(QTextBrowser)[0].toPlainText()
        QTest.keyClick(shown, Qt.Key.Key_Escape)
        assert not shown.isVisible()
        window.activateWindow()
        assert QTest.qWaitForWindowActive(window, 60_000)


def test_a_question_mark_is_typed_where_one_types(window: Window) -> None:
    editor = window.bifurcation.panel.control("left").findChild(QLineEdit)
    editor.setFocus()
    QTest.keyClicks(editor, "?")
    assert "?" in editor.text() and not [d for d in window.findChildren(KeySheet) if d.isVisible()]
    QTest.keyClick(editor, Qt.Key.Key_Escape)


# --- controls keep their keys ---


def test_space_presses_what_is_in_focus_and_plays_elsewhere(window: Window, monkeypatch: pytest.MonkeyPatch) -> None:
    window.tabs.setCurrentWidget(tab := window.fixed_points)
    played: list[int] = []
    monkeypatch.setattr(tab.cobweb.player, "play", lambda: played.append(1))
    pin = next(button for button in tab.panel.findChildren(QPushButton) if button.text() == "Keep" and button.isVisible())
    pin.setFocus()
    QTest.keyClick(pin, Qt.Key.Key_Space)
    assert tab.pins == (tab.start,) and not played
    box = tab.panel.control("map").findChild(QComboBox)
    box.setFocus()
    QTest.keyClick(box, Qt.Key.Key_Space)
    assert box.view().isVisible() and not played
    box.hidePopup()


def test_letters_and_home_choose_nothing_from_a_closed_list(window: Window) -> None:
    window.tabs.setCurrentWidget(tab := window.newton)
    box = tab.panel.control("objective").findChild(QComboBox)
    box.setFocus()
    homes: list[int] = []
    chosen = box.currentText()
    tab.plot.home_requested.connect(lambda: homes.append(1))
    for key in (Qt.Key.Key_R, Qt.Key.Key_Home, Qt.Key.Key_End, Qt.Key.Key_PageDown):
        QTest.keyClick(box, key)
    assert box.currentText() == chosen and homes == [1]
    QTest.keyClick(box, Qt.Key.Key_Down)
    assert box.currentText() != chosen, "the arrows go to the next choice"


@pytest.mark.parametrize("name", ["newton", "bifurcation", "fixed_points"])
def test_a_choice_by_the_mouse_leaves_the_keys_with_the_plot(window: Window, name: str) -> None:
    tab = getattr(window, name)
    window.tabs.setCurrentWidget(tab)
    tab.begin_keys()
    box = next(box for box in tab.panel.findChildren(QComboBox) if box.isVisible() and box.count() > 1)
    QTest.mouseClick(box, Qt.MouseButton.LeftButton)
    view, chosen = box.view(), box.currentIndex()
    QTest.keyClick(view, Qt.Key.Key_Up if chosen else Qt.Key.Key_Down)
    QTest.keyClick(view, Qt.Key.Key_Return)
    assert box.currentIndex() != chosen and not view.isVisible()
    assert window.focusWidget() is tab.plot


@TABS
def test_the_tabs_open_by_their_numbers(window: Window, index: int) -> None:
    window.tabs.setCurrentIndex((index + 1) % 3)
    QTest.keyClick(window, Qt.Key(Qt.Key.Key_1 + index), Qt.KeyboardModifier.ControlModifier)
    assert window.tabs.currentIndex() == index and window.focusWidget() is window.tab.plot


def test_a_digit_with_alt_is_not_typed(window: Window) -> None:
    editor = window.bifurcation.panel.control("left").findChild(QLineEdit)
    editor.setFocus()
    before = editor.text()
    QTest.keyClick(editor, Qt.Key.Key_2, Qt.KeyboardModifier.AltModifier)
    assert editor.text() == before


def test_undo_in_a_field_is_the_fields_while_one_types_and_the_windows_afterwards(window: Window) -> None:
    tab = window.bifurcation
    window.undo.settle()
    editor = tab.panel.control("left").findChild(QLineEdit)
    undo = Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier
    before, left = editor.text(), tab.plot.grid.viewport.x_limits[0]
    editor.setFocus()
    editor.selectAll()
    QTest.keyClicks(editor, "3.5")
    QTest.keyClick(editor, *undo)
    assert editor.text() == before and tab.plot.grid.viewport.x_limits[0] == left
    editor.selectAll()
    QTest.keyClicks(editor, "3.5")
    QTest.keyClick(editor, Qt.Key.Key_Return)
    assert float(tab.plot.grid.viewport.x_limits[0]) == 3.5
    window.undo.settle()
    QTest.keyClick(editor, *undo)
    assert tab.plot.grid.viewport.x_limits[0] == left and editor.text() == before


def test_a_box_is_switched_by_space(window: Window) -> None:
    window.tabs.setCurrentWidget(tab := window.newton)
    box: QCheckBox = tab.panel.methods["trust-region"]
    box.setFocus()
    QTest.keyClick(box, Qt.Key.Key_Space)
    assert "trust-region" in tab.comparison.methods and not tab.player.playing


def test_a_method_is_looked_at_by_key(window: Window) -> None:
    window.tabs.setCurrentWidget(tab := window.newton)
    line = next(line for line in tab.method_status.lines if line.method == "gradient")
    assert line.accessibleName() == "Gradient ascent/descent"
    line.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(line, Qt.Key.Key_Space)
    assert tab.comparison.focus == "gradient" and not tab.player.playing


# --- what is this? ---


def explained() -> str:
    shown = [w for w in QApplication.topLevelWidgets() if w.isVisible() and w.metaObject().className() == "QWhatsThat"]
    QWhatsThis.hideText()
    return "yes" if shown else ""


def entry(window: Window, text: str) -> QAction:
    (found,) = [a for menu in menus(window.menuBar()) for a in menu.actions() if a.text().replace("&", "") == text]
    return found


def test_the_menu_lets_the_mouse_ask(window: Window) -> None:
    entry(window, "What is this?").trigger()
    assert QWhatsThis.inWhatsThisMode()
    strip = window.bifurcation.strip
    QTest.mouseClick(strip.viewport(), Qt.MouseButton.LeftButton)
    assert explained() and not QWhatsThis.inWhatsThisMode()


# --- dialogs ---


def opened(window: Window, name: str) -> QDialog:
    before = set(window.findChildren(QDialog))
    entry(window, name).trigger()
    (dialog,) = [dialog for dialog in window.findChildren(QDialog) if dialog.isVisible() and dialog not in before]
    return dialog


@pytest.mark.parametrize("name", ("Gallery…", "My maps…", "Keyboard and mouse", "Timings of the post…", "About funjax"))
def test_a_dialog_is_left_by_esc_and_has_a_default(qtbot: QtBot, window: Window, name: str) -> None:
    dialog = opened(window, name)
    qtbot.waitUntil(lambda: dialog.focusWidget() is not None)
    buttons = dialog.findChildren(QPushButton)
    assert not buttons or any(button.isDefault() or button.autoDefault() for button in buttons)
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()


def test_the_gallery_opens_a_preset_by_enter(qtbot: QtBot, window: Window) -> None:
    gallery = opened(window, "Gallery…")
    qtbot.waitUntil(lambda: gallery.focusWidget() is not None)
    QTest.keyClick(gallery.focusWidget(), Qt.Key.Key_Down)
    QTest.keyClick(gallery.focusWidget(), Qt.Key.Key_Return)
    assert not gallery.isVisible() and window.caption.isVisible()
