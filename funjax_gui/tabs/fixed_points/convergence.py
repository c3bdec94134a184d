"""How the chosen start and the pinned ones come to their attractors, step by step, on a logarithmic axis."""

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from funjax_gui.plots import Curve, CurvePlot
from funjax_gui.tabs.fixed_points import words
from funjax_gui.theme import DARK, Colours
from kernels.convergence import Convergence, ConvergenceFrame

ROLES = ("accent", "accent2", "good", "text", "bad", "muted")
DASHES = ("solid", "dash", "dot", "dash-dot", "long")
DASH_GLYPHS = ("──", "─ ─", "┄┄", "─·─", "━ ━")
MOST_SAID = 4

FLOOR = 1e-17
"""Distances below this are none: a float has no smaller ones beside it, unless it is near zero."""

SHORTEST = 10

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
        self.plot.setMinimumHeight(100)
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
        longest = SHORTEST
        for index in range(len(frame.curves) - 1, -1, -1):
            curve = frame.curves[index]
            role, dash = ROLES[index % len(ROLES)], DASHES[index % len(DASHES)]
            errors = np.where(np.isfinite(curve.errors) & (curve.errors > FLOOR), curve.errors, np.nan)
            seen = np.flatnonzero(np.isfinite(errors))
            longest = max(longest, _end(errors) if len(seen) else 0)
            steps = np.arange(len(errors), dtype=np.float64)
            if index == 0:
                curves += _prediction(curve)
            curves.append(Curve(steps, errors, role=role, width=1.2, dots=4.0 if index == 0 and longest < MOST_DOTS else 0.0, dash=dash))
        self.plot.show_curves("distance from the attractor", curves, (0.0, float(longest)), _heights(frame))
        self._say()

    def _say(self) -> None:
        if self.frame is None:
            return
        lines = []
        for index, curve in enumerate(self.frame.curves[:MOST_SAID]):
            shade = getattr(self._colours, ROLES[index % len(ROLES)])
            glyph = "●" if index == 0 else DASH_GLYPHS[index % len(DASHES)]
            lines.append(f'<span style="color:{shade}">{glyph}</span> x₀ = {words.number(curve.start, 7)}: {words.rate(curve)}')
        if len(self.frame.curves) > MOST_SAID:
            lines.append(f"and {len(self.frame.curves) - MOST_SAID} more")
        self.rates.setText("<br>".join(lines))


def _end(errors: np.ndarray) -> int:
    """The step after which the distance is rounding only, and a few more."""
    large = np.flatnonzero(errors > 1e-14)
    return min(len(errors) - 1, int(1.1 * large[-1]) + 3) if len(large) else 0


def _heights(frame: ConvergenceFrame) -> tuple[float, float]:
    """A range with room for all distances, whole decades."""
    found = np.concatenate([curve.errors for curve in frame.curves])
    found = found[np.isfinite(found) & (found > FLOOR)]
    if not len(found):
        return 1e-16, 1.0
    low, high = float(found.min()), min(float(found.max()), 1e6)
    return 10.0 ** np.floor(np.log10(min(low, high / 10))), 10.0 ** np.ceil(np.log10(high))


def _prediction(curve: Convergence) -> list[Curve]:
    """The straight line of the predicted rate, through the middle of what has converged; none where the rate is no number or zero."""
    orbit = curve.orbit
    if orbit is None or curve.order > 1 or not 0 < curve.predicted < 10:
        return []
    clean = np.flatnonzero((curve.errors > 1e-12) & (curve.errors < 1e-2))
    if not len(clean):
        return []
    anchor = int(clean[len(clean) // 2])
    n = np.arange(len(curve.errors), dtype=np.float64)
    with np.errstate(over="ignore", under="ignore"):
        line = curve.errors[anchor] * curve.predicted ** ((n - anchor) / orbit.period)
    return [Curve(n, np.where(line < 1e3, line, np.nan), role="muted", dash="dash")]
