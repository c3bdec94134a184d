"""The plane of two parameters of an equation in z: where the free critical point of Newton's map converges to a root.

Each attracting cycle of the map attracts a critical point other than the roots, so that where the only one converges almost all initial
points do, and where it does not, small Mandelbrot sets appear (J. H. Curry, L. Garnett and D. Sullivan, Commun. Math. Phys. 91 (1983)).
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from kernels.equations.fractal import PIXEL
from kernels.equations.fractal_kernel import Field, fractal
from kernels.equations.registry import find_equations
from kernels.equations.system import COMPLEX, Equations, Trees
from kernels.execution import devices
from kernels.formulas import REMEMBERED, derivative
from kernels.geometry import Grid
from kernels.labelled import PICTURE, Labelled
from kernels.newton import TiledPicture, Tiles, check_pixels, check_steps
from kernels.parameters import Pairs
from kernels.types import Array, Floats

SAMPLES = 8
"""Number of random parameters and points at which the second derivative is looked at."""


@dataclass(frozen=True)
class NewtonFamilyRequest:
    """What the free critical point of Newton's map comes to, over the plane of the first two parameters of an equation in z.

    Raises ValueError, in one line, where a field is out of its domain, or where Newton's map has no single free critical point.

    Attributes:
        grid: the view; columns are values of the first parameter, rows of the second one.
        equations: a name of the library, or the text of an equation in z, such as z^3 + (a + b*i - 1)*z - a - b*i.
        max_steps: number of steps, not scaled, after which a pixel is unresolved.
        parameters: values of the further parameters; those of the first two are not used.

    """

    cut_along: ClassVar[tuple[str, ...]] = PICTURE

    grid: Grid
    equations: str = "cubic-family"
    max_steps: int = 200
    parameters: Pairs = ()

    def __post_init__(self) -> None:
        equations = find_equations(self.equations)
        check_family(equations)
        object.__setattr__(self, "equations", equations.name)
        object.__setattr__(self, "parameters", equations.completed(self.parameters))
        check_steps(1.0, self.max_steps)
        check_pixels(self.grid, PIXEL)

    def frames(self) -> Iterator["NewtonFamilyFrame | None"]:
        """Frames of the picture, coarse first; None where the caller may stop. No step takes longer than about 50 ms."""
        return _Picture(self).frames()


@dataclass(frozen=True, eq=False)
class NewtonFamilyFrame(Labelled, labels=PICTURE, counts=PICTURE):
    """The picture so far.

    Attributes:
        labels: 0 where the critical point converges to a root, else UNRESOLVED, DIVERGED, SINGULAR, OUTSIDE or CYCLE; int16, shape
            (rows, columns), top row first.
        counts: number of steps, which is smooth where it converges; float32, same shape.
        progress: share of the picture that is done, in [0, 1].
        seconds: since the request was begun.

    """

    request: NewtonFamilyRequest
    device: str
    seconds: float
    progress: float
    done: bool
    labels: NDArray[np.int16] = field(repr=False)
    counts: NDArray[np.float32] = field(repr=False)

    @property
    def axes(self) -> tuple[str, str]:
        """The two parameters."""
        first, second, *_ = find_equations(self.request.equations).parameters
        return first.name, second.name


class _Picture(TiledPicture["NewtonFamilyFrame", Field]):
    """The computation of one request."""

    dtype = np.float32

    def __init__(self, request: NewtonFamilyRequest) -> None:
        self.request, self.problem = request, find_equations(request.equations).at(request.parameters)
        super().__init__(request.grid, ("family", self.problem.trees))

    def known(self) -> Floats:
        """None: limits are not told apart."""
        return np.empty((0, 2))

    def named(self, places: Floats) -> NDArray[np.int16]:
        """0 of each limit."""
        return np.zeros(len(places), np.int16)

    def shared(self, tiles: Tiles, table: Floats) -> Field:
        """The Field of these tiles."""
        parameters = tuple(np.float64(value) for value in self.problem.parameters)
        return Field(parameters, tiles.xs, tiles.ys, np.int32(tiles.across), table, np.float64(1.0), np.int32(self.request.max_steps))

    def kernel(self, numbers: Array, shared: Field) -> tuple[Array, Array, Array, Array]:
        """Outcomes of the tiles with these numbers."""
        return fractal(self.layout, self.problem.trees, numbers, shared, True)

    def frame(self, tiles: Tiles, progress: float) -> NewtonFamilyFrame:
        """The picture so far."""
        labels, counts = tiles.pictures[0].astype(np.int16), tiles.pictures[1].copy()
        return NewtonFamilyFrame(self.request, devices.describe(), self.seconds, progress, progress == 1.0, labels, counts)


def check_family(equations: Equations) -> None:
    """Raise ValueError, in one line, where equations are not a family in z with a single free critical point.

    It is the zero of f″ where that is linear in z, as of a cubic; else 0 where f″(0) is zero for all parameters, as of z^n + a z + b.
    """
    if equations.kind != COMPLEX or len(equations.parameters) < 2:
        raise ValueError(
            f"{equations.called} is not a family in z with two parameters, the parts of a complex one; "
            "write one such as z^3 + (a + b*i - 1)*z - a - b*i"
        )
    if not _has_one_critical_point(equations.trees):
        raise ValueError(
            f"the second derivative of {equations.called} is neither linear in z nor zero at z = 0, so there is no single free critical "
            "point to follow; take a cubic in z, or z^n + a*z + b"
        )


@lru_cache(maxsize=REMEMBERED)
def _has_one_critical_point(trees: Trees) -> bool:
    """Whether f″ is linear in z, or zero at 0, at random parameters."""
    random = np.random.default_rng(0)
    values = random.uniform(0.5, 2.0, (len(trees.parameters), SAMPLES))
    z = random.uniform(-2, 2, SAMPLES) + 1j * random.uniform(-2, 2, SAMPLES)
    places = (derivative(derivative(trees.second, "z"), "z"), z), (trees.second, np.zeros(SAMPLES, complex))
    with np.errstate(all="ignore"):
        bends = [trees.evaluate("numpy", (tree,), (place,), tuple(values))[0] for tree, place in places]
    return any(bool((np.abs(bend) < 1e-9).all()) for bend in bends)


def is_family(equations: Equations) -> bool:
    """Whether equations are a family whose plane of parameters can be drawn."""
    try:
        check_family(equations)
    except ValueError:
        return False
    return True
