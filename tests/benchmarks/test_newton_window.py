"""The Newton tab: the start dragged with five methods on, from mouse event to painted picture."""

import time
from collections.abc import Callable, Iterator

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QEventLoop, QPointF, Qt, QTimer
from PySide6.QtGui import QMouseEvent, QPaintEvent
from PySide6.QtWidgets import QApplication

from funjax_gui.app.window import Window
from funjax_gui.plots import ImagePlot

TITLE = "Newton: the start dragged, 5 methods, Himmelblau"
METHODS = ("newton", "newton-cg", "damped-newton", "trust-region", "gradient")
LONGEST = 30_000


class Watched:
    """The window, and a way to wait for the painting of all runs asked for."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.loop, self.limit, self.seen = QEventLoop(), QTimer(singleShot=True), 0.0
        original = ImagePlot.paintEvent

        def paint(plot: ImagePlot, event: QPaintEvent) -> None:
            original(plot, event)
            tab = self.window.newton
            if plot is tab.plot and len(tab.comparison.runs) == len(METHODS) and tab.comparison.done:
                self.seen = time.perf_counter()
                self.loop.quit()

        monkeypatch.setattr(ImagePlot, "paintEvent", paint)  # before there is a window: Qt looks once
        self.limit.timeout.connect(lambda: self.loop.exit(1))
        self.window = Window()

    def wait(self) -> None:
        """Until it is painted."""
        self.limit.start(LONGEST)
        assert self.loop.exec() == 0, "the picture did not come"


@pytest.fixture
def watched(qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> Iterator[Watched]:
    made = Watched(monkeypatch)
    window = made.window
    window.resize(1600, 1000)
    window.tabs.setCurrentWidget(window.newton)
    window.newton.panel.edited.emit("objective", "himmelblau")
    for method in METHODS:
        window.newton.panel.method_switched.emit(method, True)
    window.show()
    yield made
    window.close()
    window.deleteLater()


def test_drag_to_painted(watched: Watched, figure: Callable[..., None], quick: bool) -> None:
    plot, times = watched.window.newton.plot, []
    watched.wait()
    settle()
    area, place = plot.plot_rect, plot.handle_at
    assert place is not None
    mouse(plot, QEvent.Type.MouseButtonPress, place)
    for n in range(60 if quick else 300):
        across, up = 0.4 * area.width() * np.cos(0.05 * n), 0.4 * area.height() * np.sin(0.065 * n)
        place = area.center() + QPointF(across, up)
        began = time.perf_counter()
        mouse(plot, QEvent.Type.MouseMove, place)
        watched.wait()
        times.append(watched.seen - began)
        settle()
    mouse(plot, QEvent.Type.MouseButtonRelease, place)
    figure(TITLE, "event to painted, median", float(np.median(times[10:])))
    figure(TITLE, "event to painted, p95", float(np.quantile(times[10:], 0.95)), most=0.033)


def settle() -> None:
    """Let what is still to be painted be painted, as between the movements of a hand."""
    loop = QEventLoop()
    QTimer.singleShot(20, loop.quit)
    loop.exec()


def mouse(plot: ImagePlot, kind: QEvent.Type, place: QPointF) -> None:
    left, none = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
    button = none if kind == QEvent.Type.MouseMove else left
    held = none if kind == QEvent.Type.MouseButtonRelease else left
    glob = QPointF(plot.viewport().mapToGlobal(place.toPoint()))
    QApplication.sendEvent(plot.viewport(), QMouseEvent(kind, place, glob, button, held, Qt.KeyboardModifier.NoModifier))
