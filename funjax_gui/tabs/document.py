"""What a tab registers with sessions, exports, tours and the status bar: the tab's folder makes one of these."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from funjax_gui.export import Exporter
from funjax_gui.formulas import MAP, OBJECTIVE, find_map, find_objective
from funjax_gui.sessions import Table
from kernels.maps import Map
from kernels.objectives import Objective


@dataclass(frozen=True)
class Document:
    """A tab's table of session files, its export formats, and its names.

    title: the tab's title. formats: by suffix in lower case. labels: what each type of request is for, as the status bar says it while it
    is compiled. targets: object names of the controls and parts that a tour can highlight, beside the parameters; aliases: those whose
    widget has another name. view: the keys of the view's horizontal and vertical limits. has_player: whether there is something to
    play. patience: seconds that a tour waits for a complete picture.
    """

    title: str
    table: type[Table]
    formats: Mapping[str, Exporter]
    labels: Mapping[type, str]
    targets: tuple[str, ...]
    view: tuple[str, str]
    aliases: Mapping[str, str] = field(default_factory=dict)
    has_player: bool = False
    patience: float = 20.0


LIMITS = ("left", "right", "bottom", "top")
"""The controls of a view's limits, which tours can highlight in every tab."""


def subject_of(table: Table) -> tuple[str, str] | None:
    """What a table is about, as (MAP or OBJECTIVE, its name or formula); None where it has neither a map nor an objective."""
    return next(((kind, getattr(table, kind)) for kind in (MAP, OBJECTIVE) if hasattr(table, kind)), None)


def slider_names(table: Table) -> tuple[str, ...]:
    """The parameters that have a slider: all of the map or the objective but a swept one."""
    subject = subject_of(table)
    if subject is None:
        return ()
    kind, name = subject
    chosen: Map | Objective = find_map(name) if kind == MAP else find_objective(name)
    swept = getattr(table, "sweep", None)
    return tuple(each.name for each in chosen.parameters if each.name != swept)
