"""Requests of the plane of two parameters: first views, changes of map and sweep, and the orbit of a pinned point."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

from funjax_gui.formatting import decimal_places
from funjax_gui.formulas import find_map
from kernels.geometry import Grid, Viewport, decimal
from kernels.maps import Map
from kernels.parameters import Line
from kernels.single_orbit import ColumnRequest
from kernels.two_parameters import TwoParametersFrame, TwoParametersRequest

STEPS = 500
"""Usual length of the transient, and usual number of samples."""

STARTS = 6
"""Usual number of initial conditions from which attractors are counted."""

SEQUENCE = "AB"
"""The word that forces a parameter at first."""

Point = tuple[float, float]
Pairs = tuple[tuple[str, float], ...]


def usual_range(chosen: Map, name: str) -> tuple[Decimal, Decimal]:
    """The range of a parameter in a first view: that of the diagram for the one that is swept there, else its usual one."""
    about = chosen.parameter(name)
    return chosen.view.x_limits if name == chosen.sweep else (decimal(about.low), decimal(about.high))


def home(chosen: Map, sweep: str, and_sweep: str) -> Viewport:
    """The view of the usual ranges."""
    return Viewport.from_limits(*usual_range(chosen, sweep), *usual_range(chosen, and_sweep))


def with_line(view: Viewport, line: Line) -> Viewport:
    """The view, widened to show both ends of a line."""
    limits = zip((view.x_limits, view.y_limits), zip(*line, strict=True), strict=True)
    across, up = ((min(low, *map(decimal, ends)), max(high, *map(decimal, ends))) for (low, high), ends in limits)
    return Viewport.from_limits(*across, *up)


def rounded(line: Line, grid: Grid) -> Line:
    """The line with its ends to the digits that tell neighbouring pixels apart."""
    view = grid.viewport
    places = decimal_places(2 * view.half_width / grid.columns), decimal_places(2 * view.half_height / grid.rows)
    return tuple((round(x, places[0]), round(y, places[1])) for x, y in line)


def outlasts(shown: TwoParametersFrame | None, frame: TwoParametersFrame) -> bool:
    """Whether the picture that is shown stays: it is of an equal request, computed before, and has more pixels."""
    return shown is not None and shown.request == frame.request and shown.progress > frame.progress


def second_of(chosen: Map, sweep: str) -> str:
    """The second parameter that is swept at first; empty where there is none."""
    return next((parameter.name for parameter in chosen.parameters if parameter.name != sweep), "")


def first(chosen: Map, sweep: str, and_sweep: str, parameters: Pairs, size: tuple[int, int], start: Any = None) -> TwoParametersRequest:
    """The request over the usual ranges."""
    grid, start = Grid(home(chosen, sweep, and_sweep), *size), chosen.initial if start is None else start
    word = SEQUENCE if sweep == and_sweep else ""
    return TwoParametersRequest(grid, chosen.name, sweep, and_sweep, parameters, start, STEPS, STEPS, word)


def counted(request: TwoParametersRequest, shown: str) -> TwoParametersRequest:
    """The request with what it takes to show this: several starts for numbers of attractors, else one."""
    starts = (request.starts if request.starts > 1 else STARTS) if shown == "attractors" else 1
    return request if starts == request.starts else replace(request, starts=starts)


def at(request: TwoParametersRequest, point: Point) -> dict[str, float]:
    """All parameters at a point, by name; a forced one with its value at A."""
    return dict(request.parameters) | {request.and_sweep: point[1]} | {request.sweep: point[0]}


def with_sweeps(request: TwoParametersRequest, sweep: str, and_sweep: str, point: Point) -> TwoParametersRequest:
    """The same map with other parameters swept; what is no longer swept keeps the value of the pinned point."""
    chosen = find_map(request.map)
    held = at(request, point)
    parameters = tuple((name, value) for name, value in held.items() if name not in (sweep, and_sweep))
    grid = replace(request.grid, viewport=home(chosen, sweep, and_sweep))
    word = (request.sequence or SEQUENCE) if sweep == and_sweep else ""
    return replace(request, grid=grid, sweep=sweep, and_sweep=and_sweep, parameters=parameters, sequence=word)


def symbols(request: TwoParametersRequest) -> tuple[str, str]:
    """The names of both axes: the parameters' symbols, of a forced one with the letter at which it has the value."""
    x, y = (find_map(request.map).parameter(name).symbol for name in request.swept)
    return (f"{x} at A", f"{y} at B") if request.sequence else (x, y)


def choices(chosen: Map, sweep: str) -> list[tuple[str, str]]:
    """What may be swept along the second axis, by name, with its text: nothing, another one, or of a map of the line the same, forced."""
    others = [(p.name, p.symbol) for p in chosen.parameters if p.name != sweep]
    same = [] if chosen.is_plane else [(sweep, f"{chosen.parameter(sweep).symbol}, forced")]
    return [("", "none"), *others, *same]


def usual_pin(request: TwoParametersRequest) -> Point:
    """The pinned point at first: the defaults of both parameters if they are in the view, else its middle."""
    view, chosen = request.grid.viewport, find_map(request.map)
    x, y = (chosen.parameter(name).default for name in request.swept)
    is_inside = 0 <= view.u_of(decimal(x)) <= 1 and 0 <= view.v_of(decimal(y)) <= 1
    return (x, y) if is_inside else (float(view.x), float(view.y))


def orbit(request: TwoParametersRequest, point: Point) -> ColumnRequest:
    """The orbit at a point."""
    chosen = find_map(request.map)
    pairs = tuple(at(request, point).items())
    return ColumnRequest(request.map, pairs, request.start, request.transient, chosen.states_of(0))
