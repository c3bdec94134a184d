"""Where a view away from the critical point lies on a ladder: the images of the levels' intervals that it lies in, one within another.

A state in F_l^i(J), the i-th image of the interval J of level l + 1, is that image of a state in J: so the view goes down level by level,
and x = F_0^{i_0}(c + λ_1 F_1^{i_1}(λ_2 … u)), with u in the last level's interval.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from flint import arb

from kernels.deep import chebyshev
from kernels.deep.climb import jet_step
from kernels.deep.level import Level
from kernels.deep.precision import log2, middle, working
from kernels.types import Floats

STEPS = 60
"""Steps of the search for a preimage at most; it gains digits faster and faster."""

BEYOND = 1.05
"""A view that reaches out of an interval by up to a twentieth of it still counts as within."""

NODES = 48
"""Points by which the view's coordinate is interpolated as a function of u."""


@dataclass(frozen=True, eq=False)
class Address:
    """The image of each level's interval that the view lies in, in which number of steps; its centre and half-height on the last level."""

    images: tuple[int, ...]
    place: arb
    half: arb


def address(levels: list[Level], place: arb, half: arb) -> Iterator[Address | None]:
    """None where a caller may stop, then how far down the view goes. place, half: of the view, in u of the lowest level."""
    places, images = [place], [0] * (_deepest(levels, place, half) if levels[0].even else 0)
    if images:
        last = levels[len(images)]
        with working(last.bits + 64 + max(0, int(-log2(half)))):
            zoom = middle(levels[0].scale / last.scale)
            places, half = [middle(place * zoom)], middle(half * zoom)
    for level, following in pairwise(levels[len(images) :]):
        found = None
        for found in _image(level, following, places, half):
            if found is None:
                yield None
        if found is None:
            break
        image, places, half = found
        images.append(image)
    yield Address(tuple(images), places[0], half)


def _deepest(levels: list[Level], place: arb, half: arb) -> int:
    """The deepest level with the view in its own interval, of an even map, whose intervals have one centre and lie in one another."""
    reach, low, high = abs(place) + half, 0, len(levels) - 1
    with working(64):
        while low < high:
            at = (low + high + 1) // 2
            # Where 64 bits do not tell, the level counts as too deep: from there on it is gone down step by step.
            low, high = (at, high) if reach * levels[0].scale <= levels[at].scale else (low, at - 1)
    return low


def _image(level: Level, following: Level, places: list[arb], half: arb) -> Iterator[tuple[int, list[arb], arb] | None]:
    """None where a caller may stop; then the image of the next level's interval with the view in it, and the view there."""
    bits = level.bits + 64 + max(0, int(-log2(half)))
    with working(bits):
        scale, centre = middle(following.scale / level.scale), level.critical
        within = [(0, [middle((place - centre) / scale)], middle(half / scale)) for place in places if abs(place - centre) + half <= scale]
        tip, right, left = centre, middle(centre + scale), middle(centre - scale)
    if within:
        yield within[0]
        return
    for image in range(1, following.period):
        with working(bits):
            tip, right = level.value(tip), level.value(right)
            left = right if level.even else level.value(left)
            tried = (_preimages(level, image, scale, (tip, left, right), place, half) for place in places)
            found = next((preimages for preimages in tried if preimages is not None), None)
        if found is not None:
            yield image, *found
            return
        yield None


def _preimages(level: Level, image: int, scale: arb, ends: tuple[arb, arb, arb], place: arb, half: arb) -> tuple[list[arb], arb] | None:
    """The view in the interval of which this is the image: its centres (two, but for what is symmetric), and half-height; or None.

    The interval is folded at the critical point: its image has one end there, the tip, over which the view may hang.
    """
    tip, *others = ends
    up = others[0] > tip
    low, high = (tip, max(others, key=float)) if up else (min(others, key=float), tip)
    if place + half < low or place - half > high:
        return None
    centres, widest = [], arb(0)
    for side, end in zip((-1, 1), others, strict=True):
        if level.even and side < 0:
            continue
        inner, *edges = (_preimage(level, image, scale, tip, end, side, at) for at in (place, place + half, place - half))
        if any(edge > scale * BEYOND for edge in edges):
            return None
        centres += [middle(inner * side / scale)]
        widest = max((widest, *(abs(edge - inner) / scale for edge in edges)), key=float)
    if level.even:
        centres.append(-centres[0])
    return centres, middle(widest)


def _preimage(level: Level, image: int, scale: arb, tip: arb, end: arb, side: int, at: arb) -> arb:
    """The v >= 0 with F^image(c + side v) = at, by the secant method in v², in which the image is nearly linear; 0 beyond the tip."""
    sign = 1 if end > tip else -1
    wanted = middle((at - tip) * sign)
    if not wanted > 0:
        return arb(0)
    before, there = middle(scale * scale), middle((end - tip) * sign)
    z = middle(before * wanted / there)
    for _ in range(STEPS):
        v = middle(abs(z).sqrt())
        u = middle(level.critical + side * v)
        for _ in range(image):
            u = level.value(u)
        value = middle((u - tip) * sign)
        if abs(value - wanted) <= arb(2) ** (8 - level.bits) or value == there:
            break
        z, before, there = middle(z - (value - wanted) * (z - before) / (value - there)), z, value
    return v


def coordinate(levels: list[Level], images: tuple[int, ...], place: arb, half: arb) -> Floats:
    """[i][m]: (x - centre of the view) / its half-height as Σ s^i u^m, u on the last level. place, half: in u of the lowest level."""
    last = levels[len(images)]
    bits = levels[0].bits + 64 + max(0, int(-log2(half)))
    points = chebyshev.nodes(NODES, bits)
    jets = [np.zeros(NODES) for _ in range(len(last.rest) + 1)]
    with working(bits):
        for level, following, image in reversed(list(zip(levels, levels[1:], images, strict=False))):
            scale = middle(following.scale / level.scale)
            points = [middle(level.critical + scale * u) for u in points]
            jets = [jet * float(scale) for jet in jets]
            ratio = float(last.reach / level.reach)
            for _ in range(image):
                jets = jet_step(level, np.array([float(u) for u in points]), jets, ratio)
                points = [level.value(u) for u in points]
        jets = [jet / float(half) for jet in jets]
        jets[0] = np.array([float((u - place) / half) for u in points])
    table = np.array([chebyshev.transform(NODES, NODES) @ jet for jet in jets]) * float(last.sigma) ** np.arange(len(jets))[:, None]
    seen = np.flatnonzero(np.abs(table).max(0) > 1e-14 * max(1.0, np.abs(table).max()))
    table = table[:, : int(seen[-1]) + 1 if len(seen) else 1]
    coefficients: Floats = table @ chebyshev.monomials(table.shape[1]).T
    return coefficients
