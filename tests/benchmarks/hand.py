"""A real window, offscreen, whose paintings are noted, and the hand that moves in it."""

import itertools
import time
from collections.abc import Callable, Iterator

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QEventLoop, QPoint, QPointF, Qt, QTimer
from PySide6.QtGui import QMouseEvent, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QApplication

from funjax_gui.app.window import Window
from funjax_gui.plots import ImagePlot
from kernels import BifurcationFrame

NOTCH = 120
LONGEST = 30_000
"""Milliseconds after which a picture that does not come ends the benchmark."""

Gesture = Callable[[], None]


class Hand:
    """The window with a picture of columns x rows, complete when this is made."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, columns: int, rows: int) -> None:
        self.painted: Callable[[BifurcationFrame], None] = lambda frame: None
        self._note_paintings(monkeypatch)
        self.window = Window()
        self.tab = self.window.bifurcation
        self.plot = self.tab.plot
        self.window.show()
        self._resize(columns, rows)
        self.zoom(1, 0.5, 0.5)

    def _note_paintings(self, monkeypatch: pytest.MonkeyPatch) -> None:
        original = ImagePlot.paintEvent

        def paint(plot: ImagePlot, event: QPaintEvent) -> None:
            original(plot, event)
            frame = self.tab.frame
            if plot is self.plot and frame is not None and frame.request is self.tab.request:
                self.painted(frame)

        monkeypatch.setattr(ImagePlot, "paintEvent", paint)

    def _resize(self, columns: int, rows: int) -> None:
        for _ in range(3):
            QApplication.processEvents()
            grid, size = self.plot.grid, self.window.size()
            self.window.resize(size.width() + columns - grid.columns, size.height() + rows - grid.rows)
        QApplication.processEvents()
        assert (self.plot.grid.columns, self.plot.grid.rows) == (columns, rows)

    def wheel(self, notches: int, u: float, v: float) -> None:
        """Turn the wheel over the point (u, v) of the picture."""
        area, viewport = self.plot.plot_rect, self.plot.viewport()
        place = QPointF(area.left() + u * area.width(), area.bottom() - v * area.height())
        glob = QPointF(viewport.mapToGlobal(place.toPoint()))
        button, held, phase = Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase
        event = QWheelEvent(place, glob, QPoint(), QPoint(0, NOTCH * notches), button, held, phase, False)
        QApplication.sendEvent(viewport, event)

    def mouse(self, kind: QEvent.Type, x: float, y: float) -> None:
        """Press, move or release the left button at the pixel (x, y)."""
        viewport, left, none = self.plot.viewport(), Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
        place = QPointF(x, y)
        button = none if kind == QEvent.Type.MouseMove else left
        held = none if kind == QEvent.Type.MouseButtonRelease else left
        glob = QPointF(viewport.mapToGlobal(place.toPoint()))
        QApplication.sendEvent(viewport, QMouseEvent(kind, place, glob, button, held, Qt.KeyboardModifier.NoModifier))

    def zoom(self, notches: int, u: float, v: float, full: bool = True) -> tuple[float, float]:
        """Turn the wheel and wait for the new view's picture: seconds to its first painting, and to that of all samples.

        With `full` false only the first is waited for.
        """
        loop, seen = QEventLoop(), list[float]()

        def painted(frame: BifurcationFrame) -> None:
            seen.append(time.perf_counter() - began)
            asked = frame.request
            if not full or (frame.transient == asked.transient and frame.samples >= asked.samples):
                loop.quit()

        limit = QTimer(singleShot=True)
        limit.timeout.connect(lambda: loop.exit(1))
        limit.start(LONGEST)
        self.painted = painted
        began = time.perf_counter()
        self.wheel(notches, u, v)
        late = loop.exec()
        self.painted = lambda frame: None
        assert not late, "the picture did not come"
        return seen[0], seen[-1]

    def close(self) -> None:
        """Close the window and delete it."""
        self.window.close()
        self.window.deleteLater()


def places() -> Iterator[tuple[int, float, float]]:
    """(notches, u, v): ten notches in about ever other points, ten out, and again, for ever."""
    random = np.random.default_rng(2)
    for notches in itertools.cycle((1,) * 10 + (-1,) * 10):
        yield notches, float(random.uniform(0.1, 0.9)), float(random.uniform(0.1, 0.9))


def gestures(hand: Hand) -> Iterator[Gesture]:
    """Wheel events, and after every tenth a drag of nine events, for ever."""
    for number, place in enumerate(places(), 1):
        yield lambda place=place: hand.wheel(*place)
        if number % 10 == 0:
            yield from _drag(hand)


def _drag(hand: Hand) -> Iterator[Gesture]:
    yield lambda: hand.mouse(QEvent.Type.MouseButtonPress, 500, 400)
    for step in range(1, 8):
        yield lambda step=step: hand.mouse(QEvent.Type.MouseMove, 500 - 9 * step, 400 + 4 * step)
    yield lambda: hand.mouse(QEvent.Type.MouseButtonRelease, 437, 428)
