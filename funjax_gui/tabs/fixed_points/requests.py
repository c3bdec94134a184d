"""Requests of the explorer for a view, and its initial views."""

from dataclasses import replace
from decimal import Decimal

from funjax_gui.figures import MARGIN
from funjax_gui.formulas import MAP, find_map, saved_as
from kernels.fixed_point import ConvergenceRequest, FixedPointRequest
from kernels.geometry import Grid, Viewport, decimal
from kernels.single_orbit import MOST_STEPS, CobwebRequest

POST = "post"
POSTS_STARTS = Decimal(-9), Decimal(10)
"""The range of initial conditions in the post."""


def usual_starts(map_name: str) -> tuple[Decimal, Decimal]:
    """Initial range of initial conditions of a map: the post's, the saved one, or the interval of states."""
    if map_name == POST:
        return POSTS_STARTS
    saved = saved_as(MAP, map_name)
    if saved is not None and saved.starts:
        return saved.starts
    low, high = find_map(map_name).state
    return decimal(low), decimal(high)


def over(request: FixedPointRequest, x: tuple[Decimal, Decimal]) -> FixedPointRequest:
    """The request for a range of initial conditions; the map's usual range is searched too, so that its attractors stay known."""
    low, high = usual_starts(request.map)
    return replace(request, x=x, search=(float(min(low, x[0])), float(max(high, x[1]))))


def home(map_name: str) -> Viewport:
    """View of the usual range of a map, with a margin for the final states."""
    low, high = usual_starts(map_name)
    more = decimal(MARGIN) * (high - low)
    return Viewport.from_limits(low, high, low - more, high + more)


def is_resolved(grid: Grid, starts: int) -> tuple[bool, bool]:
    """(columns, rows): whether neighbouring ones, and neighbouring initial conditions, are distinct numbers."""
    return replace(grid, columns=max(grid.columns, 2 * starts)).is_resolved()


def cobweb(request: FixedPointRequest, start: float, power: int) -> CobwebRequest:
    """The request of a cobweb of the iterate f^power in the search range. Raises ValueError in one line."""
    return CobwebRequest(request.map, request.parameters, start, min(request.steps, MOST_STEPS), request.searched, power)


def convergence(request: FixedPointRequest, starts: tuple[float, ...]) -> ConvergenceRequest:
    """The request of the convergence of these initial conditions."""
    return ConvergenceRequest(request.map, request.parameters, starts, request.steps, request.tolerance)
