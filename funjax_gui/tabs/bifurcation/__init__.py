"""The bifurcation diagram's tab."""

from funjax_gui.tabs.bifurcation.tab import BifurcationTab

__all__ = ["BifurcationTab"]
