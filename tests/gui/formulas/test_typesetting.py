"""Formulas: read in words, refused in one line, typeset in outlines that Qt draws, and never before they are wanted."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

from funjax_gui.formulas.spoken_math import ARGUMENTS, ENVIRONMENTS, LONGEST, SYMBOLS, words
from funjax_gui.formulas.typesetting import Formula, TypesetRequest, typeset


@pytest.mark.parametrize(
    ("tex", "said"),
    [
        ("x_n", "x sub n"),
        (r"10\,x_{n+1} = x_n^2 + 21", "10 x sub n plus 1 equals x sub n squared plus 21"),
        (r"\sum_{k=0}^{n-1} x_k", "sum from k equals 0 to n minus 1 x sub k"),
        (r"\left.\frac{a}{b}\right|_{t=0}", "a over b bar sub t equals 0"),
        (r"H\,\Delta\mathbf{x} = -\nabla f", "H delta x equals minus gradient f"),
        (r"\begin{pmatrix}3&2\\2&7\end{pmatrix}", "matrix 3 2, 2 7"),
        (r"f'(x_c)^{-1}", "f prime (x sub c) inverse"),
        (r"x^T y^3 \sqrt{2}^{10}", "x transposed y cubed root of 2 to the power 10"),
    ],
)
def test_formulas_are_read_aloud(tex: str, said: str) -> None:
    assert words(tex) == said


@pytest.mark.parametrize(
    ("tex", "line"),
    [
        ("", "the formula is empty; write it in LaTeX between the dollar signs, such as $x_n$"),
        ("x" * 301, "the formula has 301 characters; 300 are allowed"),
        ("\\\n", r"'\\\n' is not known here; write the formula with the commands of docs/tours.md"),
        (r"\input{/etc/passwd}", r"\input is not known here; write the formula with the commands of docs/tours.md"),
        (r"\def\x{\x\x}", r"\def is not known here; write the formula with the commands of docs/tours.md"),
        ("{" * 9 + "}" * 9, "the formula's braces are more than 8 deep; that many are allowed"),
        ("x_", "the formula has nothing after a _"),
        ("{x", "the formula ends before its }"),
        ("x}", "'}' is not allowed in a formula; write LaTeX such as x_{n+1} = a \\, x_n"),
        (r"\frac12", r"the formula has no brace after \frac; write \frac{…}"),
        (r"\left x\right)", r"the formula has no bracket after \left; write \left( … \right)"),
        (r"\begin{verbatim}x\end{verbatim}", r"\begin{verbatim} is not known here; there are aligned, cases, pmatrix"),
        (r"\begin{cases}x\end{pmatrix}", r"\begin{cases} is ended by \end{pmatrix}"),
        (r"\text{a $b$}", r"a formula's \text{…} takes plain words"),
    ],
)
def test_what_is_no_formula_is_said_in_one_line(tex: str, line: str) -> None:
    with pytest.raises(ValueError) as caught:
        words(tex)
    assert str(caught.value) == line


def everything() -> list[str]:
    symbols = [f"( x \\{name} y )" for name in SYMBOLS]
    arguments = [f"\\{name}" + "{x}" * len(forms) for name, forms in ARGUMENTS.items()]
    return symbols + arguments + [f"\\begin{{{name}}} a & b \\\\ c & d \\end{{{name}}}" for name in ENVIRONMENTS] + [r"\left( x \right|"]


def test_whatever_has_words_can_be_typeset() -> None:
    assert [tex for tex in everything() if words(tex) and typeset(Formula(tex)) is None] == []


@given(st.text(alphabet=st.sampled_from("\\{}^_&'|().x1 ~$#%\n"), max_size=40) | st.text(max_size=LONGEST + 9))
def test_any_text_is_read_or_refused(tex: str) -> None:
    try:
        said = words(tex)
    except ValueError as error:
        assert "\n" not in str(error) and len(str(error)) < 300
    else:
        typeset(Formula(tex, display=False))
        assert said


def test_qt_draws_it_in_the_colour_asked_for(qapp: Any) -> None:
    made = typeset(Formula(r"\frac{a}{b} + \sqrt{x_n}"))
    assert made is not None and made.ascent > 1 > made.descent > 0.5
    renderer = QSvgRenderer(made.coloured("#f1a239"))
    picture = QImage(200, 100, QImage.Format.Format_RGB32)
    picture.fill(0)
    painter = QPainter(picture)
    renderer.render(painter, QRectF(0, 0, 200, 100))
    painter.end()
    shades = {picture.pixel(x, y) & 0xFFFFFF for x in range(200) for y in range(100)}
    assert 0xF1A239 in shades and len(shades) > 10


def test_a_remainder_has_space_on_both_sides() -> None:
    wide, narrow = (typeset(Formula(tex)) for tex in (r"a\bmod b", r"a\mathrm{mod} b"))
    assert wide is not None and narrow is not None and wide.width > narrow.width + 0.4


def test_a_request_brings_all_formulas() -> None:
    wanted = tuple(Formula(f"x_{{{n}}}") for n in range(30))
    *_, last = TypesetRequest(wanted).frames()
    assert last.done and tuple(last.found) == wanted and all(last.found.values())


def test_fractions_below_one_another_have_room_between_them() -> None:
    rows = r"x' = \frac{a x}{1 + x^{2}}", r"y' = \frac{b x}{2 + x}"
    alone = [typeset(Formula(row)) for row in rows]
    both = typeset(Formula(r"\begin{aligned}" + r" \\ ".join(row.replace("=", "&=") for row in rows) + r"\end{aligned}"))
    assert both is not None and both.ascent + both.descent > sum(each.ascent + each.descent for each in alone if each) + 0.3
