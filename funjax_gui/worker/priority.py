"""The priority of the threads that compute."""

import os
import sys
import threading

NICENESS = 10
"""The niceness of a computing thread."""


def lower_thread_priority() -> None:
    """Lower the priority of the calling thread and of those that it starts, XLA's among them, where threads have one of their own.

    Without it refining takes both of two cores, and painting waits (measured: p99 of the window's stalls 3 times as long).
    """
    if sys.platform == "linux":
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), NICENESS)
