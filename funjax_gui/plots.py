"""The plots of the window: a picture one can zoom, the strip under it, and curves beside it."""

from funjax_gui.plots_base import Margins
from funjax_gui.plots_curve import Curve, CurvePlot, LyapunovStrip
from funjax_gui.plots_image import ImagePlot

__all__ = ["Curve", "CurvePlot", "ImagePlot", "LyapunovStrip", "Margins"]
