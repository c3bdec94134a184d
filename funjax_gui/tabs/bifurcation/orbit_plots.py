"""Plots of the pinned column: cobweb, time series and density."""

from dataclasses import replace
from decimal import Decimal

import numpy as np
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from funjax_gui.figures import Figure, orbits
from funjax_gui.formatting import minus_sign
from funjax_gui.formulas import find_map
from funjax_gui.plots import CurvePlot
from funjax_gui.style import Colours, scaled
from funjax_gui.tabs.bifurcation import edits, status_text
from kernels.bifurcation import BifurcationRequest
from kernels.geometry import Grid
from kernels.single_orbit import Below, ColumnFrame, ColumnRequest

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

    def is_of(self, grid: Grid) -> bool:
        """Whether the pinned orbit is that of the view's return map; where float64 resolves the columns, that of the map itself."""
        below = self.frame.request.below if self.frame is not None else None
        return below is None if grid.is_resolved(np.float64)[0] else below is not None and below.grid == grid

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
        """Name the column at `pin`, and return the request for its orbit: below float64 that of the view's return map."""
        chosen, view = find_map(request.map), request.grid.viewport
        parameters = tuple((dict(request.parameters) | request.at(float(pin))).items())
        symbol, below = edits.symbol(request), None
        if request.line:
            self.where = edits.on_line(request, float(pin), edits.column(request))
        elif request.grid.is_resolved(np.float64)[0]:
            self.where = f"{symbol} = {status_text.place(view, request.grid.columns, pin)}"
        elif 0 <= view.u_of(pin) <= 1:
            below = Below(request.grid, request.sweep, pin)
            offset = below.share * view.half_width
            self.where = minus_sign(f"{symbol} = centre {'-' if offset < 0 else '+'} {abs(offset):.3g}")
        else:
            self.where = f"{symbol} ≈ {float(pin)!r}, the nearest in float64"  # outside the view, for which alone there is a return map
        self.where += ", from the left" if request.follow == "both" else ""
        states = chosen.states_of(request.observed)
        return ColumnRequest(request.map, parameters, request.start, request.transient, states, request.observe, below)

    def show_frame(self, frame: ColumnFrame) -> None:
        """Show the orbit."""
        self.frame = frame
        series = orbits.column_series(frame)
        if frame.iterations > 1:
            series = replace(series, x_label=f"n, in {status_text.returns(frame.iterations)}")
        self.cobweb.show_figure(orbits.column_cobweb(frame, self.where) if frame.plane is None else self._phase_plane(frame))
        self.series.show_figure(series)
        self.series.set_message("The orbit leaves the range immediately" if series.is_empty else None)
        self.density.show_figure(orbits.column_density(frame))
        self.density.set_message(None if frame.density.any() else "No state is inside the range")

    def _phase_plane(self, frame: ColumnFrame) -> Figure:
        view = find_map(frame.request.map).plane
        assert view is not None and frame.plane is not None
        return orbits.column_plane(frame, frame.plane, view, self.where)
