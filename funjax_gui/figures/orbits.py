"""Figures of single orbits: cobwebs, time series, densities, and distances from an attractor."""

from collections.abc import Sequence

import numpy as np

from funjax_gui.figures import starts
from funjax_gui.figures.figure import Figure, Values, against_steps, fitted, logarithms, points
from funjax_gui.figures.items import Histogram, Item, Marks, Polyline
from funjax_gui.formatting import minus_sign, significant, subscript, superscript
from funjax_gui.style import Colours
from kernels.bifurcation import DIVERGED, UNDEFINED
from kernels.catalog import find_map
from kernels.cycles import PeriodicOrbit
from kernels.fixed_point import Convergence, ConvergenceFrame
from kernels.geometry import Viewport
from kernels.single_orbit import CobwebFrame, ColumnFrame

LATEST = 100
"""Number of states in a cobweb, the last ones; more of a chaotic orbit would fill the plot."""

FAR = 100.0
"""Largest distance of a drawn state, in ranges: QPainter clips incorrectly for coordinates far outside the viewport."""

ORBIT_ROLES = ("accent", "accent2", "good", "text", "bad", "muted")
ORBIT_DASHES = ("solid", "dash", "dot", "dash-dot", "long")

FLOOR = 1e-17
"""Smallest distance that is shown, about the spacing of floats."""

SHORTEST = 10
"""Smallest number of steps on the axis of a convergence plot."""

SHORTEST_SERIES = 12
"""Smallest number of steps on the axis of a time series."""

MOST_LARGE = 8
"""Largest period of a cycle with large marks on the diagonal."""

MOST_DOTS = 150
"""Maximum number of steps with a dot each."""


def iterate(power: int) -> str:
    """Symbol of an iterate, such as f²."""
    return "f" if power == 1 else f"f{superscript(power)}"


def cobweb(
    frame: CobwebFrame, at: int, orbits: Sequence[PeriodicOrbit], colours: Colours, selected: int | None = None, handle: bool = False
) -> Figure:
    """Cobweb of an iterate: its graph, the diagonal, the orbit up to step `at`, and its fixed points.

    `selected`: index into `orbits`. `handle`: mark the initial condition at the axis, where the mouse can drag it.
    """
    low, high = frame.request.states
    states = near(frame.series[: at + 1], low, high)
    start, last, power = frame.request.start, float(states[-1]), frame.request.power
    fixed = [n for n, orbit in enumerate(orbits) if power % orbit.period == 0][: starts.MOST_MARKED]
    items = _cobweb_items(low, high, points(frame.x, frame.y), states[-LATEST:])
    items += [starts.orbit_marks(n, orbits, colours) for n in fixed]
    items += [starts.selected_marks(orbits[n]) for n in (selected,) if n is not None and n < len(orbits)]
    items.append(Polyline(np.array([[start, low], [start, start]]), "accent", 1.0, "dash"))
    items += [Marks(np.array([[start, low]]), "triangle", "accent", 13.0)] if handle else []
    items.append(Marks(np.array([[last, last]]), "circle", "accent", 7.0))
    title = f"Cobweb of {iterate(power)}: x{subscript(at)} = {significant(float(frame.series[at]), 7)}"
    return Figure(items, (low, high), (low, high), title, "x", has_equal_scale=True)


def column_cobweb(frame: ColumnFrame, where: str) -> Figure:
    """Cobweb of a column of the diagram, named by `where`: after the transient, or from x₀ if the orbit does not stay finite."""
    low, high = frame.states
    stays = frame.period >= 0 and not frame.has_left
    states = frame.cobweb if stays else frame.series
    items = _cobweb_items(low, high, points(*frame.curve), states[np.isfinite(states)])
    if frame.period > 0:
        cycle = states[: frame.period]
        items.append(Marks(points(cycle, cycle), "circle", "accent", 7.0 if frame.period <= MOST_LARGE else 4.0))
    when = ", after the transient" if stays else f", from {_start(frame)}"
    return Figure(items, (low, high), (low, high), f"{where}{when}", _unit(frame), has_equal_scale=True)


def _start(frame: ColumnFrame) -> str:
    """The initial condition in a title."""
    return "x₀" if frame.request.below is None else "the critical point"


def _unit(frame: ColumnFrame) -> str:
    """The axis of the states; of a return map with its unit."""
    if not frame.unit:
        return "x"
    return minus_sign(f"u = (x {'+' if frame.origin < 0 else '-'} {abs(frame.origin):.4g}) / {frame.unit:.2g}")


def column_plane(frame: ColumnFrame, states: Values, view: Viewport, where: str) -> Figure:
    """The last states (2, n) of a column of a map of the plane, named by `where`, in the phase plane."""
    size = 2.0 if frame.period <= 0 else 7.0 if frame.period <= MOST_LARGE else 4.0
    (left, right), (bottom, top) = (tuple(map(float, limits)) for limits in (view.x_limits, view.y_limits))
    marks = Marks(states.T, "circle", "accent", size, halo=frame.period > 0)
    x, y = find_map(frame.request.map).coordinates
    return Figure([marks], (left, right), (bottom, top), f"{where}, phase plane", x, y)


def _cobweb_items(low: float, high: float, graph: Values, states: Values) -> list[Item]:
    """Items of a cobweb: diagonal, steps and graph.

    The steps go from (x_0, x_0) up to the graph at (x_0, x_1), across to (x_1, x_1), and so on.
    """
    corners = np.repeat(states, 2)
    return [
        Polyline(np.array([[low, low], [high, high]]), "muted", 1.0),
        Polyline(points(corners[:-1], corners[1:]), "accent", 1.2),
        Polyline(graph, "text", 1.3),
    ]


def time_series(frame: CobwebFrame, at: int, selected: PeriodicOrbit | None) -> Figure:
    """Time series up to step `at`, with the points of a selected orbit."""
    low, high = frame.request.states
    states = near(frame.series[: at + 1], low, high)
    last = float(max(SHORTEST_SERIES, frame.seen))
    places, pad = against_steps(states), 0.04 * (high - low)
    line = _dotted(places, 4.0 if last < 120 else 2.5)
    items = [*line, *(starts.levels(selected) if selected else ()), Marks(places[-1:], "circle", "accent", 8.0)]
    return Figure(items, (0.0, 1.02 * last), (low - pad, high + pad), "Time series", "n")


def column_series(frame: ColumnFrame) -> Figure:
    """Time series from x₀, as far as it stays near the interval of states; an escaping orbit would flatten the rest."""
    low, high = frame.states
    room = high - low
    states = np.where((frame.series > low - room) & (frame.series < high + room), frame.series, np.nan)
    ends = {DIVERGED: ", diverging", UNDEFINED: ", until undefined"}
    of, start = (f" of {frame.request.observe}", " from the start") if frame.request.observe else ("", f" from {_start(frame)}")
    title = f"Time series{of}{', until it leaves the return map’s interval' if frame.has_left else ends.get(frame.period, start)}"
    return Figure(_dotted(against_steps(states), 4.0), (0.0, float(len(states) - 1)), fitted([states]), title, "n")


def column_density(frame: ColumnFrame) -> Figure:
    """Density of an orbit over the interval of states."""
    inside = int(frame.density.sum())
    share = frame.density / (frame.samples * np.diff(frame.edges))
    name = frame.coordinate
    title = f"Density of {name}" if inside == frame.samples else f"Density of {name}, {1 - inside / frame.samples:.0%} outside"
    top = max(1e-9, float(share.max()) * 1.05)
    return Figure([Histogram(frame.edges, share)], frame.states, (0.0, top), title, name)


def _dotted(places: Values, size: float) -> list[Item]:
    """Items of a thin line with a dot at each point."""
    return [Polyline(places, "accent2", 1.0), Marks(places, "circle", "accent2", size, halo=False)]


def convergence(frame: ConvergenceFrame) -> Figure:
    """Distance of each orbit from its attractor against the step, with the rate predicted by the multiplier for the first one."""
    end = longest(frame)
    items: list[Item] = []
    for index, curve in reversed(list(enumerate(frame.curves))):
        role, dash = ORBIT_ROLES[index % len(ORBIT_ROLES)], ORBIT_DASHES[index % len(ORBIT_DASHES)]
        line = prediction(curve) if index == 0 else None
        if line is not None:
            items.append(Polyline(against_steps(logarithms(line))[: end + 1], "muted", 1.0, "dash"))
        places = against_steps(logarithms(distances(curve)))[: end + 1]
        items.append(Polyline(places, role, 1.2, dash))
        if index == 0 and end < MOST_DOTS:
            items.append(Marks(places, "circle", role, 4.0, halo=False))
    low, high = np.log10(heights(frame)).tolist()
    return Figure(items, (0.0, float(end)), (low, high), "Distance from the attractor", "n", logarithmic_y=True)


def near(states: Values, low: float, high: float) -> Values:
    """The states, with those far outside the range clipped."""
    room = FAR * (high - low)
    return np.clip(np.nan_to_num(states, nan=low - room), low - room, high + room)


def distances(curve: Convergence) -> Values:
    """Distances from the attractor, NaN where there is none to show. Shape (n + 1,)."""
    return np.where(np.isfinite(curve.errors) & (curve.errors > FLOOR), curve.errors, np.nan)


def longest(frame: ConvergenceFrame) -> int:
    """Last step on the axis of a plot of all distances."""
    return max([SHORTEST, *(_end(distances(curve)) for curve in frame.curves)])


def _end(errors: Values) -> int:
    """The step after which the distance is dominated by rounding, plus a few."""
    large = np.flatnonzero(errors > 1e-14)
    return min(len(errors) - 1, int(1.1 * large[-1]) + 3) if len(large) else 0


def heights(frame: ConvergenceFrame) -> tuple[float, float]:
    """Range of whole decades that contains all distances."""
    found = np.concatenate([curve.errors for curve in frame.curves])
    found = found[np.isfinite(found) & (found > FLOOR)]
    if not len(found):
        return 1e-16, 1.0
    low, high = float(found.min()), min(float(found.max()), 1e6)
    return 10.0 ** np.floor(np.log10(min(low, high / 10))), 10.0 ** np.ceil(np.log10(high))


def prediction(curve: Convergence) -> Values | None:
    """Line of the predicted rate through the middle of the converging part; None if the rate is NaN or zero.

    Shape (n + 1,), NaN where it is too large to be shown.
    """
    if curve.orbit is None or curve.order > 1 or not 0 < curve.predicted < 10:
        return None
    clean = np.flatnonzero((curve.errors > 1e-12) & (curve.errors < 1e-2))
    if not len(clean):
        return None
    anchor = int(clean[len(clean) // 2])
    n = np.arange(len(curve.errors), dtype=np.float64)
    with np.errstate(over="ignore", under="ignore"):
        line = curve.errors[anchor] * curve.predicted ** ((n - anchor) / curve.orbit.period)
    return np.where(line < 1e3, line, np.nan)
