"""Formulas that are written as sums of squares: the weights w and residuals r of Σ w r², found in the syntax tree."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from kernels.execution import jnp
from kernels.formulas.derivative import negative, over, power, times
from kernels.formulas.parser import Expression
from kernels.formulas.tree import Evaluation, Node, walk
from kernels.types import Array

ONE = Node("number", value=1.0)


@dataclass(frozen=True)
class Square:
    """One term w r²; `summed`: over all coordinates, as within sum(…)."""

    weight: Node
    residual: Node
    summed: bool = False


@dataclass(frozen=True)
class Squares:
    """The weights and residuals of a formula at a point and parameters; equal for equal formulas."""

    formula: Expression

    def __call__(self, point: Array, *parameters: Any) -> tuple[Array, Array]:
        """Weights and residuals, each of shape (terms,), at a point of shape (n,)."""
        formula = self.formula
        variables = (point,) if formula.vector else tuple(point)
        names = formula.variables + formula.parameters
        values = dict(zip(names, (*variables, *(jnp.asarray(value, point.dtype) for value in parameters)), strict=True))
        evaluation = Evaluation("jax", values, values, frozenset(formula.variables))
        found: tuple[list[Array], list[Array]] = ([], [])
        for square in squares_of(formula) or ():
            for node, arrays in zip((square.weight, square.residual), found, strict=True):
                value = jnp.asarray(evaluation.real(node), point.dtype)
                arrays.append(jnp.broadcast_to(value, point.shape if square.summed else (1,)))
        return jnp.concatenate(found[0]), jnp.concatenate(found[1])


def squares_of(formula: Expression) -> list[Square] | None:
    """The terms of a formula that is written as a sum of squares: of even powers, times what has no variable; None of another one.

    A term without a variable is a square too, of 1. A minus before a square leaves none.
    """
    found = _squares(formula.rule.tree, formula.variables)
    if found is None or any(square.residual != ONE and _is_negative(square.weight) for square in found):
        return None
    return found


def _is_negative(weight: Node) -> bool:
    return weight.kind == "negative" or (weight.kind == "number" and weight.value < 0)


def _squares(node: Node, variables: tuple[str, ...]) -> list[Square] | None:
    if not _varies(node, variables):
        return [Square(node, ONE)]
    if node.kind == "terms":
        parts = zip(("+", *node.signs), node.args, strict=True)
        return _joined([_signed(sign, _squares(arg, variables)) for sign, arg in parts])
    if node.kind == "negative":
        return _signed("-", _squares(node.args[0], variables))
    if node.kind == "call" and node.name == "sum":
        inside = _squares(node.args[0], variables)
        return None if inside is None else [Square(square.weight, square.residual, node.args[0].vector) for square in inside]
    if node.kind in ("power", "factors"):
        return _product(node, variables)
    return None


def _joined(parts: Sequence[list[Square] | None]) -> list[Square] | None:
    found: list[Square] = []
    for part in parts:
        if part is None:
            return None
        found += part
    return found


def _signed(sign: str, squares: list[Square] | None) -> list[Square] | None:
    if sign == "+" or squares is None:
        return squares
    return [Square(negative(square.weight), square.residual, square.summed) for square in squares]


def _product(node: Node, variables: tuple[str, ...]) -> list[Square] | None:
    """The squares of a power or a product: a weight times even powers, or times one sum of squares."""
    factors = list(zip(("*", *node.signs), node.args, strict=True)) if node.kind == "factors" else [("*", node)]
    if any(sign not in "*/" for sign, _ in factors):
        return None
    weight, exponents = ONE, dict[Node, int]()
    for sign, factor in factors:
        if not _varies(factor, variables):
            weight = times(weight, factor) if sign == "*" else over(weight, factor)
            continue
        base, exponent = _base(factor)
        exponents[base] = exponents.get(base, 0) + (exponent if sign == "*" else -exponent)
    odd = [base for base, exponent in exponents.items() if exponent % 2]
    inner: list[Square] | None = [Square(ONE, ONE)]
    if odd:
        inner = _squares(odd[0], variables) if len(odd) == 1 and exponents[odd[0]] == 1 and odd[0].kind != "power" else None
        del exponents[odd[0]]
    if inner is None:
        return None
    common = times(*(power(base, Node("number", value=float(exponent // 2))) for base, exponent in exponents.items() if exponent), ONE)
    if common != ONE and any(square.summed for square in inner):
        return None
    return [Square(times(weight, square.weight), times(common, square.residual), square.summed) for square in inner]


def _base(node: Node) -> tuple[Node, int]:
    """A factor as a base and a whole exponent."""
    if node.kind == "power" and node.args[1].kind == "number" and node.args[1].value.is_integer():
        return node.args[0], int(node.args[1].value)
    return node, 1


def _varies(node: Node, variables: tuple[str, ...]) -> bool:
    return any(part.kind in ("name", "element") and part.name in variables for part in walk(node))
