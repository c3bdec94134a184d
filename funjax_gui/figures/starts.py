"""Figure of the explorer: a shape for each outcome of an initial condition, a colour for each attractor, basins as bands."""

import functools
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from funjax_gui.figures.items import Band, Bands, Item, Marks, Points, Rule
from funjax_gui.style import Colours, pack, period_colours
from kernels.cycles import PeriodicOrbit
from kernels.fixed_point import FixedPointFrame, FixedPointRequest, Outcome
from kernels.geometry import Viewport, decimal

MARGIN = 0.05
"""Margin of the initial view above and below the search range, relative to it."""

MOST_MARKED = 60
"""Maximum number of orbits that are marked."""


def view_of(request: FixedPointRequest, view: Viewport | None = None) -> Viewport:
    """View of a request: its initial conditions against the heights of `view`, by default the search range with a margin."""
    if view is not None:
        return Viewport.from_limits(*request.x, *view.y_limits)
    low, high = (decimal(limit) for limit in request.searched)
    more = decimal(MARGIN) * (high - low)
    return Viewport.from_limits(*request.x, low - more, high + more)


SHAPES = {
    Outcome.ATTRACTED: "circle",
    Outcome.CYCLE: "square",
    Outcome.DIVERGED: "triangle",
    Outcome.ON_POINT: "diamond",
    Outcome.UNRESOLVED: "cross",
    Outcome.UNDEFINED: "plus",
}
OUTCOME_ROLES = {Outcome.DIVERGED: "bad", Outcome.ON_POINT: "text", Outcome.UNRESOLVED: "muted", Outcome.UNDEFINED: "bad"}
"""Colours of the outcomes without an attractor."""

OUTCOME_GLYPHS = {
    Outcome.ATTRACTED: "●",
    Outcome.CYCLE: "■",
    Outcome.DIVERGED: "▲",
    Outcome.ON_POINT: "◆",
    Outcome.UNRESOLVED: "✕",
    Outcome.UNDEFINED: "+",
}
OUTCOME_NAMES = {
    Outcome.ATTRACTED: "attracted to a fixed point",
    Outcome.CYCLE: "attracted to a cycle",
    Outcome.DIVERGED: "diverged",
    Outcome.ON_POINT: "on a non-attracting orbit",
    Outcome.UNRESOLVED: "unresolved",
    Outcome.UNDEFINED: "undefined: no value in float64",
}

IMMEDIATE, BEYOND, CHOSEN = 0.20, 0.10, 0.34
"""Opacity of a basin: the immediate one, others, and those of a selected attractor."""


def kind(orbit: PeriodicOrbit) -> str:
    """The stability as text, with super-attracting and double orbits named."""
    if orbit.stability == "attracting" and orbit.super_attracting:
        return "super-attracting"
    return f"{orbit.stability}, double" if orbit.double else orbit.stability


@functools.lru_cache(maxsize=1024)
def hue(index: int, colours: Colours) -> str:
    """Colour of the attractor with this index, as "#rrggbb"."""
    shade = int(pack(period_colours(np.array([index + 1]), colours.background, colours.dark))[0])
    return f"#{shade & 0xFFFFFF:06x}"


def ranks(orbits: Sequence[PeriodicOrbit]) -> dict[int, int]:
    """Index of the colour of each orbit: attracting ones first, then neutral ones."""
    order = [n for n, o in enumerate(orbits) if o.stability == "attracting"] + [n for n, o in enumerate(orbits) if o.stability == "neutral"]
    return {n: rank for rank, n in enumerate(order)}


def orbit_colour(n: int, orbits: Sequence[PeriodicOrbit], colours: Colours) -> str:
    """Colour of the n-th orbit: its own if it attracts, else that of repelling orbits."""
    found = ranks(orbits)
    return hue(found[n], colours) if n in found else "bad"


def orbit_marks(n: int, orbits: Sequence[PeriodicOrbit], colours: Colours) -> Marks:
    """An orbit's points on the diagonal: a disc where it attracts, a star if super-attracting, a ring where it repels, else a diamond."""
    orbit = orbits[n]
    shape = {"neutral": "diamond"}.get(orbit.stability, "star" if orbit.super_attracting else "circle")
    return Marks(_on_diagonal(orbit), shape, orbit_colour(n, orbits, colours), 9.0, filled=orbit.stability == "attracting")


def selected_marks(orbit: PeriodicOrbit) -> Marks:
    """Rings about the points of a selected orbit on the diagonal."""
    return Marks(_on_diagonal(orbit), "circle", "text", 17.0, filled=False)


def levels(orbit: PeriodicOrbit) -> list[Item]:
    """Horizontal lines at the points of a selected orbit."""
    return [Rule(x, dash="dash", opacity=0.8) for x in orbit.points]


def _on_diagonal(orbit: PeriodicOrbit) -> Points:
    points = np.array(orbit.points)
    return np.stack([points, points], axis=1)


def final_marks(frame: FixedPointFrame, colours: Colours) -> list[Item]:
    """Final states against initial conditions, with markers by outcome and attractor."""
    groups: list[Item] = []
    size = 6.5 if len(frame.starts) <= 1000 else 4.5
    places = np.stack([frame.starts, frame.finals], axis=1)

    def add(mine: NDArray[np.bool_], shape: str, role: str, size: float) -> None:
        if mine.any():
            groups.append(Marks(places[mine], shape, role, size, halo=False, rim=True))

    escaped = frame.outcomes == Outcome.DIVERGED
    for up, shape in ((True, "triangle"), (False, "triangle-down")):
        add(escaped & ((frame.finals == np.inf) == up), shape, OUTCOME_ROLES[Outcome.DIVERGED], size)
    for outcome in (Outcome.ATTRACTED, Outcome.CYCLE):
        mine = frame.outcomes == outcome
        for n in np.unique(frame.attractor[mine]).tolist():
            add(mine & (frame.attractor == n), SHAPES[outcome], orbit_colour(n, frame.orbits, colours), size)
    for outcome in (Outcome.UNRESOLVED, Outcome.UNDEFINED):
        add(frame.outcomes == outcome, SHAPES[outcome], OUTCOME_ROLES[outcome], size)
    add(frame.outcomes == Outcome.ON_POINT, SHAPES[Outcome.ON_POINT], OUTCOME_ROLES[Outcome.ON_POINT], size + 2.0)
    return groups


def basin_bands(frame: FixedPointFrame, colours: Colours, selected: int | None = None) -> Bands:
    """Bands of the basins of attraction, stronger for the selected orbit."""
    found = ranks(frame.orbits)
    return Bands(
        tuple(
            Band(
                basin.low,
                basin.high,
                orbit_colour(basin.orbit, frame.orbits, colours),
                CHOSEN if basin.orbit == selected else IMMEDIATE if basin.immediate else BEYOND,
                pattern=found.get(basin.orbit, 0),
            )
            for basin in frame.basins
        )
    )


def chosen_items(frame: FixedPointFrame | None, colours: Colours, pins: Sequence[float], selected: int | None = None) -> list[Item]:
    """Items over the final states: pinned initial conditions, fixed points, and the selected orbit."""
    items: list[Item] = [Rule(x, "muted", dash="dot", upright=True) for x in pins]
    if frame is None:
        return items
    orbits = frame.orbits
    if selected is not None:
        items += levels(orbits[selected])
    items += [orbit_marks(n, orbits, colours) for n in range(min(len(frame.fixed_points), MOST_MARKED))]
    if selected is not None:
        items += [orbit_marks(selected, orbits, colours), selected_marks(orbits[selected])]
    return items
