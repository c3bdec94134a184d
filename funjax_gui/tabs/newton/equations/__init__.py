"""Equations in the Newton tab: numbers of a run, and the exported page."""

from funjax_gui.tabs.newton.equations import family, figures
from funjax_gui.tabs.newton.equations.family import FRACTAL, PARAMETERS
from funjax_gui.tabs.newton.equations.numbers import TIPS, arrays_of, equation_columns, equation_numbers, equation_status, method_title
from funjax_gui.tabs.newton.equations.page import (
    EquationPicture,
    FractalPainter,
    equation_pictured,
    equation_sheet,
    formula,
    picture_request,
)

__all__ = [
    "FRACTAL",
    "PARAMETERS",
    "TIPS",
    "EquationPicture",
    "FractalPainter",
    "arrays_of",
    "equation_columns",
    "equation_numbers",
    "equation_pictured",
    "equation_sheet",
    "equation_status",
    "family",
    "figures",
    "formula",
    "method_title",
    "picture_request",
]
