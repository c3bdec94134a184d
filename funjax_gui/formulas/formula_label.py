"""Labels that draw a typeset formula; their text, for screen readers, is its spoken or plain form."""

from collections.abc import Mapping
from math import ceil

from PySide6.QtCore import QByteArray, QPointF, QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QHideEvent, QPainter, QPaintEvent, QShowEvent
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QLabel, QSizePolicy

from funjax_gui.formulas.typesetting import Formula, Typeset, Typesetter
from funjax_gui.style import DARK, Colours

LARGE = 1.3
"""Size of displayed formulas in ems; letters of formulas are smaller than those of screen fonts."""

NARROWEST = 0.7
"""Smallest legible scale of a formula in a panel; below it, plain text is shown, which can be wrapped."""

FIRST_DELAY = 1500
"""Milliseconds before the first formula of a panel is typeset: importing the library must not delay the first picture."""

Found = Mapping[Formula, Typeset | None]


class FormulaLabel(QLabel):
    """A displayed formula, centred, scaled down if too wide; empty until it is typeset."""

    def __init__(self, formula: Formula) -> None:
        super().__init__(formula.words, wordWrap=True, alignment=Qt.AlignmentFlag.AlignCenter)
        self.formula = formula
        self._made: Typeset | None = None
        self._failed = False
        self._colours = DARK
        self.setToolTip(formula.words)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    @property
    def _em(self) -> float:
        return LARGE * self.fontInfo().pixelSize()

    def show_found(self, found: Found) -> None:
        """Set the typeset formula, or its spoken form if it could not be typeset."""
        if self.formula in found:
            self._made = found[self.formula]
            self._failed = self._made is None
            self.updateGeometry()
            self.update()

    def set_theme(self, colours: Colours) -> None:
        """Draw in these colours."""
        self._colours = colours
        self.update()

    def hasHeightForWidth(self) -> bool:
        """Return whether the height depends on the width, as it does for spoken forms; asked by Qt."""
        return self._failed

    def sizeHint(self) -> QSize:
        """Return the size of the formula; asked by Qt."""
        if self._failed:
            return super().sizeHint()
        if self._made is None:
            return QSize(100, ceil(1.6 * self._em))
        return QSize(ceil(self._em * self._made.width), ceil(self._em * (self._made.ascent + self._made.descent)) + 4)

    def minimumSizeHint(self) -> QSize:
        """Return the least size; asked by Qt."""
        return QSize(0, self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw; called by Qt."""
        if self._failed:
            super().paintEvent(event)
        elif self._made is not None:
            made = self._made
            em = min(self._em, self.width() / made.width)
            width, height = em * made.width, em * (made.ascent + made.descent)
            place = QRectF((self.width() - width) / 2, (self.height() - height) / 2, width, height)
            with QPainter(self) as painter:
                draw_formula(painter, made, self._colours.text, place)


class PlainOrTypesetLabel(QLabel):
    """A formula in a panel, drawn typeset once that is done and if it fits the width of the label, else as plain text.

    The text of the label stays plain for screen readers. Typesetting runs in a thread while the label is visible.
    """

    def __init__(self) -> None:
        super().__init__(wordWrap=True)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self._formula: Formula | None = None
        self._made: Typeset | None = None
        self._tried = False
        self._typesetter = Typesetter(self)
        self._typesetter.found.connect(self._show_found)
        self._start = QTimer(self, singleShot=True)
        self._start.timeout.connect(self._typeset)

    def set_formula(self, plain: str, tex: str = "") -> None:
        """Show a formula, given as plain text and in LaTeX; the text alone without LaTeX or if it cannot be typeset."""
        self.setText(plain)
        formula = Formula(tex) if tex else None
        if formula != self._formula:
            self._formula, self._made, self._tried = formula, None, False
            self._begin()
        self.updateGeometry()

    @property
    def is_typeset(self) -> bool:
        """Whether the formula is drawn typeset at the current width."""
        return self._scale(self.width()) > 0

    def _begin(self) -> None:
        self._start.stop()
        if self._formula is not None and not self._tried and self.isVisible():
            self._start.start(0 if self._typesetter.is_ready() else FIRST_DELAY)

    def showEvent(self, event: QShowEvent) -> None:
        """Typeset the formula when the label is shown; called by Qt."""
        super().showEvent(event)
        self._begin()

    def hideEvent(self, event: QHideEvent) -> None:
        """End the thread, if there is one, without waiting for it; called by Qt."""
        self._start.stop()
        self._typesetter.close(wait=False)
        super().hideEvent(event)

    def _typeset(self) -> None:
        if Typesetter.is_put_off and not self._typesetter.is_ready():
            self._start.start(FIRST_DELAY)
        elif self._formula is not None:
            self._typesetter.submit((self._formula,))

    def _show_found(self, found: Found) -> None:
        if self._formula is not None and self._formula in found:
            self._made, self._tried = found[self._formula], True
            self.updateGeometry()
            self.update()

    @property
    def _em(self) -> float:
        return self.fontInfo().pixelSize()

    def _scale(self, width: int) -> float:
        """Pixels of an em in a label of that width; 0 where the plain text is shown."""
        if self._made is None:
            return 0.0
        em = min(self._em, width / self._made.width)
        return em if em >= NARROWEST * self._em else 0.0

    def hasHeightForWidth(self) -> bool:
        """Return whether the height depends on the width; asked by Qt."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Return the height of the formula or of the lines of text; asked by Qt."""
        em = self._scale(width)
        if self._made is None or not em:
            return super().heightForWidth(width)
        return ceil(em * (self._made.ascent + self._made.descent)) + 6

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw; called by Qt."""
        em = self._scale(self.width())
        if self._made is None or not em:
            super().paintEvent(event)
            return
        width, height = em * self._made.width, em * (self._made.ascent + self._made.descent)
        place = QRectF(QPointF(0, (self.height() - height) / 2), QPointF(width, (self.height() + height) / 2))
        with QPainter(self) as painter:
            draw_formula(painter, self._made, self.palette().color(self.foregroundRole()).name(), place)


def draw_formula(painter: QPainter, made: Typeset, colour: str, place: QRectF) -> None:
    """Draw a formula into a rectangle of its aspect ratio."""
    QSvgRenderer(QByteArray(made.coloured(colour))).render(painter, place)
