"""The skeleton of a bifurcation diagram: branches of cycles, attracting and repelling, named points on them, and critical curves."""

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from kernels import validation
from kernels.catalog import find_map
from kernels.execution import batching
from kernels.geometry import Grid, Viewport
from kernels.iteration import circumference, difference, differences
from kernels.parameters import Line, Swept, checked_line
from kernels.skeleton import plane_columns
from kernels.skeleton.branch import LONG, LOST, REASONS, Box, Branch, PlaneBranch
from kernels.skeleton.cascade import Cascade, cascades
from kernels.skeleton.collisions import collisions
from kernels.skeleton.columns import Cycles, cycles_in
from kernels.skeleton.composition import Family, along_line, turns
from kernels.skeleton.continuation import Tracing
from kernels.skeleton.critical import CriticalCurves, CriticalPoints, critical_curves
from kernels.skeleton.lines import branch_lines
from kernels.skeleton.named import NamedPoint, completed, named_points
from kernels.skeleton.plane_composition import seen_along
from kernels.skeleton.plane_named import plane_named_points
from kernels.types import Bools, Floats
from kernels.validation import grouped

PARTS = ("unstable-cycles", "critical-curves", "named")
"""What can be computed: branches of cycles, critical curves, and named points."""

USUAL, LONGEST = 8, 16
"""The usual longest period, and the longest that can be asked for."""

COLUMNS, TONGUES = 17, 129
"""Columns of the view in which cycles are looked for; of maps of a circle, whose cycles exist in narrow tongues only."""

MARGIN = 0.03
"""How far branches are followed beyond the view, relative to its width."""

MOST_BRANCHES = 256
"""Branches that are followed: where a column has more cycles, the longest periods are left out."""

MOST_POINTS = 100_000
"""Points of the branches of the usual periods and beyond, from which no longer periods are followed."""

MATCHED = 2e-3
"""A branch goes through a cycle of a column if it is as near, in window units."""

PLANE_COLUMNS = 9
"""Columns of the view in which cycles of a map of the plane are looked for."""

KINKED = ("tent", "lozi", "gingerbread")
"""Maps of the library with corners; of typed ones the formula says so."""

PIXELS = 1000
"""float64 must resolve so many columns and rows of the view."""


def why_not(map: str, viewport: Viewport, observe: str = "") -> str:
    """Why there is no skeleton of this map's diagram in this view, with this on the vertical axis; empty if there is."""
    if not all(Grid(viewport, PIXELS, PIXELS).is_resolved()):
        return "branches of cycles are followed in float64, which does not resolve this view"
    shown = find_map(map)
    if observe and observe not in shown.coordinates:
        return f"branches of cycles are followed in a coordinate, not in the {observe}; observe {' or '.join(shown.coordinates)}"
    if map in KINKED or getattr(shown.rule, "may_kink", False):
        return "the map has corners or jumps, at which branches of cycles end; they are followed for smooth maps"
    return ""


@dataclass(frozen=True)
class SkeletonRequest(Swept):
    """Branches of cycles in a view of a diagram. Raises ValueError, in one line, where a field is out of its domain.

    viewport: the swept parameter's range and that of the states. parameters: values of the others, (name, value) pairs (or a mapping).
    most_period: the longest period; a frame's `note` says where there are too many cycles of long ones. parts: what is wanted, of PARTS;
    named points are those of cycles, which are followed for them.
    observe: of a map of the plane the coordinate that is seen, by default the first.
    and_sweep, line: as of a BifurcationRequest; along a line the swept parameter is the position on it, from 0 to 1.
    """

    viewport: Viewport
    map: str = "logistic"
    sweep: str = "a"
    parameters: tuple[tuple[str, float], ...] = ()
    most_period: int = USUAL
    parts: tuple[str, ...] = PARTS
    observe: str = ""
    and_sweep: str = ""
    line: Line = ()

    def __post_init__(self) -> None:
        rule_map = find_map(self.map)
        rule_map.parameter(self.sweep)
        if self.line or self.and_sweep:
            rule_map.parameter(self.and_sweep)
            object.__setattr__(self, "line", checked_line(self.line, self.swept))
        others = {name: value for name, value in dict(self.parameters).items() if name not in self.swept}
        object.__setattr__(self, "parameters", tuple(pair for pair in rule_map.completed(others) if pair[0] not in self.swept))
        object.__setattr__(self, "observe", rule_map.completed_state(rule_map.initial, self.observe)[1])
        validation.count("longest period", self.most_period, 1, LONGEST)
        for part in self.parts:
            if part not in PARTS:
                raise ValueError(f"{part!r} is not part of a skeleton; choose among {', '.join(PARTS)}")

    def frames(self) -> Iterator["SkeletonFrame | None"]:
        """None where a caller may stop, then the one frame. Raises ValueError, in one line, where there is no skeleton: `why_not`."""
        return batching.throttle_yields(self._frames())

    def _frames(self) -> Iterator["SkeletonFrame | None"]:
        began = time.perf_counter()
        reason = why_not(self.map, self.viewport, self.observe)
        if reason:
            raise ValueError(reason)
        (left, right), (low, high) = (tuple(map(float, limits)) for limits in (self.viewport.x_limits, self.viewport.y_limits))
        width, height = 2 * self.viewport.half_width, 2 * self.viewport.half_height
        family, states, beside = self._family()
        scale = (beside[1] - beside[0]) / (states[1] - states[0])
        box = Box(left - MARGIN * width, right + MARGIN * width, float(self.viewport.y), width, height, scale * height)
        curves = CriticalCurves(np.empty(0), np.empty((0, 0, 0)), ())
        shown = find_map(self.map)
        critical = None if shown.is_plane else CriticalPoints(family, left, right, states)
        yield None
        if "critical-curves" in self.parts and critical is not None:
            for drawn in critical_curves(critical, (left, right), (low, high)):
                curves = drawn or curves
                yield None
        branches: list[Branch] = []
        points: list[NamedPoint] = []
        note = ""
        if {"unstable-cycles", "named"} & {*self.parts}:
            if shown.is_plane:
                across, origin = np.linspace(left, right, PLANE_COLUMNS), np.array(shown.origin)
                origin = origin[::-1] if self._observed else origin
                cycles = yield from plane_columns.cycles_in(family, across, low, high, (states, beside), origin)
            else:
                number = COLUMNS if circumference(family.rule) is None else TONGUES
                cycles = yield from cycles_in(family, np.linspace(left, right, number), low, high, MOST_BRANCHES)
            following = Following(family, box, cycles)
            yield None
            yield from following.steps()
            branches, note = following.branches, following.note
            points = yield from (plane_named_points if shown.is_plane else named_points)(family, branches, box)
            if "named" in self.parts and critical is not None and circumference(family.rule) is None:
                points += yield from collisions(family, branches, critical, box)
            for number, branch in enumerate(branches):
                branches[number] = completed(branch, points, box)
                yield None
        points = [p for p in points if left - p.error <= p.parameter <= right + p.error and any(low <= x <= high for x in p.states)]
        points.sort(key=lambda point: point.parameter)
        named = tuple(points) if "named" in self.parts else ()
        found: tuple[Cascade, ...] = ()
        if named and not shown.is_plane and circumference(family.rule) is None:
            found = yield from cascades(family, named)
        turn = shown.periods[self._observed]
        lines = branch_lines(branches, box, turn)
        yield SkeletonFrame(self, tuple(branches), named, found, *curves[:2], *lines, curves.lines, note, turn, time.perf_counter() - began)

    @property
    def _observed(self) -> int:
        return find_map(self.map).coordinates.index(self.observe) if self.observe else 0

    def _family(self) -> tuple[Family, tuple[float, float], tuple[float, float]]:
        """The maps, their usual interval of states, and that of the coordinate that is not observed."""
        shown = find_map(self.map)
        names = [parameter.name for parameter in shown.parameters]
        given = dict(self.parameters)
        others = tuple(given[name] for name in names if name not in self.swept)
        rule, index = shown.rule, names.index(self.sweep)
        if self.line:
            rule, index = along_line(rule, len(shown.coordinates), (index, names.index(self.and_sweep))), 0
            others = (*self.line[0], *self.line[1], *others)
        rule = seen_along(rule, self._observed) if shown.is_plane else rule
        states = shown.states_of(self._observed)
        beside = shown.states_of(1 - self._observed) if shown.is_plane else states
        return Family(rule, index, others, self.most_period), states, beside


class Following:
    """Follows branches from the cycles of one column, then from those of the others that are on none of the branches so far."""

    def __init__(self, family: Family, box: Box, cycles: Cycles) -> None:
        self.branches: list[Branch] = []
        self._family, self._box = family, box
        self.note = ""
        self._cycles = self._affordable(cycles)
        self._left = np.ones(len(self._cycles.a), bool)

    def _affordable(self, cycles: Cycles) -> Cycles:
        """The cycles up to the period up to which no column has more than MOST_BRANCHES."""
        counts = np.zeros((self._family.longest + 1, 1 + int(np.max(cycles.column, initial=0))), np.int64)
        np.add.at(counts, (cycles.period, cycles.column), 1)
        allowed = min(int(np.count_nonzero(np.cumsum(counts, axis=0).max(axis=1) <= MOST_BRANCHES)) - 1, cycles.longest)
        if allowed < self._family.longest:
            self.note = f"cycles of periods up to {max(allowed, 1)} only: there are more than {MOST_BRANCHES} up to period {allowed + 1}"
        kept = cycles.period <= max(allowed, 1)
        return Cycles(cycles.column[kept], cycles.period[kept], cycles.a[kept], cycles.states[..., kept], allowed)

    def steps(self) -> Iterator[None]:
        """Follow all, the usual periods together and then longer ones; a caller may stop at each step."""
        for period in (USUAL, *range(USUAL + 1, self._cycles.longest + 1)):
            chosen = self._cycles.period <= period
            if period > USUAL and self._points > MOST_POINTS and self._left.any():
                self.note = f"cycles of periods up to {period - 1} only: their branches have {grouped(self._points)} points already"
                break
            yield from self._follow(chosen)
        gaps = [reason for branch in self.branches for reason in branch.ends if reason in (LOST, LONG)]
        if gaps and not self.note:
            self.note = f"{len(gaps)} ends of branches: {REASONS[gaps[0]]}"

    @property
    def _points(self) -> int:
        """Points of all cycles on all branches so far."""
        return sum(branch.states.size for branch in self.branches)

    def _follow(self, these: Bools) -> Iterator[None]:
        first = True
        while (these & self._left).any():
            remaining = np.flatnonzero(these & self._left)
            columns = self._cycles.column[remaining]
            # The column with most cycles has, as a rule, one of each branch; after it all that are left, which some branches share.
            chosen = (remaining[columns == np.bincount(columns).argmax()] if first else remaining)[:MOST_BRANCHES]
            first = False
            tracing = Tracing(
                self._family, self._box, self._cycles.period[chosen], self._cycles.a[chosen], self._cycles.states[..., chosen]
            )
            while tracing.going:
                tracing.advance()
                yield None
            for own, branch in zip(chosen.tolist(), tracing.branches(), strict=True):
                if self._left[own]:  # not reached from another cycle meanwhile, as beyond a fold
                    self._left[own] = False
                    self.branches.append(branch)
                    self._match(branch)
                    yield None

    def _match(self, branch: Branch) -> None:
        """Cross out the cycles that the branch goes through."""
        rivals = np.flatnonzero(self._cycles.period == branch.period)
        for a in np.unique(self._cycles.a[rivals[self._left[rivals]]]):
            crossing = _at(branch, float(a))
            same = rivals[self._cycles.a[rivals] == a]
            if crossing.shape[-1] and len(same):
                turned = turns(self._cycles.states[..., same], branch.period)
                apart = self._apart(turned[..., None], crossing[..., None, :]).min(axis=0)
                nearest = apart.argmin(axis=0)
                self._left[same[nearest[apart.min(axis=0) <= MATCHED * self._box.height]]] = False

    def _apart(self, states: Floats, others: Floats) -> Floats:
        """How far cycles (turns, period, …, n, m) are from one another, in units of the observed coordinate. Shape (turns, n, m)."""
        rule, box = self._family.rule, self._box
        if states.ndim == 4:
            found: Floats = np.abs(difference(rule, states, others)).max(axis=1)
            return found
        one, other = (tuple[Any, ...](each[..., k, :, :] for k in range(2)) for each in (states, others))
        first, second = differences(rule, one, other)
        return np.maximum(np.abs(first), np.abs(second) * (box.height / box.beside)).max(axis=1)


def _at(branch: Branch, a: float) -> Floats:
    """The states of the branch where it has this parameter. Shape (period, crossings), of a map of the plane (period, 2, crossings)."""
    away = branch.parameter - a
    k = np.flatnonzero((away[:-1] * away[1:] < 0) | (away[:-1] == 0))
    share = away[k] / (away[k] - away[k + 1])
    states = np.stack([branch.states, branch.beside], axis=1) if isinstance(branch, PlaneBranch) else branch.states
    crossing: Floats = states[..., k] + share * (states[..., k + 1] - states[..., k])
    return crossing


@dataclass(frozen=True, eq=False)
class SkeletonFrame:
    """The skeleton in a view.

    branches: of cycles, beyond the view by a margin. named: the named points in the view, by parameter. cascades: those
    whose first two doublings are among them. columns: evenly spaced values of the swept parameter, shape (m,). curves: images 1 to n of
    each critical point there, shape (critical points, n, m). attracting, repelling, images: lines (k, 2) of parameter and state,
    interrupted by NaN: of attracting and of repelling cycles, and of each image of the critical points, with more points where it bends.
    note: what was left out, or could not be followed; empty if nothing. circumference: of the circle that the states lie on, if they do;
    the states of branches are then continued beyond it.
    """

    request: SkeletonRequest
    branches: tuple[Branch, ...] = field(repr=False)
    named: tuple[NamedPoint, ...] = field(repr=False)
    cascades: tuple[Cascade, ...] = field(repr=False)
    columns: Floats = field(repr=False)
    curves: Floats = field(repr=False)
    attracting: Floats = field(repr=False)
    repelling: Floats = field(repr=False)
    images: tuple[Floats, ...] = field(repr=False)
    note: str = ""
    circumference: float | None = None
    seconds: float = 0.0
    done: bool = True
    progress: float = 1.0
