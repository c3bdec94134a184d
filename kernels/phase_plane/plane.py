"""Maps of the plane among the maps: lookup, and the periods of their coordinates."""

from kernels import validation
from kernels.catalog import find_map
from kernels.maps import PLANE_MAPS, Map
from kernels.phase_plane.counting import Wraps

Point = tuple[float, float]


def plane_map(name: str) -> Map:
    """The map of the plane with this name or formula. Raises ValueError, in one line, where it is none."""
    found = find_map(name)
    if not found.is_plane:
        raise ValueError(f"the map {found.called} has one coordinate; a phase plane is of a map of two: {', '.join(PLANE_MAPS)}")
    return found


def check_start(start: Point) -> None:
    """Raise ValueError, in one line, where a coordinate of an initial condition is not a finite number."""
    for name, value in zip("xy", start, strict=True):
        validation.finite(f"initial condition's {name}", value)


def axes_of(name: str) -> tuple[str, str]:
    """The names of the coordinates of the map of the plane with this name or formula."""
    x, y = plane_map(name).coordinates
    return x, y


def wraps_of(found: Map) -> Wraps:
    """The period of each coordinate, 0 for one that is not an angle."""
    return tuple(period or 0.0 for period in found.periods)
