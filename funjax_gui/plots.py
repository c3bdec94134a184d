"""The plots of the window: a picture one can zoom, and curves beside it."""

from funjax_gui.plots_image import ImagePlot

__all__ = ["ImagePlot"]
