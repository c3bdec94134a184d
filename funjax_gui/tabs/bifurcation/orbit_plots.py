"""Plots of the pinned column: cobweb, time series and density."""

from dataclasses import replace
from decimal import Decimal

import numpy as np
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from funjax_gui.figures import Figure, orbits
from funjax_gui.formulas import find_map
from funjax_gui.plots import CurvePlot
from funjax_gui.style import Colours, scaled
from funjax_gui.tabs.bifurcation import status_text
from kernels.bifurcation import BifurcationRequest
from kernels.single_orbit import ColumnFrame, ColumnRequest

SHARES = (9, 6, 6)
"""Relative heights of cobweb, time series and density: the cobweb is a square."""


class Aside(QWidget):
    """A column of three plots of one orbit."""

    def __init__(self) -> None:
        super().__init__()
        self.frame: ColumnFrame | None = None
        self.where = ""
        """The column that is shown, as text."""
        self.cobweb, self.series, self.density = CurvePlot(), CurvePlot(), CurvePlot()
        self.cobweb.set_labels("x", "")
        self.series.set_labels("n", "")
        self.density.set_labels("x", "")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for plot, share in zip(self._plots, SHARES, strict=True):
            plot.setMinimumHeight(scaled(120))
            plot.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Ignored)
            column.addWidget(plot, share)

    @property
    def _plots(self) -> tuple[CurvePlot, CurvePlot, CurvePlot]:
        return self.cobweb, self.series, self.density

    def set_theme(self, colours: Colours) -> None:
        """Draw in these colours."""
        for plot in self._plots:
            plot.set_theme(colours)

    def clear(self) -> None:
        """Remove the orbit, which belongs to another map."""
        self.frame = None
        for plot in self._plots:
            plot.show_figure(replace(plot.figure, items=(), title=""))
            plot.set_message(None)

    def follow(self, request: BifurcationRequest, pin: Decimal) -> ColumnRequest:
        """Name the column at `pin`, and return the request for its orbit."""
        chosen = find_map(request.map)
        parameters = tuple((dict(request.parameters) | {request.sweep: float(pin)}).items())
        symbol = chosen.parameter(request.sweep).symbol
        self.where = f"{symbol} = {status_text.place(request.grid.viewport, request.grid.columns, pin)}"
        if not request.grid.is_resolved(np.float64)[0]:
            self.where = f"{symbol} ≈ {float(pin)!r}, the nearest in float64"  # the column itself is not followed
        return ColumnRequest(request.map, parameters, request.start, request.transient, chosen.states_of(request.observed), request.observe)

    def show_frame(self, frame: ColumnFrame) -> None:
        """Show the orbit."""
        self.frame = frame
        series = orbits.column_series(frame)
        self.cobweb.show_figure(orbits.column_cobweb(frame, self.where) if frame.plane is None else self._phase_plane(frame))
        self.series.show_figure(series)
        self.series.set_message("The orbit leaves the range immediately" if series.is_empty else None)
        self.density.show_figure(orbits.column_density(frame))
        self.density.set_message(None if frame.density.any() else "No state is inside the range")

    def _phase_plane(self, frame: ColumnFrame) -> Figure:
        view = find_map(frame.request.map).plane
        assert view is not None and frame.plane is not None
        return orbits.column_plane(frame, frame.plane, view, self.where)
