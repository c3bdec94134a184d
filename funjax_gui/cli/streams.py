"""Standard output and error that are closed, full or without a reader; and SIGTERM during a command."""

import errno
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import current_thread, main_thread
from typing import NoReturn, TextIO

REFUSALS = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EPIPE, errno.EIO, errno.EBADF)
"""The message for a stream that cannot be written to."""

NO_READER = 141
"""The exit status where a pipe's reader has gone: 128 and the number of SIGPIPE, as shells have it."""


def open_missing() -> None:
    """Replace streams that the shell has closed by the null device; else the next file that is opened would get their number."""
    closed = [name for name in ("stdout", "stderr") if getattr(sys, name) is None]
    if closed:
        while os.open(os.devnull, os.O_RDWR) < 2:
            pass
    for name in closed:
        setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))


def silence(stream: TextIO) -> None:
    """Discard the buffer of a stream: Python would print an error when it flushes it at exit."""
    with suppress(OSError, ValueError):  # a stream without a file descriptor
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


@contextmanager
def ended_by_signals() -> Iterator[None]:
    """While the context lasts, SIGTERM ends the command as Ctrl+C does, so that a draft is removed; the window has its own handler."""
    if current_thread() is not main_thread() or signal.getsignal(signal.SIGTERM) != signal.SIG_DFL:
        yield
        return

    def leave(number: int, frame: object) -> NoReturn:
        raise SystemExit(128 + number)

    signal.signal(signal.SIGTERM, leave)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
