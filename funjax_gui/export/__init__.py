"""Exports: formats, page layout and painter, and files of pictures and numbers; independent of the tabs."""

from funjax_gui.export import picture_files, script
from funjax_gui.export.array_files import write_arrays, write_object, write_table
from funjax_gui.export.data_files import Arrays, DataFiles
from funjax_gui.export.format import CELLS, PIXELS, Exporter, Writer
from funjax_gui.export.job import PICTURE, ExportJob
from funjax_gui.export.page_layout import PLANE_SHOWN, SHOWN, Layout, Parts, Style, lay_out
from funjax_gui.export.page_painter import Labels, LegendEntry, Page, SheetPage, sketch
from funjax_gui.export.page_setup import PAGE_SIZES, PageSetup, PageSize, Size, check_length, millimetres, pixels_of
from funjax_gui.export.provenance import comments, provenance
from funjax_gui.export.request import FORMATS, ExportFrame, ExportRequest, choose_format, formats_of

__all__ = [
    "CELLS",
    "FORMATS",
    "PAGE_SIZES",
    "PICTURE",
    "PIXELS",
    "PLANE_SHOWN",
    "SHOWN",
    "Arrays",
    "DataFiles",
    "ExportFrame",
    "ExportJob",
    "ExportRequest",
    "Exporter",
    "Labels",
    "Layout",
    "LegendEntry",
    "Page",
    "PageSetup",
    "PageSize",
    "Parts",
    "SheetPage",
    "Size",
    "Style",
    "Writer",
    "check_length",
    "choose_format",
    "comments",
    "formats_of",
    "lay_out",
    "millimetres",
    "picture_files",
    "pixels_of",
    "provenance",
    "script",
    "sketch",
    "write_arrays",
    "write_object",
    "write_table",
]
