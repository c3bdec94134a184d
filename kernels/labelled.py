"""Frames with a grid as labelled data sets of xarray, for notebooks and netCDF files. Importing this module does not import xarray."""

import importlib
from dataclasses import fields
from types import MappingProxyType
from typing import Any, ClassVar

import numpy as np

from kernels.geometry import Grid

ROW, COLUMN = "row", "column"
"""The dimensions of a picture in `dimensions`; in the data set they have the names of the axes."""

PICTURE, CURVE = (ROW, COLUMN), (COLUMN,)

SHARED = MappingProxyType({"shared": True})
"""Metadata of a request's field with what the parts of a picture share, found of all of it by its `prepared`; None of a whole picture."""


class Labelled:
    """Base class of the frames of requests with a grid."""

    request: Any
    dimensions: ClassVar[dict[str, tuple[str, ...]]]

    def __init_subclass__(cls, **dimensions: tuple[str, ...]) -> None:
        """`dimensions`: by name the arrays of the frame that the data set has, and what each of their axes counts."""
        super().__init_subclass__()
        cls.dimensions = dimensions

    @property
    def axes(self) -> tuple[str, str]:
        """What the grid's columns and rows are values of."""
        return "x", "y"

    def to_xarray(self) -> Any:
        """The frame as an xarray.Dataset: its arrays over the columns' and the rows' values, top row first.

        `offset` is a column's distance from the view's centre, which the attribute `centre` has in all its digits; the other attributes are
        the request's and the frame's numbers and names. Raises ImportError where xarray is not installed.
        """
        try:
            xarray: Any = importlib.import_module("xarray")
        except ImportError:
            raise ImportError("to_xarray needs xarray, not installed here; run pip install xarray (funjax's extra notebook)") from None
        names = dict(zip((COLUMN, ROW), self.axes, strict=True))
        arrays = {name: np.asarray(array) for name in self.dimensions if (array := getattr(self, name)) is not None}
        data = {name: ([names.get(axis, axis) for axis in self.dimensions[name]], array) for name, array in arrays.items()}
        sizes = {axis: size for name, array in arrays.items() for axis, size in zip(self.dimensions[name], array.shape, strict=True)}
        # A coarse frame may have fewer pixels than the request asks for.
        grid = Grid(self.request.grid.viewport, sizes[COLUMN], sizes.get(ROW, 1))
        places = {names[COLUMN]: grid.column_values(), "offset": (names[COLUMN], grid.column_offsets())}
        if ROW in sizes:
            places[names[ROW]] = grid.row_values()
        return xarray.Dataset(data, coords=places, attrs=_facts(self) | {"centre": str(grid.viewport.x)})


def _facts(frame: Labelled) -> dict[str, Any]:
    """The numbers and names of the request and of the frame, the map's parameters by their own names."""
    facts: dict[str, Any] = dict(getattr(frame.request, "parameters", ()))
    parts: tuple[Any, Any] = (frame.request, frame)
    for part in parts:
        found = {field.name: getattr(part, field.name) for field in fields(part)}
        facts |= {name: value for name, value in found.items() if isinstance(value, int | float | str) and not isinstance(value, bool)}
    return facts
