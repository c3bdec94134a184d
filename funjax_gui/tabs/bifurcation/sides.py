"""What tells a diagram that follows the attractor: words, colours of its sides, and the columns where they differ."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import numpy as np
from numpy.typing import NDArray

from funjax_gui.export import LegendEntry
from funjax_gui.style import SIDES
from kernels.bifurcation import BifurcationFrame, BifurcationRequest
from kernels.types import Bools

WORDS = {
    "left": "each column follows on from its left neighbour",
    "right": "each column follows on from its right neighbour",
    "both": "followed from both sides",
}
"""What follows what. It is done for all columns one after another, so that no column forgets where the first one began."""

NAMES = ("left", "right", "both")
"""What colours stand for, in the order of `style.SIDES`."""

COMMON = 0.5
"""Two sets of pixels, of one column each, are different where a smaller share of one of them is in or next to the other."""


def differ(frame: BifurcationFrame) -> Bools:
    """The columns in which the pictures from the left and from the right show different sets. Shape (columns,)."""
    if frame.other is None:
        return np.zeros(len(frame.columns), np.bool_)
    first, second = frame.counts > 0, frame.other.counts > 0
    # An empty one, which diverges or lies outside the view, differs from any other.
    shares = [_common(one, other) for one, other in ((first, second), (second, first))]
    found: Bools = np.minimum(*shares) < COMMON
    return found & (first.any(0) | second.any(0))


def _common(first: Bools, second: Bools) -> NDArray[np.float64]:
    """The share of the first one's pixels (rows, columns) in each column that is in the second or next to it."""
    near = second.copy()
    near[1:] |= second[:-1]
    near[:-1] |= second[1:]
    share: NDArray[np.float64] = (first & near).sum(0) / np.maximum(first.sum(0), 1)
    return share


def summary(frame: BifurcationFrame) -> list[str]:
    """What the status bar, captions and descriptions say of a frame."""
    follow = frame.request.follow
    if not follow:
        return []
    if frame.other is None or frame.samples < frame.request.samples:
        return [WORDS[follow]]
    count = int(differ(frame).sum())
    return [f"{WORDS[follow]}: they differ in {count} of {len(frame.columns)} columns" if count else f"{WORDS[follow]}: no difference"]


def begun(request: BifurcationRequest, frame: BifurcationFrame | None, pin: Decimal) -> BifurcationRequest:
    """The request with the state that the orbit of the column at `pin` began at as its initial condition, where that is known."""
    if not request.follow or frame is None or frame.request.grid != request.grid or frame.begun is None:
        return request
    column = int(len(frame.columns) * request.grid.viewport.u_of(pin))
    if not 0 <= column < len(frame.columns) or not np.isfinite(frame.begun[:, column]).all():
        return request
    start = tuple(frame.begun[:, column].tolist())
    return replace(request, start=start if len(start) > 1 else start[0])


def keys(dark: bool) -> list[LegendEntry]:
    """The legend of a picture from both sides."""
    return [LegendEntry(name, colour) for name, colour in zip(NAMES, SIDES[dark], strict=True)]


def arrays(frame: BifurcationFrame, *names: str) -> dict[str, Any]:
    """Of a diagram from both sides the arrays of that from the right, under their names with `_right`; of others none.

    Those that the frame has not are left out.
    """
    if frame.other is None:
        return {}
    found = {name: getattr(frame.other, name) for name in names}
    return {f"{name}_right": array for name, array in found.items() if array is not None}
