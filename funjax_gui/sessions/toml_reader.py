"""What every TOML file that funjax reads and writes shares: checks, values in words, each problem in one line with the line it is at."""

import math
import re
import tomllib
from collections.abc import Callable, Collection, Mapping
from decimal import Decimal
from functools import cached_property
from typing import Any, ClassVar

import tomli_w

from funjax_gui.sessions.toml_positions import MOST_PARTS, Path, deep_key, key_lines, line_of
from kernels.formulas import ExpressionError, tokens
from kernels.geometry import Viewport, decimal
from kernels.validation import grouped

Check = Callable[[Any], Any]
"""Returns the value to keep, or raises ValueError saying what the value must be."""

MOST_PROBLEMS = 20
"""Problems that are listed of one text; a file that is not a session at all has thousands."""


FILES = {"funjax": "a session; open it with File > Open session", "funjax-maps": "a file of maps; import it with File > My maps"}
"""What a file is, by the key that all such files have, and where it belongs."""


class TextError(ValueError):
    """A text is not what it should be; `problems` has one line for each thing that is wrong, `str` all of them.

    `is_foreign`: it seems to be of quite another kind.
    """

    def __init__(self, problems: list[str]) -> None:
        if len(problems) > MOST_PROBLEMS:
            more = len(problems) - MOST_PROBLEMS
            problems = [*problems[:MOST_PROBLEMS], f"and {more} more such {'problem' if more == 1 else 'problems'}"]
        self.problems = tuple(problems)
        self.is_foreign = False
        super().__init__("\n".join(problems))


def shown_value(value: Any) -> str:
    """A value as a message shows it: in one line, as TOML writes it where that is easy, and short."""
    if isinstance(value, list):
        text = f"[{', '.join('[…]' if isinstance(item, list) else shown_value(item) for item in value[:20])}]"
    elif isinstance(value, bool):
        text = str(value).lower()
    else:
        text = str(value) if isinstance(value, Decimal | int) else repr(value)
    return text if len(text) <= 40 else text[:39] + "…"


# Checks ------------------------------------------------------------------------------------------------------------------------


def whole(least: int, most: int) -> Check:
    """A whole number from `least` to `most`."""

    def check(value: Any) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            raise ValueError(f"is {shown_value(value)}; give a whole number from {least} to {grouped(most)}")
        return value

    return check


def real_number(value: Any) -> float:
    """A finite number."""
    try:
        number = float(value) if isinstance(value, int | Decimal) and not isinstance(value, bool) else math.nan
    except OverflowError:
        number = math.inf
    if not math.isfinite(number):
        raise ValueError(f"is {shown_value(value)}; give a finite number such as 0.5")
    return number


def choice(*names: str) -> Check:
    """One of these."""

    def check(value: Any) -> str:
        if not isinstance(value, str) or value not in names:
            raise ValueError(f"is {shown_value(value)}{nearest_word(value, names)}; it may be {', '.join(names)}")
        return value

    return check


def words(value: Any) -> str:
    """Some words, spaced by single spaces."""
    if not isinstance(value, str) or len(value) > 1000:
        raise ValueError(f"is {shown_value(value)}; give a text of at most 1000 characters")
    return " ".join(value.split())


def located(error: ValueError) -> str:
    """What is wrong, with the character where it is known."""
    return f"{error} (at character {error.column + 1})" if isinstance(error, ExpressionError) else str(error)


def limit(value: Any) -> Decimal:
    """A number with all its digits, as a number or as text."""
    if isinstance(value, bool) or not isinstance(value, int | str | Decimal):
        raise ValueError(f"{shown_value(value)} is not a number; write digits such as 3.57 or 1e-9")
    if isinstance(value, str) and not re.fullmatch(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", value, re.ASCII):
        raise ValueError(f"{shown_value(value)} is not a number; write digits such as 3.57 or 1e-9")
    return decimal(value)


def limits(value: Any) -> tuple[Decimal, Decimal]:
    """Two numbers with all their digits, the lower one first."""
    if not isinstance(value, list) or len(value) != 2:
        raise ValueError(f"is {shown_value(value)}; give two limits, the lower one first, such as [3.4, 4.0]")
    try:
        low, high = (limit(given) for given in value)
    except ValueError as error:
        raise ValueError(f"is {shown_value(value)}: {error}") from None
    if not low < high:
        raise ValueError(f"is [{shown_value(low)}, {shown_value(high)}], which is empty or reversed; give the lower limit first")
    try:
        Viewport.from_limits(low, high, 0, 1)
    except ValueError as error:
        raise ValueError(f"is out of range: {error}") from None
    return low, high


def written_number(value: Any) -> str:
    """A value as TOML writes it."""
    if isinstance(value, Mapping):
        return f"{{ {', '.join(f'{key} = {written_number(given)}' for key, given in value.items())} }}"
    if isinstance(value, tuple):
        return f"[{', '.join(map(written_number, value))}]"
    if isinstance(value, Decimal):
        # A TOML float only where it is exactly the number, so that other readers of the file get it too.
        number = float(value)
        value = number if Decimal(repr(number)) == value else str(value)
    return tomli_w.dumps({"value": value}).removeprefix("value = ").rstrip("\n")


def nearest_word(value: Any, names: Any) -> str:
    """A hint at the known name that is nearest, or nothing."""
    return tokens.near(value, names) if isinstance(value, str) else ""


# The text ----------------------------------------------------------------------------------------------------------------------


class Source:
    """A TOML text, read: its values checked one at a time, its problems gathered with their lines. What it is of, a subclass says."""

    key: ClassVar[str]
    """The key at the top whose value is the format's version."""
    version: ClassVar[int]
    """The newest version that is read."""
    what: ClassVar[str]
    """What the text is, in a message."""
    error: ClassVar[type[TextError]] = TextError

    def __init__(self, text: str) -> None:
        """Read `text`; what is not TOML, no such text, or of a newer version is an error at once."""
        if (deep := deep_key(text)) is not None:
            raise self.error([f"line {deep}: this is not a {self.what}: a key in it has more than {MOST_PARTS} parts"])
        try:
            self.data: Mapping[str, Any] = tomllib.loads(text, parse_float=Decimal)
        except tomllib.TOMLDecodeError as error:
            line, reason = _syntax(str(error), text)
            own = re.search(rf"^[ \t]*{self.key}[ \t]*=", text, re.MULTILINE)
            if own:
                raise self.error([f"line {line}: {reason}"]) from None
            raise self._foreign(f"line {line}: this is not a funjax {self.what} (TOML): {reason}") from None
        except (ValueError, RecursionError, ArithmeticError):
            # The reader's own limits: a number of thousands of digits, brackets a thousand deep.
            line = f"line 1: this is not a {self.what}: a number in it is too long, or its brackets are too deep"
            raise self.error([line]) from None
        self._text = text
        self._problems: list[tuple[int, str]] = []
        other = next((words for key, words in FILES.items() if key in self.data and self.key not in self.data), None)
        if other is not None:
            raise self.error([f"line 1: this is {other}"])
        if self.key not in self.data:
            raise self._foreign(f"line 1: '{self.key} = {self.version}' is missing; without it this is not a {self.what}")
        given = self.checked((), self.data, {self.key: whole(1, 999)}).get(self.key, self.version)
        if given > self.version:
            line = f"this {self.what} is of version {given}, and this funjax reads up to {self.version}; update funjax"
            self.problem((self.key,), line)
            self.stop_at_problems()

    @classmethod
    def _foreign(cls, line: str) -> TextError:
        error = cls.error([line])
        error.is_foreign = True
        return error

    @cached_property
    def _lines(self) -> dict[Path, int]:
        """The line of each key, which a text without problems is not searched for."""
        return key_lines(self._text)

    @classmethod
    def decode(cls, data: bytes, largest: int) -> str:
        """The text of a file, of which `data` are the first `largest` + 1 bytes, to see whether there are more."""
        if len(data) > largest:
            raise cls.error([f"the file is larger than {largest >> 10} KiB; a {cls.what} is a page of text"])
        try:
            return data.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            line = data.count(b"\n", 0, error.start) + 1
            raise cls._foreign(f"line {line}: the file is not UTF-8 text; a {cls.what} is a TOML file") from None

    def problem(self, path: tuple[str, ...], text: str) -> None:
        """Note what is wrong with what stands at `path`."""
        self._problems.append((line_of(self._lines, path), text))

    @property
    def problems(self) -> list[str]:
        """Every problem noted, with its line, in the order of the lines."""
        return [f"line {line}: {text}" for line, text in sorted(self._problems, key=lambda found: found[0])]

    def stop_at_problems(self) -> None:
        """Raise the error with every problem noted; nothing where there is none."""
        if self._problems:
            raise self.error(self.problems)

    def checked(self, path: tuple[str, ...], found: Mapping[str, Any], checks: Mapping[str, Check]) -> dict[str, Any]:
        """The values that are there and right, by key, of the table `found` at `path`."""
        values = {}
        for key, check in checks.items():
            if key in found:
                try:
                    values[key] = check(found[key])
                except ValueError as error:
                    self.problem((*path, key), f"{key} {error}")
        return values

    def refuse_unknown(self, path: tuple[str, ...], found: Mapping[str, Any], known: Collection[str]) -> None:
        """Note keys of the table `found` at `path` that mean nothing."""
        where = f"in [{'.'.join(path)}]" if path else "at the top"
        for key in found:
            if key not in known:
                # Looking for a near name is slow, and is not worth it for the thousandth.
                hint = nearest_word(key, known) if len(self._problems) < MOST_PROBLEMS else ""
                self.problem((*path, key), f"unknown key {shown_value(key)} {where}{hint}; known are {', '.join(known)}")


def _syntax(message: str, text: str) -> tuple[str, str]:
    """(line, message) of the standard reader's message."""
    found = re.fullmatch(r"(.*) \(at (?:line (\d+), column (\d+)|end of document)\)", message, re.DOTALL)
    if not found:
        return "1", _one_line(message)
    line = found[2] or str(text.rstrip("\n").count("\n") + 1)
    column = f", at column {found[3]}" if found[3] else ", at the end"
    return line, f"{_one_line(found[1])}{column}"


def _one_line(text: str) -> str:
    return "".join(character if character.isprintable() else " " for character in text)[:200]
