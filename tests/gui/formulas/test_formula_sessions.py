"""Sessions with formulas: kept as they were typed, drawn without a window, refused with their line."""

import time
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest

from funjax_gui.cli.command import run
from funjax_gui.sessions import session as sessions
from funjax_gui.sessions.checks import SessionError
from funjax_gui.sessions.session import Session, dumps, parse

TEXT = """\
funjax = 1
tab = "bifurcation"

[fixed-points]
map = "cos(k * x) + 0*k"
parameters = { k = 1.0 }

[bifurcation]
map = "r*x*(1 - x) + b*sin(π*x)"
parameters = { b = 0.0 }
range = [2.5, 3.5]
x = [0.0, 1.0]
start = 0.5
transient = 4000
samples = 500
size = [61, 97]

[newton]
objective = "(1-x)^2 + 100*(y-x^2)^2"
start = [-1.2, 1.0]
"""


def test_a_formula_is_kept_as_it_was_typed() -> None:
    session = parse(TEXT)
    assert session.bifurcation.map == "r*x*(1 - x) + b*sin(π*x)" and session.bifurcation.sweep == "r"
    assert session.fixed_points.map == "cos(k * x) + 0*k" and session.newton.objective == "(1-x)^2 + 100*(y-x^2)^2"
    assert parse(dumps(session)) == session
    table = session.bifurcation
    assert type(table).of(table.request()) == table
    assert parse(dumps(Session(bifurcation=type(table).of(table.request())))).bifurcation == table


def test_what_a_session_leaves_out_comes_from_the_formula() -> None:
    table = parse("funjax = 1\n[bifurcation]\nmap = 'r*x*(1-x)'").bifurcation
    assert (table.sweep, table.start, table.range) == ("r", 0.5, (Decimal(0), Decimal(4)))
    assert parse("funjax = 1\n[fixed-points]\nmap = 'cos(x)'").fixed_points.x == (-2, 2)
    assert parse("funjax = 1\n[newton]\nobjective = 'x*y*z'").newton.start == (0.5, -0.5, 0.5)


def test_a_formula_is_drawn_without_a_window_just_as_numpy_draws_it(tmp_path: Path, qapp: object) -> None:
    (tmp_path / "s.toml").write_text(TEXT, encoding="utf-8")
    assert run(["render", str(tmp_path / "s.toml"), "-o", str(tmp_path / "s.npz")]) == 0
    with np.load(tmp_path / "s.npz") as arrays:
        r, counts = arrays["columns"], arrays["counts"]
    x, want = np.full(61, 0.5), np.zeros((97, 61), int)
    for step in range(4500):
        x = r * x * (1 - x)
        if step >= 4000:
            np.add.at(want, (96 - np.floor(97 * x).astype(int), np.arange(61)), 1)
    assert np.array_equal(counts, want)
    assert run(["render", str(tmp_path / "s.toml"), "-o", str(tmp_path / "s.png")]) == 0


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        (
            "r*x*(1 - x)",
            "x 2",
            "line 9: map is 'x 2 + b*sin(π*x)': an operator is missing: write * between two factors (at character 3)",
        ),
        ("cos(k * x)", "x.real", "line 5: map is 'x.real + 0*k': unexpected '.': attributes are not allowed"),
        ("(y-x^2)", "(y-x1^2)", "line 19: x is not a variable beside x1; write x, y or x1, x2, …"),
        ("{ b = 0.0 }", "{ q = 0.0 }", "line 10: the map r*x*(1-x)+b*sin(pi*x) has no parameter 'q'; it has r, b"),
        ("{ b = 0.0 }", "{ r = 0.0 }", "line 10: r is swept, so it has no value of its own"),
        ("cos(k * x)", "__import__('os').system('touch x')", "line 5: map is"),
    ],
)
def test_what_is_wrong_with_a_formula_has_its_line(old: str, new: str, problem: str) -> None:
    with pytest.raises(SessionError) as caught:
        parse(TEXT.replace(old, new))
    (said,) = caught.value.problems
    assert said.startswith(problem)


@pytest.mark.parametrize("formula", ["9**9**9*x", "(" * 240 + "x" + ")" * 240, "x" * 900, "x**" * 166 + "x", "sinh(" * 30 + "x" + ")" * 30])
def test_a_strangers_formula_is_refused_at_once(formula: str) -> None:
    began = time.thread_time()
    with pytest.raises(SessionError, match="line 3: map is"):
        parse(f'funjax = 1\n[bifurcation]\nmap = "{formula}"')
    assert time.thread_time() - began < 10


def test_an_unknown_name_is_still_told_from_a_formula() -> None:
    with pytest.raises(SessionError, match=r"line 3: map is 'rubbish'; the maps are .*, or write a formula such as r\*x\*\(1-x\)"):
        sessions.parse('funjax = 1\n[bifurcation]\nmap = "rubbish"')
