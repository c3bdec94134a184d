"""A diagram computed together with its overlays, for exports."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from funjax_gui.tabs.bifurcation.skeleton import skeleton_request
from kernels.bifurcation import BifurcationFrame, BifurcationRequest
from kernels.skeleton import SkeletonFrame, SkeletonRequest, why_not


@dataclass(frozen=True)
class OverlaidRequest:
    """A diagram and its overlays."""

    diagram: BifurcationRequest
    skeleton: SkeletonRequest

    def frames(self) -> Iterator["OverlaidFrame | None"]:
        """Those of the diagram, with the overlays."""
        overlays = None
        for found in self.skeleton.frames():
            overlays = found or overlays
            yield None
        for frame in self.diagram.frames():
            yield None if frame is None else OverlaidFrame(frame, overlays)


@dataclass(frozen=True, eq=False)
class OverlaidFrame:
    """A frame of the diagram, and its overlays."""

    diagram: BifurcationFrame
    skeleton: SkeletonFrame | None

    @property
    def progress(self) -> float:
        """The diagram's."""
        return self.diagram.progress


def overlaid(request: BifurcationRequest, parts: tuple[str, ...]) -> BifurcationRequest | OverlaidRequest:
    """The diagram's request, with these overlays where it has any."""
    if not parts or why_not(request.map, request.grid.viewport):
        return request
    return OverlaidRequest(request, skeleton_request(request, parts))


def parted(frame: Any) -> tuple[BifurcationFrame, SkeletonFrame | None]:
    """The diagram's frame and that of its overlays, None if there are none."""
    return (frame.diagram, frame.skeleton) if isinstance(frame, OverlaidFrame) else (frame, None)
