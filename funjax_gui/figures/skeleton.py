"""The skeleton of a diagram as items: branches of cycles, critical curves, and named points with their labels."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from funjax_gui.figures.figure import points
from funjax_gui.figures.items import Item, Label, Marks, Points, Polyline
from kernels.geometry import Viewport
from kernels.skeleton import NamedPoint, SkeletonFrame

KINDS = {
    "fold": ("SN", "triangle", "fold (saddle-node)"),
    "period-doubling": ("PD", "diamond", "period doubling"),
    "transcritical": ("TC", "cross", "transcritical"),
    "pitchfork": ("PF", "plus", "pitchfork"),
    "superstable": ("SS", "circle", "superstable"),
}
"""Of each kind of named point the letters of its label, the shape of its mark, and its name."""

LABEL_ROOM = (0.055, 0.05)
"""Width and height of a label, relative to the view; of points nearer than this to one another the first has a label."""

JUMP = 0.5
"""Change of a critical curve between neighbouring parameters, relative to the view's height, at which it is not resolved."""

PLAIN = 1.0
"""Width of most lines: wider ones take Qt thirty times as long."""


def skeleton_items(frame: SkeletonFrame) -> list[Item]:
    """Critical curves lowest, then branches of repelling cycles, of attracting ones, and the named points."""
    parts, view = frame.request.parts, frame.request.viewport
    items: list[Item] = []
    if "critical-curves" in parts:
        items += _critical(frame)
    if "unstable-cycles" in parts:
        items += _branches(frame)
    if "named" in parts:
        items += _marks(frame.named) + _labels(frame.named, view)
    return items


def name_of(point: NamedPoint) -> str:
    """What a named point is, in words: `supercritical period doubling of a cycle of period 2`."""
    cycle = "a fixed point" if point.period == 1 else f"a cycle of period {point.period}"
    kind = KINDS[point.kind][2]
    if point.kind == "superstable":
        return f"superstable {cycle.removeprefix('a ')}"
    return f"{point.form} {kind} of {cycle}".strip()


def _critical(frame: SkeletonFrame) -> list[Item]:
    """The images of the critical points, the first ones strongest."""
    height = 2 * frame.request.viewport.half_height
    found: list[Item] = []
    for number in range(frame.curves.shape[1]):
        lines = []
        for curve in frame.curves[:, number]:
            x = curve.copy()
            x[1:][np.abs(np.diff(curve)) > JUMP * height] = np.nan
            lines.append(points(np.append(frame.columns, np.nan), np.append(x, np.nan)))
        found.append(Polyline(np.concatenate(lines), "good", PLAIN, opacity=max(0.35, 0.95 - 0.08 * number)))
    return found


def _branches(frame: SkeletonFrame) -> list[Item]:
    """All branches as two lines with gaps: solid where the cycle attracts, dashed where it repels."""
    attracting, repelling = [], []
    for branch in frame.branches:
        multiplier = branch.multiplier
        attracts = np.abs(multiplier) < 1
        at = np.flatnonzero(np.diff(attracts))
        # Where it changes there is a point of both lines.
        aim = np.copysign(1.0, multiplier[np.where(attracts[at], at + 1, at)])
        share = (aim - multiplier[at]) / (multiplier[at + 1] - multiplier[at])
        solid = np.insert(attracts, at + 1, True)
        dashed = np.insert(~attracts, at + 1, True)
        parameter = _with_changes(branch.parameter, at, share)
        for states in branch.states:
            x = _with_changes(states if frame.circumference is None else _wrapped(states, frame.circumference), at, share)
            attracting.append(_line(parameter, np.where(solid, x, np.nan)))
            repelling.append(_line(parameter, np.where(dashed, x, np.nan)))
    found: list[Item] = []
    if repelling:
        found.append(Polyline(np.concatenate(repelling), "accent2", PLAIN, "dash"))
        found.append(Polyline(np.concatenate(attracting), "accent2", 2.2))
    return found


def _with_changes(values: Points, at: Any, share: Points) -> Points:
    """Values at the points of a branch, and between those and the next at these shares."""
    return np.insert(values, at + 1, values[at] + share * (values[at + 1] - values[at]))


def _line(a: Points, x: Points) -> Points:
    return points(np.append(a, np.nan), np.append(x, np.nan))


def _wrapped(states: Points, turn: float) -> Points:
    """States on a circle, interrupted where they come round."""
    x = states % turn
    x[1:][np.abs(np.diff(x)) > turn / 2] = np.nan
    return x


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
            above = point.x + 0.035 * 2 * view.half_height
            found.append(Label(np.array([point.parameter, above]), f"{KINDS[point.kind][0]} {point.period}"))
    return found
