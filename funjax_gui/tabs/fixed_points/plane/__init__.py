"""Maps of the plane in the fixed-point explorer: requests, page and files of the phase plane. Its widgets are in `plane.tab`."""

from funjax_gui.tabs.fixed_points.plane.export import EXPORTERS
from funjax_gui.tabs.fixed_points.plane.page import PlaneBasinsPainter, pictured
from funjax_gui.tabs.fixed_points.plane.requests import (
    COLOURINGS,
    LONGEST_USUAL,
    SHOWN,
    STARTS,
    STEPS,
    home,
    request_for,
    usual_colouring,
    usual_transient,
)

__all__ = [
    "COLOURINGS",
    "EXPORTERS",
    "LONGEST_USUAL",
    "SHOWN",
    "STARTS",
    "STEPS",
    "PlaneBasinsPainter",
    "home",
    "pictured",
    "request_for",
    "usual_colouring",
    "usual_transient",
]
