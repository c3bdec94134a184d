"""Single orbits of a map of the plane, state by state."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from kernels import validation
from kernels.iteration import orbits
from kernels.parameters import Pairs
from kernels.phase_plane.plane import Point, check_start, plane_map
from kernels.types import Floats

MOST_DRAWN = 8
"""Most orbits of a request."""

LONGEST_DRAWN = 4096
"""Most states of each."""

SHORTEST = 256
"""Orbits are computed in powers of two times this many states, so that another number seldom compiles."""


@dataclass(frozen=True)
class PlaneOrbitsRequest:
    """The orbits of these initial conditions, `steps` states each. Raises ValueError, in one line, where a field is out of its domain."""

    map: str
    parameters: Pairs
    starts: tuple[Point, ...]
    steps: int = 1000

    def __post_init__(self) -> None:
        object.__setattr__(self, "parameters", plane_map(self.map).completed(self.parameters))
        validation.count("the number of initial conditions", len(self.starts), 1, MOST_DRAWN)
        for start in self.starts:
            check_start(start)
        validation.count("steps", self.steps, 1, LONGEST_DRAWN)

    def frames(self) -> Iterator["PlaneOrbitsFrame"]:
        """The only frame."""
        chosen = plane_map(self.map)
        columns = np.full((2, MOST_DRAWN), np.nan)
        columns[:, : len(self.starts)] = np.transpose(self.starts)
        length = SHORTEST
        while length < self.steps:
            length *= 2
        values = tuple(np.float64(value) for value in chosen.values(dict(self.parameters)))
        states = orbits.orbit(chosen.rule, tuple(columns), values, length)
        points = np.stack([np.asarray(state).T for state in states], axis=2)[: len(self.starts), : self.steps]
        yield PlaneOrbitsFrame(self, points)


@dataclass(frozen=True, eq=False)
class PlaneOrbitsFrame:
    """points: the states, not finite where an orbit has escaped. Shape (orbits, steps, 2)."""

    request: PlaneOrbitsRequest
    points: Floats = field(repr=False)
