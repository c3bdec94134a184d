"""Methods that use no derivative, or only the first one: secant, Broyden, Levenberg-Marquardt."""

from collections.abc import Iterator

import numpy as np

from kernels.equations.methods.base import SCALAR, SINGULAR, STALLED, EquationMethod, MethodSettings, Step, size
from kernels.equations.system import PLANE, REAL, Numbers, Problem

FIRST = 1e-2
"""Distance of the secant method's second point from the first one, relative to 1 + |x|."""

MOST_TRIES = 60
"""Maximum number of enlargements of the damping in one Levenberg-Marquardt step."""

FLAT = 1e-9
"""Share of |J| |f| below which |Jᵀ f| is 0: a minimum of |f|."""


class Secant(EquationMethod):
    """The zero of the line through the last two points: order 1.618, one evaluation a step."""

    name, title, kinds = "secant", "Secant", SCALAR
    meaning = "The zero of the line through the last two points; no derivative, order 1.618."

    def steps(self, problem: Problem, x: Numbers, settings: MethodSettings) -> Iterator[Step]:
        """Yield the iterates; the second point is near the first."""
        old, old_value = x, problem.value(x)
        x = x + FIRST * (1 + np.abs(x))
        yield Step(x, note="the second point, chosen near the first")
        while True:
            value = problem.value(x)
            with np.errstate(all="ignore"):
                slope = (value - old_value) / (x - old)
                new = x - value / slope
            if not np.isfinite(new).all():
                yield Step(x, status=SINGULAR)
                return
            old, old_value, x = x, value, new
            yield Step(x, slope=complex(slope[0]))


class Broyden(EquationMethod):
    """Broyden's first method: the Jacobian of the start, corrected by each step (C. G. Broyden, Math. Comp. 19 (1965))."""

    name, title, kinds = "broyden", "Broyden", (PLANE,)
    meaning = "The Jacobian matrix at the start, corrected by each step instead of computed."

    def steps(self, problem: Problem, x: Numbers, settings: MethodSettings) -> Iterator[Step]:
        """Yield the iterates."""
        matrix, value = problem.jacobian(x), problem.value(x)
        while True:
            try:
                step = np.linalg.solve(matrix, -value)
            except np.linalg.LinAlgError:
                step = np.full(len(x), np.nan)
            if not np.isfinite(step).all():
                yield Step(x, status=SINGULAR)
                return
            x = x + step
            value = problem.value(x)
            yield Step(x)
            with np.errstate(all="ignore"):
                matrix = matrix + np.outer(value, step) / (step @ step)


class LevenbergMarquardt(EquationMethod):
    """(JᵀJ + shift I) step = -Jᵀf with a shift that shrinks while |f| decreases and grows until it does."""

    name, title, kinds = "levenberg-marquardt", "Levenberg-Marquardt", (REAL, PLANE)
    meaning = "Least squares of f with a damped step: between Newton and steepest descent of |f|."

    def steps(self, problem: Problem, x: Numbers, settings: MethodSettings) -> Iterator[Step]:
        """Yield the iterates."""
        value = problem.value(x)
        shift = -1.0
        while True:
            jacobian = problem.jacobian(x)
            normal, gradient = jacobian.T @ jacobian, jacobian.T @ value
            scale = float(np.abs(np.diagonal(normal)).max())
            if not np.isfinite(normal).all() or size(gradient) <= FLAT * float(np.sqrt(scale)) * size(value):
                yield Step(x, status=STALLED, note="a minimum of |f| that is not a root")
                return
            shift = 1e-3 * scale if shift < 0 else shift
            for _ in range(MOST_TRIES):
                step = np.linalg.solve(normal + shift * np.eye(len(x)), -gradient)
                new = problem.value(x + step)
                if size(new) < size(value):
                    break
                shift *= 4
            else:
                yield Step(x, status=STALLED, note="no step decreases |f|")
                return
            x, value = x + step, new
            yield Step(x, note=f"{shift:.2g} added to the diagonal of JᵀJ" if shift > 1e-12 * scale else "")
            shift /= 10
