"""My maps as text and as a file: each other's inverse, strict on what strangers write, and never lost."""

import errno
import os
import random
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QLockFile

from funjax_gui.files.writing import FileError
from funjax_gui.formulas import store as store_module
from funjax_gui.formulas.library import BOTH, REPLACE, SKIP, Library
from funjax_gui.formulas.saved_formula import (
    EQUATION,
    KINDS,
    LONGEST_NAME,
    MAP,
    MOST,
    OBJECTIVE,
    MyMapsError,
    SavedFormula,
    SavedParameter,
    check_name,
    dumps,
    free_name,
    parse,
)
from funjax_gui.formulas.store import Store, load, save
from funjax_gui.sessions import session as sessions
from funjax_gui.sessions.checks import SessionError

HARVEST = SavedFormula(
    MAP,
    "Logistic with harvest",
    "r*x*(1-x)-h",
    (SavedParameter("r", 3.5, 0.0, 4.0), SavedParameter("h", 0.05, 0.0, 0.2)),
    "r",
    (0.5,),
    (Decimal("2.5"), Decimal("3.56994567187094490184200515138649893")),
    (Decimal(0), Decimal(1)),
    (Decimal(-1), Decimal(2)),
)
WELLS = SavedFormula(OBJECTIVE, "Two wells", "(x**2-1)**2+a*y**2", (SavedParameter("a", 2.0, -1.0, 5.0),), "", (0.5, -1.0))

# --- round trips ---

names = st.text(st.characters(exclude_categories=("C", "Z")) | st.just(" "), min_size=1, max_size=LONGEST_NAME).filter(
    lambda name: name == name.strip() and name.isprintable()
)
numbers = st.floats(allow_nan=False, allow_infinity=False)
ends = st.floats(-1e12, 1e12)
digits = st.decimals(-(10**6), 10**6, allow_nan=False, allow_infinity=False, places=25)


@st.composite
def limits(draw: Any) -> tuple[Decimal, Decimal]:
    low = draw(digits)
    return low, low + draw(st.decimals(Decimal("0.001"), 1000, places=20))


@st.composite
def kept(draw: Any, names: tuple[str, ...]) -> tuple[SavedParameter, ...]:
    made = []
    for name in names:
        if draw(st.booleans()):
            low, high = sorted(draw(st.tuples(ends, ends).filter(lambda pair: pair[0] != pair[1])))
            made.append(SavedParameter(name, draw(numbers), low, high))
    return tuple(made)


@st.composite
def saved(draw: Any, name: str = "") -> SavedFormula:
    across, up = draw(st.sampled_from([(None, None), (draw(limits()), draw(limits()))]))
    called = name or draw(names)
    if draw(st.booleans()):
        formula, own = draw(st.sampled_from([("r*x*(1-x)", ("r",)), ("a*sin(b*x)+mu", ("a", "b", "mu")), ("cos(x)", ())]))
        start = draw(st.sampled_from([(), (draw(numbers),)]))
        starts = draw(st.none() | limits())
        return SavedFormula(MAP, called, formula, draw(kept(own)), draw(st.sampled_from(["", *own])), start, across, up, starts)
    kind = draw(st.sampled_from([OBJECTIVE, EQUATION]))
    if kind == OBJECTIVE:
        formula, own, n = draw(st.sampled_from([("x**2+a*y**2", ("a",), 2), ("sum(x**4)", (), 7), ("(x-c)**2", ("c",), 1)]))
    else:
        formula, own, n = draw(st.sampled_from([("x**2-a = 0", ("a",), 1), ("z**3-1 = 0", (), 2), ("x+c = 0; y-x = 0", ("c",), 2)]))
    start = draw(st.sampled_from([(), tuple(draw(st.lists(numbers, min_size=n, max_size=n)))]))
    return SavedFormula(kind, called, formula, draw(kept(own)), "", start, across, up)


libraries = st.lists(saved(), max_size=6, unique_by=lambda one: (one.kind, one.name)).map(
    lambda made: tuple(sorted(made, key=lambda one: KINDS.index(one.kind)))
)


@given(libraries)
def test_text_and_library_are_each_other_s_inverse(library: tuple[SavedFormula, ...]) -> None:
    text = dumps(library)
    assert parse(text) == library
    assert parse(text.replace("\n", "\r\n")) == library


@given(st.text(max_size=300) | st.text("[]{}=.\"'\\\n#ab1 map", max_size=300))
@settings(max_examples=150)
def test_any_text_is_read_or_refused_with_lines(text: str) -> None:
    for read, error in ((parse, MyMapsError), (sessions.parse, SessionError)):
        for made in (text, f"funjax-maps = 1\nfunjax = 1\n{text}"):
            try:
                read(made)
            except error as caught:
                assert all(line.startswith("line ") or line.startswith("and ") for line in str(caught).split("\n"))


def test_a_person_s_text() -> None:
    (found,) = parse('funjax-maps = 1\n[map.Mine]\nformula = "r * x*(1 − x)"  # as typed\nparameters.r = {value=3, low=0, high=4}\n')
    assert found == SavedFormula(MAP, "Mine", "r*x*(1-x)", (SavedParameter("r", 3.0, 0.0, 4.0),))


# --- what is wrong ---

HEAD = "funjax-maps = 1\n[map.a]\nformula = 'r*x'\n"


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        ("", ["line 1: 'funjax-maps = 1' is missing; without it this is not a file of maps"]),
        ("funjax = 1\n", ["line 1: this is a session; open it with File > Open session"]),
        ("funjax-maps = 2\n", ["line 1: this file of maps is of version 2, and this funjax reads up to 1; update funjax"]),
        ("funjax-maps = 1\nmaps = 3", ["line 2: unknown key 'maps' at the top (do you mean map?); known are funjax-maps, map, objective"]),
        ("funjax-maps = 1\nmap = 3", ["line 2: map is 3; give tables such as [map.Tent]"]),
        ("funjax-maps = 1\n[map]\nb = 3", ["line 3: map.'b' is 3; give a table with a formula"]),
        ("funjax-maps = 1\n[map.b]", ["line 2: b has no formula; give one such as r*x*(1-x)"]),
        ("funjax-maps = 1\n[map.b]\nformula = 1", ["line 3: formula is 1; give a formula such as r*x*(1-x)"]),
        ("funjax-maps = 1\n[map.' b']\nformula='x'", ["line 2: the name ' b' begins or ends with a space; remove it"]),
        (f"funjax-maps = 1\n[map.{'b' * 61}]\nformula='x'", ["line 2: the name has 61 characters; give at most 60"]),
        ("funjax-maps = 1\n[map.\"a\\u202e\"]\nformula='x'", ["line 2: the name 'a\\u202e' has characters that cannot be shown; give"]),
        (HEAD + "sweep = 'q'", ["line 4: the formula has no parameter 'q' to sweep; it has r"]),
        (HEAD + "start = inf", ["line 4: start is Infinity; give a finite number such as 0.5"]),
        (HEAD + "x = [0, 1]", ["line 4: x is given without range; a view has both"]),
        (HEAD + "range = [1, 0]\nx = [0, 1]", ["line 4: range is [1, 0], which is empty", "line 5: x is given without range"]),
        (HEAD + "colour = 1", ["line 4: unknown key 'colour' in [map.a]; known are formula, sweep"]),
        (HEAD + "parameters = 1", ["line 4: parameters is 1; give values by name"]),
        (HEAD + "[map.a.parameters]\nr = 1", ["line 5: r is 1; give its value and range, such as {"]),
        (HEAD + "[map.a.parameters]\nr = {value=1, low=1, high=1}", ["line 5: r has no slider: the range 1 to 1 is empty"]),
        (HEAD + "[map.a.parameters]\nr = {value=1, low=0, high=1e13}", ["line 5: r has no slider: the range 0 to 1e+13 is out of"]),
        (HEAD + "[map.a.parameters]\nx = {value=1, low=0, high=1}", ["line 5: the formula has no parameter 'x'; it has r"]),
        (HEAD + "[map.a]\nformula = 'x'", ["line 4: Cannot declare ('map', 'a') twice, at column 7"]),
        ("funjax-maps = 1\n[objective.a]\nformula = 'x+y'\nstart = [1]", ["line 4: start is [1.0]: a point with 1 coordinates does not"]),
        ("funjax-maps = 1\n[objective.a]\nformula = 'x+y'\nstart = 1", ["line 4: start is 1; give a point of at most 100"]),
        ("funjax-maps = 1\n[equation.a]\nformula = 'z^2=2'\nstart = [1]", ["line 4: start is [1.0]: the equation's points have 2 coord"]),
        ("funjax-maps = 1\n[equation.a]\nformula = 'a=2'", ["line 3: formula is 'a=2': the equation has no variable in it"]),
    ],
)
def test_what_is_wrong_has_its_line(text: str, problems: list[str]) -> None:
    with pytest.raises(MyMapsError) as caught:
        parse(text)
    found = caught.value.problems
    assert len(found) == len(problems)
    assert all(line.startswith(problem) and "\n" not in line for line, problem in zip(found, problems, strict=True)), found


@pytest.mark.parametrize(
    "formula",
    [
        "__import__('os').system('touch x')*x",
        "x.__class__",
        "(lambda: x)()",
        "9**9**9*x",
        "(" * 2000 + "x" + ")" * 2000,
        "x+" * 400 + "x",
        "open('x')",
        "x if x else x",
        "y",
        "lorenz",
        "x\n+1",
    ],
)
@pytest.mark.parametrize("kind", KINDS)
def test_a_stranger_s_formula_runs_nothing(kind: str, formula: str) -> None:
    if kind == OBJECTIVE and formula in ("y", "lorenz"):
        formula = "z1(x)"
    text = f"funjax-maps = 1\n[{kind}.a]\nformula = {formula!r}\n"
    with pytest.raises(MyMapsError) as caught:
        parse(text)
    (problem,) = caught.value.problems
    assert problem.startswith("line 3: formula is ") and len(problem) < 400


LONG = "x" + "".join(f"+sin(a{i % 9}*x)" for i in range(36))
HOSTILE = {
    "many": "".join(f"[map.m{i}]\nformula='x+{i}'\n" for i in range(10_000)),
    "costly": "".join(f"[map.m{i}]\nformula='{LONG}+{i}'\n" for i in range(MOST)),
    "keys": "".join(f"k{i}=1\n" for i in range(30_000)),
    "a deep key": ".".join("a" * 100_000) + "=1",
    "a deep key in a table": f"map={{{'.'.join('a' * 100_000)}=1}}",
    "a deep header": f"[{'.'.join('a' * 100_000)}]",
    "brackets": "a=" + "[" * 500_000,
    "quotes": '"\\' * 300_000,
    "a long number": f"[map.a]\nformula='x'\nstart={'9' * 900_000}",
    "an exponent": "[map.a]\nformula='x*r'\nrange=['1e-999999999999', 2]\nx=[0, 1e999999]",
    "a long name": f"[map.{'n' * 900_000}]\nformula='x'",
}


@pytest.mark.parametrize(("head", "read"), [("funjax-maps = 1\n", parse), ("funjax = 1\n", sessions.parse)], ids=["maps", "a session"])
def test_a_hostile_text_takes_bounded_time(head: str, read: Callable[[str], object]) -> None:
    """Three drawn by lot for each of the readers, and all of them in `make soak`."""
    for name in HOSTILE if "FUNJAX_SEEDS" in os.environ else random.sample(sorted(HOSTILE), 3):
        began = time.thread_time()
        try:
            read(head + HOSTILE[name])
        except (MyMapsError, SessionError) as error:
            assert len(str(error)) < 10_000
        assert time.thread_time() - began < 30, name


def test_names() -> None:
    assert check_name("  Tent ") == "Tent"
    assert free_name("Tent", {"Tent", "Tent (2)"}) == "Tent (3)"
    assert free_name("Tent (2)", {"Tent (2)"}) == "Tent (3)"
    assert len(free_name("n" * 60, {"n" * 60})) == 60
    for name in ("", "  ", "a\nb", "\x00", "n" * 61):
        with pytest.raises(ValueError):
            check_name(name)


# --- the file ---


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "data" / "my-maps.toml")


def add(store: Store, *new: SavedFormula) -> None:
    store.change(lambda current: [*current, *new])


def files(store: Store) -> list[str]:
    return sorted(path.name for path in store.place.parent.iterdir() if path.suffix == ".toml")


def test_a_file_that_is_not_there_is_empty_and_is_made_when_it_is_wanted(store: Store) -> None:
    assert store.read() == () and not store.place.parent.exists()
    add(store, HARVEST, WELLS)
    assert store.read() == (HARVEST, WELLS) and store.notice == ""
    assert files(store) == ["my-maps.toml"]


def test_a_change_begins_with_what_is_in_the_file_by_now(store: Store) -> None:
    other = Store(store.place)
    assert store.read() == other.read() == ()
    add(store, HARVEST)
    add(other, WELLS)
    assert store.read() == (HARVEST, WELLS)


def test_a_change_that_fails_leaves_the_file_as_it_was(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    add(store, HARVEST)
    before = store.place.read_bytes()

    def refuse(_: tuple[SavedFormula, ...]) -> Iterator[SavedFormula]:
        yield WELLS
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        store.change(refuse)
    with pytest.raises(ValueError, match="at most 200 are kept"):
        store.change(lambda _: [replace(HARVEST, name=str(n)) for n in range(MOST + 1)])
    monkeypatch.setattr(os, "replace", lambda *_: (_ for _ in ()).throw(OSError(28, "full")))
    with pytest.raises(FileError, match="the disk is full"):
        add(store, WELLS)
    monkeypatch.undo()
    assert store.place.read_bytes() == before and files(store) == ["my-maps.toml"]
    add(store, WELLS)  # the lock is free


@pytest.mark.parametrize(
    ("broken", "left"),
    [
        (b"\xff\xfe\x00", ()),
        (b"", ()),
        (b"funjax-maps = 1\n[map.a", ()),
        (b"funjax-maps = 1\n" + b"#" * (1 << 20), ()),
        (dumps([HARVEST, WELLS]).encode().replace(b"x**2-1", b"qq(x)"), (HARVEST,)),
        (dumps([HARVEST, WELLS]).encode().replace(b"low = 0.0, high = 0.2", b"low = 1, high = 0"), None),
    ],
)
@pytest.mark.parametrize("by_changing", [False, True])
def test_a_damaged_file_is_put_aside_and_what_can_be_read_is_kept(
    store: Store, broken: bytes, left: tuple[SavedFormula, ...] | None, by_changing: bool
) -> None:
    if left is None:
        left = (replace(HARVEST, parameters=HARVEST.parameters[:1]), WELLS)
    store.place.parent.mkdir()
    for time_broken in (1, 2):
        store.place.write_bytes(broken)
        if by_changing:
            add(store)
        else:
            assert store.read() == left
        assert "damaged (line " in store.notice or "damaged (the file is larger" in store.notice
        assert "\n" not in store.notice
        aside = store.place.with_name("my-maps.broken.toml" if time_broken == 1 else "my-maps.broken-2.toml")
        assert str(aside) in store.notice and aside.read_bytes() == broken
        assert store.read() == left and store.notice == ""


def test_of_a_damaged_file_that_cannot_be_mended_the_good_ones_are_shown(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    store.place.parent.mkdir()
    data = dumps([HARVEST, WELLS]).encode().replace(b"x**2-1", b"qq(x)")
    store.place.write_bytes(data)
    monkeypatch.setattr(QLockFile, "tryLock", lambda *_: False)
    monkeypatch.setattr(QLockFile, "error", lambda *_: QLockFile.LockError.PermissionError)
    assert store.read() == (HARVEST,)
    assert "is damaged (line " in store.notice and "could not be repaired: " in store.notice and "no permission" in store.notice
    assert store.place.read_bytes() == data


def test_a_full_disk_is_called_so(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> object:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(QLockFile, "tryLock", lambda *_: False)
    monkeypatch.setattr(QLockFile, "error", lambda *_: QLockFile.LockError.UnknownError)
    monkeypatch.setattr(store_module, "TemporaryFile", full)
    with pytest.raises(FileError, match="the disk is full"):
        add(store, HARVEST)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="Windows has no pipes among files")
def test_a_pipe_in_the_file_s_place_is_not_waited_for(store: Store) -> None:
    store.place.parent.mkdir()
    os.mkfifo(store.place)
    assert store.read() == () and "not a regular file" in store.notice


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="Windows has no pipes among files")
def test_a_pipe_in_the_lock_s_place_is_not_waited_for(store: Store) -> None:
    store.place.parent.mkdir()
    os.mkfifo(f"{store.place}.lock")
    with pytest.raises(FileError, match="not a regular file"):
        add(store, HARVEST)


def test_a_later_funjax_s_file_is_left_alone(store: Store) -> None:
    store.place.parent.mkdir()
    text = "# hello\nfunjax-maps = 2 # newer\n[flow.a]\n"
    store.place.write_text(text)
    assert store.read() == () and "update funjax" in store.notice
    with pytest.raises(FileError, match="update funjax"):
        add(store, HARVEST)
    assert store.place.read_text() == text and files(store) == ["my-maps.toml"]


def test_a_place_that_cannot_be_used_says_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for place in (tmp_path, tmp_path / "file" / "my-maps.toml"):
        store = Store(place)
        assert store.read() == ()
        with pytest.raises(ValueError) as caught:
            add(store, HARVEST)
        assert "\n" not in str(caught.value)


def test_many_processes_that_write_at_once_lose_nothing(store: Store) -> None:
    script = (
        "import sys; from pathlib import Path; from dataclasses import replace\n"
        "from funjax_gui.formulas.store import Store; from funjax_gui.formulas.saved_formula import SavedFormula\n"
        "store = Store(Path(sys.argv[1]))\n"
        "for n in range(15):\n"
        "    store.change(lambda current: [*current, SavedFormula('map', f'{sys.argv[2]}-{n}', 'r*x')])\n"
    )
    running = [subprocess.Popen([sys.executable, "-c", script, str(store.place), str(n)]) for n in range(2)]
    assert [process.wait(600) for process in running] == [0, 0]
    assert sorted(saved.name for saved in store.read()) == sorted(f"{p}-{n}" for p in range(2) for n in range(15))


def test_files_for_others(tmp_path: Path) -> None:
    place = tmp_path / "maps.toml"
    save(place, [HARVEST, WELLS])
    assert load(place) == (HARVEST, WELLS)
    with pytest.raises(FileError, match="there is no such file"):
        load(tmp_path / "none.toml")
    place.write_text(HEAD + "sweep = 'q'")
    with pytest.raises(MyMapsError, match="line 4"):
        load(place)
    with pytest.raises(SessionError, match="line 1: this is a file of maps; import it with File > My maps"):
        sessions.load(place)


# --- the library ---


@pytest.fixture
def library(store: Store) -> Library:
    return Library(store)


def test_saving_again_keeps_what_another_tab_knew(library: Library) -> None:
    library.keep(HARVEST)
    library.keep(SavedFormula(MAP, HARVEST.name, " r*x*(1-x) - h", (SavedParameter("r", 3.0, 0.0, 4.0),), start=(0.25,)))
    (found,) = library.saved
    assert found == replace(HARVEST, parameters=(SavedParameter("r", 3.0, 0.0, 4.0),), start=(0.25,))
    library.keep(SavedFormula(MAP, HARVEST.name, "r*x"))  # another formula under the name
    assert library.saved == (SavedFormula(MAP, HARVEST.name, "r*x"),)


def test_names_are_of_a_kind(library: Library) -> None:
    library.keep(replace(HARVEST, name="same"))
    library.keep(replace(WELLS, name="same"))
    assert [saved.kind for saved in library.saved] == [MAP, OBJECTIVE]


def test_renaming(library: Library) -> None:
    library.keep(HARVEST)
    library.keep(replace(HARVEST, name="Other"))
    with pytest.raises(ValueError, match="there is already a map called Other"):
        library.rename(HARVEST, "Other")
    library.rename(HARVEST, " Fish ")
    assert [saved.name for saved in library.of(MAP)] == ["Fish", "Other"]
    with pytest.raises(ValueError, match="another window has deleted"):
        library.rename(HARVEST, "Gone")


def test_of_two_with_one_formula_the_one_that_was_chosen_last_is_meant(library: Library) -> None:
    for name in ("b", "a", "c"):
        library.keep(replace(HARVEST, name=name))
    assert [saved.name for saved in library.saved] == ["a", "b", "c"]
    library.choose(library.saved[1])
    found = library.named(MAP, HARVEST.formula)
    assert found is not None and found.name == "b"
    library.remove([found])
    found = library.named(MAP, HARVEST.formula)
    assert found is not None and found.name == "a"


@pytest.mark.parametrize(
    ("clash", "names", "added"),
    [
        (BOTH, ["Fish", "Fish (2)", "New"], ["Fish (2)", "New"]),
        (REPLACE, ["Fish", "New"], ["Fish", "New"]),
        (SKIP, ["Fish", "New"], ["New"]),
    ],
)
def test_taking_in(library: Library, clash: str, names: list[str], added: list[str]) -> None:
    mine, theirs, new = (replace(HARVEST, name=name, start=(n,)) for n, name in enumerate(("Fish", "Fish", "New")))
    library.keep(mine)
    library.keep(WELLS)
    newcomers = [theirs, new, library.of(OBJECTIVE)[0]]
    assert library.clashes(newcomers) == [theirs]
    assert [saved.name for saved in library.take_in(newcomers, clash)] == added
    assert [saved.name for saved in library.of(MAP)] == names
    assert (library.of(MAP)[0] == theirs) is (clash == REPLACE)
    assert library.take_in(newcomers[1:], clash) == []


def test_another_window_s_changes_are_seen(library: Library, store: Store) -> None:
    heard: list[int] = []
    library.changed.connect(lambda: heard.append(1))
    library.refresh()
    assert heard == []
    add(Store(store.place), HARVEST)
    library.refresh()
    assert heard == [1] and library.saved == (HARVEST,)
