"""What's This help of the phase plane's plots, descriptions of their content for screen readers, and the legend of the cycles."""

from collections import Counter

from funjax_gui.figures import phase_plane as look
from funjax_gui.formatting import minus_sign, plain_decimal, significant
from funjax_gui.formulas import find_map
from funjax_gui.style import Colours
from funjax_gui.tabs.fixed_points.plane import status_text
from kernels.phase_plane import CyclesFrame, OrbitNumbersFrame, PhasePlaneFrame, PhasePlaneRequest, PlaneOrbitsFrame
from kernels.validation import grouped

EXPLAINED = {
    "phase-plane": (
        "Phase plane",
        "Horizontal and vertical: the coordinates of the state. Each pixel is coloured by the number of states of many orbits in it, or "
        "by one of the orbits.\nFixed points and cycles: a disc or a square attracts, a ring or an open square repels, a cross is a saddle,"
        " a diamond neutral (a centre if orbits turn about it). Manifolds of saddles: solid lines are unstable, dashed ones stable; small "
        "diamonds mark homoclinic points. Coloured dots are the chosen orbits, triangles their initial conditions.\nA click adds an orbit "
        "from there, the large triangle can be dragged; drag to pan, turn the wheel to zoom.",
    ),
    "first-coordinate": (
        "First coordinate of the chosen orbits",
        "Horizontal: the step number; vertical: the first coordinate, of the orbit that can be dragged with dots and of the kept ones.",
    ),
    "second-coordinate": (
        "Second coordinate of the chosen orbits",
        "Horizontal: the step number; vertical: the second coordinate, of the orbit that can be dragged with dots and of the kept ones.",
    ),
    "dimensions": (
        "Dimensions of the chosen orbit",
        "The plane is cut into boxes of smaller and smaller sides. Horizontal: the logarithm of the side, as a share of the orbit’s extent;"
        " vertical: that of 1/N, N being the number of boxes with a state (discs), and that of C, the share of pairs of states in one box "
        "(squares). The lines are fitted to the filled marks; their slopes are the box-counting and the correlation dimension.",
    ),
}
"""Title and help text of each plot, by its object name."""

NOTHING = "Not computed yet."
MOST_CYCLES = 4
"""Maximum number of cycles in a description."""

STATES = 5
"""States of an orbit in a description."""


def legend(frame: CyclesFrame, colours: Colours) -> str:
    """Legend as rich text: mark, number and kind of the cycles, and whether they are all."""
    counts = Counter((cycle.stability, cycle.kind, cycle.period > 1) for cycle in frame.cycles)
    lines = [f"• {told[0].upper()}{told[1:]}." for told in status_text.continua(frame)]
    for (stability, kind, is_longer), count in sorted(counts.items(), key=lambda entry: (entry[0][2], entry[0][1])):
        glyph, what = look.GLYPHS[stability][is_longer], "cycle" if is_longer else "fixed point"
        mark = f'<span style="color:{colours.shade(look.ROLES[stability])}">{glyph}</span>'
        lines.append(f"{mark}&nbsp; {grouped(count)} {what}{'' if count == 1 else 's'}: {kind}")
    if sum(frame.unresolved):
        lines.append(f"{grouped(sum(frame.unresolved))} small boxes of the view are unresolved: there may be more.")
    return "<br>".join(lines or ["There is none in this view."])


def descriptions(
    request: PhasePlaneRequest,
    frame: PhasePlaneFrame | None,
    cycles: CyclesFrame | None,
    orbits: PlaneOrbitsFrame | None,
    numbers: OrbitNumbersFrame | None,
) -> dict[str, str]:
    """Accessible description of each plot, by object name; a frame is None if not computed yet."""
    told = minus_sign(". ".join(status_text.numbers(None, numbers))) if numbers is not None else ""
    return {"phase-plane": _plane(request, frame, cycles), "dimensions": told or NOTHING} | _coordinates(orbits)


def _plane(request: PhasePlaneRequest, frame: PhasePlaneFrame | None, cycles: CyclesFrame | None) -> str:
    shown, view = find_map(request.map), request.grid.viewport
    values = "".join(f", {name} = {significant(value, 6)}" for name, value in request.parameters)
    sides = zip(shown.coordinates, (view.x_limits, view.y_limits), strict=True)
    across = ", ".join(f"{name} from {plain_decimal(low)} to {plain_decimal(high)}" for name, (low, high) in sides)
    summary = status_text.status(frame, cycles, False).text if frame else NOTHING
    listed = [
        f"{status_text.title(cycle)} {status_text.where(cycle.points[0])}, {cycle.kind}"
        for cycle in (cycles.cycles if cycles else ())[:MOST_CYCLES]
    ]
    return minus_sign(f"{shown.mapping}{values}: {across}. {summary}. {'; '.join(listed)}".rstrip())


def _coordinates(frame: PlaneOrbitsFrame | None) -> dict[str, str]:
    found = {}
    for coordinate, name in enumerate(("first-coordinate", "second-coordinate")):
        if frame is None:
            found[name] = NOTHING
            continue
        states = ", ".join(significant(float(value), 4) for value in frame.points[0, :STATES, coordinate])
        found[name] = f"From {status_text.where(frame.request.starts[0], 7)}: {states}, …"
    return found
