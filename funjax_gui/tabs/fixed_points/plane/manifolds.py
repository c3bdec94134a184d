"""Manifolds of saddles: controls in the panel, legend, and data for exports."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtWidgets import QLabel, QWidget

from funjax_gui.export import LegendEntry
from funjax_gui.figures import phase_plane as look
from funjax_gui.formatting import significant
from funjax_gui.formulas import find_map
from funjax_gui.style import Colours
from funjax_gui.widgets import Control, SliderControl, SwitchControl, control_for
from kernels.phase_plane import ManifoldsFrame, ManifoldsRequest, usual_length
from kernels.validation import grouped

ENDS = {
    "diverges": "end where the map’s values diverge",
    "jump": "end where float64 does not resolve them further",
    "points": "end at the greatest number of points",
    "preimage": "end where the map has no further preimage",
}
"""Why branches are shorter than wanted, in words."""

LONGEST = 5.0
"""The slider of the length ends at this many times the usual length."""


class ManifoldControls:
    """The controls by name, and the legend below them."""

    def __init__(self) -> None:
        tip = "Curves along which orbits approach saddles (stable, dashed) and leave them (unstable, solid), with their crossings"
        self.switch = SwitchControl("Manifolds of saddles", tip)
        self.length = SliderControl("Length", 0.1, 1.0, "Arc length to which each branch is grown, in units of the coordinates")
        self.period = control_for(ManifoldsRequest, "longest")
        self.legend = QLabel()
        self.legend.setWordWrap(True)
        self.rows: list[QWidget] = [self.switch, self.length, self.period, self.legend]

    @property
    def controls(self) -> dict[str, Control]:
        """The controls by name."""
        return {"manifolds": self.switch, "manifold_length": self.length, "manifold_period": self.period}

    def show_values(self, map_name: str, is_on: bool, length: float | None, period: int) -> None:
        """Show whether manifolds are drawn, how long, and up to which period."""
        usual = usual_length(find_map(map_name))
        self.switch.set_value(is_on)
        self.length.set_range(usual / 50, LONGEST * usual)
        self.length.set_value(usual if length is None else length)
        self.period.set_value(period)
        for row in self.rows[1:]:
            row.setVisible(is_on)


def legend(frame: ManifoldsFrame, colours: Colours) -> str:
    """Legend as rich text, and what the manifolds lack."""
    if not frame.saddles and frame.progress > 0:
        return f"No saddle of a period up to {frame.request.longest} was found."
    signs = {False: "━━", True: "╍╍"}
    lines = []
    for is_stable, (role, _, what) in look.MANIFOLDS.items():
        if any(branch.is_stable == is_stable for branch in frame.branches):
            lines.append(f'<span style="color:{colours.shade(role)}">{signs[is_stable]}</span>&nbsp; {what}')
    if frame.done:
        glyphs = {"homoclinic points": "◇", "heteroclinic points": "□"}
        lines += [f"{glyphs[what]}&nbsp; {grouped(count)} {what} in this view" for what, count in look.crossings(frame).items() if count]
    return "<br>".join(lines + notes(frame))


def notes(frame: ManifoldsFrame) -> list[str]:
    """What a reader should know of the lines, a sentence each."""
    found = []
    for end, words in ENDS.items():
        ended = [branch for branch in frame.branches if branch.end == end]
        if ended:
            shortest = significant(min(branch.length for branch in ended), 3)
            found.append(f"{len(ended)} of {len(frame.branches)} branches {words}, after a length of {shortest} or more.")
    if frame.flat:
        found.append(f"{grouped(frame.flat)} crossings are so flat that the lines might only touch; they are not marked.")
    if frame.left_out:
        found.append(f"{grouped(frame.left_out)} more saddles are left out.")
    if frame.by_preimages and any(branch.is_stable for branch in frame.branches):
        found.append("This map has no known inverse: stable manifolds are continued through the nearest preimages; other parts may exist.")
    return found


def keys(frame: ManifoldsFrame, colours: Colours) -> dict[str, LegendEntry]:
    """Entries of the exported page's legend."""
    found = {}
    for is_stable, (role, dash, what) in look.MANIFOLDS.items():
        if any(branch.is_stable == is_stable for branch in frame.branches):
            found[what] = LegendEntry(what, role, "none", dash=dash)
    for is_homoclinic, (shape, what) in look.CROSSINGS.items():
        if (frame.homoclinic == is_homoclinic).any():
            found[what] = LegendEntry(what, look.CROSSING_ROLE, shape, filled=False)
    return found


def facts(frame: ManifoldsFrame) -> dict[str, Any]:
    """Branches without their points, and the crossings in the view, to about 1/400 of it."""
    branches = [
        {
            "saddle": list(frame.saddles[branch.saddle].points[0]),
            "period": frame.saddles[branch.saddle].period,
            "stable": branch.is_stable,
            "side": branch.side,
            "length": branch.length,
            "end": branch.end,
        }
        for branch in frame.branches
    ]
    return {
        "manifolds": branches,
        "homoclinic": frame.crossings[frame.homoclinic].tolist(),
        "heteroclinic": frame.crossings[~frame.homoclinic].tolist(),
    }


def arrays(frame: ManifoldsFrame) -> dict[str, NDArray[Any]]:
    """All points of the branches, one branch after another, with the branch of each, and of the branches whether they are stable."""
    sizes = [len(branch.points) for branch in frame.branches]
    return {
        "manifold_points": np.concatenate([np.empty((0, 2)), *(branch.points for branch in frame.branches)]),
        "manifold_branch": np.repeat(np.arange(len(sizes), dtype=np.int32), sizes),
        "manifold_stable": np.array([branch.is_stable for branch in frame.branches], np.bool_),
        "crossings": frame.crossings,
        "crossings_homoclinic": frame.homoclinic,
    }


SCRIPT = """
from kernels.phase_plane import ManifoldsRequest
*_, lines = ManifoldsRequest(view, request.map, request.parameters, {length!r}, {period!r}).frames()
for branch in lines.branches:
    points = branch.points.copy()
    points[1:][(np.abs(np.diff(points, axis=0)) > [view.half_width, view.half_height]).any(1)] = np.nan
    plt.plot(*points.T, "C0--" if branch.is_stable else "C3-", linewidth=0.7)
plt.plot(*lines.crossings.T, "kD", markersize=2)
plt.xlim(*map(float, view.x_limits))
plt.ylim(*map(float, view.y_limits))"""
"""Code of a script that draws the manifolds over the picture."""
