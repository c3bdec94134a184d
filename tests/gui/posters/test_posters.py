"""Posters are the pixels of the picture made at once, in constant memory, and what cannot be made is refused in one line."""

import io
import shutil
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest

from funjax_gui import documents
from funjax_gui.cli.command import BAD_INPUT, run
from funjax_gui.export import FORMATS, ExportJob, Style
from funjax_gui.figures import newton_basins, plane_basins, surface_pixels
from funjax_gui.files import png
from funjax_gui.posters import tiff
from funjax_gui.sessions import session as sessions
from funjax_gui.style import Colours, Tally, colour_maps
from funjax_gui.tabs.bifurcation.page import pixels
from funjax_gui.tabs.newton.equations import figures
from kernels.labelled import PICTURE
from kernels.posters import Progress
from kernels.posters import store as stores
from kernels.validation import grouped

SESSION = """\
funjax = 1
tab = "bifurcation"
[bifurcation]
map = "logistic"
range = [3.4, 4.0]
x = [0, 1]
transient = 100
samples = 301
size = [130, 40]
"""


@pytest.fixture
def session(tmp_path: Path) -> Path:
    path = tmp_path / "s.funjax.toml"
    path.write_text(SESSION)
    return path


def decoded(path: Path | io.BytesIO) -> np.ndarray:
    """The colours of a picture as 0xffRRGGBB."""
    image = pytest.importorskip("PIL.Image").open(path).convert("RGB")
    return colour_maps.pack(np.asarray(image, dtype=np.float64))


@pytest.mark.parametrize("show", ["density", "period"])
def test_a_poster_has_the_pixels_of_the_picture(session: Path, tmp_path: Path, show: str) -> None:
    pytest.importorskip("zarr")
    session.write_text(f'{SESSION}show = "{show}"\n')
    out, seen = tmp_path / "poster.png", []
    documents.poster(session, out, progress=seen.append)
    frame = list(filter(None, sessions.load(session).request().frames()))[-1]
    assert np.array_equal(decoded(out), pixels(frame, Style(**sessions.load(session).appearance, plain=True)))
    assert isinstance(seen[-1], Progress) and seen[-1].done == seen[-1].total > 1
    assert not out.with_suffix(".zarr").exists(), "the store goes once its picture is there"
    assert sessions.load(out).bifurcation.size == (130, 40)


NEWTON = 'funjax = 1\ntab = "newton"\n[newton]\n'
OTHERS: dict[str, tuple[str, Callable[[Any, Colours], np.ndarray]]] = {
    "basins": (f'{NEWTON}objective = "himmelblau"\nshow = "basins"\n', newton_basins.pixels),
    "surface": (f'{NEWTON}objective = "himmelblau"\n', lambda frame, colours: surface_pixels(frame.tones, "viridis", colours, False)),
    "fractal": (f'{NEWTON}equations = ["unity-3"]\n', figures.fractal_pixels),
    "phase plane": ('funjax = 1\ntab = "fixed-points"\n[fixed-points]\nmap = "henon"\nsteps = 9\nshow = ["basins"]\n', plane_basins.pixels),
}


@pytest.mark.parametrize("which", OTHERS)
def test_what_else_has_a_grid_in_tiles_and_in_bands(session: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, which: str) -> None:
    """The picture of a page, without what lies over it; bands are cut across the hatching."""
    pytest.importorskip("zarr")
    monkeypatch.setattr(stores, "BAND", 16)
    text, pixels = OTHERS[which]
    session.write_text(text)
    documents.poster(session, tmp_path / "tiles.png", size=(130, 70))
    found = sessions.load(session)
    style = Style(**found.appearance, plain=True)
    job = ExportJob(found.request((130, 70)), tmp_path / "once.png", (130, 70), style, found)
    page: Any = FORMATS[type(job.request)][".png"].compute(job)
    frame = list(filter(None, (page.basins if which == "phase plane" else page.picture).frames()))[-1]
    once = pixels(frame, style.colours)
    assert np.array_equal(decoded(tmp_path / "tiles.png"), once | 0xFF000000) and len(np.unique(once)) > 1
    sizes = [getattr(frame, name).dtype.itemsize for name, axes in frame.dimensions.items() if axes == PICTURE]
    assert sum(sizes) == documents.poster_job(found, tmp_path / "a.png", (1, 1)).painters[type(frame.request)].stored


def test_a_plane_of_two_parameters_in_tiles(session: Path, tmp_path: Path) -> None:
    pytest.importorskip("zarr")
    view = 'map = "henon"\nrange = [0.8, 1.4]\nand-sweep = "b"\nand-range = [0.1, 0.4]\nstart = [0, 0]\n'
    session.write_text(f'funjax = 1\ntab = "bifurcation"\n[bifurcation]\n{view}transient = 60\nsamples = 70\nsize = [130, 70]\n')
    assert run(["render", str(session), "-o", str(tmp_path / "tiles.png"), "--resume"]) == 0
    assert run(["render", str(session), "-o", str(tmp_path / "once.png"), "--plain"]) == 0
    assert np.array_equal(decoded(tmp_path / "tiles.png"), decoded(tmp_path / "once.png"))


@pytest.mark.filterwarnings("ignore:Setting the shape on a NumPy array:DeprecationWarning")  # tifffile's, with NumPy 2.5
def test_tiff_and_deep_zoom_have_each_level(session: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("zarr")
    tifffile = pytest.importorskip("tifffile")
    monkeypatch.setattr(tiff, "SMALLEST", 40)
    documents.poster(session, tmp_path / "a.zarr", size=(300, 270))
    for suffix in (".png", ".tif", ".dzi"):
        documents.poster(session, tmp_path / f"a{suffix}", size=(300, 270), resume=True)
    whole = decoded(tmp_path / "a.png")
    with tifffile.TiffFile(tmp_path / "a.tif") as file:
        levels = file.series[0].levels
        assert file.is_bigtiff and [level.shape for level in levels] == [(270, 300, 3), (135, 150, 3), (68, 75, 3), (34, 38, 3)]
        assert np.array_equal(colour_maps.pack(levels[0].asarray().astype(float)), whole)
        quarter = levels[0].asarray()[:2, :2].mean((0, 1))
        assert np.abs(levels[1].asarray()[0, 0] - quarter).max() <= 0.5
        last = levels[3].asarray().astype(float).mean((0, 1))
        assert np.abs(last - levels[0].asarray().mean((0, 1))).max() < 2
    root = ElementTree.parse(tmp_path / "a.dzi").getroot()
    assert root.attrib["TileSize"] == "256" and {key: int(n) for key, n in root[0].attrib.items()} == {"Width": 300, "Height": 270}
    tiles = tmp_path / "a_files"
    assert sorted(int(level.name) for level in tiles.iterdir()) == list(range(10)), "down to one pixel"
    finest = [[decoded(tiles / "9" / f"{column}_{row}.png") for column in (0, 1)] for row in (0, 1)]
    assert np.array_equal(np.block(finest), whole)
    assert decoded(tiles / "0" / "0_0.png").shape == (1, 1)
    page = (tmp_path / "a.html").read_text()
    assert '"folder": "a_files", "width": 300' in page and "__" not in page
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".")]


def test_a_store_is_kept_where_it_is_asked_for(session: Path, tmp_path: Path) -> None:
    zarr = pytest.importorskip("zarr")
    assert run(["render", str(session), "-o", str(tmp_path / "a.zarr"), "--resume"]) == 0
    group = zarr.open_group(tmp_path / "a.zarr", mode="r")
    assert group["counts"].shape == (40, 130) and group["axes/columns"].shape == (130,)
    assert run(["render", str(session), "-o", str(tmp_path / "a.npz"), "--resume"]) == 0
    with np.load(tmp_path / "a.npz") as arrays:
        assert np.array_equal(arrays["counts"], group["counts"][:]) and arrays["period"].shape == (130,)
    assert (tmp_path / "a.zarr").exists()


def test_bad_input_is_one_line(session: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    def line(*arguments: str, out: str = "a.png") -> str:
        assert run(["render", str(session), "-o", str(tmp_path / out), "--resume", *arguments]) == BAD_INPUT
        (text,) = capsys.readouterr().err.splitlines()
        return text

    pytest.importorskip("zarr")
    assert "write a .zarr, which is read part by part" in line("--size", "40000x40000", out="a.npz")
    assert "of a picture in tiles: .png" in line(out="a.pdf")
    assert "does not exist; make it first" in line(out="none/a.png")
    assert "give one of them" in line("--workers", "2", "--scheduler", "tcp://127.0.0.1:1")
    assert "leave out the options for text" in line("--no-axes")
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: SimpleNamespace(free=10**9))
    assert f"needs up to {grouped(48 * 10**9)} bytes, and {grouped(10**9)} are free" in line("--size", "100000x60000")
    session.write_text(OTHERS["phase plane"][0].partition("show")[0])
    assert "a picture of the orbits is not drawn in tiles, only of the basins, the diagram, " in line()
    assert [path.name for path in tmp_path.iterdir()] == [session.name]


@pytest.mark.parametrize("tone", colour_maps.TONES)
@pytest.mark.parametrize("limit", [16, colour_maps.LIMIT])
def test_a_tone_found_in_parts_is_that_of_the_whole(tone: str, limit: int) -> None:
    counts = np.random.default_rng(3).integers(0, 300, (40, 30), dtype=np.int32) ** 2
    tally = Tally(tone, 64, limit)
    for part in np.split(np.sort(counts, axis=0), 5):  # the largest counts come last
        tally.add(part)
    found, whole = tally.levels(), colour_maps.levels(counts, tone, 64, limit)
    assert np.array_equal(found.index, whole.index) and found.shift == whole.shift


def test_bands_are_written_as_the_picture_is() -> None:
    picture = np.random.default_rng(1).integers(0, 2**32, (70, 9), dtype=np.uint32)
    files = io.BytesIO(), io.BytesIO()
    png.write(files[0], picture, {}, 300.0)
    png.write_bands(files[1], (9, 70), np.split(picture, 7), {}, 300.0)
    found = [decoded(file) for file in files]
    assert np.array_equal(*found) and np.array_equal(found[0], picture | 0xFF000000)
