"""The user's saved formulas, and the control that chooses or types one."""

from funjax_gui.formulas import store
from funjax_gui.formulas.formula_control import FormulaControl, map_control, objective_control
from funjax_gui.formulas.formula_label import FormulaLabel, Found, PlainOrTypesetLabel, draw_formula
from funjax_gui.formulas.latex import latex_of
from funjax_gui.formulas.library import (
    BOTH,
    REPLACE,
    SKIP,
    completed,
    find_equations,
    find_map,
    find_objective,
    first_start,
    saved_as,
    saved_formulas,
    usual_start,
)
from funjax_gui.formulas.saved_formula import EQUATION, MAP, MOST_COORDINATES, OBJECTIVE, SavedFormula, SavedParameter, saved_parameters
from funjax_gui.formulas.typed import initial_parameters, is_typed
from funjax_gui.formulas.typesetting import Formula, Typeset, Typesetter

__all__ = [
    "BOTH",
    "EQUATION",
    "MAP",
    "MOST_COORDINATES",
    "OBJECTIVE",
    "REPLACE",
    "SKIP",
    "Formula",
    "FormulaControl",
    "FormulaLabel",
    "Found",
    "PlainOrTypesetLabel",
    "SavedFormula",
    "SavedParameter",
    "Typeset",
    "Typesetter",
    "completed",
    "draw_formula",
    "find_equations",
    "find_map",
    "find_objective",
    "first_start",
    "initial_parameters",
    "is_typed",
    "latex_of",
    "map_control",
    "objective_control",
    "saved_as",
    "saved_formulas",
    "saved_parameters",
    "store",
    "usual_start",
]
