"""Lyapunov exponents of one orbit of a map of the plane, and the Kaplan-Yorke dimension that they give.

A tangent vector is carried along and brought back to length 1 at each step, which is the QR decomposition of two columns: the second
exponent follows from the determinant. See G. Benettin et al., Meccanica 15 (1980), and J. L. Kaplan and J. A. Yorke (1979).
"""

import math
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from kernels import validation
from kernels.execution import jax, jit, jnp, lax
from kernels.parameters import Pairs
from kernels.phase_plane.plane import Point, check_start, plane_map
from kernels.types import Array, Rule

BLOCKS = 64
"""Parts of the orbit, from whose differences the error is estimated."""

MOST_STEPS = 10_000_000

SURE = 3.0
"""Errors that an exponent must differ from 0 by, to be distinguished from it."""


@jit(static_argnames=("rule",))
def grown(rule: Rule, state: Any, values: tuple[Any, ...], times: Array) -> Any:
    """`times` steps on from (x, y, u, v, 0, 0): (x, y), the unit tangent (u, v), sums of ln of its growth and of ln|det J|."""

    def image(x: Array, y: Array) -> Any:
        return rule(x, y, *values)

    def step(_: Array, state: Any) -> Any:
        x, y, u, v, growth, area = state
        (x, y), a, b, determinant = pushed(x, y, u, v)
        return x, y, *normalised(u, v, a, b, growth), area + jnp.log(jnp.abs(determinant))

    def two(_: Array, state: Any) -> Any:
        # Lengths are taken and logarithms added half as often; two factors are in range wherever each is from 1e-77 to 1e77.
        x, y, u, v, growth, area = state
        (x, y), a, b, first = pushed(x, y, u, v)
        (x, y), a, b, second = pushed(x, y, a, b)
        return x, y, *normalised(u, v, a, b, growth), area + jnp.log(jnp.abs(first * second))

    def pushed(x: Array, y: Array, u: Array, v: Array) -> Any:
        later, push = jax.linearize(image, x, y)
        (a, c), (b, d) = push(jnp.ones_like(x), jnp.zeros_like(x)), push(jnp.zeros_like(x), jnp.ones_like(x))
        return later, a * u + b * v, c * u + d * v, a * d - b * c

    def normalised(u: Array, v: Array, a: Array, b: Array, growth: Array) -> Any:
        square = a * a + b * b
        # A tangent vector that the map takes to 0 has no direction any more: the exponent is minus infinity.
        share = jnp.where(square > 0, 1 / jnp.sqrt(square), 0.0)
        return jnp.where(square > 0, a * share, u), jnp.where(square > 0, b * share, v), growth + jnp.log(square) / 2

    state = lax.fori_loop(0, times // 2, two, state)
    return lax.fori_loop(0, times % 2, step, state)


@dataclass(frozen=True)
class SpectrumRequest:
    """The exponents of the orbit from `start`, over `steps` steps after `transient` ones. Raises ValueError in one line."""

    map: str
    parameters: Pairs = ()
    start: Point = (0.0, 0.0)
    transient: int = 1000
    steps: int = 100_000

    def __post_init__(self) -> None:
        object.__setattr__(self, "parameters", plane_map(self.map).completed(self.parameters))
        check_start(self.start)
        validation.count("transient", self.transient, 0, MOST_STEPS)
        validation.count("steps", self.steps, BLOCKS, MOST_STEPS)

    def frames(self) -> Iterator["SpectrumFrame | None"]:
        """The only frame, after None where a caller may stop."""
        began, chosen = time.perf_counter(), plane_map(self.map)
        values = tuple(np.float64(value) for value in chosen.values(dict(self.parameters)))
        # Towards no axis: along one of them a symmetric map might keep the vector.
        state: Any = (*map(np.float64, self.start), np.float64(0.6), np.float64(0.8))
        nothing = (np.float64(0), np.float64(0))
        means = []
        for part, (count, is_counted) in enumerate([(n, False) for n in _parts(self.transient)] + [(n, True) for n in _parts(self.steps)]):
            *state, growth, area = grown(chosen.rule, (*state, *nothing), values, np.int32(count))
            if is_counted:
                means.append((float(growth) / count, float(area) / count, count))
            if part % 4 == 3:
                yield None
        yield SpectrumFrame(self, *_estimated(means, bool(np.isfinite(state[0]) & np.isfinite(state[1]))), time.perf_counter() - began)


@dataclass(frozen=True, eq=False)
class SpectrumFrame:
    """exponents: the larger one first, NaN where the orbit is not finite. errors: their standard errors, as far as the parts tell."""

    request: SpectrumRequest
    exponents: tuple[float, float]
    errors: tuple[float, float]
    seconds: float

    @property
    def signs(self) -> tuple[int | None, int | None]:
        """Of each exponent 1, -1, or 0 where it cannot be distinguished from 0; None where it is not known."""
        slack = math.log(self.request.steps) / self.request.steps
        pairs = zip(self.exponents, self.errors, strict=True)
        first, second = (None if math.isnan(x) else 0 if abs(x) <= SURE * e + slack else 1 if x > 0 else -1 for x, e in pairs)
        return first, second

    @property
    def dimension(self) -> float:
        """The Kaplan-Yorke dimension, at most 2; NaN where the exponents do not tell it."""
        (first, second), (larger, smaller) = self.signs, self.exponents
        if first is None or (first, second) == (0, 0):
            return math.nan
        if first < 0:
            return 0.0
        if larger + smaller >= 0 or second == 1:
            return 2.0
        return 1.0 if first == 0 else 1 + larger / abs(smaller)


def _parts(steps: int) -> list[int]:
    """`steps` in BLOCKS parts or fewer."""
    return [len(part) for part in np.array_split(np.arange(steps), BLOCKS) if len(part)]


def _estimated(means: list[tuple[float, float, int]], is_finite: bool) -> tuple[tuple[float, float], tuple[float, float]]:
    """(exponents, errors) from the means of the parts."""
    if not is_finite:
        return (math.nan, math.nan), (math.nan, math.nan)
    growth, area, counts = (np.array(column, np.float64) for column in zip(*means, strict=True))
    rates = [growth, area - growth]
    with np.errstate(invalid="ignore"):
        exponents = [float(np.average(rate, weights=counts)) for rate in rates]
        errors = [float(rate.std(ddof=1) / math.sqrt(len(rate))) for rate in rates]
    order = (0, 1) if not exponents[1] > exponents[0] else (1, 0)
    return (exponents[order[0]], exponents[order[1]]), (errors[order[0]], errors[order[1]])
