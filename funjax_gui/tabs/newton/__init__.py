"""The Newton solver's tab."""

from funjax_gui.tabs.newton.tab import NewtonTab

__all__ = ["NewtonTab"]
