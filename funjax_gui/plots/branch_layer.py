"""The layer of a picture's thick branches, which are traced in a thread: it takes up to some tenths of a second."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import QObject
from PySide6.QtGui import QFont

from funjax_gui.figures import Branch, Item, coloured, traced
from funjax_gui.plots.item_layer import RelativeItemLayer
from funjax_gui.style import Counts, Packed
from funjax_gui.widgets import call_in_background
from kernels.geometry import Viewport


class BranchLayer(RelativeItemLayer):
    """Branches in the colours of the picture's pixels, and labels. Those of the last picture stay until the new ones are traced."""

    def __init__(self, font: QFont, owner: QObject) -> None:
        super().__init__(font, 1.0)
        self._owner = owner
        self._is_tracing = False
        self._traced: tuple[Counts, Counts, list[Branch]] | None = None
        self._wanted: tuple[Any, ...] | None = None

    def show_branches(
        self, counts: Counts, period: Counts, pixels: Packed, viewport: Viewport, width: float, labels: Sequence[Item]
    ) -> None:
        """Show the branches of a picture of `viewport`, as of `figures.branches`, as soon as they are traced."""
        self._wanted = counts, period, pixels, viewport, width, labels
        self._look()

    def show_labels(self, viewport: Viewport, labels: Sequence[Item]) -> None:
        """Show labels, and no branches."""
        self._stop()
        self.set_own(viewport, labels)

    def clear(self) -> None:
        """Show nothing."""
        self._stop()
        self.set_items(())

    def _stop(self) -> None:
        self._wanted = self._traced = None

    def _look(self) -> None:
        """Show the branches that are wanted if they are traced; else begin with them, if no others are being traced."""
        if self._wanted is None:
            return
        counts, period, pixels, viewport, width, labels = self._wanted
        if self._traced and self._traced[0] is counts and self._traced[1] is period:
            self.set_own(viewport, [*coloured(self._traced[2], pixels, width), *labels])
        elif not self._is_tracing:
            self._is_tracing = True
            call_in_background(self._owner, lambda: traced(counts, period), partial(self._take, counts, period))

    def _take(self, counts: Counts, period: Counts, branches: list[Branch]) -> None:
        self._is_tracing = False
        self._traced = (counts, period, branches) if self._wanted else None
        self._look()
