"""What stands beside the diagram: the pinned column's cobweb, time series and density."""

from decimal import Decimal

import numpy as np
from PySide6.QtWidgets import QVBoxLayout, QWidget

from funjax_gui.figures import staircase
from funjax_gui.formulas import find_map
from funjax_gui.plots import Curve, CurvePlot
from funjax_gui.style import Colours, scaled
from funjax_gui.tabs.bifurcation import status_text
from kernels.bifurcation import BifurcationRequest
from kernels.single_orbit import ColumnFrame, ColumnRequest


class Aside(QWidget):
    """Three plots of one orbit, from top to bottom."""

    def __init__(self) -> None:
        super().__init__()
        self.frame: ColumnFrame | None = None
        self.where = ""
        """The column that is shown, in words."""
        self.cobweb, self.series, self.density = CurvePlot(), CurvePlot(), CurvePlot()
        self.cobweb.set_labels("x", "")
        self.series.set_labels("n", "")
        self.density.set_labels("x", "")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for plot in self._plots:
            plot.setMinimumHeight(scaled(120))
            column.addWidget(plot, 1)

    @property
    def _plots(self) -> tuple[CurvePlot, CurvePlot, CurvePlot]:
        return self.cobweb, self.series, self.density

    def set_theme(self, colours: Colours) -> None:
        """Draw in these colours."""
        for plot in self._plots:
            plot.set_theme(colours)

    def clear(self) -> None:
        """Show no orbit: that of another map would be taken for this one's."""
        self.frame = None
        for plot in self._plots:
            plot.set_title("")
            plot.set_curves([])
            plot.set_message(None)

    def follow(self, request: BifurcationRequest, pin: Decimal) -> ColumnRequest:
        """Name the column at `pin`, and return the request for its orbit."""
        chosen = find_map(request.map)
        parameters = tuple((dict(request.parameters) | {request.sweep: float(pin)}).items())
        symbol = chosen.parameter(request.sweep).symbol
        self.where = f"{symbol} = {status_text.place(request.grid.viewport, request.grid.columns, pin)}"
        return ColumnRequest(request.map, parameters, request.start, request.transient, chosen.state)

    def show_frame(self, frame: ColumnFrame) -> None:
        """Show the orbit."""
        self.frame = frame
        self._show_cobweb(frame, self.where)
        steps = np.arange(len(frame.series), dtype=np.float64)
        self.series.set_title("time series from the start" if frame.period >= 0 else "time series, diverging")
        near = _within(frame.series, frame)
        self.series.set_curves([Curve(steps, near, dots=4.0)])
        self.series.set_message(None if np.isfinite(near).any() else "The orbit is far outside the range at once")
        self.series.set_range((0.0, float(steps[-1])), None)
        self._show_density(frame)

    def _show_cobweb(self, frame: ColumnFrame, where: str) -> None:
        low, high = frame.request.states
        ends = np.array([low, high])
        states = frame.cobweb if frame.period >= 0 else frame.series
        corners = staircase(states[np.isfinite(states)])
        self.cobweb.set_title(f"cobweb at {where}")
        self.cobweb.set_curves(
            [
                Curve(ends, ends, role="muted"),
                Curve(frame.curve[0], frame.curve[1], role="text", width=1.3),
                Curve(corners[0], corners[1], role="accent", width=1.2),
            ]
        )
        self.cobweb.set_range((low, high), (low, high))

    def _show_density(self, frame: ColumnFrame) -> None:
        inside = int(frame.density.sum())
        share = frame.density / (frame.samples * np.diff(frame.edges))
        self.density.set_message(None if inside else "No state is inside the range")
        self.density.set_title("density of x" if inside == frame.samples else f"density of x, {1 - inside / frame.samples:.0%} outside")
        self.density.set_curves([Curve(frame.edges, share, role="accent", fill=0.0, steps=True)])
        self.density.set_range(frame.request.states, (0.0, max(1e-9, float(share.max()) * 1.05)))


def _within(states: np.ndarray, frame: ColumnFrame) -> np.ndarray:
    """The states as far as they stay near the interval watched: an escaping orbit would flatten all the rest."""
    low, high = frame.request.states
    room = high - low
    return np.where((states > low - room) & (states < high + room), states, np.nan)
