"""Preferences: kept from one start to the next, and never the reason that a window does not open."""

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from funjax_gui.app.preferences import MOST_RECENT, Preferences, load, path, save
from funjax_gui.style.colour_maps import COLOUR_MAPS, TONES
from funjax_gui.style.style_sheet import THEME_TITLES

paths = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0"), max_size=40).map(lambda name: "/" + name)


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return tmp_path / "config" / "funjax.ini"


def broken(place: Path) -> Path:
    return place.with_name("funjax.broken.ini")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.sampled_from(sorted(THEME_TITLES)),
    st.sampled_from(sorted(COLOUR_MAPS)),
    st.sampled_from(sorted(TONES)),
    st.binary(max_size=200),
    st.lists(paths, unique=True, max_size=MOST_RECENT).map(tuple),
)
def test_what_is_saved_is_loaded(place: Path, theme: str, colours: str, tone: str, data: bytes, recent: tuple[str, ...]) -> None:
    kept = Preferences(theme, colours, tone, data, str(place.parent.parent), recent)
    assert save(kept, place) == ""
    assert load(place) == (kept, "")


@pytest.mark.parametrize(("stored", "text"), [("150", 150), ("151", 100), ("150.0", 100), ("large", 100)])
def test_the_size_of_the_text_is_one_of_those_on_offer(place: Path, stored: str, text: int) -> None:
    place.parent.mkdir(parents=True)
    place.write_text(f"[General]\ntext={stored}\n")
    assert load(place)[0].text == text


def test_a_first_start_has_the_usual_ones(place: Path) -> None:
    assert load(place) == (Preferences(), "")
    assert not place.exists()


def test_the_usual_place_is_the_users_own() -> None:
    assert path().name == "funjax.ini"
    assert path().is_relative_to(os.environ["XDG_CONFIG_HOME"]) or not sys.platform.startswith("linux")
    assert save(Preferences("dark")) == ""
    try:
        assert load() == (Preferences("dark"), "")
    finally:
        path().unlink()


@pytest.mark.parametrize(
    ("line", "wrong"),
    [
        ("theme=pink", True),
        ("theme=3", True),
        ("theme=light, dark", True),
        ("colour_map=jet", True),
        ("tone=", True),
        ("geometry=12", True),
        (f'geometry="@ByteArray({"a" * 2000})"', True),
        ("folder=/no/such/folder", True),
        (f"folder={'/' * 5000}", True),
        ("recent=relative/a.toml", True),
        ("recent=@Invalid()", True),
        ("unknown=1", True),
        ("theme=light", False),
    ],
)
def test_a_value_that_makes_no_sense_is_the_usual_one(place: Path, line: str, wrong: bool) -> None:
    place.parent.mkdir()
    place.write_text(f"[General]\n{line}\n")
    found, notice = load(place)
    assert notice == ""
    assert (found == Preferences()) == wrong


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"no settings", "it is damaged"),
        (b"[General", "it is damaged"),
        (b"\x89PNG\r\n\x1a\n\0\0", "it is damaged"),
        (b"theme=\xff", "it is not UTF-8 text"),
        (b'theme="@Variant(\\0\\0\\0\\x7f\\0\\0\\0\\x1x)"', "it is damaged"),
        (b"a=" + b"b" * (1 << 20), "it is larger than 1 MiB"),
    ],
)
def test_a_broken_file_is_put_aside(place: Path, data: bytes, why: str) -> None:
    place.parent.mkdir()
    names = ["funjax.broken.ini", "funjax.broken-2.ini"]
    for name, written in zip(names, (data, data + b"\n"), strict=True):  # Qt re-reads by size and time
        place.write_bytes(written)
        found, notice = load(place)
        assert found == Preferences()
        assert notice == (f"{place} is not a settings file: {why}; the default preferences are used, and the file is kept as {name}")
        assert place.with_name(name).read_bytes() == written
    assert sorted(os.listdir(place.parent)) == sorted(names)
    assert load(place) == (Preferences(), ""), "it is said once"


def test_a_folder_in_the_files_place_is_put_aside(place: Path) -> None:
    place.mkdir(parents=True)
    found, notice = load(place)
    assert found == Preferences()
    assert notice.startswith(f"{place} cannot be read: it is a folder")
    assert notice.endswith("the file is kept as funjax.broken.ini")


def test_a_file_that_cannot_be_put_aside(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any) -> None:
        raise PermissionError

    place.parent.mkdir()
    place.write_bytes(b"no settings")
    monkeypatch.setattr(os, "rename", refuse)
    found, notice = load(place)
    assert found == Preferences()
    assert notice.endswith("the default preferences are used; remove the file so that new ones can be saved")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=200) | st.text().map(lambda text: f"[General]\ntheme={text}\nrecent={text}\n{text}".encode()))
def test_no_file_keeps_the_window_from_opening(place: Path, data: bytes) -> None:
    place.parent.mkdir(exist_ok=True)
    place.write_bytes(data)
    found, notice = load(place)
    assert found.theme in THEME_TITLES
    assert notice.isprintable()
    assert bool(notice) == (not place.exists())


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    place = tmp_path / "file" / "funjax.ini"
    assert save(Preferences(), place) == (
        f"the preferences were not saved: {place} cannot be written; check the folder's permissions and free space"
    )
    assert load(place) == (Preferences(), "")


def test_recent_files_have_the_latest_first(tmp_path: Path) -> None:
    kept = Preferences()
    for n in range(MOST_RECENT + 5):
        kept = kept.with_file(tmp_path / f"{n}.toml")
    kept = kept.with_file(tmp_path / "7.toml")
    names = [Path(recent).name for recent in kept.recent]
    assert names == ["7.toml", "14.toml", "13.toml", "12.toml", "11.toml", "10.toml", "9.toml", "8.toml", "6.toml", "5.toml"]
    assert kept.folder == str(tmp_path)
    assert replace(kept, recent=(), folder="") == Preferences()
    assert os.path.isabs(Preferences().with_file("a.toml").recent[0])


def test_of_two_windows_that_close_each_keeps_what_it_changed(place: Path) -> None:
    assert save(Preferences(theme="dark", recent=("/a",)), place) == ""
    before = load(place)[0]
    first, second = replace(before, theme="light").with_file("/b"), replace(before, tone="linear", chapter=3).with_file("/c")
    for changed in (first, second):
        assert save(changed, place, before) == ""
    found, notice = load(place)
    assert (found.theme, found.tone, found.chapter, notice) == ("light", "linear", 3, "")
    assert set(found.recent) == {"/a", "/b", "/c"} and found.recent[0] == "/c"


def test_processes_that_save_at_once_leave_a_whole_file(place: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from funjax_gui.app.preferences import Preferences, load, save\n"
        "place, theme = Path(sys.argv[1]), sys.argv[2]\n"
        "for chapter in range(40):\n"
        "    kept = Preferences(theme, geometry=b'\\0\\xff', recent=('/one, two', '/ü'), chapter=chapter)\n"
        "    assert (save(kept, place), load(place)[1]) == ('', '')\n"
    )
    running = [subprocess.Popen([sys.executable, "-c", script, str(place), theme]) for theme in ("dark", "light")]
    assert [process.wait(600) for process in running] == [0, 0]
    found, notice = load(place)
    assert notice == "" and found.theme in ("dark", "light")
    assert found == Preferences(found.theme, geometry=b"\0\xff", recent=("/one, two", "/ü"), chapter=39)
    assert [path.name for path in place.parent.iterdir() if not path.name.endswith(".lock")] == [place.name]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="Windows has no pipes among files")
@pytest.mark.parametrize("suffix", ("", ".lock"))
def test_a_pipe_in_the_place_of_the_file_or_its_lock_is_not_waited_for(place: Path, suffix: str) -> None:
    place.parent.mkdir(exist_ok=True)
    os.mkfifo(f"{place}{suffix}")
    assert "not a regular file" in save(Preferences(), place)
