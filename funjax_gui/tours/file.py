"""Tour files: chapters of text with scenes and things to try, read from TOML as strictly as sessions; they cannot run code.

docs/tours.md describes the format for authors.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

from funjax_gui.files import failure_reason, open_regular
from funjax_gui.formulas import Formula
from funjax_gui.sessions import Check, Session, TextError, line_of, shown_value, toml_reader
from funjax_gui.tours.actions import Script, Show
from funjax_gui.tours.recognition import KEY
from funjax_gui.tours.script import Work, read
from funjax_gui.tours.text import Block, Misplaced, Prose, blocks, prose

VERSION = 1
LARGEST = 1 << 18
"""Bytes of the largest file that is read."""

MOST_CHAPTERS = 40
MOST_TRIALS = 8
LONGEST_TITLE = 80
LONGEST_TEXT = 8000
LONGEST_TRIAL = 500


class TourError(TextError):
    """A text is not a valid tour; `problems` has one line for each error, `str` all of them."""


@dataclass(frozen=True)
class Trial:
    """Something to try: text and script of its demonstration."""

    text: Prose
    show: Script


@dataclass(frozen=True)
class Chapter:
    """A chapter: title, paragraphs and formulas, scene, and things to try."""

    title: str
    text: tuple[Block, ...]
    scene: Script
    trials: tuple[Trial, ...]

    @property
    def formulas(self) -> tuple[Formula, ...]:
        """All formulas in it, each once."""
        paragraphs = [*self.text, *(trial.text for trial in self.trials)]
        runs = [run for block in paragraphs for run in (block.runs if isinstance(block, Prose) else (block,))]
        return tuple(dict.fromkeys(run for run in runs if isinstance(run, Formula)))


@dataclass(frozen=True)
class Tour:
    """A tour: title, description and chapters."""

    title: str
    about: str
    chapters: tuple[Chapter, ...]


def load(path: Path) -> Tour:
    """The tour in the file `path`. TourError, one line a problem; FileError in one line where it cannot be read."""
    try:
        with open_regular(path) as file:
            data = file.read(LARGEST + 1)
    except OSError as error:
        raise failure_reason(error, path, "read") from error
    if len(data) > LARGEST:
        raise TourError([f"the file is larger than {LARGEST >> 10} KiB; a tour is some pages of text"])
    try:
        return parse(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise TourError([f"line {line}: the file is not UTF-8 text; a tour is a TOML file"]) from None


@lru_cache(maxsize=4)
def parse(text: str) -> Tour:
    """Parse a tour; those parsed last are kept, since it takes tenths of a second. Raises TourError, one 'line N: …' for each error."""
    source = _Source(text)
    top = source.only((), source.data, {KEY: int, "title": _title, "about": toml_reader.words, "chapter": _list})
    chapters = list(source.chapters(top.get("chapter", [])))
    source.stop_at_problems()
    return Tour(top["title"], top.get("about", ""), tuple(chapters))


def _string(value: Any, longest: int) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ValueError(f"is {shown_value(value)}; give some text")
    if len(value) > longest:
        raise ValueError(f"has {len(value)} characters; {longest} are allowed")
    return value


def _title(value: Any) -> str:
    return " ".join(_string(value, LONGEST_TITLE).split())


def _list(value: Any) -> list[Any]:
    if not isinstance(value, list) or not all(isinstance(item, Mapping) for item in value):
        raise ValueError("must be tables, each under a header of its own in double brackets, such as [[chapter]]")
    return value


_CHAPTER: Mapping[str, Check] = {
    "title": _title,
    "text": partial(_string, longest=LONGEST_TEXT),
    "scene": partial(_string, longest=LONGEST_TEXT),
    "try": _list,
}
_TRIAL: Mapping[str, Check] = {"text": partial(_string, longest=LONGEST_TRIAL), "show": partial(_string, longest=LONGEST_TEXT)}

Path_ = tuple[str, ...]


class _Source(toml_reader.Source):
    key, version, what, error = KEY, VERSION, "tour", TourError

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self._rows = text.splitlines()
        self._work = Work()

    def only(self, path: Path_, found: Mapping[str, Any], checks: Mapping[str, Check]) -> dict[str, Any]:
        """Valid values of a table; unknown and missing keys are noted as errors."""
        self.refuse_unknown(path, found, checks)
        for key in ("title", "text", "chapter"):
            if key in checks and key not in found:
                self.problem(path, f"{key} is missing {f'in [[{path[-2]}]]' if path else 'at the top'}; a tour needs it there")
        return self.checked(path, found, {key: check for key, check in checks.items() if key != KEY})

    def chapters(self, tables: list[Any]) -> Iterator[Chapter]:
        """The chapters; each one's scene begins where the one before had its own."""
        if len(tables) > MOST_CHAPTERS:
            self.problem(("chapter", str(MOST_CHAPTERS)), f"the tour has {len(tables)} chapters; {MOST_CHAPTERS} are allowed")
        session = Session()
        for number, table in enumerate(tables[:MOST_CHAPTERS]):
            path = ("chapter", str(number))
            found = self.only(path, table, _CHAPTER)
            text = self._blocks((*path, "text"), found.get("text", ""))
            scene, session = self._script((*path, "scene"), found.get("scene", ""), session)
            trials = tuple(self._trials((*path, "try"), found.get("try", []), session))
            yield Chapter(found.get("title", ""), text, scene, trials)

    def _trials(self, path: Path_, tables: list[Any], session: Session) -> Iterator[Trial]:
        if len(tables) > MOST_TRIALS:
            self.problem((*path, str(MOST_TRIALS)), f"the chapter has {len(tables)} things to try; {MOST_TRIALS} are allowed")
        for number, table in enumerate(tables[:MOST_TRIALS]):
            here = (*path, str(number))
            found = self.only(here, table, _TRIAL)
            try:
                text = prose(" ".join(found.get("text", "").split()))
            except ValueError as error:
                self.problem((*here, "text"), str(error))
                continue
            yield Trial(text, self._script((*here, "show"), found.get("show", ""), session)[0])

    def _blocks(self, path: Path_, text: str) -> tuple[Block, ...]:
        found = list(blocks(text)) if text else []
        self._note(path, (each for each in found if isinstance(each, Misplaced)))
        return tuple(each for each in found if not isinstance(each, Misplaced))

    def _script(self, path: Path_, text: str, session: Session) -> tuple[Script, Session]:
        """The script, beginning with `session` unless it begins with another one."""
        found = read(text, session, self._work)
        self._note(path, found.problems)
        begins = found.script[:1] and isinstance(found.script[0], Show)
        return (found.script if begins else (Show(session), *found.script)), found.session

    def _note(self, path: Path_, problems: Any) -> None:
        """Note errors in a multi-line text at their lines."""
        line = line_of(self._lines, path)
        # The text begins on the line after the quotes, where nothing follows them.
        line += self._rows[line - 1].partition("=")[2].strip() in ("'''", '"""')
        self._problems += [(line + problem.offset, str(problem)) for problem in problems]
