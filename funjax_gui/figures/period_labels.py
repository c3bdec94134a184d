"""The periods of wide bands of a diagram, written over them."""

from itertools import pairwise

import numpy as np

from funjax_gui.figures.items import Item, Label
from funjax_gui.style import Counts

NARROWEST = 0.025
"""Least width of a band with a label, relative to the picture."""

HEIGHT = 0.955
"""Height of the labels, relative to the picture."""


def period_labels(period: Counts) -> list[Item]:
    """A label for each band of neighbouring columns (columns,) with the same period, in the unit square of the view."""
    columns = len(period)
    edges = np.concatenate([[0], np.flatnonzero(np.diff(period)) + 1, [columns]])
    items: list[Item] = []
    for first, last in pairwise(edges.tolist()):
        if period[first] > 0 and last - first >= NARROWEST * columns:
            items.append(Label(np.array([(first + last) / 2 / columns, HEIGHT]), str(period[first])))
    return items
