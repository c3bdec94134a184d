"""The README's animations: each is a row of pictures of the window while it is handled as a person would handle it."""

import math
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path

from PIL import Image
from PySide6.QtCore import QBuffer, QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QSlider, QWidget

from funjax_gui.app.window import Window
from funjax_gui.sessions.session import Session
from funjax_gui.tabs.fixed_points.requests import usual_starts
from funjax_gui.tabs.fixed_points.session import FixedPoints
from funjax_gui.tabs.newton.session import Newton
from kernels.geometry import Viewport, decimal

SIZE = (1120, 700)
FRAME_MILLISECONDS = 70
QUALITY = 62
"""Of the animated pictures: WebP's scale, 0 to 100."""

DELTA, ALPHA = 4.669201609102990, 2.502907875095892
"""Feigenbaum's constants: by so much period doubling repeats along the parameter and along the state."""

ONSET = "3.569945671870944901842005151"
"""The logistic map's parameter at which its period has doubled without end."""

Frames = Iterator[QWidget]


def zoom(window: Window) -> Frames:
    """Into the point where the period has doubled without end, until the picture is the first one again."""
    tab = window.bifurcation
    window.tabs.setCurrentWidget(tab)
    count = 48
    for n in range(count):
        done = 2 * n / count
        view = Viewport(decimal(ONSET), decimal("0.5"), 0.06 * DELTA**-done, 0.2 * ALPHA**-done)
        tab.plot.go(view)
        yield tab.plot


def doubling(window: Window) -> Frames:
    """The logistic map's parameter dragged through four period doublings and back: basins, cobweb and orbits follow."""
    window.show_session(Session("fixed-points", fixed_points=FixedPoints("logistic", {"a": 2.9}, x=usual_starts("logistic"), starts=401)))
    tab = window.fixed_points
    slider = tab.panel.control("parameter:a").findChild(QSlider)
    assert slider is not None
    low, high = (round(slider.maximum() * a / 4) for a in (2.9, 3.56))
    count = 60
    for n in range(count):
        slider.setValue(round(low + (high - low) * (1 - math.cos(2 * math.pi * n / count)) / 2))
        yield tab


def comparison(window: Window) -> Frames:
    """The start of several methods dragged in a circle over Himmelblau's function."""
    window.show_session(Session("newton", newton=Newton("himmelblau", start=(0.0, 2.2))))
    tab = window.newton
    for method in ("damped-newton", "trust-region"):
        tab.panel.methods[method].click()
    plot, count = tab.plot, 60

    def place(n: int) -> QPoint:
        angle = math.pi / 2 + 2 * math.pi * n / count
        x, y = 2.2 * math.cos(angle), 2.2 * math.sin(angle)
        view, area = plot.grid.viewport, plot.plot_rect
        left, bottom = view.x_limits[0], view.y_limits[0]
        u, v = (x - float(left)) / (2 * view.half_width), (y - float(bottom)) / (2 * view.half_height)
        return QPoint(round(area.left() + u * area.width()), round(area.bottom() - v * area.height()))

    QTest.mousePress(plot.viewport(), Qt.MouseButton.LeftButton, pos=place(0))
    for n in range(count):
        QTest.mouseMove(plot.viewport(), place(n))
        yield tab
    QTest.mouseRelease(plot.viewport(), Qt.MouseButton.LeftButton, pos=place(0))


ANIMATIONS: dict[str, Callable[[Window], Frames]] = {"zoom": zoom, "doubling": doubling, "comparison": comparison}
"""Each by the name of its file."""


def draw(window: Window, settle: Callable[[], None], folder: Path) -> None:
    """Make all of them; `settle` waits until the window shows what was asked for."""
    window.resize(*SIZE)
    for name, play in ANIMATIONS.items():
        frames = []
        for shown in play(window):
            settle()
            frames.append(picture(shown))
        file = folder / f"{name}.webp"
        frames[0].save(file, save_all=True, append_images=frames[1:], duration=FRAME_MILLISECONDS, loop=0, quality=QUALITY, method=6)


def picture(widget: QWidget) -> Image.Image:
    """What the widget shows, as Pillow has it."""
    buffer = QBuffer()
    buffer.open(QBuffer.OpenModeFlag.ReadWrite)
    widget.grab().save(buffer, "PNG")
    return Image.open(BytesIO(bytes(buffer.data().data()))).convert("RGB")
