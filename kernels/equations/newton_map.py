"""Newton's map x → x - f/f′ as a formula, whose fixed points are the roots of f."""

from kernels.equations.registry import find_equations
from kernels.equations.system import REAL
from kernels.formulas import Node, map_expression, minus, over, source, times


def newton_map(name: str, damping: float = 1.0) -> str:
    """The formula of Newton's map, with steps scaled by `damping`, of an equation of one real variable.

    Its parameters are the equation's. Raises ValueError, in one line, where the equation is not of one real variable, or where the formula
    would be longer than typed ones may be.
    """
    equations = find_equations(name)
    if equations.kind != REAL:
        raise ValueError(f"{equations.called} is not of one real variable x, and the explorer iterates maps of one; write it in x")
    trees = equations.trees
    step = over(times(Node("number", value=damping), trees.functions[0]), trees.jacobian[0][0])
    text = source(minus(Node("name", name="x"), step))
    map_expression(text)
    return text
