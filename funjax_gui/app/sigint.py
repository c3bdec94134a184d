"""Ctrl+C in the terminal ends the window quietly.

Qt's event loop runs no Python while nothing happens, so Python's own handler would wait for the next mouse move. A signal
writes to a socket instead, and Qt watches the socket.
"""

import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import QCoreApplication, QSocketNotifier

STATUS = 130
"""What `exec()` returns after Ctrl+C: 128 and the signal's number, as shells have it."""


@contextmanager
def quits(application: QCoreApplication) -> Iterator[None]:
    """While the context lasts, Ctrl+C makes the application's `exec()` return STATUS. For the main thread only."""
    ours, written = socket.socketpair()
    for end in (ours, written):
        end.setblocking(False)
    notifier = QSocketNotifier(ours.fileno(), QSocketNotifier.Type.Read)
    notifier.activated.connect(lambda: application.exit(STATUS))
    old_descriptor = signal.set_wakeup_fd(written.fileno(), warn_on_full_buffer=False)
    # A handler of Python's must be there for the socket to be written to; it has nothing to do itself.
    old_handler = signal.signal(signal.SIGINT, lambda number, frame: None)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, old_handler)
        signal.set_wakeup_fd(old_descriptor)
        notifier.setEnabled(False)
        ours.close()
        written.close()
