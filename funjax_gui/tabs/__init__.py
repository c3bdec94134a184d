"""The tabs, one module or folder each. They know neither each other nor the window nor the worker."""

from funjax_gui.tabs import document
from funjax_gui.tabs.base import Status, Tab
from funjax_gui.tabs.document import slider_names, subject_of
from funjax_gui.tabs.request_slots import RequestSlots

__all__ = ["RequestSlots", "Status", "Tab", "document", "slider_names", "subject_of"]
