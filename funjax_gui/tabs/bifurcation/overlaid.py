"""A picture computed together with what lies over it, for exports: a diagram with its skeleton, a plane of two parameters with curves."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class OverlaidRequest:
    """The request of a picture, and that of what lies over it."""

    picture: Any
    over: Any

    def frames(self) -> Iterator["OverlaidFrame | None"]:
        """Those of the picture, with the last frame of what lies over it."""
        over = None
        for found in self.over.frames():
            over = found or over
            yield None
        for frame in self.picture.frames():
            yield None if frame is None else OverlaidFrame(frame, over)


@dataclass(frozen=True, eq=False)
class OverlaidFrame:
    """A frame of the picture, and the frame of what lies over it."""

    picture: Any
    over: Any

    @property
    def progress(self) -> float:
        """The picture's."""
        found: float = self.picture.progress
        return found


def parted(frame: Any) -> tuple[Any, Any]:
    """The picture's frame and that of what lies over it, None if nothing does."""
    return (frame.picture, frame.over) if isinstance(frame, OverlaidFrame) else (frame, None)
