"""How outcomes, attractors and stabilities are marked in all of the tab's plots: a shape each, and a colour besides."""

from collections.abc import Sequence

import numpy as np

from funjax_gui.plots import Marks
from funjax_gui.plots_starts import Band, Dots
from funjax_gui.theme import Colours
from funjax_gui.tone import pack, period_colours
from kernels.fixed_point import FixedPointFrame
from kernels.periodic import PeriodicOrbit
from kernels.starts import Outcome

SHAPES = {
    Outcome.ATTRACTED: "circle",
    Outcome.CYCLE: "square",
    Outcome.DIVERGED: "triangle",
    Outcome.ON_POINT: "diamond",
    Outcome.UNRESOLVED: "cross",
}
ROLES = {Outcome.DIVERGED: "bad", Outcome.ON_POINT: "text", Outcome.UNRESOLVED: "muted"}
"""The colours of outcomes that have none of an attractor."""

GLYPHS = {
    Outcome.ATTRACTED: "●",
    Outcome.CYCLE: "■",
    Outcome.DIVERGED: "▲",
    Outcome.ON_POINT: "◆",
    Outcome.UNRESOLVED: "✕",
}
NAMES = {
    Outcome.ATTRACTED: "attracted to a fixed point",
    Outcome.CYCLE: "attracted to a cycle",
    Outcome.DIVERGED: "diverged",
    Outcome.ON_POINT: "on a point that does not attract",
    Outcome.UNRESOLVED: "unresolved",
}

IMMEDIATE, BEYOND, CHOSEN = 0.20, 0.10, 0.34
"""How strong a basin's band is: where its attractor lies, elsewhere, and where its attractor is selected."""


def kind(orbit: PeriodicOrbit) -> str:
    """The stability in words, super-attracting and neutral at a tangency told apart."""
    if orbit.stability == "attracting" and orbit.super_attracting:
        return "super-attracting"
    return f"{orbit.stability}, double" if orbit.double else orbit.stability


def hue(index: int, colours: Colours) -> str:
    """The colour of the attractor that comes `index`-th among those that attract, "#rrggbb"."""
    shade = int(pack(period_colours(np.array([index + 1]), colours.background, colours.dark))[0])
    return f"#{shade & 0xFFFFFF:06x}"


def ranks(orbits: Sequence[PeriodicOrbit]) -> dict[int, int]:
    """The place of each orbit among those that starts may be attracted to: attracting ones first, then neutral ones."""
    order = [n for n, o in enumerate(orbits) if o.stability == "attracting"] + [n for n, o in enumerate(orbits) if o.stability == "neutral"]
    return {n: rank for rank, n in enumerate(order)}


def colour(n: int, orbits: Sequence[PeriodicOrbit], colours: Colours) -> str:
    """The colour of the n-th orbit: its own if it attracts, else the one for what repels."""
    found = ranks(orbits)
    return hue(found[n], colours) if n in found else "bad"


def marks(n: int, orbits: Sequence[PeriodicOrbit], colours: Colours, size: float = 9.0) -> Marks:
    """An orbit's points on the diagonal: a disc where it attracts, a star if super-attracting, a ring where it repels, else a diamond."""
    orbit = orbits[n]
    shape = {"neutral": "diamond"}.get(orbit.stability, "star" if orbit.super_attracting else "circle")
    points = np.array(orbit.points)
    return Marks(np.stack([points, points], axis=1), shape, colour(n, orbits, colours), size, filled=orbit.stability == "attracting")


def dots(frame: FixedPointFrame, colours: Colours) -> list[Dots]:
    """Final against start, one group for each outcome and attractor."""
    groups: list[Dots] = []
    size = 6.5 if len(frame.starts) <= 1000 else 4.5
    escaped = frame.outcomes == Outcome.DIVERGED
    for up, shape in ((True, "triangle"), (False, "triangle-down")):
        mine = escaped & ((frame.finals == np.inf) == up)
        if mine.any():
            groups.append(Dots(frame.starts[mine], frame.finals[mine], shape, ROLES[Outcome.DIVERGED], size))
    for outcome in (Outcome.ATTRACTED, Outcome.CYCLE, Outcome.UNRESOLVED, Outcome.ON_POINT):
        mine = frame.outcomes == outcome
        attracted = outcome in (Outcome.ATTRACTED, Outcome.CYCLE)
        for n in np.unique(frame.attractor[mine]).tolist() if attracted else [-1]:
            chosen = mine & (frame.attractor == n) if attracted else mine
            if chosen.any():
                shade = colour(n, frame.orbits, colours) if attracted else ROLES[outcome]
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
            colour(basin.orbit, frame.orbits, colours),
            CHOSEN if basin.orbit == selected else IMMEDIATE if basin.immediate else BEYOND,
            pattern=found.get(basin.orbit, 0),
        )
        for basin in frame.basins
    ]


def legend(frame: FixedPointFrame, colours: Colours) -> str:
    """What the shapes mean and how many starts each has, as rich text; a line for each outcome that there is."""
    lines = []
    for outcome in (Outcome.ATTRACTED, Outcome.CYCLE, Outcome.DIVERGED, Outcome.ON_POINT, Outcome.UNRESOLVED):
        count = int(np.count_nonzero(frame.outcomes == outcome))
        if not count:
            continue
        orbits = np.unique(frame.attractor[frame.outcomes == outcome]).tolist()
        roles = [ROLES[outcome]] if outcome in ROLES else [colour(n, frame.orbits, colours) for n in orbits[:4]]
        glyphs = "".join(f'<span style="color:{colours.shade(role)}">{GLYPHS[outcome]}</span>' for role in roles)
        lines.append(f"{glyphs}&nbsp; {count:,} {NAMES[outcome]}".replace(",", "\N{NO-BREAK SPACE}"))
    return "<br>".join(lines)
