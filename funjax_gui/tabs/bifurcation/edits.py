"""Requests of the diagram after an edit: another map, sweep, coordinate observed or initial condition."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from funjax_gui.formatting import minus_sign, significant, to_spacing
from funjax_gui.formulas import find_map
from kernels.bifurcation import BifurcationRequest, is_resolved
from kernels.geometry import Grid, Viewport, decimal
from kernels.maps import Map
from kernels.parameters import POSITION, Line
from kernels.skeleton import SkeletonRequest
from kernels.two_parameters import TwoParametersRequest

STARTS = ("start", "start_y")
"""Names of the controls of the initial condition's coordinates."""


def axes(request: BifurcationRequest) -> tuple[Any, ...]:
    """What is drawn against what: another diagram where it differs."""
    return request.map, request.swept, request.line, request.observe


def symbol(request: BifurcationRequest | SkeletonRequest) -> str:
    """The name of the horizontal axis: the swept parameter's symbol, or POSITION."""
    return POSITION if request.line else find_map(request.map).parameter(request.sweep).symbol


def ends(request: BifurcationRequest | SkeletonRequest) -> str:
    """Between which points a line runs, as text: a from 1 to 1.4, b from 0.1 to 0.3; empty where there is none."""
    chosen = find_map(request.map)
    runs = zip(request.swept, *request.line, strict=True) if request.line else ()
    return minus_sign(", ".join(f"{chosen.parameter(name).symbol} from {low:.10g} to {high:.10g}" for name, low, high in runs))


def axis(request: BifurcationRequest) -> str:
    """The label of the horizontal axis: the symbol, or of a line POSITION and between which points it runs."""
    return ": ".join(filter(None, (symbol(request), ends(request))))


def on_line(request: BifurcationRequest | SkeletonRequest, place: float, spacing: float) -> str:
    """The values of both parameters at a place on the line, with the digits that tell places apart that have this spacing."""
    chosen = find_map(request.map)
    steps = [abs(high - low) * spacing for low, high in zip(*request.line, strict=True)]
    values = [
        f"{chosen.parameter(name).symbol} = {to_spacing(value, step) if step else significant(value, 10)}"
        for (name, value), step in zip(request.at(place).items(), steps, strict=True)
    ]
    return ", ".join(values)


def column(request: BifurcationRequest) -> float:
    """The distance of neighbouring columns."""
    return 2 * request.grid.viewport.half_width / request.grid.columns


def both_at(request: BifurcationRequest, u: float) -> list[str]:
    """Along a line the values of both parameters at a place in window coordinates, as a line of text; else none."""
    return [on_line(request, float(request.grid.viewport.x_at(u)), column(request))] if request.line else []


def usual_pin(request: BifurcationRequest) -> Decimal | None:
    """The abscissa that is pinned at first, if the view has it: the parameter's default, of a line its middle."""
    usual = Decimal("0.5") if request.line else decimal(find_map(request.map).parameter(request.sweep).default)
    return usual if 0 <= request.grid.viewport.u_of(usual) <= 1 else None


def along(request: TwoParametersRequest, line: Line, shown: BifurcationRequest) -> BifurcationRequest:
    """The diagram along a line in the plane of two parameters, with the steps and the size of the one that was shown."""
    chosen = find_map(request.map)
    grid = replace(shown.grid, viewport=_whole_line(chosen, 0))
    return replace(
        shown,
        map=request.map,
        sweep=request.sweep,
        and_sweep=request.and_sweep,
        line=line,
        parameters=request.parameters,
        start=request.start,
        observe="",
        grid=grid,
    )


def _whole_line(chosen: Map, observed: int) -> Viewport:
    return Viewport.from_limits(0, 1, *chosen.view_of(chosen.sweep, observed).y_limits)


def home(request: BifurcationRequest) -> Viewport:
    """The view of the whole diagram."""
    chosen = find_map(request.map)
    return _whole_line(chosen, request.observed) if request.line else chosen.view_of(request.sweep, request.observed)


def with_map(request: BifurcationRequest, chosen: Map, sweep: str, parameters: Mapping[str, float]) -> BifurcationRequest:
    """The whole diagram of another map, from its own initial condition."""
    others = tuple((name, value) for name, value in parameters.items() if name != sweep)
    grid = replace(request.grid, viewport=chosen.view_of(sweep))
    named = replace(request, map=chosen.name, sweep=sweep, and_sweep="", line=(), parameters=others, start=chosen.initial, observe="")
    return replace(named, grid=grid)


def with_sweep(request: BifurcationRequest, sweep: str) -> BifurcationRequest:
    """The whole diagram over another parameter; from a line, what is no longer swept has its value in the middle."""
    view = find_map(request.map).view_of(sweep, request.observed)
    held = tuple((dict(request.parameters) | (request.at(0.5) if request.line else {})).items())
    return replace(request, sweep=sweep, and_sweep="", line=(), parameters=held, grid=replace(request.grid, viewport=view))


def with_observed(request: BifurcationRequest, observe: str) -> BifurcationRequest:
    """The diagram of another coordinate, over the same range of the parameter."""
    changed = replace(request, observe=observe)
    view, usual = request.grid.viewport, home(changed)
    return replace(changed, grid=replace(request.grid, viewport=replace(view, y=usual.y, half_height=usual.half_height)))


def is_told_apart(request: BifurcationRequest, grid: Grid) -> tuple[bool, bool]:
    """(columns, rows): whether neighbouring ones of this view are different numbers; along a line in float64."""
    return grid.is_resolved() if request.line else is_resolved(grid, request.map)


def with_start(request: BifurcationRequest, name: str, value: float) -> BifurcationRequest:
    """The same with another initial condition; `name`: one of STARTS."""
    if not find_map(request.map).is_plane:
        return replace(request, start=value)
    x, y = request.origin
    return replace(request, start=(value, y) if name == STARTS[0] else (x, value))
