"""The part of a diagram in which branches are followed."""

from typing import NamedTuple


class Box(NamedTuple):
    """The range of the parameter that is followed, the view's centre of states, and the view's width and height.

    beside: of a map of the plane the height of the coordinate that is not observed, which corresponds to `height`.
    """

    left: float
    right: float
    middle: float
    width: float
    height: float
    beside: float = 1.0
