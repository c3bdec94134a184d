"""The registry of methods. To add one, write its class in a module of this package and add an entry to the tuple below."""

from collections.abc import Callable
from dataclasses import dataclass

from kernels.newton.solvers.base import Solver
from kernels.newton.solvers.conjugate_gradients import NonlinearCG
from kernels.newton.solvers.damped import DampedNewton
from kernels.newton.solvers.gradient import Gradient, GradientNewtonStep
from kernels.newton.solvers.least_squares import GaussNewton, LevenbergMarquardt
from kernels.newton.solvers.momentum import Adam, HeavyBall, Nesterov
from kernels.newton.solvers.nelder_mead import NelderMead
from kernels.newton.solvers.newton import Newton
from kernels.newton.solvers.newton_cg import NewtonCG
from kernels.newton.solvers.quasi_newton import BFGS, LBFGS
from kernels.newton.solvers.trust_region import TrustRegion
from kernels.objectives import Objective


@dataclass(frozen=True)
class Method:
    """A method for finding stationary points.

    Attributes:
        name, title, meaning: identifier, title and one sentence.
        solver: `solver(descend, kept, paths)` makes the solver. `descend`: whether the goal is a minimum or maximum rather than any
            stationary point; `kept`: number of inner residuals to store; `paths`: whether to store the inner iterates too.
        settings: names of the request's fields that the method uses.
        downhill: whether it always pursues the goal; for any stationary point, the objective's usual goal.
        one_dimensional: whether it is for n = 1 only.
        for_squares: whether it is for the minimum of a sum of squares only.
        rival: whether it is a rival of Newton's method, rather than a form of it.

    """

    name: str
    title: str
    meaning: str
    solver: Callable[[bool, int, bool], Solver]
    settings: tuple[str, ...]
    downhill: bool = False
    one_dimensional: bool = False
    for_squares: bool = False
    rival: bool = False

    def misfit(self, objective: Objective, n: int) -> str:
        """Why it cannot be used for this objective of n variables; empty if it can."""
        if self.one_dimensional and n != 1:
            return f"{self.name} is for one variable, and {objective.called} has {n}; use newton"
        if self.for_squares and objective.squares is None:
            example = "such as (1 - x)^2 + (y - x^2)^2"
            return f"{self.name} is for sums of squares, and {objective.called} is not written as one, {example}; use damped-newton or bfgs"
        return ""


def _rival(name: str, title: str, meaning: str, solver: Solver, *settings: str) -> Method:
    """A descent method without an inner iteration that is not a form of Newton's."""
    return Method(name, title, meaning, lambda descend, kept, paths: solver, settings, downhill=True, rival=True)


_METHODS = (
    Method(
        name="newton",
        title="Newton",
        meaning="Explicit Hessian and its inverse, as at first in the post.",
        solver=lambda descend, kept, paths: Newton(),
        settings=("damping",),
    ),
    Method(
        name="newton-factorised",
        title="Newton (LU)",
        meaning="Explicit Hessian, with an LU factorisation instead of the inverse.",
        solver=lambda descend, kept, paths: Newton(factorised=True),
        settings=("damping",),
    ),
    Method(
        name="newton-cg",
        title="Newton-CG",
        meaning="Conjugate gradients on Hessian-vector products; with line search if the goal is a minimum or maximum.",
        solver=NewtonCG,
        settings=("damping", "cg_steps"),
    ),
    Method(
        name="damped-newton",
        title="Damped Newton",
        meaning="Line search, with the Hessian shifted to be definite where it is not.",
        solver=lambda descend, kept, paths: DampedNewton(),
        settings=("damping",),
        downhill=True,
    ),
    Method(
        name="trust-region",
        title="Trust region",
        meaning="Steihaug's truncated conjugate gradients within a radius that adapts to the accuracy of the model.",
        solver=lambda descend, kept, paths: TrustRegion(kept, paths),
        settings=("radius", "cg_steps"),
        downhill=True,
    ),
    Method(
        name="gradient",
        title="Gradient ascent/descent",
        meaning="The post's iteration s (x′ − x) = f′(x), with a fixed step size.",
        solver=lambda descend, kept, paths: Gradient(),
        settings=("step",),
        downhill=True,
    ),
    Method(
        name="gradient-newton-step",
        title="Gradient, s = −f″",
        meaning="The post's iteration of one variable with s = −f″(x), which is Newton's method.",
        solver=lambda descend, kept, paths: GradientNewtonStep(),
        settings=(),
        one_dimensional=True,
    ),
    Method(
        name="gauss-newton",
        title="Gauss-Newton",
        meaning="Sums of squares: the Hessian without the residuals' second derivatives, and a line search.",
        solver=lambda descend, kept, paths: GaussNewton(),
        settings=("damping",),
        downhill=True,
        for_squares=True,
    ),
    Method(
        name="levenberg-marquardt",
        title="Levenberg-Marquardt",
        meaning="Gauss-Newton with a number on the diagonal that follows the accuracy of the model.",
        solver=lambda descend, kept, paths: LevenbergMarquardt(),
        settings=(),
        downhill=True,
        for_squares=True,
    ),
    _rival("bfgs", "BFGS", "Quasi-Newton: the Hessian approximated from changes of the gradient, and a line search.", BFGS()),
    _rival("l-bfgs", "L-BFGS", "BFGS that remembers ten steps instead of a matrix.", LBFGS()),
    _rival("nonlinear-cg", "Nonlinear CG", "Conjugate gradients of Polak and Ribière, with a line search.", NonlinearCG()),
    _rival("heavy-ball", "Heavy ball", "Gradient steps of fixed size and a share of the last step.", HeavyBall(), "step", "momentum"),
    _rival("nesterov", "Nesterov", "The heavy ball with the gradient ahead of the iterate.", Nesterov(), "step", "momentum"),
    _rival("adam", "Adam", "Steps of about the step size in each coordinate, by running means.", Adam(), "step", "momentum"),
    _rival("nelder-mead", "Nelder-Mead", "A simplex of n + 1 points that needs no derivatives; its best vertex is shown.", NelderMead()),
)

METHODS: dict[str, Method] = {m.name: m for m in _METHODS}
"""All methods by name."""


def find_method(name: str) -> Method:
    """The method of that name. Raises ValueError, naming those available."""
    if name not in METHODS:
        raise ValueError(f"there is no method {name!r}; the methods are {', '.join(METHODS)}")
    return METHODS[name]
