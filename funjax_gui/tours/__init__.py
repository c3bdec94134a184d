"""Tours: file format, script, runner and panel."""

from funjax_gui.tours.controller import Tours
from funjax_gui.tours.recognition import is_tour

__all__ = ["Tours", "is_tour"]
