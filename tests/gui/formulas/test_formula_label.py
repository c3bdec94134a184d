"""The formula in a panel: plain text at first and for screen readers, typeset as soon as it is, plain where it cannot be or is too wide."""

import random

import pytest
from pytestqt.qtbot import QtBot

from funjax_gui.formulas import formula_label
from funjax_gui.formulas.formula_label import PlainOrTypesetLabel
from funjax_gui.formulas.latex import latex_of, text_to_latex
from funjax_gui.formulas.spoken_math import words
from funjax_gui.formulas.typesetting import Formula, Typesetter, typeset
from kernels.catalog import find_map, find_objective
from kernels.maps.registry import MAPS
from kernels.objectives.registry import OBJECTIVES


@pytest.fixture
def label(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> PlainOrTypesetLabel:
    """A label that is shown, and typesets at once."""
    monkeypatch.setattr(formula_label, "FIRST_DELAY", 0)
    made = PlainOrTypesetLabel()
    qtbot.addWidget(made)
    made.resize(240, 60)
    made.show()
    return made


def test_every_formula_of_the_library_has_latex_and_six_drawn_by_lot_are_typeset() -> None:
    found = [latex_of(chosen) for chosen in (*MAPS.values(), *OBJECTIVES.values())]
    assert all(tex and words(tex) for tex in found)
    for tex in random.sample(found, 6):
        assert typeset(Formula(tex)) is not None, tex


@pytest.mark.parametrize(
    ("text", "tex"),
    [
        ("(x² + b) / c", r"\frac{x^{2} + b}{c}"),
        ("k/2π sin(x)", r"\frac{k}{2 \pi} \sin \left(x\right)"),
        ("√(1 + x²)", r"\sqrt{1 + x^{2}}"),
        ("κⁱ⁄⁽ⁿ⁻¹⁾ xᵢ₊₁²", r"\kappa^{i/(n-1)} x_{i+1}^{2}"),
    ],
)
def test_plain_text_becomes_latex(text: str, tex: str) -> None:
    assert text_to_latex(text) == tex


@pytest.mark.parametrize("text", ["x # y", "(x", "x)", "/x", "²", "x/"])
def test_text_that_is_no_formula_has_no_latex(text: str) -> None:
    with pytest.raises(ValueError):
        text_to_latex(text)


def test_a_formula_is_plain_at_first_and_then_typeset(label: PlainOrTypesetLabel, qtbot: QtBot) -> None:
    chosen = find_map("r*x*(1-x)/(1+x^2)")
    label.set_formula(f"x → {chosen.formula}", latex_of(chosen))
    assert not label.is_typeset
    qtbot.waitUntil(lambda: label.is_typeset)
    assert label.text() == "x → r x (1 − x) / (1 + x²)"
    typeset_height = label.heightForWidth(240)
    label.set_formula("x → y", "")
    assert not label.is_typeset and label.heightForWidth(240) < typeset_height


def test_a_formula_that_is_too_wide_or_cannot_be_typeset_is_plain(label: PlainOrTypesetLabel, qtbot: QtBot) -> None:
    chosen = find_objective("(x^2+y-11)^2 + (x+y^2-7)^2 + (x-y)^4")
    with qtbot.waitSignal(label._typesetter.found):
        label.set_formula(chosen.formula, latex_of(chosen))
    label.resize(2000, 60)
    assert label.is_typeset
    label.resize(60, 60)
    assert not label.is_typeset
    assert label.grab().size().width() == 60


def test_a_formula_is_typeset_only_while_it_is_seen(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(formula_label, "FIRST_DELAY", 0)
    label = PlainOrTypesetLabel()
    qtbot.addWidget(label)
    asked: list[object] = []
    monkeypatch.setattr(label._typesetter, "submit", asked.append)
    label.set_formula("x²", "x^2")
    qtbot.wait(20)
    assert asked == []
    label.show()
    qtbot.waitUntil(lambda: asked == [(Formula("x^2"),)])


def test_loading_the_library_waits_for_the_first_picture(label: PlainOrTypesetLabel, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[object] = []
    monkeypatch.setattr(Typesetter, "is_put_off", True)
    monkeypatch.setattr(Typesetter, "is_ready", lambda _: False)
    monkeypatch.setattr(Typesetter, "submit", lambda _, formulas: asked.append(formulas))
    label.set_formula("x → a", "x \\to a")
    for _ in range(3):
        qtbot.waitUntil(label._start.isActive)
        label._start.stop()
        label._typeset()
    assert asked == [] and label._start.isActive()
    monkeypatch.setattr(Typesetter, "is_put_off", False)
    qtbot.waitUntil(lambda: len(asked) == 1)
