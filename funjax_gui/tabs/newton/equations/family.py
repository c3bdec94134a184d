"""The plane of two parameters of an equation in z: its view, its ring at the parameters in use, and its caption."""

from dataclasses import replace

import numpy as np

from funjax_gui.figures import Item, Marks
from funjax_gui.formatting import point
from kernels.equations import COMPLEX, REAL, EquationRequest, Equations
from kernels.geometry import Viewport
from kernels.parameters import Pairs

FRACTAL, PARAMETERS = "fractal", "parameters"
SHOWN = ((FRACTAL, "Fractal"), (PARAMETERS, "Plane of parameters"))
"""What is shown of an equation in z with a plane of parameters: keys of sessions and titles."""

STEPS = 500
"""Least number of steps for the plane: next to its cycles convergence is slow."""

ROOT = "converges to a root"


def plane_view(equations: Equations) -> Viewport:
    """The whole plane: the ranges of the first two parameters."""
    first, second, *_ = equations.parameters
    return Viewport.from_limits(first.low, first.high, second.low, second.high)


def axes_of(equations: Equations, shown: str = FRACTAL) -> tuple[str, str]:
    """Names of the axes of a graph or a fractal, or, of the plane of parameters, symbols of the two."""
    if shown == PARAMETERS:
        first, second, *_ = equations.parameters
        return first.symbol, second.symbol
    return {REAL: ("x", "f"), COMPLEX: ("Re z", "Im z")}.get(equations.kind, ("x", "y"))


def chosen_point(run: EquationRequest) -> tuple[float, float]:
    """The two parameters in use."""
    values, (first, second, *_) = dict(run.parameters), run.found.parameters
    return values[first.name], values[second.name]


def at_point(run: EquationRequest, x: float, y: float) -> EquationRequest:
    """The run with these values of the two parameters."""
    first, second, *_ = run.found.parameters
    return replace(run, parameters=tuple((dict(run.parameters) | {first.name: x, second.name: y}).items()))


def others(run: EquationRequest) -> Pairs:
    """The parameters beside these two."""
    plane = [parameter.name for parameter in run.found.parameters[:2]]
    return tuple((name, value) for name, value in run.parameters if name not in plane)


def plane_marks(run: EquationRequest) -> list[Item]:
    """A ring at the parameters in use."""
    return [Marks(np.array([chosen_point(run)]), "circle", "text", 13.0, filled=False)]


def plane_caption(run: EquationRequest) -> str:
    """What the ring marks, for the exported page."""
    names = ", ".join(axes_of(run.found, PARAMETERS))
    return f"where the free critical point of Newton’s map converges; ring: ({names}) = {point(chosen_point(run))}"
