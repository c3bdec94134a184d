"""Typed formulas: text to tree to JAX rule, as a map or an objective. Text is parsed, never evaluated."""

from kernels.formulas import escape, tokens
from kernels.formulas.latex import as_latex
from kernels.formulas.map import TITLE, map_expression, map_from, map_with
from kernels.formulas.objective import objective_expression, objective_from
from kernels.formulas.parser import Expression, ExpressionError, looks_like_a_name
from kernels.formulas.tokens import GREEK
from kernels.formulas.tree import Node

__all__ = [
    "GREEK",
    "TITLE",
    "Expression",
    "ExpressionError",
    "Node",
    "as_latex",
    "escape",
    "looks_like_a_name",
    "map_expression",
    "map_from",
    "map_with",
    "objective_expression",
    "objective_from",
    "tokens",
]
