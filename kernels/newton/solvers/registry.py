"""The registry of methods. To add one, write its class in a module of this package and add an entry to the tuple below."""

from collections.abc import Callable
from dataclasses import dataclass

from kernels.newton.solvers.base import Solver
from kernels.newton.solvers.damped import DampedNewton
from kernels.newton.solvers.gradient import Gradient, GradientNewtonStep
from kernels.newton.solvers.newton import Newton
from kernels.newton.solvers.newton_cg import NewtonCG
from kernels.newton.solvers.trust_region import TrustRegion


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

    """

    name: str
    title: str
    meaning: str
    solver: Callable[[bool, int, bool], Solver]
    settings: tuple[str, ...]
    downhill: bool = False
    one_dimensional: bool = False


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
)

METHODS: dict[str, Method] = {m.name: m for m in _METHODS}
"""All methods by name."""


def find_method(name: str) -> Method:
    """The method of that name. Raises ValueError, naming those available."""
    if name not in METHODS:
        raise ValueError(f"there is no method {name!r}; the methods are {', '.join(METHODS)}")
    return METHODS[name]
