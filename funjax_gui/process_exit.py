"""Threads that the process does not wait for, and its end while one of them is in a compilation, which cannot be interrupted."""

import os
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, NoReturn

DRAFTS: set[Path] = set()
"""Temporary files to delete on exit."""


class Daemon(threading.Thread):
    """A thread that calls `target`, and that the end of the process does not wait for: every thread of the program is one.

    `leave` must end the process then: a daemon that returns to Python after its end is unwound through the C++ code that called it, which
    aborts the process.
    """

    def __init__(self, target: Callable[..., object], *arguments: Any, name: str = "funjax-background") -> None:
        super().__init__(target=target, args=arguments, name=name, daemon=True)


def leave(status: int) -> NoReturn:
    """End the process with this exit status.

    While a Daemon is running it ends at once: the window, closed before, has saved what is to be kept.
    """
    if any(isinstance(thread, Daemon) for thread in threading.enumerate()):
        for draft in tuple(DRAFTS):
            with suppress(OSError):
                draft.unlink()
        for stream in (sys.stdout, sys.stderr):
            with suppress(OSError, ValueError, AttributeError):  # closed, or none
                stream.flush()
        os._exit(status)
    sys.exit(status)
