"""Fixed points and cycles of a map of the plane: all with a point in a view, up to a period, with eigenvalues and kind."""

import cmath
import functools
import math
import time
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from kernels import validation
from kernels.geometry import Viewport
from kernels.maps import Map
from kernels.parameters import Pairs
from kernels.phase_plane.cycles.continua import Continua, Continuum
from kernels.phase_plane.cycles.intervals import EPSILON, Program
from kernels.phase_plane.cycles.mapping import Mapping
from kernels.phase_plane.cycles.search import SAME, Search
from kernels.phase_plane.plane import Point, plane_map, wraps_of
from kernels.types import Floats, Rule
from kernels.validation import setting

LONGEST = 12
"""Longest period that can be asked for."""

MOST_DEGENERATE = 8
"""More solutions of one period than this at which a Jacobian has the eigenvalue 1, beside unresolved boxes, are as good as a curve of
them: they are not told apart, and not listed."""

NEUTRAL = 1e-9
"""Distance of an eigenvalue's absolute value from 1 at which it is taken to be 1, relative to the Jacobian."""


@dataclass(frozen=True)
class Cycle:
    """A fixed point or a cycle: its points in the order of the orbit, and the eigenvalues of the Jacobian of f^period, largest first."""

    period: int
    points: tuple[Point, ...]
    eigenvalues: tuple[complex, complex]

    @property
    def sizes(self) -> tuple[int, int]:
        """Of each eigenvalue: 1 where its absolute value is above 1, -1 where it is below, 0 where it is 1 to rounding."""
        slack = NEUTRAL * max(1.0, abs(self.eigenvalues[0]))
        first, second = (0 if abs(size - 1) <= slack else 1 if size > 1 else -1 for size in map(abs, self.eigenvalues))
        return first, second

    @property
    def stability(self) -> str:
        """`attracting`, `repelling`, `saddle` or `neutral`."""
        if 0 in self.sizes:
            return "neutral"
        return "attracting" if self.sizes == (-1, -1) else "repelling" if self.sizes == (1, 1) else "saddle"

    @property
    def kind(self) -> str:
        """Its kind in words: node or focus, attracting or repelling; saddle, or flip saddle of a negative eigenvalue; centre; neutral."""
        stability, turns = self.stability, abs(self.eigenvalues[0].imag) > 0
        if stability == "saddle":
            return "flip saddle" if self.eigenvalues[0].real < 0 else "saddle"
        if stability == "neutral":
            return "centre" if turns else "neutral"
        return f"{stability} {'focus' if turns else 'node'}"


@dataclass(frozen=True)
class CyclesRequest:
    """All cycles with a point in `view`, up to the period `longest`. Raises ValueError, in one line, where a field is out of its domain."""

    view: Viewport
    map: str = "henon"
    parameters: Pairs = ()
    longest: int = setting(4, "Longest period", "Cycles are looked for up to this period", least=1, most=LONGEST)

    def __post_init__(self) -> None:
        object.__setattr__(self, "parameters", plane_map(self.map).completed(self.parameters))
        validation.count("longest period", self.longest, 1, LONGEST)

    def frames(self) -> Iterator["CyclesFrame | None"]:
        """A frame after each period; None where a caller may stop."""
        began = time.perf_counter()
        chosen = plane_map(self.map)
        mapping = mapping_of(chosen, chosen.values(dict(self.parameters)))
        limits = np.array([[*map(float, self.view.x_limits)], [*map(float, self.view.y_limits)]])
        cycles: list[Cycle] = []
        unresolved, along, continua = [], [], []
        for period in range(1, self.longest + 1):
            search = Search(mapping, limits[:, 0], limits[:, 1], period)
            yield from search.steps()
            new, continuum = _cycles(mapping, search)
            cycles += new
            unresolved.append(search.unresolved)
            along.append(search.along)
            continua += [continuum] if continuum is not None else []
            told = tuple(cycles), tuple(unresolved), tuple(along), tuple(continua)
            yield CyclesFrame(self, *told, time.perf_counter() - began, period / self.longest, period == self.longest)


@dataclass(frozen=True, eq=False)
class CyclesFrame:
    """The cycles so far, by period.

    unresolved: for each period searched, from 1, how many small boxes of the view could not be decided; where it is 0, the cycles of that
    period are proved to be all, but for `along`: boxes on curves, or in areas, of points of that period or a divisor of it. continua: the
    curves and areas by period, one at most of each; their points are not listed as cycles.
    """

    request: CyclesRequest
    cycles: tuple[Cycle, ...]
    unresolved: tuple[int, ...]
    along: tuple[int, ...]
    continua: tuple[Continuum, ...]
    seconds: float
    progress: float
    done: bool

    @property
    def fixed_points(self) -> tuple[Cycle, ...]:
        """Those of period 1."""
        return tuple(cycle for cycle in self.cycles if cycle.period == 1)

    @property
    def searched(self) -> int:
        """The periods from 1 to this one were searched."""
        return len(self.unresolved)


def mapping_of(chosen: Map, values: tuple[float, ...]) -> Mapping:
    """A map of the plane with the values of its parameters."""
    wraps = wraps_of(chosen)
    return Mapping(chosen.rule, values, wraps, _program(chosen.rule, len(values), any(wraps)))


@functools.lru_cache(maxsize=8)
def _program(rule: Rule, parameters: int, wraps: bool) -> Program:
    return Program(rule, parameters, wraps)


def _cycles(mapping: Mapping, search: Search) -> tuple[list[Cycle], Continuum | None]:
    """(the cycles that the solutions of one period belong to, but those of shorter periods; the curve or area of them, if there is one)."""
    period, points, continua = search.period, search.solutions, search.continua
    low, high = search.low[:, None], search.high[:, None]
    curve = continua.points[:, ((continua.points >= low) & (continua.points <= high)).all(0)]
    for shorter in (d for d in range(1, period) if period % d == 0):
        ends, size, _ = mapping.polished(points, shorter)
        with np.errstate(invalid="ignore"):
            away = np.abs(mapping.turned(ends - points))
            returns = (away <= 10 * SAME * search.scale[:, None]).all(0) & (size <= SAME * search.scale.min())
        # To a multiple solution Newton's method comes slowly: what is one to rounding is enough.
        points = points[:, ~(returns | Continua(mapping, shorter, search.scale).returning(points))]
    jacobians = mapping.differences(points, period)[2:]
    a, b, c, d, _ = jacobians
    with np.errstate(over="ignore", invalid="ignore"):
        degenerate = np.sqrt(np.abs((a - 1) * (d - 1) - b * c)) <= 1e-3 * (1 + np.abs(jacobians[:4]).max(0, initial=0.0))
    if search.unresolved and degenerate.sum() > MOST_DEGENERATE:
        points, degenerate = points[:, ~degenerate], degenerate[~degenerate]
    points = np.where(degenerate, _shortened(points, continua), points) if degenerate.any() else points
    found = Continuum(period, curve, continua.is_area) if continua.is_area or curve.shape[1] else None
    return _grouped(mapping, search, points), found


def _shortened(points: Floats, continua: Continua) -> Floats:
    """Multiple solutions (2, n), known to half of float64's digits or less, to those digits where that is as good a solution."""
    digits = [7 - math.ceil(math.log10(scale)) for scale in continua.scale]
    rounded = np.stack([np.round(x, places) + 0.0 for x, places in zip(points, digits, strict=True)])
    return np.where(continua.returning(rounded), rounded, points)


def _grouped(mapping: Mapping, search: Search, points: Floats) -> list[Cycle]:
    """The cycles through these points, each once."""
    period, slack, found = search.period, 10 * SAME * search.scale[:, None], []
    orbit = np.empty((period, *points.shape))
    orbit[0] = points
    for n in range(1, period):
        # Each point is polished by itself: an orbit that is followed loses digits.
        image = mapping.images(orbit[n - 1])
        polished = mapping.polished(image, period)[0]
        # At a multiple solution, where the Jacobian is singular, Newton's method has no step.
        orbit[n] = np.where(np.isfinite(polished).all(0), polished, image)
    jacobian = mapping.differences(points, period)[2:]
    left = np.ones(points.shape[1], bool)
    for n in range(points.shape[1]):
        if not left[n]:
            continue
        for point in orbit[:, :, n]:
            left &= ~(np.abs(mapping.turned(points - point[:, None])) <= slack).all(0)
        placed = _canonical(orbit[:, :, n], mapping)
        found.append(Cycle(period, placed, _eigenvalues(jacobian[:, n].tolist(), period)))
    return found


def _canonical(orbit: Floats, mapping: Mapping) -> tuple[Point, ...]:
    """The points of a cycle, angles from 0 to their period, from the point with the least x on."""
    columns = []
    for x, period in zip(orbit.T, mapping.wraps, strict=True):
        turned = x - period * np.floor(x / period + 1e-12) if period else x
        columns.append(np.where(np.abs(turned) <= 1e-14 * max(1.0, period), 0.0, turned) if period else turned + 0.0)
    points = [(float(x), float(y)) for x, y in zip(*columns, strict=True)]
    first = points.index(min(points))
    return tuple(points[first:] + points[:first])


def _eigenvalues(jacobian: list[float], period: int) -> tuple[complex, complex]:
    """The eigenvalues of a Jacobian, as of `Mapping.polished`, the larger one in absolute value first.

    Of a complex pair that with the positive imaginary part is the first. What the rounding of `period` steps cannot tell from 0, or from
    each other, is 0 or equal.
    """
    a, b, c, d, determinant = jacobian
    rounding, size = 64 * period * EPSILON, max(map(abs, (a, b, c, d)))
    # A product of Jacobians has errors of the size of its largest entry.
    if size <= rounding:
        return 0j, 0j
    half, apart = (a + d) / 2, (a - d) / 2
    square = apart * apart + b * c
    least = rounding * (size * size if period > 1 else apart * apart + abs(b * c))
    root = cmath.sqrt(square) if abs(square) > least else 0j
    if root.imag:
        return complex(half, abs(root.imag)), complex(half, -abs(root.imag))
    larger = half + root.real if half >= 0 else half - root.real
    # From the product: the smaller one of the sum would have lost its digits.
    smaller = determinant / larger if larger else 0.0
    return complex(larger), complex(smaller)
