"""Newton fractals: each pixel of a view is an initial point, labelled by the root that it comes to.

They are computed as the basins of an objective are.
"""

from collections.abc import Generator, Iterator
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import NDArray

from kernels.equations.attraction import Roots, follow
from kernels.equations.critical import critical_orbits
from kernels.equations.fractal_kernel import Field, fractal
from kernels.equations.registry import find_equations
from kernels.equations.system import COMPLEX, REAL, Equations
from kernels.execution import batching, devices
from kernels.geometry import Grid
from kernels.labelled import CURVE, PICTURE, SHARED, Labelled
from kernels.newton import ELSEWHERE, TiledPicture, Tiles, check_pixels, check_steps
from kernels.parameters import Pairs
from kernels.types import Array, Floats

PIXEL = 12
"""Bytes for each pixel of the picture and of the copy that is shown."""


@dataclass(frozen=True)
class _AttractionRequest:
    """The fields of both requests, and their checks."""

    grid: Grid
    equations: str
    damping: float = 1.0
    max_steps: int = 50
    parameters: Pairs = ()

    def __post_init__(self) -> None:
        equations = find_equations(self.equations)
        object.__setattr__(self, "equations", equations.name)
        object.__setattr__(self, "parameters", equations.completed(self.parameters))
        self._check(equations)
        check_steps(self.damping, self.max_steps)

    def _check(self, equations: Equations) -> None:
        raise NotImplementedError


@dataclass(frozen=True)
class NewtonFractalRequest(_AttractionRequest):
    """The roots that Newton's method comes to, with steps scaled by `damping`, from all points of a view of the plane.

    Raises ValueError, in one line, where a field is out of its domain.

    Attributes:
        grid: the view; its pixels are the initial points, in a complex variable with the imaginary part upwards.
        equations, parameters, damping: as in an EquationRequest; not of one real variable.
        max_steps: number of steps after which an initial point is unresolved.
        critical: whether the orbits of the critical points are wanted too, in a complex variable.
        roots: those that labels count, None for all that are found; what comes to another one is then labelled ELSEWHERE.

    """

    cut_along: ClassVar[tuple[str, ...]] = PICTURE

    equations: str = "unity-3"
    critical: bool = False
    roots: tuple[tuple[float, float], ...] | None = field(default=None, repr=False, metadata=SHARED)

    def _check(self, equations: Equations) -> None:
        if equations.kind == REAL:
            raise ValueError(f"{equations.called} has one real variable, and fractals are drawn of the plane; use z for x, such as z^3 - 1")
        if self.critical and equations.kind != COMPLEX:
            raise ValueError(f"{equations.called} is not in a complex variable, and critical points are found of such; leave critical out")
        check_pixels(self.grid, PIXEL)

    def frames(self) -> Iterator["NewtonFractalFrame | None"]:
        """Frames of the picture, coarse first; None where the caller may stop. No step takes longer than about 50 ms."""
        return _Picture(self).frames()

    def prepared(self, grid: Grid) -> Generator[None, None, Self]:
        """Returns the request for parts of `grid`, whose labels count the roots that are found from a few points of all of it."""
        frame: Any = yield from batching.last_of(replace(self, grid=grid.overview).frames())
        return replace(self, roots=tuple((x, y) for x, y in frame.roots.tolist()))


@dataclass(frozen=True, eq=False)
class NewtonFractalFrame(Labelled, labels=PICTURE, counts=PICTURE, roots=("root", "coordinate")):
    """The picture so far.

    Attributes:
        roots: the roots in the order of their labels, shape (roots, 2).
        labels: for each pixel the index of its root, or UNRESOLVED, DIVERGED, SINGULAR, OUTSIDE, ELSEWHERE or CYCLE; int16, shape (rows,
            columns), top row first. Pixels that are not computed yet have the value of a neighbour.
        counts: number of steps, which is smooth where they converge; float32, same shape.
        progress: share of the picture that is done, in [0, 1].
        seconds: since the request was begun.
        critical_orbits: of the critical points, if they are wanted; each of shape (k + 1, 2).

    """

    request: NewtonFractalRequest
    roots: Floats = field(repr=False)
    device: str
    seconds: float
    progress: float
    done: bool
    labels: NDArray[np.int16] = field(repr=False)
    counts: NDArray[np.float32] = field(repr=False)
    critical_orbits: tuple[Floats, ...] = field(default=(), repr=False)


class _Picture(TiledPicture["NewtonFractalFrame", Field]):
    """The computation of one request."""

    dtype = np.float32

    def __init__(self, request: NewtonFractalRequest) -> None:
        equations = find_equations(request.equations)
        self.request, self.problem = request, equations.at(request.parameters)
        self.roots = Roots(equations, self.problem, request.roots)
        self.critical: tuple[Floats, ...] = ()
        if request.critical:
            self.critical = critical_orbits(self.problem, equations.view, request.damping, request.max_steps)
        super().__init__(request.grid, ("fractal", self.problem.trees))

    def known(self) -> Floats:
        """The roots known so far."""
        return self.roots.points

    def named(self, places: Floats) -> NDArray[np.int16]:
        """Labels of the roots near these places."""
        return self.roots.named(places)

    def shared(self, tiles: Tiles, table: Floats) -> Field:
        """The Field of these tiles."""
        parameters = tuple(np.float64(value) for value in self.problem.parameters)
        settings = np.float64(self.request.damping), np.int32(self.request.max_steps)
        return Field(parameters, tiles.xs, tiles.ys, np.int32(tiles.across), table, *settings)

    def kernel(self, numbers: Array, shared: Field) -> tuple[Array, Array, Array, Array]:
        """Outcomes of the tiles with these numbers."""
        return fractal(self.layout, self.problem.trees, numbers, shared)

    def frame(self, tiles: Tiles, progress: float) -> NewtonFractalFrame:
        """The picture so far."""
        return NewtonFractalFrame(
            request=self.request,
            roots=self.roots.points,
            device=devices.describe(),
            seconds=self.seconds,
            progress=progress,
            done=progress == 1.0,
            labels=tiles.pictures[0].astype(np.int16),
            counts=tiles.pictures[1].copy(),
            critical_orbits=self.critical,
        )


@dataclass(frozen=True)
class EquationCurveRequest(_AttractionRequest):
    """The graph of an equation of one real variable over the columns of a view, and the basins of Newton's method along its axis.

    Fields and errors as in a NewtonFractalRequest.
    """

    equations: str = "cubic-unity"

    def _check(self, equations: Equations) -> None:
        if equations.kind != REAL:
            raise ValueError(f"{equations.called} is not of one real variable; a fractal is drawn of it")

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
class EquationCurveFrame(Labelled, values=CURVE, labels=CURVE, counts=CURVE, roots=("root",)):
    """The graph: x and f(x), the roots in the order of their labels, and the label and smooth number of steps of each column."""

    request: EquationCurveRequest
    x: Floats = field(repr=False)
    values: Floats = field(repr=False)
    roots: Floats = field(repr=False)
    labels: NDArray[np.int16] = field(repr=False)
    counts: NDArray[np.float32] = field(repr=False)
    done: bool
