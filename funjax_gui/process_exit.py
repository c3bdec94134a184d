"""Ending the process, also while a thread is in a compilation, which cannot be interrupted."""

import os
import sys
import threading
from contextlib import suppress
from pathlib import Path
from typing import NoReturn

COMPUTING = "funjax-worker"
"""The name of the threads that compute."""

DRAFTS: set[Path] = set()
"""Temporary files to delete on exit."""


def leave(status: int) -> NoReturn:
    """End the process with this exit status.

    The usual exit of Python aborts if XLA's compiler returns to a finalised interpreter, so the process then ends at once: the window,
    closed before, has saved what is to be kept.
    """
    if any(thread.name == COMPUTING for thread in threading.enumerate()):
        for draft in tuple(DRAFTS):
            with suppress(OSError):
                draft.unlink()
        for stream in (sys.stdout, sys.stderr):
            with suppress(OSError, ValueError, AttributeError):  # closed, or none
                stream.flush()
        os._exit(status)
    sys.exit(status)
