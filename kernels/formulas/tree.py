"""Syntax trees of formulas: nodes, evaluation by a table of functions, and conversion to text.

No text is ever executed: `evaluate` walks the tree and calls only the functions in FUNCTIONS.
"""

import operator
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import reduce
from typing import Any

import numpy as np

from kernels.execution import jax, jnp
from kernels.formulas import functions as expression_functions
from kernels.formulas.tokens import GREEK, POWERS
from kernels.iteration import cospi, sinpi

WHOLE_POWERS = 64
"""Largest whole exponent that is evaluated by multiplication, which is more accurate than float powers."""


@dataclass(frozen=True)
class Node:
    """A node. `kind`: its operation; `signs`: the operators between `args`; `name`, `value`: of a name or number.

    kinds: number, name, element (of the vector `name`, at `value`), call, terms (+ -), factors (* / %), power, negative, compare, and,
    or, not. `column`: its position in the text. `vector`: whether it has a value for each coordinate.
    """

    kind: str
    args: tuple["Node", ...] = ()
    signs: tuple[str, ...] = ()
    name: str = ""
    value: float = 0.0
    vector: bool = False
    column: int = field(default=0, compare=False)


def walk(node: Node) -> Iterator[Node]:
    """The node and all its descendants."""
    yield node
    for arg in node.args:
        yield from walk(arg)


@dataclass(frozen=True)
class Function:
    """A function of formulas: number of arguments, and implementations in JAX and NumPy."""

    arguments: int
    jax: Callable[..., Any]
    numpy: Callable[..., Any]


def _function(name: str, arguments: int = 1, ours: bool = False) -> Function:
    library = expression_functions if ours else jnp
    # Looked up at first use, so that parsing a formula does not load JAX.
    return Function(arguments, lambda *given: getattr(library, name)(*given), getattr(np, name))


ALIASES = {
    **{f"arc{name}": f"a{name}" for name in ("sin", "cos", "tan", "sinh", "cosh", "tanh")},
    **{"ln": "log", "minimum": "min", "maximum": "max"},
}
"""Alternative names of functions."""

FUNCTIONS: Mapping[str, Function] = {
    **{name: _function(name) for name in ("abs", "sqrt", "exp", "log", "sin", "cos", "tan", "asin", "acos", "atan", "tanh")},
    **{name: _function(name, ours=True) for name in ("sinh", "cosh", "asinh", "acosh", "atanh")},
    **{name: _function(name) for name in ("sign", "floor", "ceil")},
    **{"min": _function("minimum", 2), "max": _function("maximum", 2), "mod": _function("mod", 2, ours=True)},
    "where": _function("where", 3),
    "sum": _function("sum"),
}
"""All functions of formulas by name."""

CONSTANTS = {"pi": float(np.pi), "e": float(np.e)}

_OF_PI: Mapping[str, Callable[[Any], Any]] = {"sin": sinpi, "cos": cospi}
"""Implementations of these functions of a product with π, given the product without π: faster and more accurate."""

_OPERATORS: Mapping[str, Callable[[Any, Any], Any]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    **{"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge, "==": operator.eq, "!=": operator.ne},
}


# Evaluation ------------------------------------------------------------------------------------------------------------------


def _is_truth(value: Any) -> bool:
    return isinstance(value, bool) or getattr(value, "dtype", None) == np.dtype(bool)


@dataclass(frozen=True)
class Evaluation:
    """Evaluation with values for names in `jax` or `numpy`; `variables`: names of the differentiation variables.

    values: of names that stand for themselves; wholes: inside a sum and for single coordinates.
    """

    library: str
    values: Mapping[str, Any]
    wholes: Mapping[str, Any]
    variables: frozenset[str] = frozenset()

    def of(self, node: Node) -> Any:
        """Value of the node: a number, a truth value, or an array of these."""
        return getattr(self, f"_{node.kind}")(node)

    def real(self, node: Node) -> Any:
        """Value of the node as a number: 1 for true, 0 for false."""
        value = self.of(node)
        return value * 1.0 if _is_truth(value) else value

    def truth(self, node: Node) -> Any:
        """Value of the node as a truth value: true unless 0."""
        value = self.of(node)
        return value if _is_truth(value) else value != 0

    def _number(self, node: Node) -> Any:
        return np.float64(node.value) if self.library == "numpy" else node.value

    def _name(self, node: Node) -> Any:
        return self._number(Node("number", value=CONSTANTS[node.name])) if node.name in CONSTANTS else self.values[node.name]

    def _element(self, node: Node) -> Any:
        return self.wholes[node.name][int(node.value)]

    def _terms(self, node: Node) -> Any:
        first, *others = (self.real(arg) for arg in node.args)
        return reduce(lambda so_far, step: self._apply(step[0], so_far, step[1]), zip(node.signs, others, strict=True), first)

    _factors = _terms

    def _apply(self, sign: str, left: Any, right: Any) -> Any:
        return self._call_of("mod", left, right) if sign == "%" else _OPERATORS[sign](left, right)

    def _call_of(self, name: str, *values: Any) -> Any:
        return getattr(FUNCTIONS[name], self.library)(*values)

    def _power(self, node: Node) -> Any:
        base, exponent = (self.real(arg) for arg in node.args)
        power = np.power if self.library == "numpy" else jnp.power
        if isinstance(exponent, float) and exponent.is_integer() and abs(exponent) <= WHOLE_POWERS:
            exponent = int(exponent) if self.library == "jax" else exponent
        return power(base, exponent)

    def _negative(self, node: Node) -> Any:
        return -self.real(node.args[0])

    def _compare(self, node: Node) -> Any:
        values = [self.real(arg) for arg in node.args]
        steps = zip(node.signs, values, values[1:], strict=False)
        return reduce(operator.and_, (_OPERATORS[sign](left, right) for sign, left, right in steps))

    def _and(self, node: Node) -> Any:
        return reduce(operator.and_, (self.truth(arg) for arg in node.args))

    def _or(self, node: Node) -> Any:
        return reduce(operator.or_, (self.truth(arg) for arg in node.args))

    def _not(self, node: Node) -> Any:
        return self.truth(node.args[0]) ^ True

    def _call(self, node: Node) -> Any:
        if node.name == "where":
            condition = self.truth(node.args[0])
            this = self._where(condition).real(node.args[1])
            that = self._where(condition ^ True).real(node.args[2])
            return self._call_of("where", condition, this, that)
        if node.name == "sum":
            inside = Evaluation(self.library, self.wholes, self.wholes, self.variables)
            return self._call_of("sum", inside.real(node.args[0]))
        if self.library == "jax" and node.name in _OF_PI and (rest := _without_pi(node.args[0])):
            return _OF_PI[node.name](self.real(rest))
        return self._call_of(node.name, *(self.real(arg) for arg in node.args))

    def _where(self, condition: Any) -> "Evaluation":
        """The same with variables that have no derivative where the condition fails.

        Else the slope of a branch that is not taken, infinite or NaN perhaps, times 0 would spoil the gradient (reverse mode).
        """
        if self.library == "numpy":
            return self

        def masked(values: Mapping[str, Any]) -> Mapping[str, Any]:
            return {
                name: jnp.where(condition, value, jax.lax.stop_gradient(value)) if name in self.variables else value
                for name, value in values.items()
            }

        # Of a sum or a coordinate every element of the result has a share, so a condition element by element says nothing of it.
        wholes = masked(self.wholes) if np.ndim(condition) == 0 else self.wholes
        return Evaluation(self.library, masked(self.values), wholes, self.variables)


def _without_pi(node: Node) -> Node | None:
    """A product without its factor π; None where it has none."""
    if node.kind == "factors" and "%" not in node.signs:
        for n, (sign, arg) in enumerate(zip(("*", *node.signs), node.args, strict=True)):
            if sign == "*" and arg.kind == "number" and arg.value == CONSTANTS["pi"]:
                return replace(node, args=(*node.args[:n], Node("number", value=1.0), *node.args[n + 1 :]))
    return None


# Conversion to text --------------------------------------------------------------------------------------------------------------------

_RANKS = {"or": 1, "and": 2, "not": 3, "compare": 4, "terms": 5, "factors": 6, "negative": 7, "power": 8}
_ATOM = 9


def number(value: float) -> str:
    """A number as it is typed: a whole one without a decimal point."""
    return str(int(value)) if value.is_integer() and abs(value) < 1e16 else repr(value)


def source(node: Node) -> str:
    """The formula as plain text with a minimum of spaces and brackets. Parsing it gives the same tree."""
    return _Writer().of(node)


def echo(node: Node) -> str:
    """The formula in mathematical notation: `r x (1 − x)`, `x² + c`, `a sin(π x)`."""
    return _Blackboard().of(node)


class _Writer:
    """Writes nodes as plain text."""

    def of(self, node: Node, least: int = 0) -> str:
        """Text of the node, in brackets if it binds less tightly than `least`."""
        text: str = getattr(self, f"_{node.kind}")(node)
        return f"({text})" if _RANKS.get(node.kind, _ATOM) < least else text

    def _number(self, node: Node) -> str:
        return number(node.value)

    def _name(self, node: Node) -> str:
        return node.name

    def _element(self, node: Node) -> str:
        return f"{node.name}[{int(node.value)}]"

    def _call(self, node: Node) -> str:
        return f"{node.name}({','.join(self.of(arg) for arg in node.args)})"

    def _terms(self, node: Node) -> str:
        rest = (f"{sign}{self.of(arg, 6)}" for sign, arg in zip(node.signs, node.args[1:], strict=True))
        return self.of(node.args[0], 6) + "".join(rest)

    def _factors(self, node: Node) -> str:
        rest = (f"{sign}{self.of(arg, 7)}" for sign, arg in zip(node.signs, node.args[1:], strict=True))
        return self.of(node.args[0], 7) + "".join(rest)

    def _power(self, node: Node) -> str:
        return f"{self.of(node.args[0], _ATOM)}**{self.of(node.args[1], 7)}"

    def _negative(self, node: Node) -> str:
        return f"-{self.of(node.args[0], 7)}"

    def _compare(self, node: Node) -> str:
        rest = (f"{sign}{self.of(arg, 5)}" for sign, arg in zip(node.signs, node.args[1:], strict=True))
        return self.of(node.args[0], 5) + "".join(rest)

    def _and(self, node: Node) -> str:
        return " and ".join(self.of(arg, 3) for arg in node.args)

    def _or(self, node: Node) -> str:
        return " or ".join(self.of(arg, 2) for arg in node.args)

    def _not(self, node: Node) -> str:
        return f"not {self.of(node.args[0], 3)}"


_SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
_SIGNS = {"+": " + ", "-": " − ", "<": " < ", "<=": " ≤ ", ">": " > ", ">=": " ≥ ", "==": " = ", "!=": " ≠ "}


def symbol(name: str) -> str:
    """A name in mathematical notation: Greek letters, and trailing digits as an index."""
    stem = name.rstrip("0123456789")
    return GREEK.get(stem, stem) + name[len(stem) :].translate(_SUBSCRIPTS)


class _Blackboard(_Writer):
    """Writes nodes in mathematical notation."""

    def _number(self, node: Node) -> str:
        return super()._number(node).replace("-", "−")

    def _name(self, node: Node) -> str:
        return symbol(node.name)

    def _element(self, node: Node) -> str:
        return node.name + str(int(node.value)).translate(_SUBSCRIPTS)

    def _call(self, node: Node) -> str:
        shown = {"sqrt": "√", "sum": "Σ"}.get(node.name, node.name)
        return f"{shown}({', '.join(self.of(arg) for arg in node.args)})"

    def _terms(self, node: Node) -> str:
        rest = (_SIGNS[sign] + self._inner(arg, 6) for sign, arg in zip(node.signs, node.args[1:], strict=True))
        return self.of(node.args[0], 6) + "".join(rest)

    def _compare(self, node: Node) -> str:
        rest = (_SIGNS[sign] + self.of(arg, 5) for sign, arg in zip(node.signs, node.args[1:], strict=True))
        return self.of(node.args[0], 5) + "".join(rest)

    def _factors(self, node: Node) -> str:
        text, divided = self.of(node.args[0], 7), False
        for sign, arg in zip(node.signs, node.args[1:], strict=True):
            right = self._inner(arg, 7)
            # After a fraction bar, or before a digit, juxtaposed factors would be ambiguous.
            joint = {"*": " · " if divided or right[0].isdigit() else " ", "/": " / ", "%": " mod "}[sign]
            text, divided = text + joint + right, divided or sign != "*"
        return text

    def _inner(self, node: Node, least: int) -> str:
        """An operand after the first one: a leading minus needs brackets."""
        text = self.of(node, least)
        return f"({text})" if text.startswith("−") else text

    def _power(self, node: Node) -> str:
        base, exponent = self.of(node.args[0], _ATOM), node.args[1]
        inner, minus = (exponent.args[0], "⁻") if exponent.kind == "negative" else (exponent, "")
        if inner.kind == "number" and (digits := number(inner.value)).isdigit():
            return base + minus + "".join(POWERS[int(digit)] for digit in digits)
        return f"{base}^{self.of(exponent, _ATOM)}"

    def _negative(self, node: Node) -> str:
        return f"−{self._inner(node.args[0], 7)}"
