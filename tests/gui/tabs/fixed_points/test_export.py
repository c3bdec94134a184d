"""The fixed-point explorer's exports: read back they are the frame, and the picture is drawn at the size asked for."""

import csv
import json
import math
import random
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtGui import QColor, QImage

from funjax_gui.documents import render
from funjax_gui.export.page_layout import Style, lay_out
from funjax_gui.export.request import FORMATS, ExportRequest, formats_of
from funjax_gui.figures import starts as starts_look
from funjax_gui.files import png
from funjax_gui.sessions import session as sessions
from funjax_gui.sessions.session import Session
from funjax_gui.style.theme import THEMES, WHITE
from funjax_gui.tabs.fixed_points.page import caption, parts
from funjax_gui.tabs.fixed_points.requests import usual_starts
from funjax_gui.tabs.fixed_points.session import FixedPoints
from kernels.fixed_point.outcomes import Outcome
from kernels.fixed_point.request import FixedPointFrame, FixedPointRequest, as_json
from kernels.geometry import Viewport
from kernels.maps.registry import LINE_MAPS

POST = FixedPointRequest(x=("-9", "9.5"), starts=38, search=(-9.0, 10.0))  # type: ignore[arg-type]
"""The post's own starts: both ends of the basin are among them."""

pytestmark = pytest.mark.usefixtures("qapp")


@pytest.fixture(scope="module")
def frame() -> FixedPointFrame:
    *_, last = (frame for frame in POST.frames() if frame)
    return last


def run(request: ExportRequest) -> str:
    *_, last = (frame for frame in request.frames() if frame)
    assert last.done
    return last.message


def read_png(path: Path) -> np.ndarray:
    image = QImage(str(path)).convertToFormat(QImage.Format.Format_RGB32)
    assert not image.isNull()
    return np.frombuffer(image.constBits(), np.uint32).reshape(image.height(), -1)[:, : image.width()].copy()


def packed(name: str) -> int:
    return int(QColor(name).rgb())


def test_the_formats_are_those_of_the_tab() -> None:
    assert list(formats_of(POST)) == [".png", ".svg", ".pdf", ".npz", ".csv", ".json", ".py"]
    assert formats_of(POST) is FORMATS[FixedPointRequest]
    assert [exporter.sides is not None for exporter in formats_of(POST).values()] == [True, True, True, False, False, False, False]


def test_json(tmp_path: Path, frame: FixedPointFrame) -> None:
    assert run(ExportRequest(POST, tmp_path / "a.json")) == "saved a.json"

    def refuse(text: str) -> None:
        raise AssertionError(f"{text} is not JSON")

    read = json.loads((tmp_path / "a.json").read_text(), parse_constant=refuse)
    assert as_json(frame).items() <= read.items(), "the keys of before"
    assert read["software"] == "funjax" and sessions.parse(read["session"]).request() == POST
    assert [(point["x"], point["stability"]) for point in read["fixed_points"]] == [(3.0, "attracting"), (7.0, "repelling")]
    assert [point["multiplier"] for point in read["fixed_points"]] == pytest.approx([0.6, 1.4], rel=1e-14)
    assert [(basin["x"], basin["fixed_point"]) for basin in read["basins"]] == [([-7.0, 7.0], 0)]
    outcomes = dict(zip(read["starts"], read["outcomes"], strict=True))
    assert {x: outcomes[x] for x in (-7.5, -7.0, -6.5, 0.0, 6.5, 7.0, 7.5)} == {
        -7.5: "diverged",
        -7.0: "on-point",
        -6.5: "attracted",
        0.0: "attracted",
        6.5: "attracted",
        7.0: "on-point",
        7.5: "diverged",
    }
    assert read["finals"][0] is None and read["attractor"][0] is None


def test_npz(tmp_path: Path, frame: FixedPointFrame) -> None:
    run(ExportRequest(POST, tmp_path / "a.npz"))
    with np.load(tmp_path / "a.npz", allow_pickle=False) as arrays:
        for name in ("starts", "finals", "outcomes", "attractor", "period", "steps"):
            np.testing.assert_array_equal(arrays[name], getattr(frame, name))
        names = arrays["outcome_names"]
        assert [names[code] for code in arrays["outcomes"][:5]] == ["diverged"] * 4 + ["on-point"]
        np.testing.assert_array_equal(arrays["orbit_points"], [3.0, 7.0])
        assert arrays["orbit_stability"].tolist() == ["attracting", "repelling"]
        np.testing.assert_array_equal(arrays["basin_ends"], [[-7.0, 7.0]])
        np.testing.assert_array_equal(arrays["basin_immediate"], [1])
        metadata = json.loads(str(arrays["metadata"]))
    assert (metadata["map"], metadata["parameters"], metadata["iterations"]) == ("post", {"b": 21.0, "c": 10.0}, 500)
    session = sessions.parse(metadata["session"])
    assert session.tab == "fixed-points" and session.request() == POST


def test_csv(tmp_path: Path, frame: FixedPointFrame) -> None:
    run(ExportRequest(POST, tmp_path / "a.csv"))
    lines = (tmp_path / "a.csv").read_text().splitlines()
    rows = list(csv.DictReader(line for line in lines if not line.startswith("#")))
    assert "# parameters: b = 21.0, c = 10.0" in lines and "# map: post" in lines
    at = lines.index("# orbit, period, multiplier, multiplier_error, stability, x, ...")
    orbits = [line.removeprefix("#").split(",") for line in lines[at + 1 : at + 3]]
    assert [(int(o[0]), int(o[1]), o[4].strip(), float(o[5])) for o in orbits] == [(0, 1, "attracting", 3.0), (1, 1, "repelling", 7.0)]
    assert [float(o[2]) for o in orbits] == pytest.approx([0.6, 1.4])
    assert "#   -7.0, 7.0, 0, True" in lines
    assert list(rows[0]) == ["start", "final", "outcome", "attractor", "period", "steps"]
    np.testing.assert_array_equal([float(row["start"]) for row in rows], frame.starts)
    np.testing.assert_array_equal([float(row["final"]) for row in rows], frame.finals)
    assert [row["outcome"] for row in rows] == [Outcome(int(code)).label for code in frame.outcomes]
    for name in ("attractor", "period", "steps"):
        assert [int(row[name]) for row in rows] == getattr(frame, name).tolist()


def test_no_orbit_and_no_basin_are_empty_arrays(tmp_path: Path) -> None:
    request = FixedPointRequest(parameters={"b": 40.0}, starts=5, steps=20)  # type: ignore[arg-type]
    for suffix in (".npz", ".json", ".csv", ".png"):
        run(ExportRequest(request, tmp_path / f"a{suffix}", (200, 100)))
    with np.load(tmp_path / "a.npz", allow_pickle=False) as arrays:
        assert arrays["orbit_points"].shape == (0,) and arrays["basin_ends"].shape == (0, 2)
    read = json.loads((tmp_path / "a.json").read_text())
    assert read["fixed_points"] == read["basins"] == [] and set(read["outcomes"]) == {"diverged"}


@pytest.mark.parametrize("size", [(1280, 800), (400, 300), (1, 1), (333, 257)])
@pytest.mark.parametrize("plain", [True, False])
def test_a_picture_has_just_the_size_asked_for(tmp_path: Path, size: tuple[int, int], plain: bool) -> None:
    said = run(ExportRequest(POST, tmp_path / "a.png", size, Style(plain=plain)))
    assert said.split("; no room for ")[0] == f"saved a.png, {size[0]} x {size[1]}"
    assert read_png(tmp_path / "a.png").shape == size[::-1]


@pytest.mark.parametrize(("theme", "colours"), THEMES.items())
def test_points_bands_and_axes_are_where_they_belong(tmp_path: Path, theme: str, colours: object) -> None:
    view = Viewport.from_limits(-9, "9.5", 0, 10)
    run(ExportRequest(POST, tmp_path / "a.png", (740, 480), Style(theme, view=view)))
    read = read_png(tmp_path / "a.png")
    plot = lay_out((740, 480), view, parts=parts(POST, Style())).plot
    ground = packed(colours.background)

    def at(start: float, final: float) -> int:
        u, v = (start + 9) / 18.5, final / 10
        return int(read[round(plot.top() + (1 - v) * plot.height()), round(plot.left() + u * plot.width())])

    attracted = packed(starts_look.hue(0, colours))  # type: ignore[arg-type]
    assert at(1.0, 3.0) == at(-5.0, 3.0) == attracted
    assert at(-8.25, 1.0) == at(9.1, 1.0) == ground, "nothing lies behind what diverges"
    band = at(0.2, 1.0)
    assert band not in (ground, attracted) and at(-6.9, 1.0) == at(6.9, 1.0) == band
    assert at(-7.1, 1.0) == at(7.1, 1.0) == ground
    top = read[plot.top() + 7, plot.left() + round((9 - 8.5) / 18.5 * plot.width())]
    assert top == packed(colours.bad), "what diverged is at the rim"
    assert (read[: plot.top()] != ground).any() and (read[:, : plot.left() - 2] != ground).any()


def test_a_picture_says_what_it_is(tmp_path: Path, frame: FixedPointFrame) -> None:
    run(ExportRequest(POST, tmp_path / "a.png", (640, 400)))
    with open(tmp_path / "a.png", "rb") as file:
        texts = png.texts(file)
    assert texts["Title"] == "(x² + b)/c (post): x → (x² + b) / c, b = 21, c = 10"
    assert sessions.parse(texts["funjax-session"]).request() == POST
    said = caption(frame).split("  ·  ")
    assert said == [
        "38 initial conditions, 500 steps: 27 attracted, 9 diverged, 2 on point",
        "fixed points 3 (attracting), 7 (repelling)",
        "float64",
        "funjax",
    ]


def test_sizes_that_cannot_be(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="too large; give at most 32 767 pixels a side"):
        ExportRequest(POST, tmp_path / "a.png", (40_000, 10))
    with pytest.raises(ValueError, match="0 x 10 has no pixels"):
        ExportRequest(POST, tmp_path / "a.png", (0, 10))
    ExportRequest(POST, tmp_path / "a.npz", (0, 10))


def test_render_draws_a_map_drawn_by_lot(tmp_path: Path) -> None:
    name = random.choice(sorted(LINE_MAPS))
    low, high = usual_starts(name)
    sessions.save(tmp_path / "s.toml", Session("fixed-points", fixed_points=FixedPoints(name, x=(low, high), starts=101, steps=200)))
    shares: list[float] = []
    assert render(tmp_path / "s.toml", tmp_path / "a.png", size=(320, 200), progress=shares.append).done
    assert shares == sorted(shares) and shares[-1] == 1.0
    ground = packed(WHITE.background)
    drawn = read_png(tmp_path / "a.png") != ground
    assert 0.01 < drawn.mean() < 0.98
    render(tmp_path / "s.toml", tmp_path / "a.json")
    read = json.loads((tmp_path / "a.json").read_text())
    assert len(read["starts"]) == 101 and all(math.isfinite(point["x"]) for point in read["fixed_points"])


def test_samples_are_not_for_starts(tmp_path: Path) -> None:
    sessions.save(tmp_path / "s.toml", Session("fixed-points"))
    with pytest.raises(ValueError, match="samples are recorded for a bifurcation diagram, and the session's tab is fixed-points"):
        render(tmp_path / "s.toml", tmp_path / "a.png", samples=5)
