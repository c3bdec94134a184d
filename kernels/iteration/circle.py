"""States that are angles: maps of a circle, on which 0 and the circumference are one point."""

from collections.abc import Callable
from typing import Any

from kernels.types import Rule


def on_circle(circumference: float) -> Callable[[Rule], Rule]:
    """Marks a rule whose states lie on a circle, given as numbers from 0 to below the circumference."""

    def mark(rule: Rule) -> Rule:
        rule.circumference = circumference  # type: ignore[attr-defined]
        return rule

    return mark


def circumference(rule: Rule) -> float | None:
    """The circumference of the circle that the rule's states lie on; None where they lie on a line."""
    return getattr(rule, "circumference", None)


def least_state(rule: Rule) -> float:
    """Where the states of a map of a circle begin, 0 as a rule; the numbers a circumference apart from it stand for the same state."""
    return float(getattr(rule, "least_state", 0.0))


def difference(rule: Rule, x: Any, y: Any) -> Any:
    """The difference x - y, on a circle the shorter way round; arrays of numpy or JAX, elementwise."""
    away, turn = x - y, circumference(rule)
    return away if turn is None else away - turn * (away / turn).round()
