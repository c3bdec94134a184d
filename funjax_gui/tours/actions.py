"""What a tour can do in the window: nothing but these."""

import math
from dataclasses import dataclass

from funjax_gui.sessions import Session
from kernels.geometry import Viewport

Number = float | tuple[float, ...]


@dataclass(frozen=True)
class Show:
    """Show the session's open tab as its table says."""

    session: Session


@dataclass(frozen=True)
class Drag:
    """Move a control's value from `start` to `end`, evenly; a `whole` number by whole numbers."""

    name: str
    start: Number
    end: Number
    whole: bool
    seconds: float

    def at(self, share: float) -> Number:
        """The value when `share` of the time, 0 to 1, has gone."""
        if share >= 1:
            return self.end
        if isinstance(self.start, tuple) and isinstance(self.end, tuple):
            return tuple(_between(one, other, share) for one, other in zip(self.start, self.end, strict=True))
        assert isinstance(self.start, int | float) and isinstance(self.end, int | float)
        value = _between(self.start, self.end, share)
        return round(value) if self.whole else value


def _between(first: float, last: float, share: float) -> float:
    """The number when `share` of the way is behind, to no more digits than an eye can follow."""
    if first == last:
        return first
    return round(first + (last - first) * share, max(0, 3 - math.floor(math.log10(abs(last - first)))))


@dataclass(frozen=True)
class Fly:
    """Zoom to a view, at an even pace."""

    view: Viewport
    seconds: float


@dataclass(frozen=True)
class Play:
    """Play from the start to the end, for so many seconds at most."""

    seconds: float


@dataclass(frozen=True)
class Rewind:
    """Show the start alone."""


@dataclass(frozen=True)
class Step:
    """Take so many steps, slowly; `inner` ones are those of conjugate gradients."""

    steps: int
    inner: bool = False


@dataclass(frozen=True)
class Highlight:
    """Outline these for a while."""

    names: tuple[str, ...]


@dataclass(frozen=True)
class Open:
    """Open a dialog."""

    dialog: str


@dataclass(frozen=True)
class Wait:
    """Do nothing."""

    seconds: float


Action = Show | Drag | Fly | Play | Rewind | Step | Highlight | Open | Wait
Script = tuple[Action, ...]
