"""A saved formula has its own name and defaults in the window, in sessions, and on exported pages."""

import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from funjax_gui.documents import render
from funjax_gui.formulas.library import find_map, saved_formulas
from funjax_gui.formulas.saved_formula import MAP, OBJECTIVE, SavedFormula, SavedParameter
from funjax_gui.sessions.session import dumps, parse
from funjax_gui.tabs.bifurcation import page as diagram_page
from kernels.bifurcation.request import BifurcationRequest
from kernels.geometry import Grid

HARVEST = SavedFormula(
    MAP,
    "Logistic with harvest",
    "r*x*(1-x)-h",
    (SavedParameter("r", 3.9, 0.0, 4.0), SavedParameter("h", 0.05, 0.0, 0.2)),
    "h",
    (0.4,),
    (Decimal(0), Decimal("0.1")),
    (Decimal(0), Decimal(1)),
    (Decimal("0.25"), Decimal("0.75")),
)
WELLS = SavedFormula(OBJECTIVE, "Two wells", "(x**2-1)**2+a*y**2", (SavedParameter("a", 2.0, -1.0, 5.0),), "", (0.5, -1.0))
LONG = SavedFormula(OBJECTIVE, "Bowl", "sum(x^2)", start=tuple(0.1 * n for n in range(20)))


@pytest.fixture(autouse=True)
def own_library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A library of its own that has these formulas."""
    monkeypatch.setattr("funjax_gui.formulas.store.path", lambda: tmp_path / "my-maps.toml")
    saved_formulas.cache_clear()
    for saved in (HARVEST, WELLS, LONG):
        saved_formulas().keep(saved)
    yield
    saved_formulas.cache_clear()


def words_of(path: Path) -> str:
    """The text of an SVG picture without spaces; variables are texts of their own."""
    return "".join("".join(element.itertext()) for element in ElementTree.parse(path).iter() if element.tag.endswith("}text")).replace(
        " ", ""
    )


@pytest.mark.parametrize(("tab", "held"), [("bifurcation", ["r = 3.9", "x₀ = 0.4"]), ("fixed-points", ["r = 3.9", "h = 0.05"])])
def test_the_picture_of_a_saved_map_has_its_name_and_defaults(tab: str, held: list[str], tmp_path: Path, qapp: object) -> None:
    (tmp_path / "s.toml").write_text(f'funjax = 1\ntab = "{tab}"\n[{tab}]\nmap = "r*x*(1-x) - h"\n', encoding="utf-8")
    render(tmp_path / "s.toml", tmp_path / "s.svg", (900, 600))
    words = words_of(tmp_path / "s.svg")
    assert "Logisticwithharvest" in words
    assert all(piece.replace(" ", "") in words for piece in held), words


def test_the_picture_of_a_saved_objective_has_its_name_and_defaults(tmp_path: Path, qapp: object) -> None:
    text = 'funjax = 1\ntab = "newton"\n[newton]\nobjective = "(x^2-1)^2 + a*y^2"\n'
    (tmp_path / "s.toml").write_text(text, encoding="utf-8")
    render(tmp_path / "s.toml", tmp_path / "s.svg", (900, 600))
    words = words_of(tmp_path / "s.svg")
    assert "Twowells" in words and "a=2" in words and "from(0.5,−1)" in words


def test_a_session_gets_what_a_saved_map_was_saved_with() -> None:
    session = parse("funjax = 1\n[bifurcation]\nmap = 'r*x*(1-x)-h'\n[fixed-points]\nmap = 'r*x*(1-x)-h'\nparameters = { r = 3.5 }")
    diagram, explorer = session.bifurcation, session.fixed_points
    assert (diagram.sweep, diagram.start, diagram.range, diagram.parameters) == ("h", 0.4, HARVEST.across, (("r", 3.9),))
    assert (explorer.x, explorer.parameters) == (HARVEST.starts, (("h", 0.05), ("r", 3.5)))
    request = explorer.request()
    assert request.search == (0.25, 0.75)


def test_a_long_start_that_was_saved_is_read_back_without_the_saved_formula() -> None:
    session = parse("funjax = 1\n[newton]\nobjective = 'sum(x^2)'")
    assert session.newton.start == LONG.start
    text = dumps(session)
    saved_formulas().remove([LONG])
    assert parse(text).newton.start == LONG.start


@pytest.mark.parametrize(("name", "symbol"), [("mu", "μ"), ("omega", "ω"), ("b2", "b₂"), ("r", "r")])
def test_a_typed_formulas_parameters_are_written_alike_in_the_window_and_on_the_page(name: str, symbol: str) -> None:
    chosen = find_map(f"{name}*x*(1-x)+0*q")
    assert chosen.parameter(name).symbol == symbol and f"{symbol} x" in chosen.formula
    swept = BifurcationRequest(Grid(chosen.view, 4, 3), chosen.name, name, transient=1, samples=1)
    (*_, frame) = (frame for frame in swept.frames() if frame)
    assert f"{symbol} from" in diagram_page.caption(frame)
    held = BifurcationRequest(Grid(chosen.view_of("q"), 4, 3), chosen.name, "q", transient=1, samples=1)
    assert f"{symbol} = " in diagram_page.formula(held)
