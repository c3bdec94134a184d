"""A window's state as a small TOML text that a person can read and write, and that can only ever hold data.

`parse` and `dumps` are each other's inverse on every `Session`: limits are decimals, of as many digits as the depth of the zoom
needs, and a limit that no float says exactly is written as text ("3.5699456718…"). Each tab's table has a module of its own.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import IO, Any

import tomli_w

from funjax_gui.files import png, svg
from funjax_gui.files.writing import atomic_write, reason
from funjax_gui.sessions.checks import SessionError, Source
from funjax_gui.sessions.table import Size, Table, attribute
from funjax_gui.sessions.toml_reader import Check, choice, words, written
from funjax_gui.style.theme import THEMES
from funjax_gui.tabs.bifurcation.session import Bifurcation
from funjax_gui.tabs.fixed_points.session import FixedPoints
from funjax_gui.tabs.newton.session import Newton

__all__ = ["TABS", "Bifurcation", "FixedPoints", "Newton", "Session", "dumps", "load", "parse", "save"]

VERSION = Source.version
"""The format's version that this program writes, and the newest that it reads."""

LARGEST = 1 << 20
"""Bytes of the largest file that is read: a session is a page, and another file may be opened by mistake."""

PICTURES: Mapping[str, Callable[[IO[bytes]], dict[str, str]]] = {".png": png.texts, ".svg": svg.texts}
"""What reads the texts of a picture, by its suffix."""

TABLES: tuple[type[Table], ...] = (FixedPoints, Bifurcation, Newton)
TABS = tuple(table.NAME for table in TABLES)


@dataclass(frozen=True)
class Session:
    """The state of a window: the tab that is open, and a table for each tab. `title` and `about` tell a person what it shows.

    `theme` is the window's, for whoever draws the session without one; opening it leaves the user's own. It is no part of what is
    compared: a session looked at by another light is still the same.
    """

    tab: str = Bifurcation.NAME
    fixed_points: FixedPoints = field(default_factory=FixedPoints)
    bifurcation: Bifurcation = field(default_factory=Bifurcation)
    newton: Newton = field(default_factory=Newton)
    title: str = ""
    about: str = ""
    theme: str = field(default="dark", compare=False)

    @property
    def table(self) -> Table:
        """The open tab's table."""
        table: Table = getattr(self, attribute(self.tab))
        return table

    @property
    def look(self) -> Mapping[str, Any]:
        """What the session says of its picture's style, by the names of its fields."""
        return {"theme": self.theme} | self.table.look

    def request(self, size: Size | None = None) -> Any:
        """What the open tab's table asks to compute; `size` (columns, rows) counts where its picture has pixels of its own.

        Raises ValueError, in one line.
        """
        return self.table.request(size)

    def showing(self, request: Any, size: Size | None = None) -> "Session":
        """The session with `request` in its table, and its tab open. TypeError where no table can say it."""
        for kind in TABLES:
            if kind.KIND is type(request):
                table: Table = getattr(self, attribute(kind.NAME))
                changed: dict[str, Any] = {attribute(kind.NAME): table.saying(request, size)}
                return replace(self, tab=kind.NAME, **changed)
        raise TypeError(f"no session table says a {type(request).__name__}")


CHECKS: Mapping[str, Check] = {
    "title": words,
    "about": words,
    "tab": choice(*TABS),
    "theme": choice(*THEMES),
}
"""Every key at the top, but that of the version, with its check."""


def load(path: Path | str) -> Session:
    """The session in the file `path`, or in a picture that funjax exported.

    SessionError, one line a problem; FileError in one line where it cannot be read.
    """
    try:
        with open(path, "rb") as file:
            if is_picture(path):
                return _in_picture(PICTURES[Path(path).suffix.lower()](file))
            data = file.read(LARGEST + 1)
    except OSError as error:
        raise reason(error, Path(path), "read") from error
    except ValueError as error:  # a zero byte in the name
        raise SessionError([f"the file cannot be read: {error}"]) from None
    return parse(Source.decode(data, LARGEST))


def is_picture(path: Path | str) -> bool:
    """Whether the file is named as a picture, which may carry a session."""
    return Path(path).suffix.lower() in PICTURES


def _in_picture(texts: Mapping[str, str]) -> Session:
    text = texts.get("funjax-session")
    if text is None:
        raise SessionError(["the picture carries no session; only pictures that funjax exported do"])
    return parse(text)


def parse(text: str) -> Session:
    """The session that a TOML text says; what it leaves out has the usual values. SessionError, one 'line N: …' a problem."""
    source = Source(text)
    source.refuse_unknown((), source.data, (Source.key, *CHECKS, *TABS))
    tables: dict[str, Any] = {attribute(table.NAME): table.read(source) for table in TABLES}
    top = source.top(CHECKS)
    source.stop_at_problems()
    return Session(**top, **tables)


def save(path: Path | str, session: Session) -> None:
    """Write the session to `path`, whole or not at all. FileError in one line where it cannot be written."""
    with atomic_write(path) as file:
        file.write(dumps(session).encode())


def dumps(session: Session) -> str:
    """The session as TOML text: every key of every table that has something to say."""
    lines = ["# A session of funjax: open it in the window, or draw it with funjax render", f"{Source.key} = {VERSION}"]
    lines += [f"{key} = {_toml(value)}" for key in CHECKS if (value := getattr(session, key))]
    for kind in TABLES:
        table: Table = getattr(session, attribute(kind.NAME))
        lines += ["", f"[{kind.NAME}]"]
        lines += [f"{key} = {_toml(value, key)}" for key, value in table.written()]
    return "\n".join(lines) + "\n"


def _toml(value: Any, key: str = "") -> str:
    if key in ("parameters", "ranges"):
        pairs = ", ".join(f"{tomli_w.dumps({name: 0}).split(' = ')[0]} = {written(given)}" for name, given in value)
        return f"{{ {pairs} }}" if pairs else "{ }"
    return written(value)
