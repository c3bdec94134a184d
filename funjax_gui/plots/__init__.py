"""The plots of the window: a picture one can zoom, the strip under it, and curves beside it."""

from funjax_gui.plots.base import Margins, picture_of
from funjax_gui.plots.curve_plot import Curve, CurvePlot, LyapunovStrip
from funjax_gui.plots.drawing import Arrow, Circle, Item, Marks, Path, Rays
from funjax_gui.plots.image_plot import ImagePlot
from funjax_gui.plots.sketch_plot import SketchPlot

__all__ = [
    "Arrow",
    "Circle",
    "Curve",
    "CurvePlot",
    "ImagePlot",
    "Item",
    "LyapunovStrip",
    "Margins",
    "Marks",
    "Path",
    "Rays",
    "SketchPlot",
    "picture_of",
]
