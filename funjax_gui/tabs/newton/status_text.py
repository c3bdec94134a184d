"""Status texts of the Newton tab: sentences about a run or a picture."""

from typing import Any

import numpy as np

from funjax_gui.figures import contour_spacing
from funjax_gui.figures import newton_basins as basins
from funjax_gui.formatting import decimal_places, significant
from funjax_gui.plots import PLOT_KEYS
from funjax_gui.tabs.base import Status
from funjax_gui.tabs.newton.equations import equation_status
from kernels.equations import EquationFrame
from kernels.geometry import Grid
from kernels.newton import UNRESOLVED, Levels, LineFrame, NewtonBasinFrame, NewtonFrame, SurfaceFrame
from kernels.objectives import DEGENERATE
from kernels.validation import grouped

KEYS = PLOT_KEYS | {
    "Drag the ring, Ctrl + arrow keys": "move the initial point of all methods",
    "Click, Enter": "move the initial point there, or (Enter) to the centre",
    "Space": "play and pause",
    ". and ,": "one step forward, one back",
    "Space on a method’s line": "show this method in detail",
    "Ctrl+C in the table": "copy the iterates with all digits",
}
"""Keys and mouse actions of the plots that are not menu actions."""


def start_at(grid: Grid, u: float, v: float) -> tuple[float, float]:
    """The point at window coordinates (u, v), rounded to the size of a pixel."""
    view = grid.viewport
    x = round(view.x_at(u), decimal_places(2 * view.half_width / grid.columns))
    y = round(view.y_at(v), decimal_places(2 * view.half_height / grid.rows))
    return float(x) + 0.0, float(y) + 0.0


def method_status(run: NewtonFrame | EquationFrame, at: int) -> str:
    """Status of a run at step `at`: its sentence at the end, else the iterate."""
    if isinstance(run, EquationFrame):
        return equation_status(run, at)
    if at >= run.steps:
        return run.sentence
    text = f"Step {at} of {run.steps}: f = {significant(run.values[at])}, |g| = {significant(run.gradient_norms[at], 4)}"
    note = run.notes[at] if at < len(run.notes) else ""
    heading = run.headings[at] if at < len(run.headings) else None
    if run.request.method == "gradient" or heading is None:
        return f"{text}; next: {note}" if note else text
    heading = "degenerate point" if heading == DEGENERATE else heading
    return f"{text}; the model’s point is a {heading}" + (f"; next: {note}" if note else "")


def levels(found: Levels, uphill: bool) -> str:
    """Description of the contour lines."""
    return f"lines {contour_spacing(found, uphill)}"


def surface_status(frame: SurfaceFrame, running: bool) -> Status:
    """The status bar's sentence and facts for a surface."""
    rows, columns = frame.values.shape
    parts = [f"surface, {grouped(columns)} × {grouped(rows)}", levels(frame.levels, frame.request.uphill)]
    if frame.request.rest:
        parts.append(f"slice of {grouped(2 + len(frame.request.rest))} variables through the initial point")
    parts.append("refining" if running else "done" if frame.done else "stopped")
    facts = (frame.device, "float64", f"{grouped(round(1e3 * frame.seconds))} ms")
    return Status(" · ".join(parts), facts, 0.3 if running else None)


def trouble(frame: Any) -> str:
    """Message of an empty picture: the reason and a remedy; empty if there is something to see."""
    if isinstance(frame, NewtonBasinFrame):
        return _no_basins(frame) if frame.done else ""
    if not isinstance(frame, SurfaceFrame | LineFrame) or not frame.done:
        return ""
    finite = frame.values[np.isfinite(frame.values)]
    if not finite.size:
        return "f is not finite anywhere in this view. Move the view, or press Home for the whole picture."
    if finite.size == frame.values.size and finite.min() == finite.max():
        value = significant(float(finite[0]))
        return f"f is {value} everywhere in this view. Zoom out, or choose another function."
    return ""


def _no_basins(frame: NewtonBasinFrame) -> str:
    if (frame.labels >= 0).any():
        return ""
    counts = {text: int(np.count_nonzero(frame.labels == label)) for label, text in basins.OUTCOMES.items()}
    more = "Allow more steps, or press" if counts[basins.OUTCOMES[UNRESOLVED]] else "Choose another function, or press"
    text = ", ".join(f"{count / frame.labels.size:.0%} {text}" for text, count in counts.items() if count)
    return f"No initial point in this view converges to a stationary point: {text}. {more} Home for the whole picture."
