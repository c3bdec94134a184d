"""Tours as text: what is right is read, what is wrong is said line by line, and nothing takes long or runs."""

import os
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from funjax_gui.documents import DOCUMENTS
from funjax_gui.files import resources
from funjax_gui.formulas.typesetting import Formula
from funjax_gui.sessions import session as sessions
from funjax_gui.sessions.session import Session
from funjax_gui.sessions.toml_reader import MOST_PROBLEMS
from funjax_gui.tours.actions import Drag, Fly, Highlight, Open, Play, Rewind, Show, Step, Wait
from funjax_gui.tours.file import LARGEST, MOST_CHAPTERS, Tour, TourError, load, parse
from funjax_gui.tours.recognition import is_tour
from funjax_gui.tours.script import ACTIONS, MOST_ACTIONS, read
from funjax_gui.tours.text import Prose, Words, prose

ROOT = Path(__file__).parents[3]
SHIPPED = sorted((resources.folder() / "tours").glob("*.toml"))
DOCUMENT = (ROOT / "docs" / "tours.md").read_text(encoding="utf-8")
HEAD = 'funjax-tour = 1\ntitle = "T"\n[[chapter]]\ntitle = "One"\n'


def problems(text: str) -> list[str]:
    with pytest.raises(TourError) as caught:
        parse(text)
    return list(caught.value.problems)


def chapter(show: str, scene: str = "") -> str:
    """A tour whose script begins at line 12."""
    return (
        f"{HEAD}text = 'words'\nscene = '''\n{scene or 'tab fixed-points'}\n'''\n[[chapter.try]]\ntext = 'try'\nshow = '''\n{show}\n'''\n"
    )


# What is right -----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_a_shipped_tour_is_well_made(path: Path) -> None:
    tour = load(path)
    assert is_tour(path) and 5 <= len(tour.title) <= 60 and tour.about
    for each in tour.chapters:
        paragraphs = [block for block in each.text if isinstance(block, Prose)]
        formulas = [block for block in each.text if isinstance(block, Formula)]
        assert 2 <= len(paragraphs) <= 5 and 1 <= len(formulas) <= 2, each.title
        assert 2 <= len(each.trials) <= 4 and all(len(trial.show) > 1 for trial in each.trials), each.title


def test_the_tour_follows_the_post() -> None:
    titles = [chapter.title for chapter in load(resources.folder() / "tours" / "fun-with-iterations.toml").chapters]
    assert len(titles) == 12 and [titles[n] for n in (0, 1, 2, 4)] == ["Iterate", "Basins", "jit", "vmap"]


def test_the_example_in_the_document_is_a_tour() -> None:
    found = re.search(r"```toml\n(.*?)```", DOCUMENT, re.DOTALL)
    assert found is not None
    tour = parse(found[1])
    assert [type(action) for action in tour.chapters[0].trials[1].show] == [Show, Highlight, Drag, Wait, Show, Fly]


def test_the_document_names_all_that_there_is() -> None:
    listed = {tab: re.findall(r"`([^`]+)`", names) for tab, names in re.findall(r"(?m)^- `([a-z-]+)`: (.+)$", DOCUMENT)}
    assert listed == {document.table.NAME: list(document.targets) for document in DOCUMENTS}
    assert all(re.search(rf"`{name}\b", DOCUMENT) for name in ACTIONS)


def test_a_text_is_paragraphs_and_formulas() -> None:
    tour = parse(f"{HEAD}text = '''\nOne $x_n$,\n*two*.\n\n$$ x^2 $$\n\n`three`\n'''\n")
    first, formula, last = tour.chapters[0].text
    assert isinstance(first, Prose) and first.spoken == "One x sub n, two."
    assert first.runs == (Words("One "), Formula("x_n", display=False), Words(", "), Words("two", "strong"), Words("."))
    assert formula == Formula("x^2") and last == Prose((Words("three", "code"),))


def test_a_script_is_read_with_the_session_that_it_makes() -> None:
    found = read("set map = 'logistic'\nset parameters.a = 3.2\ndrag a from 2.5 to 3\nset start = 0.1", Session(tab="fixed-points"))
    assert found.problems == () and [type(action) for action in found.script] == [Show, Drag, Show]
    first, drag, last = found.script
    assert isinstance(first, Show) and dict(first.session.fixed_points.parameters) == {"a": 2.5}
    assert isinstance(drag, Drag) and (drag.name, drag.at(0), drag.at(0.5), drag.at(1)) == ("parameter:a", 2.5, 2.75, 3.0)
    assert isinstance(last, Show) and last.session == found.session and found.session.fixed_points.start == 0.1


def test_every_action_is_read() -> None:
    text = "preset rosenbrock\ntab newton\nset max-steps = 9\ndrag start from [0, 0] to [1, 2] in 0.5\nzoom [0, 1] [0, 2]\nplay\nrewind"
    found = read(f"{text}\nstep\ninner 3\nhighlight newton status\nopen scaling\nwait 1", Session())
    kinds = [type(action) for action in found.script]
    assert found.problems == () and kinds == [Show, Drag, Fly, Play, Rewind, Step, Step, Highlight, Open, Wait]
    assert found.session.newton.x == (0, 1) and found.session.newton.start == (1.0, 2.0)


def test_whole_numbers_are_dragged_by_whole_numbers() -> None:
    drag = next(a for a in read("drag steps from 1 to 4", Session(tab="fixed-points")).script if isinstance(a, Drag))
    assert [drag.at(share) for share in (0, 0.2, 0.5, 1)] == [1, 2, 2, 4]


# What is wrong -----------------------------------------------------------------------------------------------------------------

WRONG = [
    ("paly", "'paly' is not an action (do you mean play?); the actions are preset, tab, set, drag, zoom, play, rewind, step"),
    ("preset no-such", "there is no preset 'no-such'; there are arnold-tongues, band-merging, "),
    ("tab fixed", "there is no tab 'fixed'"),
    ("set start", "write set KEY = VALUE"),
    ("set start = ", "'' is not a value"),
    ("set start = __import__('os')", "\"__import__('os')\" is not a value"),
    ("set start = 1\nset nothing = 1", "unknown key 'nothing' in [fixed-points]"),
    ("set a.b.c = 1", "unknown key 'a' in [fixed-points]"),
    ("set starts.b = 1", "unknown key 'starts.b' in [fixed-points]"),
    ("set map = 'x.__class__'", "map is 'x.__class__'"),
    ("set map = 'open(x)'", "map is 'open(x)': there is no function"),
    ("set parameters.q = 3", "the map post has no parameter 'q'; it has b, c"),
    ("set x = [4, 3]", "x is [4, 3], which is empty or reversed"),
    ("drag b", "write drag NAME from A to B"),
    ("drag q from 1 to 2", "unknown key 'q' in [fixed-points]"),
    ("drag map from 'post' to 'logistic'", "'map' cannot be dragged"),
    ("drag x from [1, 2] to [3, 4]", "'x' cannot be dragged"),
    ("drag b from 1 to inf", "parameters gives 'b', which is Infinity; give a finite number"),
    ("drag b from 1 to 2 in 1e9", "'1e9' is out of range; give seconds from 0.1 to 20"),
    ("drag steps from 1 to 99999999999999", "steps is 99999999999999; give a whole number"),
    (
        "tab newton\nset objective = 'rosenbrock'\ndrag start from [0, 0] to [1, 1, 1]",
        "start cannot go from [0, 0] to [1, 1, 1]; give two numbers, or two points",
    ),
    ("zoom [0, 1]", "write zoom [left, right] [bottom, top]"),
    ("zoom [0, 1] [2, 2]", "the view is [2, 2], which is empty or reversed"),
    ("zoom [1, 1.0000000000000001] [0, 1]", "the view [1, 1.0000000000000001] [0, 1] is too narrow"),
    ("play for nan", "'nan' is out of range"),
    ("tab bifurcation\nplay", "play is not available in the tab bifurcation; it is in fixed-points and newton"),
    ("rewind now", "rewind takes no argument"),
    ("step 99", "step takes a whole number from 1 to 50, not '99'"),
    ("inner", "inner steps are those of conjugate gradients"),
    ("highlight", "highlight needs a name; in the tab fixed-points there are b, c, map,"),
    ("highlight cowbeb", "there is no 'cowbeb' in the tab fixed-points (do you mean cobweb?)"),
    ("tab bifurcation\nhighlight a", "there is no 'a' in the tab bifurcation"),
    ("open ../../etc", "there is no dialog '../../etc'"),
    ("wait 0", "'0' is out of range"),
    ("wait " + "9" * 400, "an action is a line of at most 300 characters"),
]


@pytest.mark.parametrize(("show", "line"), WRONG, ids=[show.split("\n")[-1][:30] for show, _ in WRONG])
def test_what_cannot_be_done_is_said_with_its_line(show: str, line: str) -> None:
    (found,) = problems(chapter(show))
    assert found.startswith(f"line {12 + show.count(chr(10))}: {line}"), found
    assert "\n" not in found and len(found) < 700


TEXTS = [
    ("", "line 1: 'funjax-tour = 1' is missing; without it this is not a tour"),
    ("funjax = 1", "line 1: this is a session"),
    ("funjax-tour = 2", "line 1: this tour is of version 2, and this funjax reads up to 1; update funjax"),
    ("funjax-tour = 1\ntitle = 'T'\nchapter = 3", "line 3: chapter must be tables, each under a header of its own"),
    ("funjax-tour = 1\ntitle = 'T'", "line 1: chapter is missing at the top"),
    (HEAD, "line 3: text is missing in [[chapter]]; a tour needs it there"),
    (HEAD + "text = 3", "line 5: text is 3; give some text"),
    (HEAD + "text = ' '", "line 5: text is ' '; give some text"),
    (HEAD + "text = 'a'\nrun = 'rm'", "line 6: unknown key 'run'"),
    (HEAD + "text = '''\na\n\nb *c\n'''", "line 8: a * is not closed"),
    (HEAD + "text = '''a $\\input{x}$'''", "line 5: \\input is not known here"),
    (HEAD + "text = '''\n$$ x\n'''", "line 6: a formula that begins with $$ stands in a paragraph of its own"),
    (HEAD + "text = 'a'\n[[chapter.try]]\ntext = '$$'", "line 7: the formula is empty"),
    (HEAD + f"text = '{'x' * 1300}'", "line 5: the paragraph has 1300 characters; 1200 are allowed"),
    (HEAD + f"text = '''{chr(10).join(['x', ''] * 20)}'''", "line 37: the text has 20 paragraphs and formulas; 16 are allowed"),
    (HEAD + 'text = "a\\u0007"', "line 5: the text has characters that cannot be shown"),
    (HEAD + "title = 'b'", "line 5: "),
    ("[" * 3000, "line 1: "),
]


@pytest.mark.parametrize(("text", "line"), TEXTS)
def test_what_is_no_tour_is_said_with_its_line(text: str, line: str) -> None:
    assert problems(text)[0].startswith(line)


def test_sizes_are_bounded() -> None:
    text = "funjax-tour = 1\ntitle = 'T'\n" + "[[chapter]]\ntitle = 'a'\ntext = 'b'\n" * (MOST_CHAPTERS + 1)
    assert problems(text) == [f"line {3 + 3 * MOST_CHAPTERS}: the tour has 41 chapters; 40 are allowed"]
    (found,) = problems(chapter("wait 1\n" * (MOST_ACTIONS + 1)))
    assert found == "line 42: the script has 31 actions; 30 are allowed"
    assert len(problems(chapter("wait x\n" * MOST_ACTIONS) + "a = 1")) == MOST_PROBLEMS + 1


def test_files(tmp_path: Path) -> None:
    big, odd, fine = (tmp_path / name for name in ("big.toml", "odd.toml", "fine.toml"))
    big.write_bytes(b"#" * (LARGEST + 1))
    odd.write_bytes(b"funjax-tour = 1\n\xff")
    fine.write_text(chapter("wait 1"), encoding="utf-8")
    assert isinstance(load(fine), Tour) and is_tour(fine)
    for path, line in ((big, "the file is larger than 256 KiB"), (odd, "line 2: the file is not UTF-8 text")):
        with pytest.raises(TourError, match=line):
            load(path)
    with pytest.raises(ValueError, match="there is no such file"):
        load(tmp_path / "none.toml")
    assert is_tour(odd) and not is_tour(big) and not is_tour(tmp_path)
    assert not any(is_tour(path) for path in (resources.folder() / "sessions").glob("*.toml"))


@given(st.text(alphabet=st.sampled_from("[]=.'\"{}\\\n a1$*`#\x00é"), max_size=80))
def test_any_text_is_read_or_refused(text: str) -> None:
    for tour in (text, HEAD + text, chapter(text.replace("'", ""))):
        try:
            parse(tour)
        except TourError as error:
            assert all("\n" not in line and line.startswith("line ") for line in error.problems[:MOST_PROBLEMS])


VERBS = st.sampled_from([*ACTIONS, "drag start from", "drag b from 1 to", "set parameters.b =", "zoom [0, 1]", "set x ="])


@given(st.lists(st.tuples(VERBS, st.text(alphabet=st.sampled_from("0123456789.,[]-ein abx'\"=_()"), max_size=12)), max_size=4))
def test_any_script_is_read_or_refused(lines: list[tuple[str, Any]]) -> None:
    found = read("\n".join(f"{verb} {rest}" for verb, rest in lines), Session(tab="fixed-points"))
    assert all("\n" not in str(problem) for problem in found.problems)
    assert sessions.parse(sessions.dumps(found.session)) == found.session


@given(st.text(max_size=60))
def test_any_prose_is_read_or_refused(text: str) -> None:
    try:
        found = prose(text)
    except ValueError as error:
        assert "\n" not in str(error)
    else:
        assert text.strip("*`$") == "" or found.spoken is not None


# What a stranger hands over -----------------------------------------------------------------------------------------------------


def test_settings_that_follow_one_another_are_checked_once(monkeypatch: pytest.MonkeyPatch) -> None:
    parsed: list[str] = []
    parse_session = sessions.parse
    monkeypatch.setattr(sessions, "parse", lambda text: parsed.append(text) or parse_session(text))
    settings = "\n".join(f"set damping = 0.{n}" for n in range(1, 9))
    found = read(f"tab newton\n{settings}\nhighlight damping\nset goal = 'minimum'", Session())
    assert not found.problems and len(parsed) == 2 and found.session.newton.damping == 0.8
    assert found.session.newton.goal == "minimum" and [type(action) for action in found.script] == [Show, Highlight, Show]


def test_of_settings_that_follow_one_another_the_wrong_one_is_named() -> None:
    found = read("tab newton\nset damping = 0.5\nset damping = -1\nset max-steps = 7", Session())
    assert [problem.offset for problem in found.problems] == [2] and found.session.newton.max_steps == 7


@pytest.mark.parametrize(
    "scene",
    [
        "set objective = 'rosenbrock'\nset variables = 100000\n" + "highlight start\nset damping = 0.5\n" * 13,
        "tab bifurcation\n" + "".join(f"set map = 'sin({'sin(' * 20}x+{n}{')' * 20})*a'\nwait 1\n" for n in range(14)),
        "".join(f"set damping = 0.{n}\nwait 1\n" for n in range(1, 15)),
    ],
    ids=["variables", "formulas", "actions"],
)
def test_a_tour_takes_no_more_work_than_a_tour_may(scene: str, monkeypatch: pytest.MonkeyPatch) -> None:
    chapter = f"[[chapter]]\ntitle = 'c'\ntext = 'x'\nscene = '''\ntab newton\n{scene}'''\n"
    parsed: list[str] = []
    monkeypatch.setattr(sessions, "parse", lambda text: parsed.append(text) or Session(tomllib.loads(text)["tab"]))
    assert "take too long to read" in problems(f"funjax-tour = 1\ntitle = 'T'\n{chapter * MOST_CHAPTERS}")[0]
    assert len(parsed) < 1100


def test_a_pipe_is_no_tour(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.toml")
    assert not is_tour(tmp_path / "pipe.toml")
    with pytest.raises(ValueError, match="it is not a regular file"):
        load(tmp_path / "pipe.toml")
