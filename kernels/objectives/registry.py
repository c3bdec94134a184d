"""The registry of objectives Rⁿ → R: function, initial point, known stationary points, initial view, meaning and reference.

JAX provides all derivatives. To add an objective, write its function in `functions` and add an entry to the tuple at the end: the
window, the command and the tests include it.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from kernels.geometry import Viewport
from kernels.objectives import functions, squares
from kernels.objectives.functions import DEGENERATE, MAXIMUM, MINIMUM, SADDLE, Bound, Point, Points, StationaryPoint
from kernels.parameters import Given, Parameter, Parametrised
from kernels.types import Array
from kernels.validation import grouped

MOST_DIMENSION = 2_000_000
"""The longest start."""


@dataclass(frozen=True)
class Objective(Parametrised):
    """An objective: `function(x, *parameters)` is a scalar for x of shape (n,).

    Attributes:
        formula: the function in mathematical notation.
        dimension: the number of variables n, its default if `any_dimension`; then n may be any number from `least` on.
        start: the standard initial point as a function of n.
        points: known stationary points as a function of n and the parameters; there may be others.
        goal: whether it is usually minimised or maximised.
        view: initial view of the first two coordinates, or of x and f(x) for n = 1; levels: `log` or `linear`, for its contour lines.
        step: a suitable step size of the gradient method.
        squares: where it is a sum of squares Σ w r², the function `(x, *parameters)` that returns weights and residuals.
        meaning, reference: one sentence each.

    """

    sort = "objective"

    name: str
    title: str
    formula: str
    function: Callable[..., Array]
    dimension: int
    start: Callable[[int], Point]
    points: Points
    view: Viewport
    levels: str
    step: float
    meaning: str
    reference: str
    domain: str = "all of Rⁿ"
    goal: str = MINIMUM
    any_dimension: bool = False
    least: int = 1
    parameters: tuple[Parameter, ...] = ()
    squares: Callable[..., tuple[Array, Array]] | None = None

    def at(self, given: Given = ()) -> Bound:
        """The function with these parameters bound, defaults for missing ones. Raises ValueError on an unknown name."""
        return Bound(self.function, tuple(np.float64(value) for value in self.values(dict(given))), self.squares)

    def known(self, n: int, given: Given = ()) -> tuple[StationaryPoint, ...]:
        """Known stationary points in n variables at these parameters, defaults for missing ones."""
        return self.points(n, *self.values(dict(given)))

    def check_dimension(self, n: int) -> int:
        """Return `n`. Raises ValueError if the objective is not defined for n variables."""
        if not self.any_dimension and n != self.dimension:
            raise ValueError(f"a point with {n} coordinates does not fit {self.called}; give {self.dimension}")
        if not self.least <= n <= MOST_DIMENSION:
            raise ValueError(f"{n} coordinates are out of range for {self.called}; give from {self.least} to {grouped(MOST_DIMENSION)}")
        return n


def _view(left: str, right: str, bottom: str, top: str) -> Viewport:
    return Viewport.from_limits(left, right, bottom, top)


_MORE = "J. J. Moré, B. S. Garbow and K. E. Hillstrom, Testing unconstrained optimization software, ACM TOMS 7 (1981)"
_JAMIL = "M. Jamil and X.-S. Yang, A literature survey of benchmark functions, IJMMNO 4 (2013)"
_DENNIS = "J. E. Dennis and R. B. Schnabel, Numerical Methods for Unconstrained Optimization (1983)"

_OBJECTIVES = (
    Objective(
        name="quadratic",
        title="Quadratic (post)",
        formula="2 − 3(x − 3)² − 4(x − 3)(y − 7) − 7(y − 7)²",
        function=functions.quadratic,
        dimension=2,
        start=functions.at(0.0, 0.0),
        points=functions.known((MAXIMUM, (3, 7))),
        view=_view("-4", "10", "-1", "11"),
        levels="log",
        step=0.05,
        goal=MAXIMUM,
        meaning="Maximum 2 at (3, 7). Newton's method reaches it in one step from any initial point, conjugate gradients in two.",
        reference="Fun with Jax, the post that this program grew out of",
    ),
    Objective(
        name="rosenbrock",
        title="Rosenbrock",
        formula="Σ b (xᵢ₊₁ − xᵢ²)² + (a − xᵢ)²",
        function=functions.rosenbrock,
        squares=squares.rosenbrock,
        parameters=(
            Parameter("a", 1.0, -2.0, 2.0, "position of the minimum"),
            Parameter("b", 100.0, 0.0, 200.0, "steepness of the valley's sides"),
        ),
        dimension=2,
        any_dimension=True,
        least=2,
        start=functions.repeated(-1.2, 1.0),
        points=functions.rosenbrock_points,
        view=_view("-2", "2", "-1", "3"),
        levels="log",
        step=0.001,
        meaning="A curved valley with a flat floor and its minimum at (a, a²). With more variables the valleys are chained and other"
        " minima exist; from the standard initial point the variables converge one after another, in 1.5 to 2 n iterations.",
        reference=f"H. H. Rosenbrock, Computer J. 3 (1960); {_MORE}",
    ),
    Objective(
        name="himmelblau",
        title="Himmelblau",
        formula="(x² + y − 11)² + (x + y² − 7)²",
        function=functions.himmelblau,
        squares=squares.himmelblau,
        dimension=2,
        start=functions.at(1.0, 1.0),
        points=functions.known(
            (MINIMUM, (3, 2)),
            (MINIMUM, (-2.805118086952745, 3.131312518250573)),
            (MINIMUM, (-3.779310253377747, -3.2831859912861696)),
            (MINIMUM, (3.5844283403304917, -1.8481265269644036)),
            (MAXIMUM, (-0.2708445906673476, -0.9230385564799815)),
            (SADDLE, (-3.0730257507643897, -0.08135304428796751)),
            (SADDLE, (-0.12796134673068005, -1.9537149802445766)),
            (SADDLE, (0.08667750455539636, 2.8842547011747763)),
            (SADDLE, (3.385154183607021, 0.0738518798377493)),
        ),
        view=_view("-6", "6", "-6", "6"),
        levels="log",
        step=0.01,
        meaning="Four minima of the same depth, four saddles between them and a maximum in the middle.",
        reference="D. M. Himmelblau, Applied Nonlinear Programming (1972)",
    ),
    Objective(
        name="beale",
        title="Beale",
        formula="(1.5 − x + xy)² + (2.25 − x + xy²)² + (2.625 − x + xy³)²",
        function=functions.beale,
        squares=squares.beale,
        dimension=2,
        start=functions.at(1.0, 1.0),
        points=functions.known((MINIMUM, (3, 0.5)), (SADDLE, (0, 1)), (SADDLE, (0.10053793732415843, -2.6445135850231245))),
        view=_view("-4.5", "4.5", "-4.5", "4.5"),
        levels="log",
        step=0.001,
        meaning="From the standard initial point Newton's first step leads to a saddle and stays there.",
        reference=_MORE,
    ),
    Objective(
        name="booth",
        title="Booth",
        formula="(x + 2y − 7)² + (2x + y − 5)²",
        function=functions.booth,
        squares=squares.booth,
        dimension=2,
        start=functions.at(0.0, 0.0),
        points=functions.known((MINIMUM, (1, 3))),
        view=_view("-10", "10", "-10", "10"),
        levels="log",
        step=0.05,
        meaning="A convex quadratic: one full Newton step reaches the minimum from any initial point.",
        reference=_JAMIL,
    ),
    Objective(
        name="wood",
        title="Wood",
        formula="100(b − a²)² + (1 − a)² + 90(d − c²)² + (1 − c)² + 10.1((1 − b)² + (1 − d)²) + 19.8(1 − b)(1 − d)",
        function=functions.wood,
        squares=squares.wood,
        dimension=4,
        start=functions.at(-3.0, -1.0, -3.0, -1.0),
        points=functions.known(
            (MINIMUM, (1, 1, 1, 1)),
            (SADDLE, (-0.9679740249375934, 0.9471391408178425, -0.9695163103315908, 0.9512476657923247)),
            (SADDLE, (-0.031251023394335956, 0.1659713868557831, -0.031258171023264066, 0.18426393469672842)),
        ),
        view=_view("-4", "3", "-2", "5"),
        levels="log",
        step=0.0005,
        meaning="Two coupled valleys; full Newton steps from the standard initial point converge to a saddle.",
        reference=_MORE,
    ),
    Objective(
        name="powell-singular",
        title="Powell singular",
        formula="(a + 10b)² + 5(c − d)² + (b − 2c)⁴ + 10(a − d)⁴",
        function=functions.powell_singular,
        squares=squares.powell_singular,
        dimension=4,
        start=functions.at(3.0, -1.0, 0.0, 1.0),
        points=functions.known((DEGENERATE, (0, 0, 0, 0))),
        view=_view("-4", "4", "-2", "2"),
        levels="log",
        step=0.002,
        meaning="The Hessian is singular at the minimum, so the error of Newton's method only shrinks by a factor of 2/3 per step.",
        reference=_MORE,
    ),
    Objective(
        name="freudenstein-roth",
        title="Freudenstein–Roth",
        formula="(−13 + x + ((5 − y)y − 2)y)² + (−29 + x + ((y + 1)y − 14)y)²",
        function=functions.freudenstein_roth,
        squares=squares.freudenstein_roth,
        dimension=2,
        start=functions.at(0.5, -2.0),
        points=functions.known(
            (MINIMUM, (5, 4)),
            (MINIMUM, (11.412778986902094, -0.8968052532744765)),
            (SADDLE, (23.92055434643124, 2.23013858660781)),
        ),
        view=_view("-5", "30", "-4", "6"),
        levels="log",
        step=0.0005,
        meaning="Two minima far apart, of which only (5, 4) is the global one.",
        reference=_MORE,
    ),
    Objective(
        name="brown-badly-scaled",
        title="Brown, badly scaled",
        formula="(x − 10⁶)² + (y − 2·10⁻⁶)² + (xy − 2)²",
        function=functions.brown_badly_scaled,
        squares=squares.brown_badly_scaled,
        dimension=2,
        start=functions.at(1.0, 1.0),
        points=functions.known((MINIMUM, (1e6, 2e-6))),
        view=_view("-200000", "1400000", "-0.5", "1.5"),
        levels="log",
        step=1e-13,
        meaning="The minimum is (10⁶, 2·10⁻⁶). From (1, 1) Newton's method takes more than a hundred full steps, with line search"
        " six; gradient descent makes hardly any progress.",
        reference=_MORE,
    ),
    Objective(
        name="rastrigin",
        title="Rastrigin",
        formula="10 n + Σ xᵢ² − 10 cos 2πxᵢ",
        function=functions.rastrigin,
        squares=squares.rastrigin,
        dimension=2,
        any_dimension=True,
        start=functions.repeated(0.9, -1.1),
        points=functions.rastrigin_points,
        view=_view("-5.12", "5.12", "-5.12", "5.12"),
        levels="linear",
        step=0.002,
        meaning="Many local minima: a stationary point near every half-integer; Newton's method converges to a near or a distant one.",
        reference=_JAMIL,
    ),
    Objective(
        name="square-root",
        title="√(1 + x²)",
        formula="√(1 + x²)",
        function=functions.root,
        dimension=1,
        start=functions.at(0.9),
        points=functions.known((MINIMUM, (0,))),
        view=_view("-3", "3", "0", "3.5"),
        levels="linear",
        step=0.5,
        meaning="A full Newton step maps x to −x³: it converges cubically for |x| < 1 and diverges for |x| > 1, although f is convex.",
        reference=_DENNIS,
    ),
    Objective(
        name="quartic",
        title="x⁴",
        formula="x⁴",
        function=functions.quartic,
        squares=squares.quartic,
        dimension=1,
        start=functions.at(1.0),
        points=functions.known((DEGENERATE, (0,))),
        view=_view("-1.5", "1.5", "-0.5", "3"),
        levels="linear",
        step=0.05,
        meaning="f″ vanishes at the minimum, so each Newton step only multiplies x by 2/3.",
        reference=_DENNIS,
    ),
    Objective(
        name="double-well",
        title="Double well",
        formula="x⁴/4 − a x²/2",
        function=functions.double_well,
        parameters=(Parameter("a", 1.0, -1.0, 1.5, "position of the minima, ±√a"),),
        dimension=1,
        start=functions.at(0.5),
        points=functions.double_well_points,
        view=_view("-2", "2", "-0.6", "1"),
        levels="linear",
        step=0.2,
        meaning="Two minima, ±√a, with a maximum between them; full Newton steps from √(a/5) alternate between ±√(a/5).",
        reference=_DENNIS,
    ),
    Objective(
        name="ill-conditioned",
        title="Ill-conditioned quadratic",
        formula="½ Σ κⁱ⁄⁽ⁿ⁻¹⁾ xᵢ², i = 0 … n − 1",
        function=functions.ill_conditioned,
        squares=squares.ill_conditioned,
        parameters=(Parameter("kappa", functions.CONDITION, 1.0, 1000.0, "condition number of the Hessian", "κ"),),
        dimension=2,
        any_dimension=True,
        start=functions.repeated(1.0),
        points=functions.ill_conditioned_points,
        view=_view("-1.5", "1.5", "-1.5", "1.5"),
        levels="log",
        step=0.001,
        meaning="Newton's method takes one full step; gradient descent zigzags; conjugate gradients need more steps for larger n and κ.",
        reference="J. Nocedal and S. J. Wright, Numerical Optimization (2006), chapter 5",
    ),
)

OBJECTIVES: dict[str, Objective] = {o.name: o for o in _OBJECTIVES}
"""All objectives by name."""
