"""The status while return maps are sought, before the first frame of a view below float64."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer

from funjax_gui.tabs.base import Status
from kernels.bifurcation import BifurcationRequest, ladder_progress

INTERVAL = 250
"""Milliseconds between two looks."""


class LadderProgress(QTimer):
    """Calls `show` now and then from its start on, as long as `awaited` returns the request that has no frame yet."""

    def __init__(self, parent: QObject, awaited: Callable[[], BifurcationRequest | None], show: Callable[[], object]) -> None:
        super().__init__(parent, interval=INTERVAL)
        self._awaited, self._show, self._is_shown = awaited, show, False
        self.timeout.connect(self._look)

    def status(self) -> Status | None:
        """Levels and depth reached, and memory; None where no ladder is built."""
        request = self._awaited()
        found = None if request is None else ladder_progress(request)
        if found is None:
            return None
        levels, share, most = found
        size = f"at most {max(1, round(most / 1e6))} MB"
        count = f"{levels} level{'s' if levels != 1 else ''}"
        return Status(f"finding return maps: {count}, {share:.0%} of the depth, {size}; Esc abandons it", progress=share)

    def _look(self) -> None:
        if self._awaited() is None:
            self.stop()
        is_built = self.status() is not None
        if is_built or self._is_shown:  # once more when the ladder is there, and a kernel is compiled next
            self._show()
        self._is_shown = is_built
