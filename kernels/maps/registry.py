"""The registry of maps: those of the line are here, those of the plane in `plane`.

A rule is a module-level function of the state and the parameters, written in JAX, elementwise; JAX provides its derivative. To add a
map, write its rule and add an entry to the tuple at the end: the window, the command and the tests include it.
"""

import math

from kernels.execution import jnp
from kernels.geometry import Viewport
from kernels.iteration import on_circle, sinpi
from kernels.maps.map import Map as Map
from kernels.maps.plane import PLANE_MAPS as PLANE_MAPS
from kernels.parameters import Parameter as Parameter
from kernels.types import Array


def logistic(x: Array, a: Array) -> Array:
    # Not a*x*(1-x): at a = 4 that form takes a fifth of the initial conditions to exactly 0 in float32.
    return a * x - a * x * x


def post(x: Array, b: Array, c: Array) -> Array:
    return (x * x + b) / c


def quadratic(x: Array, c: Array) -> Array:
    return x * x + c


def sine(x: Array, r: Array) -> Array:
    return r * sinpi(x)


def tent(x: Array, m: Array) -> Array:
    return m * jnp.where(x < 0.5, x, 1 - x)


def cubic(x: Array, a: Array) -> Array:
    return a * x - x * x * x


def gauss(x: Array, alpha: Array, beta: Array) -> Array:
    return jnp.exp(-alpha * x * x) + beta


def ricker(x: Array, r: Array) -> Array:
    return x * jnp.exp(r * (1 - x))


@on_circle(1.0)
def circle(x: Array, omega: Array, k: Array) -> Array:
    turned = x + omega - k / (2 * math.pi) * sinpi(2 * x)
    return turned - jnp.floor(turned)


def _half(*_: float) -> tuple[float, ...]:
    return (0.5,)


def _zero(*_: float) -> tuple[float, ...]:
    return (0.0,)


def _cubic_critical(a: float) -> tuple[float, ...]:
    return (-math.sqrt(a / 3), math.sqrt(a / 3)) if a > 0 else (0.0,) if a == 0 else ()


def _ricker_critical(r: float) -> tuple[float, ...]:
    return (1 / r,) if r != 0 else ()


def _circle_critical(_: float, k: float) -> tuple[float, ...]:
    if abs(k) < 1:
        return ()
    first = math.acos(1 / k) / (2 * math.pi)
    return (first,) if first in (0.0, 0.5) else (first, 1 - first)


def _view(left: str, right: str, bottom: str, top: str) -> Viewport:
    return Viewport.from_limits(left, right, bottom, top)


_LINE_MAPS = (
    Map(
        name="logistic",
        title="Logistic",
        formula="a x − a x²",
        rule=logistic,
        parameters=(Parameter("a", 3.5, 0.0, 4.0, "growth rate"),),
        sweep="a",
        state=(0.0, 1.0),
        start=0.5,
        view=_view("3.4", "4", "0", "1"),
        meaning="Population growth with limited resources: the classic period-doubling route to chaos.",
        reference="R. M. May, Simple mathematical models with very complicated dynamics, Nature 261 (1976)",
        critical=_half,
    ),
    Map(
        name="post",
        title="(x² + b)/c (post)",
        formula="(x² + b) / c",
        rule=post,
        parameters=(
            Parameter("b", 21.0, -20.0, 40.0, "constant in the numerator"),
            Parameter("c", 10.0, 1.0, 20.0, "divisor"),
        ),
        sweep="b",
        state=(-20.0, 20.0),
        start=0.0,
        view=_view("-200", "30", "-20", "20"),
        meaning="Solves 10 x = x² + 21 by iteration: the fixed point 3 attracts, 7 repels. Conjugate to the quadratic family.",
        reference="Fun with Jax, the post that this program grew out of",
        critical=_zero,
    ),
    Map(
        name="quadratic",
        title="Quadratic",
        formula="x² + c",
        rule=quadratic,
        parameters=(Parameter("c", -1.0, -2.0, 0.25, "constant"),),
        sweep="c",
        state=(-2.0, 2.0),
        start=0.0,
        view=_view("-2", "0.25", "-2", "2"),
        meaning="The real slice of the Mandelbrot set; every quadratic map is conjugate to one of these.",
        reference="J. Milnor and W. Thurston, On iterated maps of the interval, Lecture Notes in Mathematics 1342 (1988)",
        critical=_zero,
    ),
    Map(
        name="sine",
        title="Sine",
        formula="r sin(π x)",
        rule=sine,
        parameters=(Parameter("r", 0.9, 0.0, 1.0, "height of the maximum"),),
        sweep="r",
        state=(0.0, 1.0),
        start=0.5,
        view=_view("0.6", "1", "0", "1"),
        meaning="Another unimodal map with period doublings at the same rate: Feigenbaum universality.",
        reference="M. J. Feigenbaum, Quantitative universality for a class of nonlinear transformations, J. Stat. Phys. 19 (1978)",
        critical=_half,
    ),
    Map(
        name="tent",
        title="Tent",
        formula="m min(x, 1 − x)",
        rule=tent,
        parameters=(Parameter("m", 1.5, 0.0, 2.0, "slope"),),
        sweep="m",
        state=(0.0, 1.0),
        start=0.4,
        view=_view("1", "2", "0", "1"),
        meaning="Piecewise linear chaos with λ = ln m. At m = 2 each step drops one binary digit, so floating-point orbits end at 0.",
        reference="R. L. Devaney, An Introduction to Chaotic Dynamical Systems (1989)",
    ),
    Map(
        name="cubic",
        title="Cubic",
        formula="a x − x³",
        rule=cubic,
        parameters=(Parameter("a", 2.0, 0.0, 3.0, "slope at 0"),),
        sweep="a",
        state=(-2.0, 2.0),
        start=0.5,
        view=_view("1", "3", "-2", "2"),
        meaning="An odd map with two symmetric attractors, which merge at a = 3√3/2; the initial condition decides which one is seen.",
        reference="T. D. Rogers and D. C. Whitley, Chaos in the cubic mapping, Mathematical Modelling 4 (1983)",
        critical=_cubic_critical,
    ),
    Map(
        name="gauss",
        title="Gauss (mouse)",
        formula="exp(−α x²) + β",
        rule=gauss,
        parameters=(
            Parameter("alpha", 6.2, 0.0, 20.0, "width of the bell", "α"),
            Parameter("beta", -0.5, -1.0, 1.0, "shift", "β"),
        ),
        sweep="beta",
        state=(-1.0, 1.5),
        start=0.0,
        view=_view("-1", "1", "-1", "1.5"),
        meaning="A bell-shaped map with period doublings and their reversal; its diagram is known as the mouse.",
        reference="R. C. Hilborn, Chaos and Nonlinear Dynamics (2000), section 5.3",
        critical=_zero,
    ),
    Map(
        name="ricker",
        title="Ricker",
        formula="x exp(r (1 − x))",
        rule=ricker,
        parameters=(Parameter("r", 2.5, 0.0, 4.0, "growth rate"),),
        sweep="r",
        state=(0.0, 5.2),
        start=0.5,
        view=_view("1.5", "4", "0", "5.2"),
        meaning="A model of fish stocks, which stay positive at every growth rate.",
        reference="W. E. Ricker, Stock and recruitment, J. Fisheries Research Board of Canada 11 (1954)",
        critical=_ricker_critical,
    ),
    Map(
        name="circle",
        title="Circle",
        formula="x + Ω − k/2π sin(2π x)  mod 1",
        rule=circle,
        parameters=(
            Parameter("omega", 0.4, 0.0, 1.0, "rotation per step without coupling", "Ω"),
            Parameter("k", 1.0, 0.0, 10.0, "coupling"),
        ),
        sweep="omega",
        state=(0.0, 1.0),
        start=0.0,
        view=_view("0", "1", "0", "1"),
        meaning="Two coupled oscillators: mode-locked on plateaus of Ω, quasi-periodic between them.",
        reference="V. I. Arnold, Small denominators I, Izvestiya Akad. Nauk SSSR 25 (1961)",
        critical=_circle_critical,
    ),
)

LINE_MAPS: dict[str, Map] = {m.name: m for m in _LINE_MAPS}
"""The maps of one coordinate, by name."""

MAPS: dict[str, Map] = LINE_MAPS | PLANE_MAPS
"""All maps by name."""
