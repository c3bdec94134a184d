"""`funjax install-desktop`: the menu entry, the icon and the file type of sessions, for desktops that follow freedesktop.org.

Files go into the user's own data folder (XDG_DATA_HOME, else ~/.local/share), so that no administrator is needed. References: the
Desktop Entry, Icon Theme and Shared MIME-info specifications of freedesktop.org.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from funjax_gui.files import atomic_write, failure_reason, resources

MIME_TYPE = "application/x-funjax-session+toml"
"""The type of files named *.funjax.toml."""

RESERVED = " \t\n\"'\\><~|&;$*?#()`"
"""Characters because of which an argument of Exec has to be quoted."""

UPDATES = (("update-mime-database", "mime"), ("update-desktop-database", "applications"))
"""Programs that make the desktop read its folders again, where they are installed, and the folder of each."""

ENTRY = """\
[Desktop Entry]
Type=Application
Version=1.1
Name=funjax
GenericName=Explorer of iterated maps
Comment=Fixed points, bifurcation diagrams and Newton's method
Exec={command} %f
Icon=funjax
Terminal=false
Categories=Science;Math;
Keywords=bifurcation;chaos;fixed point;logistic map;Newton;
MimeType={mime};
StartupWMClass=funjax
"""

TYPES = """\
<?xml version="1.0" encoding="UTF-8"?>
<mime-info xmlns="http://www.freedesktop.org/standards/shared-mime-info">
  <mime-type type="{mime}">
    <comment>funjax session</comment>
    <sub-class-of type="application/toml"/>
    <icon name="funjax"/>
    <glob pattern="*.funjax.toml" weight="60"/>
  </mime-type>
</mime-info>
"""


def data_home(environment: Mapping[str, str] = os.environ) -> Path:
    """The user's data folder. A relative XDG_DATA_HOME is ignored, as the specification asks."""
    given = Path(environment.get("XDG_DATA_HOME", ""))
    return given if given.is_absolute() else Path.home() / ".local" / "share"


def command() -> tuple[str, ...]:
    """The words that start the program: the installed `funjax` beside this Python, else this Python with the package."""
    script = Path(sys.executable).with_name("funjax")
    return (str(script),) if script.is_file() else (sys.executable, "-m", "funjax_gui")


def exec_line(words: tuple[str, ...]) -> str:
    """The words as a desktop entry's Exec has them.

    Quotation marks, grave accents, dollars and backslashes take a backslash within quotation marks, and each backslash is doubled once
    more, since the value is a string of the entry; a percent sign is doubled, since field codes begin with one.
    """
    return " ".join(map(_quoted, words)).replace("\\", "\\\\").replace("%", "%%")


def _quoted(word: str) -> str:
    if not any(letter in RESERVED for letter in word):
        return word
    return '"' + "".join(f"\\{letter}" if letter in '"`$\\' else letter for letter in word) + '"'


def files(home: Path) -> dict[Path, bytes]:
    """What is installed below the data folder: contents by path."""
    return {
        home / "applications" / "funjax.desktop": ENTRY.format(command=exec_line(command()), mime=MIME_TYPE).encode(),
        home / "icons" / "hicolor" / "scalable" / "apps" / "funjax.svg": (resources.folder() / "icons" / "funjax.svg").read_bytes(),
        home / "mime" / "packages" / "funjax.xml": TYPES.format(mime=MIME_TYPE).encode(),
    }


def install(home: Path) -> list[Path]:
    """Write the files, and have the desktop read them; returns their paths. FileError where one cannot be written."""
    wanted = files(home)
    for path, content in wanted.items():
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise failure_reason(error, path.parent, "written") from error
        with atomic_write(path) as file:
            file.write(content)
    _update(home)
    return list(wanted)


def remove(home: Path) -> list[Path]:
    """Delete the files that are there, and have the desktop forget them; returns their paths."""
    found = [path for path in files(home) if path.is_file()]
    for path in found:
        try:
            path.unlink()
        except OSError as error:
            raise failure_reason(error, path, "written") from error
    _update(home)
    return found


def _update(home: Path) -> None:
    for program, folder in UPDATES:
        where = home / folder
        if (found := shutil.which(program)) and where.is_dir():
            # A desktop without the program, or with a broken one, reads the folders at its next start.
            subprocess.run([found, str(where)], check=False, capture_output=True, timeout=60)
