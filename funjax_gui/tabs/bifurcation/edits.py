"""Requests of the diagram after an edit: another map, sweep, coordinate observed or initial condition."""

from collections.abc import Mapping
from dataclasses import replace

from funjax_gui.formulas import find_map
from kernels.bifurcation import BifurcationRequest
from kernels.geometry import Viewport
from kernels.maps import Map

STARTS = ("start", "start_y")
"""Names of the controls of the initial condition's coordinates."""


def axes(request: BifurcationRequest) -> tuple[str, str, str]:
    """What is drawn against what: another diagram where it differs."""
    return request.map, request.sweep, request.observe


def home(request: BifurcationRequest) -> Viewport:
    """The view of the whole diagram."""
    return find_map(request.map).view_of(request.sweep, request.observed)


def with_map(request: BifurcationRequest, chosen: Map, sweep: str, parameters: Mapping[str, float]) -> BifurcationRequest:
    """The whole diagram of another map, from its own initial condition."""
    others = tuple((name, value) for name, value in parameters.items() if name != sweep)
    grid = replace(request.grid, viewport=chosen.view_of(sweep))
    return replace(request, map=chosen.name, sweep=sweep, parameters=others, start=chosen.initial, observe="", grid=grid)


def with_sweep(request: BifurcationRequest, sweep: str) -> BifurcationRequest:
    """The whole diagram over another parameter."""
    view = find_map(request.map).view_of(sweep, request.observed)
    return replace(request, sweep=sweep, grid=replace(request.grid, viewport=view))


def with_observed(request: BifurcationRequest, observe: str) -> BifurcationRequest:
    """The diagram of another coordinate, over the same range of the parameter."""
    changed = replace(request, observe=observe)
    view, usual = request.grid.viewport, home(changed)
    return replace(changed, grid=replace(request.grid, viewport=replace(view, y=usual.y, half_height=usual.half_height)))


def with_start(request: BifurcationRequest, name: str, value: float) -> BifurcationRequest:
    """The same with another initial condition; `name`: one of STARTS."""
    if not find_map(request.map).is_plane:
        return replace(request, start=value)
    x, y = request.origin
    return replace(request, start=(value, y) if name == STARTS[0] else (x, value))
