"""The entry by which a tab registers its session table, export formats, request labels and tour targets."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from funjax_gui.export import Exporter
from funjax_gui.formulas import EQUATION, MAP, OBJECTIVE, find_equations, find_map, find_objective
from funjax_gui.posters import Painters, Pictured
from funjax_gui.sessions import Table
from kernels.equations import Equations
from kernels.maps import Map
from kernels.objectives import Objective


@dataclass(frozen=True)
class Document:
    """The entry of a tab.

    Attributes:
        title: the tab's title.
        table: the class of its table in session files.
        formats: export formats by suffix in lower case.
        labels: noun phrase for each type of request, shown while it is compiled.
        targets: object names of the controls and parts that a tour can highlight, besides the parameters.
        view: keys of the horizontal and the vertical limits in the table.
        aliases: object names of targets whose widget has another name.
        has_player: whether the tab has a player.
        other_formats: export formats by type of request, of those that are the table's OTHER_KINDS.
        painters: by type of request the painter of its posters.
        pictured: what of an export its poster shows; by default the request itself.
        patience: seconds that a tour waits for a complete picture.

    """

    title: str
    table: type[Table]
    formats: Mapping[str, Exporter]
    labels: Mapping[type, str]
    targets: tuple[str, ...]
    view: tuple[str, str]
    aliases: Mapping[str, str] = field(default_factory=dict)
    has_player: bool = False
    other_formats: Mapping[type, Mapping[str, Exporter]] = field(default_factory=dict)
    painters: Painters = field(default_factory=dict)
    pictured: Pictured = lambda export: export.request
    patience: float = 20.0


LIMITS = ("left", "right", "bottom", "top")
"""Names of the controls of the view's limits, targets in every tab."""


def subject_of(table: Table) -> tuple[str, str] | None:
    """What a table is of, as (MAP, OBJECTIVE or EQUATION, name or formula); None where it has none of them."""
    if getattr(table, "equations", ()):
        return EQUATION, table.subject
    return next(((kind, getattr(table, kind)) for kind in (MAP, OBJECTIVE) if hasattr(table, kind)), None)


def slider_names(table: Table) -> tuple[str, ...]:
    """Names of the parameters that have a slider: all of the map, objective or equation except those that are swept."""
    subject = subject_of(table)
    if subject is None:
        return ()
    kind, name = subject
    find: Mapping[str, Callable[[str], Map | Objective | Equations]]
    find = {MAP: find_map, OBJECTIVE: find_objective, EQUATION: find_equations}
    chosen = find[kind](name)
    swept = [getattr(table, name, None) for name in ("sweep", "and_sweep")]
    return tuple(each.name for each in chosen.parameters if each.name not in swept)
