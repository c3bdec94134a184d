"""Periodic orbits of a map: the roots of f^p(x) - x, found, polished and classified."""

from kernels.cycles import periodic_orbits
from kernels.cycles.iterate import Iterate, Jet
from kernels.cycles.periodic_orbits import Found, PeriodicOrbit, Registry, nearest_of
from kernels.cycles.root_polishing import EPSILON
from kernels.cycles.root_search import bend_error

__all__ = ["EPSILON", "Found", "Iterate", "Jet", "PeriodicOrbit", "Registry", "bend_error", "nearest_of", "periodic_orbits"]
