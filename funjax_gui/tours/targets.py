"""What a tour may point at in each tab: controls and parts, by the object names that their widgets have. docs/tours.md lists them."""

from collections.abc import Iterable, Mapping

from funjax_gui.formulas.library import find_map, find_objective
from funjax_gui.sessions.session import Session
from kernels.newton.solvers import METHODS

LIMITS = ("left", "right", "bottom", "top")

NAMES: Mapping[str, tuple[str, ...]] = {
    "fixed-points": (
        *("map", "starts", "steps", "start", "power", *LIMITS),
        *("picture", "table", "cobweb", "player", "time-series", "convergence", "legend"),
    ),
    "bifurcation": (
        *("map", "sweep", "start", "transient", "samples", "keep-refining", "show", "colour-map", "tone", *LIMITS),
        *("picture", "lyapunov", "cobweb", "time-series", "density"),
    ),
    "newton": (
        *("objective", "goal", "start", "damping", "step-size", "trust-radius", "cg-steps", "tolerance", "max-steps", "show", *LIMITS),
        *METHODS,
        *("picture", "player", "standings", "table", "convergence", "numbers", "bigger"),
    ),
}
"""By tab; beside these, the parameters of the map or the objective that is shown, by their own names."""

EVERYWHERE = ("status",)
"""What is there in every tab: the line at the bottom."""

CONTROLS: Mapping[str, str] = {"show": "shown", "step-size": "step", "trust-radius": "radius"}
"""Controls that panels call otherwise than sessions do."""

PLAYERS = ("fixed-points", "newton")
"""The tabs that have something to play."""

DIALOGS = ("timings", "bigger", "gallery")
"""What `open` opens: Help > Timings of the post, the Newton tab's bigger problems, Presets > Gallery."""


def parameters(session: Session) -> tuple[str, ...]:
    """The names of the parameters that have a slider in the session's tab."""
    if session.tab == "newton":
        return tuple(each.name for each in find_objective(session.newton.objective).parameters)
    table = session.bifurcation if session.tab == "bifurcation" else session.fixed_points
    swept = session.bifurcation.sweep if session.tab == "bifurcation" else None
    return tuple(each.name for each in find_map(table.map).parameters if each.name != swept)


def names(session: Session) -> Iterable[str]:
    """All that can be pointed at in the session's tab."""
    return (*parameters(session), *NAMES[session.tab], *EVERYWHERE)
