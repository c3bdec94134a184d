"""Typesetting: LaTeX to an SVG of outlines, which Qt draws at any size and in any colour.

By ziamath: pure Python, some 1 MB with its font (STIX Two Math), where matplotlib's mathtext would bring 30 MB for the same. Importing it
takes 0.2 s and a formula some 5 ms, so both are done by the worker, and not before a formula is to be shown.
"""

import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from time import monotonic
from types import MappingProxyType
from typing import Any, ClassVar

from PySide6.QtCore import QObject, Signal

from funjax_gui.formulas.spoken_math import words
from funjax_gui.worker import Worker

EM = 64.0
"""Font size of typesetting; the results are measured in ems, so that it has no visible effect."""

INK = "#010203"
"""Placeholder of the colour in the SVG."""

TIGHT, ROOMY = 'rowspacing="3pt"', 'rowspacing="0.4em"'
"""Distance of formulas below one another: the usual one, at which fractions would touch, and that of rows with fractions."""

STEP = 0.02
"""Seconds between frames."""


@dataclass(frozen=True)
class Formula:
    """A formula to typeset: LaTeX, in display style or inline."""

    tex: str
    display: bool = True

    @property
    def words(self) -> str:
        """Its spoken form."""
        return words(self.tex)


@dataclass(frozen=True)
class Typeset:
    """A formula as SVG, with `INK` in place of its colour; width, and height above and below the baseline, in ems."""

    svg: str = field(repr=False)
    width: float
    ascent: float
    descent: float

    def coloured(self, colour: str) -> bytes:
        """The SVG in a colour given as "#rrggbb"."""
        return self.svg.replace(INK, colour).encode()


@lru_cache(maxsize=1024)
def typeset(formula: Formula) -> Typeset | None:
    """Typeset a formula; None if that fails. Raises ValueError if it has no spoken form."""
    words(formula.tex)
    from ziamath.config import config
    from ziamath.tex import tex2mml
    from ziamath.zmath import Math

    config.svg2 = False  # Qt draws no <symbol>
    try:
        spaced = formula.tex.replace(r"\bmod", r"\;\bmod\;")  # ziamath leaves no space around it
        mathml = tex2mml(spaced, inline=not formula.display).replace("<math ", f'<math mathcolor="{INK}" ', 1)
        if r"\frac" in spaced:
            mathml = mathml.replace(TIGHT, ROOMY)
        made: Any = Math(mathml, size=EM)
        root = made.svgxml()
        _, top, width, height = (float(part) for part in root.get("viewBox").split())
    except Exception:  # on any error in the library the spoken form is shown instead
        return None
    return Typeset(made.svg(), width / EM, -top / EM, (height + top) / EM)


@dataclass(frozen=True, eq=False)
class TypesetFrame:
    """The formulas typeset so far; None for those that cannot be."""

    request: "TypesetRequest"
    found: Mapping[Formula, Typeset | None]
    done: bool


@dataclass(frozen=True)
class TypesetRequest:
    """Typeset these, in this order."""

    formulas: tuple[Formula, ...]

    def frames(self) -> Iterator[TypesetFrame]:
        """Frames with all formulas typeset so far."""
        found: dict[Formula, Typeset | None] = {}
        since = monotonic()
        for formula in self.formulas:
            found[formula] = typeset(formula)
            if monotonic() - since > STEP:
                yield TypesetFrame(self, MappingProxyType(dict(found)), False)
                since = monotonic()
        yield TypesetFrame(self, MappingProxyType(found), True)


class Typesetter(QObject):
    """Typesets formulas in a thread of its own, so that neither the window nor its worker waits for it."""

    found = Signal(object)
    """Mapping of formulas to results, None for those that cannot be typeset; emitted repeatedly with more formulas."""

    is_put_off: ClassVar[bool] = False
    """Whether loading the library is postponed until the first picture, which it would delay by half a second."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._worker: Worker | None = None

    @staticmethod
    def is_ready() -> bool:
        """Whether the typesetting library is imported already."""
        return "ziamath.zmath" in sys.modules

    def submit(self, formulas: Iterable[Formula]) -> None:
        """Typeset these formulas in this order, in place of the previous ones."""
        if self._worker is None:
            self._worker = Worker(self)
            self._worker.frame.connect(lambda frame: self.found.emit(frame.found))
            self._worker.finished.connect(lambda _: self.close())
        self._worker.submit(TypesetRequest(tuple(dict.fromkeys(formulas))))

    def close(self, wait: bool = True) -> None:
        """End the thread, after its present step; `wait` for that, up to a second."""
        worker, self._worker = self._worker, None
        if worker is not None:
            if wait:
                worker.close()
            else:
                worker.close(0.0)
            worker.deleteLater()
