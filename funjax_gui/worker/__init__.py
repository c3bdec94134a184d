"""Runs the newest request of each kind in threads of its own; knows no request by name."""

from funjax_gui.worker.job import Delay
from funjax_gui.worker.memory import share_heaps
from funjax_gui.worker.worker import Worker

__all__ = ["Delay", "Worker", "share_heaps"]
