"""The bifurcation diagram below float64: the return map of the view's window, found by renormalisation and iterated in float64."""

from collections.abc import Generator, Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from kernels.bifurcation.closed_form import Closed, completed, in_closed_form
from kernels.bifurcation.float_run import Iterated, Run
from kernels.bifurcation.request import BifurcationFrame, BifurcationRequest
from kernels.execution import batching
from kernels.geometry import Grid
from kernels.iteration import Along, orbits
from kernels.types import Rule, State

if TYPE_CHECKING:
    from kernels.deep import DeepView, Reference, SmoothRule

DIFFERENCES = "differences"
"""What the engine is called where it iterates differences from one orbit."""


_built: dict[BifurcationRequest, tuple[int, float, int]] = {}


_views: dict[tuple["SmoothRule", Grid], Any] = {}
"""The view that was found for the picture whose parts are computed: its ladder is built once for all tiles of a worker."""


def ladder_progress(request: BifurcationRequest) -> tuple[int, float, int] | None:
    """While a request's ladder is built: its levels, the share of the depth that they reach, and bytes that it takes at most; else None."""
    return _built.get(request)


class LadderEngine:
    """Return maps of a smooth map's critical point, by renormalisation; differences from one orbit where these tell no columns apart."""

    name = "return map"

    def is_available(self) -> bool:
        """Always."""
        return True

    def resolves(self, grid: Grid, map: str) -> tuple[bool, bool]:
        """(columns, rows): of a smooth map all there is; what a view does not show is found when its ladder has been built."""
        from kernels.deep import why_not_smooth  # FLINT is loaded with the first deep view: a window should not wait for it

        smooth = not why_not_smooth(map)
        return smooth, smooth

    def frames(self, request: BifurcationRequest) -> Iterator[BifurcationFrame | None]:
        """The picture, coarse first; None while the ladder is built. Raises ValueError, in one line, where no orbit can be followed."""
        view = yield from self._view(request)
        yield from self._drawn(request, view)

    def instead(self, frame: BifurcationFrame) -> Closed:
        """The picture of a view that the map's own samples miss: a return map's, or in closed form; False where it is neither."""
        from kernels.deep import DeepView

        try:
            view = yield from self._view(frame.request)
        except ValueError:  # a map that is not smooth, or a critical point whose orbit diverges
            return False
        if not isinstance(view, DeepView) or view.level.iterations == 1:
            return (yield from in_closed_form(frame))
        yield from self._drawn(frame.request, view)
        return True

    def _view(self, request: BifurcationRequest) -> Generator[None, None, "DeepView | Reference"]:
        from kernels.deep import SmoothRule, ladder_size, progress, views

        whole = request.grid.whole
        picture = (SmoothRule(request.map, request.sweep, request.parameters), whole)
        view: Any = _views.get(picture)
        steps: Iterator[Any] = iter(()) if view else views(*picture)
        try:
            for view in batching.throttle_yields(steps):
                _built[request] = *progress(), ladder_size(whole.viewport.half_width)
                if view is None:
                    yield None
        finally:
            _built.pop(request, None)
        if whole is not request.grid:
            _views.clear()
            _views[picture] = view
        return view

    def _drawn(self, request: BifurcationRequest, view: "DeepView | Reference") -> Iterator[BifurcationFrame | None]:
        from kernels.deep import DeepView

        if isinstance(view, DeepView):
            run = Run(request, np.float64, self._iterated(view, request.grid))
        else:
            run = DifferenceRun(request, view)
        yield from completed(run.frames(), in_closed_form)

    def _iterated(self, view: "DeepView", grid: Grid) -> Iterated:
        from kernels.deep import Polynomial, Seen, filled, is_certified

        level, s = view.level, grid.column_shares()
        rule: Rule = Polynomial(level.even)
        values, seen = filled(level.columns(s)), None
        if view.seen is not None:
            seen = Seen(rule, len(values)), filled(np.polynomial.polynomial.polyval(s, view.seen))
        centre = (view.high, view.low)
        start, proved = float(level.critical), is_certified(level)
        return Iterated(rule, values, start, centre, view.half_height, self.name, level.iterations, seen, view.critical, proved)


class DifferenceRun(Run):
    """A diagram of differences from a reference orbit: its state is (difference, step of the reference, place in the view)."""

    def __init__(self, request: BifurcationRequest, found: "Reference") -> None:
        rule, values, common = found.rule(request.grid.column_shares())
        iterations = found.level.iterations
        super().__init__(
            request, np.float64, Iterated(rule, values, 0.0, (0.0, 0.0), 1.0, DIFFERENCES, iterations, critical=found.critical)
        )
        self.common = common
        self.state = tuple(self._shard(part) for part in found.begin)

    def _advanced(self, times: Any) -> State:
        return orbits.advance(self.rule, self.layout, self.state, self.parameters, times, self.common)

    def _cycles(self) -> tuple[Any, Any]:
        from kernels.deep import periods

        return periods(self.rule, self.layout, self.state, self.parameters, self.common)

    def _counted(self, along: Along, begun: Any, times: Any, observed: int = 2, common: Any = ()) -> Any:
        return super()._counted(along, begun, times, observed, self.common)
