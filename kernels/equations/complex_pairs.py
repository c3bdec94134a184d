"""Complex numbers as pairs of real arrays: XLA compiles their arithmetic to vector instructions, that of complex arrays not."""

from dataclasses import dataclass
from typing import Any

from kernels.execution import jnp, lax
from kernels.formulas import Evaluation, Node

MOST_FACTORS = 64
"""The largest whole exponent whose power is computed by products."""


@dataclass(frozen=True, eq=False)
class Pair:
    """Real and imaginary part, each a number or a real array. The operators take pairs and real numbers."""

    re: Any
    im: Any

    @classmethod
    def of(cls, value: Any) -> "Pair":
        """A pair, a real number or a complex array as a pair."""
        if isinstance(value, Pair):
            return value
        return cls(jnp.real(value), jnp.imag(value)) if jnp.iscomplexobj(value) else cls(value, 0.0)

    def whole(self) -> Any:
        """The complex array."""
        re, im = jnp.broadcast_arrays(jnp.asarray(self.re, float), jnp.asarray(self.im, float))
        return lax.complex(re, im)

    def __neg__(self) -> "Pair":
        return Pair(-self.re, -self.im)

    def __add__(self, other: Any) -> "Pair":
        return Pair(self.re + other.re, self.im + other.im) if isinstance(other, Pair) else Pair(self.re + other, self.im)

    __radd__ = __add__

    def __sub__(self, other: Any) -> "Pair":
        return self + -other

    def __rsub__(self, other: Any) -> "Pair":
        return -self + other

    def __mul__(self, other: Any) -> "Pair":
        if isinstance(other, Pair):
            return Pair(self.re * other.re - self.im * other.im, self.re * other.im + self.im * other.re)
        return Pair(self.re * other, self.im * other)

    __rmul__ = __mul__

    def __truediv__(self, other: Any) -> "Pair":
        return self * other.inverse() if isinstance(other, Pair) else Pair(self.re / other, self.im / other)

    def __rtruediv__(self, other: Any) -> "Pair":
        return self.inverse() * other

    def inverse(self) -> "Pair":
        """1/z, scaled so that |z|² does not overflow; NaN at 0."""
        scale = 1 / jnp.maximum(jnp.abs(self.re), jnp.abs(self.im))
        re, im = self.re * scale, self.im * scale
        factor = scale / (re * re + im * im)
        return Pair(re * factor, -im * factor)

    def power(self, exponent: int) -> "Pair":
        """A power by repeated squaring; `exponent` is positive."""
        found: Pair | None = None
        square = self
        while exponent:
            if exponent % 2:
                found = square if found is None else found * square
            exponent //= 2
            square = square * square if exponent else square
        assert found is not None
        return found


class PairEvaluation(Evaluation):
    """Evaluation of an analytic function in JAX at pairs; functions and powers that are not whole are those of complex arrays."""

    def _power(self, node: Node) -> Any:
        base, exponent = (self.real(arg) for arg in node.args)
        whole = isinstance(exponent, float) and exponent.is_integer()
        if whole and isinstance(base, Pair) and 0 < abs(exponent) <= MOST_FACTORS:
            power = base.power(int(abs(exponent)))
            return power if exponent > 0 else power.inverse()
        return Pair.of(jnp.power(_array(base), int(exponent) if whole else _array(exponent)))

    def _call(self, node: Node) -> Any:
        return Pair.of(getattr(jnp, node.name)(*(_array(self.real(arg)) for arg in node.args)))


def _array(value: Any) -> Any:
    return value.whole() if isinstance(value, Pair) else value
