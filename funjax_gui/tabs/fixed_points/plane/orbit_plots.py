"""Plots of the chosen orbits: each coordinate against the step."""

from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from funjax_gui.figures import phase_plane as look
from funjax_gui.plots import CurvePlot
from funjax_gui.style import DARK, Colours, scaled
from funjax_gui.tabs.fixed_points.plane import status_text
from kernels.phase_plane import PlaneOrbitsFrame


class OrbitPlots(QWidget):
    """Two plots, one a coordinate, and the initial conditions below."""

    def __init__(self) -> None:
        super().__init__()
        self.frame: PlaneOrbitsFrame | None = None
        self.plots = CurvePlot(), CurvePlot()
        self.starts = QLabel()
        self.starts.setWordWrap(True)
        self.starts.setContentsMargins(12, 2, 12, 8)
        self.starts.setProperty("role", "quiet")
        self._names: tuple[str, ...] = ("x", "y")
        self._colours: Colours = DARK
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for plot in self.plots:
            plot.setMinimumHeight(scaled(120))
            column.addWidget(plot, 1)
        column.addWidget(self.starts)

    def set_theme(self, colours: Colours) -> None:
        """Draw in these colours."""
        self._colours = colours
        for plot in self.plots:
            plot.set_theme(colours)
        self._write()

    def set_names(self, names: tuple[str, ...]) -> None:
        """Name the coordinates."""
        self._names = names
        for plot, name in zip(self.plots, names, strict=True):
            plot.set_labels("n", name)

    def show_frame(self, frame: PlaneOrbitsFrame) -> None:
        """Show these orbits, the chosen one in front."""
        self.frame = frame
        for coordinate, (plot, name) in enumerate(zip(self.plots, self._names, strict=True)):
            plot.show_figure(look.series(frame, coordinate, name))
        self._write()

    def _write(self) -> None:
        if self.frame is None:
            return
        lines = []
        for orbit, start in enumerate(self.frame.request.starts):
            shade = self._colours.shade(look.role_of(orbit))
            lines.append(f'<span style="color:{shade}">▲</span> from {status_text.where(start, 7)}')
        self.starts.setText("<br>".join(lines))
