"""The actions of tour scripts; a tour can do nothing else."""

import math
from dataclasses import dataclass

from funjax_gui.sessions import Session
from kernels.geometry import Viewport

Number = float | tuple[float, ...]


@dataclass(frozen=True)
class Show:
    """Show the open tab of the session."""

    session: Session


@dataclass(frozen=True)
class Drag:
    """Move the value of a control from `start` to `end` at constant speed; a `whole` number in whole steps."""

    name: str
    start: Number
    end: Number
    whole: bool
    seconds: float

    def at(self, share: float) -> Number:
        """The value at `share`, 0 to 1, of the time."""
        if share >= 1:
            return self.end
        if isinstance(self.start, tuple) and isinstance(self.end, tuple):
            return tuple(_between(one, other, share) for one, other in zip(self.start, self.end, strict=True))
        assert isinstance(self.start, int | float) and isinstance(self.end, int | float)
        value = _between(self.start, self.end, share)
        return round(value) if self.whole else value


def _between(first: float, last: float, share: float) -> float:
    """The number at `share` of the way, to as many digits as are visible in motion."""
    if first == last:
        return first
    return round(first + (last - first) * share, max(0, 3 - math.floor(math.log10(abs(last - first)))))


@dataclass(frozen=True)
class Fly:
    """Zoom to a view at constant speed."""

    view: Viewport
    seconds: float


@dataclass(frozen=True)
class Play:
    """Play to the end, for at most this many seconds."""

    seconds: float


@dataclass(frozen=True)
class Rewind:
    """Rewind to step 0."""


@dataclass(frozen=True)
class Step:
    """Take this many steps slowly; `inner`: conjugate-gradient steps."""

    steps: int
    inner: bool = False


@dataclass(frozen=True)
class Highlight:
    """Outline these controls and parts."""

    names: tuple[str, ...]


@dataclass(frozen=True)
class Open:
    """Open a dialog."""

    dialog: str


@dataclass(frozen=True)
class Wait:
    """Wait."""

    seconds: float


Action = Show | Drag | Fly | Play | Rewind | Step | Highlight | Open | Wait
Script = tuple[Action, ...]
