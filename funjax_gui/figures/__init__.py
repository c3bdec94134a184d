"""From a frame to what is drawn: items, colours, legends, ticks. The same for the window and the exported page."""

from funjax_gui.figures import newton_basins, orbits, starts, ticks
from funjax_gui.figures.contours import Floats, contour_lines
from funjax_gui.figures.convergence_quantities import QUANTITIES, shown
from funjax_gui.figures.items import DASHES, Arrow, Band, Bands, Circle, Item, Marks, Points, Polyline, Rays, Rule, Split
from funjax_gui.figures.markers import OPEN, PATTERNS, hatching, outline
from funjax_gui.figures.method_styles import method_icon, method_style, method_swatch
from funjax_gui.figures.newton_curves import graph_items, views
from funjax_gui.figures.newton_paths import race_items, stationary_items
from funjax_gui.figures.orbits import LATEST, ORBIT_DASHES, ORBIT_ROLES, distances, heights, longest, near, prediction, staircase
from funjax_gui.figures.starts import MARGIN, OUTCOME_GLYPHS, OUTCOME_NAMES, OUTCOME_ROLES, orbit_colour
from funjax_gui.figures.surface_colours import line_strength, surface_pixels
from funjax_gui.figures.ticks import Ticks, decade_ticks, horizontal_ticks, vertical_ticks

__all__ = [
    "DASHES",
    "LATEST",
    "MARGIN",
    "OPEN",
    "ORBIT_DASHES",
    "ORBIT_ROLES",
    "OUTCOME_GLYPHS",
    "OUTCOME_NAMES",
    "OUTCOME_ROLES",
    "PATTERNS",
    "QUANTITIES",
    "Arrow",
    "Band",
    "Bands",
    "Circle",
    "Floats",
    "Item",
    "Marks",
    "Points",
    "Polyline",
    "Rays",
    "Rule",
    "Split",
    "Ticks",
    "contour_lines",
    "decade_ticks",
    "distances",
    "graph_items",
    "hatching",
    "heights",
    "horizontal_ticks",
    "line_strength",
    "longest",
    "method_icon",
    "method_style",
    "method_swatch",
    "near",
    "newton_basins",
    "orbit_colour",
    "orbits",
    "outline",
    "prediction",
    "race_items",
    "shown",
    "staircase",
    "starts",
    "stationary_items",
    "surface_pixels",
    "ticks",
    "vertical_ticks",
    "views",
]
