"""How starts and orbits are drawn, in the window and in files: a shape for each outcome, a colour for each attractor, basins as bands.

Nothing here draws: points, shapes and the names of colours only.
"""

import functools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from funjax_gui.style import Colours, pack, period_colours
from kernels.cycles import PeriodicOrbit
from kernels.fixed_point import FixedPointFrame, FixedPointRequest, Outcome
from kernels.geometry import Viewport, decimal, split

Values = NDArray[np.float64]

RIM = 7.0
"""Pixels from the edge at which points at infinity are drawn."""

MOST_DOTS = 3000
"""More points than this are drawn once a pixel."""

MARGIN = 0.05
"""What the usual view leaves above and below the range searched, in parts of it."""

MOST_MARKED = 60
"""Orbits that are marked; more would be a blot."""


@dataclass(frozen=True, eq=False)
class Dots:
    """Points (x, y), shapes (n,): infinite ones are drawn at the rim, those that are NaN at the lower one.

    `role` is the name of a colour of the theme or "#rrggbb", `shape` one of plots_shapes.SHAPES.
    """

    x: Values
    y: Values
    shape: str = "circle"
    role: str = "accent2"
    size: float = 6.0
    filled: bool = True


@dataclass(frozen=True)
class Band:
    """The stretch of the horizontal axis from `low` to `high`; `pattern` counts through PATTERNS, so that colour is not all there is."""

    low: float
    high: float
    role: str = "accent2"
    strength: float = 0.16
    pattern: int = 0


def shares(values: Values, centre: tuple[float, float], half: float) -> Values:
    """Where numbers lie in window units of an axis with the centre high + low, exact at any depth. Shape as `values`."""
    with np.errstate(over="ignore", invalid="ignore"):
        found: Values = ((values - centre[0]) - centre[1]) / (2 * half) + 0.5
    return found


def view_of(request: FixedPointRequest, view: Viewport | None = None) -> Viewport:
    """What a picture of the request shows: its starts, against the heights of `view`, else the range searched and a little more."""
    if view is not None:
        return Viewport.from_limits(*request.x, *view.y_limits)
    low, high = (decimal(limit) for limit in request.searched)
    more = decimal(MARGIN) * (high - low)
    return Viewport.from_limits(*request.x, low - more, high + more)


def seen(dots: Dots, view: Viewport, width: float, height: float, rim: float = RIM) -> tuple[Values, Values]:
    """Where the points lie in window units, without those outside the view, in a plot so many pixels large. Shapes (m,)."""
    u, v = shares(dots.x, split(view.x), view.half_width), shares(dots.y, split(view.y), view.half_height)
    v = np.where(np.isposinf(dots.y), 1 - rim / height, np.where(np.isfinite(dots.y), v, rim / height))
    inside = (u >= 0) & (u <= 1) & (v >= 0) & (v <= 1)
    u, v = u[inside], v[inside]
    if len(u) > MOST_DOTS:
        _, first = np.unique(np.floor(u * width) * (np.ceil(height) + 1) + np.floor(v * height), return_index=True)
        u, v = u[first], v[first]
    return u, v


SHAPES = {
    Outcome.ATTRACTED: "circle",
    Outcome.CYCLE: "square",
    Outcome.DIVERGED: "triangle",
    Outcome.ON_POINT: "diamond",
    Outcome.UNRESOLVED: "cross",
}
OUTCOME_ROLES = {Outcome.DIVERGED: "bad", Outcome.ON_POINT: "text", Outcome.UNRESOLVED: "muted"}
"""The colours of outcomes that have none of an attractor."""

OUTCOME_GLYPHS = {
    Outcome.ATTRACTED: "●",
    Outcome.CYCLE: "■",
    Outcome.DIVERGED: "▲",
    Outcome.ON_POINT: "◆",
    Outcome.UNRESOLVED: "✕",
}
OUTCOME_NAMES = {
    Outcome.ATTRACTED: "attracted to a fixed point",
    Outcome.CYCLE: "attracted to a cycle",
    Outcome.DIVERGED: "diverged",
    Outcome.ON_POINT: "on a non-attracting orbit",
    Outcome.UNRESOLVED: "unresolved",
}

IMMEDIATE, BEYOND, CHOSEN = 0.20, 0.10, 0.34
"""How strong a basin's band is: where its attractor lies, elsewhere, and where its attractor is selected."""


def kind(orbit: PeriodicOrbit) -> str:
    """The stability in words, super-attracting and neutral at a tangency told apart."""
    if orbit.stability == "attracting" and orbit.super_attracting:
        return "super-attracting"
    return f"{orbit.stability}, double" if orbit.double else orbit.stability


@functools.lru_cache(maxsize=1024)
def hue(index: int, colours: Colours) -> str:
    """The colour of the attractor that comes `index`-th among those that attract, "#rrggbb"."""
    shade = int(pack(period_colours(np.array([index + 1]), colours.background, colours.dark))[0])
    return f"#{shade & 0xFFFFFF:06x}"


def ranks(orbits: Sequence[PeriodicOrbit]) -> dict[int, int]:
    """The place of each orbit among those that starts may be attracted to: attracting ones first, then neutral ones."""
    order = [n for n, o in enumerate(orbits) if o.stability == "attracting"] + [n for n, o in enumerate(orbits) if o.stability == "neutral"]
    return {n: rank for rank, n in enumerate(order)}


def orbit_colour(n: int, orbits: Sequence[PeriodicOrbit], colours: Colours) -> str:
    """The colour of the n-th orbit: its own if it attracts, else the one for what repels."""
    found = ranks(orbits)
    return hue(found[n], colours) if n in found else "bad"


def initial_points(n: int, orbits: Sequence[PeriodicOrbit], colours: Colours, size: float = 9.0) -> Dots:
    """An orbit's points on the diagonal: a disc where it attracts, a star if super-attracting, a ring where it repels, else a diamond."""
    orbit = orbits[n]
    shape = {"neutral": "diamond"}.get(orbit.stability, "star" if orbit.super_attracting else "circle")
    at = np.array(orbit.points)
    return Dots(at, at, shape, orbit_colour(n, orbits, colours), size, filled=orbit.stability == "attracting")


def dots(frame: FixedPointFrame, colours: Colours) -> list[Dots]:
    """Final against start, one group for each outcome and attractor."""
    groups: list[Dots] = []
    size = 6.5 if len(frame.starts) <= 1000 else 4.5
    escaped = frame.outcomes == Outcome.DIVERGED
    for up, shape in ((True, "triangle"), (False, "triangle-down")):
        mine = escaped & ((frame.finals == np.inf) == up)
        if mine.any():
            groups.append(Dots(frame.starts[mine], frame.finals[mine], shape, OUTCOME_ROLES[Outcome.DIVERGED], size))
    for outcome in (Outcome.ATTRACTED, Outcome.CYCLE, Outcome.UNRESOLVED, Outcome.ON_POINT):
        mine = frame.outcomes == outcome
        attracted = outcome in (Outcome.ATTRACTED, Outcome.CYCLE)
        for n in np.unique(frame.attractor[mine]).tolist() if attracted else [-1]:
            chosen = mine & (frame.attractor == n) if attracted else mine
            if chosen.any():
                shade = orbit_colour(n, frame.orbits, colours) if attracted else OUTCOME_ROLES[outcome]
                groups.append(
                    Dots(frame.starts[chosen], frame.finals[chosen], SHAPES[outcome], shade, size + 2.0 * (outcome == Outcome.ON_POINT))
                )
    return groups


def bands(frame: FixedPointFrame, colours: Colours, selected: int | None) -> list[Band]:
    """The basins, those of the selected orbit stronger."""
    found = ranks(frame.orbits)
    return [
        Band(
            basin.low,
            basin.high,
            orbit_colour(basin.orbit, frame.orbits, colours),
            CHOSEN if basin.orbit == selected else IMMEDIATE if basin.immediate else BEYOND,
            pattern=found.get(basin.orbit, 0),
        )
        for basin in frame.basins
    ]
