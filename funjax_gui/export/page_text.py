"""Text of an exported page: its font, variables in italics, and lines of a given width."""

import re
from collections.abc import Iterator

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QFontMetricsF

FAMILIES = ("DejaVu Sans", "Arial", "sans-serif")
"""Font families in order of preference; the first is that of the usual Linux desktop, the second is found elsewhere."""

_VARIABLE = re.compile("(?<![^\\W_])(?<!['’])[A-Za-zΑ-Ωα-ω](?![^\\W_₀-₉⁰-⁹²³¹ᵢⱼₖₙ]|['’]\\w)")
_ARTICLE = re.compile("[aAI]$")
_ASSIGNED = re.compile(r"[₀-₉]*\s*(=|→|∈|from\b|in \[)")


def font_of(height: float, bold: bool = False, italic: bool = False) -> QFont:
    """The font of a page, so many pixels high."""
    font = QFont(list(FAMILIES[:-1]))
    font.setPixelSize(max(1, round(height)))
    font.setBold(bold)
    font.setItalic(italic)
    return font


def runs(text: str, is_formula: bool = False) -> Iterator[tuple[str, bool]]:
    """The parts of `text` in order, each with whether it is a variable, which is set in italics.

    A variable is a single letter, whose index is upright; outside formulas 'a', 'A' and 'I' are words unless a value or range follows.
    """
    at = 0
    for found in _VARIABLE.finditer(text):
        if not is_formula and _ARTICLE.match(found[0]) and not _ASSIGNED.match(text, found.end()):
            continue
        if found.start() > at:
            yield text[at : found.start()], False
        yield found[0], True
        at = found.end()
    if at < len(text):
        yield text[at:], False


def without_middle(text: str, height: float, room: float) -> str:
    """The text in the font of this height where there is room for it, else its beginning and its end."""
    return QFontMetricsF(font_of(height)).elidedText(text, Qt.TextElideMode.ElideMiddle, max(0.0, room))


def wrapped(text: str, metrics: QFontMetricsF, room: float, most: int) -> list[str]:
    """`text` in at most so many lines no wider than `room`, broken between words; what remains is cut short with '…'."""
    lines: list[str] = []
    rest = text.strip()
    while rest and len(lines) < most:
        if len(lines) == most - 1 or metrics.horizontalAdvance(rest) <= room:
            lines.append(rest)
            break
        cut = _last_break(rest, metrics, room)
        lines.append(rest[:cut].rstrip(" ·,"))
        rest = rest[cut:].lstrip(" ·")
    return lines


def _last_break(text: str, metrics: QFontMetricsF, room: float) -> int:
    """Index of the last space up to which `text` has room; of the first one if there is none."""
    breaks = [found.start() for found in re.finditer(r"(?<=\S) ", text)] or [len(text)]
    fitting = [at for at in breaks if metrics.horizontalAdvance(text[:at]) <= room]
    return fitting[-1] if fitting else breaks[0]
