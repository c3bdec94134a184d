"""Formulas whose states lie on a circle: E mod c, E - c floor(E / c) or c (E - floor(E)), plus a number perhaps.

E turns by whole turns as x does by one.
"""

import math
from dataclasses import replace

import numpy as np

from kernels.formulas.tree import CONSTANTS, Evaluation, Node, walk
from kernels.types import Floats

SAME = 1e-9
"""Numbers nearer than this, relative to 1 and their size, are the same."""

STATES = np.array([0.083, 0.241, 0.377, 0.5, 0.619, 0.742, 0.917])
"""Where formulas are compared, as parts of a turn."""


def circle(tree: Node, variables: tuple[str, ...], parameters: tuple[str, ...]) -> tuple[float | None, float]:
    """(circumference, least state) of the circle that the states of x -> tree lie on; (None, 0) where they lie on none.

    That E(x + c) is E(x) but for whole turns is tried out at a few states and parameters: x + a sin(2 pi x) mod 1 is a map of the circle,
    x^2 mod 1 is none, for its values on either side of the seam differ.
    """
    turn, unwrapped, least = _parts(tree) if len(variables) == 1 else _NONE
    if unwrapped is None or not 0 < turn < math.inf:
        return None, 0.0
    x = turn * STATES
    for seed in (0.37, 1.21):
        values = {name: np.float64(seed + 0.618 * n % 1) for n, name in enumerate(parameters)}
        turned = (_at(unwrapped, variables[0], x + turn, values) - _at(unwrapped, variables[0], x, values)) / turn
        if not (np.abs(turned - np.round(turned)) <= SAME * (1 + np.abs(turned))).all():
            return None, 0.0
    return turn, least


_NONE: tuple[float, Node | None, float] = (0.0, None, 0.0)


def _parts(tree: Node) -> tuple[float, Node | None, float]:
    """(c, E, least) of a tree that is E mod c in one of its forms, plus the number `least`; _NONE of any other."""
    if tree.name == "mod" or tree.signs[-1:] == ("%",):
        whole = tree.name == "mod" or len(tree.args) == 2
        return _number(tree.args[-1]), tree.args[0] if whole else replace(tree, args=tree.args[:-1], signs=tree.signs[:-1]), 0.0
    if tree.kind == "factors" and len(tree.args) == 2 and tree.signs == ("*",):
        # c (E - floor(E)): the states are c times those of E mod 1.
        for scale, inner in (tree.args, tree.args[::-1]):
            turn, unwrapped, least = _parts(inner)
            if unwrapped is not None and (factor := _number(scale)) > 0:
                return factor * turn, Node("factors", (Node("number", value=factor), unwrapped), ("*",)), factor * least
    if tree.kind != "terms":
        return _NONE
    for n, sign in enumerate(("+", *tree.signs)):
        turn, unwrapped, least = _parts(tree.args[n])
        if sign == "+" and unwrapped is not None:
            zero = replace(tree, args=(*tree.args[:n], Node("number", value=0.0), *tree.args[n + 1 :]))
            added = _number(zero)
            return _NONE if math.isnan(added) else (turn, unwrapped, least + added)
    return *_without_floor(tree), 0.0


def _without_floor(tree: Node) -> tuple[float, Node | None]:
    """(c, E) of E - c floor(E / c), a sum one of whose terms is the floor; (0, None) of any other sum."""
    for n, sign in enumerate(tree.signs, 1):
        turn, inner = _floor(tree.args[n])
        if sign == "-" and inner is not None:
            rest = replace(tree, args=tree.args[:n] + tree.args[n + 1 :], signs=tree.signs[: n - 1] + tree.signs[n:])
            scaled = Node("factors", (Node("number", value=turn), inner), ("*",))
            return (turn, rest) if _are_same(rest, scaled) else (0.0, None)
    return 0.0, None


def _floor(node: Node) -> tuple[float, Node | None]:
    """(c, E) of c floor(E); (0, None) of any other node."""
    if node.name == "floor":
        return 1.0, node.args[0]
    if node.kind == "factors" and len(node.args) == 2 and node.signs == ("*",):
        for scale, inner in (node.args, node.args[::-1]):
            if inner.name == "floor" and not math.isnan(turn := _number(scale)):
                return turn, inner.args[0]
    return 0.0, None


def _number(node: Node) -> float:
    """The value of a node without variables and parameters; NaN of any other."""
    free = any(each.kind == "element" or (each.kind == "name" and each.name not in CONSTANTS) for each in walk(node))
    return math.nan if free else float(Evaluation("numpy", {}, {}).real(node))


def _are_same(one: Node, other: Node) -> bool:
    names = {node.name for node in walk(one) if node.kind == "name" and node.name not in CONSTANTS} - {"x"}
    values = {name: np.float64(0.37 + 0.618 * n % 1) for n, name in enumerate(sorted(names))}
    a, b = (_at(node, "x", STATES, values) for node in (one, other))
    return bool((np.abs(a - b) <= SAME * (1 + np.abs(a))).all())


@np.errstate(all="ignore")
def _at(node: Node, variable: str, x: Floats, values: dict[str, np.float64]) -> Floats:
    return np.asarray(Evaluation("numpy", {**values, variable: x}, {}).real(node)) + np.zeros_like(x)


def torus(trees: tuple[Node, Node], variables: tuple[str, str], parameters: tuple[str, ...]) -> tuple[float | None, float | None]:
    """The circumference of each coordinate of a map of the plane that is an angle from 0 on: E mod c in one of its forms; else None.

    As of `circle`, that a turn of the coordinate turns what is wrapped by whole turns, and leaves other coordinates, is tried out.
    """
    parts = [_parts(tree) for tree in trees]
    turns = [turn if unwrapped is not None and 0 < turn < math.inf and not least else None for turn, unwrapped, least in parts]
    lifted = [part[1] if turn is not None and part[1] is not None else tree for part, turn, tree in zip(parts, turns, trees, strict=True)]
    found = [turn if turn is not None and _turns(n, turn, lifted, turns, variables, parameters) else None for n, turn in enumerate(turns)]
    return found[0], found[1]


def _turns(
    n: int, turn: float, lifted: list[Node], turns: list[float | None], variables: tuple[str, str], parameters: tuple[str, ...]
) -> bool:
    """Whether a turn of coordinate `n` changes each unwrapped coordinate by whole turns of its own, others not at all."""
    state = [STATES * (turns[0] or 1.0), STATES[::-1] * (turns[1] or 1.0)]
    turned = [part + turn if m == n else part for m, part in enumerate(state)]
    for seed in (0.37, 1.21):
        values = {name: np.float64(seed + 0.618 * m % 1) for m, name in enumerate(parameters)}
        for tree, whole in zip(lifted, turns, strict=True):
            before, after = (_of_two(tree, variables, place, values) for place in (state, turned))
            away = (after - before) / (whole or 1.0)
            wanted = np.round(away) if whole else 0.0
            if not (np.abs(away - wanted) <= SAME * (1 + np.abs(away) + np.abs(before))).all():
                return False
    return True


@np.errstate(all="ignore")
def _of_two(node: Node, variables: tuple[str, str], state: list[Floats], values: dict[str, np.float64]) -> Floats:
    return np.asarray(Evaluation("numpy", {**values, **dict(zip(variables, state, strict=True))}, {}).real(node)) + np.zeros_like(state[0])
