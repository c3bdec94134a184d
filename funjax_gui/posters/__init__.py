"""Posters: pictures of any size, coloured band by band out of a store of tiles, and the files that hold them."""

from funjax_gui.posters.estimate import PosterEstimate, PosterEstimateFrame
from funjax_gui.posters.formats import PICTURES, WRITERS
from funjax_gui.posters.order import PosterOrder
from funjax_gui.posters.poster import Painter, Painters, Pictured, PosterJob
from funjax_gui.posters.process import PosterProcess

__all__ = [
    "PICTURES",
    "WRITERS",
    "Painter",
    "Painters",
    "Pictured",
    "PosterEstimate",
    "PosterEstimateFrame",
    "PosterJob",
    "PosterOrder",
    "PosterProcess",
]
