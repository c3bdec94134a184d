"""The bifurcation diagram below float64: the return map of the view's window, found by renormalisation and iterated in float64."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from kernels.bifurcation.float_run import Iterated, Run
from kernels.bifurcation.request import BifurcationFrame, BifurcationRequest
from kernels.geometry import Grid
from kernels.types import Rule

if TYPE_CHECKING:
    from kernels.deep import DeepView

FEWEST, STEP = 13, 8
"""Coefficients of a return map are filled up with zeros to FEWEST, or to that and a multiple of STEP: few kernels serve all depths."""


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
        from kernels.deep import even_polynomial, polynomial

        level = view.level
        rule: Rule = even_polynomial if level.even else polynomial
        table = level.columns((2.0 * np.arange(columns) + 1.0 - columns) / columns)
        count = FEWEST + max(0, -(-(len(table) - FEWEST) // STEP)) * STEP
        values = (*table, *np.zeros((count - len(table), columns)))
        start = float(level.critical)
        return Iterated(rule, values, start, (view.high, view.low), view.half_height, self.name, level.iterations)
