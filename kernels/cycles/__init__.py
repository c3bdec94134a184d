"""Periodic orbits of a map: the zeros of f^p(x) - x, found, polished and classified by their multipliers."""

from kernels.cycles import periodic_orbits
from kernels.cycles.iterate import Iterate, Jet, bend_error
from kernels.cycles.notes import notes_of
from kernels.cycles.periodic_orbits import Found, PeriodicOrbit, Registry, nearest_of
from kernels.cycles.root_polishing import EPSILON

__all__ = ["EPSILON", "Found", "Iterate", "Jet", "PeriodicOrbit", "Registry", "bend_error", "nearest_of", "notes_of", "periodic_orbits"]
