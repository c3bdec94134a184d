"""The requests that call the kernels which are compared and measured. Their orbits settle: chaos would enlarge any rounding."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from kernels import BifurcationRequest, ColumnRequest, FixedPointRequest, Grid, NewtonBasinRequest, NewtonRequest, Viewport
from kernels.bifurcation import FloatEngine
from kernels.fixed_point import ConvergenceRequest
from kernels.newton import LineRequest, NewtonScalingRequest, SurfaceRequest
from kernels.single_orbit import CobwebRequest

Frames = Callable[[], Iterator[Any]]
"""Computes a request."""


def few() -> dict[str, Frames]:
    """Those of a dry run, by name: one of each main kind."""
    return {
        "diagram, float64": lambda: FloatEngine(np.float64).frames(diagram()),
        "diagram, float32": lambda: FloatEngine(np.float32).frames(diagram()),
        "fixed points": FixedPointRequest(starts=101, max_period=3).frames,
        "Newton-CG": NewtonRequest(objective="rosenbrock", method="newton-cg", start=(0.0,) * 4).frames,
        "basins of Newton's method": newton_basins(96, 64).frames,
    }


def all_samples() -> dict[str, Frames]:
    """Those of a check on a GPU, by name."""
    view = Grid(Viewport.from_limits(-4, 4, -4, 4), 96, 64)
    typed = BifurcationRequest(view_of_diagram(256, 200), map="a*sin(pi*x)/4", transient=100, samples=100)
    plane = BifurcationRequest(Grid(Viewport.from_limits("0.1", "0.9", "-1", "1.3"), 256, 200), "henon", start=(0.0, 0.0))
    undefined = BifurcationRequest(Grid(Viewport.from_limits(0, 1, 0, 1), 32, 20), "newton-cube", "r", start=(0.0, 0.0), samples=20)
    runs = (("newton", 2), ("newton-factorised", 50), ("damped-newton", 2), ("newton-cg", 50), ("trust-region", 2))
    more: dict[str, Frames] = {
        "diagram of a typed formula": typed.frames,
        "diagram of a map of the plane": plane.frames,
        "orbits that end where a map of the plane has no value": undefined.frames,
        "convergence": ConvergenceRequest("logistic", (("a", 3.4),), (0.2, 0.4)).frames,
        "one orbit": ColumnRequest("logistic", (("a", 3.4),), 0.4, 100, (0.0, 1.0)).frames,
        "cobweb": CobwebRequest("logistic", (("a", 3.4),), 0.4, 50, (0.0, 1.0)).frames,
        "surface": SurfaceRequest(view).frames,
        "curve": LineRequest(view).frames,
        "Newton's method for growing sizes": NewtonScalingRequest(largest=8, seconds=0.05).frames,
    }
    for method, n in runs:
        more[f"{method}, {n} variables"] = NewtonRequest(objective="rosenbrock", method=method, start=(0.0,) * n, max_steps=20).frames
    return few() | more


def last_of(frames: Iterator[Any]) -> Any:
    """The last frame, which is the picture that was asked for."""
    return [frame for frame in frames if frame is not None][-1]


def view_of_diagram(columns: int, rows: int) -> Grid:
    """A view of the logistic map's diagram whose orbits settle on cycles of 1 or 2 points, and whose columns a float32 tells apart."""
    return Grid(Viewport.from_limits("2.6", "3.4", "0", "1"), columns, rows)


def diagram(columns: int = 256, rows: int = 200, steps: int = 200) -> BifurcationRequest:
    """The bifurcation diagram of that view."""
    return BifurcationRequest(view_of_diagram(columns, rows), transient=steps, samples=steps)


def newton_basins(columns: int, rows: int) -> NewtonBasinRequest:
    """Basins of Newton's method on Himmelblau's function."""
    return NewtonBasinRequest(Grid(Viewport.from_limits(-5, 5, -5, 5), columns, rows))
