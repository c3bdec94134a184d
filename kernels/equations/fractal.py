"""Newton fractals: each pixel of a view is an initial point, labelled by the root that it comes to.

A coarse picture comes first, then the full one, part by part, as of the basins of an objective.
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from kernels import validation
from kernels.equations.attraction import Roots, follow
from kernels.equations.fractal_kernel import Field, fractal
from kernels.equations.registry import find_equations
from kernels.equations.system import REAL
from kernels.execution import Layout, batching, devices, jax
from kernels.geometry import Grid
from kernels.newton import BLOCK, ELSEWHERE, TABLE, Tiles, gather, spread
from kernels.parameters import Pairs
from kernels.types import Floats

CALL = 512
"""Maximum number of tiles in a call, over all devices."""

COARSE = 8
"""Side, in pixels of the grid, of a pixel of the coarse picture."""

SHOW_EVERY = 0.1
"""Seconds between frames."""


@dataclass(frozen=True)
class NewtonFractalRequest:
    """The roots that Newton's method comes to, with steps scaled by `damping`, from all points of a view of the plane.

    Raises ValueError, in one line, where a field is out of its domain.

    Attributes:
        grid: the view; its pixels are the initial points, in a complex variable with the imaginary part upwards.
        equations, parameters, damping: as in an EquationRequest; not of one real variable.
        max_steps: number of steps after which an initial point is unresolved.

    """

    grid: Grid
    equations: str = "unity-3"
    damping: float = 1.0
    max_steps: int = 50
    parameters: Pairs = ()

    def __post_init__(self) -> None:
        equations = find_equations(self.equations)
        object.__setattr__(self, "equations", equations.name)
        object.__setattr__(self, "parameters", equations.completed(self.parameters))
        if equations.kind == REAL:
            raise ValueError(f"{equations.called} has one real variable, and fractals are drawn of the plane; use z for x, such as z^3 - 1")
        validation.positive("damping", self.damping, 2.0)
        validation.count("max_steps", self.max_steps, 1, 1000)
        devices.check_memory(f"a picture of {self.grid.columns} x {self.grid.rows}", self.bytes, "ask for fewer columns or rows")

    @property
    def bytes(self) -> int:
        """Memory of the picture and of the copy that is shown."""
        return 12 * self.grid.columns * self.grid.rows

    def frames(self) -> Iterator["NewtonFractalFrame | None"]:
        """Frames of the picture, coarse first; None where the caller may stop. No step takes longer than about 50 ms."""
        if not all(self.grid.is_resolved()):
            raise ValueError("float64 cannot tell neighbouring columns or rows apart in this view; zoom out")
        return _Picture(self).frames()


@dataclass(frozen=True, eq=False)
class NewtonFractalFrame:
    """The picture so far.

    Attributes:
        roots: the roots in the order of their labels, shape (roots, 2).
        labels: for each pixel the index of its root, or UNRESOLVED, DIVERGED, SINGULAR, OUTSIDE or CYCLE; int16, shape (rows, columns), top
            row first. Pixels that are not computed yet have the value of a neighbour.
        counts: number of steps, which is smooth where they converge; float32, same shape.
        progress: share of the picture that is done, in [0, 1].
        seconds: since the request was begun.

    """

    request: NewtonFractalRequest
    roots: Floats = field(repr=False)
    device: str
    seconds: float
    progress: float
    done: bool
    labels: NDArray[np.int16] = field(repr=False)
    counts: NDArray[np.float32] = field(repr=False)


class _Picture:
    """The computation of one request."""

    def __init__(self, request: NewtonFractalRequest) -> None:
        self.request, self.began = request, time.perf_counter()
        equations = find_equations(request.equations)
        self.problem = equations.at(request.parameters)
        self.roots = Roots(equations, self.problem)
        size = devices.mesh().size
        self.layout = Layout(devices.mesh(), -(-CALL // size), 1)
        self.shared: tuple[tuple[int, int], Field] | None = None

    def frames(self) -> Iterator[NewtonFractalFrame | None]:
        grid = self.request.grid
        coarse, tiles = Tiles(Grid(grid.viewport, -(-grid.columns // COARSE), -(-grid.rows // COARSE)), np.float32), Tiles(grid, np.float32)
        for name in ("xs", "ys"):  # of one length, so that both pictures need one compilation
            few, many = getattr(coarse, name), getattr(tiles, name)
            setattr(coarse, name, np.pad(few, (0, len(many) - len(few)), constant_values=np.nan))
        yield from batching.yield_points(self._fill(coarse))
        rows = np.arange(grid.rows) * coarse.grid.rows // grid.rows
        columns = np.arange(grid.columns) * coarse.grid.columns // grid.columns
        tiles.pictures[:] = coarse.pictures.take(rows, axis=1).take(columns, axis=2)
        yield self._frame(tiles, 0.0)
        shown = time.perf_counter()
        for share in self._fill(tiles):
            due = share < 1.0 and time.perf_counter() - shown > SHOW_EVERY
            yield self._frame(tiles, share) if due else None
            shown = time.perf_counter() if due else shown
        yield self._frame(tiles, 1.0)

    def _fill(self, tiles: Tiles) -> Iterator[float]:
        """Compute the tiles, as many in a call as its time allows; yield the share that is done."""
        at = 0
        kind = ("fractal", self.problem.trees, self.layout)
        while at < len(tiles):
            count = min(len(tiles) - at, CALL, batching.batch_size(kind, 16 * BLOCK))
            with batching.record_duration(kind, count, lambda: 16 * BLOCK):
                tiles.put(at, count, *self._call(tiles, at, count))
            at += count
            yield at / len(tiles)

    def _call(self, tiles: Tiles, first: int, count: int) -> tuple[NDArray[np.int16], NDArray[np.float32]]:
        ended = fractal(self.layout, self.problem.trees, spread(self.layout, first, count), self._field(tiles))
        labels, counts = (gather(self.layout, array, count) for array in ended[:2])
        new = labels == ELSEWHERE
        if new.any():
            x, y = (gather(self.layout, array, count)[new] for array in ended[2:])
            labels = labels.copy()
            labels[new] = self.roots.named(np.stack([x, y], axis=1))
        return labels, counts

    def _field(self, tiles: Tiles) -> Field:
        """The Field of these tiles, transferred to the devices once, and again when a new root was found."""
        key = (id(tiles), len(self.roots.points))
        if self.shared is None or self.shared[0] != key:
            table = np.full((TABLE, 2), np.inf)
            known = self.roots.points[:TABLE]
            table[: len(known)] = known
            settings = np.float64(self.request.damping), np.int32(self.request.max_steps)
            parameters = tuple(np.float64(value) for value in self.problem.parameters)
            made = Field(parameters, tiles.xs, tiles.ys, np.int32(tiles.across), table, *settings)
            if not self.layout.is_default_device:
                everywhere = jax.sharding.NamedSharding(self.layout.mesh, jax.sharding.PartitionSpec())
                made = jax.device_put(made, everywhere)
            self.shared = key, made
        return self.shared[1]

    def _frame(self, tiles: Tiles, progress: float) -> NewtonFractalFrame:
        return NewtonFractalFrame(
            request=self.request,
            roots=self.roots.points,
            device=devices.describe(),
            seconds=time.perf_counter() - self.began,
            progress=progress,
            done=progress == 1.0,
            labels=tiles.pictures[0].astype(np.int16),
            counts=tiles.pictures[1].copy(),
        )


@dataclass(frozen=True)
class EquationCurveRequest:
    """The graph of an equation of one real variable over the columns of a view, and the basins of Newton's method along its axis.

    Fields and errors as in a NewtonFractalRequest.
    """

    grid: Grid
    equations: str = "cubic-unity"
    damping: float = 1.0
    max_steps: int = 50
    parameters: Pairs = ()

    def __post_init__(self) -> None:
        equations = find_equations(self.equations)
        object.__setattr__(self, "equations", equations.name)
        object.__setattr__(self, "parameters", equations.completed(self.parameters))
        if equations.kind != REAL:
            raise ValueError(f"{equations.called} is not of one real variable; a fractal is drawn of it")
        validation.positive("damping", self.damping, 2.0)
        validation.count("max_steps", self.max_steps, 1, 1000)

    def frames(self) -> Iterator["EquationCurveFrame"]:
        """One frame."""
        equations = find_equations(self.equations)
        problem = equations.at(self.parameters)
        x = self.grid.column_values()
        roots = Roots(equations, problem)
        ends = follow(problem, x[:, None], self.damping, self.max_steps)
        labels = ends.labels.copy()
        found = labels == ELSEWHERE
        if found.any():
            labels[found] = roots.named(ends.places[found])
        yield EquationCurveFrame(self, x, problem.values(x), roots.points[:, 0], labels, ends.counts, True)


@dataclass(frozen=True, eq=False)
class EquationCurveFrame:
    """The graph: x and f(x), the roots in the order of their labels, and the label and smooth number of steps of each column."""

    request: EquationCurveRequest
    x: Floats = field(repr=False)
    values: Floats = field(repr=False)
    roots: Floats = field(repr=False)
    labels: NDArray[np.int16] = field(repr=False)
    counts: NDArray[np.float32] = field(repr=False)
    done: bool
