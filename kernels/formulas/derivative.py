"""Derivatives of formulas as formulas: the syntax tree is differentiated symbolically and simplified.

Derivatives at kinks and jumps are those of one side: that of abs at 0 is 0, those of sign, floor and ceil are 0.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace

from kernels.formulas.tree import Node, walk

ZERO, ONE, TWO = (Node("number", value=value) for value in (0.0, 1.0, 2.0))


def depends(node: Node, name: str) -> bool:
    """Whether the variable `name` is in the formula."""
    return any(part.kind == "name" and part.name == name for part in walk(node))


def derivative(node: Node, name: str) -> Node:
    """The derivative by the variable `name`, simplified where that is easy. Vectors, sums over them and coordinates are not allowed."""
    if not depends(node, name):
        return ZERO
    return _RULES[node.kind](node, name)


# Simplified operations -------------------------------------------------------------------------------------------------------


def _is(node: Node, value: float) -> bool:
    return node.kind == "number" and node.value == value


def plus(parts: Sequence[tuple[str, Node]]) -> Node:
    """The sum of (sign, term), without zeros and without signs after signs."""
    kept = [_signed(sign, node) for sign, node in parts if not _is(node, 0.0)]
    if not kept:
        return ZERO
    (first, head), *rest = kept
    head = negative(head) if first == "-" else head
    return Node("terms", (head, *(node for _, node in rest)), tuple(sign for sign, _ in rest)) if rest else head


def _signed(sign: str, node: Node) -> tuple[str, Node]:
    bare, minus_sign = _bare(node)
    return ("-" if sign == "+" else "+") if minus_sign else sign, bare


def _bare(node: Node) -> tuple[Node, bool]:
    """The node without a leading minus sign, and whether it had one."""
    if node.kind == "number" and node.value < 0:
        return replace(node, value=-node.value), True
    return (node.args[0], True) if node.kind == "negative" else (node, False)


def minus(left: Node, right: Node) -> Node:
    """Left - right."""
    return plus((("+", left), ("-", right)))


def negative(node: Node) -> Node:
    """-node."""
    bare, had_sign = _bare(node)
    return bare if had_sign or _is(node, 0.0) else Node("negative", (node,))


def times(*factors: Node) -> Node:
    """The product: one sign in front, then one number, without ones."""
    number, others, below = 1.0, [], False
    for factor in factors:
        node, minus_sign = _bare(factor)
        below ^= minus_sign
        if node.kind == "number":
            number *= node.value
        else:
            others.append(node)
    if number == 0:
        return ZERO
    parts = others if number == 1 and others else [Node("number", value=number), *others]
    product = parts[0] if len(parts) == 1 else Node("factors", tuple(parts), ("*",) * (len(parts) - 1))
    return negative(product) if below else product


def over(left: Node, right: Node) -> Node:
    """Left / right."""
    if _is(left, 0.0) or _is(right, 1.0):
        return left
    (above, first), (below, second) = _bare(left), _bare(right)
    quotient = Node("factors", (above, below), ("/",))
    return negative(quotient) if first != second else quotient


def power(base: Node, exponent: Node) -> Node:
    """Base ^ exponent."""
    if _is(exponent, 0.0):
        return ONE
    return base if _is(exponent, 1.0) else Node("power", (base, exponent), ("**",))


def call(name: str, *args: Node) -> Node:
    """name(args)."""
    return Node("call", args, name=name)


# Rules -----------------------------------------------------------------------------------------------------------------------


def _name(node: Node, name: str) -> Node:
    return ONE if node.name == name else ZERO


def _terms(node: Node, name: str) -> Node:
    return plus([(sign, derivative(arg, name)) for sign, arg in zip(("+", *node.signs), node.args, strict=True)])


def _factors(node: Node, name: str) -> Node:
    """Of a product as it is evaluated, from the left: the last factor apart from all before it."""
    *before, last = node.args
    sign = node.signs[-1]
    left = before[0] if len(before) == 1 else Node("factors", tuple(before), node.signs[:-1])
    slope, of_last = derivative(left, name), derivative(last, name)
    if sign == "*":
        return plus((("+", times(slope, last)), ("+", times(left, of_last))))
    if sign == "%":
        return minus(slope, times(of_last, call("floor", over(left, last))))
    return minus(over(slope, last), over(times(left, of_last), power(last, TWO)))


def _power(node: Node, name: str) -> Node:
    base, exponent = node.args
    if not depends(exponent, name):
        lower = minus(exponent, ONE) if exponent.kind != "number" else Node("number", value=exponent.value - 1)
        return times(exponent, power(base, lower), derivative(base, name))
    slope = times(derivative(exponent, name), call("log", base))
    return times(node, plus((("+", slope), ("+", over(times(exponent, derivative(base, name)), base)))))


def _negative(node: Node, name: str) -> Node:
    return negative(derivative(node.args[0], name))


def _nothing(node: Node, name: str) -> Node:
    return ZERO


def _call(node: Node, name: str) -> Node:
    args = node.args
    slopes = [derivative(arg, name) for arg in args]
    if node.name == "where":
        return call("where", args[0], *slopes[1:])
    if node.name in ("min", "max"):
        return call("where", Node("compare", args, ("<=" if node.name == "min" else ">=",)), *slopes)
    if node.name == "mod":
        return minus(slopes[0], times(slopes[1], call("floor", over(*args))))
    outer = _OUTER[node.name](args[0])
    return over(slopes[0], outer.args[1]) if _is_reciprocal(outer) else times(slopes[0], outer)


def _is_reciprocal(node: Node) -> bool:
    return node.kind == "factors" and node.signs == ("/",) and _is(node.args[0], 1.0)


def _one_over(node: Node) -> Node:
    return over(ONE, node)


def _square(node: Node) -> Node:
    return power(node, TWO)


def _sum(left: Node, right: Node) -> Node:
    return plus((("+", left), ("+", right)))


_OUTER: dict[str, Callable[[Node], Node]] = {
    "abs": lambda u: call("sign", u),
    "sign": lambda u: ZERO,
    "floor": lambda u: ZERO,
    "ceil": lambda u: ZERO,
    "sqrt": lambda u: _one_over(times(TWO, call("sqrt", u))),
    "exp": lambda u: call("exp", u),
    "log": _one_over,
    "sin": lambda u: call("cos", u),
    "cos": lambda u: negative(call("sin", u)),
    "tan": lambda u: _sum(ONE, _square(call("tan", u))),
    "asin": lambda u: _one_over(call("sqrt", minus(ONE, _square(u)))),
    "acos": lambda u: negative(_one_over(call("sqrt", minus(ONE, _square(u))))),
    "atan": lambda u: _one_over(_sum(ONE, _square(u))),
    "sinh": lambda u: call("cosh", u),
    "cosh": lambda u: call("sinh", u),
    "tanh": lambda u: minus(ONE, _square(call("tanh", u))),
    "asinh": lambda u: _one_over(call("sqrt", _sum(_square(u), ONE))),
    "acosh": lambda u: _one_over(times(call("sqrt", minus(u, ONE)), call("sqrt", _sum(u, ONE)))),
    "atanh": lambda u: _one_over(minus(ONE, _square(u))),
}
"""Derivatives of the functions of one argument."""

_RULES: dict[str, Callable[[Node, str], Node]] = {
    "name": _name,
    "terms": _terms,
    "factors": _factors,
    "power": _power,
    "negative": _negative,
    "call": _call,
    **dict.fromkeys(("compare", "and", "or", "not"), _nothing),
}
