"""Rules of smooth maps in any precision: the formula's tree worked out with FLINT's numbers, and with power series for derivatives."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from operator import methodcaller
from typing import Any

import flint
import numpy as np
from flint import arb, arb_series

from kernels.catalog import find_map
from kernels.deep.precision import from_decimal, middle, working
from kernels.formulas import Node, PlaneExpression, map_expression
from kernels.maps import MAPS

LIBRARY: Mapping[str, str] = {
    "logistic": "a*x-a*x^2",
    "post": "(x^2+b)/c",
    "quadratic": "x^2+c",
    "sine": "r*sin(pi*x)",
    "cubic": "a*x-x^3",
    "gauss": "exp(-alpha*x^2)+beta",
    "ricker": "x*exp(r*(1-x))",
}
"""The formulas of the registry's smooth maps; the others have corners, or a circle of states."""

SCANNED = 512
"""Intervals of the usual states that are searched for critical points of a typed formula, one in each at most."""

FLATTEST = 1e-6
"""A second derivative below this, relative to the map's own size, is taken for 0: a critical point of higher order."""

Value = Any
"""An arb, or an arb_series: a power series with coefficients of that type."""


NEEDED = "return maps, which show copies of the diagram and all views narrower than about 1e-13, need"
"""Middle of the messages of what has none."""


class NotSmoothError(ValueError):
    """The map has no power series, or no critical point of order 2: it cannot be renormalised. In one line, with the reason."""


def _sinh(x: Value) -> Value:
    grown = x.exp()
    return (grown - 1 / grown) / 2


def _cosh(x: Value) -> Value:
    grown = x.exp()
    return (grown + 1 / grown) / 2


_FUNCTIONS: Mapping[str, Callable[[Value], Value]] = {
    **{name: methodcaller(name) for name in ("sqrt", "exp", "log", "sin", "cos", "tan", "asin", "acos", "atan")},
    "sinh": _sinh,
    "cosh": _cosh,
    "tanh": lambda x: _sinh(x) / _cosh(x),
    "asinh": lambda x: (x + (x * x + 1).sqrt()).log(),
    "acosh": lambda x: (x + (x * x - 1).sqrt()).log(),
    "atanh": lambda x: ((1 + x) / (1 - x)).log() / 2,
}
"""The smooth functions of a formula, of numbers and of power series."""

_SMOOTH = ("negative", "power", "call", "terms", "factors")


def _evaluated(node: Node, values: Mapping[str, Value]) -> Value:
    """The node's value; NotSmoothError where it has none with all its derivatives."""
    if node.kind == "number":
        return from_decimal(node.value)
    if node.kind == "name":
        return values[node.name] if node.name in values else {"pi": arb.pi, "e": arb.const_e}[node.name]()
    if node.kind not in _SMOOTH or "%" in node.signs or (node.kind == "call" and node.name not in _FUNCTIONS):
        what = node.name or " ".join(sign for sign in node.signs if sign not in "+-*/") or node.kind
        raise NotSmoothError(f"{what} is not smooth: {NEEDED} all derivatives of the map")
    operands = [_evaluated(arg, values) for arg in node.args]
    if node.kind == "negative":
        return -operands[0]
    if node.kind == "power":
        return _power(operands[0], operands[1])
    if node.kind == "call":
        return _FUNCTIONS[node.name](operands[0])
    found = operands[0]
    for sign, operand in zip(node.signs, operands[1:], strict=True):
        found = _apply(sign, found, operand)
    return found


def _apply(sign: str, left: Value, right: Value) -> Value:
    return left + right if sign == "+" else left - right if sign == "-" else left * right if sign == "*" else left / right


def _power(base: Value, exponent: Value) -> Value:
    whole = isinstance(exponent, arb) and exponent.is_integer()
    if not whole:
        return (base.log() * exponent).exp()
    times = int(exponent.unique_fmpz())
    raised = base ** abs(times)
    return raised if times >= 0 else 1 / raised


@dataclass(frozen=True)
class SmoothRule:
    """The rule f(x, a) of a map of the line with one parameter swept, the others fixed; to be called within `working`."""

    map: str
    sweep: str
    parameters: tuple[tuple[str, float], ...]

    @property
    def tree(self) -> Node:
        """The formula's tree, constants by name."""
        expression = map_expression(LIBRARY.get(self.map, self.map))
        if isinstance(expression, PlaneExpression):
            raise NotSmoothError(f"the map {self.map} has two coordinates: {NEEDED} a smooth map of the line")
        return expression.tree

    def __call__(self, x: Value, a: Value) -> Value:
        """f(x, a) of numbers, or of power series."""
        others = {name: from_decimal(value) for name, value in self.parameters}
        return _evaluated(self.tree, {**others, "x": x, self.sweep: a})

    def in_state(self, x: arb, a: arb, order: int) -> list[arb]:
        """The Taylor coefficients in x of f at (x, a), those up to `order`."""
        return _coefficients(self(arb_series([x, 1], prec=order + 1), a), order)

    def in_parameter(self, x: arb, a: arb, order: int) -> list[arb]:
        """The Taylor coefficients in a of f at (x, a), those up to `order`."""
        return _coefficients(self(x, arb_series([a, 1], prec=order + 1)), order)

    def critical_points(self, a: arb) -> tuple[arb, ...]:
        """The points at which df/dx = 0 in the usual interval of states, to the working precision, from left to right.

        Raises NotSmoothError where there is none, or where d²f/dx² = 0 at one.
        """
        found = {f"{float(point):.12g}": point for point in (self._polished(guess, a) for guess in self._guesses(a))}
        if not found:
            raise NotSmoothError(f"the map has no critical point in its range of states: {NEEDED} one")
        return tuple(sorted(found.values(), key=float))

    def _guesses(self, a: arb) -> list[float]:
        about = find_map(self.map)
        if about.critical is not None:
            others = dict(self.parameters)
            return list(about.critical(*(float(a) if p.name == self.sweep else others[p.name] for p in about.parameters)))
        low, high = about.state
        margin = (high - low) / 4
        places = np.linspace(low - margin, high + margin, SCANNED + 1)
        slopes = [float(self.in_state(arb(x), a, 1)[1]) for x in places.tolist()]
        pairs = zip(places.tolist(), places.tolist()[1:], slopes, slopes[1:], strict=False)
        return [x - (y - x) * s / (t - s) for x, y, s, t in pairs if s == 0 or s * t < 0]

    def _polished(self, guess: float, a: arb) -> arb:
        x, bits = arb(guess), 40
        while bits < 2 * flint.ctx.prec:
            _, slope, half = self.in_state(x, a, 2)
            if not abs(float(half)) > FLATTEST:
                raise NotSmoothError(f"the critical point at {float(x):.6g} is not of order 2: {NEEDED} one that is")
            x, bits = middle(x - slope / (2 * half)), 2 * bits
        return x


def _coefficients(found: Value, order: int) -> list[arb]:
    """The coefficients up to `order` of what may be a constant."""
    given = list(found.coeffs()) if isinstance(found, arb_series) else [found]
    return (given + [arb(0)] * (order + 1))[: order + 1]


@lru_cache(maxsize=64)
def why_not_smooth(map: str) -> str:
    """Why the map cannot be followed below float64; empty where its formula has all derivatives."""
    if find_map(map).is_plane:
        return f"the map {find_map(map).called} has two coordinates: {NEEDED} a smooth map of the line"
    if map in MAPS and map not in LIBRARY:
        circle = find_map(map).periods != (None,)
        reason = "has a corner" if map == "tent" else "has a circle of states" if circle else "is a function without a formula"
        return f"the map {map} {reason}: {NEEDED} a smooth map of the line"
    parameters = tuple((p.name, p.default) for p in find_map(map).parameters)
    try:
        with working(64):
            SmoothRule(map, "", parameters)(arb(math.pi / 7), arb(0))
    except NotSmoothError as error:
        return str(error)
    return ""
