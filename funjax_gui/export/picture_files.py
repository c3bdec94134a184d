"""Sheets as files: painted pixels in a PNG, or vectors in an SVG or PDF over the plot's pixels. All carry the session that made them."""

import re
from collections.abc import Callable, Mapping
from html import unescape
from types import MappingProxyType
from typing import IO, Any

import numpy as np
from PySide6.QtCore import QBuffer, QIODevice, QMarginsF, QRect, QSize, QSizeF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QImage, QPageSize, QPainter, QPdfWriter
from PySide6.QtSvg import QSvgGenerator

from funjax_gui.export.format import PIXELS, Exporter
from funjax_gui.export.job import ExportJob
from funjax_gui.export.page_layout import LARGEST_SIDE
from funjax_gui.export.page_painter import SheetPage
from funjax_gui.export.page_setup import POINTS_PER_INCH, SCREEN_DPI
from funjax_gui.export.page_text import FAMILIES, font_of
from funjax_gui.files import Pixels, png, svg
from funjax_gui.style import pack, unpack

DOTS = 1200
"""Resolution of a PDF's coordinates in dots per inch."""

ATTACHMENT = "session.toml"
"""Name of the session in a PDF."""

LARGEST_VECTORS = 8192
"""Pixels of a side of an SVG: the pixels of its plot are one text in it, and beyond that what shows SVGs gives up."""


def exporters(
    make: Callable[[Any, ExportJob], SheetPage], compute: Callable[[ExportJob], Any], panels: Mapping[str, str] = MappingProxyType({})
) -> dict[str, Exporter]:
    """The formats of a tab's picture, by suffix.

    `make` makes a sheet of the last frame of what `compute` gives. `panels`: titles of the parts that its page may have, by name.
    """

    def write_png(file: IO[bytes], frame: Any, export: ExportJob) -> str:
        sheet = make(frame, export)
        png.write(file, painted(sheet), _texts(sheet, export), sheet.style.setup.dpi, sheet.style.transparent)
        return sheet.layout.left_out

    def write_svg(file: IO[bytes], frame: Any, export: ExportJob) -> str:
        sheet = make(frame, export)
        layout, style = sheet.layout, sheet.style
        corner = layout.plot.left(), layout.plot.top()
        ground = "" if style.transparent else style.colours.background
        texts, pixels, body = _texts(sheet, export), _cut_out(sheet), vectors(sheet)
        svg.write(file, layout.size, ground, texts, pixels, corner, body, style.setup.print_size(layout.size), style.transparent)
        return sheet.layout.left_out

    def write_pdf(file: IO[bytes], frame: Any, export: ExportJob) -> str:
        sheet = make(frame, export)
        file.write(pdf(sheet, _texts(sheet, export)))
        return sheet.layout.left_out

    return {
        ".png": Exporter("Picture", write_png, compute, PIXELS, LARGEST_SIDE, panels),
        ".svg": Exporter("Vector picture", write_svg, compute, PIXELS, LARGEST_VECTORS, panels),
        ".pdf": Exporter("Vector picture for documents", write_pdf, compute, PIXELS, LARGEST_VECTORS, panels),
    }


def _texts(sheet: SheetPage, export: ExportJob) -> dict[str, str]:
    texts = {"Title": sheet.title, "Description": sheet.about, "Software": "funjax"}
    return {key: " ".join(text.split()) for key, text in texts.items()} | {"funjax-session": export.session_text}


def _cut_out(sheet: SheetPage) -> Pixels | None:
    """The plot's pixels; those of the background are clear if the picture is to be transparent."""
    if sheet.pixels is None or not sheet.style.transparent:
        return sheet.pixels
    return np.where(sheet.pixels == pack(unpack(sheet.style.colours.background)), np.uint32(0), sheet.pixels)


def painted(sheet: SheetPage) -> Pixels:
    """The whole picture. Shape (height, width), 0xffRRGGBB, or 0xAARRGGBB if transparent. MemoryError where there is no room for it."""
    width, height = sheet.layout.size
    pixels, clear = _cut_out(sheet), sheet.style.transparent
    if sheet.paint is None and pixels is not None:
        return pixels
    image = QImage(width, height, QImage.Format.Format_ARGB32_Premultiplied if clear else QImage.Format.Format_RGB32)
    if image.isNull():
        raise MemoryError(f"not enough memory for a picture of {width} x {height}; choose a smaller one")
    image.fill(Qt.GlobalColor.transparent if clear else QColor(sheet.style.colours.background))
    picture = _as_array(image)
    if pixels is not None:
        rows, columns = pixels.shape
        picture[sheet.layout.plot.top() :, sheet.layout.plot.left() :][:rows, :columns] = pixels
    if sheet.paint is not None:
        painter = QPainter(image)
        try:
            painter.setRenderHint(QPainter.RenderHint.TextAntialiasing)
            sheet.paint(painter)
        finally:
            painter.end()
    if clear:
        image = image.convertToFormat(QImage.Format.Format_ARGB32)
    return _as_array(image).copy()


def _as_array(image: QImage) -> Pixels:
    """The memory of an image of 32 bits a pixel. Shape (height, width)."""
    return np.frombuffer(image.bits(), np.uint32).reshape(image.height(), image.bytesPerLine() // 4)[:, : image.width()]


def pdf(sheet: SheetPage, texts: Mapping[str, str]) -> bytes:
    """The page as a PDF: the plot's pixels as an image, all else as vectors and text, with the session attached as a file."""
    dpi = sheet.style.setup.dpi or SCREEN_DPI
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    # The unit of the painter is a pixel: QPdfWriter has whole numbers of dots per inch only.
    writer.setResolution(DOTS)
    size = QSizeF(*(side / dpi * POINTS_PER_INCH for side in sheet.layout.size))
    writer.setPageSize(QPageSize(size, QPageSize.Unit.Point, "", QPageSize.SizeMatchPolicy.ExactMatch))
    writer.setPageMargins(QMarginsF(0, 0, 0, 0))
    writer.setTitle(texts["Title"])
    writer.setCreator(texts["Software"])
    writer.addFileAttachment(ATTACHMENT, texts["funjax-session"].encode(), "application/toml")
    painter = QPainter(writer)
    try:
        painter.scale(DOTS / dpi, DOTS / dpi)
        painter.setRenderHint(QPainter.RenderHint.LosslessImageRendering)
        if not sheet.style.transparent:
            painter.fillRect(QRect(0, 0, *sheet.layout.size), QColor(sheet.style.colours.background))
        pixels = _cut_out(sheet)
        if pixels is not None:
            painter.drawImage(sheet.layout.plot, _as_image(pixels))
        if sheet.paint is not None:
            sheet.paint(painter)
    finally:
        painter.end()
    return bytes(buffer.data().data())


def _as_image(pixels: Pixels) -> QImage:
    rows, columns = pixels.shape
    flat = np.ascontiguousarray(pixels)
    return QImage(flat.data, columns, rows, 4 * columns, QImage.Format.Format_ARGB32).copy()


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
_TEXT = re.compile(r'font-family="[^"]*" font-size="(\d+)" font-weight="(\d+)" font-style="(\w+)"\s*>([^<]*)</text>')


def _tidied(text: str) -> str:
    """What the generator wrote, without its head and what says nothing; words as wide as they are here, in whatever font is found."""
    body = _SUPERFLUOUS.sub("", text[text.index("<defs>") : text.rindex("</svg>")])
    for _ in range(2):  # a clipped group is in another one
        body = _EMPTY.sub("", body)
    return _TEXT.sub(_with_width, body)


def _with_width(found: re.Match[str]) -> str:
    size, weight, style, words = found.groups()
    bold, italic = int(weight) > QFont.Weight.Normal, style != "normal"
    width = QFontMetricsF(font_of(int(size), bold, italic)).horizontalAdvance(unescape(words))
    font = f'font-family="{", ".join(FAMILIES)}" font-size="{size}"'
    font += ' font-weight="bold"' * bold + ' font-style="italic"' * italic
    return f'{font} textLength="{width:.2f}" lengthAdjust="spacingAndGlyphs">{words}</text>'
