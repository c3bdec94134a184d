"""Maps of the plane in the fixed-point explorer: requests, page and files of the phase plane. Its widgets are in `plane.tab`."""

from funjax_gui.tabs.fixed_points.plane.export import EXPORTERS
from funjax_gui.tabs.fixed_points.plane.requests import LONGEST_USUAL, SHOWN, STARTS, STEPS, home, request_for, usual_transient

__all__ = ["EXPORTERS", "LONGEST_USUAL", "SHOWN", "STARTS", "STEPS", "home", "request_for", "usual_transient"]
