"""Stable and unstable manifolds of the saddles of a map of the plane, and where they cross."""

import math
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from kernels import validation
from kernels.geometry import Viewport
from kernels.maps import Map
from kernels.parameters import Pairs
from kernels.phase_plane.cycles import Cycle, CyclesRequest, mapping_of
from kernels.phase_plane.manifolds.branch import BEGIN, Branch, Seed, Space, grow
from kernels.phase_plane.manifolds.crossings import Crossings, crossings
from kernels.phase_plane.manifolds.preimages import grow_back
from kernels.phase_plane.plane import plane_map, wraps_of
from kernels.types import Bools, Floats
from kernels.validation import setting

LONGEST_BRANCH = 1e4
"""Greatest arc length that can be asked for, in units of the first view's width and height together."""

LONGEST_SADDLE = 6
"""Longest period of saddles whose manifolds can be asked for."""

MOST_BRANCHES = 64
"""Most branches that are grown; those of the shortest saddles are."""

STAGES = 0.25, 1.0
"""Parts of the arc length after which a frame is shown."""

DOUBLING = 2.0
"""A piece is this many times as long as the one before, at least: several steps of the map are one where its multiplier is small."""


@dataclass(frozen=True)
class ManifoldsRequest:
    """Manifolds of the saddles in the first view or in `view`, of periods up to `longest`. Raises ValueError in one line.

    length: the arc length of each branch, in units of the coordinates; None: four times the width and height of the first view together.
    """

    view: Viewport
    map: str = "henon"
    parameters: Pairs = ()
    length: float | None = setting(None, "Length", "Arc length to which each branch of a manifold is grown", least=0.0)
    longest: int = setting(1, "Saddles to period", "Manifolds are drawn of the saddles up to this period", least=1, most=LONGEST_SADDLE)

    def __post_init__(self) -> None:
        object.__setattr__(self, "parameters", plane_map(self.map).completed(self.parameters))
        validation.count("period of saddles", self.longest, 1, LONGEST_SADDLE)
        if self.length is not None:
            validation.finite("length of manifolds", self.length)
            most = LONGEST_BRANCH * size_of(plane_map(self.map))
            if not 0 < self.length <= most:
                raise ValueError(f"the length of manifolds {self.length:g} is out of range; it is above 0 and at most {most:g}")

    @property
    def arc_length(self) -> float:
        """The arc length of each branch."""
        return self.length if self.length is not None else usual_length(plane_map(self.map))

    def frames(self) -> Iterator["ManifoldsFrame | None"]:
        """Frames with short branches, then with whole ones, then with their crossings; None where a caller may stop."""
        return _Run(self).frames()


@dataclass(frozen=True, eq=False)
class ManifoldsFrame:
    """The manifolds so far.

    saddles: the cycles, to which `saddle` of a branch is an index; left_out: saddles without branches, since there are too many.
    crossings: points of the view where unstable and stable branches cross, (n, 2), to about 1/400 of the view; homoclinic: which of them
    are of one saddle's manifolds. flat: crossings not listed, since the lines might only touch there.
    by_preimages: whether the stable ones were continued by Newton's method, the map having no known inverse.
    """

    request: ManifoldsRequest
    saddles: tuple[Cycle, ...]
    branches: tuple[Branch, ...] = field(repr=False)
    crossings: Floats = field(repr=False)
    homoclinic: Bools = field(repr=False)
    flat: int
    left_out: int
    by_preimages: bool
    seconds: float
    progress: float
    done: bool


def size_of(chosen: Map) -> float:
    """Width and height of a map's first view together."""
    assert chosen.plane is not None
    return 2 * (chosen.plane.half_width + chosen.plane.half_height)


def usual_length(chosen: Map) -> float:
    """The usual arc length of a branch, of two digits."""
    return float(f"{4 * size_of(chosen):.2g}")


class _Run:
    """The computation of one request."""

    def __init__(self, request: ManifoldsRequest) -> None:
        self.request, self.chosen, self.began = request, plane_map(request.map), time.perf_counter()
        first = self.chosen.plane
        assert first is not None
        view = request.view
        self.space = Space(
            np.array([float(view.x), float(view.y)]),
            np.array([view.half_width, view.half_height]),
            np.array([first.half_width, first.half_height]),
            wraps_of(self.chosen),
        )
        self.values = tuple(np.float64(value) for value in self.chosen.values(dict(request.parameters)))
        self.saddles: tuple[Cycle, ...] = ()
        self.left_out = 0

    def frames(self) -> Iterator[ManifoldsFrame | None]:
        seeds = yield from self._seeds()
        whole = self.request.arc_length
        branches: list[Branch] = []
        nothing = Crossings(np.empty((0, 2)), np.empty(0, np.bool_), 0)
        for stage in STAGES:
            branches = []
            for branch, seed in seeds:
                new = Branch(branch.saddle, branch.is_stable, branch.side)
                yield from self._growing(new, seed, stage * whole)
                branches.append(new)
            yield self._frame(branches, nothing, stage * 0.9)
        found = yield from crossings(branches, self.space)
        yield self._frame(branches, found, 1.0)

    def _growing(self, branch: Branch, seed: Seed, most: float) -> Iterator[None]:
        if not branch.is_stable:
            return grow(branch, seed, self.chosen.rule, self.values, self.space, most)
        if self.chosen.inverse is not None:
            return grow(branch, seed, self.chosen.inverse, self.values, self.space, most)
        return grow_back(branch, seed, self.chosen.rule, self.values, self.space, most)

    def _seeds(self) -> Any:
        """The beginnings of all branches, empty branches with them."""
        request = self.request
        saddles: list[Cycle] = []
        for found in CyclesRequest(self._region(), request.map, request.parameters, request.longest).frames():
            saddles = [cycle for cycle in found.cycles if cycle.stability == "saddle"] if found else saddles
            yield None
        mapping = mapping_of(self.chosen, self.values)
        seeds: list[tuple[Branch, Seed]] = []
        kept: list[Cycle] = []
        for cycle in saddles:
            new = []
            jacobians = mapping.polished(np.array(cycle.points).T, cycle.period)[2]
            for point, jacobian in zip(cycle.points, jacobians[:4].T, strict=True):
                for is_stable, value in enumerate(cycle.eigenvalues):
                    seed = self._seed(np.array(point), jacobian.reshape(2, 2), value.real, cycle.period, bool(is_stable))
                    sides = ((1, seed), (-1, seed and Seed(seed.point, -seed.direction, seed.multiplier, seed.steps)))
                    new += [(Branch(len(kept), bool(is_stable), side), seed) for side, seed in sides if seed]
            if len(seeds) + len(new) <= MOST_BRANCHES:
                seeds += new
                kept.append(cycle)
        self.saddles, self.left_out = tuple(kept), len(saddles) - len(kept)
        return seeds

    def _region(self) -> Viewport:
        """The first view and, along coordinates that are not angles, the view."""
        first, view, limits = self.chosen.plane, self.request.view, []
        assert first is not None
        for own, other, period in zip((first.x_limits, first.y_limits), (view.x_limits, view.y_limits), self.space.wraps, strict=True):
            limits += list(own) if period else [min(own[0], other[0]), max(own[1], other[1])]
        return Viewport.from_limits(*limits)

    def _seed(self, point: Floats, jacobian: Floats, value: float, period: int, is_stable: bool) -> Seed | None:
        """Where the manifold of an eigenvalue begins; None where that is 0, so that no inverse takes anything away from the saddle."""
        size = abs(value)
        if is_stable and not size > 1e-12:
            return None
        (a, b), (c, d) = jacobian
        rows = np.array([[b, value - a], [value - d, c]])
        direction = rows[np.argmax(np.abs(rows).max(1))]
        if not np.abs(direction).max() > 0:
            direction = np.array([1.0, 0.0]) if abs(a - value) <= abs(d - value) else np.array([0.0, 1.0])
        direction = direction / math.hypot(*direction) * BEGIN * float(self.space.first.max())
        multiplier, steps = (1 / size if is_stable else size), period
        if value < 0:
            multiplier, steps = multiplier**2, 2 * steps
        while multiplier < DOUBLING and steps < 512:
            multiplier, steps = multiplier**2, 2 * steps
        return Seed(point, direction, multiplier, steps)

    def _frame(self, branches: list[Branch], found: Crossings, progress: float) -> ManifoldsFrame:
        return ManifoldsFrame(
            request=self.request,
            saddles=self.saddles,
            branches=tuple(branches),
            crossings=found.points,
            homoclinic=found.homoclinic,
            flat=found.flat,
            left_out=self.left_out,
            by_preimages=self.chosen.inverse is None,
            seconds=time.perf_counter() - self.began,
            progress=progress,
            done=progress == 1.0,
        )
