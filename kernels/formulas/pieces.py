"""Whether a formula is made of pieces: what may jump in it, and what may have a kink."""

from kernels.formulas.tree import Node, walk

JUMPING = frozenset(("floor", "ceil", "sign", "mod", "where"))
KINKED = frozenset(("abs", "min", "max"))


def may_jump(tree: Node) -> bool:
    """Whether there is something in it that jumps."""
    return any(node.kind in ("compare", "and", "or", "not") or node.name in JUMPING or "%" in node.signs for node in walk(tree))


def may_kink(tree: Node) -> bool:
    """Whether there is something in it that jumps or has a kink."""
    return may_jump(tree) or any(node.name in KINKED for node in walk(tree))
