"""My maps in the window, by real events: saved, chosen, renamed, deleted, taken in and handed out."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from kept_window import KeptWindow
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QCheckBox, QComboBox, QDialogButtonBox, QFileDialog, QLineEdit, QMessageBox, QToolButton
from pytestqt.qtbot import QtBot

from funjax_gui.app.window import Window
from funjax_gui.dialogs.saved_formulas import MyMapsDialog
from funjax_gui.formulas import store as my_maps_store
from funjax_gui.formulas.formula_control import FormulaControl
from funjax_gui.formulas.library import saved_formulas
from funjax_gui.formulas.save_dialog import SaveDialog
from funjax_gui.formulas.saved_formula import MAP, OBJECTIVE, SavedFormula, SavedParameter, dumps
from funjax_gui.formulas.store import Store
from funjax_gui.sessions import session as sessions
from funjax_gui.tabs.base import Tab

LEFT = Qt.MouseButton.LeftButton
TENT = SavedFormula(
    MAP,
    "My tent",
    "m*min(x,1-x)+b",
    (SavedParameter("m", 1.75, 1.0, 2.0), SavedParameter("b", 0.125, -0.5, 0.5)),
    "m",
    (0.375,),
    (Decimal("1.25"), Decimal(2)),
    (Decimal("-0.25"), Decimal("1.5")),
    (Decimal("-0.5"), Decimal("1.25")),
)
WELLS = SavedFormula(
    OBJECTIVE,
    "My wells",
    "(x**2-1)**2+a*y**2",
    (SavedParameter("a", 2.0, -1.0, 5.0),),
    "",
    (0.5, -1.0),
    (Decimal(-2), Decimal(2)),
    (Decimal("-1.5"), Decimal("1.5")),
)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """An empty file of saved formulas for each test, not the user's; the lists of a shared window follow it."""
    place, library = tmp_path / "data" / "my-maps.toml", saved_formulas()
    before, library._store = library._store, Store(place)
    library._chosen.clear()
    library.refresh()
    yield Store(place)
    library._store = before
    library.refresh()


@pytest.fixture
def window(qtbot: QtBot, kept_window: KeptWindow, store: Store) -> Window:
    made = kept_window.opened((1000, 700), active=True)
    for found in made.findChildren(FormulaControl):
        found._name = ""  # of what was saved last
    return made


def control(tab: Tab) -> FormulaControl:
    found = tab.findChild(FormulaControl)
    assert found is not None
    return found


def box(tab: Tab) -> QComboBox:
    return control(tab).findChild(QComboBox)


def choose(tab: Tab, title: str) -> None:
    at = box(tab).findText(title)
    assert at >= 0, [box(tab).itemText(n) for n in range(box(tab).count())]
    box(tab).setCurrentIndex(at)
    box(tab).activated.emit(at)


def write(tab: Tab, text: str) -> None:
    editor = control(tab).findChild(QLineEdit)
    editor.selectAll()
    QTest.keyClicks(editor, text)
    QTest.keyClick(editor, Qt.Key.Key_Return)


def save_as(tab: Tab, name: str, with_view: bool = True, button: str = "Save") -> None:
    QTest.mouseClick(control(tab).findChild(QToolButton), LEFT)
    dialog = control(tab).findChild(SaveDialog)
    assert dialog is not None and dialog.isVisible()
    dialog.name.selectAll()
    QTest.keyClicks(dialog.name, name)
    if not with_view:
        QTest.mouseClick(dialog.findChild(QCheckBox), LEFT, pos=QPoint(8, 8))
    save = dialog.buttons.button(QDialogButtonBox.StandardButton.Save)
    assert save.text() == button
    QTest.mouseClick(save, LEFT)
    assert not dialog.isVisible()
    dialog.setParent(None)
    dialog.deleteLater()


def parameter(tab: Any, name: str) -> Any:
    return tab.panel.control(f"parameter:{name}")


# --- saving and choosing ---


def test_a_formula_is_saved_with_its_values_ranges_view_and_start(window: Window, store: Store) -> None:
    tab = window.bifurcation
    choose(tab, "Your own formula…")
    write(tab, "m * minimum(x, 1-x) + b")
    slider = parameter(tab, "b")
    for end, text in zip(slider._ends, ("-0.5", "0.5"), strict=True):
        end.selectAll()
        QTest.keyClicks(end, text)
        QTest.keyClick(end, Qt.Key.Key_Return)
    for name, text in (("parameter:b", "0.125"), ("start", "0.375"), ("left", "1.25"), ("right", "2"), ("bottom", "-0.25"), ("top", "1.5")):
        line = tab.panel.control(name).findChild(QLineEdit)
        line.selectAll()
        QTest.keyClicks(line, text)
        QTest.keyClick(line, Qt.Key.Key_Return)
    assert box(tab).currentText() == "Your own formula…"
    save_as(tab, "My tent")
    (found,) = store.read()
    assert (found.name, found.formula, found.sweep, found.start) == ("My tent", TENT.formula, "m", (0.375,))
    assert (found.across, found.up, found.starts) == (TENT.across, TENT.up, None)
    assert found.parameters == (SavedParameter("m", 1.5, 0.0, 2.0), SavedParameter("b", 0.125, -0.5, 0.5))
    for each in (window.bifurcation, window.fixed_points):
        assert box(each).findText("My tent") >= 0
    assert box(window.newton).findText("My tent") < 0
    assert box(tab).currentText() == "My tent" and tab.request.map == TENT.formula


def test_what_was_saved_is_chosen_in_both_tabs_of_maps(window: Window) -> None:
    saved_formulas().keep(TENT)
    tab = window.bifurcation
    choose(tab, "My tent")
    assert (tab.request.map, tab.request.sweep, tab.request.start) == (TENT.formula, "m", 0.375)
    assert tab.request.parameters == (("b", 0.125),)
    view = tab.request.grid.viewport
    assert (view.x_limits, view.y_limits) == (TENT.across, TENT.up)
    assert float(tab.plot.pin) == 1.75
    assert parameter(tab, "b").range == (-0.5, 0.5)
    assert box(tab).currentText() == "My tent"
    assert control(tab).findChild(QLineEdit).text() == TENT.formula
    other = window.fixed_points
    window.tabs.setCurrentWidget(other)
    choose(other, "My tent")
    assert other.request.parameters == (("b", 0.125), ("m", 1.75)) and other.start == 0.375
    assert other.request.x == TENT.starts and parameter(other, "m").range == (1.0, 2.0)


def test_an_objective_of_mine(window: Window, store: Store) -> None:
    tab = window.newton
    window.tabs.setCurrentWidget(tab)
    saved_formulas().keep(WELLS)
    choose(tab, "My wells")
    assert (tab.request.objective, tab.request.start) == (WELLS.formula, (0.5, -1.0))
    assert tab.request.parameters == (("a", 2.0),) and parameter(tab, "a").range == (-1.0, 5.0)
    assert (tab.plot.given_view.x_limits, tab.plot.given_view.y_limits) == (WELLS.across, WELLS.up)
    tab._edit("parameter:a", 3.0)
    tab._edit("start", (1.5, 0.25))
    save_as(tab, "My wells", button="Replace")
    (found,) = store.read()
    assert found == replace(WELLS, parameters=(SavedParameter("a", 3.0, -1.0, 5.0),), start=(1.5, 0.25))


def test_an_equation_of_mine(window: Window, store: Store) -> None:
    tab = window.newton
    window.tabs.setCurrentWidget(tab)
    choose(tab, "Your own formula…")
    write(tab, "x^3 - x = r")
    tab._edit("parameter:r", 4.0)
    tab._edit("start", (1.25,))
    for end, text in zip(parameter(tab, "r")._ends, ("1", "9"), strict=True):
        end.selectAll()
        QTest.keyClicks(end, text)
        QTest.keyClick(end, Qt.Key.Key_Return)
    save_as(tab, "My cubic")
    assert box(tab).currentText() == "My cubic"
    (found,) = store.read()
    assert (found.kind, found.formula, found.start) == ("equation", "x**3-x-r = 0", (1.25,))
    assert found.parameters == (SavedParameter("r", 4.0, 1.0, 9.0),)
    saved_formulas().keep(replace(WELLS, name="My cubic"))  # an objective of the same name
    choose(tab, "Kepler's equation")
    at = box(tab).findData("mine:equation:My cubic")
    box(tab).setCurrentIndex(at)
    box(tab).activated.emit(at)
    assert (tab.request.equations, tab.request.start) == ("x**3-x-r", (1.25,))
    assert dict(tab.request.parameters) == {"r": 4.0} and parameter(tab, "r").range == (1.0, 9.0)
    assert (tab.plot.given_view.x_limits, tab.plot.given_view.y_limits) == (found.across, found.up)
    dialog = MyMapsDialog(window.session, Path(), window)
    assert ("My cubic", "equation", found.formula, "Newton") in rows(dialog)
    saved_formulas().rename(found, "A root")
    dialog.close()
    assert box(tab).currentText() == "A root"
    session = window.session()
    saved_formulas().remove(saved_formulas().saved)
    choose(tab, "Kepler's equation")
    window.show_session(sessions.parse(sessions.dumps(session)))
    assert (tab.request.equations, tab.request.start) == ("x**3-x-r", (1.25,))
    assert dict(tab.request.parameters) == {"r": 4.0} and parameter(tab, "r").range == (1.0, 9.0)


def test_a_session_needs_no_maps_of_mine(window: Window) -> None:
    saved_formulas().keep(TENT)
    choose(window.bifurcation, "My tent")
    session = window.session()
    assert session.bifurcation.map == TENT.formula and dict(session.bifurcation.parameters) == {"b": 0.125}
    assert session.bifurcation.ranges == (("b", (-0.5, 0.5)),)
    saved_formulas().remove([TENT])
    assert box(window.bifurcation).currentText() == "Your own formula…"
    choose(window.bifurcation, "Logistic")
    window.show_session(session)
    assert window.bifurcation.request.map == TENT.formula and dict(window.bifurcation.request.parameters) == {"b": 0.125}
    assert parameter(window.bifurcation, "b").range == (-0.5, 0.5)
    saved_formulas().keep(TENT)
    assert box(window.bifurcation).currentText() == "My tent"


def test_an_edit_of_mine_is_nobody_s_until_it_is_saved(window: Window, store: Store) -> None:
    saved_formulas().keep(TENT)
    tab = window.bifurcation
    choose(tab, "My tent")
    write(tab, "m*min(x,1-x)+b*x")
    assert box(tab).currentText() == "Your own formula…" and dict(tab.request.parameters) == {"b": 0.125}
    QTest.mouseClick(control(tab).findChild(QToolButton), LEFT)
    dialog = control(tab).findChild(SaveDialog)
    assert dialog.name.text() == "My tent" and "will be replaced" in dialog.note.text()
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert store.read() == (TENT,)
    write(tab, "m * minimum(x, 1 - x) + b")  # as it was, spaced otherwise
    assert box(tab).currentText() == "My tent"


def test_of_two_with_one_formula_each_has_its_own_values(window: Window) -> None:
    saved_formulas().keep(TENT)
    saved_formulas().keep(
        replace(TENT, name="Steeper", parameters=(SavedParameter("m", 1.9, 1.5, 2.0), SavedParameter("b", 0.0, -1.0, 1.0)))
    )
    tab = window.bifurcation
    for name, value, ends in (("My tent", 0.125, (-0.5, 0.5)), ("Steeper", 0.0, (-1.0, 1.0)), ("My tent", 0.125, (-0.5, 0.5))):
        choose(tab, name)
        assert box(tab).currentText() == name
        assert tab.request.parameters == (("b", value),) and parameter(tab, "b").range == ends


def test_without_the_view_only_values_are_kept(window: Window, store: Store) -> None:
    tab = window.fixed_points
    window.tabs.setCurrentWidget(tab)
    choose(tab, "Your own formula…")
    write(tab, "cos(x)*q")
    save_as(tab, "Cosine", with_view=False)
    (found,) = store.read()
    assert found == SavedFormula(MAP, "Cosine", "cos(x)*q", (SavedParameter("q", 1.0, -4.0, 4.0),))


def test_what_is_no_formula_or_no_name_is_not_saved(window: Window, store: Store) -> None:
    tab = window.bifurcation
    choose(tab, "Your own formula…")
    write(tab, "r*x*(1-x")
    QTest.mouseClick(control(tab).findChild(QToolButton), LEFT)
    assert control(tab).findChild(SaveDialog) is None and control(tab).complaint
    write(tab, "r*x*(1-x)")
    QTest.mouseClick(control(tab).findChild(QToolButton), LEFT)
    dialog = control(tab).findChild(SaveDialog)
    assert not dialog.buttons.button(QDialogButtonBox.StandardButton.Save).isEnabled()
    store.place.parent.mkdir()
    store.place.write_text("funjax-maps = 7")
    QTest.keyClicks(dialog.name, "Mine")
    QTest.keyClick(dialog.name, Qt.Key.Key_Return)
    assert dialog.isVisible() and "update funjax" in dialog.note.text()
    dialog.close()


def test_a_wheel_over_the_list_changes_nothing(window: Window) -> None:
    before = window.bifurcation.request
    target = box(window.bifurcation)
    event = QWheelEvent(
        QPointF(5, 5),
        QPointF(target.mapToGlobal(QPoint(5, 5))),
        QPoint(),
        QPoint(0, -120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(target, event)
    assert window.bifurcation.request is before


def test_another_window_s_map_is_there_when_the_list_is_opened(window: Window, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(QComboBox, "showPopup", lambda _: None)  # offscreen no list can grab the keyboard
    store.change(lambda current: [*current, TENT])
    assert box(window.bifurcation).findText("My tent") < 0
    QTest.mousePress(box(window.bifurcation), LEFT)
    choose(window.bifurcation, "My tent")
    assert window.bifurcation.request.map == TENT.formula


# --- the dialog ---


@pytest.fixture
def dialog(window: Window) -> MyMapsDialog:
    for saved in (TENT, replace(TENT, name="Another"), WELLS):
        saved_formulas().keep(saved)
    choose(window.bifurcation, "My tent")
    QTest.keyClick(window, Qt.Key.Key_M, Qt.KeyboardModifier.ControlModifier)
    found = window.findChild(MyMapsDialog)
    assert found is not None and found.isVisible()
    return found


def rows(dialog: MyMapsDialog) -> list[tuple[str, ...]]:
    items = [dialog.list.topLevelItem(n) for n in range(dialog.list.topLevelItemCount())]
    return [tuple(item.text(column) for column in range(4)) for item in items]


def mark(dialog: MyMapsDialog, *names: str) -> None:
    dialog.list.clearSelection()
    for n in range(dialog.list.topLevelItemCount()):
        item = dialog.list.topLevelItem(n)
        if item.text(0) in names:
            dialog.list.setCurrentItem(item)
            item.setSelected(True)
    for n in range(dialog.list.topLevelItemCount()):
        dialog.list.topLevelItem(n).setSelected(dialog.list.topLevelItem(n).text(0) in names)


def names() -> list[str]:
    return [saved.name for saved in saved_formulas().saved]


def test_the_list_says_what_is_used_where(dialog: MyMapsDialog) -> None:
    assert rows(dialog) == [
        ("Another", "map", TENT.formula, ""),
        ("My tent", "map", TENT.formula, "Bifurcation"),
        ("My wells", "objective", WELLS.formula, ""),
    ]
    assert not dialog.rename.isEnabled() and not dialog.delete.isEnabled()
    assert dialog.export.text() == "&Export all…"
    dialog.close()


def test_an_empty_list_says_how_to_begin(window: Window) -> None:
    QTest.keyClick(window, Qt.Key.Key_M, Qt.KeyboardModifier.ControlModifier)
    dialog = window.findChild(MyMapsDialog)
    assert dialog.pages.currentIndex() == 1 and not dialog.export.isEnabled()
    dialog.close()


def test_renaming_in_the_list(qtbot: QtBot, dialog: MyMapsDialog, window: Window, store: Store) -> None:
    def rename(text: str) -> None:
        mark(dialog, "My tent")
        QTest.keyClick(dialog.list, Qt.Key.Key_F2)
        editor = dialog.list.findChild(QLineEdit)
        editor.selectAll()
        QTest.keyClicks(editor, text)
        QTest.keyClick(editor, Qt.Key.Key_Return)

    rename("Another")
    qtbot.waitUntil(lambda: "there is already a map called Another" in dialog.status.text())
    assert [row[0] for row in rows(dialog)] == names() == ["Another", "My tent", "My wells"]
    rename("Roof")
    qtbot.waitUntil(lambda: names() == ["Another", "Roof", "My wells"])
    assert [row[0] for row in rows(dialog)] == names() and dialog.status.text() == ""
    assert sorted(saved.name for saved in store.read()) == ["Another", "My wells", "Roof"]
    assert box(window.bifurcation).currentText() == "Roof"
    dialog.close()


def test_deleting_can_be_undone(dialog: MyMapsDialog, window: Window, store: Store) -> None:
    mark(dialog, "My tent", "My wells")
    QTest.keyClick(dialog.list, Qt.Key.Key_Delete)
    assert names() == ["Another"] and "Deleted 2 of them." in dialog.status.text()
    dialog.status.linkActivated.emit("undo")
    assert set(store.read()) == {TENT, replace(TENT, name="Another"), WELLS}
    dialog.close()


def test_exporting_what_is_marked_or_all(dialog: MyMapsDialog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "out"), ""))
    mark(dialog, "My tent")
    QTest.mouseClick(dialog.export, LEFT)
    assert my_maps_store.load(tmp_path / "out.toml") == (TENT,)
    dialog.list.clearSelection()
    dialog.export_to(tmp_path / "all.toml")
    assert len(my_maps_store.load(tmp_path / "all.toml")) == 3
    assert "3 exported to all.toml" in dialog.status.text()
    dialog.close()


@pytest.mark.parametrize(
    ("button", "expected"),
    [
        ("Keep &both", ["Another", "My tent", "My tent (2)", "New", "My wells"]),
        ("&Replace", ["Another", "My tent", "New", "My wells"]),
        ("&Skip", ["Another", "My tent", "New", "My wells"]),
        ("Cancel", ["Another", "My tent", "My wells"]),
    ],
)
def test_importing_names_that_are_taken(dialog: MyMapsDialog, tmp_path: Path, button: str, expected: list[str]) -> None:
    theirs = replace(TENT, start=(0.125,))
    (tmp_path / "theirs.toml").write_text(dumps([theirs, replace(TENT, name="New"), WELLS]))
    dialog.import_from(tmp_path / "theirs.toml")
    question = dialog.findChild(QMessageBox)
    assert "You already have a formula named My tent." in question.text()
    (pressed,) = (each for each in question.buttons() if each.text().replace("&", "") == button.replace("&", ""))
    QTest.mouseClick(pressed, LEFT)
    assert names() == expected
    assert (saved_formulas().get(MAP, "My tent") == theirs) is (button == "&Replace")
    if button == "&Skip":
        assert "New imported from theirs.toml; 2 left out" in dialog.status.text()
    dialog.close()


def test_a_file_with_a_problem_changes_nothing(dialog: MyMapsDialog, tmp_path: Path) -> None:
    place = tmp_path / "bad.toml"
    place.write_text(dumps([replace(TENT, name="New")]) + "\n[map.evil]\nformula = \"__import__('os')\"\n")
    dialog.import_from(place)
    told = dialog.findChild(QMessageBox)
    assert told.text() == "bad.toml was not imported." and told.informativeText().startswith("line 17: formula is ")
    told.close()
    assert names() == ["Another", "My tent", "My wells"]
    dialog.import_from(tmp_path / "none.toml")
    dialog.close()


def test_a_damaged_file_is_said_in_the_dialog(window: Window, store: Store) -> None:
    store.place.parent.mkdir(exist_ok=True)
    store.place.write_text("funjax-maps = ")
    QTest.keyClick(window, Qt.Key.Key_M, Qt.KeyboardModifier.ControlModifier)
    dialog = window.findChild(MyMapsDialog)
    assert "was damaged" in dialog.status.text() and "my-maps.broken.toml" in dialog.status.text()
    dialog.close()
