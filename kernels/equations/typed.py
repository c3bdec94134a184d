"""Typed equations: one formula in x, one in a complex z, or two in x and y; a right-hand side may be given."""

import re
from dataclasses import replace
from functools import lru_cache

import numpy as np

from kernels.equations.system import COMPLEX, IMAGINARY, JOINT, PLANE, REAL, VARIABLES, Equations, Problem
from kernels.formulas import REMEMBERED, Expression, ExpressionError, parse, symbol, walk
from kernels.geometry import Viewport
from kernels.parameters import Parameter

TITLE = "Your own equation"

_PARAMETER = (1.0, -4.0, 4.0)
"""(default, lowest, highest) of a parameter."""

_NOT_ANALYTIC = {"abs", "sign", "floor", "ceil", "min", "max", "mod", "where"}
_COMPARING = {"compare", "and", "or", "not"}

_EQUALS = re.compile(r"(?<![=<>!])=(?!=)")
_FUNCTION = re.compile(r"\s*[A-Za-z]\s*\([^()]*\)\s*=(?!=)")
"""The left-hand side f(x) = of a definition."""

_DEFINITION = re.compile(r"\s*(?:[A-Za-z]\s*\([^()]*\)|[A-Za-z]['′]?)\s*=(?!=)")

_PRODUCT = re.compile(r"[0-9A-Za-z_.*/^ ]*[0-9A-Za-z_.]")
"""A right-hand side that needs no brackets behind a minus."""

SIDE = 3.0
"""Half of the side of the first view."""


def has_equality(text: str) -> bool:
    """Whether a text says an equation: with a sign of equality that defines no function, as f(x) = and y = do, or two equations."""
    return ";" in text or (_EQUALS.search(text) is not None and not _DEFINITION.match(text))


def left_hand_side(text: str, variables: tuple[str, ...]) -> Expression:
    """The formula of `lhs = rhs` as lhs - (rhs), of a text without a sign of equality as it is. ExpressionError in one line."""
    parts = [] if _FUNCTION.match(text) else [found.start() for found in _EQUALS.finditer(text)]
    if not parts:
        return parse(text, variables)
    if len(parts) > 1:
        raise ExpressionError("an equation has one sign of equality; write two equations with a semicolon between them", parts[1])
    at = parts[0]
    left, right = text[:at], text[at + 1 :]
    for side, where in ((left, "before"), (right, "after")):
        if not side.strip():
            raise ExpressionError(f"something is missing {where} '='; write both sides of the equation, such as x^3 = 2", at)
    if re.fullmatch(r"\s*0(\.0*)?\s*", right):
        return parse(left, variables)
    if _PRODUCT.fullmatch(right.strip()):
        return parse(f"{left}-{right}", variables)
    try:
        return parse(f"{left}-({right})", variables)
    except ExpressionError as error:
        for begin, side in ((0, left), (at + 1, right)):  # in whose error are no brackets that were not typed
            _check_side(side, variables, begin)
        raise ExpressionError(error.line, error.column - (error.column > at)) from None


def _check_side(side: str, variables: tuple[str, ...], begin: int) -> None:
    """ExpressionError where a side, which begins at that column, is not a formula."""
    try:
        parse(side, variables)
    except ExpressionError as error:
        raise ExpressionError(error.line, error.column + begin) from None


@lru_cache(maxsize=REMEMBERED)
def equations_from(text: str) -> Equations:
    """The equations that `text` says, two with a semicolon between them, with a view. ExpressionError, in one line, where it says none."""
    found = read_equations(text)
    return found if found.kind != REAL else _with_heights(found)


def read_equations(text: str) -> Equations:
    """The same where the view does not matter: that of an equation in x is not fitted to its graph.

    One equation is in the complex z where z is in it, else in x; two are in x and y. Other names are parameters, and in z i is the
    imaginary unit.
    """
    parts = text.split(";")
    if len(parts) > 2:
        raise ExpressionError(f"there are {len(parts)} equations; one, or two in x and y, are allowed", 0)
    begins = [0, len(parts[0]) + 1]
    kind = PLANE if len(parts) == 2 else REAL
    if kind == REAL and re.search(r"(?<![A-Za-z_])z(?![A-Za-z0-9_(])", text):
        kind = COMPLEX
    expressions = []
    for begin, part in zip(begins, parts, strict=False):
        try:
            expressions.append(left_hand_side(part, VARIABLES[kind]))
        except ExpressionError as error:
            raise ExpressionError(error.line, error.column + begin) from None
    _check(expressions, kind)
    names = dict.fromkeys(name for expression in expressions for name in expression.parameters)
    if kind == COMPLEX:
        names.pop(IMAGINARY, None)
    parameters = tuple(Parameter(name, *_PARAMETER, "a parameter of your equation", symbol(name)) for name in names)
    return Equations(
        name=JOINT.join(expression.source for expression in expressions),
        title=TITLE,
        formula=written(expressions),
        expressions=tuple(expressions),
        kind=kind,
        start=(1.0,) if kind == REAL else (1.0, 0.5),
        view=_plane() if kind != REAL else Viewport.from_limits(-SIDE, SIDE, -SIDE, SIDE),
        meaning="An equation of your own." if len(expressions) == 1 else "Equations of your own.",
        reference="typed in",
        parameters=parameters,
    )


def written(expressions: list[Expression]) -> str:
    """The equations in mathematical notation."""
    return ",  ".join(f"{expression.text} = 0" for expression in expressions)


def _check(expressions: list[Expression], kind: str) -> None:
    variables = VARIABLES[kind]
    used = frozenset().union(*(expression.used for expression in expressions))
    if not used & set(variables):
        raise ExpressionError("the equation has no variable in it; write it in x, in a complex z, or two in x and y", 0)
    other = (used & {"x", "y", "z"}) - set(variables)
    if other:
        name = sorted(other)[0]
        remedy = "give two equations, with a semicolon between them, for x and y" if name == "y" else "an equation in z is in z alone"
        raise ExpressionError(f"{name} is not a variable beside {' and '.join(variables)}; {remedy}", 0)
    if kind != COMPLEX:
        return
    for node in walk(expressions[0].tree):
        if node.name in _NOT_ANALYTIC or node.kind in _COMPARING or "%" in node.signs:
            named = node.name or "a comparison or remainder"
            raise ExpressionError(f"{named} has no derivative in a complex z; use an analytic function", node.column)


def _plane() -> Viewport:
    return Viewport.from_limits(-1.6 * SIDE / 2, 1.6 * SIDE / 2, -SIDE / 2, SIDE / 2)


def _with_heights(equations: Equations) -> Equations:
    """The same with a view whose height shows the graph around 0."""
    places = np.linspace(-SIDE, SIDE, 61)
    values = Problem(equations.trees, equations.values({})).values(places)
    finite = values[np.isfinite(values)]
    high = float(np.percentile(np.abs(finite), 80)) if finite.size else SIDE
    digits = 1 - int(np.floor(np.log10(high))) if high > 0 else 0
    half = round(min(max(high, 1e-6), 1e9), digits) or SIDE
    return replace(equations, view=Viewport.from_limits(-SIDE, SIDE, -half, half))
