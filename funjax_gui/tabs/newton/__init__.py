"""The Newton solver's tab."""

from funjax_gui.tabs.newton import document

__all__ = ["document"]
