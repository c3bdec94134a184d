"""The plots of the window: a picture one can zoom, the strip under it, and curves beside it."""

from funjax_gui.plots.base import Margins, picture_of
from funjax_gui.plots.curve_plot import Curve, CurvePlot, LyapunovStrip
from funjax_gui.plots.image_plot import ImagePlot
from funjax_gui.plots.sketch_plot import SketchPlot

__all__ = [
    "Curve",
    "CurvePlot",
    "ImagePlot",
    "LyapunovStrip",
    "Margins",
    "SketchPlot",
    "picture_of",
]
