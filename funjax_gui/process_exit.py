"""The process's end, also where a thread is inside a step that cannot be interrupted."""

import os
import sys
import threading
from contextlib import suppress
from pathlib import Path
from typing import NoReturn

COMPUTING = "funjax-worker"
"""The name of the threads that compute."""

DRAFTS: set[Path] = set()
"""Files begun and not finished, which nobody will want."""


def leave(status: int) -> NoReturn:
    """End the process with this exit status.

    Python's own way aborts where XLA's compiler comes back to an interpreter that is gone; then nothing more is run, as all that is to
    be kept has been saved: the window closes before.
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
