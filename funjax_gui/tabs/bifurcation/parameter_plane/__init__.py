"""The plane of two parameters in the bifurcation tab: figures, requests, and exports."""

from funjax_gui.tabs.bifurcation.parameter_plane.export import EXPORTERS
from funjax_gui.tabs.bifurcation.parameter_plane.page import PlanePainter
from funjax_gui.tabs.bifurcation.parameter_plane.requests import SEQUENCE, STARTS, STEPS, choices, usual_range, with_line
from funjax_gui.tabs.bifurcation.parameter_plane.requests import first as first_request

__all__ = ["EXPORTERS", "SEQUENCE", "STARTS", "STEPS", "PlanePainter", "choices", "first_request", "usual_range", "with_line"]
