"""The menu entry, icon and file type that `funjax install-desktop` writes."""

import configparser
import re
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from funjax_gui.cli import command, desktop

linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the command is for Linux")


def entry(home: Path) -> configparser.SectionProxy:
    parser = configparser.ConfigParser(interpolation=None, delimiters=("=",))
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read(home / "applications" / "funjax.desktop")
    return parser["Desktop Entry"]


def words_of(line: str) -> list[str]:
    """The arguments that a desktop makes of Exec: first the escapes of any string in an entry, then the quoting, then field codes."""
    text = re.sub(r"\\(.)", lambda found: {"s": " ", "\\": "\\"}[found[1]], line)
    words = re.findall(r'"((?:\\.|[^"\\])*)"|([^ ]+)', text)
    return [(re.sub(r"\\(.)", r"\1", quoted) or plain).replace("%%", "%") for quoted, plain in words]


@given(words=st.lists(st.text(st.characters(codec="utf-8", exclude_categories=("C",)), min_size=1), min_size=1, max_size=3))
def test_the_command_comes_back_from_its_entry(words: list[str]) -> None:
    assert words_of(desktop.exec_line(tuple(words))) == words


def test_what_is_installed_is_taken_away_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desktop.shutil, "which", lambda _: None)
    home = tmp_path / "data"
    written = desktop.install(home)
    assert sorted(written) == sorted(path for path in home.rglob("*") if path.is_file())
    found = entry(home)
    *start, field = words_of(found["Exec"])
    assert field == "%f" and Path(start[0]).is_file()
    assert found["MimeType"] == f"{desktop.MIME_TYPE};" and found["Categories"].endswith(";")
    kind = ET.parse(home / "mime" / "packages" / "funjax.xml").getroot()[0]
    assert kind.get("type") == desktop.MIME_TYPE
    assert [glob.get("pattern") for glob in kind if glob.tag.endswith("}glob")] == ["*.funjax.toml"]
    assert sorted(desktop.install(home)) == sorted(written), "it may be installed again"
    assert sorted(desktop.remove(home)) == sorted(written)
    assert not any(path.is_file() for path in home.rglob("*")) and desktop.remove(home) == []


def test_the_desktop_is_made_to_read_its_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desktop.shutil, "which", lambda program: f"/bin/{program}")
    calls: list[list[str]] = []
    monkeypatch.setattr(desktop.subprocess, "run", lambda arguments, **_: calls.append(arguments))
    desktop.install(tmp_path)
    assert calls == [
        ["/bin/update-mime-database", str(tmp_path / "mime")],
        ["/bin/update-desktop-database", str(tmp_path / "applications")],
    ]


def test_a_relative_data_home_is_ignored(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    assert desktop.data_home({"XDG_DATA_HOME": "here"}) == desktop.data_home({}) == tmp_path / ".local" / "share"
    assert desktop.data_home({"XDG_DATA_HOME": "/srv/data"}) == Path("/srv/data")


@linux
def test_the_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def run(home: Path, *arguments: str) -> tuple[int, str, str]:
        monkeypatch.setenv("XDG_DATA_HOME", str(home))
        return command.run(["install-desktop", *arguments]), *capsys.readouterr()

    status, said, errors = run(tmp_path / "data")
    assert (status, errors, len(said.splitlines())) == (0, "", 3)
    assert all(line.startswith("wrote ") and Path(line[6:]).is_file() for line in said.splitlines())
    blocked = tmp_path / "file"
    blocked.touch()
    status, said, errors = run(blocked)
    assert status == 2 and len(errors.splitlines()) == 1 and str(blocked) in errors
    assert run(tmp_path / "empty", "--remove")[1] == "nothing is installed\n"
