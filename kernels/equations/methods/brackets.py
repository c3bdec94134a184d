"""The safe methods of one real variable, which keep the root between two points of different sign: bisection and Brent's method."""

from collections.abc import Iterator

import numpy as np

from kernels.equations.methods.base import NO_BRACKET, STALLED, EquationMethod, MethodSettings, Step
from kernels.equations.system import REAL, Numbers, Problem

FIRST = 0.1
"""Half-width of the first interval that is tried around the start, relative to 1 + |x|."""

PARTS = 4
"""Number of parts of each half at whose ends the sign is looked at."""

MOST_DOUBLINGS = 40
"""Maximum number of times that it is doubled until f has different signs at its ends."""

EPSILON = float(np.finfo(np.float64).eps)

TINY = 1e-200
"""Shortest step: a root 0 is approached to far below EPSILON."""

JUMP = "f changes its sign between neighbouring numbers there: a pole, a jump or a vertical tangent"


def _value(problem: Problem, x: float) -> float:
    return float(problem.value(np.array([x]))[0])


def bracket_around(problem: Problem, x: float) -> tuple[float, float] | None:
    """The part of the smallest tried interval around x at whose ends f has different signs, the nearest; None where there is none."""
    half = FIRST * (1 + abs(x))
    for _ in range(MOST_DOUBLINGS):
        marks = x + half * np.linspace(-1, 1, 2 * PARTS + 1)
        values = problem.values(marks)
        with np.errstate(invalid="ignore"):
            changes = np.flatnonzero(np.sign(values[1:]) * np.sign(values[:-1]) <= 0)
        if len(changes):
            nearest = changes[np.abs(changes - (PARTS - 0.5)).argmin()]
            return float(marks[nearest]), float(marks[nearest + 1])
        half *= 2
    return None


class Bisection(EquationMethod):
    """The middle of the bracket, whose half with different signs at its ends is the next one."""

    name, title, kinds = "bisection", "Bisection", (REAL,)
    meaning = "Halves an interval with different signs at its ends: slow and safe, one bit a step."
    measured_by = "brackets"

    def steps(self, problem: Problem, x: Numbers, settings: MethodSettings) -> Iterator[Step]:
        """Yield the middles of the brackets; the first bracket is sought around the start."""
        found = bracket_around(problem, float(x[0]))
        if found is None:
            yield Step(x, status=NO_BRACKET)
            return
        low, high = found
        at_low = _value(problem, low)
        while True:
            middle = low + (high - low) / 2
            if middle in (low, high):
                yield Step(np.array([middle]), bracket=(low, high), status=STALLED, note=JUMP)
                return
            value = _value(problem, middle)
            if at_low * value <= 0:
                high = middle
            else:
                low, at_low = middle, value
            yield Step(np.array([middle]), bracket=(low, high))


class Brent(EquationMethod):
    """Brent's method: inverse quadratic interpolation or secant where they are safe, else bisection.

    R. P. Brent, Algorithms for Minimization without Derivatives (1973), chapter 4.
    """

    name, title, kinds = "brent", "Brent", (REAL,)
    meaning = "Interpolation within a bracket, and bisection where that is unsafe: fast and safe."

    def steps(self, problem: Problem, x: Numbers, settings: MethodSettings) -> Iterator[Step]:
        """Yield the best points so far; the first bracket is sought around the start."""
        found = bracket_around(problem, float(x[0]))
        if found is None:
            yield Step(x, status=NO_BRACKET)
            return
        a, b = found
        at_a, at_b = _value(problem, a), _value(problem, b)
        c, at_c = a, at_a
        step = last = b - a
        while True:
            if abs(at_c) < abs(at_b):
                a, b, c, at_a, at_b, at_c = b, c, b, at_b, at_c, at_b
            tolerance, middle = 2 * EPSILON * abs(b) + TINY, (c - b) / 2
            if abs(middle) <= tolerance or at_b == 0:
                if at_b:
                    yield Step(np.array([b]), bracket=(min(b, c), max(b, c)), status=STALLED, note=JUMP)
                return
            note = "bisection"
            if abs(last) < tolerance or abs(at_a) <= abs(at_b):
                step = last = middle
            else:
                p, q = _interpolated(a, b, c, at_a, at_b, at_c)
                if 2 * p < min(3 * middle * q - abs(tolerance * q), abs(last * q)):
                    last, step, note = step, p / q, "interpolation"
                else:
                    step = last = middle
            a, at_a = b, at_b
            b += step if abs(step) > tolerance else float(np.copysign(tolerance, middle))
            at_b = _value(problem, b)
            if (at_b > 0) == (at_c > 0):
                c, at_c = a, at_a
                step = last = b - a
            yield Step(np.array([b]), bracket=(min(b, c), max(b, c)), note=note)


def _interpolated(a: float, b: float, c: float, at_a: float, at_b: float, at_c: float) -> tuple[float, float]:
    """The step from b as p / q with p at least 0: by the secant, or by inverse quadratic interpolation where there are three points."""
    middle, s = (c - b) / 2, at_b / at_a
    if a == c:
        p, q = 2 * middle * s, 1 - s
    else:
        q, r = at_a / at_c, at_b / at_c
        p = s * (2 * middle * q * (q - r) - (b - a) * (r - 1))
        q = (q - 1) * (r - 1) * (s - 1)
    return (p, -q) if p > 0 else (-p, q)
