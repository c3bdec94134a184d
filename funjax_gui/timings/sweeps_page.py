"""The sweeps of the timings: for each a plot of time over size, and what is to be seen there, in words."""

import re
from dataclasses import replace

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from funjax_gui.figures import Figure, Item, Marks, Points, Polyline, logarithms
from funjax_gui.plots import CurvePlot
from funjax_gui.style import DARK, Colours
from kernels.timings import Sweep, SweepPoint, TimingsFrame, TimingsRequest, verdict

STYLES = (("muted", "dash", "╌╌"), ("accent2", "solid", "──"), ("accent", "long", "━ ━"))
"""(role, dash, how the legend draws it) of a sweep's ways, in their order."""

EXPLAINED = (
    "Horizontal: the size of the problem. Vertical: seconds per warm call. Both axes are logarithmic. Each method has a "
    "colour and line style, listed below; thin dotted lines are first calls, which include compilation. "
    "Where two lines cross, the faster method changes."
)
SECONDS = (1e-6, 10.0)
"""The range of the plots: all have the same, so that they can be compared."""


class SweepsPage(QWidget):
    """One column a sweep: plot, legend, verdict."""

    def __init__(self, request: TimingsRequest) -> None:
        super().__init__()
        self._colours = DARK
        self._sweeps = request.planned()
        self._frame: TimingsFrame | None = None
        self.plots: dict[str, CurvePlot] = {}
        self._legends: dict[str, QLabel] = {}
        self.verdicts: dict[str, QLabel] = {}
        grid = QGridLayout(self)
        grid.setContentsMargins(6, 12, 6, 6)
        grid.setHorizontalSpacing(16)
        grid.setRowStretch(0, 1)
        for column, sweep in enumerate(self._sweeps):
            grid.setColumnStretch(column, 1)
            self._add(grid, column, sweep)

    def _add(self, grid: QGridLayout, column: int, sweep: Sweep) -> None:
        plot = CurvePlot()
        plot.explain(sweep.title, EXPLAINED)
        x, y = np.log10([sweep.sizes[0] / 1.3, sweep.sizes[-1] * 1.3]).tolist(), np.log10(SECONDS).tolist()
        seconds = "seconds per call" if column == 0 else ""
        plot.show_figure(Figure((), (x[0], x[1]), (y[0], y[1]), sweep.title, sweep.unit, seconds, True, True))
        plot.setMinimumSize(220, 200)
        legend, text = QLabel(), QLabel()
        for label in (legend, text):
            label.setWordWrap(True)
            label.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        text.setMinimumHeight(7 * text.fontMetrics().height())
        widgets: tuple[QWidget, ...] = (plot, legend, text)
        for row, widget in enumerate(widgets):
            grid.addWidget(widget, row, column)
        self.plots[sweep.name], self._legends[sweep.name], self.verdicts[sweep.name] = plot, legend, text

    def show_frame(self, frame: TimingsFrame | None) -> None:
        """Draw the points there are."""
        points = frame.points if frame else ()
        if self._frame is not None and frame is not None and points == self._frame.points:
            return
        self._frame = frame
        for sweep in self._sweeps:
            mine = tuple(point for point in points if point.sweep == sweep.name)
            plot = self.plots[sweep.name]
            plot.show_figure(replace(plot.figure, items=self._items(sweep, mine)))
            waiting = "These are measured after the table." if len(points) == 0 else "Waiting."
            # A number is not to be broken between its groups of digits.
            lines = re.sub(r"(?<=\d) (?=\d{3})", "&nbsp;", verdict(sweep, mine)).splitlines() if mine else [waiting]
            paragraphs = [f"<p style='margin:0 0 4px 0'>{line}</p>" for line in lines]
            self.verdicts[sweep.name].setText("".join(paragraphs))

    def _items(self, sweep: Sweep, points: tuple[SweepPoint, ...]) -> list[Item]:
        items: list[Item] = []
        for way, (role, dash, _) in zip(sweep.ways, STYLES, strict=False):
            mine = [point for point in points if point.way == way.name]
            warm = _logarithms([(point.size, point.timing.median) for point in mine])
            items += [Polyline(warm, role, 1.6, dash), Marks(warm, "circle", role, 5.0, halo=False)]
            if any(point.timing.compile is not None for point in mine):
                items.append(Polyline(_logarithms([(point.size, point.timing.first) for point in mine]), role, 1.0, "dot"))
        return items

    def set_theme(self, colours: Colours) -> None:
        """Draw in these colours."""
        self._colours = colours
        for sweep in self._sweeps:
            self.plots[sweep.name].set_theme(colours)
            ways = zip(sweep.ways, STYLES, strict=False)
            keys = [f"<span style='color:{colours.shade(role)}'>{key}</span>&nbsp;{way.name}" for way, (role, _, key) in ways]
            self._legends[sweep.name].setText("&emsp; ".join([*keys, "····&nbsp;first&nbsp;call,&nbsp;with&nbsp;compiling"]))


def _logarithms(places: list[tuple[float, float | None]]) -> Points:
    """The logarithms of places (k, 2), NaN where there is no number."""
    return logarithms(np.array(places, float).reshape(-1, 2))
