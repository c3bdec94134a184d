"""History of views, for Back and Forward."""

from PySide6.QtCore import QObject, QTimer, Signal

from kernels.geometry import Viewport

LONGEST = 500

SETTLED = 400
"""Milliseconds without a change after which a view is added to the history."""


class History(QObject):
    """A list of views and the current position; a new view removes those ahead."""

    changed = Signal(bool, bool)
    """Whether there is a view to go back to, and one to go forward to."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._views: list[Viewport] = []
        self._at = -1
        self._passing: Viewport | None = None
        self._timer = QTimer(self, singleShot=True, interval=SETTLED)
        self._timer.timeout.connect(self._commit)

    def pass_by(self, view: Viewport) -> None:
        """Note a view that may be passing; it is added if no other one follows within SETTLED."""
        self._passing = view
        self._timer.start()

    def visit(self, view: Viewport) -> None:
        """Add `view` at the current position, unless it is the current one."""
        self._timer.stop()
        self._passing = None
        if self._at < 0 or self._views[self._at] != view:
            self._views = [*self._views[: self._at + 1], view][-LONGEST:]
            self._at = len(self._views) - 1
        self._emit_changed()

    def back(self) -> Viewport | None:
        """Go to the view before this one; None where there is none."""
        self._commit()
        return self._go(-1) if self._at > 0 else None

    def forward(self) -> Viewport | None:
        """Go to the view after this one; None where there is none."""
        self._commit()
        return self._go(1) if self._at < len(self._views) - 1 else None

    def _commit(self) -> None:
        if self._passing is not None:
            self.visit(self._passing)

    def _go(self, step: int) -> Viewport:
        self._at += step
        self._emit_changed()
        return self._views[self._at]

    def _emit_changed(self) -> None:
        self.changed.emit(self._at > 0, self._at < len(self._views) - 1)
