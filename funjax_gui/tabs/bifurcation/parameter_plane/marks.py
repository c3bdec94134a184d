"""What is drawn over the plane of two parameters besides curves: the cross at the pinned point, and a line with its ends."""

import numpy as np

from funjax_gui.figures import Item, Label, Marks, Polyline, Rule
from funjax_gui.tabs.bifurcation.parameter_plane import requests
from kernels.parameters import Line


def line_items(line: Line) -> list[Item]:
    """The line whose diagram was shown, with the positions of its ends; nothing for an empty one."""
    if not line:
        return []
    ends = np.array(line)
    names = [Label(end, str(position), raised=1.1) for position, end in enumerate(ends)]
    return [Polyline(ends, "text", 1.6), Marks(ends, "circle", "text", 6.0), *names]


def pin_items(pin: requests.Point) -> list[Item]:
    """The cross at the pinned point."""
    lines = [Rule(pin[0], "text", 1.0, "dot", 0.6, upright=True), Rule(pin[1], "text", 1.0, "dot", 0.6)]
    return [*lines, Marks(np.array([pin]), "circle", "text", 10.0, filled=False)]
