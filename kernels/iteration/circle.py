"""Coordinates that are angles: on a circle 0 and the circumference are one point."""

from collections.abc import Callable
from typing import Any

from kernels.types import Rule, State


def on_circle(circumference: float) -> Callable[[Rule], Rule]:
    """Marks a rule whose states lie on a circle, given as numbers from 0 to below the circumference."""

    def mark(rule: Rule) -> Rule:
        rule.circumference = circumference  # type: ignore[attr-defined]
        return rule

    return mark


def on_torus(*circumferences: float | None) -> Callable[[Rule], Rule]:
    """Marks a rule of several coordinates, some of them angles: the circumference of each, None of one that is not an angle."""

    def mark(rule: Rule) -> Rule:
        rule.circumferences = circumferences  # type: ignore[attr-defined]
        return rule

    return mark


def circumference(rule: Rule) -> float | None:
    """The circumference of the circle that the rule's states lie on; None where they lie on a line."""
    return getattr(rule, "circumference", None)


def circumferences(rule: Rule, coordinates: int) -> tuple[float | None, ...]:
    """The circumference of each of a rule's coordinates, None of those that are not angles."""
    if coordinates == 1:
        return (circumference(rule),)
    found: tuple[float | None, ...] = getattr(rule, "circumferences", (None,) * coordinates)
    return found


def least_state(rule: Rule) -> float:
    """Where the states of a map of a circle begin, 0 as a rule; the numbers a circumference apart from it stand for the same state."""
    return float(getattr(rule, "least_state", 0.0))


def difference(rule: Rule, x: Any, y: Any) -> Any:
    """The difference x - y, on a circle the shorter way round; arrays of numpy or JAX, elementwise."""
    return _shorter(x - y, circumference(rule))


def differences(rule: Rule, state: State, other: State) -> State:
    """The differences of two states of several coordinates, of angles the shorter way round; arrays of numpy or JAX, elementwise."""
    turns = circumferences(rule, len(state))
    return tuple(_shorter(x - y, turn) for x, y, turn in zip(state, other, turns, strict=True))


def _shorter(away: Any, turn: float | None) -> Any:
    return away if turn is None else away - turn * (away / turn).round()
