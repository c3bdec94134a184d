"""Formulas of one's own, typed in the window."""

import threading

import numpy as np
import pytest
from kept_window import KeptWindow
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QLabel, QLineEdit
from pytestqt.qtbot import QtBot

from funjax_gui.app.window import Window
from funjax_gui.formulas import find_map
from funjax_gui.formulas.formula_control import FormulaControl, map_control, objective_control
from funjax_gui.plots import picture_of
from funjax_gui.tabs.base import Tab
from kernels import BifurcationRequest, Grid
from kernels.formulas import map as map_formulas


@pytest.fixture
def control(qtbot: QtBot) -> FormulaControl:
    made = map_control()
    qtbot.addWidget(made)
    made.set_value("logistic")
    made.show()
    return made


@pytest.fixture
def window(qtbot: QtBot, kept_window: KeptWindow) -> Window:
    return kept_window.opened((900, 600), active=True)


def test_a_name_too_long_beside_the_label_takes_its_place(qtbot: QtBot) -> None:
    made = objective_control()
    qtbot.addWidget(made)
    made.show()
    box, label = made.findChild(QComboBox), made.findChild(QLabel)
    chrome = 2 * box.fontMetrics().horizontalAdvance("Function")
    made.resize(box.fontMetrics().horizontalAdvance("Circle and hyperbola") + chrome, made.height())
    for name, short in (("beale", True), ("circle-hyperbola", False), ("beale", True)):
        made.set_value(name)
        assert label.isVisible() == short
        qtbot.waitUntil(lambda short=short: (box.x() == 0) != short)
        assert box.accessibleName() == "Function"


def choose_own(control: FormulaControl) -> None:
    control.findChild(QLineEdit).clear()  # a window that is shared keeps what was typed
    box = control.findChild(QComboBox)
    box.setCurrentIndex(box.count() - 1)
    box.activated.emit(box.currentIndex())


def write(control: FormulaControl, text: str, enter: bool = True) -> None:
    editor = control.findChild(QLineEdit)
    editor.selectAll()
    QTest.keyClicks(editor, text)
    if enter:
        QTest.keyClick(editor, Qt.Key.Key_Return)


def test_a_formula_is_told_back_as_it_is_typed_and_brought_when_it_is_whole(qtbot: QtBot, control: FormulaControl) -> None:
    brought: list[str] = []
    control.edited.connect(brought.append)
    choose_own(control)
    assert brought == ["r*x*(1-x)"]  # the example, so that something is there to change
    write(control, "x**2 + q", enter=False)
    assert "x² + q" in control._echo.text() and brought == ["r*x*(1-x)"]
    QTest.keyClick(control.findChild(QLineEdit), Qt.Key.Key_Return)
    assert brought[-1] == "x**2 + q"


@pytest.mark.parametrize(
    ("text", "caret", "said"),
    [
        ("r*x*(1-x", 3, "never closed"),
        ("__import__('os')", 0, ""),
        ("x.real", 1, ""),
        ("x**9**9**9", None, ""),
        ("lorenz", None, "no map 'lorenz'"),
        ("(" * 400, None, ""),
    ],
)
def test_a_text_that_is_no_formula_gets_a_line_and_a_caret(control: FormulaControl, text: str, caret: int | None, said: str) -> None:
    brought: list[str] = []
    choose_own(control)
    control.edited.connect(brought.append)
    write(control, text)
    assert control.complaint and said in control.complaint and "\n" not in control.complaint
    assert brought == [] and control.findChild(QLineEdit).text() == text
    if caret is not None and control._echo.text():
        assert control._echo.text().split("\n")[1].index("^") >= caret


def test_going_back_to_the_library_hides_the_field(control: FormulaControl) -> None:
    choose_own(control)
    assert control.findChild(QLineEdit).isVisible()
    control.set_value("gauss")
    assert not control.findChild(QLineEdit).isVisible()
    assert control.findChild(QComboBox).currentData() == "gauss"


def test_a_formula_is_applied_after_a_pause_in_typing(control: FormulaControl) -> None:
    brought: list[str] = []
    control.edited.connect(brought.append)
    control.edited.connect(control.set_value)  # as a tab does
    choose_own(control)
    write(control, "x^2 + q", enter=False)
    assert control._pause.isActive() and brought == ["r*x*(1-x)"]
    pause(control)
    assert brought == ["r*x*(1-x)", "x^2 + q"]
    assert control._echo.isVisible() and "x² + q" in control._echo.text()  # stays while the formula is typed
    assert control.is_changing
    QTest.keyClicks(editor(control), " + (")
    assert control.complaint and not control._pause.isActive()
    control.set_value("x^2 + q")  # something else has changed
    assert editor(control).text() == "x^2 + q + (" and control.complaint
    QTest.keyClick(editor(control), Qt.Key.Key_Escape)
    assert editor(control).text() == "x^2 + q" and not control.complaint and not control.is_changing
    QTest.keyClick(editor(control), Qt.Key.Key_Return)
    assert brought == ["r*x*(1-x)", "x^2 + q"]


@pytest.mark.parametrize("text", ["x^2 + (", "sine", "lorenz", ""])
def test_neither_half_a_formula_nor_the_name_of_a_map_is_applied_while_it_is_typed(control: FormulaControl, text: str) -> None:
    choose_own(control)
    write(control, text or "\b", enter=False)
    assert not control._pause.isActive()


def pause(control: FormulaControl) -> None:
    """Let the pause in typing be over, and what a formula needs be found."""
    control._pause.timeout.emit()
    if control._pause.isActive():
        assert control._preparation is not None
        control._preparation.join()
        control._pause.timeout.emit()


def editor(control: FormulaControl) -> QLineEdit:
    found = control.findChild(QLineEdit)
    assert found is not None
    return found


def test_a_formula_that_is_typed_in_several_goes_is_one_step_of_undo(qtbot: QtBot, window: Window) -> None:
    tab = window.bifurcation
    control = own(tab)
    choose_own(control)
    window.undo.settle()
    before = tab.request
    watched = window.undo._watched[tab]
    for text in ("r*x", "*(1-x", ")*2"):
        QTest.keyClick(editor(control), Qt.Key.Key_End)
        if text == "r*x":
            editor(control).selectAll()
        QTest.keyClicks(editor(control), text)
        if control._pause.isActive():
            pause(control)
        watched._timer.timeout.emit()
    assert tab.request.map == "r*x*(1-x)*2" and editor(control).text() == "r*x*(1-x)*2"
    QTest.keyClick(editor(control), Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert tab.request == before and editor(control).text() == "r*x*(1-x)"
    window.undo.redo()
    assert tab.request.map == "r*x*(1-x)*2" and editor(control).text() == "r*x*(1-x)*2"


def test_a_formula_that_the_tab_refuses_while_it_is_typed_changes_nothing(window: Window) -> None:
    tab = window.bifurcation
    choose_own(own(tab))
    before = tab.request
    write(own(tab), "cos(x)", enter=False)
    pause(own(tab))
    assert "parameter" in own(tab).complaint and tab.request is before
    tab._edit("samples", 77)
    assert editor(own(tab)).text() == "cos(x)" and "parameter" in own(tab).complaint
    QTest.keyClicks(editor(own(tab)), "*r")
    pause(own(tab))
    assert tab.request.map == "cos(x)*r" and tab.request.samples == 77 and not own(tab).complaint


def test_the_plots_stay_until_the_first_picture_of_another_map(qtbot: QtBot, window: Window) -> None:
    tab = window.bifurcation
    choose_own(own(tab))
    qtbot.waitUntil(lambda: tab.frame is not None)
    shown = picture_of(tab.plot)
    write(own(tab), "r*sin(x)", enter=False)
    pause(own(tab))
    assert tab.frame is None and picture_of(tab.plot) == shown
    qtbot.waitUntil(lambda: tab.frame is not None)
    assert picture_of(tab.plot) != shown and not tab._stills._labels
    write(own(tab), "r*cos(x)")
    tab.stop()
    assert not tab._stills._labels


def own(tab: Tab) -> FormulaControl:
    found = tab.findChild(FormulaControl)
    assert found is not None
    return found


def test_a_formula_s_diagram_has_the_library_map_s_counts(qtbot: QtBot, window: Window) -> None:
    tab = window.bifurcation
    choose_own(own(tab))
    write(own(tab), "a*x - a*x*x")
    assert tab.request.map != "logistic" and tab.request.sweep == "a"
    qtbot.waitUntil(lambda: tab.frame is not None and tab.frame.request is tab.request)
    view = tab.request.grid.viewport.from_limits("2.5", "3.4", 0, 1)
    last = {}
    for name in ("logistic", tab.request.map):
        request = BifurcationRequest(Grid(view, 50, 40), name, "a", start=0.3, transient=2000, samples=64)
        *_, last[name] = (frame for frame in request.frames() if frame is not None)
    assert np.array_equal(*(frame.counts for frame in last.values()))


def test_parameters_keep_their_values_when_a_formula_is_edited(qtbot: QtBot, window: Window) -> None:
    tab = window.bifurcation
    choose_own(own(tab))
    write(own(tab), "r*x*(1-x) + b")
    tab._edit("parameter:b", 0.0625)
    write(own(tab), "r*x*(1-x) + b*x")
    assert tab.request.parameters == (("b", 0.0625),)
    write(own(tab), "r*x*(1-x)")
    assert tab.request.parameters == ()


def test_a_formula_without_a_parameter_has_fixed_points_but_no_diagram(qtbot: QtBot, window: Window) -> None:
    before = window.bifurcation.request
    choose_own(own(window.bifurcation))
    write(own(window.bifurcation), "cos(x)")
    assert "parameter" in own(window.bifurcation).complaint
    assert window.bifurcation.request.map in (before.map, "r*x*(1-x)")
    window.tabs.setCurrentWidget(window.fixed_points)
    choose_own(own(window.fixed_points))
    write(own(window.fixed_points), "cos(x)")
    assert window.fixed_points.request.map == "cos(x)"


def test_a_formula_is_kept_in_a_session(window: Window) -> None:
    choose_own(own(window.bifurcation))
    write(own(window.bifurcation), "r*sin(x)")
    session = window.session()
    own(window.bifurcation).edited.emit("sine")
    assert window.bifurcation.request.map == "sine"
    window.show_session(session)
    assert window.bifurcation.request.map == session.bifurcation.map == "r*sin(x)"
    assert own(window.bifurcation).findChild(QLineEdit).text() == "r*sin(x)"


def test_an_objective_of_one_s_own_is_solved(qtbot: QtBot, window: Window) -> None:
    tab = window.newton
    window.tabs.setCurrentWidget(tab)
    choose_own(own(tab))
    write(own(tab), "(x - 3)^2 + 4*(y + 1)^2 + 2")
    assert tab.request.objective != "quadratic"
    qtbot.waitUntil(lambda: tab.comparison.done and tab.comparison.chosen is not None)
    run = tab.comparison.chosen
    assert run is not None and run.request.objective == tab.request.objective
    assert run.status == "converged" and np.allclose(run.point, [3, -1])
    before = tab.request
    write(own(tab), "x^2 + (y")
    assert own(tab).complaint and tab.request is before


def test_no_orbit_is_followed_while_a_formula_is_typed(control: FormulaControl, monkeypatch: pytest.MonkeyPatch) -> None:
    followed: list[str] = []
    follow = map_formulas._orbits
    monkeypatch.setattr(
        map_formulas, "_orbits", lambda expression, *given: followed.append(expression.source) or follow(expression, *given)
    )
    choose_own(control)
    followed.clear()
    write(control, "r*x*(1 - x) + sin(q)/7", enter=False)
    assert "sin(q)" in control._echo.text() and not followed


def test_after_a_pause_orbits_are_followed_in_a_thread_and_once(control: FormulaControl, monkeypatch: pytest.MonkeyPatch) -> None:
    threads: list[threading.Thread] = []
    follow = map_formulas._orbits
    monkeypatch.setattr(map_formulas, "_orbits", lambda *given: threads.append(threading.current_thread()) or follow(*given))
    choose_own(control)
    write(control, "r*x*(1 - x) + sin(q)/11", enter=False)
    threads.clear()
    pause(control)
    control.set_value(control._value)
    find_map(control._value)
    assert len(threads) == 1 and threads[0] is not threading.main_thread()
