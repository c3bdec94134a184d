"""An objective's parameters in the window: sliders at once, everything follows while one is dragged, values outlive an edit."""

import runpy
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import numpy as np
import pytest
from kept_window import KeptWindow
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QLineEdit, QSlider
from pytestqt.qtbot import QtBot

from funjax_gui.export.request import ExportRequest
from funjax_gui.formulas.formula_control import TYPE_A_FORMULA, FormulaControl
from funjax_gui.tabs.newton.tab import NewtonTab
from kernels.catalog import find_objective
from kernels.execution import batching, kept_kernels
from kernels.newton.surface import SurfaceRequest

TYPED = "(a-x)**2 + b*(y-x**2)**2"
NAME = "(a-x)**2+b*(y-x**2)**2"


@pytest.fixture
def tab(qtbot: QtBot, kept_window: KeptWindow) -> NewtonTab:
    window = kept_window.opened((1000, 640), tab="newton")
    settle(qtbot, window.newton)
    return window.newton


def settle(qtbot: QtBot, tab: NewtonTab) -> None:
    """Wait until the picture and the runs as they are set are there, whole."""

    def ready() -> bool:
        frame = tab.scene.frame
        return frame is not None and frame.request is tab.slots.newest(type(frame.request)) and frame.done and tab.comparison.done

    qtbot.waitUntil(ready)


def write(tab: NewtonTab, text: str) -> FormulaControl:
    """Choose a formula of one's own, and type it."""
    control = tab.panel.control("objective")
    assert isinstance(control, FormulaControl)
    box, editor = control.findChild(QComboBox), control.findChild(QLineEdit)
    box.setCurrentIndex(box.findData(TYPE_A_FORMULA))
    box.activated.emit(box.currentIndex())
    editor.selectAll()
    QTest.keyClicks(editor, text)
    QTest.keyClick(editor, Qt.Key.Key_Return)
    return control


def slider(tab: NewtonTab, name: str) -> QSlider:
    return tab.panel.control(f"parameter:{name}").findChild(QSlider)


def choose(tab: NewtonTab, name: str) -> None:
    tab.panel.edited.emit("objective", name)


def test_names_in_a_formula_have_sliders_at_once(qtbot: QtBot, tab: NewtonTab) -> None:
    assert write(tab, TYPED).complaint == ""
    assert tab.request.objective == NAME and tab.request.parameters == (("a", 1.0), ("b", 1.0))
    slider(tab, "b").setValue(1000)
    assert dict(tab.request.parameters)["b"] == 10.0
    value = tab.panel.control("parameter:a").editor
    value.selectAll()
    QTest.keyClicks(value, "-1.5")
    QTest.keyClick(value, Qt.Key.Key_Return)
    assert tab.request.parameters == (("a", -1.5), ("b", 10.0))
    settle(qtbot, tab)
    assert np.allclose(tab.comparison.runs[0].point, (-1.5, 2.25)) and tab.comparison.runs[0].request.parameters == tab.request.parameters
    write(tab, TYPED + " + k*x*y")
    assert tab.request.parameters == (("a", -1.5), ("b", 10.0), ("k", 1.0))
    write(tab, "b*x^2 + c*y^2")
    assert tab.request.parameters == (("b", 10.0), ("c", 1.0))
    choose(tab, "rosenbrock")
    assert tab.request.parameters == (("a", 1.0), ("b", 100.0))


def test_dragging_moves_everything_and_compiles_nothing(
    qtbot: QtBot, tab: NewtonTab, monkeypatch: pytest.MonkeyPatch, compiled: Callable[[], AbstractContextManager[list[str]]]
) -> None:
    # On a slow machine a batch may be too small for all steps, and another kernel goes on with them.
    monkeypatch.setattr(batching, "batch_size", lambda kind, columns, share=1.0: 4096)
    choose(tab, TYPED)  # by hand the example would be compiled first, and perhaps still be when this is there
    settle(qtbot, tab)
    slider(tab, "b").setValue(700)
    settle(qtbot, tab)
    before, view = tab.scene.frame.values, tab.plot.grid.viewport
    with compiled() as kernels:
        for place in range(500, 900, 40):
            slider(tab, "b").setValue(place)
        settle(qtbot, tab)
    assert kernels == []
    frame = tab.scene.frame
    assert isinstance(frame.request, SurfaceRequest) and frame.request.parameters == tab.request.parameters == (("a", 1.0), ("b", 7.2))
    assert tab.plot.grid.viewport == view and not np.allclose(frame.values, before)
    x, y = frame.request.grid.column_values()[5], frame.request.grid.row_values()[7]
    assert frame.values[7, 5] == pytest.approx((1 - x) ** 2 + 7.2 * (y - x**2) ** 2)
    for run in tab.comparison.runs:
        assert run.request.parameters == tab.request.parameters
    kernels = kept_kernels.kept_kernels()
    choose(tab, "(a - x)^2+b*(y - x^2)^2")
    assert tab.request.objective == NAME and set(kept_kernels.kept_kernels()) <= set(kernels)


def test_pictures_come_while_a_slider_is_dragged(qtbot: QtBot, tab: NewtonTab) -> None:
    choose(tab, "rosenbrock")
    settle(qtbot, tab)
    shown: list[float] = []
    pause = 10
    for place in range(200, 1000):
        before = tab.scene.frame
        slider(tab, "b").setValue(place)
        qtbot.wait(pause)
        if tab.scene.frame is not before:
            shown.append(dict(tab.scene.frame.request.parameters)["b"])
        elif place % 20 == 0:
            pause = min(2 * pause, 2000)  # on a machine that is slow or busy the hand moves more slowly
        if len(shown) == 3:
            break
    # The point is that pictures are there before the slider rests.
    assert len(shown) == 3 and shown == sorted(shown)
    settle(qtbot, tab)
    assert dict(tab.scene.frame.request.parameters)["b"] == dict(tab.request.parameters)["b"]


def test_known_points_curves_and_basins_follow(qtbot: QtBot, tab: NewtonTab) -> None:
    choose(tab, "double-well")
    tab.panel.edited.emit("parameter:a", -0.5)
    settle(qtbot, tab)
    assert [known.point for known in tab.request.known] == [(0.0,)] and np.allclose(tab.scene.frame.slopes[-1], 9.0, atol=0.2)
    choose(tab, "rosenbrock")
    tab.panel.edited.emit("shown", "basins")
    tab.panel.edited.emit("parameter:a", 0.5)
    settle(qtbot, tab)
    assert [known.point for known in tab.scene.frame.points] == [(0.5, 0.25)]
    tab.panel.edited.emit("parameter:a", float("inf"))
    assert "usually -2 to 2" in tab.panel.control("parameter:a").complaint and dict(tab.request.parameters)["a"] == 0.5


def test_a_typed_curve_is_fitted_at_the_values_it_has(qtbot: QtBot, tab: NewtonTab) -> None:
    write(tab, "b*x^2")
    tab.panel.edited.emit("parameter:b", -40.0)
    write(tab, "b*x^4 - x")
    settle(qtbot, tab)
    values, view = tab.scene.frame.values, tab.plot.grid.viewport
    assert 0 <= view.v_of(float(values.min())) < view.v_of(float(values.max())) <= 1


def test_the_scaling_dialog_begins_with_the_objective_at_its_parameters(tab: NewtonTab) -> None:
    choose(tab, "ill-conditioned")
    tab.panel.edited.emit("parameter:kappa", 20.0)
    tab.show_scaling()
    dialog = tab.dialogs.scaling
    assert (dialog.request.objective, dialog.request.parameters) == (
        "ill-conditioned",
        (("kappa", 20.0),),
    ) and "κ = 20" in dialog.summary.text()
    dialog._edit("objective", "rosenbrock")
    assert dialog.request.parameters == (("a", 1.0), ("b", 100.0))
    choose(tab, "sum(k*x^2)")
    tab.show_scaling()
    assert dialog.request.parameters == (("k", 1.0),) and dialog.controls["objective"].findChild(QComboBox).currentText() == "Σ(k x²)"
    dialog.hide()


def test_an_exported_script_has_the_parameters_bit_for_bit(
    qtbot: QtBot, tab: NewtonTab, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tab, TYPED)
    tab.panel.edited.emit("parameter:b", 0.1 + 0.2)
    settle(qtbot, tab)
    script, out = tmp_path / "run.py", tmp_path / "run.npz"
    for _ in ExportRequest(tab.export_request(), script).frames():
        pass
    assert 'parameters=(("a", 1.0), ("b", 0.30000000000000004))' in script.read_text().replace("'", '"')
    monkeypatch.setattr(sys, "argv", [str(script), str(out)])
    runpy.run_path(str(script), run_name="__main__")
    runs = {run.request.method: run for run in tab.comparison.runs}
    with np.load(out) as arrays:
        assert set(arrays) >= {f"{method}/{name}" for method in runs for name in ("iterates", "values")}
        for name, array in arrays.items():
            method, field = name.split("/")
            assert np.array_equal(array, getattr(runs[method], field), equal_nan=array.dtype.kind == "f"), name


def test_the_library_s_parameters_are_those_of_its_formula() -> None:
    for name in ("rosenbrock", "double-well", "ill-conditioned"):
        objective = find_objective(name)
        assert all(about.symbol in objective.formula for about in objective.parameters)
