"""The fixed-point explorer's tab."""

from funjax_gui.tabs.fixed_points import document

__all__ = ["document"]
