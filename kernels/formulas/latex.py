"""A typed formula in LaTeX: fractions, powers and roots as they are written by hand. Part of the display of formulas, no arithmetic."""

from collections.abc import Callable

from kernels.formulas.tokens import GREEK
from kernels.formulas.tree import Node, number

_COMPARISONS = {"<": "<", "<=": r"\le", ">": ">", ">=": r"\ge", "==": "=", "!=": r"\ne"}
_COMMANDS = frozenset(("exp", "log", "sin", "cos", "tan", "sinh", "cosh", "tanh", "min", "max"))
_RANKS = {"or": 1, "and": 2, "not": 3, "compare": 4, "terms": 5, "factors": 6, "negative": 7, "power": 8}
_ATOM = 9


def as_latex(node: Node) -> str:
    """The formula `node` in LaTeX's math mode. ValueError for a name that cannot be written so, such as one with two underscores."""
    return _of(node)


def latex_name(name: str) -> str:
    """A name in LaTeX: a Greek letter for its name, digits at the end as an index, several letters upright.

    An underscore at the end is a prime, for the next value of a coordinate.
    """
    if name.endswith("_") and name != "_":
        return f"{latex_name(name[:-1])}'"
    stem, underscore, index = name.partition("_")
    if not underscore:
        stem = name.rstrip("0123456789")
        index = name[len(stem) :]
    if not stem or (not index.isalnum() and index):
        raise ValueError(f"the name {name!r} cannot be typeset")
    if stem in GREEK:
        written = "\\lambda" if stem == "lam" else f"\\{stem}"
    else:
        written = stem if len(stem) == 1 else f"\\mathrm{{{stem}}}"
    if len(index) > 1 and not index.isdigit():
        index = rf"\mathrm{{{index}}}"
    return f"{written}_{{{index}}}" if index else written


def _of(node: Node, least: int = 0) -> str:
    """The node, in brackets where it binds less tightly than `least`."""
    text = _WRITERS[node.kind](node)
    ambiguous = least > 0 and node.name == "where" and node.kind == "call"  # what follows could be read as part of its last case
    return _bracketed(text) if ambiguous or _RANKS.get(node.kind, _ATOM) < least else text


def _inner(node: Node, least: int) -> str:
    """An operand that does not come first: a minus in front of it needs brackets."""
    text = _of(node, least)
    return _bracketed(text) if text.startswith("-") else text


def _bracketed(text: str) -> str:
    return rf"\left({text}\right)"


def _number(node: Node) -> str:
    mantissa, _, exponent = number(node.value).partition("e")
    if not exponent:
        return mantissa
    power = f"10^{{{int(exponent)}}}"
    return power if mantissa == "1" else rf"{mantissa}\cdot {power}"


def _element(node: Node) -> str:
    return f"{node.name}_{{{int(node.value)}}}"


def _call(node: Node) -> str:
    if node.name == "sqrt":
        return rf"\sqrt{{{_of(node.args[0])}}}"
    if node.name == "abs":
        return rf"\left|{_of(node.args[0])}\right|"
    if node.name == "where":
        condition, this, that = map(_of, node.args)
        return rf"\begin{{cases}}{this} & \text{{if }} {condition} \\ {that} & \text{{else}}\end{{cases}}"
    if node.name == "sum":
        return rf"\sum{_bracketed(_of(node.args[0]))}"
    command = f"\\{node.name}" if node.name in _COMMANDS else rf"\operatorname{{{node.name}}}"
    return command + _bracketed(", ".join(map(_of, node.args)))


def _terms(node: Node) -> str:
    # A remainder in a sum is bracketed: a mod b + c could be read as a mod (b + c).
    least = [7 if arg.kind == "factors" and "%" in arg.signs else 6 for arg in node.args]
    rest = (f" {sign} {_inner(arg, rank)}" for sign, arg, rank in zip(node.signs, node.args[1:], least[1:], strict=True))
    return _of(node.args[0], least[0]) + "".join(rest)


def _factors(node: Node) -> str:
    """A product from left to right; what stands before a division sign is the numerator."""
    first, last = node.args[0], len(node.signs)
    text = _of(first) if node.signs[0] == "/" else _of(first, 7)  # a numerator needs no brackets
    for n, (sign, arg) in enumerate(zip(node.signs, node.args[1:], strict=True), 1):
        right = _of(arg) if sign == "/" else _inner(arg, 7)
        if sign == "/":
            text = rf"\frac{{{text}}}{{{right}}}"
        elif sign == "*":
            text += rf" \cdot {right}" if right[0].isdigit() else rf" \, {right}"
        else:
            text = rf"{text} \bmod {right}"
            text = _bracketed(text) if n < last and node.signs[n] != "/" else text
    return text


def _power(node: Node) -> str:
    base = _of(node.args[0], _ATOM)
    return f"{_bracketed(base) if node.args[0].name == 'sum' else base}^{{{_of(node.args[1])}}}"


def _compare(node: Node) -> str:
    rest = (f" {_COMPARISONS[sign]} {_of(arg, 5)}" for sign, arg in zip(node.signs, node.args[1:], strict=True))
    return _of(node.args[0], 5) + "".join(rest)


_WRITERS: dict[str, Callable[[Node], str]] = {
    "number": _number,
    "name": lambda node: latex_name(node.name),
    "element": _element,
    "call": _call,
    "terms": _terms,
    "factors": _factors,
    "power": _power,
    "negative": lambda node: f"-{_inner(node.args[0], 7)}",
    "compare": _compare,
    "and": lambda node: r" \text{ and } ".join(_of(arg, 3) for arg in node.args),
    "or": lambda node: r" \text{ or } ".join(_of(arg, 2) for arg in node.args),
    "not": lambda node: rf"\text{{not }} {_of(node.args[0], 3)}",
}
