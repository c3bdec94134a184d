"""Exports: read back they are the frame, they have just the size asked for, and a failure leaves the old file."""

import csv
import errno
import io
import itertools
import json
import math
import os
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtGui import QFontMetricsF, QImage, QImageReader

from funjax_gui.documents import render
from funjax_gui.export import request as export
from funjax_gui.export.format import Exporter
from funjax_gui.export.page_layout import SHOWN, Style, lay_out
from funjax_gui.export.page_text import font_of
from funjax_gui.export.request import FORMATS, ExportFrame, ExportRequest, exporter_for
from funjax_gui.files import png
from funjax_gui.files.writing import FileError
from funjax_gui.sessions import session as sessions
from funjax_gui.style import colour_maps
from funjax_gui.style.theme import THEMES
from funjax_gui.tabs.bifurcation.export import EXPORTERS
from funjax_gui.tabs.bifurcation.page import caption, formula, layout, pixels
from funjax_gui.tabs.bifurcation.session import Bifurcation
from funjax_gui.tabs.newton.session import Newton
from funjax_gui.worker.worker import Worker
from kernels.bifurcation import DIFFERENCES
from kernels.bifurcation.request import BifurcationFrame, BifurcationRequest
from kernels.geometry import Grid, Viewport
from kernels.maps.registry import MAPS

VIEW = Viewport.from_limits("2.9", "4.1", "0", "1")
REQUEST = BifurcationRequest(Grid(VIEW, 60, 40), transient=200, samples=300)

pytestmark = pytest.mark.usefixtures("qapp")


def computed(request: BifurcationRequest) -> BifurcationFrame:
    *_, last = (frame for frame in request.frames() if frame)
    return last


@pytest.fixture(scope="module")
def frame() -> BifurcationFrame:
    """Columns of period 1 and 2, chaotic ones, and ones that diverge."""
    frame = computed(REQUEST)
    assert {-1, 0, 1, 2} <= set(frame.period.tolist())
    return frame


def run(request: ExportRequest) -> list[ExportFrame]:
    return [frame for frame in request.frames() if frame]


def read_png(path: Path) -> np.ndarray:
    """0xffRRGGBB, shape (height, width)."""
    image = QImage(str(path)).convertToFormat(QImage.Format.Format_RGB32)
    assert not image.isNull()
    return np.frombuffer(image.constBits(), np.uint32).reshape(image.height(), -1)[:, : image.width()].copy()


# Numbers -------------------------------------------------------------------------------------------------------------------------


def test_npz(tmp_path: Path, frame: BifurcationFrame) -> None:
    run(ExportRequest(REQUEST, tmp_path / "a.npz"))
    with np.load(tmp_path / "a.npz", allow_pickle=False) as arrays:
        assert arrays["counts"].shape == (40, 60)
        assert arrays["counts"].dtype == np.int32
        np.testing.assert_array_equal(arrays["counts"], frame.counts)
        np.testing.assert_array_equal(arrays["counts"].sum(axis=0) + arrays["outside"], 300)
        np.testing.assert_array_equal(arrays["rows"], REQUEST.grid.row_values())
        assert arrays["rows"][0] > arrays["rows"][-1], "top row first"
        for name in ("columns", "period", "multiplier", "lyapunov", "outside", "skipped"):
            np.testing.assert_array_equal(arrays[name], getattr(frame, name))
            assert arrays[name].dtype == getattr(frame, name).dtype
        metadata = json.loads(str(arrays["metadata"]))
    assert (metadata["map"], metadata["sweep"], metadata["transient"], metadata["samples"]) == ("logistic", "a", 200, 300)
    assert sessions.parse(metadata["session"]).bifurcation.request() == REQUEST


def read_table(path: Path) -> tuple[list[str], list[dict[str, str]]]:
    """The comments of a table, without their sign, and its rows."""
    lines = path.read_text().splitlines()
    return [line[2:] for line in lines if line.startswith("#")], list(csv.DictReader(line for line in lines if not line.startswith("#")))


def test_points_are_the_pixels_with_samples(tmp_path: Path, frame: BifurcationFrame) -> None:
    run(ExportRequest(REQUEST, tmp_path / "a.dat"))
    comments, rows = read_table(tmp_path / "a.dat")
    assert list(rows[0]) == ["a", "x", "visits", "period"] and len(rows) == np.count_nonzero(frame.counts)
    counts = np.zeros_like(frame.counts)
    columns, heights = frame.columns.tolist(), REQUEST.grid.row_values().tolist()
    for row in rows:
        counts[heights.index(float(row["x"])), columns.index(float(row["a"]))] = int(row["visits"])
    np.testing.assert_array_equal(counts, frame.counts)
    assert "x is the middle of a pixel: it is exact to within 0.0125" in comments


def test_csv(tmp_path: Path, frame: BifurcationFrame) -> None:
    run(ExportRequest(REQUEST, tmp_path / "a.csv"))
    comments, rows = read_table(tmp_path / "a.csv")
    assert {"map: logistic", "start: 0.5", "transient: 200", "samples: 300", "session:"} <= set(comments)
    assert sessions.parse("\n".join(comments[comments.index("session:") + 1 :])).bifurcation.request() == REQUEST
    assert list(rows[0]) == ["a", "period", "multiplier", "lyapunov", "outside", "skipped"]
    np.testing.assert_array_equal([float(row["a"]) for row in rows], frame.columns)
    for name in ("period", "outside", "skipped"):
        assert [int(row[name]) for row in rows] == getattr(frame, name).tolist()
    for name in ("multiplier", "lyapunov"):
        np.testing.assert_array_equal([float(row[name]) for row in rows], getattr(frame, name))


def test_json(tmp_path: Path, frame: BifurcationFrame) -> None:
    run(ExportRequest(REQUEST, tmp_path / "a.json"))

    def refuse(text: str) -> None:
        raise AssertionError(f"{text} is not JSON")

    read = json.loads((tmp_path / "a.json").read_text(), parse_constant=refuse)
    assert {"a", "period", "lyapunov", "samples", "transient", "precision"} <= set(read), "the keys of before"
    assert (read["map"], read["sweep"], read["parameters"], read["start"]) == ("logistic", "a", {}, 0.5)
    assert read["software"] == "funjax" and sessions.parse(read["session"]).bifurcation.request() == REQUEST
    assert read["multiplier"] == [value if math.isfinite(value) else None for value in frame.multiplier.tolist()]
    assert read["a"] == frame.columns.tolist()
    assert read["period"] == frame.period.tolist()
    assert read["lyapunov"] == [value if math.isfinite(value) else None for value in frame.lyapunov.tolist()]
    assert None in read["lyapunov"]
    assert (read["samples"], read["transient"], read["precision"]) == (300, 200, frame.precision)


def test_json_below_float64_has_offsets_from_a_decimal_centre_and_the_return_map(frame: BifurcationFrame) -> None:
    centre = "3.569945671870944901842005151386498936"
    deep = replace(REQUEST, grid=replace(REQUEST.grid, viewport=Viewport(Decimal(centre), Decimal("0.5"), 1e-30, 1e-18)))
    file, shown = io.BytesIO(), replace(frame, request=deep, engine="return map", iterations=2**70)
    EXPORTERS[".json"].write(file, shown, ExportRequest(deep, Path("a.json")))
    read = json.loads(file.getvalue())
    assert (read["centre"], read["return"], read["engine"]) == (centre, str(2**70), "return map")
    assert read["offset"] == deep.grid.column_offsets().tolist() and len(read["offset"]) == len(read["a"]) == len(read["period"])


def test_infinities_and_nan_are_null_in_json_and_told_apart_in_csv(frame: BifurcationFrame) -> None:
    odd = np.full(60, 0.1)
    odd[:3] = -np.inf, np.inf, np.nan
    frame, job = replace(frame, lyapunov=odd), ExportRequest(REQUEST, Path("a.csv"))
    file = io.BytesIO()
    EXPORTERS[".json"].write(file, frame, job)
    assert json.loads(file.getvalue())["lyapunov"][:4] == [None, None, None, 0.1]
    file = io.BytesIO()
    EXPORTERS[".csv"].write(file, frame, job)
    lines = [line for line in file.getvalue().decode().splitlines() if not line.startswith("#")]
    assert [line.split(",")[3] for line in lines[1:5]] == ["-inf", "inf", "nan", "0.1"]


def test_another_map_and_its_parameters(tmp_path: Path) -> None:
    request = BifurcationRequest(Grid(MAPS["gauss"].view, 20, 10), map="gauss", sweep="beta", samples=50, start=0.0)
    run(ExportRequest(request, tmp_path / "a.JSON"))
    assert "beta" in json.loads((tmp_path / "a.JSON").read_text())


# Pictures ------------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [(800, 500), (400, 300), (64, 48), (1, 1), (1, 500), (500, 1), (333, 257)])
@pytest.mark.parametrize("plain", [True, False])
def test_a_picture_has_just_the_size_asked_for(tmp_path: Path, size: tuple[int, int], plain: bool) -> None:
    run(ExportRequest(REQUEST, tmp_path / "a.png", size, Style(plain=plain)))
    assert read_png(tmp_path / "a.png").shape == size[::-1]


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("show", SHOWN)
@pytest.mark.parametrize("toned", colour_maps.TONES)
def test_a_plain_picture_is_the_counts_coloured(tmp_path: Path, frame: BifurcationFrame, theme: str, show: str, toned: str) -> None:
    style = Style(theme, "viridis", toned, show, plain=True)
    run(ExportRequest(REQUEST, tmp_path / "a.png", style=style))
    read = read_png(tmp_path / "a.png")
    np.testing.assert_array_equal(read, pixels(frame, style))
    background = colour_maps.pack(colour_maps.unpack(THEMES[theme].background))
    empty = (frame.counts == 0) if show == "density" else ((frame.counts == 0) & (frame.period == 0)) | (frame.period == -1)
    np.testing.assert_array_equal(read == background, empty)


def test_a_picture_is_computed_for_its_plot_area(tmp_path: Path) -> None:
    """Not stretched to it: the plot's pixels are those of a request of just that grid, and all around is the page."""
    run(ExportRequest(REQUEST, tmp_path / "a.png", (640, 480)))
    found = layout(REQUEST, (640, 480), Style())
    assert found.font and found.below
    plot = found.plot
    read = read_png(tmp_path / "a.png")
    there = computed(replace(REQUEST, grid=Grid(VIEW, *found.grid)))
    inside = read[plot.top() : plot.top() + plot.height(), plot.left() : plot.left() + plot.width()]
    np.testing.assert_array_equal(inside, pixels(there, Style()))
    background = colour_maps.pack(colour_maps.unpack(THEMES["white"].background))
    for edge in (read[0], read[-1], read[:, 0], read[:, -1]):
        assert (edge == background).all(), "nothing is cut off at the edge"
    for words in (read[: plot.top()], read[plot.top() + plot.height() + 2 :], read[:, : plot.left() - 2]):
        assert (words != background).any()


@pytest.mark.parametrize("size", [(320, 240), (640, 480), (1280, 800), (3840, 2160), (2000, 500), (500, 2000), (30_000, 20_000)])
@pytest.mark.parametrize(
    "limits",
    [
        ("3.4", "4", "0", "1"),
        ("3.56994567187094", "3.56994567187095", "0.49999999999999", "0.50000000000001"),
        ("-1e6", "1e6", "-1e-9", "1"),
    ],
)
def test_words_have_room_at_every_size_and_depth(size: tuple[int, int], limits: tuple[str, ...]) -> None:
    layout = lay_out(size, Viewport.from_limits(*limits))
    plot = layout.plot
    assert 0 <= plot.left() and plot.left() + plot.width() <= size[0]
    assert 0 <= plot.top() and plot.top() + plot.height() <= size[1]
    if not layout.font:
        assert layout.grid == size
        return
    metrics = QFontMetricsF(font_of(layout.font))
    assert layout.horizontal and layout.vertical
    assert max(metrics.horizontalAdvance(label) for _, label in layout.vertical.majors) < plot.left() - layout.font
    places = [(plot.left() + at * plot.width(), metrics.horizontalAdvance(label) / 2) for at, label in layout.horizontal.majors]
    for (at, half), (after, next_half) in pairwise(places):
        assert at + half < after - next_half
    if places:
        assert 0 <= places[0][0] - places[0][1]
        assert places[-1][0] + places[-1][1] <= size[0]


def test_a_return_map_s_caption_says_whether_its_containment_is_proved(frame: BifurcationFrame) -> None:
    assert "containment: heuristic" in caption(replace(frame, engine="return map", iterations=8)).split("  ·  ")
    assert "containment: proved" in caption(replace(frame, engine="return map", iterations=8, certified=True)).split("  ·  ")
    assert "heuristic" not in caption(replace(frame, engine=DIFFERENCES)) + caption(frame)


def test_words_are_left_out_where_there_is_no_room() -> None:
    assert lay_out((64, 48), VIEW).grid == (64, 48)
    assert lay_out((1280, 800), VIEW, Style(plain=True)).grid == (1280, 800)
    assert lay_out((1280, 800), VIEW).grid != (1280, 800)


def test_a_picture_says_what_it_is(tmp_path: Path, frame: BifurcationFrame) -> None:
    view = Viewport.from_limits("-0.5", "0.25", "-3e-25", "1e-25")
    request = BifurcationRequest(Grid(view, 8, 8), map="gauss", sweep="beta", parameters={"alpha": -4.5}, start=-0.25)
    assert formula(request) == "x → exp(−α x²) + β,   α = −4.5,   x₀ = −0.25"
    said = caption(replace(frame, request=request, transient=1000, samples=123456, precision="float32"))
    assert said.split("  ·  ") == [
        "1 000 transient + 123 456 samples per column",
        "float32",
        "β from −0.5 to 0.25",
        "x from −3E−25 to 1E−25",
        "funjax",
    ]


def test_the_session_travels_in_the_picture(tmp_path: Path) -> None:
    newton = Newton(max_steps=7)
    session = sessions.Session("newton", newton=newton)
    run(ExportRequest(REQUEST, tmp_path / "a.png", (320, 240), session=session))
    with open(tmp_path / "a.png", "rb") as file:
        texts = png.texts(file)
    assert texts["Software"] == "funjax"
    assert texts["Title"] == QImageReader(str(tmp_path / "a.png")).text("Title") == "Logistic: x → a x − a x², x₀ = 0.5"
    assert "200 transient + 300 samples" in texts["Description"]
    read = sessions.parse(texts["funjax-session"])
    assert read.tab == "bifurcation"
    assert read.newton == newton
    assert read.bifurcation.size == (320, 240)
    assert read.bifurcation.request((60, 40)) == REQUEST


@given(st.binary(max_size=60), st.integers(0, 400), st.integers(0, 20))
def test_texts_of_damaged_pictures_are_what_is_sound(junk: bytes, place: int, length: int) -> None:
    file = io.BytesIO()
    png.write(file, np.zeros((2, 2), np.uint32), {"One": "α\nβ", "Two": "2"})
    whole = file.getvalue()
    assert png.texts(io.BytesIO(whole)) == {"One": "α\nβ", "Two": "2"}
    damaged = whole[:place] + junk + whole[place + length :]
    assert set(png.texts(io.BytesIO(damaged)).items()) <= {("One", "α\nβ"), ("Two", "2")}
    assert png.texts(io.BytesIO(junk)) == {}


@pytest.mark.parametrize("named", [{"theme": "pink"}, {"colour_map": "jet"}, {"tone": "loud"}, {"show": "nothing"}])
def test_an_unknown_style_is_refused(named: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="is not known; choose one of"):
        Style(**named)


# Requests ------------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "said"), [("a.jpg", "'.jpg' is not one"), ("a", "it has none"), (".png", "it has none"), ("", "it has none")]
)
def test_an_unknown_suffix_is_refused(name: str, said: str) -> None:
    with pytest.raises(ValueError) as caught:
        ExportRequest(REQUEST, Path(name))
    assert f"the suffix chooses the format, and {said} of .png, .svg, .pdf, .npz, .csv, .dat, .json" in str(caught.value)


def test_a_suffix_may_be_written_large() -> None:
    assert exporter_for(REQUEST, "A.PNG") is EXPORTERS[".png"]


@dataclass(frozen=True)
class Other:
    """Another tab's request, of one format, which has no size."""

    def frames(self) -> Iterator[Any]:
        yield None
        yield SimpleNamespace(request=self, progress=1.0)


def test_each_kind_of_request_has_its_own_formats(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def write(file: Any, frame: Any, export: ExportRequest) -> None:
        assert frame.request is export.request
        file.write(b"told")

    assert exporter_for(REQUEST, "a.csv") is EXPORTERS[".csv"]
    with pytest.raises(ValueError, match=r"the format, and '\.txt' is not one of \.png, \.svg, \.pdf, \.npz, \.csv, \.dat, \.json"):
        exporter_for(REQUEST, "a.txt")
    with pytest.raises(ValueError, match="of those there are: none"):
        ExportRequest(Other(), tmp_path / "a.txt")
    monkeypatch.setitem(FORMATS, Other, {".txt": Exporter("Words", write)})
    with pytest.raises(ValueError, match=r"the suffix chooses the format, and '\.png' is not one of \.txt"):
        ExportRequest(Other(), tmp_path / "a.png")
    assert run(ExportRequest(Other(), tmp_path / "a.txt"))[-1].message == "saved a.txt"
    assert (tmp_path / "a.txt").read_bytes() == b"told"


def test_sizes_that_cannot_be() -> None:
    with pytest.raises(ValueError, match="a picture of 40000 x 10 is too large; give at most 32 767 pixels a side"):
        ExportRequest(REQUEST, Path("a.png"), (40_000, 10))
    ExportRequest(REQUEST, Path("a.npz"), (40_000, 10))
    with pytest.raises(ValueError, match="bytes"):
        ExportRequest(REQUEST, Path("a.npz"), (10**7, 10**6))
    with pytest.raises(ValueError, match="number of columns 0 is out of range"):
        ExportRequest(REQUEST, Path("a.csv"), (0, 10))


@pytest.mark.parametrize("suffix", EXPORTERS)
def test_progress_climbs_to_the_end(tmp_path: Path, suffix: str) -> None:
    request = ExportRequest(replace(REQUEST, keep_refining=True), tmp_path / f"a{suffix}", (300, 200))
    frames = run(request)
    assert all(frame.request is request for frame in frames)
    shares = [frame.progress for frame in frames]
    assert shares[0] == 0.0
    assert shares == sorted(shares)
    assert shares[-1] == 1.0
    assert [frame.done for frame in frames] == [False] * (len(frames) - 1) + [True]
    assert frames[-1].message.partition(";")[0] == f"saved a{suffix}, 300 x 200"
    assert os.listdir(tmp_path) == [f"a{suffix}"]


@pytest.mark.parametrize("suffix", EXPORTERS)
def test_an_export_can_be_cancelled_at_every_step(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"a{suffix}"
    path.write_bytes(b"old")
    request, steps, done = ExportRequest(REQUEST, path, (64, 48)), 0, False
    while not done:
        steps += 1
        frames = request.frames()
        for frame in itertools.islice(frames, steps):  # another time it may take fewer
            done = frame is not None and frame.done
        frames.close()
        if not done:
            assert path.read_bytes() == b"old"
        assert os.listdir(tmp_path) == [path.name]
    assert steps >= 4, "before computing, before writing, after writing, at the end"
    assert path.read_bytes() != b"old"


class FullFile(io.FileIO):
    """A file on a disk with room for 500 bytes."""

    def write(self, data: Any) -> int:
        if self.tell() + len(data) > 500:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return super().write(data)


@pytest.mark.parametrize("suffix", EXPORTERS)
def test_a_full_disk_leaves_the_old_file(tmp_path: Path, suffix: str, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / f"a{suffix}"
    path.write_bytes(b"old")
    monkeypatch.setattr(os, "fdopen", lambda handle, mode: FullFile(handle, mode))
    with pytest.raises(FileError) as caught:
        run(ExportRequest(REQUEST, path, (120, 100)))
    assert str(caught.value) == f"{path} cannot be written: the disk is full; make room or choose another folder"
    assert path.read_bytes() == b"old"
    assert os.listdir(tmp_path) == [path.name]


def test_a_wrong_folder_is_known_before_any_work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def never(self: Any) -> Iterator[Any]:
        raise AssertionError("computed in vain")

    monkeypatch.setattr(BifurcationRequest, "frames", never)
    with pytest.raises(FileError, match="does not exist; make it first"):
        run(ExportRequest(REQUEST, tmp_path / "none" / "a.png"))


def test_a_kernel_that_fails_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(self: Any) -> Iterator[Any]:
        yield None
        raise RuntimeError("no device")

    path = tmp_path / "a.png"
    path.write_bytes(b"old")
    monkeypatch.setattr(BifurcationRequest, "frames", fail)
    with pytest.raises(RuntimeError, match="no device"):
        run(ExportRequest(REQUEST, path))
    assert path.read_bytes() == b"old"
    assert os.listdir(tmp_path) == ["a.png"]


def test_the_worker_runs_and_cancels_exports(tmp_path: Path, qtbot: Any) -> None:
    worker = Worker()
    try:
        with qtbot.waitSignal(worker.finished):
            worker.submit(ExportRequest(REQUEST, tmp_path / "a.png", (320, 240)))
        assert read_png(tmp_path / "a.png").shape == (240, 320)
        endless = replace(REQUEST, samples=2**31 - 1)
        with qtbot.waitSignal(worker.frame):
            worker.submit(ExportRequest(endless, tmp_path / "b.png", (320, 240)))
        worker.cancel(ExportRequest)
    finally:
        assert worker.close(60)
    assert os.listdir(tmp_path) == ["a.png"]


# The command's part --------------------------------------------------------------------------------------------------------------


def test_render_overrides_and_plain(tmp_path: Path) -> None:
    sessions.save(tmp_path / "s.toml", sessions.Session(bifurcation=Bifurcation.of(REQUEST)))
    render(tmp_path / "s.toml", tmp_path / "a.npz", size=(30, 20), samples=77)
    with np.load(tmp_path / "a.npz") as arrays:
        assert arrays["counts"].shape == (20, 30)
        assert json.loads(str(arrays["metadata"]))["samples"] == 77
    render(tmp_path / "s.toml", tmp_path / "a.png", plain=True)
    np.testing.assert_array_equal(read_png(tmp_path / "a.png"), pixels(computed(REQUEST), Style()))


def test_render_refuses_in_one_line(tmp_path: Path) -> None:
    sessions.save(tmp_path / "s.toml", sessions.Session(tab="newton"))
    with pytest.raises(ValueError, match="samples are recorded for a bifurcation diagram, and the session's tab is newton"):
        render(tmp_path / "s.toml", tmp_path / "a.png", samples=5)
    with pytest.raises(ValueError, match="suffix chooses the format"):
        render(tmp_path / "none.toml", tmp_path / "a.gif")
    with pytest.raises(FileError, match="there is no such file"):
        render(tmp_path / "none.toml", tmp_path / "a.png")
    assert os.listdir(tmp_path) == ["s.toml"]


def test_render_makes_the_application_it_needs(tmp_path: Path) -> None:
    import subprocess
    import sys

    sessions.save(tmp_path / "s.toml", sessions.Session(bifurcation=Bifurcation.of(REQUEST)))
    code = "import sys; from funjax_gui.documents import render; render(*sys.argv[1:], size=(320, 240))"
    command = [sys.executable, "-c", code, str(tmp_path / "s.toml"), str(tmp_path / "a.png")]
    environment = {key: value for key, value in os.environ.items() if key not in ("DISPLAY", "QT_QPA_PLATFORM")}
    done = subprocess.run(command, env=environment, cwd=Path(export.__file__).parents[2], capture_output=True, timeout=600)
    assert (done.returncode, done.stderr) == (0, b"")
    assert read_png(tmp_path / "a.png").shape == (240, 320)
