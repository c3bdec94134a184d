"""The bifurcation diagram below float64: the return map of the view's window, found by renormalisation and iterated in float64."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from kernels.bifurcation.float_run import Iterated, Run
from kernels.bifurcation.request import BifurcationFrame, BifurcationRequest
from kernels.geometry import Grid
from kernels.types import Floats, Rule

if TYPE_CHECKING:
    from kernels.deep import DeepView

FEWEST, STEP = 13, 8
"""Coefficients are filled up with zeros to FEWEST, or to that and a multiple of STEP."""


class LadderEngine:
    """Return maps of a smooth map's critical point, level by level of a renormalisation ladder."""

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
        """The picture, coarse first; None while the ladder is built. Raises ValueError, in one line, where it has no level for the view."""
        from kernels.deep import SmoothRule, views

        for view in views(SmoothRule(request.map, request.sweep, request.parameters), request.grid):
            if view is None:
                yield None
            else:
                yield from Run(request, np.float64, self._iterated(view, request.grid.columns)).frames()

    def _iterated(self, view: "DeepView", columns: int) -> Iterated:
        from kernels.deep import Seen, even_polynomial, polynomial

        level, s = view.level, (2.0 * np.arange(columns) + 1.0 - columns) / columns
        rule: Rule = even_polynomial if level.even else polynomial
        values, seen = _filled(level.columns(s)), None
        if view.seen is not None:
            seen = Seen(rule, len(values)), _filled(np.polynomial.polynomial.polyval(s, view.seen))
        centre = (view.high, view.low)
        return Iterated(rule, values, float(level.critical), centre, view.half_height, self.name, level.iterations, seen)


def _filled(table: NDArray[Any]) -> tuple[Floats, ...]:
    """The rows of the table, and zeros: few kernels serve all depths."""
    count = FEWEST + max(0, -(-(len(table) - FEWEST) // STEP)) * STEP
    return (*table, *np.zeros((count - len(table), table.shape[1])))
