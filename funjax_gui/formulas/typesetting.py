"""Formulas typeset: LaTeX to a small SVG of outlines, which Qt draws sharp at any size and in any colour.

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
"""The size that formulas are typeset at; their measures are in ems, so that it shows nowhere."""

INK = "#010203"
"""Stands for the colour in the SVG's text."""

STEP = 0.02
"""Seconds after which what is there is shown."""


@dataclass(frozen=True)
class Formula:
    """A formula to typeset: its LaTeX, and whether it stands by itself (`display`) or in a line of text."""

    tex: str
    display: bool = True

    @property
    def words(self) -> str:
        """How it is said."""
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
    """The formula, typeset; None where it cannot be, which its words do not foresee. ValueError where it has no words."""
    words(formula.tex)
    from ziamath.config import config
    from ziamath.zmath import Latex

    config.svg2 = False  # Qt draws no <symbol>
    try:
        made: Any = Latex(formula.tex, size=EM, color=INK, inline=not formula.display)
        root = made.svgxml()
        _, top, width, height = (float(part) for part in root.get("viewBox").split())
    except Exception:  # whatever a formula meets in there, its words are shown instead
        return None
    return Typeset(made.svg(), width / EM, -top / EM, (height + top) / EM)


@dataclass(frozen=True, eq=False)
class TypesetFrame:
    """What is typeset so far of those asked for; None where a formula cannot be."""

    request: "TypesetRequest"
    found: Mapping[Formula, Typeset | None]
    done: bool


@dataclass(frozen=True)
class TypesetRequest:
    """Typeset these, in this order."""

    formulas: tuple[Formula, ...]

    def frames(self) -> Iterator[TypesetFrame]:
        """A frame every few formulas, each with all found so far."""
        found: dict[Formula, Typeset | None] = {}
        since = monotonic()
        for formula in self.formulas:
            found[formula] = typeset(formula)
            if monotonic() - since > STEP:
                yield TypesetFrame(self, MappingProxyType(dict(found)), False)
                since = monotonic()
        yield TypesetFrame(self, MappingProxyType(found), True)


class Typesetter(QObject):
    """Typesets formulas in a thread that ends when they are done, so that neither the window nor its worker waits for it."""

    found = Signal(object)
    """A mapping of formulas to what was typeset, None where one cannot be; emitted several times, each time with more of them."""

    is_put_off: ClassVar[bool] = False
    """Whether loading the library waits for a first picture, which it would delay by half a second."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._worker: Worker | None = None

    @staticmethod
    def is_ready() -> bool:
        """Whether the typesetting library is imported, so that a formula takes milliseconds."""
        return "ziamath.zmath" in sys.modules

    def submit(self, formulas: Iterable[Formula]) -> None:
        """Typeset these, in this order and each once, in place of those asked for before."""
        if self._worker is None:
            self._worker = Worker(self)
            self._worker.frame.connect(lambda frame: self.found.emit(frame.found))
            self._worker.finished.connect(lambda _: self.close())
        self._worker.submit(TypesetRequest(tuple(dict.fromkeys(formulas))))

    def close(self) -> None:
        """End the thread."""
        worker, self._worker = self._worker, None
        if worker is not None:
            worker.close()
            worker.deleteLater()
