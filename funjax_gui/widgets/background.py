"""Functions called in a thread, such as one that reads a file, while the window stays responsive."""

import sys
from collections.abc import Callable
from importlib import import_module
from typing import TypeVar

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QProgressDialog, QWidget

from funjax_gui.process_exit import Daemon

BRIEF = 0.1
"""Seconds before a dialog is shown; most files are read in milliseconds."""

POLL = 15
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

    thread = Daemon(call)
    thread.start()
    thread.join(BRIEF)
    if thread.is_alive():
        _wait(parent, label, thread)
    if errors:
        raise errors[0]
    if not results:
        raise ValueError("reading was cancelled")
    return results[0]


def call_in_background(owner: QObject, function: Callable[[], T], then: Callable[[T], object]) -> None:
    """Call `function` in a thread, and `then` with its result in that of `owner`, unless `owner` is gone by then.

    A timer of the owner asks for the result: a thread that told an object which is being deleted would crash the program.
    """
    results: list[T] = []
    thread, poll = Daemon(lambda: results.append(function())), QTimer(owner, interval=POLL)

    def look() -> None:
        if not thread.is_alive():
            poll.stop()
            poll.deleteLater()
            if results:
                then(results[0])

    poll.timeout.connect(look)
    thread.start()
    poll.start()


def import_in_background(*names: str) -> None:
    """Begin to import modules, each in a thread, unless that was begun before."""
    for name in names:
        if name not in sys.modules:
            Daemon(import_module, name).start()


def _wait(parent: QWidget, label: str, thread: Daemon) -> None:
    """Show a dialog until the thread ends or the dialog is cancelled; the rest of the window takes no input meanwhile."""
    dialog = QProgressDialog(label, "Cancel", 0, 0, parent)
    dialog.setWindowTitle("funjax")
    poll = QTimer(dialog, interval=POLL)
    poll.timeout.connect(lambda: None if thread.is_alive() else dialog.accept())
    poll.start()
    dialog.exec()
    dialog.deleteLater()
