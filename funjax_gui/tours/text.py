"""The text of a chapter: paragraphs with inline formulas, and displayed formulas."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from funjax_gui.formulas import Formula

MOST_BLOCKS = 16
LONGEST_BLOCK = 1200
"""Maximum number of characters of a paragraph."""

_RUN = re.compile(r"\$([^$]*)\$|\*([^*]+)\*|`([^`]+)`|([^$*`]+)")


@dataclass(frozen=True)
class Words:
    """Words in one style: plain "", "strong" or "code"."""

    text: str
    style: str = ""


@dataclass(frozen=True)
class Prose:
    """A paragraph."""

    runs: tuple[Words | Formula, ...]

    @property
    def spoken(self) -> str:
        """The paragraph without marks, its formulas in words."""
        return "".join(run.words if isinstance(run, Formula) else run.text for run in self.runs)


Block = Prose | Formula


class Misplaced(ValueError):
    """An error in a text, with its line relative to the first one."""

    def __init__(self, offset: int, line: str) -> None:
        super().__init__(line)
        self.offset = offset


def blocks(text: str) -> Iterator[Block | Misplaced]:
    """Paragraphs and displayed formulas, separated by blank lines; an error in place of an invalid one."""
    found = list(_paragraphs(text))
    if not found:
        yield Misplaced(0, "the text is empty; write a paragraph")
    for offset, _ in found[MOST_BLOCKS : MOST_BLOCKS + 1]:
        yield Misplaced(offset, f"the text has {len(found)} paragraphs and formulas; {MOST_BLOCKS} are allowed")
    for offset, paragraph in found[:MOST_BLOCKS]:
        try:
            yield _block(paragraph)
        except ValueError as error:
            yield Misplaced(offset, str(error))


def _paragraphs(text: str) -> Iterator[tuple[int, str]]:
    """(lines above it, its text in one line) of each paragraph."""
    start, lines = 0, list[str]()
    for number, line in enumerate([*text.splitlines(), ""]):
        if line.strip():
            start = start if lines else number
            lines.append(line.strip())
        elif lines:
            yield start, " ".join(lines)
            lines = []


def _block(paragraph: str) -> Block:
    if len(paragraph) > LONGEST_BLOCK:
        raise ValueError(f"the paragraph has {len(paragraph)} characters; {LONGEST_BLOCK} are allowed")
    if paragraph.startswith("$$"):
        if len(paragraph) < 4 or not paragraph.endswith("$$"):
            raise ValueError("a formula that begins with $$ stands in a paragraph of its own and ends with $$")
        return _checked(Formula(paragraph[2:-2].strip()))
    return prose(paragraph)


def prose(paragraph: str) -> Prose:
    """Parse a paragraph with *strong*, `code` and $formula$. Raises ValueError, in one line, if a mark is not closed."""
    if not paragraph.isprintable():
        raise ValueError("the text has characters that cannot be shown")
    runs: list[Words | Formula] = []
    at = 0
    while at < len(paragraph):
        found = _RUN.match(paragraph, at)
        if found is None:
            raise ValueError(f"a {paragraph[at]} is not closed; write $formula$, *strong words* or `code` between two")
        at = found.end()
        tex, strong, code, plain = found.groups()
        if tex is not None:
            runs.append(_checked(Formula(tex.strip(), display=False)))
        else:
            runs.append(Words(strong or code or plain, "strong" if strong else "code" if code else ""))
    return Prose(tuple(runs))


def _checked(formula: Formula) -> Formula:
    _ = formula.words
    return formula
