"""What's This help of the plots, and descriptions of their content for screen readers."""

from funjax_gui.figures import orbits as orbit_look
from funjax_gui.figures import starts as starts_look
from funjax_gui.formatting import significant
from funjax_gui.formulas import find_map
from funjax_gui.tabs.fixed_points import status_text
from kernels.fixed_point import ConvergenceFrame, FixedPointFrame
from kernels.single_orbit import CobwebFrame

EXPLAINED = {
    "picture": (
        "States after n steps against initial conditions",
        "Horizontal: an orbit’s initial condition x₀; vertical: its state after the last step. A disc was attracted to a fixed point, a "
        "square to a cycle, each in its attractor’s colour; a triangle at the edge diverged, a plus left the map’s domain, a cross is "
        "unresolved: more steps may resolve it.\nShaded bands are basins, a pattern each; in the table a square bracket marks an end "
        "beyond which the basin is not known. Fixed points lie on the diagonal: a large disc attracts, a ring repels, a diamond is "
        "neutral.\nA click, or Enter, chooses an initial condition, whose line can be dragged; the wheel zooms, with Shift along x₀ only.",
    ),
    "cobweb": (
        "Cobweb of the chosen initial condition",
        "Horizontal: a state x; vertical: the next state. The curve is the map, or its iterate fⁿ; on the thin diagonal "
        "x is unchanged. The coloured steps go from the diagonal to the curve and across to the diagonal again, one step of the "
        "orbit each (the last hundred of a long orbit). Where curve and diagonal meet is a fixed point: a disc attracts, a ring repels, a "
        "diamond is neutral. Drag the triangle at the axis to move x₀.",
    ),
    "branches": (
        "Branches of cycles against a parameter",
        "Horizontal: a parameter of the map, over the range of its slider; vertical: the states of fixed points and cycles up to period 8, "
        "solid where they attract and dashed where they repel. The upright line is the present value; drag in the plot to move it. When "
        "another parameter’s slider is dragged, the branches are those against it.",
    ),
    "time-series": (
        "Time series of the chosen initial condition",
        "Horizontal: the step number; vertical: the state x. The large dot is the current step. Dashed lines are the points "
        "of the orbit that is selected in the table.",
    ),
    "convergence": (
        "Distance from the attractor",
        "Horizontal: the step number; vertical: the distance from the point of the attractor that is in phase, on a logarithmic scale. A "
        "straight line falls by the same factor at each step; the dashed grey one is predicted by the multiplier, and a curve that "
        "bends down converges faster than linearly. It ends where rounding errors dominate. Each initial condition that was kept has a "
        "line with its own dashes; one without an attractor has none.",
    ),
}
"""Title and help text of each plot, by its object name."""

NOTHING = "Not computed yet."
MOST_ORBITS = 4
"""Maximum number of orbits in a description."""


def descriptions(
    frame: FixedPointFrame | None, orbit: CobwebFrame | None, at_step: int, convergence: ConvergenceFrame | None
) -> dict[str, str]:
    """Accessible description of each plot, by object name; a frame is None if not computed yet. `at_step`: step of the player."""
    return {
        "picture": _starts(frame) if frame else NOTHING,
        **(_orbit(orbit, at_step) if orbit else {"cobweb": NOTHING, "time-series": NOTHING}),
        "convergence": _ways(convergence) if convergence else NOTHING,
    }


def _starts(frame: FixedPointFrame) -> str:
    request, shown = frame.request, find_map(frame.request.map)
    values = "".join(f", {name} = {significant(value, 6)}" for name, value in request.parameters)
    low, high = (significant(float(limit), 8) for limit in request.x)
    orbits = [
        f"{status_text.title(orbit)} {status_text.place(orbit)}, {starts_look.kind(orbit)}"
        + (f", basin {status_text.basins(mine)}" if (mine := [basin for basin in frame.basins if basin.orbit == n]) else "")
        for n, orbit in enumerate(frame.orbits[:MOST_ORBITS])
    ]
    more = len(frame.orbits) - MOST_ORBITS
    found = "; ".join(orbits) + (f"; and {more} more" if more > 0 else "") if orbits else "no fixed point and no cycle"
    summary = status_text.status(frame, False).text
    return f"x → {shown.formula}{values}. Initial conditions from {low} to {high}. {summary}. Found: {found}."


def _orbit(frame: CobwebFrame, at: int) -> dict[str, str]:
    first, last = significant(frame.request.start, 7), significant(float(frame.series[at]), 7)
    power = "" if frame.request.power == 1 else f", under {orbit_look.iterate(frame.request.power)}"
    summary = f"From x₀ = {first}{power}: after {at} of {frame.seen} steps x = {last}."
    states = ", ".join(significant(float(x), 4) for x in frame.series[: min(at + 1, 6)])
    return {"cobweb": summary, "time-series": f"{summary} It begins {states}."}


def _ways(frame: ConvergenceFrame) -> str:
    return " ".join(f"x₀ = {significant(curve.start, 7)}: {status_text.rate(curve)}." for curve in frame.curves[:MOST_ORBITS])
