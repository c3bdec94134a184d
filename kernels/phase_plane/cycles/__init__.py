"""Fixed points and cycles of a map of the plane: all with a point in a view, proved by interval arithmetic, and what is not isolated."""

from kernels.phase_plane.cycles.continua import Continua, Continuum
from kernels.phase_plane.cycles.mapping import Mapping
from kernels.phase_plane.cycles.request import LONGEST, Cycle, CyclesFrame, CyclesRequest, mapping_of

__all__ = ["LONGEST", "Continua", "Continuum", "Cycle", "CyclesFrame", "CyclesRequest", "Mapping", "mapping_of"]
