"""Lookup of maps and objectives by name or formula: first in the registries, then by the formula parser."""

from kernels.formulas import looks_like_a_name, map_from, objective_from
from kernels.maps import LINE_MAPS, MAPS, Map
from kernels.objectives import OBJECTIVES, Objective


def find_map(name: str) -> Map:
    """The map with this name, or the map x ↦ formula if `name` is a formula in x.

    Equal formulas give the same Map. Raises ValueError in one line on an unknown name; ExpressionError, with the position of the
    offending character, on text that is not a valid formula.
    """
    if name in MAPS:
        return MAPS[name]
    if looks_like_a_name(name):
        raise ValueError(f"there is no map {name!r}; the maps are {', '.join(MAPS)}, or write a formula such as r*x*(1-x)")
    return map_from(name)


def find_line_map(name: str) -> Map:
    """The map of one coordinate that `find_map` finds. Raises ValueError in one line on a map of the plane."""
    found = find_map(name)
    if found.is_plane:
        raise ValueError(f"the map {found.called} has two coordinates; choose one of the line: {', '.join(LINE_MAPS)}, or a formula in x")
    return found


def find_objective(name: str) -> Objective:
    """The objective with this name, or the one given by the formula `name`.

    Equal formulas give the same Objective. Raises ValueError in one line on an unknown name; ExpressionError, with the position of
    the offending character, on text that is not a valid formula.
    """
    if name in OBJECTIVES:
        return OBJECTIVES[name]
    if looks_like_a_name(name, ("x", "y", "z")):
        raise ValueError(
            f"there is no objective {name!r}; the objectives are {', '.join(OBJECTIVES)}, or write a formula such as x^2 + y^2"
        )
    return objective_from(name)
