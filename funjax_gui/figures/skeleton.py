"""The skeleton of a diagram as items: branches of cycles, critical curves, and named points with their labels."""

from collections.abc import Sequence

import numpy as np

from funjax_gui.figures.items import Item, Label, Marks, Polyline
from kernels.geometry import Viewport
from kernels.skeleton import NamedPoint, SkeletonFrame

KINDS = {
    "fold": ("SN", "triangle", "fold (saddle-node)"),
    "period-doubling": ("PD", "diamond", "period doubling"),
    "transcritical": ("TC", "cross", "transcritical"),
    "pitchfork": ("PF", "plus", "pitchfork"),
    "superstable": ("SS", "circle", "superstable"),
    "neimark-sacker": ("NS", "square", "Neimark-Sacker point"),
    "band-merging": ("BM", "triangle-down", "band merging"),
    "crisis": ("CR", "star", "crisis"),
}
"""Of each kind of named point the letters of its label, the shape of its mark, and its name."""

LABEL_ROOM = (0.055, 0.05)
"""Width and height of a label, relative to the view; of points nearer than this to one another the first has a label."""

RAISED = 1.1
"""Distance of a label's middle from its point, in heights of the text."""

WIDTH = 2.2
"""Width of lines of attracting cycles."""


def skeleton_items(frame: SkeletonFrame) -> list[Item]:
    """Critical curves lowest, then branches of repelling cycles, of attracting ones, and the named points."""
    parts, view = frame.request.parts, frame.request.viewport
    items: list[Item] = []
    if "critical-curves" in parts:
        items += [Polyline(line, "good", opacity=max(0.35, 0.95 - 0.08 * n), hair=True, smooth=True) for n, line in enumerate(frame.images)]
    if "unstable-cycles" in parts:
        items.append(Polyline(frame.repelling, "accent2", dash="dash", hair=True, smooth=True))
        items.append(Polyline(frame.attracting, "accent2", WIDTH, smooth=True))
    if "named" in parts:
        items += _marks(frame.named) + _labels(frame.named, view)
    return items


def name_of(point: NamedPoint) -> str:
    """What a named point is, in words: `supercritical period doubling of a cycle of period 2`."""
    cycle = "a fixed point" if point.period == 1 else f"a cycle of period {point.period}"
    kind = KINDS[point.kind][2]
    if point.kind == "superstable":
        return f"superstable {cycle.removeprefix('a ')}"
    joined = "at" if point.kind in ("band-merging", "crisis") else "of"
    return f"{point.form} {kind} {joined} {cycle}".strip()


def _marks(named: Sequence[NamedPoint]) -> list[Item]:
    found: list[Item] = []
    for kind, (_, shape, _name) in KINDS.items():
        places = np.array([(point.parameter, point.x) for point in named if point.kind == kind]).reshape(-1, 2)
        if len(places):
            found.append(Marks(places, shape, "text", 7.0, filled=kind != "superstable"))
    return found


def _labels(named: Sequence[NamedPoint], view: Viewport) -> list[Item]:
    """Labels such as `PD 2`, of short periods first, as far as there is room for them."""
    placed: list[tuple[float, float]] = []
    found: list[Item] = []
    for point in sorted(named, key=lambda p: (p.period, p.kind == "superstable")):
        at = point.parameter / (2 * view.half_width), point.x / (2 * view.half_height)
        if all(abs(at[0] - u) > LABEL_ROOM[0] or abs(at[1] - v) > LABEL_ROOM[1] for u, v in placed):
            placed.append(at)
            found.append(Label(np.array([point.parameter, point.x]), f"{KINDS[point.kind][0]} {point.period}", raised=RAISED))
    return found
