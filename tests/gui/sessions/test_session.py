"""Sessions: text and state are each other's inverse, and whatever else is in a file gets one clear line a problem."""

import os
import time
import tomllib
from decimal import Decimal
from pathlib import Path
from typing import Any

import drawn_sessions
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from funjax_gui.files.writing import FileError
from funjax_gui.sessions import session as sessions
from funjax_gui.sessions.checks import SessionError
from funjax_gui.sessions.session import Session, dumps, load, parse, save
from funjax_gui.sessions.toml_positions import key_lines, line_of
from funjax_gui.sessions.toml_reader import MOST_PROBLEMS
from funjax_gui.style.colour_maps import TONES
from funjax_gui.tabs.bifurcation.session import ONLY_DIAGRAM, ONLY_SECOND, Bifurcation
from funjax_gui.tabs.fixed_points.session import ONLY_LINE, ONLY_PLANE, FixedPoints
from funjax_gui.tabs.newton.session import ALL_METHODS
from kernels.bifurcation.request import BifurcationRequest
from kernels.geometry import Grid, Viewport
from kernels.maps.registry import MAPS

DESIGN = """\
funjax = 1                            # the format's version
tab = "bifurcation"                   # the tab that is open

[fixed-points]
map = "post"                          # a name in MAPS
parameters = { }                      # values of the map's parameters, by name
x = [-9.0, 10.0]                      # the starts' range, also the view's
starts = 401
steps = 500

[bifurcation]
map = "logistic"
sweep = "a"                           # the parameter along the horizontal axis
parameters = { }                      # values of the others
range = [3.4, 4.0]
x = [0.0, 1.0]
start = 0.5                           # x0
transient = 1000
samples = 1000
size = [1280, 800]                    # columns and rows, for an export

[newton]
objective = "quadratic"
goal = "stationary"
start = [0.0, 0.0]
method = "newton"
max-steps = 50
tolerance = 1e-10
"""


@st.composite
def limits(draw: Any) -> tuple[Decimal, Decimal]:
    """Limits as deep as 35 digits, as a zoom gives them or as a person types them."""
    low = Decimal(draw(st.integers(-(10**40), 10**40))).scaleb(draw(st.integers(-40, -10)))
    width = Decimal(draw(st.integers(1, 10**6))).scaleb(draw(st.integers(-35, 3)))
    high = (low + width).normalize()
    assume(low < high)
    return low, high


@given(drawn_sessions.sessions() | drawn_sessions.sessions(whole=True))
def test_what_is_written_is_read_back(session: Session) -> None:
    text = dumps(session)
    read = parse(text)
    assert read == session and dumps(read) == text
    assert (read.theme, read.newton.at_step) == (session.theme, session.newton.at_step), "what is not compared is kept as well"
    assert read.bifurcation.viewport == session.bifurcation.viewport
    tomllib.loads(text)


@given(limits(), limits())
def test_a_view_survives_a_session(horizontal: tuple[Decimal, Decimal], vertical: tuple[Decimal, Decimal]) -> None:
    request = BifurcationRequest(Grid(Viewport.from_limits(*horizontal, *vertical), 7, 5))
    table = Bifurcation.of(request)
    again = parse(dumps(Session(bifurcation=table))).bifurcation
    assert again == table
    assert Bifurcation.of(again.request()) == table
    assert again.request() == table.request()


def test_a_deep_zoom_keeps_every_digit() -> None:
    low, high = "3.56994567187094490184200515138649893", "3.56994567187094490184200515138649894"
    text = f'funjax = 1\n[bifurcation]\nrange = ["{low}", {high}]\n'
    table = parse(text).bifurcation
    assert table.range == (Decimal(low), Decimal(high)), "a TOML float keeps its digits as well as a text"
    assert f'range = ["{low}", "{high}"]' in dumps(Session(bifurcation=table))
    table = parse("funjax = 1\n[bifurcation]\nrange = [3.5699456718709, 3.56994567187091]\n").bifurcation
    assert "range = [3.5699456718709, 3.56994567187091]" in dumps(Session(bifurcation=table))


def test_the_designs_example_is_what_an_empty_session_means() -> None:
    assert parse(DESIGN) == parse("funjax = 1") == Session()


def test_the_manual_names_every_key() -> None:
    manual = (Path(__file__).parents[3] / "docs" / "sessions.md").read_text(encoding="utf-8")
    example = manual.split("```toml\n")[1].split("```")[0]
    parse(example)
    written = tomllib.loads(example)
    assert list(written) == ["funjax", *sessions.CHECKS, *sessions.TABS]
    of_plane = tomllib.loads(manual.split("```toml\n")[2].split("```")[0])
    assert parse(manual.split("```toml\n")[2].split("```")[0]).fixed_points.is_plane
    for table in sessions.TABLES:
        keys = dict.fromkeys(table.CHECKS)
        if table is FixedPoints:
            assert list(of_plane[table.NAME]) == [key for key in keys if key not in ONLY_LINE]
            keys = dict.fromkeys(key for key in keys if key not in ONLY_PLANE)
        if table is Bifurcation:
            of_two = tomllib.loads(manual.split("```toml\n")[3].split("```")[0])
            # A line across the plane makes a diagram again: it has neither example's keys, and a sentence of its own.
            assert list(of_two[table.NAME]) == [key for key in keys if key not in (*ONLY_DIAGRAM, "sequence", "line")]
            assert "`line = " in manual
            keys = dict.fromkeys(key for key in keys if key not in ("and-sweep", "line", *ONLY_SECOND))
        assert list(written[table.NAME]) == list(keys)


def test_each_map_brings_its_own_view() -> None:
    for name, chosen in MAPS.items():
        table = parse(f'funjax = 1\nbifurcation.map = "{name}"').bifurcation
        assert (table.sweep, table.start, table.viewport) == (chosen.sweep, chosen.initial, chosen.view)
        for parameter in chosen.parameters:
            swept = parse(f'funjax = 1\nbifurcation = {{ map = "{name}", sweep = "{parameter.name}" }}').bifurcation
            usual = tuple(map(float, chosen.view.x_limits)) if parameter.name == chosen.sweep else (parameter.low, parameter.high)
            assert tuple(map(float, swept.range)) == usual
    assert parse('funjax = 1\nfixed-points.map = "logistic"').fixed_points.x == (0, 1)


def problems(text: str) -> list[str]:
    with pytest.raises(SessionError) as caught:
        parse(text)
    assert str(caught.value) == "\n".join(caught.value.problems)
    assert len(str(caught.value).splitlines()) == len(caught.value.problems), "one line a problem"
    return list(caught.value.problems)


SOME = ", ".join(ALL_METHODS)
FORMULA = ", or write a formula such as r*x*(1-x)"
NO_X = "the formula has no x in it; write the next state in terms of x, such as r*x*(1-x)"
SAMPLES = "line 4: samples is {}; give a whole number from 1 to 2 147 483 647"


@pytest.mark.parametrize(
    ("statement", "problem"),
    [
        ("samples = 0", SAMPLES.format("0")),
        ("samples = -3", SAMPLES.format("-3")),
        ("samples = true", SAMPLES.format("true")),
        ("samples = 1e3", SAMPLES.format("1E+3")),
        ("samples = '12'", SAMPLES.format("'12'")),
        (f"samples = {2**31}", SAMPLES.format(2**31)),
        ("transient = -1", "line 4: transient is -1; give a whole number from 0 to 2 147 483 647"),
        ("start = nan", "line 4: start is NaN; give a finite number such as 0.5"),
        ("start = 1e999", "line 4: start is 1E+999; give a finite number such as 0.5"),
        ("start = false", "line 4: start is false; give a finite number such as 0.5"),
        ("start = [0.5]", "line 4: start is [0.5]; give a number such as 0.5, or a point's two coordinates, such as [0.5, 0.0]"),
        ("sweep = 'b'", "line 4: the map logistic has no parameter 'b' to sweep; it has a"),
        ("sweep = 3", "line 4: sweep is 3; give a name"),
        ("parameters = { b = 1 }", "line 4: the map logistic has no parameter 'b'; it has a"),
        ("parameters = { a = 1 }", "line 4: a is swept, so it has no value of its own; leave it out here"),
        ("parameters = [1]", "line 4: parameters is [1]; give values by name, such as { a = 3.5 }"),
        ("parameters = { a = '1' }", "line 4: parameters gives 'a', which is '1'; give a finite number such as 0.5"),
        ("ranges = { a = [1, 2] }", "line 4: a is swept, so it has no slider of its own; leave it out here"),
        ("ranges = { b = [1, 2] }", "line 4: the map logistic has no parameter 'b'; it has a"),
        ("ranges = [1, 2]", "line 4: ranges is [1, 2]; give ranges by name, such as { a = [3.0, 4.0] }"),
        ("ranges = { a = 3 }", "line 4: ranges gives 'a': 3; give two limits, the lower one first, such as [3.4, 4.0]"),
        ("ranges = { a = [0, 1e20] }", "line 4: ranges gives 'a': the range 0 to 1e+20 is out of range; give ends from -1e+12 to 1e+12"),
        ("range = [4, 3]", "line 4: range is [4, 3], which is empty or reversed; give the lower limit first"),
        ("range = [3, 3.0]", "line 4: range is [3, 3.0], which is empty or reversed; give the lower limit first"),
        ("range = [3]", "line 4: range is [3]; give two limits, the lower one first, such as [3.4, 4.0]"),
        ("range = '3 to 4'", "line 4: range is '3 to 4'; give two limits, the lower one first, such as [3.4, 4.0]"),
        ("range = [3, 'four']", "line 4: range is [3, 'four']: 'four' is not a number; write digits such as 3.57 or 1e-9"),
        ("range = [3, true]", "line 4: range is [3, true]: true is not a number; write digits such as 3.57 or 1e-9"),
        ("x = [-inf, 1]", "line 4: x is [-Infinity, 1]: -Infinity is not a finite number; write digits such as 3.57 or 1e-9"),
        ("size = [0, 800]", "line 4: size is 0; give a whole number from 1 to 2 147 483 647"),
        ("size = '1280x800'", "line 4: size is '1280x800'; give columns and rows, such as [1280, 800]"),
        (
            "map = 'logstic'",
            "line 4: map is 'logstic' (do you mean logistic?); the maps are " + ", ".join(MAPS) + FORMULA,
        ),
        ("map = 'r*x*(1-x'", "line 4: map is 'r*x*(1-x': the bracket '(' is never closed (at character 5)"),
        (
            "map = '9**9**9*x'",
            "line 4: map is '9**9**9*x': the exponent 387420489 is out of range; give one from −1000 to 1000 (at character 4)",
        ),
        ("map = 'r*y'", "line 4: map is 'r*y': " + NO_X + " (at character 1)"),
        ("map = 'cos(x)'", "line 4: the map cos(x) has no parameter; a diagram sweeps one, so write one in, as in a*sin(x)"),
        ("map = 'r*x*(1-x)'\nsweep = 'a'", "line 5: the map r*x*(1-x) has no parameter 'a' to sweep; it has r"),
        ("pin = true", "line 4: pin is true; give a number such as 3.57, or false for no pin"),
        ("pin = '1e999'", "line 4: pin is '1e999'; give a number such as 3.57, or false for no pin"),
        ("keep-refining = 1", "line 4: keep-refining is 1; it may be true or false"),
        ("show = 'periods'", "line 4: show is 'periods' (do you mean period?); it may be density, period, exponent, attractors, spectrum"),
        ("tone = 'loud'", "line 4: tone is 'loud'; it may be " + ", ".join(TONES)),
        (
            "sample = 12",
            "line 4: unknown key 'sample' in [bifurcation] (do you mean samples?); known are " + ", ".join(Bifurcation.CHECKS),
        ),
    ],
)
def test_a_bad_value_gets_its_line(statement: str, problem: str) -> None:
    assert problems(f"funjax = 1\n[bifurcation] # not here\n\n{statement} # here\ntab = 3"[: -len("\ntab = 3")]) == [problem]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ["line 1: 'funjax = 1' is missing; without it this is not a session"]),
        ("tab = 'newton'", ["line 1: 'funjax = 1' is missing; without it this is not a session"]),
        ("\nfunjax = 2\nnew = 1", ["line 2: this session is of version 2, and this funjax reads up to 1; update funjax"]),
        ("funjax = '1'", ["line 1: funjax is '1'; give a whole number from 1 to 999"]),
        ("funjax = true", ["line 1: funjax is true; give a whole number from 1 to 999"]),
        ("funjax = 1\ntab = 'newtn'", ["line 2: tab is 'newtn' (do you mean newton?); it may be " + ", ".join(sessions.TABS)]),
        ("funjax = 1\nbifurcation = 3", ["line 2: bifurcation is 3; it must be a table: [bifurcation]"]),
        ("funjax = 1\n[[newton]]", ["line 2: newton is [{}]; it must be a table: [newton]"]),
        ("funjax = 1\n[newton]\nmax-steps = 0", ["line 3: max-steps is 0; give a whole number from 1 to 10 000"]),
        ("funjax = 1\n[newton]\ntolerance = 0", ["line 3: tolerance is 0; give a number above 0"]),
        ("funjax = 1\n[newton]\nstart = []", ["line 3: start is []; give a point's coordinates, such as [0.0, 0.0]"]),
        ("funjax = 1\n[newton]\nobjective = ''", ["line 3: objective is ''; give a name"]),
        ("funjax = 1\n[fixed-points]\nparameters.q = 1", ["line 3: the map post has no parameter 'q'; it has b, c"]),
        ("funjax = 1\ntheme = 'system'", ["line 2: theme is 'system'; it may be white, light, dark"]),
        ("funjax = 1\n[fixed-points]\nstarts = 10000001", ["line 3: starts is 10000001; give a whole number from 1 to 10 000 000"]),
        ("funjax = 1\n[fixed-points]\npower = 9", ["line 3: power is 9; give a whole number from 1 to 8"]),
        ("funjax = 1\n[fixed-points]\nat-step = -1", ["line 3: at-step is -1; give a whole number from 0 to 2 147 483 647"]),
        ("funjax = 1\n[fixed-points]\npins = 3", ["line 3: pins is 3; give numbers in brackets, such as [0.25, 0.5]"]),
        (f"funjax = 1\n[fixed-points]\npins = {[*range(64)]}", ["line 3: pins has 64 numbers; give at most 63"]),
        ("funjax = 1\n[newton]\nmethods = 'newton'", [f"line 3: methods is 'newton'; give one or more of {SOME} in brackets"]),
        ("funjax = 1\n[newton]\nmethods = ['newton', 3]", ["line 3: methods has 3; it may have " + ", ".join(ALL_METHODS)]),
        (
            "funjax = 1\n[newton]\nmethods = ['newton', 'gradient']\nmethod = 'trust-region'",
            ["line 4: method is 'trust-region', which is not among the methods; it may be newton, gradient"],
        ),
        ("funjax = 1\n[newton]\nstart = [1, 2, 3]\nvariables = 2", ["line 3: start has 3 coordinates, and variables is 2; give at most 2"]),
        ("funjax = 1\n[newton]\nvariables = 3", ["line 2: a point with 3 coordinates does not fit quadratic; give 2"]),
        (
            "funjax = 1\n[newton]\ndamping = 3",
            ["line 2: damping 3.0 is out of range; give a number above 0, at most 2"],
        ),
        (
            "funjax = 1\n[newton]\nmethod = 'gradient-newton-step'",
            ["line 3: gradient-newton-step is for one variable, and quadratic has 2; use newton"],
        ),
        ("funjax = 1\n[newton]\nparameters = { q = 1 }", ["line 3: the objective quadratic has no parameter 'q'; it has none"]),
        ("funjax = 1\n\nx = = 3", ["line 3: Invalid value, at column 5"]),
        (
            "# A text\n\nof words",
            ["line 3: this is not a funjax session (TOML): Expected '=' after a key in a key/value pair, at column 4"],
        ),
        ("funjax = 1\nx = [1,\n2,\n", ["line 3: Invalid value, at the end"]),
    ],
)
def test_what_is_wrong_elsewhere(text: str, expected: list[str]) -> None:
    assert problems(text) == expected


def test_problems_come_in_the_order_of_the_lines() -> None:
    text = "funjax = 1\n[newton]\ngoal = 1\n[bifurcation]\nstart = ''\n[fixed-points]\nsteps = 0\nextra = 1"
    assert [problem.split(":")[0] for problem in problems(text)] == ["line 3", "line 5", "line 7", "line 8"]


def test_thousands_of_problems_are_cut_short() -> None:
    found = problems("funjax = 1\n" + "\n".join(f"key{n} = {n}" for n in range(20_000)))
    assert len(found) == MOST_PROBLEMS + 1
    assert found[-1] == "and 19980 more such problems"


@pytest.mark.parametrize("text", ["funjax = 1\nx = " + "[" * 100_000, "funjax = " + "9" * 10_000, "funjax = 1\nx = 1e" + "9" * 100])
def test_the_readers_own_limits_are_met(text: str) -> None:
    assert problems(text)[0].startswith("line ")


def test_keys_with_odd_characters_stay_in_their_line() -> None:
    assert problems('funjax = 1\n"a\\nb\\u2028" = 1')[0].startswith("line 2: unknown key 'a\\nb\\u2028' at the top")


mutations = st.lists(
    st.tuples(st.integers(0, len(DESIGN)), st.integers(0, 8), st.text(max_size=6) | st.sampled_from(list("[]{}=\"'#\n.,")))
)


@given(st.text() | st.lists(st.sampled_from([*DESIGN.splitlines(True), "[", "x = ", "'''", "{", "1", "nan\n"])).map("".join))
def test_any_text_is_a_session_or_a_session_error(text: str) -> None:
    read_or_refused(text)


@given(mutations)
def test_a_damaged_session_is_a_session_or_a_session_error(changes: list[tuple[int, int, str]]) -> None:
    text = DESIGN
    for place, length, new in changes:
        text = text[:place] + new + text[place + length :]
    read_or_refused(text)


def test_a_quarter_of_a_million_empty_lines_are_read_at_once() -> None:
    began = time.thread_time()
    with pytest.raises(SessionError, match="line 250001"):
        parse("\n" * 250_000 + "x = [")
    assert time.thread_time() - began < 2


def read_or_refused(text: str) -> None:
    try:
        session = parse(text)
    except SessionError as error:
        assert error.problems
        assert all(problem.isprintable() and len(problem) < 500 for problem in error.problems)
    else:
        assert parse(dumps(session)) == session


def test_lines_of_keys() -> None:
    text = """\
# [not.this]
top = "# = [no]" # = comment

[ "a b" . c ]   # a header
x.y = [ # an array [
  1, "]",
  2 ]
'q' = '''
z = 3
"""  # the string goes on over the next header
    text += """[gone]\n'''\nt = { u = 1, v = { w = [2] } }\n[[many]]\nn = 1\n[[many]]\nn = 2\n[[many.deep]]\n[many.deep.table]\nk = 1\n"""
    lines = key_lines(text)
    assert lines == {
        ("top",): 2,
        ("a b",): 4,
        ("a b", "c"): 4,
        ("a b", "c", "x"): 5,
        ("a b", "c", "x", "y"): 5,
        ("a b", "c", "q"): 8,
        ("a b", "c", "t"): 12,
        ("many",): 13,
        ("many", "0"): 13,
        ("many", "0", "n"): 14,
        ("many", "1"): 15,
        ("many", "1", "n"): 16,
        ("many", "1", "deep"): 17,
        ("many", "1", "deep", "0"): 17,
        ("many", "1", "deep", "0", "table"): 18,
        ("many", "1", "deep", "0", "table", "k"): 19,
    }
    assert line_of(lines, ("a b", "c", "t", "v", "w")) == 12
    assert line_of(lines, ("nowhere",)) == 1


@given(st.lists(st.tuples(st.text(min_size=1), st.integers() | st.text() | st.lists(st.text())), unique_by=lambda pair: pair[0]))
def test_lines_of_written_keys(pairs: list[tuple[str, Any]]) -> None:
    import tomli_w

    text, expected = "", {}
    for key, value in pairs:
        expected[(key,)] = text.count("\n") + 1
        text += tomli_w.dumps({key: value}, multiline_strings=True) + "\n# = [\n"
    assert key_lines(text) == expected


# Files ---------------------------------------------------------------------------------------------------------------------------


def test_save_and_load(tmp_path: Path) -> None:
    session = Session("newton", bifurcation=Bifurcation("gauss", "beta", (("alpha", 4.9),)))
    save(tmp_path / "a.toml", session)
    assert load(tmp_path / "a.toml") == session
    assert os.listdir(tmp_path) == ["a.toml"]


def test_a_byte_order_mark_and_other_line_ends_are_read(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_bytes(b"\xef\xbb\xbf" + DESIGN.replace("\n", "\r\n").encode())
    assert load(tmp_path / "a.toml") == Session()


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"funjax = 1\n# \xff\n", "line 2: the file is not UTF-8 text; a session is a TOML file"),
        (b"#" * (sessions.LARGEST + 1), "the file is larger than 256 KiB; a session is a page of text"),
        (b"\x89PNG\r\n", "line 1: the file is not UTF-8 text; a session is a TOML file"),
    ],
)
def test_files_that_are_no_sessions(tmp_path: Path, data: bytes, problem: str) -> None:
    (tmp_path / "a.toml").write_bytes(data)
    with pytest.raises(SessionError) as caught:
        load(tmp_path / "a.toml")
    assert caught.value.problems == (problem,)


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(FileError) as caught:
        load(tmp_path / "none.toml")
    assert str(caught.value) == f"{tmp_path / 'none.toml'} cannot be read: there is no such file"
    with pytest.raises(FileError, match="cannot be read: it is a folder; give a file's name"):
        load(tmp_path)
    with pytest.raises(SessionError, match="null"):
        load("a\0b")
