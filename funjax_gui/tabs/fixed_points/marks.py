"""The tab's marks: an orbit's points as the plots take them, and the legend."""

from collections.abc import Sequence

import numpy as np

from funjax_gui.figures.items import Marks
from funjax_gui.figures.starts import GLYPHS, NAMES, ROLES, colour, points
from funjax_gui.style.theme import Colours
from kernels.cycles.periodic_orbits import PeriodicOrbit
from kernels.fixed_point.request import FixedPointFrame
from kernels.fixed_point.starts import Outcome
from kernels.geometry import grouped


def marks(n: int, orbits: Sequence[PeriodicOrbit], colours: Colours) -> Marks:
    """The n-th orbit's points on the diagonal."""
    dots = points(n, orbits, colours)
    return Marks(np.stack([dots.x, dots.y], axis=1), dots.shape, dots.role, dots.size, dots.filled)


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
        counted = grouped(count).replace(" ", "\N{NO-BREAK SPACE}")
        lines.append(f"{glyphs}&nbsp; {counted} {NAMES[outcome]}")
    return "<br>".join(lines)
