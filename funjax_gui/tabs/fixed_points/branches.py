"""The branches of cycles against one parameter, as a small diagram beside the cobweb, with the present value marked."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from PySide6.QtCore import QObject, Signal

from funjax_gui.figures import Figure, Rule, skeleton_items
from funjax_gui.formulas import find_map
from funjax_gui.plots import CurvePlot
from funjax_gui.style import Colours, scaled
from kernels.fixed_point import FixedPointRequest
from kernels.geometry import Viewport
from kernels.skeleton import SkeletonFrame, SkeletonRequest, why_not

Range = tuple[float, float]


@dataclass(frozen=True)
class BranchesRequest:
    """The branches of cycles of a map."""

    skeleton: SkeletonRequest

    def frames(self) -> Iterator["BranchesFrame | None"]:
        """None where a caller may stop, then the one frame."""
        for frame in self.skeleton.frames():
            yield None if frame is None else BranchesFrame(self, frame)


@dataclass(frozen=True, eq=False)
class BranchesFrame:
    """The branches."""

    request: BranchesRequest
    skeleton: SkeletonFrame = field(repr=False)


class BranchesView(QObject):
    """The diagram, against the parameter `sweep`; hidden while that is empty. Dragging in it moves the parameter."""

    moved = Signal(str, object)
    """(the parameter, its new value)."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.plot = CurvePlot()
        self.plot.set_drags(True)
        self.plot.setMinimumHeight(scaled(140))
        self.plot.setVisible(False)
        self.plot.dragged.connect(lambda value: self.moved.emit(self.sweep, value))
        self.sweep: str = ""
        self.frame: BranchesFrame | None = None
        self._range: Range = (0.0, 1.0)
        self._request: FixedPointRequest | None = None

    def set_theme(self, colours: Colours) -> None:
        """Draw in these colours."""
        self.plot.set_theme(colours)

    def set_sweep(self, sweep: str) -> None:
        """Show the branches against this parameter; hide them where it is empty."""
        if sweep != self.sweep:
            self.sweep, self.frame = sweep, None
        self.plot.setVisible(bool(sweep))

    def follow(self, request: FixedPointRequest, limits: Range) -> BranchesRequest | None:
        """Mark the value that the parameter has, and return the request of the branches over these limits; None where there are none."""
        if not self.sweep:
            return None
        chosen = find_map(request.map)
        self._request, self._range = request, limits
        view = Viewport.from_limits(*limits, *chosen.state)
        reason = why_not(request.map, view)
        self.plot.set_message(f"No branches: {reason}" if reason else None)
        if reason:
            self.frame = None
        self._draw()
        wanted = SkeletonRequest(view, request.map, self.sweep, request.parameters, parts=("unstable-cycles",))
        return None if reason else BranchesRequest(wanted)

    def show_frame(self, frame: BranchesFrame) -> None:
        """Show these branches."""
        self.frame = frame
        self._draw()

    def _draw(self) -> None:
        if self._request is None:
            return
        chosen = find_map(self._request.map)
        shown = self.frame.skeleton if self.frame is not None else None
        # Those of other values of the other parameters stay until the next ones come, those of another map do not.
        is_same = shown is not None and (shown.request.map, shown.request.sweep) == (self._request.map, self.sweep)
        items = skeleton_items(shown) if shown is not None and is_same else []
        value = dict(self._request.parameters)[self.sweep]
        mark = Rule(value, "accent", 1.2, upright=True)
        symbol = chosen.parameter(self.sweep).symbol
        title = f"Cycles to period {shown.request.most_period} against {symbol}" if shown is not None else f"Cycles against {symbol}"
        self.plot.show_figure(Figure([*items, mark], self._range, chosen.state, title, symbol, "x"))
