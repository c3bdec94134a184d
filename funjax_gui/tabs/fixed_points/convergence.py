"""How the chosen start and the pinned ones come to their attractors, step by step, on a logarithmic axis."""

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from funjax_gui.figures import ORBIT_DASHES, ORBIT_ROLES, distances, heights, longest, prediction
from funjax_gui.formatting import significant
from funjax_gui.plots import Curve, CurvePlot
from funjax_gui.style import DARK, Colours, scaled
from funjax_gui.tabs.fixed_points import status_text
from kernels.fixed_point import Convergence, ConvergenceFrame

DASH_GLYPHS = ("──", "─ ─", "┄┄", "─·─", "━ ━")
MOST_SAID = 4

MOST_DOTS = 150
"""Steps of which each has a dot."""


class ConvergenceView:
    """The plot, and a line on each orbit's rate to go below it: widgets that the tab puts where they belong."""

    def __init__(self) -> None:
        self.frame: ConvergenceFrame | None = None
        self._colours: Colours = DARK
        self.plot = CurvePlot()
        self.plot.set_logarithmic()
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
        self._say()

    def show_frame(self, frame: ConvergenceFrame) -> None:
        """Show these orbits' ways, the chosen start's in front."""
        self.frame = frame
        curves: list[Curve] = []
        end = longest(frame)
        for index in range(len(frame.curves) - 1, -1, -1):
            curve = frame.curves[index]
            role, dash = ORBIT_ROLES[index % len(ORBIT_ROLES)], ORBIT_DASHES[index % len(ORBIT_DASHES)]
            errors = distances(curve)
            steps = np.arange(len(errors), dtype=np.float64)
            if index == 0:
                curves += _prediction(curve)
            curves.append(Curve(steps, errors, role=role, width=1.2, dots=4.0 if index == 0 and end < MOST_DOTS else 0.0, dash=dash))
        self.plot.show_curves("distance from the attractor", curves, (0.0, float(end)), heights(frame))
        self.plot.set_message(status_text.no_way(frame))
        self._say()

    def _say(self) -> None:
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


def _prediction(curve: Convergence) -> list[Curve]:
    line = prediction(curve)
    return [] if line is None else [Curve(np.arange(len(line), dtype=np.float64), line, role="muted", dash="dash")]
