"""Status, read-out and help texts of the plane of two parameters."""

import numpy as np
from numpy.typing import NDArray

from funjax_gui.formatting import minus_sign, significant, to_spacing
from funjax_gui.formulas import find_map
from funjax_gui.plots import PLOT_KEYS
from funjax_gui.tabs.base import Status
from funjax_gui.tabs.bifurcation.parameter_plane.requests import Point, symbols
from kernels.geometry import Grid
from kernels.two_parameters import DIVERGED, UNDEFINED, UNRESOLVED, TwoParametersFrame, TwoParametersRequest
from kernels.validation import grouped

KEYS = PLOT_KEYS | {
    "Click, Enter": "pin the point under the cursor, or (Enter) the middle one",
    "Ctrl + drag": "draw a line across the plane; the bifurcation diagram along it opens",
    "Drag the cross, Ctrl + arrow keys": "move the pinned point; the plots beside the picture follow",
}
"""Keys and mouse actions of the plots that are not menu actions."""

EXPLAINED = {
    "parameter-plane": (
        "Plane of two parameters",
        "Horizontal and vertical: two parameters of the map. At each pixel the map is iterated from the same initial condition, and the "
        "transient is discarded. The colour is the largest Lyapunov exponent, blue where it is negative and a cycle attracts, orange "
        "where it is positive and there is chaos, or the period of the cycle, or the number of attractors that several starts come to. "
        "What is unresolved, diverged or undefined has a colour of its own.\nDrag to pan, turn the wheel to "
        "zoom, drag a box with the right button; click, or press Enter, to pin a point. Ctrl and a drag open the diagram along a line.",
    ),
    "point-cobweb": (
        "Cobweb of the pinned point",
        "Horizontal: a state x; vertical: the next state, at the pinned parameters. Of a map of the plane the last states are drawn "
        "instead, in the phase plane.",
    ),
    "point-series": (
        "Time series of the pinned point",
        "Horizontal: the step number, from the start on and including the transient; vertical: the state.",
    ),
    "point-density": (
        "Density of the pinned point",
        "Horizontal: the state; vertical: the density of the orbit after the transient.",
    ),
}
"""Title and help text of each plot, by its object name."""


def place(grid: Grid, request: TwoParametersRequest, point: Point) -> str:
    """A point as text, with the digits that tell neighbouring pixels apart."""
    view = grid.viewport
    spacings = 2 * view.half_width / grid.columns, 2 * view.half_height / grid.rows
    values = [to_spacing(value, spacing) for value, spacing in zip(point, spacings, strict=True)]
    return ", ".join(f"{symbol} = {value}" for symbol, value in zip(symbols(request), values, strict=True))


def sentence(frame: TwoParametersFrame, running: bool, finished: bool) -> Status:
    """The status bar's sentence, facts and progress for a frame."""
    request = frame.request
    starts = f", {request.starts} starts" if request.starts > 1 else ""
    parts = [f"{grouped(frame.period.size)} pixels{starts}, {grouped(request.transient)} + {grouped(request.samples)} steps"]
    parts.append("refining" if running else "done" if finished else "stopped")
    parts += census(frame)
    facts = (frame.device, frame.precision, f"{grouped(round(1e3 * frame.seconds))} ms")
    return Status(" · ".join(parts), facts, frame.progress if running else None)


def census(frame: TwoParametersFrame) -> list[str]:
    """Shares of the picture by what orbits come to."""
    size = frame.period.size
    if frame.attractors is not None:
        return _census_of_attractors(frame.attractors)
    masks = {
        "on cycles": frame.period > 0,
        "chaotic": frame.chaotic,
        "quasiperiodic or unsettled": frame.unresolved,
        "diverged": frame.period == DIVERGED,
        "undefined": frame.period == UNDEFINED,
    }
    return [f"{100 * np.count_nonzero(mask) / size:.3g} % {name}" for name, mask in masks.items() if mask.any()]


def _census_of_attractors(numbers: NDArray[np.int32]) -> list[str]:
    """Shares of the picture by how many attractors are seen."""
    counts = {number: np.count_nonzero(numbers == number) for number in range(UNDEFINED, int(numbers.max(initial=0)) + 1)}
    names = {DIVERGED: "diverged", UNDEFINED: "undefined", UNRESOLVED: "unresolved", 1: "one attractor"}
    order = sorted((number for number, count in counts.items() if count), key=lambda number: (number < 1, number))
    return [f"{100 * counts[n] / numbers.size:.3g} % {names.get(n, f'{n} attractors')}" for n in order]


def formula(request: TwoParametersRequest) -> str:
    """The map, its other parameters and the initial condition in one line."""
    chosen = find_map(request.map)
    held = [f"{chosen.parameter(name).symbol} = {value:.12g}" for name, value in request.parameters]
    start = [f"{name}₀ = {value:.12g}" for name, value in zip(chosen.coordinates, request.origin, strict=True)]
    forced = [f"{chosen.parameter(request.sweep).symbol} forced {request.sequence}"] if request.sequence else []
    return minus_sign(",   ".join([chosen.mapping, *forced, *held, *start]))


def description(request: TwoParametersRequest, frame: TwoParametersFrame | None) -> str:
    """Accessible description of the picture."""
    chosen, view = find_map(request.map), request.grid.viewport
    limits = [
        f"{symbol} from {significant(float(low))} to {significant(float(high))}"
        for symbol, (low, high) in zip(symbols(request), (view.x_limits, view.y_limits), strict=True)
    ]
    seen = f", seen from {request.starts} starts each" if request.starts > 1 else ""
    found = "Not computed yet." if frame is None else f"Of all pixels{seen}: {', '.join(census(frame))}."
    return f"{chosen.title} map, {chosen.mapping}: {', '.join(limits)}. {found}"
