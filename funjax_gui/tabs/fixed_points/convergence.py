"""Convergence plot: distance from the attractor against the step, for the chosen and the kept initial conditions."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from funjax_gui.figures import ORBIT_DASHES, ORBIT_ROLES, orbits
from funjax_gui.formatting import significant
from funjax_gui.plots import CurvePlot
from funjax_gui.style import DARK, Colours, scaled
from funjax_gui.tabs.fixed_points import status_text
from kernels.fixed_point import ConvergenceFrame

DASH_GLYPHS = ("──", "─ ─", "┄┄", "─·─", "━ ━")
MOST_SAID = 4


class ConvergenceView:
    """The plot, and the rates of convergence as text below it; the tab lays out these widgets."""

    def __init__(self) -> None:
        self.frame: ConvergenceFrame | None = None
        self._colours: Colours = DARK
        self.plot = CurvePlot()
        self.plot.set_labels("n", "")
        self.plot.setMinimumHeight(scaled(100))
        self.rates = QLabel()
        self.rates.setTextFormat(Qt.TextFormat.RichText)
        self.rates.setWordWrap(True)
        self.rates.setContentsMargins(12, 2, 12, 8)
        self.rates.setProperty("role", "quiet")

    def set_theme(self, colours: Colours) -> None:
        """Draw in these colours."""
        self._colours = colours
        self.plot.set_theme(colours)
        self._show_rates()

    def show_frame(self, frame: ConvergenceFrame) -> None:
        """Show the distances of these orbits, that of the chosen initial condition in front."""
        self.frame = frame
        self.plot.show_figure(orbits.convergence(frame))
        self.plot.set_message(status_text.no_way(frame))
        self._show_rates()

    def _show_rates(self) -> None:
        if self.frame is None:
            return
        lines = []
        for index, curve in enumerate(self.frame.curves[:MOST_SAID]):
            shade = getattr(self._colours, ORBIT_ROLES[index % len(ORBIT_ROLES)])
            glyph = "●" if index == 0 else DASH_GLYPHS[index % len(ORBIT_DASHES)]
            lines.append(f'<span style="color:{shade}">{glyph}</span> x₀ = {significant(curve.start, 7)}: {status_text.rate(curve)}')
        if len(self.frame.curves) > MOST_SAID:
            lines.append(f"and {len(self.frame.curves) - MOST_SAID} more")
        self.rates.setText("<br>".join(lines))
