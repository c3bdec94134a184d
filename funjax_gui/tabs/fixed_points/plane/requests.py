"""Requests of the phase plane for a view, and its initial views."""

from collections.abc import Sequence

from funjax_gui.formulas import find_map
from kernels.geometry import Grid, Viewport
from kernels.maps import Map
from kernels.parameters import Pairs
from kernels.phase_plane import (
    LONGEST_DRAWN,
    MOST_DRAWN,
    CyclesRequest,
    ManifoldsRequest,
    OrbitNumbersRequest,
    PhasePlaneRequest,
    PlaneBasinsRequest,
    PlaneOrbitsRequest,
    Point,
    SpectrumRequest,
)

SHOWN = ("orbits", "basins", "manifolds")
"""What the picture may show."""

COLOURINGS = ("density", "orbits")
"""What the colours of orbits tell: the number of states in a pixel, or one orbit from another."""

STARTS, STEPS = 1000, 1000
"""Usual numbers of orbits and of their steps."""

TRANSIENT = 100
"""Usual transient of a map that contracts areas."""

LONGEST_USUAL = 4
"""Usual longest period of the cycles that are looked for."""

MOST_KEPT = MOST_DRAWN - 1
"""Most orbits that are kept beside the chosen one."""


def home(chosen: Map) -> Viewport:
    """The first view of a map's phase plane."""
    assert chosen.plane is not None
    return chosen.plane


def usual_transient(chosen: Map) -> int:
    """The usual transient: none where areas are preserved, since there is nothing to settle on."""
    return 0 if chosen.area_preserving else TRANSIENT


def usual_colouring(chosen: Map) -> str:
    """The usual colouring: a colour for each orbit where areas are preserved, so that islands and chaos are told apart."""
    return COLOURINGS[chosen.area_preserving]


def request_for(chosen: Map, parameters: Pairs, grid: Grid, starts: int, steps: int, transient: int, colouring: str) -> PhasePlaneRequest:
    """The request of the picture. Where areas are preserved the orbits begin in the view, else in the first view.

    So islands fill a deep view, and an attractor keeps its orbits.
    """
    first = home(chosen)
    (left, right), (bottom, top) = (tuple(map(float, limits)) for limits in (first.x_limits, first.y_limits))
    region = None if chosen.area_preserving else (left, right, bottom, top)
    by_orbit = colouring == "orbits"
    return PhasePlaneRequest(
        grid, chosen.name, parameters, starts=starts, region=region, steps=steps, transient=transient, by_orbit=by_orbit
    )


def first_request(chosen: Map, parameters: Pairs, grid: Grid, starts: int, steps: int) -> PhasePlaneRequest:
    """The request of a map that is shown for the first time, with its usual transient and colouring."""
    return request_for(chosen, parameters, grid, starts, steps, usual_transient(chosen), usual_colouring(chosen))


def cycles(request: PhasePlaneRequest, longest: int) -> CyclesRequest:
    """The request of the cycles in the same view."""
    return CyclesRequest(request.grid.viewport, request.map, request.parameters, longest)


def basins(request: PhasePlaneRequest) -> PlaneBasinsRequest:
    """The request of the basins in the same view. Raises ValueError of a map that preserves areas."""
    return PlaneBasinsRequest(request.grid, request.map, request.parameters, max(1, request.transient + request.steps))


def manifolds(request: PhasePlaneRequest, length: float | None, longest: int) -> ManifoldsRequest:
    """The request of the manifolds in the same view. Raises ValueError of a length out of range."""
    return ManifoldsRequest(request.grid.viewport, request.map, request.parameters, length, longest)


def spectrum(request: PhasePlaneRequest, start: Point) -> SpectrumRequest:
    """The request of the exponents of the chosen orbit."""
    return SpectrumRequest(request.map, request.parameters, start)


def numbers(request: PhasePlaneRequest, start: Point) -> OrbitNumbersRequest:
    """The request of the dimensions and the rotation number of the chosen orbit."""
    return OrbitNumbersRequest(request.map, request.parameters, start)


def orbits(request: PhasePlaneRequest, starts: Sequence[Point]) -> PlaneOrbitsRequest:
    """The request of the chosen orbits."""
    return PlaneOrbitsRequest(request.map, request.parameters, tuple(starts), min(request.steps, LONGEST_DRAWN))


def usual_start(name: str) -> Point:
    """The initial condition of a map."""
    x, y = find_map(name).origin
    return float(x), float(y)
