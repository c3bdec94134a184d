"""The state of a window as a readable TOML text that contains data only.

`parse` and `dumps` are each other's inverse on every `Session`: limits are decimals, of as many digits as the depth of the zoom
needs, and a limit that no float represents exactly is written as text ("3.5699456718…"). Each tab's table has a module of its own.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import IO, Any

import tomli_w

from funjax_gui.files import atomic_write, failure_reason, open_regular, png, svg
from funjax_gui.sessions.checks import SessionError, Source, switch
from funjax_gui.sessions.table import Size, Table, attribute
from funjax_gui.sessions.toml_reader import Check, choice, words, written_number
from funjax_gui.style import THEMES

VERSION = Source.version
"""The format's version that this program writes, and the newest that it reads."""

LARGEST = 1 << 18
"""Maximum size of a text in bytes; parsing takes up to 2 s for each MiB."""

PICTURES: Mapping[str, Callable[[IO[bytes]], dict[str, str]]] = {".png": png.texts, ".svg": svg.texts}
"""Readers of the texts in pictures, by suffix."""

TABLES: list[type[Table]] = []
"""The tables of a session, in the order in which they are written. `funjax_gui.documents` registers those of the tabs."""

TABS: list[str] = []
"""Names of the tables, which are those of the tabs."""


def register(table: type[Table]) -> None:
    """Register a table; called once for each tab."""
    TABLES.append(table)
    TABS.append(table.NAME)


def _first_tab() -> str:
    """The tab of a new window."""
    return next((table.NAME for table in TABLES if table.OPENS_FIRST), "")


@dataclass(frozen=True, init=False)
class Session:
    """The state of a window: the open tab, and a table for each tab, which is also an attribute named after its tab.

    `Session(bifurcation=table)` has that table and defaults for the others. `title` and `about` describe it to a reader. `theme` is
    that of pictures exported of it; the window has the user's, whatever a session says. `stretch`: axes of the same quantity fill their
    plot instead of having equal scales. Neither is compared.
    """

    tab: str
    tables: tuple[Table, ...]
    title: str = ""
    about: str = ""
    theme: str = field(default="white", compare=False)
    stretch: bool = field(default=False, compare=False)

    def __init__(
        self,
        tab: str = "",
        tables: Iterable[Table] = (),
        title: str = "",
        about: str = "",
        theme: str = "white",
        stretch: bool = False,
        **named: Any,
    ) -> None:
        given = {table.NAME: table for table in tables} | {table.NAME: table for table in named.values()}
        if unknown := [name for name, table in named.items() if attribute(table.NAME) != name]:
            raise TypeError(f"a session has no table {unknown[0]!r}")
        set_field = object.__setattr__
        set_field(self, "tab", tab or _first_tab())
        set_field(self, "tables", tuple(given[kind.NAME] if kind.NAME in given else kind() for kind in TABLES))
        for name, value in (("title", title), ("about", about), ("theme", theme), ("stretch", stretch)):
            set_field(self, name, value)

    def __getattr__(self, name: str) -> Any:
        """The table of a tab, as an attribute."""
        for table in self.__dict__.get("tables", ()):
            if attribute(table.NAME) == name:
                return table
        raise AttributeError(name)

    @property
    def table(self) -> Table:
        """The open tab's table."""
        return self.table_of(self.tab)

    def table_of(self, tab: str) -> Table:
        """The table of the tab of that name."""
        table: Table = getattr(self, attribute(tab))
        return table

    @property
    def appearance(self) -> Mapping[str, Any]:
        """Fields of the style of the session's picture, by name."""
        return {"theme": self.theme, "stretch": self.stretch} | self.table.appearance

    def request(self, size: Size | None = None) -> Any:
        """The request of the open tab; `size` (columns, rows) is used if the request has a grid.

        Raises ValueError in one line.
        """
        return self.table.request(size)

    def with_table(self, table: Table) -> "Session":
        """The session with `table` in the place of its tab's."""
        return replace(self, tables=tuple(table if old.NAME == table.NAME else old for old in self.tables))

    def showing(self, request: Any, size: Size | None = None) -> "Session":
        """The session with `request` in its table, and its tab open. Raises TypeError if no table can hold it."""
        for table in self.tables:
            if type(request) in (table.KIND, *table.OTHER_KINDS):
                return replace(self.with_table(table.with_request(request, size)), tab=table.NAME)
        raise TypeError(f"no session table holds a {type(request).__name__}")


CHECKS: Mapping[str, Check] = {
    "title": words,
    "about": words,
    "tab": lambda value: choice(*TABS)(value),
    "theme": choice(*THEMES),
    "stretch": switch,
}
"""Checks of the top-level keys other than the version."""


def load(path: Path | str) -> Session:
    """The session in the file `path`, or in a picture that funjax exported.

    SessionError, one line a problem; FileError in one line where it cannot be read.
    """
    try:
        with open_regular(path) as file:
            if is_picture(path):
                return _in_picture(PICTURES[Path(path).suffix.lower()](file))
            data = file.read(LARGEST + 1)
    except OSError as error:
        raise failure_reason(error, Path(path), "read") from error
    except ValueError as error:  # a zero byte in the name
        raise SessionError([f"the file cannot be read: {error}"]) from None
    return parse(Source.decode(data, LARGEST))


def is_picture(path: Path | str) -> bool:
    """Whether the suffix is that of a picture, which may contain a session."""
    return Path(path).suffix.lower() in PICTURES


def _in_picture(texts: Mapping[str, str]) -> Session:
    text = texts.get("funjax-session")
    if text is None:
        raise SessionError(["the picture contains no session; only pictures exported by funjax do"])
    return parse(Source.decode(text.encode(errors="surrogatepass"), LARGEST))


def parse(text: str) -> Session:
    """Parse a session; missing keys have their defaults. Raises SessionError, one 'line N: …' for each error."""
    source = Source(text)
    source.refuse_unknown((), source.data, (Source.key, *CHECKS, *TABS))
    tables = [table.read(source) if table.NAME in source.data else _unsaid(table) for table in TABLES]  # type: ignore[arg-type]
    top = source.top(CHECKS)
    source.stop_at_problems()
    return Session(tables=tables, **top)


@cache
def _unsaid(table: type[Table]) -> Table:
    """The table of a text that does not have it."""
    return table.read(Source(f"{Source.key} = {VERSION}"))


def save(path: Path | str, session: Session) -> None:
    """Write the session to `path` atomically. Raises ValueError in one line if it cannot be written, or would be too large to be read."""
    data = dumps(session).encode()
    if len(data) > LARGEST:
        raise SessionError([f"its text is larger than {LARGEST >> 10} KiB, which is not read again; it has too many numbers"])
    with atomic_write(path) as file:
        file.write(data)


def dumps(session: Session) -> str:
    """The session as TOML text, with the keys that are set."""
    lines = ["# A session of funjax: open it in the window, or draw it with funjax render", f"{Source.key} = {VERSION}"]
    lines += [f"{key} = {_toml(value)}" for key in CHECKS if (value := getattr(session, key))]
    for table in session.tables:
        lines += ["", *_lines(table)]
    return "\n".join(lines) + "\n"


def dumps_table(table: Table) -> str:
    """One table of a session as TOML text."""
    return "\n".join(_lines(table)) + "\n"


def _lines(table: Table) -> list[str]:
    return [f"[{table.NAME}]", *(f"{key} = {_toml(value, key)}" for key, value in table.written())]


def _toml(value: Any, key: str = "") -> str:
    if key in ("parameters", "ranges"):
        pairs = ", ".join(f"{tomli_w.dumps({name: 0}).split(' = ')[0]} = {written_number(given)}" for name, given in value)
        return f"{{ {pairs} }}" if pairs else "{ }"
    return written_number(value)
