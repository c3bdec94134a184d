"""Figures for print: size in mm with its resolution, fonts in points, and titles, captions, axes and panels that can be left out."""

import struct
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest
from PySide6.QtGui import QFontMetricsF, QImage

from funjax_gui.cli import render_options
from funjax_gui.documents import PrintSize, render
from funjax_gui.export.page_layout import Style, lay_out
from funjax_gui.export.page_setup import PAGE_SIZES, PageSetup, millimetres, pixels_of
from funjax_gui.export.page_text import font_of, runs, wrapped
from funjax_gui.files.resources import folder
from funjax_gui.sessions import session as sessions
from kernels.geometry import Viewport

SVG = "{http://www.w3.org/2000/svg}"
EXAMPLE = {"bifurcation": "post-diagram", "fixed-points": "post-starts", "newton": "himmelblau-basins"}

pytestmark = pytest.mark.usefixtures("qapp", "each_request_is_computed_once")


def drawn(tab: str, path: Path, *options: str) -> Path:
    """The tab's example as `funjax render` draws it."""
    session = folder() / "sessions" / f"{EXAMPLE[tab]}.toml"
    samples = ["--samples", "200"] if tab == "bifurcation" else []
    given = render_options.parser(render_options.argparse.ArgumentParser).parse_args([str(session), "-o", str(path), *samples, *options])
    render(given.session, given.output, **render_options.chosen(given))
    return path


def words(path: Path) -> list[str]:
    return [element.text or "" for element in ElementTree.parse(path).getroot().iter(f"{SVG}text")]


def resolution(path: Path) -> tuple[int, int, int] | None:
    """The pHYs chunk of a PNG: pixels per unit across and down, and the unit (1: metre)."""
    data = path.read_bytes()
    at = data.find(b"pHYs")
    return None if at < 0 else struct.unpack_from(">IIB", data, at + 4)  # type: ignore[return-value]


def test_a_png_of_a_column_has_its_width_at_300_dpi(tmp_path: Path) -> None:
    image = QImage(str(drawn("bifurcation", tmp_path / "a.png", "--page", "one-column")))
    assert (image.width(), image.height()) == pixels_of(85, 75, 300) == (1004, 886)
    assert resolution(tmp_path / "a.png") == (11811, 11811, 1)
    assert millimetres(image.width(), 300) == pytest.approx(85, abs=0.05)
    assert resolution(drawn("bifurcation", tmp_path / "b.png", "--size", "300x200")) is None, "pixels alone have no size in print"


def test_what_has_no_room_on_a_page_is_named(tmp_path: Path) -> None:
    session = folder() / "sessions" / "post-starts.toml"
    setup = PageSetup(dpi=300, font_size=8)
    assert "; no room for the plots beside it" in render(session, tmp_path / "a.svg", PrintSize(85, 75), setup=setup).message
    assert render(session, tmp_path / "a.svg", PrintSize(175, 110), setup=setup).message == "saved a.svg, 2067 x 1299"
    alone = PageSetup(dpi=300, font_size=8, panels=())
    assert "beside" not in render(session, tmp_path / "a.svg", PrintSize(85, 75), setup=alone).message


def test_a_width_in_mm_keeps_the_session_s_proportions(tmp_path: Path) -> None:
    image = QImage(str(drawn("bifurcation", tmp_path / "a.png", "--width-mm", "60", "--dpi", "150")))
    size = sessions.load(folder() / "sessions" / "post-diagram.toml").bifurcation.size
    assert image.width() == 354 and image.height() == round(60 * size[1] / size[0] / 25.4 * 150)


@pytest.mark.parametrize("tab", EXAMPLE)
def test_an_svg_has_its_size_in_mm_and_real_fonts(tmp_path: Path, tab: str) -> None:
    root = ElementTree.parse(drawn(tab, tmp_path / "a.svg", "--page", "one-column", "--dpi", "100")).getroot()
    assert [root.get(name) for name in ("width", "height", "viewBox")] == ["85.09mm", "74.93mm", "0 0 335 295"]
    texts = list(root.iter(f"{SVG}text"))
    assert texts and {element.get("font-family") for element in texts} == {"DejaVu Sans, Arial, sans-serif"}
    sizes = {int(element.get("font-size") or 0) for element in texts}
    assert max(sizes) == round(8 * 100 / 72), "8 pt"


def test_variables_are_in_italics(tmp_path: Path) -> None:
    root = ElementTree.parse(drawn("bifurcation", tmp_path / "a.svg", "--size", "560x350")).getroot()
    slanted = {element.text for element in root.iter(f"{SVG}text") if element.get("font-style") == "italic"}
    assert {"a", "x", "λ"} <= slanted
    assert not any(len(text or "") > 1 for text in slanted), "only single letters"


@pytest.mark.parametrize("tab", EXAMPLE)
def test_a_pdf_is_one_page_of_that_size_and_carries_the_session(tmp_path: Path, tab: str) -> None:
    data = drawn(tab, tmp_path / "a.pdf", "--page", "one-column", "--dpi", "100").read_bytes()
    assert data.startswith(b"%PDF-") and data.rstrip().endswith(b"%%EOF")
    box = data[data.index(b"/MediaBox [") + 11 :].split(b"]")[0].split()
    assert [float(side) for side in box[2:]] == pytest.approx([335 / 100 * 72, 295 / 100 * 72], abs=1)
    assert b"session.toml" in data or "session.toml".encode("utf-16-be") in data
    assert b"/FontFile2" in data or b"/FontFile3" in data, "the fonts are embedded"
    assert b"/DCTDecode" not in data, "the picture's pixels are not compressed with loss"


def test_texts_are_replaced_or_left_out(tmp_path: Path) -> None:
    usual = words(drawn("bifurcation", tmp_path / "a.svg", "--size", "560x350"))
    mine = words(drawn("bifurcation", tmp_path / "b.svg", "--size", "560x350", "--title", "Route to chaos", "--caption", "Figure 1"))
    none = words(drawn("bifurcation", tmp_path / "c.svg", "--size", "560x350", "--no-title", "--no-caption"))
    assert any("transient" in text for text in usual) and "Route to chaos" not in usual
    assert {"Route to chaos", "Figure 1"} <= set(mine) and not any("transient" in text or "→" in text for text in mine)
    assert not any("transient" in text or "→" in text for text in none) and "λ" in none
    bare = words(
        drawn("bifurcation", tmp_path / "d.svg", "--size", "560x350", "--no-title", "--no-caption", "--no-axes", "--panels", "none")
    )
    assert bare == []


@pytest.mark.parametrize(("tab", "kept", "lost"), [("bifurcation", "none", "λ"), ("fixed-points", "cobweb", "Distance from the attractor")])
def test_panels_are_chosen_by_name(tmp_path: Path, tab: str, kept: str, lost: str) -> None:
    assert lost in words(drawn(tab, tmp_path / "a.svg", "--size", "1000x600"))
    found = words(drawn(tab, tmp_path / "b.svg", "--size", "1000x600", "--panels", kept))
    assert lost not in found and (kept == "none" or any("Cobweb" in text for text in found))


def test_an_unknown_panel_is_refused_with_those_there_are(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="the page has no part 'lambda'; choose among lyapunov, "):
        drawn("bifurcation", tmp_path / "a.svg", "--panels", "lambda")


@pytest.mark.parametrize("tab", EXAMPLE)
def test_a_transparent_picture_has_no_background(tmp_path: Path, tab: str) -> None:
    path = drawn(tab, tmp_path / "a.png", "--size", "400x300", "--background", "transparent")
    image = QImage(str(path)).convertToFormat(QImage.Format.Format_ARGB32)
    packed = np.frombuffer(image.constBits(), np.uint32).reshape(300, 400)
    alpha = packed >> 24
    assert alpha[0].max() == alpha[-1].max() == 0 and alpha.max() == 255
    assert not ((packed & 0xFFFFFF == 0xFFFFFF) & (alpha == 255)).mean() > 0.001, "no white is left"
    text = drawn(tab, tmp_path / "a.svg", "--size", "400x300", "--background", "transparent").read_text()
    assert "<rect" not in text.split("</metadata>")[1].split("<image")[0].split("<defs")[0]


def test_lines_are_as_thick_as_asked_for() -> None:
    style = Style(setup=PageSetup(dpi=300, font_size=8, line_width=1.5))
    layout = lay_out((1004, 886), Viewport.from_limits(0, 1, 0, 1), style)
    assert 1.6 * layout.scale * layout.thickness == pytest.approx(1.5 * 300 / 72)
    assert layout.font == pytest.approx(8 * 300 / 72)


def test_branches_are_as_thick_on_paper_as_lines(tmp_path: Path) -> None:
    """One pixel of a picture with 300 dpi would hardly be seen."""
    session = tmp_path / "s.toml"
    session.write_text('funjax = 1\ntab = "bifurcation"\n[bifurcation]\nrange = [2.5, 2.9]\nx = [0, 1]\nsamples = 100\n')
    heights = {}
    for name, options in {"thin": {}, "thick": {"dpi": 300, "font_size": 8}}.items():
        render(session, tmp_path / "a.png", (900, 600), setup=PageSetup(**options, title="", caption=""))  # type: ignore[arg-type]
        image = QImage(str(tmp_path / "a.png"))
        column = [image.pixelColor(600, y).lightness() for y in range(20, 300)]
        heights[name] = sum(lightness < 230 for lightness in column)
    assert heights["thin"] <= 2 and heights["thick"] >= 3


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--width-mm", "5"), "the width 5 mm is out of range; give 10 to 2000 mm"),
        (("--width-mm", "85", "--dpi", "9000"), "the dpi 9000 pixels per inch is out of range"),
        (("--width-mm", "85", "--height-mm", "3"), "the height 3 mm is out of range"),
        (("--height-mm", "80"), "--height-mm needs the width too"),
        (("--font-size", "500"), "the font size 500 pt is out of range; give 3 to 144 pt"),
        (("--line-width", "100"), "the line width 100 pt is out of range"),
        (("--page", "one-column", "--size", "100x100"), "give one of them"),
    ],
)
def test_bad_values_get_one_line(tmp_path: Path, options: tuple[str, ...], said: str) -> None:
    with pytest.raises(ValueError) as caught:
        drawn("bifurcation", tmp_path / "a.png", *options)
    assert said in str(caught.value) and "\n" not in str(caught.value)
    assert not (tmp_path / "a.png").exists()


def test_numbers_have_no_size_in_mm(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="is not a picture, so it has no size in mm; give columns and rows by --size"):
        drawn("bifurcation", tmp_path / "a.csv", "--page", "one-column")


def test_the_command_s_pages_are_those_of_the_dialog() -> None:
    assert tuple(PAGE_SIZES) == render_options.PRESETS
    assert PrintSize(100.0).pixels((200, 100)) == (1181, 591)


@pytest.mark.parametrize(
    ("text", "is_formula", "variables"),
    [
        ("x → a x (1 − x),   x₀ = 0.5", True, "xaxxx"),
        ("x → exp(−α x²) + β", True, "xαxβ"),
        ("The post's map", False, ""),
        ("a map of x, with a = 3 and a from 3 to 4", False, "xaa"),
        ("1e-5", True, ""),
        ("x₅₀₀ (after 500 steps)", False, "x"),
    ],
)
def test_which_letters_are_variables(text: str, is_formula: bool, variables: str) -> None:
    parts = list(runs(text, is_formula))
    assert "".join(part for part, _ in parts) == text
    assert "".join(part for part, italic in parts if italic) == variables


@pytest.mark.parametrize("room", [40, 90, 200, 2000])
def test_lines_are_broken_between_words(room: float) -> None:
    metrics = QFontMetricsF(font_of(13))
    text = "2 000 transient + 1 000 samples per column  ·  float64  ·  a from 2.8 to 4"
    lines = wrapped(text, metrics, room, 100)
    assert " ".join(" ".join(lines).replace("·", " ").split()) == " ".join(text.replace("·", " ").split())
    assert all(metrics.horizontalAdvance(line) <= room or " " not in line for line in lines)
    assert len(wrapped(text, metrics, room, 2)) <= 2


def test_a_page_with_large_type_still_has_its_plot(tmp_path: Path) -> None:
    """What has no room is left out, so any setup gives a picture of the size asked for."""
    for options in (("--font-size", "40"), ("--page", "slide", "--dpi", "36"), ("--caption", "words " * 200)):
        image: Any = QImage(str(drawn("fixed-points", tmp_path / "a.png", *options)))
        assert image.width() > 100


def joined(path: Path) -> str:
    """All texts without spaces; variables are texts of their own."""
    return "".join(words(path)).replace(" ", "")


def test_density_and_surface_have_a_colour_bar_and_basins_a_complete_legend(tmp_path: Path) -> None:
    found = joined(drawn("bifurcation", tmp_path / "a.svg", "--size", "900x600"))
    assert "visitsperpixel,equalised:" in found
    assert "visits" not in joined(drawn("bifurcation", tmp_path / "a.svg", "--size", "900x600", "--panels", "lyapunov"))
    basins = joined(drawn("newton", tmp_path / "b.svg", "--size", "1000x640"))
    assert basins.count("minimum(") == 4 and basins.count("saddle(") == 4 and "maximum(" in basins and "…" not in basins
    assert "fainter:moresteps" in basins and "start" in basins and "contours" not in basins
    points = joined(drawn("fixed-points", tmp_path / "c.svg", "--size", "1000x640"))
    assert "attractingfixedpoint" in points and "repellingfixedpoint" in points and "basinof3" in points


def test_a_surface_names_its_contours(tmp_path: Path) -> None:
    (tmp_path / "s.toml").write_text('funjax = 1\ntab = "newton"\n[newton]\nobjective = "rosenbrock"\n')
    render(tmp_path / "s.toml", tmp_path / "a.svg", (900, 600))
    assert "logscale:" in joined(tmp_path / "a.svg") and "contoursevery" in joined(tmp_path / "a.svg")
