"""What takes long, said in the status bar of each tab and of an export: truly, for as long as it lasts, and abandoned at a word."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from kept_window import KeptWindow
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from funjax_gui.app import pending_work, preferences
from funjax_gui.app.status_bar import StatusLine
from funjax_gui.app.window import Window
from funjax_gui.export.request import ExportRequest
from funjax_gui.tabs.covers import Veil
from funjax_gui.tabs.view_tab import ABANDONED
from funjax_gui.worker import scheduler
from funjax_gui.worker.job import Delay
from kernels.bifurcation.request import BifurcationRequest
from kernels.fixed_point.request import FixedPointRequest
from kernels.geometry import Grid, Viewport
from kernels.network import NetworkRequest
from kernels.newton.comparison import ComparisonRequest
from kernels.newton.request import NewtonRequest
from kernels.newton.surface import SurfaceRequest
from kernels.single_orbit.cobweb import CobwebRequest

LEFT = Qt.MouseButton.LeftButton
PATIENCE = 120
GRID = Grid(Viewport.from_limits(0, 4, 0, 1), 40, 30)
COBWEB = CobwebRequest("sine", (), 0.5, 10, (0.0, 1.0))
LONG_FORMULA = "r*x*(1-x) + b*sin(2*x)*exp(-x^2)*cos(3*x)/9"


# --- the words ---


@pytest.mark.parametrize(
    ("request_", "said"),
    [
        (BifurcationRequest(GRID), "the diagram: Logistic"),
        (CobwebRequest("post", (), 0.5, 10, (0.0, 1.0)), "the cobweb: (x² + b)/c (post)"),
        (BifurcationRequest(GRID, LONG_FORMULA, "r"), "the diagram: r x (1 − x) + b sin(2 x) exp(−x²) c…"),
        (ComparisonRequest((NewtonRequest("himmelblau"),)), "the runs: Himmelblau"),
        (SurfaceRequest(GRID, "x^2 + y^2"), "the surface: x² + y²"),
        (NetworkRequest(), "the network"),
        (ExportRequest(FixedPointRequest("tent"), Path("a.csv")), "the initial conditions, to export: Tent"),
    ],
)
def test_what_a_request_is_for(request_: Any, said: str) -> None:
    assert pending_work.what(request_, pending_work.LONGEST) == said


def test_a_long_formula_is_whole_in_the_tool_tip() -> None:
    assert pending_work.what(BifurcationRequest(GRID, LONG_FORMULA, "r"), pending_work.ALL).endswith("cos(3 x) / 9")


def test_all_that_a_tab_asks_for_has_a_name(window: Window) -> None:
    assert {kind for tab in window.all_tabs() for kind in tab.kinds} <= set(pending_work.request_labels())


@pytest.mark.parametrize(
    ("thread", "compiles", "said"),
    [
        (1, {1, None}, "compiling the cobweb: Sine"),
        (1, set(), "computing the cobweb: Sine"),
        (1, {2, None}, "computing the cobweb: Sine; the compiler is busy"),
        (None, {2, None}, "waiting for the compiler, the cobweb: Sine"),
    ],
)
def test_only_what_compiles_is_said_to(monkeypatch: pytest.MonkeyPatch, thread: int | None, compiles: set[Any], said: str) -> None:
    monkeypatch.setattr(pending_work.compilation, "is_under_way", lambda asked=None: asked in compiles)
    assert pending_work.sentence(Delay(COBWEB, 0.4, thread)) == said
    assert pending_work.sentence(Delay(COBWEB, 12.3, thread)) == f"{said} · 12 s"


def test_the_status_line_says_it_beside_the_sentence(qtbot: QtBot) -> None:
    line = StatusLine()
    qtbot.addWidget(line)
    line.show()
    assert not line.abandon.isVisible()
    line.show_delay("compiling x · 2 s", "compiling xyz · 2 s")
    assert line.delay.isVisible() and line.abandon.isVisible()
    assert (line.delay.text(), line.delay.toolTip()) == ("compiling x · 2 s", "compiling xyz · 2 s")
    assert line.delay.textFormat() == Qt.TextFormat.PlainText
    line.show_delay("")
    assert not line.delay.isVisible() and not line.abandon.isVisible()


# --- in the window ---


@pytest.fixture
def own_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(preferences, "path", lambda: tmp_path / "config" / "funjax.ini")


class Held:
    """Holds a kind's requests in their first step until `let` is set, as a compiler does; then they fail, if they are still wanted."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, kind: type) -> None:
        self.let, self.count = threading.Event(), 0
        self._patch = monkeypatch
        held = self

        def frames(request: Any) -> Iterator[Any]:
            held.count += 1
            assert held.let.wait(PATIENCE)
            raise RuntimeError("nobody wants this")
            yield

        self._kind, self._frames = kind, kind.frames  # type: ignore[attr-defined]
        monkeypatch.setattr(kind, "frames", frames)

    def run(self) -> None:
        """From now on the kind's requests run as they do."""
        self._patch.setattr(self._kind, "frames", self._frames)


@pytest.fixture
def hold(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[type], Held]]:
    """Holds a kind's requests; none is held any more when the test ends."""
    made: list[Held] = []

    def hold(kind: type) -> Held:
        made.append(Held(monkeypatch, kind))
        return made[-1]

    yield hold
    for held in made:
        held.let.set()


@pytest.fixture
def window(qtbot: QtBot, kept_window: KeptWindow, own_place: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Window]:
    monkeypatch.setattr(scheduler, "LONG", 0.02)
    made = kept_window.opened((760, 520), active=True)
    for tab in made.all_tabs():
        tab.stop()
    yield made
    for tab in made.all_tabs():
        tab.stop()


def opened(window: Window, name: str) -> Any:
    """The tab, which asks for everything, though it has been shown before."""
    tab: Any = next(tab for tab in window.all_tabs() if tab.name == name)
    window.tabs.setCurrentWidget(tab)
    if any(tab.slots.asked(kind) is not None for kind in tab.slots.kinds):
        tab.recompute()
    return tab


TABS = [
    ("bifurcation", BifurcationRequest, "computing the diagram: Logistic"),
    ("fixed-points", FixedPointRequest, "computing the initial conditions: (x² + b)/c (post)"),
    ("newton", ComparisonRequest, "computing the runs: Quadratic (post)"),
    ("newton", SurfaceRequest, "computing the surface: Quadratic (post)"),
]


def test_what_delays_a_tab_is_not_said_of_the_next_one(qtbot: QtBot, window: Window, hold: Callable[[type], Held]) -> None:
    hold(BifurcationRequest)
    line = window.status_line
    opened(window, "bifurcation")
    qtbot.waitUntil(lambda: "the diagram" in line.delay.text())
    window.tabs.setCurrentIndex(window.tabs.currentIndex() + 1)
    assert not line.abandon.isVisible(), "a click would abandon the diagram"


@pytest.mark.parametrize(("name", "kind", "said"), TABS)
@pytest.mark.parametrize("way", ["button", "key"])
def test_a_long_step_is_said_and_abandoned_and_asked_for_again(
    qtbot: QtBot, window: Window, hold: Callable[[type], Held], name: str, kind: type, said: str, way: str
) -> None:
    held, line = hold(kind), window.status_line
    tab = opened(window, name)
    qtbot.waitUntil(lambda: said.removeprefix("computing ") in line.delay.text())
    assert line.abandon.isVisible()
    for _ in range(3):
        QApplication.sendPostedEvents()  # a layout that came after the stop would ask for pictures of another size
    if way == "button":
        QTest.mouseClick(line.abandon, LEFT)
    else:
        QTest.keyClick(window, Qt.Key.Key_Escape)
    assert kind not in window.worker.running
    assert line.sentence.text().startswith(ABANDONED) and tab._stop_notice.is_shown
    assert not line.progress.isVisible()

    def nothing_is_said() -> None:
        assert not line.delay.isVisible(), line.delay.text()

    qtbot.waitUntil(nothing_is_said)
    failed: list[Any] = []
    window.worker.failed.connect(lambda *what: failed.append(what))
    held.run()
    with qtbot.waitSignal(window.worker.frame, check_params_cb=lambda frame: isinstance(frame.request, kind)):
        QTest.keyClick(window, Qt.Key.Key_F5)
        held.let.set()
    assert failed == [], "nothing is heard of what was abandoned"
    assert not tab._stop_notice.is_shown
    assert not line.sentence.text().startswith(ABANDONED)
    tab.stop()


def test_after_stopping_no_panel_shows_another_map(qtbot: QtBot, window: Window, hold: Callable[[type], Held]) -> None:
    before = window.fixed_points.frame
    tab = opened(window, "fixed-points")
    qtbot.waitUntil(lambda: tab.frame is not before and tab.frame.done and tab.table.rowCount() > 0 and tab.panel.legend.text() != "")
    held = hold(FixedPointRequest)
    tab._edit("map", "logistic")
    qtbot.waitUntil(lambda: held.count > 0)
    QTest.keyClick(window, Qt.Key.Key_Escape)
    assert tab.table.rowCount() == 0 and tab.panel.legend.text() == ""
    for plot in (tab.plot, tab.cobweb.cobweb, tab.cobweb.series, tab.convergence.plot):
        assert plot.findChild(Veil).isVisible() and plot.findChild(Veil).size() == plot.size()
    window.resize(window.width() + 40, window.height())
    qtbot.waitUntil(lambda: tab.plot.findChild(Veil).size() == tab.plot.size())
    held.run()
    held.let.set()
    QTest.mouseClick(tab.plot.findChild(Veil).findChild(QPushButton), LEFT)
    qtbot.waitUntil(lambda: tab.frame is not None and tab.frame.request.map == "logistic")
    assert not tab._stop_notice.is_shown and tab.table.rowCount() > 0
    tab.stop()


def test_stopping_the_refinement_covers_nothing(qtbot: QtBot, window: Window) -> None:
    tab = opened(window, "bifurcation")
    qtbot.waitUntil(lambda: tab.frame is not None and not tab.slots.unanswered and not tab.slots.is_waiting())
    QTest.keyClick(window, Qt.Key.Key_Escape)
    assert not tab._stop_notice.is_shown


def test_any_change_asks_for_what_was_abandoned(qtbot: QtBot, window: Window, hold: Callable[[type], Held]) -> None:
    held = [hold(kind) for kind in (FixedPointRequest, CobwebRequest)]
    tab = opened(window, "fixed-points")
    qtbot.waitUntil(lambda: all(one.count for one in held))
    tab.stop()
    starts, cobweb = tab.frame, tab.cobweb.frame
    asked: list[type] = []
    tab.requested.connect(lambda request: asked.append(type(request)))
    for one in held:
        one.run()
        one.let.set()
    tab._set_start(1.5)  # of the cobweb only
    qtbot.waitUntil(lambda: {FixedPointRequest, CobwebRequest} <= set(asked))
    qtbot.waitUntil(lambda: tab.frame is not starts and tab.cobweb.frame is not cobweb)
    assert not window.status_line.sentence.text().startswith(ABANDONED)
    tab.stop()


def test_the_cobweb_does_not_wait_for_the_starts_to_compile(qtbot: QtBot, window: Window, hold: Callable[[type], Held]) -> None:
    held = hold(FixedPointRequest)
    before = window.fixed_points.cobweb.frame
    tab = opened(window, "fixed-points")
    qtbot.waitUntil(lambda: tab.cobweb.frame is not before)
    assert FixedPointRequest in window.worker.running and not held.let.is_set()
    tab.stop()


def test_a_view_dragged_during_a_long_step_is_computed_at_once(qtbot: QtBot, window: Window, hold: Callable[[type], Held]) -> None:
    held = hold(BifurcationRequest)
    tab = opened(window, "bifurcation")
    qtbot.waitUntil(lambda: held.count > 0)
    held.run()
    tab.plot.zoom(1)
    qtbot.waitUntil(lambda: tab.frame is not None and tab.frame.request is tab.request)
    assert not held.let.is_set()
    tab.stop()


def test_only_the_open_tab_is_told_of(qtbot: QtBot, window: Window, hold: Callable[[type], Held]) -> None:
    held = [hold(kind) for kind in (BifurcationRequest, SurfaceRequest)]
    opened(window, "bifurcation")
    delay = window.status_line.delay
    qtbot.waitUntil(lambda: "the diagram" in delay.text())
    opened(window, "newton")
    qtbot.waitUntil(lambda: "the surface" in delay.text())

    def stopped() -> bool:
        window.newton.stop()  # again where the layout, new still, asked for another size meanwhile
        return bool(delay.text() == "")

    qtbot.waitUntil(stopped)
    opened(window, "bifurcation")
    qtbot.waitUntil(lambda: "the diagram" in delay.text())
    QTest.mouseClick(window.status_line.abandon, LEFT)
    assert BifurcationRequest not in window.worker.running
    assert not any(one.let.is_set() for one in held)


def test_an_export_is_said_and_abandoned(qtbot: QtBot, window: Window, hold: Callable[[type], Held], tmp_path: Path) -> None:
    held = hold(ExportRequest)
    tab = opened(window, "newton")
    qtbot.waitUntil(lambda: not window.worker.running)
    window.filing.export(tab.export_request(), tmp_path / "a.json", (90, 60), window.style_wanted(), window.session())
    line = window.status_line
    qtbot.waitUntil(lambda: line.delay.text().startswith("computing the runs, to export: Quadratic (post)"))
    QTest.mouseClick(line.abandon, LEFT)
    assert ExportRequest not in window.worker.running
    held.let.set()
    qtbot.waitUntil(lambda: not line.delay.isVisible())
    assert list(tmp_path.glob("a.json")) == []
