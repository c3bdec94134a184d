"""Float64 numbers with exponents of 64 bits, to tell an overflow within a formula from a value that is truly out of range.

An `Extended` goes where an array goes in a formula worked out by NumPy. There are no infinities: a pole is NaN, as is what lies outside
a function's domain. The sine of a number beyond float64 is 1/2, an ordinary value like the true one. A few roundings are lost: what
comes out serves to tell ordinary values from others, and no digits of it are shown.
"""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kernels.types import Floats

_HIGHEST = 2**60
"""Exponents are kept within this."""


class Extended(np.lib.mixins.NDArrayOperatorsMixin):
    """The numbers mantissa * 2**exponent, arrays of one shape; mantissas in [1/2, 1) with a sign, 0, or NaN."""

    def __init__(self, mantissa: Any, exponent: Any = 0) -> None:
        self.mantissa, shift = np.frexp(np.where(np.isinf(mantissa), np.nan, mantissa))
        self.exponent = np.where(self.mantissa == 0, 0, np.clip(exponent + shift.astype(np.int64), -_HIGHEST, _HIGHEST))

    def floats(self) -> Floats:
        """The nearest float64 numbers, infinite where they are beyond."""
        with np.errstate(over="ignore", under="ignore"):
            return np.ldexp(self.mantissa, np.clip(self.exponent, -5000, 5000).astype(np.int32))

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *given: Any, **_: Any) -> Any:
        """The function worked out in this arithmetic; where it has none for it, in float64."""
        with np.errstate(all="ignore"):
            if ufunc in _COMPARISONS:
                return ufunc((given[0] - given[1]).mantissa, 0)
            if ufunc in _FUNCTIONS:
                return _FUNCTIONS[ufunc](*(each if isinstance(each, Extended) else Extended(each) for each in given))
            values = [each.floats() if isinstance(each, Extended) else each for each in given]
            return Extended(ufunc(*(np.where(np.isinf(value), np.nan, value) for value in values)))

    def __array_function__(self, function: Any, types: Any, given: Any, _: Any) -> Any:
        """numpy.where alone, which is not a ufunc."""
        return _where(*given) if function is np.where else NotImplemented


def _where(condition: NDArray[np.bool_], this: Any, that: Any) -> Extended:
    one, other = (each if isinstance(each, Extended) else Extended(each) for each in (this, that))
    return Extended(np.where(condition, one.mantissa, other.mantissa), np.where(condition, one.exponent, other.exponent))


def _add(x: Extended, y: Extended) -> Extended:
    top = np.where(x.mantissa == 0, y.exponent, np.where(y.mantissa == 0, x.exponent, np.maximum(x.exponent, y.exponent)))
    low = [np.ldexp(each.mantissa, np.clip(each.exponent - top, -2000, 0).astype(np.int32)) for each in (x, y)]
    return Extended(low[0] + low[1], top)


def _negative(x: Extended) -> Extended:
    return Extended(-x.mantissa, x.exponent)


def _divide(x: Extended, y: Extended) -> Extended:
    return Extended(x.mantissa / y.mantissa, x.exponent - y.exponent)


def _exp(x: Extended) -> Extended:
    value = np.clip(x.floats(), -1e17, 1e17)
    twos = np.round(value / math.log(2))
    return Extended(np.exp(value - twos * math.log(2)), np.nan_to_num(twos).astype(np.int64))


def _log(x: Extended) -> Extended:
    return Extended(np.log(np.where(x.mantissa > 0, x.mantissa, np.nan)) + x.exponent * math.log(2))


def _sqrt(x: Extended) -> Extended:
    odd = x.exponent % 2
    return Extended(np.sqrt(x.mantissa * 2.0**odd), (x.exponent - odd) // 2)


def _power(x: Extended, y: Extended) -> Extended:
    exponent = y.floats()
    size = _exp(_log(_where(x.mantissa < 0, _negative(x), x)) * y)
    whole, odd = exponent == np.floor(exponent), exponent % 2 == 1
    signed = _where(x.mantissa < 0, _where(odd, _negative(size), _where(whole, size, math.nan)), size)
    return _where(exponent == 0, 1.0, _where((x.mantissa == 0) & (exponent > 0), 0.0, signed))


def _whole(rounded: Callable[[Any], Any]) -> Callable[[Extended], Extended]:
    return lambda x: _where(x.exponent > 53, x, Extended(rounded(np.where(x.exponent > 53, 0.0, x.floats()))))


def _sinh(x: Extended) -> Extended:
    return _where(x.exponent < 0, Extended(np.sinh(x.floats())), (_exp(x) - _exp(-x)) / 2)


def _cosh(x: Extended) -> Extended:
    return (_exp(x) + _exp(-x)) / 2


def _asinh(x: Extended) -> Extended:
    return _where(np.abs(x.exponent) < 500, Extended(np.arcsinh(x.floats())), np.sign(x.mantissa) * _log(2 * _absolute(x)))


def _acosh(x: Extended) -> Extended:
    return _where(np.abs(x.exponent) < 500, Extended(np.arccosh(x.floats())), _log(2 * x))


def _periodic(function: np.ufunc) -> Callable[..., Extended]:
    """The function of numbers within float64; of others half of its amplitude."""

    def within(x: Extended, *turn: Extended) -> Extended:
        value = x.floats()
        return _where(np.isinf(value), turn[0] / 2 if turn else 0.5, Extended(function(value, *(each.floats() for each in turn))))

    return within


def _absolute(x: Extended) -> Extended:
    return Extended(np.abs(x.mantissa), x.exponent)


_FUNCTIONS: dict[Any, Callable[..., Any]] = {
    np.add: _add,
    np.subtract: lambda x, y: _add(x, _negative(y)),
    np.multiply: lambda x, y: Extended(x.mantissa * y.mantissa, x.exponent + y.exponent),
    np.divide: _divide,
    np.negative: _negative,
    np.absolute: _absolute,
    np.power: _power,
    np.exp: _exp,
    np.log: _log,
    np.sqrt: _sqrt,
    np.floor: _whole(np.floor),
    np.ceil: _whole(np.ceil),
    np.sign: lambda x: Extended(np.sign(x.mantissa)),
    np.minimum: lambda x, y: _where(x < y, x, _where(y <= x, y, math.nan)),
    np.maximum: lambda x, y: _where(x > y, x, _where(y >= x, y, math.nan)),
    np.tanh: lambda x: Extended(np.tanh(x.floats())),
    np.arctan: lambda x: Extended(np.arctan(x.floats())),
    np.sinh: _sinh,
    np.cosh: _cosh,
    np.arcsinh: _asinh,
    np.arccosh: _acosh,
    **{function: _periodic(function) for function in (np.sin, np.cos, np.tan, np.remainder)},
}

_COMPARISONS = (np.less, np.less_equal, np.greater, np.greater_equal, np.equal, np.not_equal)
