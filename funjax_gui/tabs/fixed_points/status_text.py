"""Status texts of the explorer: numbers to their reliable digits, and sentences about a frame."""

import math
from collections.abc import Sequence

import numpy as np

from funjax_gui.figures import distances
from funjax_gui.figures import starts as starts_look
from funjax_gui.formatting import significant, subscript
from funjax_gui.plots import PLOT_KEYS
from funjax_gui.tabs.base import Status
from kernels.cycles import PeriodicOrbit
from kernels.fixed_point import Basin, Convergence, ConvergenceFrame, FixedPointFrame, Outcome
from kernels.validation import grouped

KEYS = PLOT_KEYS | {
    "Click, Enter": "choose an initial condition, or (Enter) the middle one",
    "Drag its line, there or in the cobweb": "move the initial condition; Ctrl + arrow keys in the picture",
    "Ctrl+C in the table": "copy the table as text, with all digits",
    "Esc in the table": "clear the selection",
}
"""Keys and mouse actions of the plots that are not menu actions."""

SHORT = {
    Outcome.ATTRACTED: "attracted",
    Outcome.CYCLE: "attracted to cycles",
    Outcome.DIVERGED: "diverged",
    Outcome.UNDEFINED: "undefined",
    Outcome.ON_POINT: "on non-attracting orbits",
    Outcome.UNRESOLVED: "unresolved",
}

MOST_BASINS = 40
"""Maximum number of intervals of a basin in a tip."""

MOST_POINTS = 4
"""Maximum number of points of a cycle in the table."""


def place(orbit: PeriodicOrbit, digits: int = 12) -> str:
    """The first points of an orbit to their reliable digits, at most `digits`, or 8 for a cycle."""
    more = ", …" if orbit.period > MOST_POINTS else ""
    return _points(orbit, MOST_POINTS, digits if orbit.period == 1 else 8) + more + ("" if orbit.inside else " (outside the range)")


def every_point(orbit: PeriodicOrbit) -> str:
    """All points of an orbit to all their reliable digits."""
    return _points(orbit, orbit.period, 17)


def _points(orbit: PeriodicOrbit, most: int, digits: int) -> str:
    return ", ".join(significant(x, min(digits, digits_known(x, orbit.error))) for x in orbit.points[:most])


def axis_labels(steps: int) -> tuple[str, str]:
    """Labels of the axes: initial condition, and state after `steps` steps."""
    return "x₀", f"x{subscript(steps)} (after {grouped(steps)} steps)"


def digits_known(x: float, error: float) -> int:
    """Significant digits of x that are right where it is known to within `error`; at least 1."""
    if x == 0 or error == 0:
        return 17
    return max(1, math.floor(math.log10(abs(x))) - math.floor(math.log10(2 * error))) if math.isfinite(error) else 1


def multiplier(orbit: PeriodicOrbit) -> str:
    """The multiplier to the digits that are right, eight at most; 0 where rounding cannot tell it from 0."""
    if orbit.super_attracting:
        return "0"
    return significant(orbit.multiplier, min(8, digits_known(orbit.multiplier, orbit.multiplier_error)))


def title(orbit: PeriodicOrbit) -> str:
    """Title of an orbit."""
    return "fixed point" if orbit.period == 1 else f"{orbit.period}-cycle"


def interval(basin: Basin, digits: int) -> str:
    """A basin as an interval; a square bracket marks an end of the search range, beyond which it may continue."""
    low = f"{'[' if basin.cut[0] else '('}{significant(basin.low, digits)}"
    high = f"{significant(basin.high, digits)}{']' if basin.cut[1] else ')'}"
    return f"{'all of ' if all(basin.cut) else ''}{low}, {high}"


def basins(mine: Sequence[Basin]) -> str:
    """Basin of one attractor: two intervals, the immediate ones first, and the number of further ones."""
    counted = " ∪ ".join(interval(basin, 8) for basin in _in_order(mine)[:2])
    return counted + (f" and {grouped(len(mine) - 2)} more" if len(mine) > 2 else "")


def every_basin(mine: Sequence[Basin]) -> str:
    """All intervals of the basin of one attractor, one a line, the immediate ones first; of very many the first MOST_BASINS."""
    lines = [interval(basin, 12) for basin in _in_order(mine)[:MOST_BASINS]]
    return "\n".join([*lines, *([f"and {grouped(len(mine) - MOST_BASINS)} more"] if len(mine) > MOST_BASINS else [])])


def _in_order(mine: Sequence[Basin]) -> list[Basin]:
    return sorted(mine, key=lambda basin: (not basin.immediate, basin.low - basin.high))


def status(frame: FixedPointFrame, running: bool) -> Status:
    """The status bar's sentence, facts and progress for a frame."""
    counts = [(frame.counts[outcome.label], outcome) for outcome in SHORT]
    counted = [f"{grouped(count)} {SHORT[outcome]}" for count, outcome in counts if count]
    known = f"{_several(len(frame.fixed_points), 'fixed point')}, {_several(len(frame.cycles), 'cycle')}"
    outside = sum(not orbit.inside for orbit in frame.orbits)
    known += f" ({grouped(outside)} outside the range searched)" if outside else ""
    parts = [f"{grouped(len(frame.starts))} initial conditions, {grouped(frame.request.steps)} steps: {', '.join(counted)}", known]
    if frame.search_note:
        parts.append("see the note below the table")
    return Status(
        text=" · ".join(parts) + ("" if frame.done else " · searching" if running else " · stopped"),
        facts=(frame.device, frame.precision, f"{grouped(round(1e3 * frame.seconds))} ms"),
        progress=frame.progress if running else None,
    )


def _several(count: int, what: str) -> str:
    return f"{grouped(count)} {what}{'' if count == 1 else 's'}"


def readout(frame: FixedPointFrame, index: int) -> list[str]:
    """Read-out of an initial condition: final state and outcome."""
    outcome = Outcome(int(frame.outcomes[index]))
    n, steps = int(frame.attractor[index]), int(frame.steps[index])
    lines = [
        f"x₀ = {significant(float(frame.starts[index]), 15)}",
        f"x{subscript(frame.request.steps)} = {significant(float(frame.finals[index]), 12)}",
    ]
    if n >= 0:
        orbit = frame.orbits[n]
        what = "attracted to the" if outcome in (Outcome.ATTRACTED, Outcome.CYCLE) else f"on the {starts_look.kind(orbit)}"
        lines.append(f"{what} {title(orbit)} {place(orbit)}")
    else:
        lines.append(starts_look.OUTCOME_NAMES[outcome])
    if steps >= 0:
        escaped = outcome in (Outcome.DIVERGED, Outcome.UNDEFINED)
        reached = "no longer finite" if escaped else f"within {frame.request.tolerance:g} of it"
        lines.append(f"{reached} after {grouped(steps)} steps")
    return lines


def rate(curve: Convergence) -> str:
    """Predicted and measured rate of convergence of an orbit."""
    if curve.orbit is None:
        return starts_look.OUTCOME_NAMES[curve.outcome]
    if curve.order > 1:
        seen = f", measured {curve.measured_order:.2f}" if math.isfinite(curve.measured_order) else ""
        return f"super-attracting, order {'2' if curve.order == 2 else '3 or more'}{seen}"
    turn = "" if curve.orbit.period == 1 else f" in {curve.orbit.period} steps"
    return f"rate {curve.predicted:.4g}{turn}" + (f", measured {curve.measured:.4g}" if math.isfinite(curve.measured) else "")


def trouble(frame: FixedPointFrame, heights: tuple[float, float]) -> str:
    """Message of an empty plot with these vertical limits: the reason and a remedy; empty if there is something to see."""
    count, outcomes = grouped(len(frame.starts)), frame.outcomes
    if not frame.done or not len(outcomes):
        return ""
    if (outcomes == Outcome.DIVERGED).all():
        near = next((orbit for orbit in frame.orbits if orbit.stability == "attracting"), None)
        if near is not None:
            name = f"{title(near)} {place(near)}"
            return f"All {count} initial conditions diverge. Those near the {name} do not: press Home, or zoom out."
        return f"All {count} initial conditions diverge, and no attractor was found. Change the parameters or the initial conditions."
    if (outcomes == Outcome.UNDEFINED).all():
        return f"From all {count} initial conditions the orbit leaves the domain of the map. Choose others within it."
    finite = frame.finals[np.isfinite(frame.finals)]
    if len(finite) == len(outcomes) and not ((finite >= heights[0]) & (finite <= heights[1])).any():
        return "The final states lie outside this view. Press Home, or zoom out vertically (Ctrl + wheel)."
    return ""


def unsettled(frame: FixedPointFrame) -> str:
    """Message if no orbit has converged; empty if one has."""
    settled = (frame.outcomes != Outcome.UNRESOLVED) & (frame.outcomes != Outcome.ON_POINT)
    if not frame.done or settled.any() or not (frame.outcomes == Outcome.UNRESOLVED).any():
        return ""
    count, steps = grouped(len(frame.starts)), grouped(frame.request.steps)
    return f"None of {count} orbits converges within {steps} steps. Increase the steps; chaotic orbits never converge."


def nothing_found(frame: FixedPointFrame) -> str:
    """Message if there is no periodic orbit; empty if there is one."""
    if frame.orbits or not frame.done:
        return ""
    low, high = (significant(limit, 6) for limit in frame.request.searched)
    periods = f"no cycle of up to {frame.request.max_period} points"
    return f"No fixed point and {periods} lies between {low} and {high}. Widen the range of initial conditions, or change the parameters."


def no_way(frame: ConvergenceFrame) -> str:
    """Message of an empty convergence plot; empty if there is a curve."""
    if any(np.isfinite(distances(curve)).any() for curve in frame.curves):
        return ""
    if frame.curves[0].orbit is None:
        return "This orbit has no attractor, so there is no distance to plot. Choose an initial condition in a shaded basin."
    return "This orbit starts on its attractor. Choose another initial condition to see convergence."
