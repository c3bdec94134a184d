"""Dimensions and the rotation number of one orbit of a map of the plane, from many of its states."""

import time
from collections.abc import Generator, Iterator
from dataclasses import dataclass, field

import numpy as np

from kernels import validation
from kernels.iteration import orbits, rotation
from kernels.parameters import Pairs
from kernels.phase_plane.cycles import mapping_of
from kernels.phase_plane.dimension import Scaling, dimensions
from kernels.phase_plane.plane import Point, axes_of, check_start, plane_map, wraps_of
from kernels.phase_plane.rotation import Rotation, winding
from kernels.types import Floats

CALL = 2**14
"""States of one call."""

FIRST = 2**17
"""States of the first frame, and those that the rotation number is found from."""

MOST_STATES = 2**22

FOCI = 24
"""Initial points of Newton's method for fixed points that the orbit may wind about."""


@dataclass(frozen=True)
class OrbitNumbersRequest:
    """Dimensions and rotation number of the orbit from `start`: `states` states after `transient` steps. Raises ValueError in one line."""

    map: str
    parameters: Pairs = ()
    start: Point = (0.0, 0.0)
    transient: int = 1000
    states: int = 2**20

    def __post_init__(self) -> None:
        object.__setattr__(self, "parameters", plane_map(self.map).completed(self.parameters))
        check_start(self.start)
        validation.count("transient", self.transient, 0, MOST_STATES)
        validation.count("states", self.states, 1000, MOST_STATES)

    def frames(self) -> Iterator["OrbitNumbersFrame | None"]:
        """A frame from the first states and one from all; None where a caller may stop."""
        began, found = time.perf_counter(), np.empty((2, self.transient + self.states))
        chosen = plane_map(self.map)
        values = tuple(np.float64(value) for value in chosen.values(dict(self.parameters)))
        turning, done = Rotation(), 0
        state = tuple(np.float64(value) for value in self.start)
        for count in sorted({min(FIRST, self.states), self.states}):
            while done < self.transient + count:
                states = np.stack([np.asarray(x) for x in orbits.orbit(chosen.rule, state, values, CALL + 1)])
                state, new = (states[0, -1], states[1, -1]), min(CALL, found.shape[1] - done)
                found[:, done : done + new] = states[:, :new]
                done += new
                yield None
            kept = found[:, self.transient : self.transient + count]
            if not np.isfinite(kept[:, -1]).all():
                yield OrbitNumbersFrame(self, None, None, Rotation(), count, time.perf_counter() - began)
                return
            if count <= FIRST:
                turning = yield from _rotation(self, kept)
            box, correlation = yield from dimensions(kept)
            yield OrbitNumbersFrame(self, box, correlation, turning, count, time.perf_counter() - began)


@dataclass(frozen=True, eq=False)
class OrbitNumbersFrame:
    """box, correlation: the dimensions with the lines that were fitted, None where the orbit is not finite. states: how many were used."""

    request: OrbitNumbersRequest
    box: Scaling | None = field(repr=False)
    correlation: Scaling | None = field(repr=False)
    rotation: Rotation
    states: int
    seconds: float


def _rotation(request: OrbitNumbersRequest, states: Floats) -> Generator[None, None, Rotation]:
    """The rotation number of the first coordinate that is an angle; where that is 0, or there is none, about a focus."""
    wraps = wraps_of(plane_map(request.map))
    turning = Rotation()
    for name, values, period in zip(axes_of(request.map), states, wraps, strict=True):
        if period:
            (turns,), (error,) = rotation.mean_turn((values / period)[:, None])
            turning = Rotation(float(turns), float(error), name) if np.isfinite(turns) else Rotation()
            yield None
            break
    if turning.turns > turning.error:
        return turning
    for point, jacobian in _foci(request, states):
        found = winding(states, point, jacobian, wraps)
        yield None
        if np.isfinite(found.turns):
            return found
    return turning


def _foci(request: OrbitNumbersRequest, states: Floats) -> list[tuple[Point, Floats]]:
    """(point, Jacobian) of fixed points with complex eigenvalues, looked for from the middle of the orbit and from around it."""
    chosen = plane_map(request.map)
    mapping = mapping_of(chosen, chosen.values(dict(request.parameters)))
    middle = states.mean(1)[:, None]
    some = states[:, :: max(1, states.shape[1] // FOCI)][:, :FOCI]
    points, size, jacobians = mapping.polished(np.concatenate([middle, middle + 0.5 * (some - middle), some], axis=1), 1)
    found: list[tuple[Point, Floats]] = []
    for point, last, (a, b, c, d) in zip(points.T, size, jacobians[:4].T, strict=True):
        known = any(np.abs(mapping.turned(point - np.array(other))).max() < 1e-8 * (1 + np.abs(point).max()) for other, _ in found)
        if np.isfinite(point).all() and last < 1e-9 * (1 + np.abs(point).max()) and ((a - d) / 2) ** 2 + b * c < 0 and not known:
            turns = [period * np.floor(x / period + 1e-12) if period else 0.0 for x, period in zip(point, mapping.wraps, strict=True)]
            x, y = map(float, point - turns)
            found.append(((x, y), np.array([[a, b], [c, d]])))
    return found
