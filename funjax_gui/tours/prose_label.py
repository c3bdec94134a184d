"""A paragraph with inline typeset formulas; its text, for screen readers, is the paragraph with spoken formulas."""

import re
from collections.abc import Iterable
from math import ceil

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, QUrl
from PySide6.QtGui import (
    QAbstractTextDocumentLayout,
    QColor,
    QFont,
    QFontDatabase,
    QFontInfo,
    QFontMetrics,
    QFontMetricsF,
    QImage,
    QPainter,
    QPaintEvent,
    QPalette,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextImageFormat,
)
from PySide6.QtWidgets import QLabel

from funjax_gui.formulas import Formula, Found, Typeset, draw_formula
from funjax_gui.style import DARK, Colours
from funjax_gui.tours.text import Prose, Words

SMALL = 1.12
"""Size of inline formulas in ems; letters of formulas are smaller than those of screen fonts."""

SPACING = 1.35
"""Line spacing, relative to the font's height; larger where a formula is higher."""

CLOSING = re.compile(r"[.,;:!?)…’”]*")
"""Punctuation after a formula, drawn with it, since Qt would break the line before it."""

COMING = "⋯"
"""Placeholder of a formula that is not typeset yet."""


class ProseLabel(QLabel):
    """A paragraph. A formula that cannot be typeset is shown in spoken form."""

    def __init__(self, prose: Prose) -> None:
        super().__init__(prose.spoken, wordWrap=True)
        self._runs = tuple(_joined(prose.runs))
        self._found: Found = {}
        self._colours = DARK
        self._document = QTextDocument(self)
        self._document.setDocumentMargin(0)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self._write()

    def show_found(self, found: Found) -> None:
        """Set the formulas that were typeset."""
        ours = {run: found[run] for run, _ in self._runs if isinstance(run, Formula) and run in found}
        if ours != self._found:
            self._found = ours
            self._write()

    def set_theme(self, colours: Colours) -> None:
        """Draw in these colours."""
        self._colours = colours
        self._write()

    def event(self, event: QEvent) -> bool:
        """Draw the formulas again for another pixel density or font."""
        if event.type() in (QEvent.Type.DevicePixelRatioChange, QEvent.Type.FontChange):
            self._write()
        return super().event(event)

    def heightForWidth(self, width: int) -> int:
        """Return the height of all lines; asked by Qt."""
        self._document.setTextWidth(width)
        return ceil(self._document.size().height())

    def sizeHint(self) -> QSize:
        """Return a size that suits; asked by Qt."""
        return QSize(280, self.heightForWidth(280))

    def minimumSizeHint(self) -> QSize:
        """Return the least size; asked by Qt."""
        return QSize(120, self.fontMetrics().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw; called by Qt."""
        self._document.setTextWidth(self.width())
        context = QAbstractTextDocumentLayout.PaintContext()
        palette = QPalette(self.palette())
        palette.setColor(QPalette.ColorRole.Text, self.palette().color(self.foregroundRole()))
        context.palette = palette
        with QPainter(self) as painter:
            self._document.documentLayout().draw(painter, context)

    def _write(self) -> None:
        self._document.clear()
        self._document.setDefaultFont(self.font())
        cursor = QTextCursor(self._document)
        spaced = QTextBlockFormat()
        spaced.setLineHeight(SPACING * self.fontMetrics().height(), QTextBlockFormat.LineHeightTypes.MinimumHeight.value)
        cursor.setBlockFormat(spaced)
        for run, closing in self._runs:
            made = self._found.get(run) if isinstance(run, Formula) else None
            if made is not None:
                cursor.insertImage(self._picture(made, closing))
            elif isinstance(run, Formula) and run not in self._found:
                cursor.insertText(COMING + closing, QTextCharFormat())
            else:
                cursor.insertText(*_styled(run, closing))
        self.updateGeometry()
        self.update()

    def _picture(self, made: Typeset, closing: str) -> QTextImageFormat:
        """The formula as a picture aligned to the baseline of the line."""
        em, letters = SMALL * self.fontInfo().pixelSize(), QFontMetricsF(self.font())
        above, deep = em * made.ascent, em * made.descent
        picture = QTextImageFormat()
        # The picture's bottom comes to lie where the descent of the picture's own font ends.
        picture.setVerticalAlignment(QTextCharFormat.VerticalAlignment.AlignBaseline)
        font = _deep_enough(self.font(), deep)
        picture.setFont(font)
        baseline = ceil(max(above, letters.ascent() if closing else 0.0))
        size = QSize(ceil(em * made.width + letters.horizontalAdvance(closing)), baseline + QFontMetrics(font).descent())
        picture.setName(f"formula:{self._document.characterCount()}")
        picture.setWidth(size.width())
        picture.setHeight(size.height())
        pixels = self._pixels(size)
        with QPainter(pixels) as painter:
            painter.setFont(self.font())
            painter.setPen(QColor(self._colours.text))
            draw_formula(painter, made, self._colours.text, QRectF(0, baseline - above, em * made.width, above + deep))
            painter.drawText(QPointF(em * made.width, baseline), closing)
        self._document.addResource(QTextDocument.ResourceType.ImageResource.value, QUrl(picture.name()), pixels)
        return picture

    def _pixels(self, size: QSize) -> QImage:
        pixels = QImage(size * self.devicePixelRatioF(), QImage.Format.Format_ARGB32_Premultiplied)
        pixels.setDevicePixelRatio(self.devicePixelRatioF())
        pixels.fill(Qt.GlobalColor.transparent)
        return pixels


def _joined(runs: Iterable[Words | Formula]) -> list[tuple[Words | Formula, str]]:
    """Each run with the punctuation that follows it, which is taken from the next words."""
    row: list[tuple[Words | Formula, str]] = []
    for run in runs:
        if row and isinstance(row[-1][0], Formula) and isinstance(run, Words) and not run.style:
            found = CLOSING.match(run.text)
            closing = found[0] if found else ""
            row[-1] = row[-1][0], closing
            run = Words(run.text[len(closing) :])
        row.append((run, ""))
    return row


def _deep_enough(font: QFont, depth: float) -> QFont:
    """The font, larger where its descent is not as deep as this, in pixels."""
    deep = QFont(font)
    deep.setPixelSize(QFontInfo(font).pixelSize())
    while QFontMetrics(deep).descent() < depth:
        deep.setPixelSize(deep.pixelSize() + 1)
    return deep


def _styled(run: Words | Formula, closing: str) -> tuple[str, QTextCharFormat]:
    style = QTextCharFormat()
    if isinstance(run, Formula):
        style.setFontItalic(True)
        return run.words + closing, style
    if run.style == "strong":
        style.setFontWeight(600)
    elif run.style == "code":
        style.setFontFamilies(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont).families())
    return run.text, style
