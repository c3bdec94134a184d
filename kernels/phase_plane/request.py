"""The phase plane of a map of the plane: the points of many orbits, counted in the pixels of a view, coarse first and then refined."""

import math
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kernels import validation
from kernels.execution import batching, devices, jax
from kernels.geometry import Grid
from kernels.iteration import orbits
from kernels.labelled import PICTURE, Labelled
from kernels.parameters import Pairs
from kernels.phase_plane import counting
from kernels.phase_plane.plane import Point, axes_of, check_start, plane_map, wraps_of
from kernels.types import Bools, Floats
from kernels.validation import setting

MOST_ORBITS = 1_000_000
"""Most initial conditions."""

MOST_STEPS = 10_000_000
"""Longest transient, and most states counted of an orbit."""

MOST_COUNTED = 2**31 - 1
"""Most states counted in all: the counts are 32 bits wide."""

FAR = 1e30
"""A state beyond this has diverged where its image is NaN: infinity minus infinity."""

SHOW_EVERY = 0.1
"""Seconds between frames."""

PREVIEW = 4
"""States of each orbit in the picture shown while a long transient runs."""

PLASTIC = 1.324717957244746
"""The real root of x^3 = x + 1, of which M. Roberts's sequence of evenly spread points is made."""

SPREADS = ("even", "random")

REGULAR = 1.5, 6.0
"""A tangent vector of a regular orbit grows as a power of the number n of steps; where the logarithm of its growth is more than
1.5 ln n + 6, the orbit is taken to be chaotic."""

Region = tuple[float, float, float, float]
"""(left, right, bottom, top)."""


@dataclass(frozen=True)
class PhasePlaneRequest:
    """Orbits of a map of the plane. Raises ValueError, in one line, where a field is out of its domain.

    grid: the view and its pixels. map, parameters: as of a bifurcation diagram; the map has two coordinates.
    start: the initial condition of the only orbit; None: `starts` of them, spread over `region` (None: the view).
    spread: `even`, by a low-discrepancy sequence, or `random`, from `seed`.
    steps: states counted of each orbit, after the `transient` ones; the initial condition is the first of all.
    by_orbit: whether the frames tell an orbit of each pixel, and which orbits are chaotic.
    """

    grid: Grid
    map: str = "henon"
    parameters: Pairs = ()
    start: Point | None = None
    starts: int = setting(1000, "Orbits", "Number of initial conditions", least=1, most=MOST_ORBITS)
    region: Region | None = None
    spread: str = "even"
    seed: int = 0
    steps: int = setting(1000, "Steps", "States counted of each orbit", least=1, most=MOST_STEPS)
    transient: int = setting(0, "Transient", "Iterations discarded before counting begins", least=0, most=MOST_STEPS)
    by_orbit: bool = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "parameters", plane_map(self.map).completed(self.parameters))
        if self.start is not None:
            check_start(self.start)
        if self.region is not None:
            validation.interval("region's horizontal range", *self.region[:2])
            validation.interval("region's vertical range", *self.region[2:])
        if self.spread not in SPREADS:
            raise ValueError(f"the spread {self.spread!r} is unknown; it is {' or '.join(SPREADS)}")
        validation.counts(self, "starts", "steps", "transient")
        validation.count("seed", self.seed, 0, 2**31 - 1)
        if self.orbits * self.steps > MOST_COUNTED:
            most = validation.grouped(MOST_COUNTED // self.orbits)
            raise ValueError(f"{self.orbits} orbits of {self.steps} steps are more states than can be counted; give at most {most} steps")
        devices.check_picture(self.grid.columns, self.grid.rows, self.bytes)

    @property
    def orbits(self) -> int:
        """Number of orbits."""
        return self.starts if self.start is None else 1

    @property
    def bytes(self) -> int:
        """Memory that the counts take while a picture is made, each core having its own."""
        return self.grid.columns * self.grid.rows * (4 + 12 * devices.cores()) * (2 if self.by_orbit else 1)

    def initial_conditions(self) -> Floats:
        """The initial conditions. Shape (2, orbits)."""
        if self.start is not None:
            return np.array(self.start, np.float64)[:, None]
        if self.spread == "random":
            shares = np.random.default_rng(self.seed).random((2, self.starts))
        else:
            shares = (0.5 + np.arange(self.starts) * np.array([[1 / PLASTIC], [1 / PLASTIC**2]])) % 1.0
        view = self.grid.viewport
        left, right, bottom, top = self.region or (*map(float, view.x_limits), *map(float, view.y_limits))
        points: Floats = np.array([[left], [bottom]]) + shares * np.array([[right - left], [top - bottom]])
        return points

    def frames(self) -> Iterator["PhasePlaneFrame | None"]:
        """The picture, coarse first; None where a caller may stop. No step takes longer than about 50 ms.

        Raises ValueError, in one line, where float64 does not resolve the view.
        """
        return devices.or_on_cpu(self._frames)

    def _frames(self) -> Iterator["PhasePlaneFrame | None"]:
        if not all(self.grid.is_resolved()):
            raise ValueError("float64 cannot tell neighbouring columns or rows apart in this view; zoom out")
        return _Run(self).frames()


@dataclass(frozen=True, eq=False)
class PhasePlaneFrame(Labelled, counts=PICTURE, owners=PICTURE):
    """The picture so far.

    counts: states in each pixel, int32, shape (rows, columns), top row first. transient, steps: those done. diverged, undefined: orbits
    that grew beyond float64, and that came to where the map has no value. progress in [0, 1]; seconds since the request was begun.
    owners, if asked for: the number of an orbit with a state in each pixel, -1 where there is none, int32, of the shape of the counts.
    chaotic: of each orbit whether a tangent vector has grown faster than a power of the number of steps. Shape (orbits,).
    """

    request: PhasePlaneRequest
    transient: int
    steps: int
    diverged: int
    undefined: int
    device: str
    seconds: float
    progress: float
    done: bool
    counts: NDArray[np.int32] = field(repr=False)
    owners: NDArray[np.int32] | None = field(default=None, repr=False)
    chaotic: Bools | None = field(default=None, repr=False)

    @property
    def axes(self) -> tuple[str, str]:
        """The map's coordinates."""
        return axes_of(self.request.map)

    @property
    def inside(self) -> int:
        """States in the picture."""
        return int(self.counts.sum(dtype=np.int64))

    @property
    def precision(self) -> str:
        """The floating-point type."""
        return "float64"


class _Run:
    """The computation of one request."""

    def __init__(self, request: PhasePlaneRequest) -> None:
        chosen = plane_map(request.map)
        self.request, self.began = request, time.perf_counter()
        self.rule, self.wraps = chosen.rule, wraps_of(chosen)
        self.layout = devices.layout(request.orbits, request.steps)
        self.values = tuple(np.float64(value) for value in chosen.values(dict(request.parameters)))
        self.state = self.layout.shard_all(*request.initial_conditions())
        self.window = counting.axes(request.grid)
        self.bins = counting.bins(request.grid.columns * request.grid.rows)
        self.total: Any = self._nothing()
        if request.by_orbit:
            # Towards no axis: along one of them a symmetric map might keep the vector.
            others = (np.full(request.orbits, 0.6), np.full(request.orbits, 0.8), np.zeros(request.orbits))
            self.state += self.layout.shard_all(*others, np.arange(request.orbits, dtype=np.float64))
        self.undefined = np.zeros(request.orbits, np.bool_)

    def _nothing(self) -> Any:
        """Empty histograms: counts, and owners where they are wanted."""
        empty = counting.no_counts(self.layout, self.bins)
        return (empty, counting.no_counts(self.layout, self.bins, -1)) if self.request.by_orbit else empty

    def frames(self) -> Iterator[PhasePlaneFrame | None]:
        transient, steps = self.request.transient, self.request.steps
        done, shown = 0, time.perf_counter()
        while done < transient:
            done += self._go_on(transient - done, counted=False)
            if done < transient and time.perf_counter() - shown > SHOW_EVERY:
                yield self._preview(done)
                shown = time.perf_counter()
            elif done < transient:
                yield None
        done, shown = 0, -math.inf
        while done < steps:
            done += self._go_on(steps - done)
            due = done == steps or time.perf_counter() - shown > SHOW_EVERY
            yield self._frame(transient, done) if due else None
            shown = time.perf_counter() if due else shown

    def _preview(self, transient: int) -> PhasePlaneFrame:
        kept = self.state
        self._go_on(PREVIEW)
        frame = self._frame(transient, 0)
        self.state, self.total = kept, self._nothing()
        return frame

    def _go_on(self, most: int, counted: bool = True) -> int:
        """Go on by as many steps as fit into one call, `most` at most, and count their states if wanted; return how many."""
        by_orbit = self.request.by_orbit
        key = ("phase plane", counted, by_orbit, self.rule, self.layout.mesh)
        # Whole unrolled loops but for the last call: single steps may be rounded otherwise, and orbits must not depend on the speed.
        fitting = batching.batch_size(key, self.request.orbits) // orbits.UNROLL * orbits.UNROLL
        steps, before = min(most, max(orbits.UNROLL, fitting)), self.state
        with batching.record_duration(key, steps, lambda: self.request.orbits):
            layout, times = self.layout, np.int32(steps)
            if counted:
                kernel = counting.count_by_orbit if by_orbit else counting.count
                self.state, self.total = kernel(self.rule, layout, self.wraps, before, self.total, self.values, self.window, times)
            else:
                self.state = (*orbits.advance(self.rule, layout, before[:2], (), times, self.values), *before[2:])
            jax.block_until_ready(self.state)
        self._explain(before, steps)
        return steps

    def _finals(self) -> Floats:
        return np.stack([self.layout.gather(value, self.request.orbits) for value in self.state[:2]])

    def _explain(self, before: Any, steps: int) -> None:
        """Note which of the orbits that became NaN in these steps are undefined, rather than diverged."""
        was = np.stack([self.layout.gather(value, self.request.orbits) for value in before[:2]])
        lost: Bools = np.isnan(self._finals()).any(0) & np.isfinite(was).all(0)
        if lost.any():
            # The others are NaN, so that the kernel is compiled for one number of orbits.
            start = self.layout.shard_all(*np.where(lost, was, np.nan))
            found = counting.last_finite(self.rule, self.layout, start, self.values, np.int32(steps))
            last, image = (np.stack([self.layout.gather(value, self.request.orbits) for value in state]) for state in found)
            self.undefined |= lost & np.isnan(image).any(0) & (np.abs(last) < FAR).all(0)

    def _frame(self, transient: int, steps: int) -> PhasePlaneFrame:
        request = self.request
        shape = request.grid.rows, request.grid.columns
        counts, owners = self.total if request.by_orbit else (self.total, None)
        escaped = ~np.isfinite(self._finals()).all(0)
        undefined = int(self.undefined.sum())
        return PhasePlaneFrame(
            request=request,
            transient=transient,
            steps=steps,
            diverged=int(escaped.sum()) - undefined,
            undefined=undefined,
            device=devices.describe(),
            seconds=time.perf_counter() - self.began,
            progress=(transient + steps) / (request.transient + request.steps),
            done=steps == request.steps,
            counts=self._whole(counts, np.add).reshape(shape),
            owners=None if owners is None else self._whole(owners, np.maximum).reshape(shape),
            chaotic=self._chaotic(steps) if request.by_orbit else None,
        )

    def _whole(self, histograms: Any, joined: np.ufunc) -> NDArray[np.int32]:
        """One histogram of those of the devices. Shape (pixels,)."""
        found: NDArray[np.int32] = joined.reduce(np.asarray(histograms).reshape(-1, self.bins), 0, dtype=np.int32)
        return found[: self.request.grid.rows * self.request.grid.columns]

    def _chaotic(self, steps: int) -> Bools:
        power, most = REGULAR
        growth = self.layout.gather(self.state[4], self.request.orbits)
        chaotic: Bools = growth > power * math.log(max(steps, 1)) + most
        return chaotic
