"""The layer of a picture's thick branches, which are traced in a thread: it takes up to some tenths of a second."""

from collections.abc import Sequence
from threading import Thread
from typing import Any

from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QFont

from funjax_gui.figures import Branch, Item, coloured, traced
from funjax_gui.plots.item_layer import RelativeItemLayer
from funjax_gui.style import Counts, Packed
from kernels.geometry import Viewport

POLL = 15
"""Milliseconds between two looks whether the branches are there."""


class _Tracing(Thread):
    """The branches of one picture, traced in a thread of its own; None until they are there."""

    def __init__(self, counts: Counts, period: Counts) -> None:
        super().__init__(daemon=True)
        self.counts, self.period = counts, period
        self.found: list[Branch] | None = None

    def run(self) -> None:
        """Trace them; called in the thread."""
        self.found = traced(self.counts, self.period)

    def is_of(self, counts: Counts, period: Counts) -> bool:
        """Whether it traces these arrays."""
        return self.counts is counts and self.period is period


class BranchLayer(RelativeItemLayer):
    """Branches in the colours of the picture's pixels, and labels. Those of the last picture stay until the new ones are traced."""

    def __init__(self, font: QFont, parent: QObject) -> None:
        super().__init__(font, 1.0)
        self._tracing: _Tracing | None = None
        self._wanted: tuple[Any, ...] | None = None
        self._timer = QTimer(parent, interval=POLL)
        self._timer.timeout.connect(self._look)

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
        self._wanted = self._tracing = None
        self._timer.stop()

    def _look(self) -> None:
        """Show the branches if they are traced; begin with those that are wanted now if no others are being traced."""
        if self._wanted is None:
            return
        counts, period, pixels, viewport, width, labels = self._wanted
        tracing = self._tracing
        if tracing is None or not (tracing.is_of(counts, period) or tracing.is_alive()):
            self._tracing = tracing = _Tracing(counts, period)
            tracing.start()
        if tracing.is_of(counts, period) and tracing.found is not None:
            self.set_own(viewport, [*coloured(tracing.found, pixels, width), *labels])
            self._timer.stop()
        elif not self._timer.isActive():
            self._timer.start()
