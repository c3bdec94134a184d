"""Training of a small network in the Newton tab: figures, exported page and formats, and its part of a session."""

from funjax_gui.tabs.newton.network.export import NETWORK_EXPORTERS
from funjax_gui.tabs.newton.network.session import Training, training

__all__ = ["NETWORK_EXPORTERS", "Training", "training"]
