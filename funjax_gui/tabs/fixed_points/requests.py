"""Which starts a view asks for, and which views there are."""

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
    """The range of initial conditions a map is first shown with: the post's own, the saved one, or else the map's states."""
    if map_name == POST:
        return POSTS_STARTS
    saved = saved_as(MAP, map_name)
    if saved is not None and saved.starts:
        return saved.starts
    low, high = find_map(map_name).state
    return decimal(low), decimal(high)


def over(request: FixedPointRequest, x: tuple[Decimal, Decimal]) -> FixedPointRequest:
    """The request for the starts of a range; the map's usual range is searched besides, so that the attractors stay known."""
    low, high = usual_starts(request.map)
    return replace(request, x=x, search=(float(min(low, x[0])), float(max(high, x[1]))))


def home(map_name: str) -> Viewport:
    """All of a map's usual starts, with finals in the same range and a little more."""
    low, high = usual_starts(map_name)
    more = decimal(MARGIN) * (high - low)
    return Viewport.from_limits(low, high, low - more, high + more)


def is_resolved(grid: Grid, starts: int) -> tuple[bool, bool]:
    """Whether neighbouring starts, and columns, are different numbers; and rows."""
    return replace(grid, columns=max(grid.columns, 2 * starts)).is_resolved()


def cobweb(request: FixedPointRequest, start: float, power: int) -> CobwebRequest:
    """The orbit of a start under f composed so many times, in the range that is searched. ValueError in one line."""
    return CobwebRequest(request.map, request.parameters, start, min(request.steps, MOST_STEPS), request.searched, power)


def convergence(request: FixedPointRequest, starts: tuple[float, ...]) -> ConvergenceRequest:
    """How these starts come to their attractors."""
    return ConvergenceRequest(request.map, request.parameters, starts, request.steps, request.tolerance)
