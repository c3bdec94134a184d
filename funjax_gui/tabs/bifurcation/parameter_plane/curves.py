"""Curves of folds, period doublings and superstable cycles over the plane of two parameters: their request, items and read-out."""

import math
from collections.abc import Callable

import numpy as np

from funjax_gui.figures import Item, Label, Marks, Polyline
from funjax_gui.formatting import significant
from funjax_gui.tabs.bifurcation.parameter_plane.requests import symbols
from funjax_gui.tabs.request_slots import RequestSlots
from kernels.geometry import Grid
from kernels.skeleton import KINDS, CurvesFrame, CurvesRequest, why_not
from kernels.two_parameters import TwoParametersRequest

PATIENCE = 0.5
"""Seconds that the curves of the next view wait for the first ones of this view."""

DASHES = dict(zip(KINDS, ("solid", "dash", "dot"), strict=True))
"""How the lines of each kind of curve are drawn."""

REACH = 12.0
"""Distance in pixels from the cursor at which a point of codimension 2 is described."""


def obstacle(request: TwoParametersRequest) -> str:
    """Why there are no curves over this picture; empty if there are."""
    return "the parameter is forced" if request.sequence else why_not(request.map, request.grid.viewport)


def curves_request(request: TwoParametersRequest, period: int) -> CurvesRequest:
    """The curves of a period over a picture."""
    return CurvesRequest(request.grid.viewport, request.map, *request.swept, request.parameters, period)


def curve_items(frame: CurvesFrame) -> list[Item]:
    """Lines of each kind, and the points of codimension 2 with their names."""
    lines = ((kind, frame.lines(kind)) for kind in KINDS)
    found: list[Item] = [Polyline(line, "text", 1.6, DASHES[kind]) for kind, line in lines if len(line)]
    places = np.array([(point.a, point.b) for point in frame.points]).reshape(-1, 2)
    if len(places):
        found.append(Marks(places, "diamond", "text", 8.0))
    return found + [Label(place, point.kind, raised=1.1) for place, point in zip(places, frame.points, strict=True)]


class CurvesOverlay:
    """The curves of a period over the picture, none where it is 0. `note` shows why there are none, or what they lack."""

    def __init__(self, slots: RequestSlots, draw: Callable[[], object], note: Callable[[str], object]) -> None:
        self._slots, self._draw, self._note = slots, draw, note
        self.period = 0
        self.frame: CurvesFrame | None = None
        self._symbols = "", ""

    def queue(self, request: TwoParametersRequest) -> None:
        """Submit the request for the curves over this picture; remove them where none are wanted or possible."""
        self._symbols = symbols(request)
        reason = obstacle(request) if self.period else ""
        if self.period and not reason:
            self._slots.submit(curves_request(request, self.period))
        else:
            self._slots.drop(CurvesRequest)
            self.clear()
            self._note(f"No curves: {reason}." if reason else "")

    def show_frame(self, frame: CurvesFrame) -> None:
        """Show the curves of a view, so far."""
        self.frame = frame
        self._draw()
        self._note(f"{frame.note[:1].upper()}{frame.note[1:]}." if frame.note else "")

    def clear(self) -> None:
        """Show none."""
        if self.frame is not None:
            self.frame = None
            self._draw()

    def items(self) -> list[Item]:
        """What is drawn over the picture."""
        return curve_items(self.frame) if self.frame is not None else []

    def lines(self, grid: Grid, u: float, v: float) -> list[str]:
        """Read-out of the point of codimension 2 at a place in window coordinates; empty where there is none."""
        frame, view = self.frame, grid.viewport
        if frame is None:
            return []
        for point in frame.points:
            across = (point.a - float(view.x)) / (2 * view.half_width) + 0.5 - u
            up = (point.b - float(view.y)) / (2 * view.half_height) + 0.5 - v
            if math.hypot(across * grid.columns, up * grid.rows) <= REACH:
                values = zip(self._symbols, (point.a, point.b), strict=True)
                at = ", ".join(f"{symbol} = {significant(value, 10)}" for symbol, value in values)
                return [f"{point.kind} of period {point.period}", at]
        return []
