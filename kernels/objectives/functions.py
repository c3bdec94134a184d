"""The objective functions Rⁿ → R and their known stationary points.

Each takes a point of shape (n,) and its parameters, and returns a scalar. They are at module level since JAX compiles once for each
function object.
"""

import functools
import itertools
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from kernels.execution import custom_jvp, jax, jnp, on_load
from kernels.iteration import cospi
from kernels.objectives.coordinates import Coordinates
from kernels.types import Array

Function = Callable[[Array], Array]
Point = tuple[float, ...]

MINIMUM, MAXIMUM, SADDLE, DEGENERATE = "minimum", "maximum", "saddle", "degenerate"
KINDS = (MINIMUM, MAXIMUM, SADDLE, DEGENERATE)
"""Kinds of stationary points by their Hessian; degenerate if it is singular."""

UNDECIDED = "not decided"
"""In place of a kind where the sign of an extreme eigenvalue of the Hessian could not be proved."""

CONDITION = 1e3
"""Default condition number of the ill-conditioned quadratic."""


@dataclass(frozen=True)
class Bound:
    """A function with its parameters bound: `rule(x, *parameters)`; `residuals`, of a sum of squares: `squares(x, *parameters)`.

    A pytree that is passed to kernels like an array: the rules are static and the parameters are traced, so that dragging one needs no
    compilation.
    """

    rule: Callable[..., Array]
    parameters: tuple[Any, ...] = ()
    squares: Callable[..., tuple[Array, Array]] | None = None

    def __call__(self, x: Array) -> Array:
        """The value at a point of shape (n,)."""
        return self.rule(x, *self.parameters)

    def residuals(self, x: Array) -> tuple[Array, Array]:
        """Weights and residuals at a point, of a sum of squares only."""
        assert self.squares is not None
        return self.squares(x, *self.parameters)


def _register() -> None:
    jax.tree_util.register_dataclass(Bound, data_fields=["parameters"], meta_fields=["rule", "squares"])


on_load(_register)


@dataclass(frozen=True)
class StationaryPoint:
    """A point at which the gradient vanishes; `kind` is one of KINDS."""

    point: Point
    kind: str


Points = Callable[..., tuple[StationaryPoint, ...]]
"""Function of n and the parameters that returns the known stationary points in n variables."""


def quadratic(x: Array) -> Array:
    """The post's quadratic with maximum 2 at (3, 7)."""
    x = x - jnp.array([3.0, 7.0])
    return -1 * (x.T @ jnp.array([[3.0, 2.0], [2.0, 7.0]]) @ x - 2)


def rosenbrock(x: Array, a: Any = 1.0, b: Any = 100.0) -> Array:
    """The chained Rosenbrock function, n at least 2."""
    return jnp.sum(b * (x[1:] - x[:-1] ** 2) ** 2 + (a - x[:-1]) ** 2)


def himmelblau(x: Array) -> Array:
    """A function of two variables."""
    return (x[0] ** 2 + x[1] - 11) ** 2 + (x[0] + x[1] ** 2 - 7) ** 2


def beale(x: Array) -> Array:
    """A function of two variables."""
    a, b = x[0], x[1]
    return (1.5 - a * (1 - b)) ** 2 + (2.25 - a * (1 - b**2)) ** 2 + (2.625 - a * (1 - b**3)) ** 2


def booth(x: Array) -> Array:
    """A function of two variables."""
    return (x[0] + 2 * x[1] - 7) ** 2 + (2 * x[0] + x[1] - 5) ** 2


def wood(x: Array) -> Array:
    """A function of four variables."""
    a, b, c, d = x[0], x[1], x[2], x[3]
    valleys = 100 * (b - a**2) ** 2 + (1 - a) ** 2 + 90 * (d - c**2) ** 2 + (1 - c) ** 2
    return valleys + 10.1 * ((1 - b) ** 2 + (1 - d) ** 2) + 19.8 * (1 - b) * (1 - d)


def powell_singular(x: Array) -> Array:
    """A function of four variables."""
    a, b, c, d = x[0], x[1], x[2], x[3]
    return (a + 10 * b) ** 2 + 5 * (c - d) ** 2 + (b - 2 * c) ** 4 + 10 * (a - d) ** 4


def freudenstein_roth(x: Array) -> Array:
    """A function of two variables."""
    a, b = x[0], x[1]
    return (-13 + a + ((5 - b) * b - 2) * b) ** 2 + (-29 + a + ((b + 1) * b - 14) * b) ** 2


def brown_badly_scaled(x: Array) -> Array:
    """A function of two variables."""
    return (x[0] - 1e6) ** 2 + (x[1] - 2e-6) ** 2 + (x[0] * x[1] - 2) ** 2


def rastrigin(x: Array) -> Array:
    """A function of n variables, any n."""
    return 10 * x.size + jnp.sum(x**2 - 10 * cospi(2 * x))


def root(x: Array) -> Array:
    """√(1 + x²), of one variable."""
    return _root(x[0])


# By the chain rule the second derivative is 1/r − x²/r³ with r = √(1 + x²). Beyond |x| = 1e8 all its digits cancel: what is left is
# zero or noise of either sign, which differs from one version of XLA to the next. So each derivative is given in closed form.
@custom_jvp
def _root(x: Array) -> Array:
    return jnp.sqrt(1 + x**2)


@custom_jvp
def _root_slope(x: Array) -> Array:
    return x / jnp.sqrt(1 + x**2)


_root.defjvps(lambda tangent, _, x: _root_slope(x) * tangent)
_root_slope.defjvps(lambda tangent, _, x: (1 + x**2) ** -1.5 * tangent)


def quartic(x: Array) -> Array:
    """x⁴, of one variable."""
    return x[0] ** 4


def double_well(x: Array, a: Any = 1.0) -> Array:
    """A function of one variable."""
    return x[0] ** 4 / 4 - a * x[0] ** 2 / 2


def ill_conditioned(x: Array, kappa: Any = CONDITION) -> Array:
    """A diagonal quadratic with eigenvalues from 1 to kappa, any n."""
    weights = kappa ** jnp.linspace(0.0, 1.0, x.size, dtype=x.dtype)
    return jnp.sum(weights * x**2) / 2


def at(*start: float) -> Callable[[int], Point]:
    """A fixed initial point."""
    return lambda _: start


def repeated(*pattern: float) -> Callable[[int], Point]:
    """An initial point that repeats a pattern; cached for each n, as it may have a million coordinates."""
    return functools.lru_cache(maxsize=4)(lambda n: Coordinates(itertools.islice(itertools.cycle(pattern), n)))


def known(*points: tuple[str, Sequence[float]]) -> Points:
    """Known stationary points (kind, point) that depend on neither n nor the parameters."""
    listed = tuple(StationaryPoint(tuple(point), kind) for kind, point in points)
    return lambda *_: listed


def rosenbrock_points(n: int, a: float = 1.0, b: float = 100.0) -> tuple[StationaryPoint, ...]:
    """The minimum (a, a²) for n = 2; for more variables the known global minimum, for n = 4 also the local one and the saddle."""
    if n == 2:
        return (StationaryPoint((a, a * a), MINIMUM if b > 0 else SADDLE if b < 0 else DEGENERATE),)
    # All terms vanish only where a² = a.
    if b <= 0 or a * a != a:
        return ()
    others: tuple[StationaryPoint, ...] = ()
    if (n, a, b) == (4, 1.0, 100.0):
        others = (
            StationaryPoint((-0.7756592265653527, 0.6130933654850435, 0.3820628463383932, 0.14597201855219466), MINIMUM),
            StationaryPoint((-0.6561246357194458, 0.4431200409715722, 0.2043122482283642, 0.04174349477612871), SADDLE),
        )
    return (StationaryPoint((a,) * n, MINIMUM), *others)


def double_well_points(_: int, a: float = 1.0) -> tuple[StationaryPoint, ...]:
    """All stationary points: at a = 0 the two minima merge with the maximum between them."""
    if a <= 0:
        return (StationaryPoint((0.0,), MINIMUM if a < 0 else DEGENERATE),)
    return tuple(StationaryPoint((x,), kind) for x, kind in ((math.sqrt(a), MINIMUM), (-math.sqrt(a), MINIMUM), (0.0, MAXIMUM)))


def ill_conditioned_points(n: int, kappa: float = CONDITION) -> tuple[StationaryPoint, ...]:
    """The minimum at 0, unless kappa is negative and the function undefined."""
    if n > 1 and kappa < 0:
        return (StationaryPoint((0.0, 0.0), SADDLE),) if n == 2 else ()
    return (StationaryPoint((0.0,) * n, MINIMUM if n == 1 or kappa > 0 else DEGENERATE),)


# Zeros of 2x + 20π sin 2πx for 0 <= x < 5.12; minima of one term (even indices) and maxima alternate.
_RASTRIGIN_ROOTS = (
    *(0.0, 0.5025460365546746, 0.9949586376523348, 1.5076407318703584, 1.9899122337085495, 2.512743318200085),
    *(2.984855701039481, 3.517859138170441, 3.9797838603007536, 4.522993659584519, 4.974691390895051),
)


@functools.lru_cache(maxsize=4)
def rastrigin_points(n: int) -> tuple[StationaryPoint, ...]:
    """All stationary points in [-5.12, 5.12]ⁿ for n up to 2; for more variables, where these are too many, the global minimum."""
    if n > 2:
        return (StationaryPoint((0.0,) * n, MINIMUM),)
    line = [(s * x, i % 2) for i, x in enumerate(_RASTRIGIN_ROOTS) for s in ((1, -1) if x else (1,))]
    chosen = sorted(itertools.product(line, repeat=n), key=lambda point: sum(x * x for x, _ in point))
    kinds = {0: MINIMUM, n: MAXIMUM}
    return tuple(StationaryPoint(tuple(x for x, _ in p), kinds.get(sum(odd for _, odd in p), SADDLE)) for p in chosen)
