"""The table of fixed points and cycles of a map of the plane; a row that is selected is marked in the plot."""

from funjax_gui.figures import phase_plane as look
from funjax_gui.style import DARK, Colours
from funjax_gui.tabs.fixed_points.plane import status_text
from funjax_gui.widgets import ChoiceTable
from kernels.phase_plane import Cycle

COLUMNS = {
    "Orbit": "A fixed point (● attracts, ○ repels, ✕ saddle, ◆ neutral) or a cycle with its period (■ attracts, □ repels)",
    "x": "First coordinate of the leftmost point; hover over it for all points with all digits",
    "y": "Second coordinate of that point",
    "Eigenvalues": "Eigenvalues of the Jacobian of fᵖ; the orbit attracts if both are below 1 in absolute value",
    "Kind": "Node or focus, saddle (a flip saddle has a negative expanding eigenvalue), or centre",
}
"""Heading and tip of each column."""

MOST_ROWS = 500
"""Maximum number of rows; exports contain all cycles."""


class CycleTable(ChoiceTable):
    """One row for each cycle, fixed points first. `chosen` emits the index of the selected one, or None."""

    def __init__(self) -> None:
        super().__init__(COLUMNS, (104, 120, 120, 170), "the plot")
        self.colours: Colours = DARK
        self._cycles: tuple[Cycle, ...] = ()
        self._filling = False
        self.itemSelectionChanged.connect(self._select)

    def show_cycles(self, cycles: tuple[Cycle, ...], selected: int | None) -> None:
        """List the cycles, the selected one marked."""
        self._cycles, self._filling = cycles, True
        listed = cycles[:MOST_ROWS]
        self.setRowCount(len(listed))
        for at, cycle in enumerate(listed):
            tip = "\n".join(status_text.where(point, 17) for point in cycle.points)
            texts = status_text.row(cycle)
            self.put(at, texts, [tip] * len(texts), self.colours.shade(look.ROLES[cycle.stability]))
        if selected is None or selected >= len(listed):
            self.clearSelection()
        else:
            self.selectRow(selected)
        self._filling = False

    def _select(self) -> None:
        if not self._filling:
            self.chosen.emit(self.selected_row())

    def text(self) -> str:
        """The table as tab-separated text with all digits, a line for each cycle."""
        lines = ["\t".join(("period", "points", "eigenvalues", "kind"))]
        for cycle in self._cycles:
            points = " ".join(f"({x!r}, {y!r})" for x, y in cycle.points)
            values = " ".join(repr(value if value.imag else value.real) for value in cycle.eigenvalues)
            lines.append("\t".join((str(cycle.period), points, values, cycle.kind)))
        return "\n".join(lines)
