"""Equations in the Newton tab: from the box or typed to picture, runs, session and export."""

import json
from pathlib import Path

import numpy as np
import pytest
from kept_window import KeptWindow
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QLineEdit
from pytestqt.qtbot import QtBot

from funjax_gui.app.window import Window
from funjax_gui.documents import render
from funjax_gui.figures.items import Arrow, Polyline
from funjax_gui.sessions.session import Session, dumps, parse
from funjax_gui.tabs.newton.session import Newton
from funjax_gui.tabs.view_panel import PARAMETER
from kernels.equations import EquationCurveFrame, EquationRequest, NewtonFamilyRequest, NewtonFractalFrame, NewtonFractalRequest
from kernels.geometry import Viewport
from kernels.newton import NewtonRequest


def settle(qtbot: QtBot, window: Window) -> None:
    tab = window.newton

    def ready() -> bool:
        frame = tab.scene.frame
        whole = frame is not None and frame.request is tab.slots.newest(type(frame.request)) and frame.done
        return whole and tab.comparison.done

    qtbot.waitUntil(ready, timeout=60_000)


def choose(window: Window, value: str) -> None:
    box = window.newton.panel.control("objective").findChild(QComboBox)
    box.setCurrentIndex(box.findData(value))
    box.activated.emit(box.currentIndex())


def test_equations_are_chosen_typed_stepped_dragged_kept_and_left_again(qtbot: QtBot, tmp_path: Path) -> None:
    window = Window()
    qtbot.addWidget(window)
    window.resize(700, 500)
    window.tabs.setCurrentWidget(window.newton)
    window.show()
    tab, panel = window.newton, window.newton.panel
    settle(qtbot, window)
    before = window.session()

    # One variable: the graph with tangents.
    choose(window, "two-cycle")
    settle(qtbot, window)
    asked = tab.request
    assert isinstance(asked, EquationRequest)
    panel.edited.emit("goal", "minimum")  # from a list that was open when the equations came
    assert tab.request == asked
    assert isinstance(tab.scene.frame, EquationCurveFrame)
    assert tab.comparison.methods == ("newton", "halley")
    newton = tab.comparison.runs[0]
    assert (newton.status, newton.period) == ("cycle", 2)
    assert "period 2" in tab.method_status.lines[0].text.text()
    shown = {name for name, box in panel.methods.items() if not box.isHidden()}
    assert {"secant", "brent", "bisection"} <= shown and not {"broyden", "newton-cg", "gradient"} & shown
    assert panel.control("goal").isHidden() and panel.control("multiplicity").isVisibleTo(panel.control("multiplicity").parentWidget())
    tab.player.reset()
    tab.player.step()
    items = tab.plot.overlay.items
    assert any(isinstance(item, Arrow) for item in items)
    x, f, slope = newton.iterates[0, 0], newton.residuals[0, 0], newton.slopes[0]
    tangents = [item.points for item in items if isinstance(item, Polyline) and len(item.points) == 2]
    assert any(np.allclose(line, [[x, f], [x - f / slope, 0]]) for line in tangents)
    names = [tab.table.iterates.headerData(n, Qt.Orientation.Horizontal) for n in range(tab.table.iterates.columnCount())]
    assert names[:4] == ["k", "x", "f", "|f|"]

    # A method on, the start moved: new runs, no new picture.
    panel.methods["brent"].click()
    tab._move_start(-1.5, 0.0)
    settle(qtbot, window)
    assert [run.status for run in tab.comparison.runs] == ["converged"] * 3
    assert all(run.root == pytest.approx((-1.7692923542386314,), abs=1e-15) for run in tab.comparison.runs)
    assert window.session().newton.start == (-1.5,)

    # Newton's map in the explorer.
    tab.carry_map()
    assert window.tabs.currentWidget() is window.fixed_points
    explored = window.session().fixed_points
    assert (explored.map, explored.start) == ("x-(x**3-2*x+2)/(3*x**2-2)", -1.5), "with the initial point of the runs"
    window.tabs.setCurrentWidget(tab)

    # Typed, in a complex z: the fractal.
    choose(window, "")
    editor = panel.control("objective").findChild(QLineEdit)
    editor.selectAll()
    QTest.keyClicks(editor, "z^3 = a")
    QTest.keyClick(editor, Qt.Key.Key_Return)
    settle(qtbot, window)
    assert isinstance(tab.scene.frame, NewtonFractalFrame)
    assert tab.request.equations == "z**3-a"
    assert editor.text() == "z^3 = a"
    assert tab.plot.x_axis.label == "Re z"
    assert "Re z" in " ".join(tab.scene.equation.readout(0.5, 0.5))
    assert "fractal" in tab.status().text
    assert tab.descriptions()["plane"]
    panel.edited.emit("damping", 0.8)
    panel.edited.emit(PARAMETER + "a", 2.0)
    settle(qtbot, window)
    assert tab.scene.frame.request.damping == 0.8 and not tab.scene.frame.critical_orbits
    items = len(tab.plot.overlay.items)
    panel.edited.emit("critical_orbits", True)
    settle(qtbot, window)
    assert len(tab.plot.overlay.items) == items + 3 * len(tab.scene.frame.critical_orbits) > items
    assert tab.scene.frame.roots[:, 0].max() == pytest.approx(2 ** (1 / 3))
    tab.plot.zoom(2)
    settle(qtbot, window)

    # The session comes back, in text and by undo; objectives are as before.
    kept = window.session()
    again = parse(dumps(kept))
    assert again.newton == kept.newton
    assert 'equations = ["z**3-a"]' in dumps(kept) and "critical-orbits = true" in dumps(kept)
    assert "objective" not in dumps(kept).split("[newton]")[1].split("\n[")[0]
    window.show_session(before)
    settle(qtbot, window)
    assert isinstance(tab.request, NewtonRequest)
    assert window.session().newton == before.newton
    assert not panel.control("goal").isHidden() and panel.methods["secant"].isHidden()
    window.show_session(again)
    settle(qtbot, window)
    assert window.session().newton == kept.newton
    tab.show_scaling()
    assert "scaling" not in vars(tab.dialogs) or not tab.dialogs.scaling.isVisible()
    window.close()


def test_a_click_in_the_plane_of_parameters_shows_their_fractal(qtbot: QtBot, kept_window: KeptWindow, tmp_path: Path) -> None:
    lines = 'equations = ["cubic-family"]\nshow = "parameters"\nx = [0.22, 0.4]\ny = [1.57, 1.71]\n'
    window = kept_window.opened((700, 500), parse(f'funjax = 1\ntab = "newton"\n[newton]\n{lines}'))
    tab, plot = window.newton, window.newton.plot
    assert (plot.x_axis.label, plot.y_axis.label) == ("a", "b")
    settle(qtbot, window)
    assert "Free critical point" in tab.status().text and "critical point" in " ".join(tab.scene.equation.readout(0.1, 0.1))
    assert "converges to a root" in tab.panel.legend.text() and "cycle" in tab.panel.legend.text()
    request = tab.slots.newest(NewtonFamilyRequest)
    # The ring is dragged: the parameters follow, and the picture stays.
    plot.move_handle(0.5, 0.5)
    chosen = dict(tab.request.parameters)
    assert (chosen["a"], chosen["b"]) == pytest.approx((0.31, 1.64), abs=1e-3)
    assert tab.scene.display == "parameters" and tab.slots.newest(NewtonFamilyRequest).parameters == request.parameters
    kept = window.session()
    assert parse(dumps(kept)).newton == kept.newton and 'show = "parameters"' in dumps(kept)
    # A click shows the fractal; undo brings the plane back.
    QTest.mouseClick(plot.viewport(), Qt.MouseButton.LeftButton, pos=plot.plot_rect.center().toPoint() + QPoint(40, 0))
    qtbot.waitUntil(lambda: tab.scene.display == "fractal")
    assert tab.request.parameters != kept.newton.parameters and tab.plot.x_axis.label == "Re z" == tab.panel._pairs[0][0].label
    assert isinstance(tab.scene.wanted(tab.request), NewtonFractalRequest) and "show" not in dumps(window.session()).split("[newton]")[1]
    tab._edit("shown", "parameters")
    assert tab.plot.given_view == Viewport.from_limits(-2.5, 2.5, -2.5, 2.5) and tab.panel._pairs[0][0].label == "a"
    window.show_session(kept)
    assert window.session().newton == kept.newton
    path = tmp_path / "s.toml"
    path.write_text(dumps(kept))
    render(path, tmp_path / "out.svg", size=(320, 200))
    assert "free critical point" in (tmp_path / "out.svg").read_text()


@pytest.mark.parametrize("suffix", [".json", ".csv", ".npz", ".py", ".svg"])
def test_a_session_of_equations_renders_to_every_format(tmp_path: Path, suffix: str) -> None:
    session, out = tmp_path / "s.toml", tmp_path / f"out{suffix}"
    session.write_text(
        'funjax = 1\ntab = "newton"\n[newton]\nequations = ["x^2 + y^2 - 4", "x*y - 1"]\nmethod = "broyden"\nstart = [0.4, 2.1]\n'
    )
    render(session, out, size=(320, 200) if suffix == ".svg" else None)
    assert out.stat().st_size > 200
    if suffix == ".json":
        found = json.loads(out.read_text())
        assert found["root"] == pytest.approx([np.sqrt(2 - np.sqrt(3)), np.sqrt(2 + np.sqrt(3))], abs=4e-16)
        assert found["status"] == "converged"
        assert len(found["iterates"]) == len(found["residual_norms"])
        assert np.shape(found["jacobian_eigenvalues"]) == (2, 2)


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        ('equations = ["x^2 - 2"]\nobjective = "quadratic"', "objective belongs to an objective"),
        ('equations = ["x^2 - "]', "line 3"),
        ('equations = ["x", "y", "x"]', "is not an equation"),
        ("equations = 3", "is not an equation"),
        ('equations = ["x^2 - 2"]\nmethod = "newton-cg"', "newton-cg is not a method for equations"),
        ('equations = ["x^2 - 2"]\nmethod = "broyden"', "two equations in x and y"),
        ('equations = ["z^3 - 1"]\nstart = [1.0]', "give 2"),
        ('equations = ["x^2 - a"]\nparameters = {b = 1.0}', "no parameter"),
        ('objective = "quadratic"\nmethod = "secant"', "secant is not a method for an objective"),
        ('objective = "quadratic"\nshow = "parameters"', "of an objective it may be surface, basins"),
        ('equations = ["z^3 - 1"]\nshow = "basins"', "of equations it may be fractal, parameters"),
        ('equations = ["z^3 - 1"]\nshow = "parameters"', "line 4: z**3-1 is not a family in z"),
    ],
)
def test_a_wrong_line_about_equations_is_told_in_one(lines: str, words: str) -> None:
    with pytest.raises(ValueError, match="line") as caught:
        parse(f"funjax = 1\n[newton]\n{lines}\n")
    assert words in str(caught.value)


def test_an_equation_of_one_variable_without_methods_runs_alone() -> None:
    session = parse('funjax = 1\ntab = "newton"\n[newton]\nequations = "x^3 - 2x + 2 = 0"\nstart = [0.1]\n')
    assert session.newton.run == EquationRequest("x^3 - 2*x + 2", (0.1,))
    assert session == Session(tab="newton", newton=Newton(equations=("x**3-2*x+2",), start=(0.1,)))
