"""Typed maps of the plane: two formulas such as x' = 1 - a*x^2 + y; y' = b*x, whose other names are parameters.

Between them stands a semicolon or a new line, and = or -> after the coordinate that they give. A coordinate with a prime on the right-hand
side is its next value, as in y' = y + k*sin(x); x' = x + y'.
"""

import functools
import re
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any
from weakref import WeakValueDictionary

import numpy as np
from numpy.typing import NDArray

from kernels.execution import jnp
from kernels.formulas.circle import torus
from kernels.formulas.first_view import FAR, NOTHING_SEEN, range_of, stretch, typed_map, usual_parameter
from kernels.formulas.latex import as_latex, latex_name
from kernels.formulas.parser import MOST_NODES, MOST_PARAMETERS, REMEMBERED, parse
from kernels.formulas.tokens import GREEK, ExpressionError, check_length, letters
from kernels.formulas.tree import ALIASES, CONSTANTS, FUNCTIONS, Evaluation, Node, echo, source, symbol, walk
from kernels.geometry import Viewport
from kernels.maps import Map
from kernels.parameters import Parameter

_NAME = rf"[A-Za-z][A-Za-z0-9]*|[{letters}]"
_LEFT = re.compile(rf"\s*(?P<name>{_NAME})\s*(?:(?P<prime>['′])\s*)?(=(?!=)|->|→)")
_PRIMED = re.compile(rf"(?P<name>{_NAME})(?P<prime>['′])")
_NAMES = {letter: name for name, letter in GREEK.items()}
_NEXT = "_"
"""Stands in the parser's text for the prime of a coordinate's next value, so that columns stay."""

EXAMPLE = "x' = 1 - a*x^2 + y; y' = b*x"

_STARTS = ((0.1, 0.1), (0.5, 0.4), (-0.5, 0.3), (1.5, 0.5))
"""Initial conditions that are tried; the first whose orbits stay bounded for most values of the parameter is used."""

_COLUMNS = 65
_STEPS = 200
_WATCHED = 32
_WORK = 5_000
"""Maximum number of operations on all columns to find the initial view: some tens of milliseconds."""


@dataclass(frozen=True)
class PlaneFormula:
    """The rule of two formulas: of both coordinates and then the parameters; equal, and compiled once, for equal formulas."""

    source: str
    variables: tuple[str, str]
    parameters: tuple[str, ...] = field(compare=False)
    trees: tuple[Node, Node] = field(compare=False, repr=False)

    @property
    def cost(self) -> float:
        """Approximate cost relative to a typical map, by which the first calls are sized."""
        kinds = [node.kind for tree in self.trees for node in walk(tree)]
        return max(1.0, len(kinds) / 10 + 5 * sum(kind in ("call", "power") for kind in kinds))

    @functools.cached_property
    def circumferences(self) -> tuple[float | None, float | None]:
        """The circumference of each coordinate that is an angle, such as of E mod 1; None of others."""
        return torus(self.trees, self.variables, self.parameters)

    def __call__(self, *arguments: Any) -> tuple[Any, Any]:
        """The next state; its coordinates have the shape and type of the state's even if a formula is constant."""
        given = [jnp.asarray(argument) for argument in arguments]
        given = [value if jnp.issubdtype(value.dtype, jnp.floating) else value.astype(float) for value in given]
        values = dict(zip(self.variables + self.parameters, given, strict=True))
        evaluation = Evaluation("jax", values, values, frozenset(self.variables))
        shape = jnp.broadcast_shapes(*(value.shape for value in given))
        x, y = (jnp.broadcast_to(jnp.asarray(evaluation.real(tree), given[0].dtype), shape) for tree in self.trees)
        return x, y


@dataclass(frozen=True)
class PlaneExpression:
    """Two parsed formulas.

    `source`: plain text, which can be parsed again. `text`: in mathematical notation. `written`: their trees as they were typed, with next
    values as names that end in an underscore.
    """

    source: str
    rule: PlaneFormula = field(compare=False, repr=False)
    text: str = field(compare=False)
    written: tuple[Node, Node] = field(compare=False, repr=False)

    @property
    def parameters(self) -> tuple[str, ...]:
        """Names that are not coordinates, in order of appearance."""
        return self.rule.parameters

    @property
    def latex(self) -> tuple[tuple[str, str], ...]:
        """LaTeX of each coordinate and of the formula of its next value. Raises ValueError where one cannot be converted."""
        x, y = ((latex_name(name), as_latex(tree)) for name, tree in zip(self.coordinates, self.written, strict=True))
        return x, y

    @property
    def coordinates(self) -> tuple[str, str]:
        """Names of the coordinates."""
        return self.rule.variables


def is_plane_text(text: str) -> bool:
    """Whether a text says more than one formula, or the next value of a coordinate: then it is a map of the plane, or none."""
    left = _LEFT.match(text)
    return bool(re.search(r"[;\n]", text.strip("; \t\n"))) or (left is not None and bool(left["prime"]))


@lru_cache(maxsize=REMEMBERED)
def plane_expression(text: str) -> PlaneExpression:
    """The parsed formulas. Raises ExpressionError, in one line with the column, where they are not a map of the plane."""
    parts = [found for found in re.finditer(r"[^;\n]+", text) if found[0].strip()]
    if len(parts) > 2:
        raise ExpressionError(f"there are {len(parts)} formulas; a map has one coordinate or two; leave out the others", parts[2].start())
    if len(parts) < 2:
        raise ExpressionError(f"a map of the plane has two formulas, such as {EXAMPLE}; of one coordinate write the right side", len(text))
    names, rights = zip(*(_divided(part) for part in parts), strict=True)
    if names[0] == names[1]:
        raise ExpressionError(f"both formulas give {names[0]}; give the next value of another coordinate", parts[1].start())
    variables: tuple[str, str] = (names[0], names[1])
    trees = tuple(_parsed(right, variables) for right in rights)
    return _expression(variables, (trees[0], trees[1]))


_alive: WeakValueDictionary[str, PlaneExpression] = WeakValueDictionary()


def _divided(part: re.Match[str]) -> tuple[str, tuple[str, int]]:
    """(coordinate, (right-hand side, its column in the text))."""
    left = _LEFT.match(part[0])
    if left is None:
        begin = part.start() + len(part[0]) - len(part[0].lstrip())
        raise ExpressionError(f"this does not say whose next value it is; write both, such as {EXAMPLE}", begin)
    name = _NAMES.get(left["name"], left["name"])
    if name in {*FUNCTIONS, *ALIASES, *CONSTANTS, "and", "or", "not"}:
        raise ExpressionError(f"{name} cannot be a coordinate; give it another name", part.start() + left.start("name"))
    if not part[0][left.end() :].strip():
        raise ExpressionError(f"the next value of {name} is missing; write one such as in {EXAMPLE}", part.start() + left.end())
    return name, (part[0][left.end() :], part.start() + left.end())


def _parsed(right: tuple[str, int], variables: tuple[str, str]) -> Node:
    """The tree of a right-hand side, in which next values of coordinates are names that end in _NEXT."""
    text, begin = right

    def following(found: re.Match[str]) -> str:
        is_coordinate = _NAMES.get(found["name"], found["name"]) in variables
        return found["name"] + _NEXT if is_coordinate else found[0]

    try:
        check_length(text)  # the search for primes takes time by the square of it
        return parse(_PRIMED.sub(following, text), (*variables, *(name + _NEXT for name in variables))).tree
    except ExpressionError as error:
        raise ExpressionError(error.line, error.column + begin) from None


def _expression(variables: tuple[str, str], written: tuple[Node, Node]) -> PlaneExpression:
    following = tuple(name + _NEXT for name in variables)
    whole = "; ".join(f"{name}' = {source(tree)}" for name, tree in zip(variables, written, strict=True))
    whole = re.sub(rf"\b({'|'.join(variables)}){_NEXT}", r"\1'", whole)
    for name, tree, own, other in zip(variables, written, following, following[::-1], strict=True):
        used = _names(tree)
        if own in used or (other in used and _names(written[1 - variables.index(name)]) & {*following}):
            raise ExpressionError(f"the next value of {name} is given by itself; give it by {' and '.join(variables)}", 0)
    trees = tuple(_inlined(tree, dict(zip(following, written, strict=True))) for tree in written)
    parameters = tuple(dict.fromkeys(name for tree in written for name in _ordered(tree) if name not in {*variables, *following}))
    if len(parameters) > MOST_PARAMETERS:
        raise ExpressionError(f"the map has {len(parameters)} parameters; {MOST_PARAMETERS} are allowed", 0)
    if not {*variables} & (_names(trees[0]) | _names(trees[1])):
        raise ExpressionError(
            f"the formulas have neither {variables[0]} nor {variables[1]} in them; write the next state in their terms", 0
        )
    if sum(1 for tree in trees for _ in walk(tree)) > 2 * MOST_NODES:
        raise ExpressionError(f"the formulas have more than {2 * MOST_NODES} operations and names; that many are allowed", 0)
    rule = PlaneFormula(whole, variables, parameters, (trees[0], trees[1]))
    text = "; ".join(f"{symbol(name) or name}′ = {echo(tree)}" for name, tree in zip(variables, written, strict=True))
    for name in variables:
        text = text.replace((symbol(name) or name) + _NEXT, (symbol(name) or name) + "′").replace(
            name + _NEXT, (symbol(name) or name) + "′"
        )
    return _alive.get(whole) or _alive.setdefault(whole, PlaneExpression(whole, rule, text, written))


def _ordered(tree: Node) -> list[str]:
    return [node.name for node in walk(tree) if node.kind == "name" and node.name not in CONSTANTS]


def _names(tree: Node) -> set[str]:
    return {*_ordered(tree)}


def _inlined(node: Node, known: dict[str, Node]) -> Node:
    """The tree with these names replaced by trees."""
    if node.kind == "name" and node.name in known:
        return known[node.name]
    return replace(node, args=tuple(_inlined(arg, known) for arg in node.args)) if node.args else node


# The first view --------------------------------------------------------------------------------------------------------------


def plane_map_of(expression: PlaneExpression, title: str) -> Map:
    """The map, with usual ranges of its parameters and views found by following a few orbits."""
    parameters = tuple(map(usual_parameter, expression.parameters))
    start, shown, (across, up) = _tried(expression, parameters)
    states = {"start": start[0], "rest": start[1:], "coordinates": expression.coordinates, "plane": Viewport.from_limits(*across, *up)}
    return typed_map(expression, title, parameters, shown, across, meaning="A map of your own.", **states)


def plane_map_with(found: Map, expression: PlaneExpression, parameters: tuple[Parameter, ...], sweep: str) -> Map:
    """As `map_with`."""
    first = tuple(sorted(parameters, key=lambda parameter: parameter.name != sweep))
    start, shown, (across, up) = _tried(expression, first)
    view, plane = Viewport.from_limits(*shown, *across), Viewport.from_limits(*across, *up)
    return replace(found, parameters=parameters, sweep=sweep, state=across, start=start[0], rest=start[1:], view=view, plane=plane)


Range = tuple[float, float]


def _tried(expression: PlaneExpression, parameters: tuple[Parameter, ...]) -> tuple[tuple[float, float], Range, tuple[Range, Range]]:
    """(start, range of the swept parameter in which orbits stay, ranges of the coordinates they settle in)."""
    swept = np.linspace(parameters[0].low, parameters[0].high, _COLUMNS) if parameters else np.zeros(1)
    values = {p.name: np.full(swept.shape, p.default) for p in parameters[1:]} | {p.name: swept for p in parameters[:1]}
    orbits = _orbits(expression, values, len(swept))
    stay = (np.abs(orbits) < FAR).all((0, 1))
    best = int(np.argmax(stay.sum(1)))
    whole = (parameters[0].low, parameters[0].high) if parameters else (0.0, 1.0)
    stays = stay[best]
    if not stays.any():
        return _STARTS[0], whole, (NOTHING_SEEN, NOTHING_SEEN)
    ranges = (range_of(part[:, best, stays]) for part in orbits.swapaxes(0, 1))
    x, y = ((0.0, turn) if turn else found for turn, found in zip(expression.rule.circumferences, ranges, strict=True))
    return _STARTS[best], stretch(swept, stays, whole), (x, y)


def _orbits(expression: PlaneExpression, values: dict[str, NDArray[Any]], columns: int) -> NDArray[Any]:
    """The last states of the orbits of all initial conditions. Shape (_WATCHED, 2, initial conditions, columns)."""
    rule = expression.rule
    size = sum(1 for tree in rule.trees for _ in walk(tree))
    steps = max(2 * _WATCHED, min(_STEPS, _WORK // size))
    x, y = (np.repeat(np.array(part)[:, np.newaxis], columns, axis=1) for part in zip(*_STARTS, strict=True))
    kept = []
    with np.errstate(all="ignore"):
        for n in range(steps):
            evaluation = Evaluation("numpy", values | dict(zip(rule.variables, (x, y), strict=True)), {})
            x, y = (np.broadcast_to(evaluation.real(tree), x.shape) for tree in rule.trees)
            if n >= steps - _WATCHED:
                kept.append((x, y))
    return np.array(kept)
