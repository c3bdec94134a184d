"""Frames as labelled data sets: every frame with a grid becomes one, its arrays over the values of rows and columns."""

import dataclasses
import importlib
import pkgutil
import sys
import typing
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

import kernels
from kernels.equations.fractal import EquationCurveFrame, EquationCurveRequest, NewtonFractalFrame, NewtonFractalRequest
from kernels.geometry import Grid, Viewport
from kernels.labelled import Labelled
from kernels.newton.surface import SurfaceFrame, SurfaceRequest
from kernels.phase_plane import PhasePlaneFrame, PhasePlaneRequest

GRID = Grid(Viewport.from_limits(0, 1, -2, 2), columns=4, rows=2)


class Dataset(SimpleNamespace):
    """What these tests look at of xarray.Dataset, which need not be installed."""

    def __init__(self, data: dict[str, Any], coords: dict[str, Any], attrs: dict[str, Any]) -> None:
        super().__init__(data=data, coords=coords, attrs=attrs)


@pytest.fixture(autouse=True)
def xarray(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "xarray", SimpleNamespace(Dataset=Dataset))


def frame_classes() -> list[type]:
    """The frames of all requests that have a grid."""
    names = [found.name for found in pkgutil.walk_packages(kernels.__path__, "kernels.") if "gpu_check" not in found.name]
    classes = {each for name in names for each in vars(importlib.import_module(name)).values() if isinstance(each, type)}
    frames = [each for each in classes if each.__name__.endswith("Frame") and dataclasses.is_dataclass(each)]
    requests = {each: typing.get_type_hints(each).get("request") for each in frames}
    return [each for each, request in requests.items() if "grid" in getattr(request, "__dataclass_fields__", ())]


def test_every_frame_with_a_grid_becomes_a_labelled_data_set() -> None:
    found = frame_classes()
    assert len(found) >= 8 and all(issubclass(each, Labelled) for each in found), found
    for each in found:
        assert set(each.dimensions) <= {field.name for field in dataclasses.fields(each)}, each


def test_a_picture_lies_over_the_columns_and_rows_that_it_has() -> None:
    labels, counts, roots = np.arange(8, dtype=np.int16).reshape(2, 4), np.ones((2, 4), np.float32), np.array([[1.0, 0.0]])
    frame = NewtonFractalFrame(NewtonFractalRequest(GRID, damping=0.5), roots, "cpu", 0.1, 1.0, True, labels, counts)
    found = frame.to_xarray()
    assert found.data["labels"][0] == ["y", "x"] and found.data["labels"][1] is labels
    assert found.data["roots"][0] == ["root", "coordinate"]
    np.testing.assert_array_equal(found.coords["x"], [0.125, 0.375, 0.625, 0.875])
    np.testing.assert_array_equal(found.coords["y"], [1.0, -1.0])
    np.testing.assert_array_equal(found.coords["offset"][1], [-0.375, -0.125, 0.125, 0.375])
    assert found.attrs == {
        **{"equations": frame.request.equations, "damping": 0.5, "max_steps": 50},
        **{"device": "cpu", "seconds": 0.1, "progress": 1.0, "centre": "0.5"},
    }


def test_a_coarse_picture_has_the_values_of_its_own_pixels() -> None:
    frame = SurfaceFrame(SurfaceRequest(GRID), np.zeros((1, 2)), np.zeros((1, 2), np.uint16), None, "cpu", 0.0, False)  # type: ignore[arg-type]
    found = frame.to_xarray()
    np.testing.assert_array_equal(found.coords["x"], [0.25, 0.75])
    np.testing.assert_array_equal(found.coords["y"], [0.0])


def test_a_curve_has_columns_only() -> None:
    x = GRID.column_values()
    frame = EquationCurveFrame(EquationCurveRequest(GRID), x, x**3 - 1, np.ones(1), np.zeros(4, np.int16), np.ones(4, np.float32), True)
    found = frame.to_xarray()
    assert set(found.coords) == {"x", "offset"} and found.data["values"][0] == ["x"] and found.data["roots"][0] == ["root"]


def test_axes_have_the_names_of_a_typed_maps_coordinates() -> None:
    request = PhasePlaneRequest(GRID, map="u' = 1 - a*u^2 + v; v' = b*u", parameters=(("a", 1.25), ("b", 0.25)), starts=3)
    found = PhasePlaneFrame(request, 0, 5, 0, 0, "cpu", 0.0, 1.0, True, np.zeros((2, 4), np.int32)).to_xarray()
    assert found.data["counts"][0] == ["v", "u"] and set(found.coords) == {"u", "v", "offset"}
    assert (found.attrs["a"], found.attrs["b"], found.attrs["starts"], found.attrs["steps"]) == (1.25, 0.25, 3, 5)
