"""Where to go from a view: to its attractor's height, into the largest copy of the diagram in it, or out to the copy that it lies in."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from kernels.execution import batching
from kernels.geometry import Viewport

Goal = Literal["fit", "in", "out"]


@dataclass(frozen=True)
class JourneyRequest:
    """A view of a map's diagram, the parameters but the swept one, and where to go from there."""

    viewport: Viewport
    map: str
    sweep: str
    parameters: tuple[tuple[str, float], ...]
    goal: Goal

    @staticmethod
    def obstacle(map: str) -> str:
        """Why there are no journeys, and no views below float64: the map has no return maps; empty for a smooth one."""
        from kernels.deep import why_not_smooth

        return why_not_smooth(map)

    def frames(self) -> Iterator["JourneyFrame | None"]:
        """None where a caller may stop, then the goal. Raises ValueError, in one line, where there is none."""
        from kernels.deep import SmoothRule, fitted, inner, outer  # FLINT is loaded with the first of these

        steps: Iterator[Any] = {"fit": fitted, "in": inner, "out": outer}[self.goal](
            SmoothRule(self.map, self.sweep, self.parameters), self.viewport
        )
        for found in batching.throttle_yields(steps):
            yield None if found is None else JourneyFrame(self, found)


@dataclass(frozen=True, eq=False)
class JourneyFrame:
    """The view to go to."""

    request: JourneyRequest
    viewport: Viewport
