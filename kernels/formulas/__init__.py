"""Typed formulas: text to tree to JAX rule, as a map or an objective. Text is parsed, never evaluated."""

from kernels.formulas import escape, tokens
from kernels.formulas.derivative import derivative, minus, over, times
from kernels.formulas.latex import as_latex
from kernels.formulas.map import TITLE, map_expression, map_from, map_with
from kernels.formulas.objective import objective_expression, objective_from
from kernels.formulas.parser import REMEMBERED, Expression, ExpressionError, looks_like_a_name, parse
from kernels.formulas.plane import PlaneExpression, is_plane_text
from kernels.formulas.tokens import GREEK
from kernels.formulas.tree import Evaluation, Node, source, symbol, walk

__all__ = [
    "GREEK",
    "REMEMBERED",
    "TITLE",
    "Evaluation",
    "Expression",
    "ExpressionError",
    "Node",
    "PlaneExpression",
    "as_latex",
    "derivative",
    "escape",
    "is_plane_text",
    "looks_like_a_name",
    "map_expression",
    "map_from",
    "map_with",
    "minus",
    "objective_expression",
    "objective_from",
    "over",
    "parse",
    "source",
    "symbol",
    "times",
    "tokens",
    "walk",
]
