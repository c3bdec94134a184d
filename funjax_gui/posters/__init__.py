"""Posters: pictures of any size, coloured band by band out of a store of tiles, and the files that hold them."""

from funjax_gui.posters.formats import PICTURES, WRITERS
from funjax_gui.posters.poster import Painter, Painters, PosterJob

__all__ = ["PICTURES", "WRITERS", "Painter", "Painters", "PosterJob"]
