"""Typed objectives: a formula in x, in x, y, in x1 … xn, or in the vector x by sum(…) for any n; other names are parameters."""

import math
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from weakref import WeakValueDictionary

import numpy as np

from kernels.formulas.parser import MOST_COORDINATES, REMEMBERED, Expression, names, parse
from kernels.formulas.squares import Squares, squares_of
from kernels.formulas.tokens import ExpressionError
from kernels.formulas.tree import Evaluation, symbol, walk
from kernels.geometry import Viewport
from kernels.objectives import Objective, functions
from kernels.parameters import Parameter
from kernels.types import Array, Floats

TITLE = "Your own"

_LETTERS = ("x", "y", "z")
_VARIABLE = re.compile(r"[xyz]|x[0-9]+")
"""Names that no parameter may have, since they look like variables."""

_PARAMETER = (1.0, -10.0, 10.0)
"""(default, lowest, highest) of a parameter."""

_START = (0.5, -0.5)
_SIDE = 3.0


@dataclass(frozen=True)
class _Coordinates:
    """A function of a point and the parameters, from a formula in its coordinates; equal for equal formulas."""

    formula: Expression

    @property
    def cost(self) -> float:
        """The formula's."""
        return self.formula.rule.cost

    def __call__(self, point: Array, *parameters: Any) -> Array:
        if self.formula.vector:
            return self.formula.rule(point, *parameters)
        return self.formula.rule(*(point[n] for n in range(len(self.formula.variables))), *parameters)


@lru_cache(maxsize=REMEMBERED)
def objective_from(text: str) -> Objective:
    """The objective that `text` says; its name is the formula in plain letters. ExpressionError, in one line, where it is none.

    With sum(…) or x[0], x is the vector, and with sum n may be anything from the highest coordinate on; else x1 … xn are the variables
    where there is one of them, or x, y, z as far as they are used. Any other name is a parameter.
    """
    expression = objective_expression(text)
    for name in filter(_VARIABLE.fullmatch, expression.parameters):
        column = re.search(rf"\b{name}\b", text)
        line = f"{name} is not a variable beside {_named(expression)}; write x, y or x1, x2, … or x[0], x[1], … with sum(x^2)"
        raise ExpressionError(line, column.start() if column else 0)
    return _alive.get(expression.source) or _alive.setdefault(expression.source, _objective_of(expression))


_alive: WeakValueDictionary[str, Objective] = WeakValueDictionary()


def _objective_of(expression: Expression) -> Objective:
    n, any_dimension = _dimension(expression)
    function = _Coordinates(expression)
    return Objective(
        name=expression.source,
        title=TITLE,
        formula=expression.text,
        function=function,
        dimension=max(n, 2) if any_dimension else n,
        any_dimension=any_dimension,
        least=n,
        parameters=tuple(map(_parameter, expression.parameters)),
        start=functions.repeated(*_START),
        points=functions.known(),
        view=_view(expression, n == 1 and not any_dimension),
        levels="log",
        step=0.01,
        meaning="A formula of your own.",
        reference="typed in",
        squares=Squares(expression) if squares_of(expression) else None,
    )


def _parameter(name: str) -> Parameter:
    return Parameter(name, *_PARAMETER, "a parameter of your formula", symbol(name))


def objective_expression(text: str) -> Expression:
    """The formula of an objective, read in the variables that its names say. ExpressionError, in one line, where it is none."""
    used = names(text)
    if "sum" in used or "[" in text:
        return parse(text, ("x",), "x")
    numbered = [int(name[1:]) for name in used if re.fullmatch(r"x[1-9][0-9]{0,3}", name)]
    if numbered:
        if max(numbered) > MOST_COORDINATES:
            raise ExpressionError(f"x{max(numbered)} is out of range; write up to x{MOST_COORDINATES}", text.find(f"x{max(numbered)}"))
        return parse(text, tuple(f"x{n}" for n in range(1, max(numbered) + 1)))
    last = max((n for n, letter in enumerate(_LETTERS) if letter in used), default=0)
    expression = parse(text, _LETTERS[: last + 1])
    if not expression.used & set(_LETTERS):
        raise ExpressionError("the formula has no variable in it; write x, y or x1, x2, … or sum(x^2) for any number", 0)
    return expression


def _named(expression: Expression) -> str:
    """The variables as text."""
    return f"the vector {expression.vector}" if expression.vector else ", ".join(expression.variables[:3])


def _dimension(expression: Expression) -> tuple[int, bool]:
    """(number of variables or its minimum, whether there may be more)."""
    if not expression.vector:
        return len(expression.variables), False
    nodes = list(walk(expression.tree))
    highest = max((int(node.value) + 1 for node in nodes if node.kind == "element"), default=1)
    return highest, any(node.name == "sum" for node in nodes)


def _view(expression: Expression, curve: bool) -> Viewport:
    """A view around 0; for one variable, with vertical limits for its values."""
    if not curve:
        return Viewport.from_limits(-_SIDE, _SIDE, -_SIDE, _SIDE)
    with np.errstate(all="ignore"):
        values = _values(expression, np.linspace(-_SIDE, _SIDE, 61))
    finite = values[np.isfinite(values) & (np.abs(values) < 1e6)]
    low, high = (float(finite.min()), float(finite.max())) if finite.size else (-1.0, 1.0)
    margin = 0.05 * (high - low) if high > low else max(1.0, abs(low))
    digits = 2 - math.floor(math.log10(margin))
    return Viewport.from_limits(-_SIDE, _SIDE, round(low - margin, digits), round(high + margin, digits))


def _values(expression: Expression, places: Floats) -> Floats:
    parameters = dict.fromkeys(expression.parameters, _PARAMETER[0])
    values, wholes = dict.fromkeys(expression.variables, places) | parameters, {"x": places[None]} | parameters
    return np.broadcast_to(Evaluation("numpy", values, wholes).real(expression.rule.tree), places.shape)
