"""Overlays of the diagram in the window: their request, the frame that is shown, and what is under the cursor."""

import math
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from funjax_gui.figures import name_of, skeleton_items
from funjax_gui.formatting import minus_sign, significant
from funjax_gui.plots import ImagePlot
from funjax_gui.tabs.bifurcation import edits
from funjax_gui.tabs.bifurcation.skeleton_controls import SkeletonControls
from funjax_gui.tabs.bifurcation.skeleton_table import WARY, SkeletonTable, numbers
from funjax_gui.tabs.request_slots import RequestSlots
from kernels.bifurcation import BifurcationRequest
from kernels.geometry import Grid, Viewport, decimal
from kernels.skeleton import USUAL, NamedPoint, SkeletonFrame, SkeletonRequest, why_not

PATIENCE = 0.5
"""Seconds that the skeleton of the next view waits for that of this one, so that there is one during a zoom."""

NEARER = 0.25
"""Width of the view at a point that was chosen in the table, relative to the view before."""

REACH = 12.0
"""Distance in pixels from the cursor at which a named point is described, and at which it draws the cursor and a click to it."""

PULL = 5.0
"""Horizontal distance in pixels at which a named point draws the pin to its column while that is dragged."""


def skeleton_request(request: BifurcationRequest, parts: tuple[str, ...], longest: int) -> SkeletonRequest:
    """The overlays of a diagram, with cycles up to the period `longest`."""
    view = request.grid.viewport
    both = request.and_sweep, request.line
    return SkeletonRequest(view, request.map, request.sweep, request.parameters, longest, parts, request.observe, *both)


def obstacle(request: BifurcationRequest) -> str:
    """Why a diagram has no overlays; empty if it has."""
    return why_not(request.map, request.grid.viewport, request.observe)


class SkeletonOverlay:
    """The overlays over a diagram.

    `slots` of its tab take the requests, `ask` sends them, `changed` notes a change by the user, `go` shows a view.
    """

    def __init__(
        self,
        plot: ImagePlot,
        controls: SkeletonControls,
        slots: RequestSlots,
        ask: Callable[[], object],
        changed: Callable[[], object],
        go: Callable[[Viewport], object],
    ) -> None:
        self._plot, self._controls, self._slots = plot, controls, slots
        self._ask, self._changed, self._go = ask, changed, go
        self._table: SkeletonTable | None = None
        self.parts: tuple[str, ...] = ()
        self.snaps, self.longest = True, USUAL
        self.frame: SkeletonFrame | None = None
        controls.set_parts(())
        controls.snap.set_value(True)
        controls.longest.set_value(USUAL)
        controls.lengthened.connect(self._choose_longest)
        controls.snapping.connect(self._choose_snap)
        plot.snap = self._drawn_to
        controls.chosen.connect(self._choose)
        controls.table_wanted.connect(self.open_table)

    def _choose(self, parts: tuple[str, ...]) -> None:
        self.set_parts(parts)
        self._changed()

    def set_parts(self, parts: tuple[str, ...]) -> None:
        """Show these parts, none for an empty tuple."""
        self._controls.set_parts(parts)
        if parts != self.parts:
            self.parts = parts
            self._ask()

    def _choose_snap(self, wanted: bool) -> None:
        self.snaps = wanted
        self._changed()

    def _choose_longest(self, longest: int) -> None:
        self.longest = longest
        self._ask()
        self._changed()

    def restore(self, parts: tuple[str, ...], snaps: bool, longest: int) -> None:
        """Show what a session's table gives."""
        if longest != self.longest:
            self.longest = longest
            self._controls.longest.set_value(longest)
            self._ask()
        self.set_parts(parts)
        self.snaps = snaps
        self._controls.snap.set_value(snaps)

    @property
    def kept(self) -> dict[str, Any]:
        """What a session's table keeps."""
        return {"overlay": self.parts, "snap": self.snaps, "longest_period": self.longest}

    def queue(self, request: BifurcationRequest) -> None:
        """Submit the request for this diagram's overlays; remove them where none are wanted or possible."""
        reason = obstacle(request) if self.parts else ""
        if self.parts and not reason:
            self._slots.submit(skeleton_request(request, self.parts, self.longest))
        else:
            self._slots.drop(SkeletonRequest)
            self.clear()
        if reason or not self.parts:
            self._controls.set_note(f"No overlays: {reason}." if reason else "")

    def show_frame(self, frame: SkeletonFrame) -> None:
        """Show the overlays of a view."""
        self.frame = frame
        self._plot.set_overlay(skeleton_items(frame))
        self._fill_table()
        self._controls.set_note(f"{frame.note[:1].upper()}{frame.note[1:]}." if frame.note else "")

    def clear(self) -> None:
        """Show none."""
        self.frame = None
        self._plot.set_overlay(())
        self._fill_table()

    def open_table(self) -> None:
        """Open the table of named points, which follows the view."""
        if self._table is None:
            self._table = SkeletonTable(self._plot.window())
            self._table.picked.connect(self.fly)
        self._table.show()
        self._fill_table()

    def _fill_table(self) -> None:
        if self._table is not None and self._table.isVisible():
            self._table.show_frame(self.frame if "named" in self.parts else None)

    def fly(self, point: NamedPoint) -> None:
        """Bring a named point to the middle of the view, enlarged as long as float64 resolves the view."""
        view = self._plot.grid.viewport
        u, v = window_place(point, view)
        nearer = view.box(u - NEARER / 2, v - NEARER / 2, u + NEARER / 2, v + NEARER / 2)
        self._go(nearer if all(Grid(nearer, *self._plot.grid_size).is_resolved()) else view.panned(u - 0.5, v - 0.5))

    def lines(self, grid: Grid, u: float, v: float) -> list[str]:
        """Read-out of the named point at a place in window coordinates; empty where there is none."""
        point = self._near(grid, u, v)
        return [] if point is None or self.frame is None else described(point, self.frame.request)

    def snapped(self, grid: Grid, u: float, v: float) -> tuple[float, float]:
        """Where the cursor jumps to from a place in window coordinates: to a named point near it, if it is to, else nowhere."""
        point = self._near(grid, u, v) if self.snaps else None
        return (u, v) if point is None else window_place(point, grid.viewport)

    def _near(self, grid: Grid, u: float, v: float | None, reach: float = REACH) -> NamedPoint | None:
        """The nearest named point within reach, in pixels; with no v horizontally, and of the shortest period among those."""
        named = self.frame.named if self.frame is not None else ()
        if v is None:
            beside = [(point.period, abs(window_place(point, grid.viewport)[0] - u) * grid.columns, point) for point in named]
            return min((each for each in beside if each[1] <= reach), key=lambda each: each[:2], default=(0, 0.0, None))[2]
        distances = [(_distance(point, grid, u, v), point) for point in named]
        return min((each for each in distances if each[0] <= reach), key=lambda each: each[0], default=(0.0, None))[1]

    def _drawn_to(self, u: float, v: float | None) -> Decimal | None:
        """The column that a click at a place, or the pin at u, is drawn to."""
        point = self._near(self._plot.grid, u, v, REACH if v is not None else PULL) if self.snaps else None
        return None if point is None else decimal(point.parameter)


def _distance(point: NamedPoint, grid: Grid, u: float, v: float) -> float:
    """Distance from a place in window coordinates in pixels."""
    at = window_place(point, grid.viewport)
    return math.hypot((at[0] - u) * grid.columns, (at[1] - v) * grid.rows)


def window_place(point: NamedPoint, view: Viewport) -> tuple[float, float]:
    """The window coordinates of a named point."""
    across = (point.parameter - float(view.x)) / (2 * view.half_width) + 0.5
    return across, (point.x - float(view.y)) / (2 * view.half_height) + 0.5


def described(point: NamedPoint, request: SkeletonRequest) -> list[str]:
    """A named point in lines: its kind and period, and its parameter and state to the digits that are right."""
    parameter, x = numbers(point)
    form = [minus_sign(f"normal form’s coefficient {significant(point.coefficient, 4)}")] if math.isfinite(point.coefficient) else []
    both = [edits.on_line(request, point.parameter, WARY * point.error)] if request.line else []
    return [name_of(point), f"{edits.symbol(request)} = {parameter}, {request.observe or 'x'} = {x}", *both, *form]
