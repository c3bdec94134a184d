"""Plots of the chosen orbits: each coordinate against the step, and the lines that dimensions are the slopes of."""

from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from funjax_gui.figures import Figure
from funjax_gui.figures import phase_plane as look
from funjax_gui.plots import CurvePlot
from funjax_gui.style import DARK, Colours, scaled
from funjax_gui.tabs.fixed_points.plane import status_text
from kernels.phase_plane import OrbitNumbersFrame, PlaneOrbitsFrame, SpectrumFrame


class OrbitPlots(QWidget):
    """Two plots, one a coordinate, then the fits of the dimensions, and the initial conditions below."""

    def __init__(self) -> None:
        super().__init__()
        self.frame: PlaneOrbitsFrame | None = None
        self.spectrum: SpectrumFrame | None = None
        self.numbers: OrbitNumbersFrame | None = None
        self.plots, self.fits = (CurvePlot(), CurvePlot()), CurvePlot()
        self.starts = QLabel()
        self.starts.setWordWrap(True)
        self.starts.setContentsMargins(12, 2, 12, 8)
        self.starts.setProperty("role", "quiet")
        self._names: tuple[str, ...] = ("x", "y")
        self._colours: Colours = DARK
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for plot in (*self.plots, self.fits):
            plot.setMinimumHeight(scaled(120))
            column.addWidget(plot, 1)
        column.addWidget(self.starts)

    def set_theme(self, colours: Colours) -> None:
        """Draw in these colours."""
        self._colours = colours
        for plot in (*self.plots, self.fits):
            plot.set_theme(colours)
        self._write()

    def begin(self, names: tuple[str, ...]) -> None:
        """Begin with a map whose coordinates have these names."""
        self._names, self.spectrum, self.numbers = names, None, None
        self._show_fits(look.fits(None))
        for plot, name in zip(self.plots, names, strict=True):
            plot.set_labels("n", name)

    def show_frame(self, frame: PlaneOrbitsFrame) -> None:
        """Show these orbits, the chosen one in front."""
        self.frame = frame
        for coordinate, (plot, name) in enumerate(zip(self.plots, self._names, strict=True)):
            plot.show_figure(look.series(frame, coordinate, name))
        self._write()

    def show_numbers(self, frame: SpectrumFrame | OrbitNumbersFrame) -> None:
        """Note the numbers of the chosen orbit, and show the lines that the dimensions are the slopes of."""
        if isinstance(frame, SpectrumFrame):
            self.spectrum = frame
        else:
            self.numbers = frame
            self._show_fits(look.fits(frame), "The orbit is not finite" if frame.box is None else "A single point:\nits dimensions are 0")

    def _show_fits(self, figure: Figure, instead: str | None = None) -> None:
        self.fits.show_figure(figure)
        self.fits.set_message(None if figure.items else instead)

    def _write(self) -> None:
        if self.frame is None:
            return
        lines = []
        for orbit, start in enumerate(self.frame.request.starts):
            shade = self._colours.shade(look.role_of(orbit))
            lines.append(f'<span style="color:{shade}">▲</span> from {status_text.where(start, 7)}')
        self.starts.setText("<br>".join(lines))
