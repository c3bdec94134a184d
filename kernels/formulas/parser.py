"""Parser of typed formulas: text to a JAX function by a whitelist over Python's `ast`, never by `eval`.

    parse("r*x*(1-x)").rule(0.5, 3.2)

Anything outside the whitelist is refused in one line with its position; length, depth, names and powers are bounded, so that an untrusted
text cannot run code or take much memory or time. Equal formulas are the same function, compiled once.
"""

import ast
import functools
import math
import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any
from weakref import WeakValueDictionary

import numpy as np

from kernels.execution import jnp
from kernels.formulas import implied, pieces
from kernels.formulas.circle import circle
from kernels.formulas.tokens import DEEPEST, LONGEST, ExpressionError, Token, check, near, short, tokens
from kernels.formulas.tree import ALIASES, CONSTANTS, FUNCTIONS, Evaluation, Node, echo, number, source, walk

__all__ = ["DEEPEST", "LONGEST", "Expression", "ExpressionError", "Formula", "looks_like_a_name", "names", "parse"]

MOST_NODES = 500
"""Maximum number of operations, numbers and names in a formula."""

MOST_PARAMETERS = 12

HYPERBOLIC = frozenset(("sinh", "cosh", "asinh", "acosh", "atanh"))
MOST_HYPERBOLIC = 20
"""Maximum number of these functions in a formula: fifty nested ones take 15 s to compile (measured)."""

HIGHEST_POWER = 1000
"""Largest absolute value of a constant exponent."""

MOST_COORDINATES = 1000
"""Maximum number of coordinates that a formula can name."""

REMEMBERED = 512
"""Number of parsed formulas in the cache."""

_ARITHMETIC: dict[type[ast.AST], tuple[str, str]] = {
    ast.Add: ("terms", "+"),
    ast.Sub: ("terms", "-"),
    ast.Mult: ("factors", "*"),
    ast.Div: ("factors", "/"),
    ast.Mod: ("factors", "%"),
    ast.Pow: ("power", "**"),
}
_COMPARISONS: dict[type[ast.AST], str] = {ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=", ast.Eq: "==", ast.NotEq: "!="}


@dataclass(frozen=True)
class Formula:
    """The function of a formula: of its variables and then its parameters; equal, and compiled once, for equal formulas.

    Elementwise, in JAX; with a `vector`, that variable is an array of shape (n,) and the value a scalar.
    """

    source: str
    variables: tuple[str, ...]
    vector: str
    parameters: tuple[str, ...] = field(compare=False)
    tree: Node = field(compare=False, repr=False)

    @property
    def cost(self) -> float:
        """Approximate cost relative to a typical map, by which the first calls are sized."""
        kinds = [node.kind for node in walk(self.tree)]
        return max(1.0, len(kinds) / 10 + 5 * sum(kind in ("call", "power") for kind in kinds))

    @property
    def circumference(self) -> float | None:
        """The circumference c of a map of a circle, such as E mod c, E - floor(E) or c (E - floor(E)); None for other formulas."""
        return self._circle[0]

    @property
    def least_state(self) -> float:
        """Smallest state of a map of a circle: -pi for (E mod 2 pi) - pi."""
        return self._circle[1]

    @functools.cached_property
    def _circle(self) -> tuple[float | None, float]:
        return circle(self.tree, self.variables, self.parameters)

    @functools.cached_property
    def may_jump(self) -> bool:
        """Whether it has something in it that jumps."""
        return pieces.may_jump(self.tree)

    @functools.cached_property
    def may_kink(self) -> bool:
        """Whether it has something in it that jumps or has a kink."""
        return pieces.may_kink(self.tree)

    def __call__(self, *arguments: Any) -> Any:
        """Evaluate the formula; the value has the shape and type of the variables even if the formula is constant."""
        given = [jnp.asarray(argument) for argument in arguments]
        given = [value if jnp.issubdtype(value.dtype, jnp.floating) else value.astype(float) for value in given]
        values = dict(zip(self.variables + self.parameters, given, strict=True))
        found = Evaluation("jax", values, values, frozenset(self.variables)).real(self.tree)
        shape = () if self.vector else jnp.broadcast_shapes(*(value.shape for value in given))
        return jnp.broadcast_to(jnp.asarray(found, given[0].dtype), shape)


@dataclass(frozen=True)
class Expression:
    """A parsed formula; formulas that differ only in spaces are equal.

    `source`: its plain text, which can be parsed again. `text`: in mathematical notation. `parameters`: names that are not variables, in
    order of appearance. `rule`: the function of the variables and then the parameters. `tree`: its syntax tree.
    """

    source: str
    variables: tuple[str, ...]
    vector: str
    parameters: tuple[str, ...] = field(compare=False)
    text: str = field(compare=False)
    rule: Formula = field(compare=False, repr=False)
    tree: Node = field(compare=False, repr=False)

    @property
    def used(self) -> frozenset[str]:
        """All names in the formula."""
        return frozenset(node.name for node in walk(self.tree) if node.kind in ("name", "element"))

    @property
    def size(self) -> int:
        """Number of operations, numbers and names."""
        return sum(1 for _ in walk(self.tree))


@lru_cache(maxsize=REMEMBERED)
def parse(text: str, variables: tuple[str, ...] = ("x",), vector: str = "") -> Expression:
    """Parse a formula. Names other than variables, functions, pi and e are its parameters. Raises ExpressionError.

    `vector`: name of the variable, if any, that is a vector: x[i] is then a coordinate, and sum(…) adds over all.
    """
    tree = _read(text, variables, vector)
    canonical = source(tree)
    if len(canonical) > LONGEST:
        raise ExpressionError(f"the formula, written out, has {len(canonical)} characters; {LONGEST} are allowed", len(text))
    key = (canonical, variables, vector)
    return _alive.get(key) or _alive.setdefault(key, _made(tree, *key))


_alive: WeakValueDictionary[tuple[str, tuple[str, ...], str], Expression] = WeakValueDictionary()
"""All Expressions in use, so that equal formulas are the same object."""


def _made(tree: Node, canonical: str, variables: tuple[str, ...], vector: str) -> Expression:
    found = [node.name for node in walk(tree) if node.kind == "name" and node.name not in CONSTANTS]
    parameters = tuple(dict.fromkeys(name for name in found if name not in variables))
    rule = Formula(canonical, variables, vector, parameters, _folded(tree))
    return Expression(canonical, variables, vector, parameters, echo(tree), rule, tree)


def names(text: str) -> frozenset[str]:
    """All names in the text, with functions and constants. Raises ExpressionError on invalid characters."""
    return frozenset(ALIASES.get(token.text, token.text) for token in _pieces(text) if token.kind == "name")


def looks_like_a_name(text: str, variables: tuple[str, ...] = ("x",)) -> bool:
    """Whether a text is more likely a misspelt name than a formula: lower-case words joined by hyphens, none of them a variable.

    x1, x2, … are variables where x and others are.
    """
    words = {re.sub("^x[1-9][0-9]*$", "x", word) if len(variables) > 1 else re.sub("^[a-z]x$", "x", word) for word in text.split("-")}
    return re.fullmatch(r"[a-z]+(-[a-z0-9]+)*", text) is not None and not words & {*variables}


def _pieces(text: str) -> list[Token]:
    """Tokens of the formula, with implied operators."""
    return implied.complete(tokens(implied.right_side(text)), {*FUNCTIONS, *ALIASES})


def _read(text: str, variables: tuple[str, ...], vector: str) -> Node:
    row = _pieces(text)
    check(row, {*FUNCTIONS, *ALIASES})
    reader = _Reader(row, variables, vector)
    tree = reader.tree()
    if tree.vector:
        raise ExpressionError(f"the value is a vector; put {vector} into sum(…) or take a coordinate, {vector}[0]", tree.column)
    _folded(tree)
    used = dict.fromkeys(node.name for node in walk(tree) if node.kind == "name" and node.name not in {*variables, *CONSTANTS})
    if len(used) > MOST_PARAMETERS:
        column = next(token.column for token in row if token.text == list(used)[MOST_PARAMETERS])
        raise ExpressionError(f"the formula has {len(used)} parameters; {MOST_PARAMETERS} are allowed", column)
    hyperbolic = [node for node in walk(tree) if node.name in HYPERBOLIC]
    if len(hyperbolic) > MOST_HYPERBOLIC:
        line = f"the formula has {len(hyperbolic)} hyperbolic functions; {MOST_HYPERBOLIC} are allowed"
        raise ExpressionError(line, hyperbolic[MOST_HYPERBOLIC].column)
    return tree


def _bare(given: ast.expr) -> ast.expr:
    """The text without leading plus signs."""
    while isinstance(given, ast.UnaryOp) and isinstance(given.op, ast.UAdd):
        given = given.operand
    return given


class _Reader:
    """Converts Python's syntax tree of a formula; node types outside the whitelist are refused."""

    def __init__(self, row: list[Token], variables: tuple[str, ...], vector: str) -> None:
        self._row, self._variables, self._vector = row, variables, vector
        self._columns: dict[int, int] = {}
        self._count = 0

    def tree(self) -> Node:
        """The converted tree."""
        text = ""
        for token in self._row:
            self._columns[len(text)] = token.column
            text += f"{token.text} "
        try:
            body = ast.parse(text.strip(), mode="eval").body
        except SyntaxError as error:
            raise self._error("this cannot be read here; check the signs and brackets around it", (error.offset or 1) - 1) from None
        except (RecursionError, MemoryError, ValueError):
            raise self._error(f"operations are nested too deep; {DEEPEST} levels are allowed", 0) from None
        return self._node(body, 0)

    def _error(self, line: str, place: int | ast.AST) -> ExpressionError:
        offset = place if isinstance(place, int) else getattr(place, "col_offset", 0)
        return ExpressionError(line, self._columns[max((at for at in self._columns if at <= offset), default=0)])

    def _node(self, given: ast.AST, depth: int) -> Node:
        self._count += 1
        if self._count > MOST_NODES:
            raise self._error(f"the formula has more than {MOST_NODES} operations and names; that many are allowed", given)
        if depth > DEEPEST:
            raise self._error(f"operations are nested more than {DEEPEST} deep; that many are allowed", given)
        read: Callable[[Any, int], Node] | None = getattr(self, f"_{type(given).__name__}", None)
        if read is None:
            raise self._error(f"{type(given).__name__} is not allowed in a formula", given)
        return read(given, depth + 1)

    def _made(self, kind: str, given: ast.AST, args: list[Node], signs: tuple[str, ...] = (), name: str = "") -> Node:
        column = self._columns[getattr(given, "col_offset", 0)]
        return Node(kind, tuple(args), signs, name, vector=any(arg.vector for arg in args), column=column)

    def _Constant(self, given: ast.Constant, _: int) -> Node:
        if not isinstance(given.value, float) or not math.isfinite(given.value):
            raise self._error("only numbers are allowed here", given)
        return Node("number", value=given.value, column=self._columns[given.col_offset])

    def _Name(self, given: ast.Name, _: int) -> Node:
        if given.id in FUNCTIONS or given.id in ALIASES:
            raise self._error(f"{given.id} is a function; write {given.id}(x)", given)
        column = self._columns[given.col_offset]
        return Node("name", name=given.id, vector=given.id == self._vector, column=column)

    def _BinOp(self, given: ast.BinOp, depth: int) -> Node:
        kind, sign = _ARITHMETIC.get(type(given.op), ("", ""))
        if not kind:
            raise self._error(f"{type(given.op).__name__} is not allowed in a formula", given)
        if kind == "power":
            return self._made(kind, given, [self._node(given.left, depth), self._node(given.right, depth)], (sign,))
        # A long sum is one node with many arguments, not a deep tree.
        signs, operands, left = [sign], [given.right], _bare(given.left)
        while isinstance(left, ast.BinOp) and _ARITHMETIC.get(type(left.op), ("", ""))[0] == kind:
            signs.append(_ARITHMETIC[type(left.op)][1])
            operands.append(left.right)
            left = _bare(left.left)
        args = [self._node(operand, depth) for operand in (left, *reversed(operands))]
        return self._made(kind, given, args, tuple(reversed(signs)))

    def _UnaryOp(self, given: ast.UnaryOp, depth: int) -> Node:
        kind = {ast.USub: "negative", ast.UAdd: "", ast.Not: "not"}.get(type(given.op))
        if kind is None:
            raise self._error(f"{type(given.op).__name__} is not allowed in a formula", given)
        operand = self._node(given.operand, depth)
        return self._made(kind, given, [operand]) if kind else operand

    def _BoolOp(self, given: ast.BoolOp, depth: int) -> Node:
        kind = "and" if isinstance(given.op, ast.And) else "or"
        return self._made(kind, given, [self._node(value, depth) for value in given.values])

    def _Compare(self, given: ast.Compare, depth: int) -> Node:
        signs = tuple(_COMPARISONS.get(type(sign), "") for sign in given.ops)
        if not all(signs):
            raise self._error("compare numbers by < <= > >= == !=", given)
        return self._made("compare", given, [self._node(operand, depth) for operand in (given.left, *given.comparators)], signs)

    def _Call(self, given: ast.Call, depth: int) -> Node:
        if not isinstance(given.func, ast.Name):
            raise self._error("only a function from the list can be called", given)
        name = ALIASES.get(given.func.id, given.func.id)
        if name not in FUNCTIONS:
            hint = near(name, FUNCTIONS)
            raise self._error(f"there is no function {short(name)}{hint}; there are {', '.join(FUNCTIONS)}", given)
        wanted = FUNCTIONS[name].arguments
        if given.keywords or len(given.args) != wanted:
            raise self._error(f"{given.func.id} takes {_counted(wanted)}, not {len(given.args) + len(given.keywords)}", given)
        if name == "sum" and not self._vector:
            raise self._error("sum adds over a vector, and here x is a number; it is for objectives", given)
        node = self._made("call", given, [self._node(arg, depth) for arg in given.args], name=name)
        if name != "sum":
            return node
        if not node.vector:
            raise self._error(f"sum adds over {self._vector}, which is not in it; write sum({self._vector}^2)", given)
        return Node("call", node.args, name="sum", column=node.column)

    def _Subscript(self, given: ast.Subscript, _: int) -> Node:
        name = given.value.id if isinstance(given.value, ast.Name) else ""
        if not self._vector or name != self._vector:
            raise self._error("[…] takes a coordinate of a vector, and here is none", given)
        place = given.slice.value if isinstance(given.slice, ast.Constant) else None
        if not isinstance(place, float) or not place.is_integer() or not 0 <= place < MOST_COORDINATES:
            raise self._error(f"{name}[…] takes one whole number from 0 to {MOST_COORDINATES - 1}", given)
        return Node("element", name=name, value=place, column=self._columns[given.col_offset])


def _counted(arguments: int) -> str:
    return "one argument" if arguments == 1 else f"{('two', 'three')[arguments - 2]} arguments"


def _folded(node: Node) -> Node:
    """The tree with constant parts evaluated in float64. Raises ExpressionError if one is not finite, or an exponent is too large."""
    if not node.args:
        return Node("number", value=CONSTANTS[node.name], column=node.column) if node.name in CONSTANTS else node
    node = replace(node, args=tuple(_folded(arg) for arg in node.args))
    if node.kind == "power" and node.args[1].kind == "number" and abs(node.args[1].value) > HIGHEST_POWER:
        line = f"the exponent {number(node.args[1].value)} is out of range; give one from −{HIGHEST_POWER} to {HIGHEST_POWER}"
        raise ExpressionError(line, node.args[1].column)
    constant = next((n for n, arg in enumerate(node.args) if arg.kind != "number"), len(node.args))
    if constant == len(node.args):
        return _worked_out(node)
    if constant > 1 and node.kind in ("terms", "factors"):
        # 2 pi x: the constants in front, which are worked out first anyhow
        front = _worked_out(replace(node, args=node.args[:constant], signs=node.signs[: constant - 1]))
        return replace(node, args=(front, *node.args[constant:]), signs=node.signs[constant - 1 :])
    return node


def _worked_out(node: Node) -> Node:
    """Value of a constant node."""
    with np.errstate(all="ignore"):
        value = float(Evaluation("numpy", {}, {}).real(node))
    if not math.isfinite(value):
        text = source(node)
        raise ExpressionError(f"{text if len(text) <= 40 else text[:39] + '…'} is not a finite number", node.column)
    return Node("number", value=value, column=node.column)
