"""Backward errors of approximate roots: the least relative change of an equation's terms after which the point is an exact root."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kernels.equations.system import Numbers, Problem
from kernels.formulas import Node
from kernels.types import Floats


def backward_errors(problem: Problem, points: Numbers) -> Floats:
    """|f| / Σ |terms of f| at points of shape (k, n), the larger one of two equations. Shape (k,).

    The terms are the summands as they are written; a polynomial that is written out is compared with one of changed coefficients. Of a
    product the factor with the smallest error counts, of a quotient the numerator, of a power the base; 1 where there is a single term,
    which only vanishes as a whole. NaN where f is undefined. W. Oettli and W. Prager, Numer. Math. 6 (1964).
    """

    def values(trees: Sequence[Node]) -> list[NDArray[Any]]:
        found = problem.trees.evaluate("numpy", trees, tuple(points.T), problem.parameters)
        return [np.broadcast_to(value, len(points)) for value in found]

    def error(tree: Node) -> Floats:
        if tree.kind == "factors":
            above = [tree.args[0], *(arg for sign, arg in zip(tree.signs, tree.args[1:], strict=True) if sign != "/")]
            return np.minimum.reduce([error(arg) for arg in above])
        if tree.kind in ("negative", "power"):
            return error(tree.args[0])
        parts = list(_summands(tree))
        whole, *terms = values([tree, *parts])
        size, total = np.abs(whole), np.sum(np.abs(terms), axis=0)
        shares: Floats = np.where(size == 0, 0.0, size / total)
        return shares

    with np.errstate(all="ignore"):
        return np.maximum.reduce([error(tree) for tree in problem.trees.functions])


def _summands(tree: Node) -> Iterator[Node]:
    """The terms of a sum, without brackets and signs."""
    if tree.kind in ("terms", "negative"):
        for arg in tree.args:
            yield from _summands(arg)
    else:
        yield tree
