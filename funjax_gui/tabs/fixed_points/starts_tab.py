"""A tab with a chosen initial condition, and others that are kept beside it."""

from typing import Any, ClassVar

from funjax_gui.tabs.view_tab import ViewTab


class StartsTab(ViewTab):
    """The part of both explorers that chooses and keeps initial conditions; a subclass implements `_show_start`."""

    start: Any
    """The chosen initial condition: a number, or a point of the plane."""
    pins: tuple[Any, ...] = ()
    """The kept ones."""
    most_kept: ClassVar[int]
    kept: ClassVar[str] = "initial conditions"
    """Plural noun for what is kept, in messages."""

    def _show_start(self) -> None:
        """Show the chosen initial condition everywhere, and request its orbit."""
        raise NotImplementedError

    def _set_start(self, start: Any) -> None:
        self.start = start
        self._show_start()

    def pin_start(self) -> None:
        """Keep the chosen initial condition."""
        if self.start in self.pins:
            return
        if len(self.pins) >= self.most_kept:
            self._show_message(f"{self.most_kept} {self.kept} are kept already, which is the maximum; Shift+P removes them")
            return
        self.pins = (*self.pins, self.start)
        self._show_start()

    def unpin_starts(self) -> None:
        """Remove all that are kept."""
        self.pins = ()
        self._show_start()
