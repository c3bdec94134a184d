"""Requests of the plane of two parameters: first views, changes of map and sweep, and the orbit of a pinned point."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

from funjax_gui.formulas import find_map
from kernels.geometry import Grid, Viewport, decimal
from kernels.maps import Map
from kernels.single_orbit import ColumnRequest
from kernels.two_parameters import TwoParametersRequest

STEPS = 500
"""Usual length of the transient, and usual number of samples."""

Point = tuple[float, float]
Pairs = tuple[tuple[str, float], ...]


def usual_range(chosen: Map, name: str) -> tuple[Decimal, Decimal]:
    """The range of a parameter in a first view: that of the diagram for the one that is swept there, else its usual one."""
    about = chosen.parameter(name)
    return chosen.view.x_limits if name == chosen.sweep else (decimal(about.low), decimal(about.high))


def home(chosen: Map, sweep: str, and_sweep: str) -> Viewport:
    """The view of the usual ranges."""
    return Viewport.from_limits(*usual_range(chosen, sweep), *usual_range(chosen, and_sweep))


def second_of(chosen: Map, sweep: str) -> str:
    """The second parameter that is swept at first; empty where there is none."""
    return next((parameter.name for parameter in chosen.parameters if parameter.name != sweep), "")


def first(chosen: Map, sweep: str, and_sweep: str, parameters: Pairs, size: tuple[int, int], start: Any = None) -> TwoParametersRequest:
    """The request over the usual ranges."""
    grid = Grid(home(chosen, sweep, and_sweep), *size)
    return TwoParametersRequest(grid, chosen.name, sweep, and_sweep, parameters, chosen.initial if start is None else start, STEPS, STEPS)


def with_sweeps(request: TwoParametersRequest, sweep: str, and_sweep: str, point: Point) -> TwoParametersRequest:
    """The same map with other parameters swept; what is no longer swept keeps the value of the pinned point."""
    chosen = find_map(request.map)
    held = dict(request.parameters) | dict(zip(request.swept, point, strict=True))
    parameters = tuple((name, value) for name, value in held.items() if name not in (sweep, and_sweep))
    grid = replace(request.grid, viewport=home(chosen, sweep, and_sweep))
    return replace(request, grid=grid, sweep=sweep, and_sweep=and_sweep, parameters=parameters)


def usual_pin(request: TwoParametersRequest) -> Point:
    """The pinned point at first: the defaults of both parameters if they are in the view, else its middle."""
    view, chosen = request.grid.viewport, find_map(request.map)
    x, y = (chosen.parameter(name).default for name in request.swept)
    is_inside = 0 <= view.u_of(decimal(x)) <= 1 and 0 <= view.v_of(decimal(y)) <= 1
    return (x, y) if is_inside else (float(view.x), float(view.y))


def orbit(request: TwoParametersRequest, point: Point) -> ColumnRequest:
    """The orbit at a point."""
    chosen = find_map(request.map)
    pairs = tuple((dict(request.parameters) | dict(zip(request.swept, point, strict=True))).items())
    return ColumnRequest(request.map, pairs, request.start, request.transient, chosen.states_of(0))
