"""Sheets as files: painted pixels in a PNG, or vectors in an SVG over the plot's pixels. Both carry the session that made them."""

import re
from collections.abc import Callable
from html import unescape
from typing import IO, Any

import numpy as np
from PySide6.QtCore import QBuffer, QIODevice, QRect, QSize
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QImage, QPainter
from PySide6.QtSvg import QSvgGenerator

from funjax_gui.export.format import PIXELS, Exporter
from funjax_gui.export.job import ExportJob
from funjax_gui.export.page_layout import LARGEST_SIDE, font_of
from funjax_gui.export.page_painter import SheetPage
from funjax_gui.files import Pixels, png, svg

LARGEST_VECTORS = 8192
"""Pixels of a side of an SVG: the pixels of its plot are one text in it, and beyond that what shows SVGs gives up."""


def exporters(make: Callable[[Any, ExportJob], SheetPage], compute: Callable[[ExportJob], Any]) -> dict[str, Exporter]:
    """The formats of a tab's picture, by suffix: `make` makes a sheet of the last frame of what `compute` gives."""

    def write_png(file: IO[bytes], frame: Any, export: ExportJob) -> None:
        sheet = make(frame, export)
        png.write(file, painted(sheet), _texts(sheet, export))

    def write_svg(file: IO[bytes], frame: Any, export: ExportJob) -> None:
        sheet = make(frame, export)
        layout = sheet.layout
        corner = layout.plot.left(), layout.plot.top()
        svg.write(file, layout.size, sheet.style.colours.background, _texts(sheet, export), sheet.pixels, corner, vectors(sheet))

    return {
        ".png": Exporter("Picture", write_png, compute, PIXELS, LARGEST_SIDE),
        ".svg": Exporter("Vector picture", write_svg, compute, PIXELS, LARGEST_VECTORS),
    }


def _texts(sheet: SheetPage, export: ExportJob) -> dict[str, str]:
    said = {"Title": sheet.title, "Description": sheet.about, "Software": "funjax"}
    return {key: " ".join(text.split()) for key, text in said.items()} | {"funjax-session": export.session_text}


def painted(sheet: SheetPage) -> Pixels:
    """The whole picture. Shape (height, width), 0xffRRGGBB. MemoryError where there is no room for it."""
    width, height = sheet.layout.size
    if sheet.paint is None and sheet.pixels is not None:
        return sheet.pixels
    image = QImage(width, height, QImage.Format.Format_RGB32)
    if image.isNull():
        raise MemoryError(f"not enough memory for a picture of {width} x {height}; choose a smaller one")
    image.fill(QColor(sheet.style.colours.background))
    picture = np.frombuffer(image.bits(), np.uint32).reshape(height, image.bytesPerLine() // 4)[:, :width]
    if sheet.pixels is not None:
        rows, columns = sheet.pixels.shape
        picture[sheet.layout.plot.top() :, sheet.layout.plot.left() :][:rows, :columns] = sheet.pixels
    if sheet.paint is not None:
        painter = QPainter(image)
        try:
            painter.setRenderHint(QPainter.RenderHint.TextAntialiasing)
            sheet.paint(painter)
        finally:
            painter.end()
    return picture.copy()


def vectors(sheet: SheetPage) -> bytes:
    """What is painted, as SVG elements."""
    if sheet.paint is None:
        return b""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    generator = QSvgGenerator(QSvgGenerator.SvgVersion.Svg11)  # the smaller standard knows no clipping
    generator.setOutputDevice(buffer)
    generator.setResolution(96)
    generator.setSize(QSize(*sheet.layout.size))
    generator.setViewBox(QRect(0, 0, *sheet.layout.size))
    painter = QPainter(generator)
    try:
        sheet.paint(painter)
    finally:
        painter.end()
    return _tidied(bytes(buffer.data().data()).decode()).encode()


_SUPERFLUOUS = re.compile(r"""( transform="matrix\(1,0,0,1,0,0\)"| vector-effect="none"|\nfont-family=[^>]*(?=\n>)|(?<=[" ])\n(?=>))""")
_EMPTY = re.compile(r'<g [^>]*>\s*(?:<path [^>]*d="\s*"/>\s*)?</g>\s*')
_TEXT = re.compile(r'font-family="([^"]*)" font-size="(\d+)" font-weight="(\d+)" font-style="normal"\s*>([^<]*)</text>')


def _tidied(text: str) -> str:
    """What the generator wrote, without its head and what says nothing; words as wide as they are here, in whatever font is found."""
    body = _SUPERFLUOUS.sub("", text[text.index("<defs>") : text.rindex("</svg>")])
    for _ in range(2):  # a clipped group is in another one
        body = _EMPTY.sub("", body)
    return _TEXT.sub(_with_width, body)


def _with_width(found: re.Match[str]) -> str:
    family, size, weight, words = found.groups()
    width = QFontMetricsF(font_of(int(size), int(weight) > QFont.Weight.Normal)).horizontalAdvance(unescape(words))
    bold = ' font-weight="bold"' if int(weight) > QFont.Weight.Normal else ""
    font = f'font-family="\'{family}\', sans-serif" font-size="{size}"{bold}'
    return f'{font} textLength="{width:.2f}" lengthAdjust="spacingAndGlyphs">{words}</text>'
