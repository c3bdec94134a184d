"""The legend of the tab's picture."""

import numpy as np

from funjax_gui.figures import OUTCOME_GLYPHS, OUTCOME_NAMES, OUTCOME_ROLES, orbit_colour
from funjax_gui.style import Colours
from kernels.fixed_point import FixedPointFrame, Outcome
from kernels.validation import grouped


def legend(frame: FixedPointFrame, colours: Colours) -> str:
    """Legend as rich text: marker, number of initial conditions and name of each outcome."""
    lines = []
    for outcome in (
        *(Outcome.ATTRACTED, Outcome.CYCLE, Outcome.DIVERGED, Outcome.UNDEFINED),
        *(Outcome.ON_POINT, Outcome.UNRESOLVED),
    ):
        count = int(np.count_nonzero(frame.outcomes == outcome))
        if not count:
            continue
        orbits = np.unique(frame.attractor[frame.outcomes == outcome]).tolist()
        roles = [OUTCOME_ROLES[outcome]] if outcome in OUTCOME_ROLES else [orbit_colour(n, frame.orbits, colours) for n in orbits[:4]]
        glyphs = "".join(f'<span style="color:{colours.shade(role)}">{OUTCOME_GLYPHS[outcome]}</span>' for role in roles)
        counted = grouped(count).replace(" ", "\N{NO-BREAK SPACE}")
        lines.append(f"{glyphs}&nbsp; {counted} {OUTCOME_NAMES[outcome]}")
    return "<br>".join(lines)
