"""The worker: it runs the newest request of each kind in threads of its own, and depends on no particular request."""

from funjax_gui.worker.job import Delay
from funjax_gui.worker.memory import share_heaps
from funjax_gui.worker.worker import Worker

__all__ = ["Delay", "Worker", "share_heaps"]
