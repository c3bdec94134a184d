"""A picture with nothing in it says why, and what to do; the plots are described in words once they have settled."""

from decimal import Decimal

import pytest
from kept_window import KeptWindow
from pytestqt.qtbot import QtBot

from funjax_gui.app.window import Window
from funjax_gui.plots.base import BasePlot
from funjax_gui.sessions.session import Session
from funjax_gui.tabs.bifurcation.session import Bifurcation
from funjax_gui.tabs.fixed_points.session import FixedPoints
from kernels.geometry import Viewport

FEW = Session(bifurcation=Bifurcation(transient=200, samples=30, keep_refining=False), fixed_points=FixedPoints(starts=41, steps=200))


@pytest.fixture
def window(kept_window: KeptWindow) -> Window:
    return kept_window.opened((900, 600), FEW)


def says(qtbot: QtBot, plot: BasePlot, words: str) -> None:
    qtbot.waitUntil(lambda: words in plot.message.text and plot.message.isVisible())


def is_quiet(qtbot: QtBot, plot: BasePlot) -> None:
    qtbot.waitUntil(lambda: not plot.message.text and not plot.message.isVisible())


def told(qtbot: QtBot, plot: BasePlot, *parts: str) -> None:
    qtbot.waitUntil(lambda: all(part in plot.accessibleDescription() for part in parts))


def test_the_diagram_says_why_it_is_empty(qtbot: QtBot, window: Window) -> None:
    tab = window.bifurcation
    told(qtbot, tab.plot, "Logistic map", "a from 3.4 to 4", "x from 0 to 1", "period", "chaotic or unresolved")
    told(qtbot, tab.strip, "λ against a, from", "above zero in")
    tab.panel.edited.emit("start", 3.0)
    says(qtbot, tab.plot, "Every orbit from x₀ = 3 diverges")
    says(qtbot, tab.strip, "All columns diverge")
    says(qtbot, tab.aside.density, "No state")
    told(qtbot, tab.plot, "diverged")
    told(qtbot, tab.aside.cobweb, "diverges")
    tab.panel.edited.emit("start", 0.5)
    is_quiet(qtbot, tab.plot)
    is_quiet(qtbot, tab.aside.density)
    tab._go(Viewport.from_limits("3.4", "3.42", "0.6", "0.7"))
    says(qtbot, tab.plot, "No points in this view")
    tab.go_home()
    is_quiet(qtbot, tab.plot)
    told(qtbot, tab.aside.cobweb, "At a = 3.500 the orbit converges to a cycle of period 4: ", "λ = −0.87")


def test_periods_that_cannot_be_told_are_said_to_be_so(qtbot: QtBot, window: Window) -> None:
    tab = window.bifurcation
    tab._go(Viewport.from_limits("3.97700", "3.97701", "0", "1"))
    tab.panel.styled.emit("shown", "period")
    says(qtbot, tab.plot, "No period was found in this view")
    assert tab.plot.message.rect.top() > tab.plot.plot_rect.center().y(), "below what there is to see"
    tab.panel.styled.emit("shown", "density")
    is_quiet(qtbot, tab.plot)


def test_starts_that_all_diverge_are_told_where_others_do_not(qtbot: QtBot, window: Window) -> None:
    window.tabs.setCurrentWidget(tab := window.fixed_points)
    told(qtbot, tab.plot, "Initial conditions from −9 to 10", "fixed point 3, attracting, basin (−7, 7)", "fixed point 7, repelling")
    told(qtbot, tab.cobweb.cobweb, "From x₀ = 0: after", "x = 2.999")
    told(qtbot, tab.convergence.plot, "rate 0.6")
    tab.panel.edited.emit("left", Decimal(8))
    says(qtbot, tab.plot, "All 41 initial conditions diverge. Those near the fixed point 3 do not: press Home")
    tab.panel.edited.emit("start", 9.0)
    says(qtbot, tab.convergence.plot, "This orbit has no attractor")
    tab.go_home()
    is_quiet(qtbot, tab.plot)
    tab.panel.edited.emit("parameter:b", 50.0)
    says(qtbot, tab.plot, "no attractor was found")
    assert "No fixed point and no cycle of up to 8 points lies between −9 and 10" in tab.picture.note.text()
    told(qtbot, tab.plot, "41 diverged", "Found: no fixed point and no cycle")


def test_finals_out_of_the_window_and_unsettled_ones_say_so(qtbot: QtBot, window: Window) -> None:
    window.tabs.setCurrentWidget(tab := window.fixed_points)
    tab.panel.edited.emit("map", "logistic")
    tab.panel.edited.emit("parameter:a", 3.9)
    says(qtbot, tab.plot, "None of 41 orbits converges within 200 steps")
    tab.panel.edited.emit("parameter:a", 2.5)
    is_quiet(qtbot, tab.plot)
    tab._go(Viewport.from_limits("0", "1", "2", "3"))
    says(qtbot, tab.plot, "The final states lie outside this view")
    tab.go_home()
    is_quiet(qtbot, tab.plot)


@pytest.mark.parametrize(
    ("formula", "words"),
    [
        ("0*x + 0*y + 3", "f is 3 everywhere in this view"),
        ("log(x - 100)", "f is not finite anywhere in this view"),
    ],
)
def test_a_function_with_nothing_to_see_says_so(qtbot: QtBot, window: Window, formula: str, words: str) -> None:
    window.tabs.setCurrentWidget(tab := window.newton)
    tab.panel.edited.emit("objective", formula)
    says(qtbot, tab.plot, words)
    tab.panel.edited.emit("objective", "quadratic")
    is_quiet(qtbot, tab.plot)
    told(qtbot, tab.plot, "Quadratic (post)", "x from −4 to 10", "Initial point (0, 0)", "Newton: Converged to a maximum in 1 step")


def test_a_narrow_function_with_a_large_value_is_seen(qtbot: QtBot, window: Window) -> None:
    window.tabs.setCurrentWidget(tab := window.newton)
    tab.panel.edited.emit("objective", "1000 + 0.001*sin(3*x)")
    qtbot.waitUntil(lambda: abs(float(tab.plot.grid.viewport.y) - 1000) < 0.01)
    assert 0.001 < tab.plot.grid.viewport.half_height < 0.002


def test_basins_that_lead_nowhere_say_so(qtbot: QtBot, window: Window) -> None:
    window.tabs.setCurrentWidget(tab := window.newton)
    tab.panel.edited.emit("objective", "x + y + 0*x^2")
    tab.panel.edited.emit("shown", "basins")
    says(qtbot, tab.plot, "No initial point in this view converges to a stationary point: 100% singular Hessian. Choose another function")
    assert tab.scene.plane.accessibleName() == "Newton’s basins and paths"
    tab.panel.edited.emit("shown", "surface")
    is_quiet(qtbot, tab.plot)
    assert tab.scene.plane.accessibleName() == "Surface and paths"


def test_convergence_without_a_step_or_conjugate_gradients_says_so(qtbot: QtBot, window: Window) -> None:
    window.tabs.setCurrentWidget(tab := window.newton)
    qtbot.waitUntil(lambda: tab.comparison.done)
    tab.panel.edited.emit("start", (3.0, 7.0))
    tab.aside._choice.edited.emit("step")
    says(qtbot, tab.aside.plot, "No run takes a step from here")
    tab.panel.method_switched.emit("newton-cg", False)
    tab.aside._choice.edited.emit("cg")
    says(qtbot, tab.aside.plot, "Switch on Newton-CG")
    tab.panel.method_switched.emit("newton-cg", True)
    says(qtbot, tab.aside.plot, "No run takes a step from here")
    tab.panel.edited.emit("start", (0.0, 0.0))
    is_quiet(qtbot, tab.aside.plot)
