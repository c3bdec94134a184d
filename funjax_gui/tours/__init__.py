"""Tours: file format, script, runner and panel."""

from funjax_gui.tours.controller import TOUR_MODULES, Tours
from funjax_gui.tours.recognition import is_tour

__all__ = ["TOUR_MODULES", "Tours", "is_tour"]
