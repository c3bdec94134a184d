"""Interval arithmetic on the program of a rule: bounds of its values and derivatives over boxes of the plane.

A rule is traced by JAX once, for numbers, and its operations are then carried out on intervals, with NumPy, for many boxes at once. Each
result is widened by its rounding error. An operation that is not known here gives the whole line, which proves nothing.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from kernels.execution import jax
from kernels.types import Rule, Values

EPSILON = 2.0**-52
LARGEST = np.finfo(np.float64).max
HALF_TURN = np.pi


class Interval(NamedTuple):
    """Numbers from `low` to `high`, arrays of one shape; of truth values 0 is false and 1 true. None, all being NaN, if low > high."""

    low: Any
    high: Any

    @property
    def middle(self) -> Any:
        """The midpoints."""
        return 0.5 * (self.low + self.high)

    @property
    def is_empty(self) -> Any:
        """Where there is no number in it: the operation has no value anywhere."""
        return self.low > self.high


ANYTHING = Interval(np.array(-np.inf), np.array(np.inf))


def exactly(value: Any) -> Interval:
    """An interval of one number."""
    number = np.asarray(value, np.float64)
    return Interval(number, number)


def outward(low: Any, high: Any) -> Interval:
    """The interval with its ends farther apart by the rounding of one operation. NaN stays: what is not known."""
    low, high = np.minimum(low, LARGEST), np.maximum(high, -LARGEST)
    return Interval(low - EPSILON * np.abs(low), high + EPSILON * np.abs(high))


def known(a: Interval) -> Interval:
    """The interval, infinite on a side that is NaN."""
    return Interval(np.where(np.isnan(a.low), -np.inf, a.low), np.where(np.isnan(a.high), np.inf, a.high))


def whole_if_empty(a: Interval) -> Interval:
    """The interval, the whole line where there is no number in it."""
    return Interval(np.where(a.is_empty, -np.inf, a.low), np.where(a.is_empty, np.inf, a.high))


def add(a: Interval, b: Interval) -> Interval:
    """The sum a + b."""
    return outward(a.low + b.low, a.high + b.high)


def sub(a: Interval, b: Interval) -> Interval:
    """The difference a - b."""
    return outward(a.low - b.high, a.high - b.low)


def mul(a: Interval, b: Interval) -> Interval:
    """The product a * b."""
    if a.low is a.high and a.low.ndim == 0:
        a, b = b, a
    if b.low is b.high and b.low.ndim == 0:  # by a number
        ends = (a.low * b.low, a.high * b.low)
        return outward(*(ends if b.low >= 0 else ends[::-1]))
    products = (a.low * b.low, a.low * b.high, a.high * b.low, a.high * b.high)
    low, high = np.minimum(products[0], products[1]), np.maximum(products[0], products[1])
    for product in products[2:]:
        low, high = np.minimum(low, product), np.maximum(high, product)
    return outward(low, high)


def div(a: Interval, b: Interval) -> Interval:
    """The quotient a / b; the whole line where b contains 0."""
    pole = (b.low <= 0) & (b.high >= 0)
    inverse = outward(1 / b.high, 1 / b.low)
    return mul(a, Interval(np.where(pole, -np.inf, inverse.low), np.where(pole, np.inf, inverse.high)))


def hull(a: Interval, b: Interval) -> Interval:
    """The least interval that contains both."""
    return Interval(np.minimum(a.low, b.low), np.maximum(a.high, b.high))


def _power(a: Interval, exponent: int) -> Interval:
    if exponent < 0:
        return div(exactly(1.0), _power(a, -exponent))
    low, high = a.low**exponent, a.high**exponent
    if exponent % 2:
        return outward(low, high)
    least = np.where((a.low <= 0) & (a.high >= 0), 0.0, np.minimum(low, high))
    return outward(least, np.maximum(low, high))


def _cosine(a: Interval) -> Interval:
    ends = np.cos(a.low), np.cos(a.high)
    low, high = np.minimum(*ends), np.maximum(*ends)
    margin = 4 * EPSILON * (1 + np.maximum(np.abs(a.low), np.abs(a.high)))

    def reaches(turn: float) -> Any:
        return np.floor((a.high + margin - turn) / (2 * HALF_TURN)) >= np.ceil((a.low - margin - turn) / (2 * HALF_TURN))

    high, low = np.where(reaches(0.0), 1.0, high), np.where(reaches(HALF_TURN), -1.0, low)
    return outward(np.maximum(low - 4 * EPSILON, -1), np.minimum(high + 4 * EPSILON, 1))


def _sine(a: Interval) -> Interval:
    return _cosine(sub(a, outward(np.array(HALF_TURN / 2), np.array(HALF_TURN / 2))))


_ANALYTIC = {
    "sinpi": lambda a: _sine(mul(a, outward(np.array(HALF_TURN), np.array(HALF_TURN)))),
    "cospi": lambda a: _cosine(mul(a, outward(np.array(HALF_TURN), np.array(HALF_TURN)))),
}
"""Functions of kernels.iteration that are computed by cases, by name."""


def _rising(function: Callable[[Any], Any]) -> Callable[[Interval], Interval]:
    """The image under a function that rises; NumPy's own is right to a few units in the last place."""

    def image(a: Interval) -> Interval:
        low, high = np.minimum(function(a.low), LARGEST), np.maximum(function(a.high), -LARGEST)
        return outward(low - 4 * EPSILON * np.abs(low), high + 4 * EPSILON * np.abs(high))

    return image


def _from(least: float, function: Callable[[Any], Any]) -> Callable[[Interval], Interval]:
    """The image under a function that rises and is NaN below `least`."""
    rising = _rising(function)

    def image(a: Interval) -> Interval:
        found, none = rising(a), a.high < least
        return Interval(np.where(none, np.inf, found.low), np.where(none, -np.inf, found.high))

    return image


def _absolute(a: Interval) -> Interval:
    ends = np.abs(a.low), np.abs(a.high)
    return Interval(np.where((a.low <= 0) & (a.high >= 0), 0.0, np.minimum(*ends)), np.maximum(*ends))


def _raised(a: Interval, exponent: Interval) -> Interval:
    """The power; of what may be negative only where the exponent surely is, or surely is not, an integer."""
    if exponent.low is exponent.high and exponent.low.ndim == 0 and float(exponent.low).is_integer():
        return _power(a, int(exponent.low))
    found = _rising(np.exp)(mul(_from(0.0, np.log)(a), exponent))
    none = (a.high < 0) & (np.floor(exponent.high) < exponent.low)
    known_there = a.low > 0
    low, high = np.where(known_there, found.low, -np.inf), np.where(known_there, found.high, np.inf)
    return Interval(np.where(none, np.inf, low), np.where(none, -np.inf, high))


def _comparison(surely: Callable[[Interval, Interval], Any], perhaps: Callable[[Interval, Interval], Any]) -> Callable[..., Interval]:
    """A comparison: whether it surely holds, and whether it may hold; undecided where a side is NaN."""

    def compared(a: Interval, b: Interval) -> Interval:
        none = a.is_empty | b.is_empty
        return Interval((surely(a, b) & ~none).astype(float), (perhaps(a, b) | none).astype(float))

    return compared


_less = _comparison(lambda a, b: a.high < b.low, lambda a, b: a.low < b.high)
_at_most = _comparison(lambda a, b: a.high <= b.low, lambda a, b: a.low <= b.high)
_equal = _comparison(
    lambda a, b: (a.low == a.high) & (b.low == b.high) & (a.low == b.low), lambda a, b: (a.low <= b.high) & (b.low <= a.high)
)


def _not(a: Interval) -> Interval:
    return Interval(1 - a.high, 1 - a.low)


_PLAIN: dict[str, Callable[..., Interval]] = {
    "add": add,
    "add_any": add,
    "sub": sub,
    "mul": mul,
    "div": div,
    "neg": lambda a: Interval(-a.high, -a.low),
    "square": lambda a: _power(a, 2),
    "abs": _absolute,
    "sign": lambda a: Interval(np.sign(a.low), np.sign(a.high)),
    "max": lambda a, b: Interval(np.maximum(a.low, b.low), np.maximum(a.high, b.high)),
    "min": lambda a, b: Interval(np.minimum(a.low, b.low), np.minimum(a.high, b.high)),
    "cos": _cosine,
    "sin": _sine,
    "exp": _rising(np.exp),
    "exp2": _rising(np.exp2),
    "expm1": _rising(np.expm1),
    "log": _from(0.0, np.log),
    "log1p": _from(-1.0, np.log1p),
    "sqrt": _from(0.0, np.sqrt),
    "cbrt": _rising(np.cbrt),
    "tanh": _rising(np.tanh),
    "atan": _rising(np.arctan),
    "lt": _less,
    "gt": lambda a, b: _less(b, a),
    "le": _at_most,
    "ge": lambda a, b: _at_most(b, a),
    "eq": _equal,
    "ne": lambda a, b: _not(_equal(a, b)),
    "and": lambda a, b: Interval(np.minimum(a.low, b.low), np.minimum(a.high, b.high)),
    "or": lambda a, b: Interval(np.maximum(a.low, b.low), np.maximum(a.high, b.high)),
    "not": _not,
    "copy": lambda a: a,
    "copy_p": lambda a: a,
    "convert_element_type": lambda a: a,
    "stop_gradient": lambda a: a,
    "broadcast_in_dim": lambda a: a,
    "reshape": lambda a: a,
    "squeeze": lambda a: a,
}


_TRUTH = {"lt", "gt", "le", "ge", "eq", "ne", "and", "or", "not"}
"""Those whose results are truth values, which are never NaN."""


def _without(found: Interval, given: list[Interval]) -> Interval:
    """The result of an operation, of which there is none where an operand has no value."""
    if not any(each.is_empty.any() for each in given):
        return found
    none = np.logical_or.reduce([np.broadcast_to(each.is_empty, np.shape(found.low)) for each in given])
    return Interval(np.where(none, np.inf, found.low), np.where(none, -np.inf, found.high))


class Program:
    """A rule's operations: a state to its image and the Jacobian matrix there.

    parameters: how many the rule has. wraps: whether it has angles. Then all that it decides and rounds is taken to bring an angle back
    into its range: it is decided at the interval's midpoint, and the image is right up to whole turns.
    """

    def __init__(self, rule: Rule, parameters: int, wraps: bool) -> None:
        def whole(x: Any, y: Any, *values: Any) -> tuple[Any, ...]:
            def image(x: Any, y: Any) -> Any:
                return rule(x, y, *values)

            found, along_x = jax.jvp(image, (x, y), (1.0, 0.0))
            _, along_y = jax.jvp(image, (x, y), (0.0, 1.0))
            return (*found, along_x[0], along_y[0], along_x[1], along_y[1])

        self._traced, self._wraps = jax.make_jaxpr(whole)(0.0, 0.0, *[1.0] * parameters), wraps

    def __call__(self, x: Interval, y: Interval, values: Values) -> tuple[list[Interval], list[Interval]]:
        """(x', y') and the Jacobian (dx'/dx, dx'/dy, dy'/dx, dy'/dy), of one shape."""
        with np.errstate(all="ignore"):
            found = self._run(self._traced.jaxpr, self._traced.consts, [x, y, *map(exactly, values)])
        shaped = [Interval(*(np.broadcast_to(end, x.low.shape) for end in known(each))) for each in found]
        return shaped[:2], shaped[2:]

    def _run(self, program: Any, constants: Any, arguments: list[Interval]) -> list[Interval]:
        known: dict[Any, Interval] = dict(zip(program.constvars, map(exactly, constants), strict=True))
        known |= dict(zip(program.invars, arguments, strict=True))

        def of(variable: Any) -> Interval:
            return exactly(variable.val) if hasattr(variable, "val") else known[variable]

        for equation in program.eqns:
            found = self._operated(equation, [of(variable) for variable in equation.invars])
            known |= dict(zip(equation.outvars, found, strict=True))
        return [of(variable) for variable in program.outvars]

    def _operated(self, equation: Any, given: list[Interval]) -> list[Interval]:
        name, options = equation.primitive.name, equation.params
        inner = options.get("jaxpr") or options.get("call_jaxpr")
        if name == "custom_jvp_call" and inner.jaxpr.debug_info is not None:
            function = _ANALYTIC.get(inner.jaxpr.debug_info.func_name)
            return [function(given[0]) if function else ANYTHING for _ in equation.outvars]
        if inner is not None and name in ("jit", "pjit", "closed_call"):
            return self._run(inner.jaxpr, inner.consts, given)
        if name == "integer_pow":
            return [_power(given[0], options["y"])]
        if name == "select_n":
            return [self._selected(given[0], given[1:])]
        if name in ("floor", "ceil", "round"):
            return [self._rounded(name, given[0])]
        if name == "rem":
            whole = self._rounded("trunc", div(given[0], given[1]))
            return [sub(given[0], mul(whole, given[1]))]
        if name == "pow":
            return [_raised(*given)]
        if name in _PLAIN:
            decided = self._wraps and name in _TRUTH
            found = _PLAIN[name](*(exactly(each.middle) for each in given) if decided else given)
            return [found if name in _TRUTH else _without(found, given)]
        return [ANYTHING for _ in equation.outvars]

    def _selected(self, which: Interval, cases: list[Interval]) -> Interval:
        either = hull(*cases) if len(cases) == 2 else ANYTHING
        false, true = which.high == 0, which.low == 1
        return Interval(
            *(np.where(false, case0, np.where(true, case1, both)) for case0, case1, both in zip(cases[0], cases[1], either, strict=True))
        )

    def _rounded(self, name: str, value: Interval) -> Interval:
        function: Callable[[Any], Any] = getattr(np, name)
        if self._wraps:
            return exactly(function(value.middle))
        return Interval(function(value.low), function(value.high))
