"""The bifurcation diagram's tab."""

from funjax_gui.tabs.bifurcation import document
from funjax_gui.tabs.bifurcation.session import Bifurcation

__all__ = ["Bifurcation", "document"]
