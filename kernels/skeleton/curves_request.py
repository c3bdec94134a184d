"""The curves of folds, period doublings and superstable cycles of one period in a view of the plane of two parameters."""

import time
from collections.abc import Generator, Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from kernels import validation
from kernels.catalog import find_map
from kernels.execution import batching
from kernels.geometry import Viewport
from kernels.iteration import circumference
from kernels.skeleton import plane_columns
from kernels.skeleton.branch import Box
from kernels.skeleton.columns import cycles_in
from kernels.skeleton.composition import Family
from kernels.skeleton.curve import LOST, REASONS, Curve, CurvePoint
from kernels.skeleton.curves import KINDS, CurveTracing, Plane
from kernels.skeleton.named import NamedPoint, named_points
from kernels.skeleton.plane_named import plane_named_points
from kernels.skeleton.request import COLUMNS, MARGIN, MOST_BRANCHES, PLANE_COLUMNS, TONGUES, USUAL, Following, why_not
from kernels.types import Floats

ROWS = (0.5, 0.9, 0.1, 0.7, 0.3)
"""Heights in the view, and places across it, of the lines on which the curves' first points are looked for."""


@dataclass(frozen=True)
class CurvesRequest:
    """Curves in a view of the plane of two parameters. Raises ValueError, in one line, where a field is out of its domain.

    viewport: the range of `sweep`, along the horizontal axis, and of `and_sweep`. parameters: values of the others, (name, value) pairs
    (or a mapping). period: of the cycles. Curves begin where five rows and five columns of the view meet them; others are missed.
    """

    viewport: Viewport
    map: str = "henon"
    sweep: str = "a"
    and_sweep: str = "b"
    parameters: tuple[tuple[str, float], ...] = ()
    period: int = 1

    def __post_init__(self) -> None:
        chosen = find_map(self.map)
        for name in self.swept:
            chosen.parameter(name)
        if self.sweep == self.and_sweep:
            raise ValueError(f"{self.sweep} is swept along both axes; curves are followed in the plane of two parameters")
        others = {name: value for name, value in dict(self.parameters).items() if name not in self.swept}
        object.__setattr__(self, "parameters", tuple(pair for pair in chosen.completed(others) if pair[0] not in self.swept))
        validation.count("period of the curves", self.period, 1, USUAL)

    @property
    def swept(self) -> tuple[str, str]:
        """The names of both parameters, the horizontal one first."""
        return self.sweep, self.and_sweep

    def frames(self) -> Iterator["CurvesFrame | None"]:
        """The curves so far; None where a caller may stop. Raises ValueError, in one line, where there are none: `why_not`."""
        return batching.throttle_yields(self._frames())

    def _frames(self) -> Iterator["CurvesFrame | None"]:
        began = time.perf_counter()
        reason = why_not(self.map, self.viewport)
        if reason:
            raise ValueError(reason)
        shown = find_map(self.map)
        names = [parameter.name for parameter in shown.parameters]
        given = dict(self.parameters)
        limits = [tuple(map(float, ends)) for ends in (self.viewport.x_limits, self.viewport.y_limits)]
        window = np.array([shown.states_of(k) for k in range(len(shown.coordinates))] + limits)
        others = tuple(given[name] for name in names if name not in self.swept)
        indices = names.index(self.sweep), names.index(self.and_sweep)
        plane = Plane(shown.rule, indices, others, window[:, 0], window[:, 1] - window[:, 0])
        tracings = {kind: CurveTracing(plane, kind, self.period) for kind in KINDS}
        lines = [(across, place) for place in ROWS for across in (True, False)]
        for number, (across, place) in enumerate(lines, 1):
            (low, high), (first, last) = limits if across else limits[::-1]
            held = first + place * (last - first)
            points = yield from self._on_line(indices if across else indices[::-1], held, (low, high))
            for kind, tracing in tracings.items():
                seeds = [_seed(point, held, across) for point in points if (point.kind, point.period) == (kind, self.period)]
                if seeds:
                    yield from tracing.follow(np.array(seeds))
            curves = tuple(curve for tracing in tracings.values() for curve in tracing.curves)
            marked = tuple(point for tracing in tracings.values() for point in tracing.points)
            lost = sum(curve.ends.count(LOST) for curve in curves)
            note = f"{lost} ends of curves: {REASONS[LOST]}" if lost else ""
            yield CurvesFrame(self, curves, marked, note, time.perf_counter() - began, number == len(lines), number / len(lines))

    def _on_line(self, indices: tuple[int, int], held: float, limits: tuple[float, float]) -> Generator[None, None, list[NamedPoint]]:
        """The named points of the period where the first parameter runs over these limits and the second one is held."""
        shown = find_map(self.map)
        names = [parameter.name for parameter in shown.parameters]
        given = dict(self.parameters) | {names[indices[1]]: held}
        others = tuple(given[name] for name in names if name != names[indices[0]])
        family = Family(shown.rule, indices[0], others, self.period)
        (left, right), (low, high) = limits, shown.states_of(0)
        height = high - low
        beside = shown.states_of(1) if shown.is_plane else (low, high)
        width = right - left
        box = Box(left - MARGIN * width, right + MARGIN * width, (low + high) / 2, width, height, beside[1] - beside[0])
        if shown.is_plane:
            columns = np.linspace(left, right, PLANE_COLUMNS)
            cycles = yield from plane_columns.cycles_in(family, columns, low, high, ((low, high), beside), np.array(shown.origin))
        else:
            columns = np.linspace(left, right, COLUMNS if circumference(family.rule) is None else TONGUES)
            cycles = yield from cycles_in(family, columns, low, high, MOST_BRANCHES)
        yield
        following = Following(family, box, cycles)
        yield from following.steps()
        branches = [branch for branch in following.branches if branch.period == self.period]
        return (yield from (plane_named_points if shown.is_plane else named_points)(family, branches, box))


def _seed(point: NamedPoint, held: float, across: bool) -> Floats:
    """(z, a, b) of a named point."""
    parameters = (point.parameter, held) if across else (held, point.parameter)
    return np.array([point.x, *point.beside[:1], *parameters])


@dataclass(frozen=True, eq=False)
class CurvesFrame:
    """The curves found so far, and the points of codimension 2 on them in the view. note: what could not be followed; empty if nothing."""

    request: CurvesRequest
    curves: tuple[Curve, ...] = field(repr=False)
    points: tuple[CurvePoint, ...]
    note: str
    seconds: float
    done: bool
    progress: float

    def lines(self, kind: str) -> Floats:
        """All curves of a kind as one line (k, 2) of both parameters, interrupted by NaN."""
        gap: Any = np.full((1, 2), np.nan)
        parts = [part for curve in self.curves if curve.kind == kind for part in (curve.points, gap)]
        return np.concatenate(parts) if parts else np.empty((0, 2))
