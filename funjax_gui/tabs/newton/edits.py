"""Edits of what the Newton tab computes: another objective or other equations, another start, another number of variables."""

from dataclasses import fields, replace
from typing import Any

from funjax_gui.formulas import find_equations, find_objective, first_start, initial_parameters, is_typed
from funjax_gui.tabs.newton.equations import family
from funjax_gui.tabs.newton.panel import TYPED
from kernels.equations import MOST_STEPS, EquationRequest, says_equation
from kernels.newton import GOALS, NewtonRequest
from kernels.objectives import Coordinates

Run = NewtonRequest | EquationRequest


def subject(run: Run) -> tuple[str, int]:
    """What a run is of: the objective or the equations, and the number of coordinates."""
    return (run.equations if isinstance(run, EquationRequest) else run.objective), len(run.start)


def with_function(text: str, now: Run) -> Run:
    """A run on the objective or the equations that `text` names or says, with the settings that both have."""
    if says_equation(text):
        equations = find_equations(text)
        kept = initial_parameters(dict(now.parameters), equations)
        same = isinstance(now, EquationRequest) and len(now.start) == equations.coordinates and is_typed(equations)
        start, steps = now.start if same else equations.start, min(now.max_steps, MOST_STEPS)
        return EquationRequest(equations.name, start, "newton", steps, now.tolerance, now.damping, parameters=kept)
    objective = find_objective(text)
    kept = initial_parameters(dict(now.parameters), objective)
    goal = now.goal if isinstance(now, NewtonRequest) else GOALS[0]
    begun = NewtonRequest(objective.name, goal, first_start(objective), parameters=kept)
    return replace(begun, max_steps=now.max_steps, tolerance=now.tolerance)


def with_start(values: tuple[float, ...], now: Run) -> Run:
    """The run from another start, of whose coordinates the first ones may be given where there are many."""
    if isinstance(now, EquationRequest):
        return replace(now, start=values)
    rest = now.start[2:] if len(now.start) > TYPED and len(values) == 2 else ()
    return replace(now, method="newton-cg", start=values + rest)


def with_variables(n: int, now: NewtonRequest) -> NewtonRequest:
    """The run in n variables from the usual start."""
    objective = find_objective(now.objective)
    return replace(now, method="newton-cg", start=objective.start(objective.check_dimension(n)))


def moved(now: Run, x: float, y: float, of_parameters: bool) -> Run:
    """The run from a start with these first coordinates, or with these values of the two parameters whose plane is shown."""
    if of_parameters and isinstance(now, EquationRequest):
        return family.at_point(now, x, y)
    old = Coordinates.checked("start", now.start)
    return with_start(old.replacing("start", (x, y)[: len(old)]), now)


def edited(name: str, value: Any, now: Run) -> Run:
    """The run after an edit of a field. Raises ValueError, in one line, where the value is not valid.

    A list of choices may still be open when a tour or a preset has shown equations: a choice that they do not have changes nothing.
    """
    if name == "objective":
        return with_function(value, now)
    if name == "start":
        return with_start(value, now)
    if name == "n" and isinstance(now, NewtonRequest):
        return with_variables(value, now)
    return replace(now, **{name: value}) if name in {field.name for field in fields(now)} else now
