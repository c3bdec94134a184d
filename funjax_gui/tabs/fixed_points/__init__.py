"""The fixed-point explorer's tab."""

from funjax_gui.tabs.fixed_points.tab import FixedPointsTab

__all__ = ["FixedPointsTab"]
