"""What grows along orbits, step by step, while something else is done with their states, such as counting them.

As `orbits.block_derivative_products` and `plane.block_tangent_products`, which do nothing else: for loops of some steps, `MOST` at most,
between which all numbers are brought back to a size that does not grow. The results do not depend on how steps are divided into loops.
"""

from dataclasses import dataclass
from typing import Any, Protocol

from kernels.execution import jnp
from kernels.iteration import orbits, plane
from kernels.iteration.orbits import SKIP, Parameters, iterated
from kernels.types import Array, Rule, State

MOST = 64
"""Steps at most between `begun` and `ended`: a product of so many mantissas below 2 is finite in float32 too."""

Product = tuple[Array, Array]
"""A product of numbers: its mantissa, and the exponents of 2 that were taken out of it, with SKIP for each factor of 0."""


class Along(Protocol):
    """What becomes of something in each step. Static in kernels, to be called in jitted functions."""

    def start(self, carried: Any) -> Any:
        """The growth of no steps from what is carried from call to call: with exponents of 0."""

    def begun(self, rule: Rule, state: State, parameters: Parameters, growth: Any) -> Any:
        """What is carried through a loop that begins with `growth`."""

    def step(self, rule: Rule, state: State, parameters: Parameters, inner: Any) -> tuple[State, Any]:
        """The next state, and what is carried then."""

    def ended(self, rule: Rule, state: State, parameters: Parameters, inner: Any, steps: Array) -> Any:
        """The growth after a loop of so many steps."""


@dataclass(frozen=True)
class Slopes:
    """The product of the derivatives of the first coordinate: its mantissa is carried, and a growth is a Product."""

    def start(self, carried: Array) -> Product:
        """With an exponent of 0."""
        return carried, jnp.zeros(carried.shape, jnp.int64)

    def begun(self, rule: Rule, state: State, parameters: Parameters, growth: Product) -> Any:
        """With the derivative of the step before, 1 at first, where a step is long: it is multiplied when it has been stored."""
        return (*growth, jnp.ones_like(growth[0])) if orbits.is_long(rule, state, parameters) else growth

    def step(self, rule: Rule, state: State, parameters: Parameters, inner: Any) -> tuple[State, Any]:
        """Multiply by the derivative, or by the one that has been stored."""
        later, slope = _value_and_slope(rule, state, parameters)
        *product, factor = (*inner, slope)[:3]
        grown = _times(product[0], product[1], factor)
        return later, (grown if len(inner) == 2 else (*grown, slope))

    def ended(self, rule: Rule, state: State, parameters: Parameters, inner: Any, steps: Array) -> Product:
        """The last derivative is multiplied, and the mantissa lies in [1, 2) again."""
        mantissa, counted, *stored = inner
        for slope in stored:
            mantissa, counted = _times(mantissa, counted, slope)
        return _ended(mantissa, counted, steps + len(stored))


@dataclass(frozen=True)
class Tangents:
    """A tangent vector and the product of determinants, of a map of the plane: both are carried, and a growth is plane.Growth."""

    def start(self, carried: tuple[State, Array]) -> plane.Growth:
        """With exponents of 0."""
        none = jnp.zeros(carried[1].shape, jnp.int64)
        return carried[0], none, carried[1], none

    def begun(self, rule: Rule, state: State, parameters: Parameters, growth: plane.Growth) -> Any:
        """With the Jacobian of the step before, the identity at first, where a step is long."""
        if not orbits.is_long(rule, state, parameters):
            return growth, ()
        one, zero = jnp.ones_like(state[0]), jnp.zeros_like(state[0])
        return growth, (one, zero, zero, one)

    def step(self, rule: Rule, state: State, parameters: Parameters, inner: Any) -> tuple[State, Any]:
        """Multiply by the Jacobian, or by the one that has been stored."""
        growth, stored = inner
        later, jacobian = plane.value_and_jacobian(rule, state, parameters)
        return later, (_turned(growth, stored or jacobian), jacobian if stored else ())

    def ended(self, rule: Rule, state: State, parameters: Parameters, inner: Any, steps: Array) -> plane.Growth:
        """The last Jacobian is multiplied, and the mantissa lies in [1, 2) again."""
        growth, stored = inner
        if stored:
            growth, steps = _turned(growth, stored), steps + 1
        tangent, stretched, mantissa, folded = growth
        return tangent, stretched, *_ended(mantissa, folded, steps)


def _value_and_slope(rule: Rule, state: State, parameters: Parameters) -> tuple[State, Array]:
    """The next state and the derivative; a rule of several coordinates has it as its `slope`."""
    if hasattr(rule, "slope"):
        return iterated(rule, state, parameters), rule.slope(state, parameters)
    later, slope = orbits.value_and_derivative(rule, state[0], parameters)
    return (later,), slope


def _times(mantissa: Array, counted: Array, factor: Array) -> Product:
    """A product times a factor, whose exponent is counted with its bias: `_ended` takes all of these away."""
    # Only mantissas are multiplied, so the product need not be brought back in each step; that of 0 is 1.
    factor, power = orbits.parts(factor)
    return mantissa * factor, counted + jnp.where(power == 0, SKIP + orbits.bias(factor.dtype), power.astype(jnp.int64))


def _turned(growth: plane.Growth, jacobian: plane.Matrix) -> plane.Growth:
    (u, v), stretched, mantissa, folded = growth
    a, b, c, d = jacobian
    right, up = a * u + b * v, c * u + d * v
    tangent, power = plane.shortened((u, v), (right, up))
    return tangent, stretched + power, *_times(mantissa, folded, a * d - b * c)


def _ended(mantissa: Array, counted: Array, factors: Array) -> Product:
    mantissa, power = orbits.normalised(mantissa)
    return mantissa, counted + power - orbits.bias(mantissa.dtype) * factors.astype(jnp.int64)
