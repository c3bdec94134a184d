"""Equations to be solved: f(x) = 0 in one variable, two equations in x and y, or f(z) = 0 in a complex z.

They are formulas. Their derivatives are formulas too, found symbolically, so that a single run needs no compilation: it is evaluated
in NumPy, point by point; the fractal evaluates the same formulas in JAX.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kernels.equations.complex_pairs import Pair, PairEvaluation
from kernels.formulas import Evaluation, Expression, Node, derivative
from kernels.geometry import Viewport
from kernels.parameters import Given, Parameter, Parametrised

REAL, PLANE, COMPLEX = "real", "plane", "complex"
"""Kinds: one real variable, two real variables, one complex variable."""

VARIABLES = {REAL: ("x",), PLANE: ("x", "y"), COMPLEX: ("z",)}

IMAGINARY = "i"
"""The imaginary unit's name in equations in z."""

Numbers = NDArray[Any]
"""A point or a residual: float64 of shape (n,), or complex128 of shape (1,) in a complex variable."""

JOINT = "; "
"""Between two equations in a name."""


@dataclass(frozen=True)
class Trees:
    """The formulas of equations and of their derivatives; static in the kernels, and compiled once for equal formulas.

    `functions`: the left-hand sides; `jacobian`: rows of their derivatives by the variables; `second`: of one variable the second
    derivative.
    """

    source: str
    kind: str
    parameters: tuple[str, ...]
    functions: tuple[Node, ...] = field(compare=False, repr=False)

    @cached_property
    def jacobian(self) -> tuple[tuple[Node, ...], ...]:
        """The derivatives, a row for each equation."""
        return tuple(tuple(derivative(tree, name) for name in VARIABLES[self.kind]) for tree in self.functions)

    @cached_property
    def second(self) -> Node:
        """The second derivative of the only equation."""
        return derivative(self.jacobian[0][0], VARIABLES[self.kind][0])

    @property
    def cost(self) -> float:
        """Approximate cost relative to a typical map; marks the kernels that belong to a formula."""
        return max(1.0, len(self.source) / 10)

    def evaluate(self, library: str, trees: Sequence[Node], variables: Sequence[Any], parameters: Sequence[Any]) -> list[Any]:
        """Values of `trees` in "numpy" or "jax", elementwise; in JAX the complex variable and values are each a Pair."""
        pairs = library == "jax" and self.kind == COMPLEX
        unit = {IMAGINARY: Pair(0.0, 1.0) if pairs else 1j}
        values = dict(zip((*VARIABLES[self.kind], *self.parameters), (*variables, *parameters), strict=True)) | unit
        made = PairEvaluation if pairs else Evaluation
        return [made(library, values, values).real(tree) for tree in trees]


@dataclass(frozen=True)
class Equations(Parametrised):
    """An entry of the library, or equations that were typed.

    Attributes:
        formula: in mathematical notation, with "= 0".
        expressions: the parsed left-hand sides, one or two.
        kind: REAL, PLANE or COMPLEX.
        start: the usual initial point: one number, or two, which in a complex variable are the real and the imaginary part.
        view: initial view of x and f(x), of the plane, or of the complex plane.
        steps: number of steps that suffices for usual runs.
        meaning, reference: one sentence each.

    """

    sort = "equation"

    name: str
    title: str
    formula: str
    expressions: tuple[Expression, ...] = field(repr=False)
    kind: str
    start: tuple[float, ...]
    view: Viewport
    meaning: str
    reference: str
    parameters: tuple[Parameter, ...] = ()

    @cached_property
    def trees(self) -> Trees:
        """The formulas and their derivatives."""
        source = JOINT.join(expression.source for expression in self.expressions)
        trees = tuple(expression.rule.tree for expression in self.expressions)
        return Trees(source, self.kind, tuple(p.name for p in self.parameters), trees)

    @property
    def coordinates(self) -> int:
        """Number of real coordinates of a point."""
        return 1 if self.kind == REAL else 2

    def at(self, given: Given = ()) -> "Problem":
        """The equations with these parameters, defaults for missing ones. Raises ValueError on an unknown name."""
        return Problem(self.trees, self.values(dict(given)))

    def texts(self) -> tuple[str, ...]:
        """The left-hand sides as plain text."""
        return tuple(expression.source for expression in self.expressions)


@dataclass(frozen=True)
class Problem:
    """Equations with values of their parameters, evaluated in float64 or complex128 at one point, or elementwise at many."""

    trees: Trees
    parameters: tuple[float, ...]

    def point(self, coordinates: Sequence[float]) -> Numbers:
        """The point of these real coordinates."""
        return np.array([complex(*coordinates)]) if self.trees.kind == COMPLEX else np.array(coordinates, np.float64)

    def coordinates(self, points: Numbers) -> NDArray[np.float64]:
        """The real coordinates of points, along the last axis."""
        return np.stack([points[..., 0].real, points[..., 0].imag], axis=-1) if self.trees.kind == COMPLEX else points

    def value(self, x: Numbers) -> Numbers:
        """The left-hand sides at x, shape (n,)."""
        return self._at(self.trees.functions, x)

    def jacobian(self, x: Numbers) -> Numbers:
        """The Jacobian matrix at x, shape (n, n)."""
        return np.array([self._at(row, x) for row in self.trees.jacobian])

    def second(self, x: Numbers) -> Any:
        """The second derivative at x of the only equation."""
        return self._at((self.trees.second,), x)[0]

    @np.errstate(all="ignore")
    def values(self, places: NDArray[Any]) -> NDArray[Any]:
        """The only equation's left-hand side at many places. Same shape."""
        return np.broadcast_to(self.trees.evaluate("numpy", self.trees.functions, (places,), self.parameters)[0], places.shape)

    @np.errstate(all="ignore")
    def _at(self, trees: Sequence[Node], x: Numbers) -> Numbers:
        return np.array(self.trees.evaluate("numpy", trees, tuple(x), self.parameters), x.dtype)

    def correction(self, x: Numbers, value: Numbers) -> Numbers | None:
        """Newton's step at x, -J⁻¹ f; None where the Jacobian is singular to rounding or not finite."""
        jacobian = self.jacobian(x)
        if not np.isfinite(jacobian).all():
            return None
        with np.errstate(all="ignore"):
            if len(x) == 1:
                step = -value / jacobian[0]
            else:
                (a, b), (c, d) = jacobian
                determinant = a * d - b * c
                largest = max(abs(a * d), abs(b * c))
                if not abs(determinant) > SINGULAR * largest:
                    return None
                step = np.array([b * value[1] - d * value[0], c * value[0] - a * value[1]]) / determinant
        return step if np.isfinite(step).all() else None


SINGULAR = 1e-15
"""A determinant below this, relative to its products, is rounding."""
