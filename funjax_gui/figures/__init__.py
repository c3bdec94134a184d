"""Descriptions of figures: items, colours, legends and ticks made from frames, for the window and the exported page alike."""

from funjax_gui.figures import newton_basins, newton_convergence, orbits, phase_plane, plane_basins, starts, ticks
from funjax_gui.figures.branches import WIDTHS, Branch, branches, coloured, period_labels, traced
from funjax_gui.figures.colour_bar import ColourBar, contour_spacing, density_bar, surface_bar
from funjax_gui.figures.contours import Floats, contour_lines
from funjax_gui.figures.figure import Figure, equally_scaled, fitted, logarithms, points, whole_decades
from funjax_gui.figures.items import DASHES, Arrow, Band, Bands, Circle, Histogram, Item, Label, Marks, Points, Polyline, Rays, Rule, Split
from funjax_gui.figures.lyapunov import exponents
from funjax_gui.figures.markers import OPEN, PATTERNS, hatching, outline
from funjax_gui.figures.method_styles import KIND_SHAPES, method_icon, method_style, method_swatch
from funjax_gui.figures.newton_convergence import EQUATION_QUANTITIES, QUANTITIES
from funjax_gui.figures.newton_curves import graph_items, views
from funjax_gui.figures.newton_paths import comparison_items, path_items, stationary_items
from funjax_gui.figures.orbits import ORBIT_DASHES, ORBIT_ROLES, distances
from funjax_gui.figures.skeleton import KINDS, name_of, skeleton_items
from funjax_gui.figures.starts import MARGIN, OUTCOME_GLYPHS, OUTCOME_NAMES, OUTCOME_ROLES, orbit_colour
from funjax_gui.figures.surface_colours import line_strength, surface_pixels, surface_shades
from funjax_gui.figures.ticks import Ticks, decade_ticks, horizontal_ticks, vertical_ticks

__all__ = [
    "DASHES",
    "EQUATION_QUANTITIES",
    "KINDS",
    "KIND_SHAPES",
    "MARGIN",
    "OPEN",
    "ORBIT_DASHES",
    "ORBIT_ROLES",
    "OUTCOME_GLYPHS",
    "OUTCOME_NAMES",
    "OUTCOME_ROLES",
    "PATTERNS",
    "QUANTITIES",
    "WIDTHS",
    "Arrow",
    "Band",
    "Bands",
    "Branch",
    "Circle",
    "ColourBar",
    "Figure",
    "Floats",
    "Histogram",
    "Item",
    "Label",
    "Marks",
    "Points",
    "Polyline",
    "Rays",
    "Rule",
    "Split",
    "Ticks",
    "branches",
    "coloured",
    "comparison_items",
    "contour_lines",
    "contour_spacing",
    "decade_ticks",
    "density_bar",
    "distances",
    "equally_scaled",
    "exponents",
    "fitted",
    "graph_items",
    "hatching",
    "horizontal_ticks",
    "line_strength",
    "logarithms",
    "method_icon",
    "method_style",
    "method_swatch",
    "name_of",
    "newton_basins",
    "newton_convergence",
    "orbit_colour",
    "orbits",
    "outline",
    "path_items",
    "period_labels",
    "phase_plane",
    "plane_basins",
    "points",
    "skeleton_items",
    "starts",
    "stationary_items",
    "surface_bar",
    "surface_pixels",
    "surface_shades",
    "ticks",
    "traced",
    "vertical_ticks",
    "views",
    "whole_decades",
]
