"""Tour scripts: one action a line from a fixed list, parsed and checked when the tour is loaded.

Parsing simulates the actions on a session, so that it is known whether a parameter exists in the map that will be shown, and whether a view
can be drawn.
"""

import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache
from itertools import groupby
from typing import Any

import tomli_w

from funjax_gui.documents import document_of, presets
from funjax_gui.sessions import TABS, Session, Table, limits, nearest_word, shown_value
from funjax_gui.sessions import session as sessions
from funjax_gui.tours.actions import Action, Drag, Fly, Highlight, Number, Open, Play, Rewind, Script, Show, Step, Wait
from funjax_gui.tours.targets import DIALOGS, names, parameters, tabs_with_player
from funjax_gui.tours.text import Misplaced
from kernels.geometry import Grid, Viewport
from kernels.maps import MAPS
from kernels.objectives import MOST_DIMENSION

MOST_ACTIONS = 30
LONGEST_LINE = 300
SHORTEST, LONGEST = 0.1, 20.0
"""Seconds that an action may take."""

USUAL = 4.0
"""Default duration in seconds."""

MOST_WORK = 1_500_000
"""Maximum work of checking the scenes of a tour, in approximate microseconds; counted, so that the limit is the same everywhere."""

TABLE_WORK, VARIABLE_WORK, FORMULA_WORK = 1500, 0.5, 2000
"""Microseconds that it takes to check a table, for each variable of its start, and for each character of a typed map's formula."""

MOST_STEPS = 50
ROOM = Grid(Viewport.from_limits(0, 1, 0, 1), 1280, 800)
"""Grid whose pixels a view must resolve."""

BEGINNINGS: Mapping[str, tuple[str, ...]] = {"map": (), "objective": (), "sweep": ("map", "start", "transient", "samples")}
"""Keys that reset the table of a tab, and the keys that they keep."""


@dataclass(frozen=True)
class Read:
    """A parsed script, the session at its end, and its errors."""

    script: Script
    session: Session
    problems: tuple[Misplaced, ...]


@dataclass
class Work:
    """The work that checking a tour's scenes has taken by now, in microseconds, about."""

    spent: float = 0.0

    def add(self, table: Mapping[str, Any]) -> None:
        """Add the work of checking this table. Raises ValueError above the limit."""
        self.spent += TABLE_WORK + VARIABLE_WORK * max(min(_whole(table.get("variables")), MOST_DIMENSION), len(_list(table.get("start"))))
        self.spent += FORMULA_WORK * len(str(table.get("map"))) * (table.get("map") not in MAPS)
        if self.spent > MOST_WORK:
            raise ValueError("the tour's scenes take too long to read; give them fewer actions, variables or formulas")


def read(text: str, session: Session, work: Work | None = None) -> Read:
    """The script `text`, begun where the window shows `session`; the work of checking it is added to `work`."""
    reader, problems = _Reader(session, work or Work()), list[Misplaced]()
    lines = [(offset, line.partition("#")[0].strip()) for offset, line in enumerate(text.splitlines())]
    found = [(offset, line) for offset, line in lines if line]
    for is_setting, group in groupby(found[:MOST_ACTIONS], lambda item: item[1].startswith("set ")):
        actions = list(group)
        if is_setting and reader.set_all([line for _, line in actions]):
            continue
        for offset, line in actions:
            try:
                reader.take(line)
            except ValueError as error:
                problems.append(Misplaced(offset, str(error)))
    for offset, _ in found[MOST_ACTIONS : MOST_ACTIONS + 1]:
        problems.append(Misplaced(offset, f"the script has {len(found)} actions; {MOST_ACTIONS} are allowed"))
    return Read(tuple(reader.actions), reader.session, tuple(problems))


class _Reader:
    """Parser of the lines; each action has a method of its name."""

    def __init__(self, session: Session, work: Work) -> None:
        self.session = session
        self._work = work
        self.actions: list[Action] = []

    def take(self, line: str) -> None:
        """Parse one line. Raises ValueError, in one line, if it is not a valid action."""
        if len(line) > LONGEST_LINE or not line.isprintable():
            raise ValueError(f"an action is a line of at most {LONGEST_LINE} characters that can be shown")
        name, _, rest = line.partition(" ")
        act = ACTIONS.get(name)
        if act is None:
            raise ValueError(f"{shown_value(name)} is not an action{nearest_word(name, ACTIONS)}; the actions are {', '.join(ACTIONS)}")
        act(self, rest.strip())

    def _show(self, session: Session) -> None:
        """Show this from now on; what would only be passed through is left out."""
        self.session = session
        if self.actions and isinstance(last := self.actions[-1], Show) and last.session.tab == session.tab:
            self.actions.pop()
        self.actions.append(Show(session))

    def preset(self, rest: str) -> None:
        known = {preset.name: preset.session for preset in presets()}
        self._show(_one_of("preset", rest, known))

    def tab(self, rest: str) -> None:
        self._show(replace(self.session, tab=_one_of("tab", rest, dict(zip(TABS, TABS, strict=True)))))

    def set(self, rest: str) -> None:
        self._show(self._with(_setting(rest)))

    def set_all(self, lines: list[str]) -> bool:
        """Take settings that follow one another as one, which checks the table once; False, and nothing done, where that fails."""
        if len(lines) < 2 or any(len(line) > LONGEST_LINE or not line.isprintable() for line in lines):
            return False
        try:
            self._show(self._with(*(_setting(line.partition(" ")[2].strip()) for line in lines)))
        except ValueError:
            return False
        return True

    def drag(self, rest: str) -> None:
        found = re.fullmatch(r"(\S+)\s+from\s+(.+?)\s+to\s+(.+?)(?:\s+in\s+(\S+))?", rest)
        if not found:
            raise ValueError("write drag NAME from A to B, and add in SECONDS for a duration other than 4")
        key, seconds = found[1], _seconds(found[4])
        start, end = (self._number(key, _value(text)) for text in (found[2], found[3]))
        (first, before), (last, after) = start, end
        if isinstance(first, tuple) != isinstance(last, tuple) or (isinstance(first, tuple) and len(first) != len(last)):  # type: ignore[arg-type]
            raise ValueError(f"{key} cannot go from {found[2]} to {found[3]}; give two numbers, or two points")
        if before != self.session:
            self._show(before)
        self.actions.append(Drag(self._control(key), first, last, isinstance(first, int), seconds))
        self.session = after

    def _number(self, key: str, value: Any) -> tuple[Number, Session]:
        """What a key comes to where it is given a value, and the session with it. ValueError unless that is a number or a point."""
        path = f"parameters.{key}" if key in parameters(self.session) else key
        session = self._with((path, value))
        if path != key:
            number = dict(session.table.parameters)[key]  # type: ignore[attr-defined]
        else:
            number = getattr(session.table, key.replace("-", "_"), None)
        if isinstance(number, Decimal):
            number = float(number)
        if isinstance(number, tuple) and all(isinstance(each, float) for each in number):
            return number, session
        if not isinstance(number, int | float) or isinstance(number, bool):
            raise ValueError(f"{shown_value(key)} cannot be dragged; drag a number, such as a parameter or start")
        return number, session

    def _control(self, key: str) -> str:
        return f"parameter:{key}" if key in parameters(self.session) else key

    def _with(self, *settings: tuple[str, Any]) -> Session:
        """The session with changed keys in the open tab's table. Raises ValueError, in one line, if it is not valid."""
        tab = self.session.tab
        table = _table(self.session)
        for key, value in settings:
            table = _changed(table, key, value, tab)
        self._work.add(table)
        try:
            found = sessions.parse(tomli_w.dumps({"funjax": sessions.VERSION, "tab": tab, tab: table}))
        except ValueError as error:
            raise ValueError(re.sub(r"^line \d+: ", "", str(error).splitlines()[0])) from None
        changed: dict[str, Any] = {tab.replace("-", "_"): found.table}
        return replace(self.session, **changed)

    def zoom(self, rest: str) -> None:
        found = re.fullmatch(r"(\[.*?\])\s*(\[.*?\])(?:\s+in\s+(\S+))?", rest)
        if not found:
            raise ValueError("write zoom [left, right] [bottom, top], and add in SECONDS for a duration other than 4")
        x, y = (_limits(text) for text in (found[1], found[2]))
        view = Viewport.from_limits(*x, *y)
        if not all(replace(ROOM, viewport=view).is_resolved()):
            raise ValueError(f"the view {rest} is too narrow: float64 cannot tell its pixels apart; give limits further apart")
        self.actions.append(Fly(view, _seconds(found[3])))
        for key, ends in zip(document_of(self.session.tab).view, (x, y), strict=True):
            self.session = self._with((key, list(ends)))

    def play(self, rest: str) -> None:
        self._player("play")
        self.actions.append(Play(_seconds(rest.removeprefix("for ") or None, LONGEST)))

    def rewind(self, rest: str) -> None:
        self._player("rewind")
        _nothing("rewind", rest)
        self.actions.append(Rewind())

    def step(self, rest: str) -> None:
        self._player("step")
        self.actions.append(Step(_count("step", rest)))

    def inner(self, rest: str) -> None:
        if self.session.tab != "newton":
            raise ValueError("inner steps are those of conjugate gradients, in the tab newton; write tab newton before it")
        self.actions.append(Step(_count("inner", rest), inner=True))

    def _player(self, name: str) -> None:
        if self.session.tab not in tabs_with_player():
            raise ValueError(f"{name} is not available in the tab {self.session.tab}; it is in {' and '.join(tabs_with_player())}")

    def highlight(self, rest: str) -> None:
        wanted, known = rest.split(), tuple(names(self.session))
        if not wanted:
            raise ValueError(f"highlight needs a name; in the tab {self.session.tab} there are {', '.join(known)}")
        for name in wanted:
            if name not in known:
                hint = nearest_word(name, known)
                raise ValueError(f"there is no {shown_value(name)} in the tab {self.session.tab}{hint}; there are {', '.join(known)}")
        self.actions.append(Highlight(tuple(self._control(name) for name in wanted)))

    def open(self, rest: str) -> None:
        self.actions.append(Open(_one_of("dialog", rest, dict(zip(DIALOGS, DIALOGS, strict=True)))))

    def wait(self, rest: str) -> None:
        self.actions.append(Wait(_seconds(rest or None)))


ACTIONS: Mapping[str, Callable[[_Reader, str], None]] = {
    name: getattr(_Reader, name) for name in "preset tab set drag zoom play rewind step inner highlight open wait".split()
}
"""What reads each action's line after its name."""


def _setting(text: str) -> tuple[str, Any]:
    """The key and the value of KEY = VALUE."""
    key, equals, value = (part.strip() for part in text.partition("="))
    if not key or not equals:
        raise ValueError("write set KEY = VALUE, as in the open tab's table of a session: set start = 0.5")
    return key, _value(value)


def _changed(table: dict[str, Any], key: str, value: Any, tab: str) -> dict[str, Any]:
    """The table with a key changed; some keys begin it anew. ValueError where what stands above the key is not a table."""
    first, *deeper = key.split(".")
    if first in BEGINNINGS:
        table = {kept: table[kept] for kept in BEGINNINGS[first] if kept in table}
    if first == "methods":
        table.pop("method", None)  # the first of them is in focus, until it is set
    inner = table
    for part in (first, *deeper)[:-1]:
        inner = inner.setdefault(part, {})
        if not isinstance(inner, dict):
            raise ValueError(f"unknown key {shown_value(key)} in [{tab}]")
    inner[(first, *deeper)[-1]] = value
    return table


def _whole(value: Any) -> int:
    return value if isinstance(value, int) else 0


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _table(session: Session) -> dict[str, Any]:
    """The open tab's table, as TOML has it."""
    table: dict[str, Any] = tomllib.loads(_text(session.table), parse_float=Decimal)[session.tab]
    return table


@lru_cache(maxsize=4)
def _text(table: Table) -> str:
    return sessions.dumps_table(table)


def _value(text: str) -> Any:
    """A value as TOML writes it."""
    try:
        return tomllib.loads(f"value = {text}", parse_float=Decimal)["value"]
    except (ValueError, RecursionError, ArithmeticError):
        raise ValueError(f'{shown_value(text)} is not a value; write a number, a "text" in quotes, or a list such as [3.4, 4.0]') from None


def _limits(text: str) -> tuple[Decimal, Decimal]:
    try:
        found: tuple[Decimal, Decimal] = limits(_value(text))
    except ValueError as error:
        raise ValueError(f"the view {error}") from None
    return found


def _seconds(text: str | None, usual: float = USUAL) -> float:
    if text is None:
        return usual
    try:
        seconds = float(text)
    except ValueError:
        seconds = -1.0
    if not SHORTEST <= seconds <= LONGEST:
        raise ValueError(f"{shown_value(text)} is out of range; give seconds from {SHORTEST:g} to {LONGEST:g}")
    return seconds


def _count(name: str, text: str) -> int:
    if not re.fullmatch(r"[0-9]{0,4}", text) or not 1 <= int(text or 1) <= MOST_STEPS:
        raise ValueError(f"{name} takes a whole number from 1 to {MOST_STEPS}, not {shown_value(text)}")
    return int(text or 1)


def _nothing(name: str, text: str) -> None:
    if text:
        raise ValueError(f"{name} takes no argument; remove {shown_value(text)}")


def _one_of(what: str, name: str, known: Mapping[str, Any]) -> Any:
    if name not in known:
        raise ValueError(f"there is no {what} {shown_value(name)}{nearest_word(name, known)}; there are {', '.join(sorted(known))}")
    return known[name]
