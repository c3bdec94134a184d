"""Other tabs' kernels are compiled while nothing is asked for, and opening and using these tabs compiles nothing."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, ClassVar

import pytest
from PySide6.QtWidgets import QSlider
from pytestqt.qtbot import QtBot

from funjax_gui.app import warming
from funjax_gui.app.preferences import Preferences
from funjax_gui.app.warming import Warming
from funjax_gui.app.window import Window
from funjax_gui.tabs.view_tab import ViewTab
from kernels.execution import batching, drop_kernels
from kernels.single_orbit.column import ColumnRequest

pytestmark = pytest.mark.prepares


@dataclass(frozen=True)
class Never:
    """A spare request that goes on until it is given up."""

    request: Any = None
    spare: ClassVar[bool] = True

    def frames(self) -> Iterator[Any]:
        while True:
            yield None


@dataclass(frozen=True)
class Ended:
    """A request that ends at once."""

    def frames(self) -> Iterator[Any]:
        yield from ()


@pytest.fixture
def window(qtbot: QtBot, fresh_window: Window, monkeypatch: pytest.MonkeyPatch) -> Window:
    monkeypatch.setattr(warming, "QUIET", 0.05)
    drop_kernels(())  # as in a new process
    fresh_window.show()
    return fresh_window


def settle(qtbot: QtBot, window: Window) -> None:
    tab = window.tab
    assert isinstance(tab, ViewTab)
    qtbot.waitUntil(lambda: not tab.slots.is_waiting() and not tab.slots.unanswered)
    qtbot.waitUntil(lambda: window.worker.is_quiet(0.0))


def of(window: Window) -> Warming:
    (made,) = window.findChildren(Warming)
    return made


def test_after_warming_opening_the_tabs_and_dragging_compiles_nothing(
    qtbot: QtBot, window: Window, compiled: Callable[[], AbstractContextManager[list[str]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    # Whether the steps asked for fit into one call, which takes another kernel than several do, must not depend on the machine's speed.
    monkeypatch.setattr(batching, "batch_size", lambda kind, columns, share=1.0: 4096)
    assert window.bifurcation.frame is None
    with compiled() as before:
        qtbot.waitUntil(lambda: of(window).is_over)
    assert any("track_convergence" in line for line in before) and any("(plane)" in line for line in before)
    assert not of(window).isActive() and window.status_line.facts.toolTip() == ""
    with compiled() as kernels:
        for tab in (window.fixed_points, window.newton, window.bifurcation):
            window.tabs.setCurrentWidget(tab)
            settle(qtbot, window)
            for slider in tab.panel.parameters.findChildren(QSlider):
                for value in (0.55, 0.7, 0.4):
                    slider.setValue(round(value * slider.maximum()))
                    settle(qtbot, window)
    assert kernels == []


def test_what_was_given_up_comes_again(qtbot: QtBot, window: Window, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Any] = []
    submit = window.worker.submit
    monkeypatch.setattr(window.worker, "submit", lambda request: (asked.append(request), submit(Never() if len(asked) == 1 else request)))
    qtbot.waitUntil(lambda: len(asked) == 1)
    submit(Ended())
    qtbot.waitUntil(lambda: len(asked) == 2)
    assert asked[0] == asked[1] and "Preparing other tabs" in window.status_line.facts.toolTip()
    first = of(window)._wanted[0]
    assert type(first) in window.fixed_points.kinds and asked[1].request is first


def test_it_can_be_switched_off_and_on(qtbot: QtBot, window: Window) -> None:
    warm = of(window)
    assert warm.isActive() and warm.action.isChecked() and window.preferences.prepare
    warm.action.trigger()
    assert not warm.isActive() and not window.preferences.prepare and window.status_line.facts.toolTip() == ""
    warm.action.trigger()
    assert warm.isActive() and window.preferences.prepare


def test_a_window_that_prepares_nothing_says_so_to_its_preferences(qtbot: QtBot, fresh_window: Window) -> None:
    made = Window(Preferences(prepare=False))
    qtbot.addWidget(made)
    assert not of(made).isActive() and not made.preferences.prepare


def test_the_bifurcation_tab_comes_first_in_the_size_of_the_open_tab_s_picture(qtbot: QtBot, window: Window) -> None:
    assert of(window)._tabs[0].name == "bifurcation"
    window.worker.close()
    tab = window.bifurcation
    assert all(other.first_requests((300, 200)) for other in (window.fixed_points, window.newton))
    tab.slots.drop(type(tab.request))
    tab.slots.drop(ColumnRequest)
    (diagram,) = tab.first_requests((300, 200))
    assert (diagram.grid.columns, diagram.grid.rows, diagram.keep_refining) == (300, 200, False)
