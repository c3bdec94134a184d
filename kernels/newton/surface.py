"""The surface of an objective over a view, with contour levels, and its curves for a single variable.

A coarse picture comes first, then the full one in short calls. The pixels are sharded over the devices.
"""

import functools
import math
import time
from collections.abc import Generator, Iterator
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import NDArray

from kernels.catalog import find_objective
from kernels.execution import Layout, batching, devices, jax, jit, jnp, lax
from kernels.geometry import Grid
from kernels.iteration import by_blocks
from kernels.labelled import CURVE, PICTURE, SHARED, Labelled
from kernels.newton.contour_levels import Levels, levels, toned
from kernels.objectives import MAXIMUM, MINIMUM, Bound
from kernels.parameters import Pairs
from kernels.types import Array, Floats
from kernels.validation import grouped

BLOCK = 1024
CALL = 2**16
"""Maximum number of pixels in a call, over all devices."""

COARSE = 4
"""Side, in pixels of the grid, of a pixel of the coarse picture."""

MOST_DIMENSION = 1000
"""Maximum number of variables of which a slice is drawn; more would take too long."""


@dataclass(frozen=True)
class SurfaceRequest:
    """Values of an objective over the plane of its first two coordinates.

    `rest`: the values of the other coordinates. `parameters`: as in a NewtonRequest. `levels`: None for those that suit the values in view.
    Raises ValueError, in one line, where the objective is
    not defined for 2 + len(rest) variables, or these are too many.
    """

    cut_along: ClassVar[tuple[str, ...]] = PICTURE

    grid: Grid
    objective: str = "himmelblau"
    rest: tuple[float, ...] = ()
    parameters: Pairs = ()
    levels: Levels | None = field(default=None, repr=False, metadata=SHARED)

    def __post_init__(self) -> None:
        objective = find_objective(self.objective)
        object.__setattr__(self, "parameters", objective.completed(self.parameters))
        n = objective.check_dimension(2 + len(self.rest))
        if n > MOST_DIMENSION:
            raise ValueError(f"{grouped(n)} variables are too many to draw a slice of; give at most {grouped(MOST_DIMENSION)}")

    def frames(self) -> Iterator["SurfaceFrame | None"]:
        """Frames of the picture, coarse first; None where the caller may stop. No step takes longer than about 50 ms."""
        began = time.perf_counter()
        grid = self.grid
        for divisor in (COARSE, 1):
            coarse = grid if divisor == 1 else Grid(grid.viewport, -(-grid.columns // divisor), -(-grid.rows // divisor))
            values = np.empty((coarse.rows, coarse.columns))
            yield from batching.yield_points(self._fill(coarse, values))
            found = self.levels or levels(values, self.reference, self.uphill, find_objective(self.objective).levels == "log")
            tones = np.empty(values.shape, np.uint16)
            yield from batching.yield_points(toned(values, found, tones, width=1.0 if divisor == 1 else 0.6))
            yield SurfaceFrame(self, values, tones, found, devices.describe(), time.perf_counter() - began, divisor == 1)

    def prepared(self, grid: Grid) -> Generator[None, None, Self]:
        """Returns the request for parts of `grid`, with the levels that suit all of it."""
        frame: Any = yield from batching.last_of(replace(self, grid=grid.overview).frames())
        return replace(self, levels=frame.levels)

    @property
    def uphill(self) -> bool:
        """Whether the best value is the maximum rather than the minimum."""
        return find_objective(self.objective).goal == MAXIMUM

    @property
    def reference(self) -> float:
        """Best value among the known stationary points, NaN if none is known."""
        return best_value(self.objective, 2 + len(self.rest), self.parameters)

    def _fill(self, grid: Grid, values: Floats) -> Iterator[None]:
        xs, ys = grid.column_values(), grid.row_values()
        function, rest = find_objective(self.objective).at(self.parameters), np.asarray(self.rest, np.float64)
        size = devices.mesh().size
        layout = Layout(devices.mesh(), max(BLOCK, CALL // size // BLOCK * BLOCK), BLOCK)
        kind, flat, at = ("surface", function.rule, layout, len(rest)), values.reshape(-1), 0
        while at < flat.size:
            count = min(flat.size - at, CALL, max(BLOCK, batching.batch_size(kind, 1)))
            pixels = np.arange(at, at + count)
            x, y = layout.shard(xs[pixels % grid.columns]), layout.shard(ys[pixels // grid.columns])
            with batching.record_duration(kind, count, lambda: 1):
                flat[at : at + count] = layout.gather(plane(function, layout, x, y, rest), count)
            at += count
            yield


@dataclass(frozen=True, eq=False)
class SurfaceFrame(Labelled, values=PICTURE):
    """The picture of a surface.

    Attributes:
        values: float64, shape (rows, columns), top row first; fewer pixels than requested in the coarse picture (`done` is false).
        tones: uint16, same shape: 16 * shade + line, with the shade from 0 (best value) to 255 and the line from 0 to 15 by the share of
            the pixel that a contour line covers; contour_levels.UNDEFINED where the value is not finite.
        levels: values of shades and contour lines.

    """

    request: SurfaceRequest
    values: Floats = field(repr=False)
    tones: NDArray[np.uint16] = field(repr=False)
    levels: Levels
    device: str
    seconds: float
    done: bool


@functools.lru_cache(maxsize=64)
def best_value(name: str, n: int, parameters: Pairs = ()) -> float:
    """Best value of an objective among its known stationary points; NaN if none is known."""
    objective = find_objective(name)
    with jax.default_device(jax.local_devices(backend="cpu")[0]):
        points = [p for p in objective.known(n, parameters) if p.kind not in {MINIMUM, MAXIMUM} - {objective.goal}][:64]
        values = [float(value_at(objective.at(parameters), np.array(p.point))) for p in points]
    return (max if objective.goal == MAXIMUM else min)(values) if values else math.nan


@jit
def value_at(function: Bound, x: Array) -> Array:
    """Value of the function at one point."""
    return function(x)


@jit(static_argnames=("layout",))
def plane(function: Bound, layout: Layout, x: Array, y: Array, rest: Array) -> Array:
    """Values at the points (x, y, *rest), sharded over the devices. Shape (pixels,)."""

    def kernel(block: Any, shared: tuple[Bound, tuple[Array, ...]]) -> Array:
        function, others = shared

        def one(x: Array, y: Array) -> Array:
            return function(jnp.concatenate([jnp.stack([x, y]), *others]))

        if rest.size <= 16:
            return jax.vmap(one)(*block)
        # With many variables a block of whole points would take too much memory.
        return lax.map(lambda point: one(*point), block)

    # The XLA of JAX 0.11 crashes on an empty array that goes to several devices.
    values: Array = by_blocks(layout, kernel, (x, y), (function, (rest,) if rest.size else ()))
    return values


@dataclass(frozen=True)
class LineRequest:
    """An objective of one variable over an interval, at as many points as the grid has columns; parameters as in a NewtonRequest."""

    grid: Grid
    objective: str = "double-well"
    parameters: Pairs = ()

    def __post_init__(self) -> None:
        objective = find_objective(self.objective)
        objective.check_dimension(1)
        object.__setattr__(self, "parameters", objective.completed(self.parameters))

    def frames(self) -> Iterator["LineFrame"]:
        """One frame."""
        x = self.grid.column_values()
        padded = np.zeros(-(-len(x) // BLOCK) * BLOCK)
        padded[: len(x)] = x
        with jax.default_device(jax.local_devices(backend="cpu")[0]):
            found = line(find_objective(self.objective).at(self.parameters), padded)
        values, slopes = (np.asarray(part)[: len(x)] for part in found)
        yield LineFrame(self, x, values, slopes, True)


@dataclass(frozen=True, eq=False)
class LineFrame(Labelled, values=CURVE, slopes=CURVE):
    """The curves of an objective: x, f(x) and f'(x), each of shape (columns,)."""

    request: LineRequest
    x: Floats = field(repr=False)
    values: Floats = field(repr=False)
    slopes: Floats = field(repr=False)
    done: bool


@jit
def line(function: Bound, x: Array) -> tuple[Array, Array]:
    """(values, derivatives) of a function of one variable at many points, each of shape (points,)."""
    return jax.vmap(jax.value_and_grad(lambda place: function(place[None])))(x)
