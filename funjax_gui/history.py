"""The views that a user came through, to go back and forward among. No Qt."""

from collections.abc import Hashable
from typing import Generic, TypeVar

View = TypeVar("View", bound=Hashable)

LONGEST = 500


class History(Generic[View]):
    """A list of views and a place in it; visiting a new one forgets those ahead."""

    def __init__(self) -> None:
        self._views: list[View] = []
        self._at = -1

    def visit(self, view: View) -> None:
        """Be at `view`, unless that is where we are."""
        if self._at >= 0 and self._views[self._at] == view:
            return
        self._views = [*self._views[: self._at + 1], view][-LONGEST:]
        self._at = len(self._views) - 1

    @property
    def can_go_back(self) -> bool:
        """Whether there is a view before this one."""
        return self._at > 0

    @property
    def can_go_forward(self) -> bool:
        """Whether we came back from a view."""
        return self._at < len(self._views) - 1

    def back(self) -> View | None:
        """Go to the view before this one, if there is one."""
        return self._go(-1) if self.can_go_back else None

    def forward(self) -> View | None:
        """Go to the view that we came back from, if any."""
        return self._go(1) if self.can_go_forward else None

    def _go(self, step: int) -> View:
        self._at += step
        return self._views[self._at]
