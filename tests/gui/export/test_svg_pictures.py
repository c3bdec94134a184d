"""Vector pictures: the page that a PNG shows, with the plot's pixels in one image and all else as vectors and words."""

import errno
import os
import random
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest
from PySide6.QtGui import QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

from funjax_gui.documents import Preset, presets, render
from funjax_gui.export.page_layout import Style
from funjax_gui.export.request import FORMATS, ExportRequest
from funjax_gui.files import png, svg
from funjax_gui.files.writing import FileError
from funjax_gui.formulas import find_map
from funjax_gui.sessions import session as sessions
from funjax_gui.sessions.session import Session
from funjax_gui.style import colour_maps
from funjax_gui.style.theme import THEMES
from funjax_gui.tabs.bifurcation import page as export_diagram
from funjax_gui.tabs.newton.session import Newton

SIZE = (560, 350)
SVG = "{http://www.w3.org/2000/svg}"
BY_TAB = {preset.session.tab: preset for preset in presets()}


def one_of_each() -> list[Preset]:
    """The first preset of each kind of figure, of which all are drawn alike."""
    found: dict[object, Preset] = {}
    for preset in presets():
        table: Any = preset.session.table
        kind = type(preset.session.request((8, 8))), table.show, bool(getattr(table, "overlay", ()))
        solves = (len(table.start) == 1, bool(table.equations)) if preset.session.tab == "newton" else ()
        found.setdefault((*kind, *solves), preset)
    return list(found.values())


KINDS = presets() if "FUNJAX_SEEDS" in os.environ else one_of_each()
OTHERS = [preset for preset in presets() if preset not in KINDS]

pytestmark = pytest.mark.usefixtures("qapp", "each_request_is_computed_once")


def exported(preset: Preset, path: Path, size: tuple[int, int] = SIZE) -> Path:
    session, samples = preset.session, None
    if session.tab == "bifurcation":
        samples = 500
        if session.bifurcation.and_sweep:  # an orbit at each pixel
            session, samples = session.with_table(replace(session.bifurcation, transient=40)), 40
    sessions.save(path.with_suffix(".toml"), session)
    shares: list[float] = []
    assert render(path.with_suffix(".toml"), path, size=size, samples=samples, progress=shares.append).done
    assert shares[-1] == 1.0
    return path


def pixels(image: QImage) -> np.ndarray:
    """Red, green and blue, shape (height, width, 3)."""
    image = image.convertToFormat(QImage.Format.Format_RGB32)
    packed = np.frombuffer(image.constBits(), np.uint32).reshape(image.height(), -1)[:, : image.width()]
    return (packed[:, :, None] >> np.array([16, 8, 0]) & 255).astype(int)


def rasterised(path: Path) -> np.ndarray:
    """The file as Qt shows it."""
    renderer = QSvgRenderer(str(path))
    assert renderer.isValid()
    image = QImage(renderer.defaultSize(), QImage.Format.Format_RGB32)
    image.fill(0)
    painter = QPainter(image)
    renderer.render(painter)
    painter.end()
    return pixels(image)


def words(root: ElementTree.Element) -> list[str]:
    return [element.text or "" for element in root.iter(f"{SVG}text")]


@pytest.mark.parametrize("preset", KINDS, ids=lambda preset: preset.name)
def test_every_kind_of_figure_is_the_page_that_a_png_shows(preset: Preset, tmp_path: Path) -> None:
    is_the_page_that_a_png_shows(preset, tmp_path)


@pytest.mark.skipif(not OTHERS, reason="all are drawn one by one")
def test_another_preset_is_too(tmp_path: Path) -> None:
    is_the_page_that_a_png_shows(random.choice(OTHERS), tmp_path)  # pytest-randomly seeds it


def is_the_page_that_a_png_shows(preset: Preset, tmp_path: Path) -> None:
    is_orbit_a_pixel = preset.session.tab == "bifurcation" and preset.session.bifurcation.and_sweep
    width, height = size = (480, 300) if is_orbit_a_pixel else SIZE
    path = exported(preset, tmp_path / "a.svg", size)
    root = ElementTree.parse(path).getroot()
    assert (root.get("width"), root.get("height"), root.get("viewBox")) == (f"{width}", f"{height}", f"0 0 {width} {height}")
    images = list(root.iter(f"{SVG}image"))
    is_line = preset.session.tab == "newton" and len(preset.session.newton.start) == 1
    is_plot = preset.session.tab == "fixed-points" and not preset.session.fixed_points.is_plane
    solves = preset.session.tab == "newton" and bool(preset.session.newton.equations)  # with a strip or a plane of basins
    assert len(images) == (0 if is_plot or (is_line and not solves) else 1)
    second = preset.session.bifurcation.and_sweep if preset.session.tab == "bifurcation" else None
    assert len(list(root.iter(f"{SVG}path"))) > (1 if second else 4)
    symbol = find_map(preset.session.bifurcation.map).parameter(second).symbol if second else "λ"
    named = {"bifurcation": symbol, "fixed-points": "x", "newton": "f" if is_line else "z" if solves else "y"}
    assert named[preset.session.tab] in words(root)
    text = path.read_text()
    assert 'd=""' not in text and "nan" not in text.split("</metadata>")[1].split("<image")[0]
    drawn, wanted = rasterised(path), pixels(QImage(str(exported(preset, tmp_path / "a.png", size))))
    assert drawn.shape == wanted.shape
    apart = np.abs(drawn - wanted).max(axis=2)
    assert apart.mean() < 1.5 and (apart > 80).mean() < 0.006  # the edges of letters
    assert sessions.load(path) == sessions.load(tmp_path / "a.png")
    shows_something(preset.session, wanted)


def shows_something(session: Session, drawn: np.ndarray) -> None:
    """The picture is neither empty nor full."""
    if session.tab != "bifurcation" or session.bifurcation.and_sweep:
        assert len(np.unique(drawn @ (65536, 256, 1))) > 50
        return
    plot = export_diagram.layout(session.bifurcation.request(), SIZE, Style()).plot
    inside = drawn[plot.top() : plot.top() + plot.height(), plot.left() : plot.left() + plot.width()]
    filled = (inside != np.array(colour_maps.unpack(THEMES[session.theme].background))).any(axis=2).mean()
    tinted = session.bifurcation.show == "period"  # whole columns are, where there is a cycle
    assert 0.002 < filled < 0.9 or tinted


@pytest.mark.parametrize(
    ("size", "plain", "theme"),
    [
        # Of a diagram's plot the columns and rows are padded to those of the kernels of SIZE.
        ((570, 390), False, "light"),
        ((400, 200), False, "dark"),
        ((320, 200), True, "light"),
        ((270, 280), True, "dark"),
        ((1, 1), False, "dark"),
        ((1, 1), True, "light"),
    ],
)
@pytest.mark.parametrize("tab", BY_TAB)
def test_every_size_and_theme(tmp_path: Path, tab: str, size: tuple[int, int], plain: bool, theme: str) -> None:
    sessions.save(tmp_path / "a.toml", BY_TAB[tab].session)
    for suffix in (".svg", ".png"):
        render(tmp_path / "a.toml", tmp_path / f"a{suffix}", size, 100 if tab == "bifurcation" else None, plain, theme=theme)
    drawn, wanted = rasterised(tmp_path / "a.svg"), pixels(QImage(str(tmp_path / "a.png")))
    assert drawn.shape == wanted.shape == (size[1], size[0], 3)
    if max(size) > 1:
        assert np.abs(drawn - wanted).mean() < 2.5
        assert plain == (words(ElementTree.parse(tmp_path / "a.svg").getroot()) == [])


def test_the_pixels_lie_in_the_plot_and_are_the_diagram_s(tmp_path: Path) -> None:
    path = exported(BY_TAB["bifurcation"], tmp_path / "a.svg")
    root = ElementTree.parse(path).getroot()
    image = next(root.iter(f"{SVG}image"))
    plot = export_diagram.layout(BY_TAB["bifurcation"].session.request(), SIZE, Style()).plot
    assert [int(image.get(name) or 0) for name in ("x", "y", "width", "height")] == [*plot.getRect()]
    wanted = pixels(QImage(str(exported(BY_TAB["bifurcation"], tmp_path / "a.png"))))
    inside = slice(plot.top() + 1, plot.bottom()), slice(plot.left() + 1, plot.right())
    np.testing.assert_array_equal(rasterised(path)[inside], wanted[inside])


@pytest.mark.parametrize("tab", BY_TAB)
def test_the_same_session_makes_the_same_file(tmp_path: Path, tab: str) -> None:
    first, second = (exported(BY_TAB[tab], tmp_path / name) for name in ("a.svg", "b.svg"))
    assert first.read_bytes() == second.read_bytes()


def test_words_are_words_and_as_wide_as_here_in_any_font(tmp_path: Path) -> None:
    root = ElementTree.parse(exported(BY_TAB["newton"], tmp_path / "a.svg")).getroot()
    found = list(root.iter(f"{SVG}text"))
    assert len(found) > 20
    for element in found:
        assert (element.get("font-family") or "").startswith("DejaVu Sans, ")
        assert 0 < float(element.get("textLength") or 0) < SIZE[0]


def test_a_picture_says_what_it_is_and_carries_its_session(tmp_path: Path) -> None:
    path = exported(BY_TAB["fixed-points"], tmp_path / "a.svg")
    root = ElementTree.parse(path).getroot()
    title, about = (root.findtext(f"{SVG}{name}") or "" for name in ("title", "desc"))
    assert "x →" in title and "initial conditions" in about and about.endswith("funjax")
    with open(path, "rb") as file:
        assert set(svg.texts(file)) == {"Title", "Description", "Software", "funjax-session"}
    assert sessions.load(path).fixed_points.request() == BY_TAB["fixed-points"].session.request()


def test_a_title_of_a_stranger_s_formula_is_escaped(tmp_path: Path) -> None:
    session = Session("newton", newton=Newton("where(x < 0, x*x, 2*x*x) + y*y", start=(1.0, 1.0)), about="a ]]> <b> & \\ufffe")
    sessions.save(tmp_path / "a.toml", session)
    render(tmp_path / "a.toml", tmp_path / "a.svg", size=(400, 300))
    root = ElementTree.parse(tmp_path / "a.svg").getroot()
    assert "<" in (root.findtext(f"{SVG}title") or "")
    assert sessions.load(tmp_path / "a.svg").about == session.about


def test_a_picture_without_a_session_is_refused_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "a.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg"/>')
    with pytest.raises(ValueError, match="contains no session; only pictures exported by funjax do") as caught:
        sessions.load(tmp_path / "a.svg")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("tab", BY_TAB)
def test_a_full_disk_leaves_the_old_file(tmp_path: Path, tab: str, monkeypatch: pytest.MonkeyPatch) -> None:
    class FullFile:
        def __init__(self, handle: int) -> None:
            self._file, self._room = open(handle, "wb"), 2000

        def write(self, data: bytes) -> int:
            self._room -= len(data)
            if self._room < 0:
                raise OSError(errno.ENOSPC, "")
            return self._file.write(data)

        def __enter__(self) -> "FullFile":
            return self

        def __exit__(self, *_: Any) -> None:
            self._file.close()

    path = tmp_path / "a.svg"
    path.write_bytes(b"old")
    session = BY_TAB[tab].session
    with monkeypatch.context() as patch:
        patch.setattr(os, "fdopen", lambda handle, mode: FullFile(handle))
        with pytest.raises(FileError, match="the disk is full"):
            list(ExportRequest(session.request((64, 48)), path, (300, 200), session=session).frames())
    assert path.read_bytes() == b"old" and os.listdir(tmp_path) == ["a.svg"]


@pytest.mark.parametrize("tab", BY_TAB)
def test_it_can_be_cancelled_at_every_step(tmp_path: Path, tab: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(png, "STRIP", 20_000)
    path = tmp_path / "a.svg"
    path.write_bytes(b"old")
    session = BY_TAB[tab].session
    request = ExportRequest(session.request((64, 48)), path, (300, 200), session=session)
    for steps in (1, 2, 3, 5, 8, 13, 21):
        frames: Iterator[Any] = request.frames()
        done = any(frame is not None and frame.done for frame in islice(frames, steps))  # zip would take one more
        frames.close()  # type: ignore[attr-defined]
        assert os.listdir(tmp_path) == ["a.svg"]
        assert done or path.read_bytes() == b"old"


def test_sizes_are_bounded(tmp_path: Path) -> None:
    for formats, preset in ((FORMATS[type(p.session.request((8, 8)))], p) for p in BY_TAB.values()):
        assert list(formats)[:3] == [".png", ".svg", ".pdf"]
        with pytest.raises(ValueError, match="too large; give at most 8 192 pixels a side"):
            ExportRequest(preset.session.request((8, 8)), tmp_path / "a.svg", (8193, 10))
