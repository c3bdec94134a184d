"""The plots of the window: a picture one can zoom, the strip under it, and curves beside it."""

from funjax_gui.plots_base import Margins, picture_of
from funjax_gui.plots_curve import Curve, CurvePlot, LyapunovStrip
from funjax_gui.plots_image import ImagePlot
from funjax_gui.plots_sketch import Arrow, Circle, Item, Marks, Path, Rays
from funjax_gui.plots_sketched import SketchPlot

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
