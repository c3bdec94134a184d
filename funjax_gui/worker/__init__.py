"""The worker: it runs the newest request of each kind in threads of its own, and depends on no particular request."""

from funjax_gui.worker.job import Delay
from funjax_gui.worker.memory import share_heaps
from funjax_gui.worker.warming import WarmingRequest
from funjax_gui.worker.worker import Request, Worker

__all__ = ["Delay", "Request", "WarmingRequest", "Worker", "share_heaps"]
