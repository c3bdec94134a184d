"""The plot widgets of the window: pictures that can be zoomed, the Lyapunov strip, and curve plots."""

from funjax_gui.plots.axis import base_text
from funjax_gui.plots.base import BasePlot, Margins, picture_of
from funjax_gui.plots.colour_bar_layer import paint_strip
from funjax_gui.plots.curve_plot import OVERHANG, CurvePlot, PicturePlot
from funjax_gui.plots.drawing import Drawing
from funjax_gui.plots.gestures import PLOT_KEYS
from funjax_gui.plots.image_plot import ImagePlot
from funjax_gui.plots.lyapunov_strip import LyapunovStrip
from funjax_gui.plots.phase_plot import PhasePlot
from funjax_gui.plots.starts_plot import StartsPlot
from funjax_gui.plots.view_plot import ViewPlot

__all__ = [
    "OVERHANG",
    "PLOT_KEYS",
    "BasePlot",
    "CurvePlot",
    "Drawing",
    "ImagePlot",
    "LyapunovStrip",
    "Margins",
    "PhasePlot",
    "PicturePlot",
    "StartsPlot",
    "ViewPlot",
    "base_text",
    "paint_strip",
    "picture_of",
]
