"""Files of a phase plane: each format rendered without a window, and what a session may say."""

import json
import math
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from funjax_gui.documents import render
from funjax_gui.sessions import session as sessions
from funjax_gui.tabs.fixed_points.plane import page

TEXT = """
funjax = 1
tab = "fixed-points"
[fixed-points]
map = "henon"
start = [0.1, 0.1]
pins = [[0.0, 0.0]]
starts = 100
steps = 100
longest-period = 2
show = ["orbits"]
"""


@pytest.fixture
def session(tmp_path: Path) -> Path:
    path = tmp_path / "s.toml"
    path.write_text(TEXT)
    return path


def test_numbers_and_pictures_are_written(session: Path, tmp_path: Path) -> None:
    found = {}
    for suffix in ("json", "npz", "csv", "png", "svg"):
        out = tmp_path / f"out.{suffix}"
        render(session, out, size=(320, 200) if suffix in ("npz", "png", "svg") else None)
        found[suffix] = out
    data = json.loads(found["json"].read_text())
    assert [point["stability"] for point in data["fixed_points"]] == ["saddle", "saddle"]
    x = (-0.7 + math.sqrt(0.49 + 5.6)) / 2.8
    assert data["fixed_points"][1]["x"] == pytest.approx([x, 0.3 * x], rel=1e-15)
    assert data["fixed_points"][1]["eigenvalues"][0][1] == 0
    assert [cycle["period"] for cycle in data["cycles"]] == [2]
    assert sum(data["lyapunov"]) == pytest.approx(math.log(0.3), rel=1e-12)
    assert data["dimension"] == pytest.approx(1.258, abs=0.01)
    assert data["box_dimension"] == pytest.approx(1.26, abs=max(0.02, data["box_dimension_error"]))
    assert data["correlation_dimension"] == pytest.approx(1.22, abs=max(0.02, data["correlation_dimension_error"]))
    assert (data["rotation_number"], data["rotation_about"]) == (None, None)
    with np.load(found["npz"]) as arrays:
        assert arrays["counts"].shape == (200, 320)
        assert arrays["counts"].sum() > 7000
        assert arrays["orbits"].shape == (2, 100, 2)
        assert arrays["cycle_points"].shape == (4, 2)
    assert found["csv"].read_text().count("\n0,1,") == 1
    inside, told = sessions.load(found["png"]).fixed_points, sessions.load(session).fixed_points
    assert (inside.map, inside.start, inside.pins, inside.y) == (told.map, told.start, told.pins, told.y)
    assert "flip saddle" in found["svg"].read_text()


def test_basins_are_exported(tmp_path: Path) -> None:
    (tmp_path / "s.toml").write_text(TEXT.replace('"orbits"', '"orbits", "basins"'))
    for suffix in ("npz", "svg"):
        render(tmp_path / "s.toml", tmp_path / f"out.{suffix}", size=(320, 200))
    with np.load(tmp_path / "out.npz") as arrays:
        assert arrays["basins"].shape == (200, 320)
        told = json.loads(str(arrays["metadata"]))
        assert [entry["kind"] for entry in told["attractors"]] == ["chaotic"]
        assert told["attractors"][0]["share"] == (arrays["basins"] == 0).mean()
        assert told["shares_without"]["diverged"] == (arrays["basins"] == -2).mean() > 0.1
    assert "to the chaotic" in (tmp_path / "out.svg").read_text()


def test_manifolds_are_exported(tmp_path: Path) -> None:
    (tmp_path / "s.toml").write_text(TEXT.replace('show = ["orbits"]', 'show = ["manifolds"]\nmanifold-length = 6.0'))
    for suffix in ("json", "npz", "svg", "py"):
        render(tmp_path / "s.toml", tmp_path / f"out.{suffix}", size=(320, 200))
    data = json.loads((tmp_path / "out.json").read_text())
    assert [(each["stable"], each["side"], each["length"]) for each in data["manifolds"][:3]] == [
        (False, 1, 6.0),
        (False, -1, 6.0),
        (True, 1, 6.0),
    ]
    assert len(data["manifolds"]) == 8
    assert data["manifolds"][0]["saddle"] == data["fixed_points"][0]["x"]
    with np.load(tmp_path / "out.npz") as arrays:
        assert arrays["manifold_points"].shape == (len(arrays["manifold_branch"]), 2)
        assert arrays["crossings_homoclinic"].sum() == len(data["homoclinic"]) > 0
    picture = (tmp_path / "out.svg").read_text()
    assert "unstable manifold" in picture
    assert "homoclinic points" in picture
    assert "ManifoldsRequest(view, request.map, request.parameters, 6.0, 1)" in (tmp_path / "out.py").read_text()


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        ('map = "henon"\nstart = 0.5', "line 5: start: initial conditions of henon, a map of the plane, are points"),
        ('map = "logistic"\nstart = [0.5, 0.1]', "are numbers such as 0.5"),
        ('map = "henon"\nstart = [0.5]', "a point's two coordinates"),
        ('map = "henon"\npower = 2', "power is not a key for henon"),
        ('map = "logistic"\ny = [0.0, 1.0]', "y is not a key for logistic"),
        ('map = "henon"\npins = [[0.5, 0.1], 0.3]', "not both|number such as"),
        ('map = "henon"\nshow = ["pictures"]', "it may have orbits"),
        ('map = "henon"\ny = [1.0, 0.0]', "empty or reversed"),
        ('map = "henon"\nparameters = { q = 1.0 }', "has no parameter"),
        ('map = "standard"\nshow = ["basins"]', "preserves areas, so it has no basins"),
        ('map = "hennon"', "the maps are"),
        ('map = "henon"\nmanifold-length = 1e9', "line 5: the length of manifolds 1e\\+09 is out of range"),
        ('map = "henon"\nmanifold-period = 9', "manifold-period"),
        ('map = "logistic"\ncolouring = "orbits"', "colouring is not a key for logistic"),
    ],
)
def test_what_a_session_may_not_say_is_refused_in_one_line(lines: str, words: str) -> None:
    text = f'funjax = 1\ntab = "fixed-points"\n[fixed-points]\n{lines}\n'
    with pytest.raises(ValueError, match=words) as error:
        sessions.parse(text)
    assert "\n" not in str(error.value)


def test_a_caption_says_what_the_picture_shows() -> None:
    request = SimpleNamespace(orbits=2000, transient=100, steps=300)
    picture = SimpleNamespace(request=request, precision="float64")
    usual: dict[str, Any] = {"picture": picture, "cycles": None, "spectrum": None, "basins": None, "manifolds": None}
    basins = SimpleNamespace(request=SimpleNamespace(steps=400))
    captions = [
        page.caption(SimpleNamespace(**(usual | more), request=SimpleNamespace(shown=shown)))  # type: ignore[arg-type]
        for shown, more in ((("orbits",), {}), (("basins",), {"basins": basins}), ((), {}))
    ]
    assert ["orbits" in each for each in captions] == [True, False, False]
    assert ["at most 400 steps" in each for each in captions] == [False, True, False]
