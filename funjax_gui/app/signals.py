"""Signals that close the window normally: Ctrl+C in its terminal, the end of the desktop session, and `kill`.

Qt's event loop runs no Python while nothing happens, so Python's own handler would wait for the next mouse move. A signal
writes its number to a socket instead, and Qt watches the socket.
"""

import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, QSocketNotifier

ENDING = ("SIGINT", "SIGTERM", "SIGHUP")
"""Names of the signals; Windows lacks the last."""


@dataclass
class Received:
    """Number of the received signal; 0 if there was none."""

    number: int = 0

    @property
    def status(self) -> int:
        """Exit status: 128 plus the number of the signal, as in shells; 0 without a signal."""
        return self.number and 128 + self.number


@contextmanager
def quits(application: QCoreApplication) -> Iterator[Received]:
    """While the context lasts, such a signal ends the application's event loops, also those of dialogs. For the main thread only.

    A signal before `exec()` ends no loop: check the Received.
    """
    received = Received()
    ours, written = socket.socketpair()
    for end in (ours, written):
        end.setblocking(False)

    def stop() -> None:
        received.number = ours.recv(1)[0]
        application.exit(received.status)

    notifier = QSocketNotifier(ours.fileno(), QSocketNotifier.Type.Read)
    notifier.activated.connect(stop)
    old_descriptor = signal.set_wakeup_fd(written.fileno(), warn_on_full_buffer=False)
    numbers = [getattr(signal, name) for name in ENDING if hasattr(signal, name)]
    # What nohup has switched off stays so. A shell's background jobs begin without SIGINT, which is ours to have.
    numbers = [number for number in numbers if number == signal.SIGINT or signal.getsignal(number) != signal.SIG_IGN]
    # A handler of Python's must be there for the socket to be written to; it has nothing to do itself.
    old_handlers = {number: signal.signal(number, lambda number, frame: None) for number in numbers}
    try:
        yield received
    finally:
        for number, handler in old_handlers.items():
            signal.signal(number, handler)
        signal.set_wakeup_fd(old_descriptor)
        notifier.setEnabled(False)
        ours.close()
        written.close()
