"""Maps of the plane among the maps: lookup, and the periods of their coordinates."""

from kernels.catalog import find_map
from kernels.maps import Map
from kernels.phase_plane.counting import Wraps

Point = tuple[float, float]


def plane_map(name: str) -> Map:
    """The map of the plane with this name or formula. Raises ValueError, in one line, where it is none."""
    found = find_map(name)
    if len(found.coordinates) != 2:
        raise ValueError(f"the map {found.called} has {len(found.coordinates)} coordinate; a phase plane is of a map of two, such as henon")
    return found


def wraps_of(found: Map) -> Wraps:
    """The period of each coordinate, 0 for one that is no angle."""
    return tuple(period or 0.0 for period in found.periods)
