"""Typed formulas, distinguished from those of the library and saved ones, and the parameters with which each begins."""

from collections.abc import Mapping

from funjax_gui.formulas.library import saved_as
from funjax_gui.formulas.saved_formula import EQUATION, MAP, OBJECTIVE
from kernels.equations import EQUATIONS, Equations
from kernels.maps import MAPS, Map
from kernels.objectives import OBJECTIVES, Objective


def is_typed(shown: Map | Objective | Equations) -> bool:
    """Whether it is a typed formula without a name."""
    library: Mapping[str, object] = EQUATIONS
    kind = EQUATION
    if not isinstance(shown, Equations):
        library, kind = (MAPS, MAP) if isinstance(shown, Map) else (OBJECTIVES, OBJECTIVE)
    return shown.name not in library and saved_as(kind, shown.name) is None


def initial_parameters(values: Mapping[str, float], chosen: Map | Objective | Equations) -> tuple[tuple[str, float], ...]:
    """Initial parameter values: typed formulas keep the values of parameters that still exist; saved ones use their saved values.

    Maps of the library use their defaults.
    """
    if is_typed(chosen):
        names = {parameter.name for parameter in chosen.parameters}
        return tuple((name, value) for name, value in values.items() if name in names)
    return tuple((parameter.name, parameter.default) for parameter in chosen.parameters)
