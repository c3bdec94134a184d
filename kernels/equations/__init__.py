"""Solving equations: the library and typed ones, nine methods, runs with honest ends, and Newton fractals."""

from kernels.equations.attraction import CYCLE
from kernels.equations.family import NewtonFamilyFrame, NewtonFamilyRequest, check_family, is_family
from kernels.equations.fractal import EquationCurveFrame, EquationCurveRequest, NewtonFractalFrame, NewtonFractalRequest
from kernels.equations.methods import EQUATION_METHODS, MethodSettings, find_equation_method
from kernels.equations.newton_map import newton_map
from kernels.equations.registry import EQUATIONS, equation_text, find_equations, says_equation
from kernels.equations.request import MOST_STEPS, EquationFrame, EquationRequest, equation_as_json
from kernels.equations.system import COMPLEX, JOINT, PLANE, REAL, Equations, Problem
from kernels.equations.typed import TITLE, equations_from

__all__ = [
    "COMPLEX",
    "CYCLE",
    "EQUATIONS",
    "EQUATION_METHODS",
    "JOINT",
    "MOST_STEPS",
    "PLANE",
    "REAL",
    "TITLE",
    "EquationCurveFrame",
    "EquationCurveRequest",
    "EquationFrame",
    "EquationRequest",
    "Equations",
    "MethodSettings",
    "NewtonFamilyFrame",
    "NewtonFamilyRequest",
    "NewtonFractalFrame",
    "NewtonFractalRequest",
    "Problem",
    "check_family",
    "equation_as_json",
    "equation_text",
    "equations_from",
    "find_equation_method",
    "find_equations",
    "is_family",
    "newton_map",
    "says_equation",
]
