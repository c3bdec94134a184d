"""Newton's method with a factor, with line search, and for a root of known multiplicity; Halley's method."""

from collections.abc import Iterator

import numpy as np

from kernels.equations.methods.base import SCALAR, SINGULAR, STALLED, EquationMethod, MethodSettings, Step, size
from kernels.equations.system import Numbers, Problem

MOST_HALVINGS = 40
"""Maximum number of halvings of a step."""

DECREASE = 1e-4
"""Share of the decrease of |f| predicted by the linear model that a damped step must bring."""


def _slope(problem: Problem, x: Numbers) -> complex:
    return complex(problem.jacobian(x)[0, 0]) if len(x) == 1 else complex("nan")


class Newton(EquationMethod):
    """x - damping J⁻¹ f, the zero of the tangent."""

    name, title, settings = "newton", "Newton", ("damping",)
    meaning = "The zero of the tangent: x − f/f′, times a damping (the fractal's relaxation)."

    def steps(self, problem: Problem, x: Numbers, settings: MethodSettings) -> Iterator[Step]:
        """Yield the iterates."""
        while True:
            step = problem.correction(x, problem.value(x))
            if step is None:
                yield Step(x, status=SINGULAR)
                return
            slope = _slope(problem, x)
            x = x + self.factor(settings) * step
            yield Step(x, self.factor(settings), slope)

    def factor(self, settings: MethodSettings) -> float:
        """The factor of the step."""
        return settings.damping


class KnownMultiplicity(Newton):
    """x - m f/f′, of order 2 at a root of multiplicity m."""

    name, title, kinds, settings = "newton-multiplicity", "Newton, multiplicity m", SCALAR, ("multiplicity",)
    meaning = "m times Newton’s step: quadratic again at a root of multiplicity m."

    def factor(self, settings: MethodSettings) -> float:
        """The multiplicity."""
        return settings.multiplicity


class DampedNewton(EquationMethod):
    """Newton's step, halved until |f| decreases enough (Armijo's condition on |f|)."""

    name, title = "damped-newton", "Damped Newton"
    meaning = "Newton’s step, halved until |f| decreases."

    def steps(self, problem: Problem, x: Numbers, settings: MethodSettings) -> Iterator[Step]:
        """Yield the iterates."""
        while True:
            value = problem.value(x)
            step = problem.correction(x, value)
            if step is None:
                yield Step(x, status=SINGULAR)
                return
            factor, before, slope = 1.0, size(value), _slope(problem, x)
            for _ in range(MOST_HALVINGS):
                if size(problem.value(x + factor * step)) <= (1 - DECREASE * factor) * before:
                    break
                factor /= 2
            else:
                yield Step(x, status=STALLED, note="no part of the step decreases |f|")
                return
            x = x + factor * step
            yield Step(x, factor, slope, note="" if factor == 1 else f"step cut to {factor:g}")


class Halley(EquationMethod):
    """x - 2 f f′ / (2 f′² - f f″), the zero of the hyperbola with the same value, slope and curvature: of order 3."""

    name, title, kinds = "halley", "Halley", SCALAR
    meaning = "With the second derivative: the zero of the osculating hyperbola, of order 3."

    def steps(self, problem: Problem, x: Numbers, settings: MethodSettings) -> Iterator[Step]:
        """Yield the iterates."""
        while True:
            value, slope, second = problem.value(x), problem.jacobian(x)[0], problem.second(x)
            with np.errstate(all="ignore"):
                step = -2 * value * slope / (2 * slope * slope - value * second)
            if not np.isfinite(step).all():
                yield Step(x, status=SINGULAR)
                return
            x = x + step
            yield Step(x)
