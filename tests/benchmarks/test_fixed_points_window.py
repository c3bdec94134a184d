"""The fixed-point explorer: a parameter dragged at 1,000 starts, from the slider's event to all plots painted."""

import time
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication, QSlider

from funjax_gui.app.window import Window
from funjax_gui.plots.base import BasePlot
from funjax_gui.sessions.session import Session
from funjax_gui.tabs.fixed_points.requests import usual_starts
from funjax_gui.tabs.fixed_points.session import FixedPoints
from funjax_gui.tabs.fixed_points.starts_view import DIVIDED

LONGEST = 30_000


class Watched:
    """The window, and a way to wait until all plots have been painted with what the slider asks for."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.loop, self.limit, self.seen = QEventLoop(), QTimer(singleShot=True), 0.0
        self.left: set[Any] = set()
        original = BasePlot.paintEvent

        def paint(plot: BasePlot, event: Any) -> None:
            original(plot, event)
            if plot in self.left and self._is_shown(plot):
                self.left.discard(plot)
                if not self.left:
                    self.seen = time.perf_counter()
                    self.loop.quit()

        monkeypatch.setattr(BasePlot, "paintEvent", paint, raising=False)  # before there is a window: Qt looks once
        self.limit.timeout.connect(lambda: self.loop.exit(1))
        self.window = Window()
        self.tab = self.window.fixed_points

    def _is_shown(self, plot: Any) -> bool:
        tab, wanted = self.tab, self.tab.request.parameters
        if plot is tab.plot:
            return tab.frame is not None and tab.frame.request.parameters == wanted and tab.frame.progress >= DIVIDED
        frame = tab.convergence.frame if plot is tab.convergence.plot else tab.cobweb.frame
        return frame is not None and frame.request.parameters == wanted

    def wait(self) -> None:
        """Until all is painted: each plot is, when it is given what it is to show."""
        tab = self.tab
        self.left = {tab.plot, tab.cobweb.cobweb, tab.cobweb.series, tab.convergence.plot}
        self.limit.start(LONGEST)
        assert self.loop.exec() == 0, "the picture did not come"


@pytest.fixture
def watched(qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> Iterator[Watched]:
    made = Watched(monkeypatch)
    made.window.resize(1600, 1000)
    made.window.tabs.setCurrentWidget(made.tab)
    made.window.show()
    yield made
    made.window.close()
    made.window.deleteLater()


@pytest.mark.parametrize(("name", "parameter", "low", "high"), [("post", "b", 10, 729), ("logistic", "a", 760, 880)])
def test_slider_to_painted(
    watched: Watched, figure: Callable[..., None], quick: bool, name: str, parameter: str, low: int, high: int
) -> None:
    title = f"Fixed points: {parameter} of {name} dragged, 1,000 starts, 500 steps"
    watched.window.show_session(Session("fixed-points", fixed_points=FixedPoints(name, x=usual_starts(name), starts=1000)))
    slider = watched.tab.panel.control(f"parameter:{parameter}").findChild(QSlider)
    watched.wait()
    settle(200)
    times = []
    for n in range(60 if quick else 300):
        place = round((low + high) / 2 + (high - low) / 2 * np.sin(0.05 * n + 0.3))
        if place == slider.value():
            continue
        began = time.perf_counter()
        slider.setValue(place)
        watched.wait()
        times.append(watched.seen - began)
        settle(20)
    figure(title, "event to all plots painted, median", float(np.median(times[10:])))
    figure(title, "event to all plots painted, p95", float(np.quantile(times[10:], 0.95)), most=0.033)


def settle(milliseconds: int) -> None:
    """Let what is still to be done be done, as between the movements of a hand."""
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()
