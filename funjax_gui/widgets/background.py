"""Run a function in a thread, such as reading a file, while the window stays responsive."""

import sys
import time
from collections.abc import Callable
from importlib import import_module
from threading import Thread
from typing import TypeVar

from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QProgressDialog, QWidget

MOMENT = 0.02
"""Seconds for which the window may stand still; most files are read in milliseconds."""

BRIEF = 0.3
"""Seconds before a dialog is shown."""

POLL = 20
"""Polling interval in milliseconds."""

T = TypeVar("T")


def run_in_background(parent: QWidget, label: str, function: Callable[[], T]) -> T:
    """Result or exception of `function`, called in a thread; if it takes longer, a dialog with `label` can cancel the wait.

    Raises ValueError if the user cancels: the thread continues to its end, and its result is discarded.
    """
    results: list[T] = []
    errors: list[Exception] = []

    def call() -> None:
        try:
            results.append(function())
        except Exception as error:
            errors.append(error)

    thread = Thread(target=call, daemon=True)
    thread.start()
    thread.join(min(MOMENT, BRIEF))
    if thread.is_alive() and BRIEF > MOMENT:
        _let_paint(thread, BRIEF - MOMENT)
    if thread.is_alive():
        _wait(parent, label, thread)
    if errors:
        raise errors[0]
    if not results:
        raise ValueError("reading was cancelled")
    return results[0]


def import_in_background(name: str) -> None:
    """Begin to import a module in a thread, unless that was begun before."""
    if name not in sys.modules:
        Thread(target=import_module, args=(name,), daemon=True).start()


def _let_paint(thread: Thread, seconds: float) -> None:
    """Let the window paint until the thread ends, or for that long; what the user does meanwhile comes afterwards."""
    loop, end = QEventLoop(), time.monotonic() + seconds
    poll = QTimer(interval=POLL // 4)
    poll.timeout.connect(lambda: None if thread.is_alive() and time.monotonic() < end else loop.quit())
    poll.start()
    loop.exec(QEventLoop.ProcessEventsFlag.ExcludeUserInputEvents)


def _wait(parent: QWidget, label: str, thread: Thread) -> None:
    """Show a dialog until the thread ends or the dialog is cancelled; the rest of the window takes no input meanwhile."""
    dialog = QProgressDialog(label, "Cancel", 0, 0, parent)
    dialog.setWindowTitle("funjax")
    poll = QTimer(dialog, interval=POLL)
    poll.timeout.connect(lambda: None if thread.is_alive() else dialog.accept())
    poll.start()
    dialog.exec()
    dialog.deleteLater()
