"""The table of fixed points and cycles; a row that is selected is marked in all plots."""

from funjax_gui.figures import starts as starts_look
from funjax_gui.style import DARK, Colours
from funjax_gui.tabs.fixed_points import status_text
from funjax_gui.widgets import ChoiceTable
from kernels.cycles import PeriodicOrbit
from kernels.fixed_point import FixedPointFrame

COLUMNS = {
    "Orbit": "A fixed point (● attracts, ○ repels) or a cycle with its period (■ attracts, □ repels); ◆ is neutral",
    "x": "Position, to eight digits at most; hover over it for all reliable digits and all points of a cycle",
    "Multiplier": "Multiplier, the derivative of fᵖ; the orbit attracts if its absolute value is below 1",
    "Stability": "Whether orbits near it converge to it",
    "Basin": "Initial conditions that converge to it; ≤ and ≥ at the ends of the range that was searched",
}
"""Heading and tip of each column."""
GLYPHS = {"attracting": "●■", "repelling": "○□", "neutral": "◆◆"}
"""Signs of a fixed point and of a cycle, by stability, as in the plot and the legend."""

MOST_ROWS = 500
"""Maximum number of rows; exports contain all orbits."""


class OrbitTable(ChoiceTable):
    """One row for each orbit, fixed points first. `chosen` emits the points of the selected orbit, or None."""

    def __init__(self) -> None:
        super().__init__(COLUMNS, (104, 170, 110, 130), "the plots")
        self.colours: Colours = DARK
        self._frame: FixedPointFrame | None = None
        self._selected: tuple[float, ...] | None = None
        self.itemSelectionChanged.connect(self._select)
        self._filling = False

    def empty(self) -> None:
        """Remove all rows."""
        self._frame = self._selected = None
        self.setRowCount(0)

    def show_frame(self, frame: FixedPointFrame, selected: int | None) -> None:
        """List the frame's orbits, the selected one marked."""
        self._frame, self._filling = frame, True
        orbits = frame.orbits[:MOST_ROWS]
        self.setRowCount(len(orbits))
        for row, orbit in enumerate(orbits):
            texts = self._texts(row, orbit)
            self.put(row, texts, self._tips(row, orbit, texts), self._shade(row))
        if selected is None or selected >= len(orbits):
            self.clearSelection()
        elif selected != self.selected_row():
            self.selectRow(selected)
        self._selected = None if selected is None else frame.orbits[selected].points
        self._filling = False

    def _texts(self, row: int, orbit: PeriodicOrbit) -> tuple[str, ...]:
        assert self._frame is not None
        mine = [basin for basin in self._frame.basins if basin.orbit == row]
        name = f"{GLYPHS[orbit.stability][orbit.period > 1]} {status_text.title(orbit)}"
        return (
            name,
            status_text.place(orbit, 8),
            status_text.multiplier(orbit),
            starts_look.kind(orbit),
            status_text.basins(mine) if mine else "—",
        )

    def _tips(self, row: int, orbit: PeriodicOrbit, texts: tuple[str, ...]) -> tuple[str, ...]:
        """These texts with all reliable digits, points and intervals, for each column."""
        assert self._frame is not None
        mine = [basin for basin in self._frame.basins if basin.orbit == row]
        name, _, multiplier, stability, _ = texts
        return name, status_text.every_point(orbit), multiplier, stability, status_text.every_basin(mine) or "no basin"

    def _shade(self, row: int) -> str:
        assert self._frame is not None
        return self.colours.shade(starts_look.orbit_colour(row, self._frame.orbits, self.colours))

    def _select(self) -> None:
        if self._filling or self._frame is None:
            return
        row = self.selected_row()
        points = self._frame.orbits[row].points if row is not None and row < len(self._frame.orbits) else None
        if points != self._selected:
            self._selected = points
            self.chosen.emit(points)

    def text(self) -> str:
        """The table as tab-separated text with all digits."""
        lines = ["\t".join(("kind", "x", "multiplier", "stability", "basin"))]
        for row, orbit in enumerate(self._frame.orbits if self._frame else ()):
            assert self._frame is not None
            mine = [basin for basin in self._frame.basins if basin.orbit == row]
            basin = " ∪ ".join(f"({basin.low!r}, {basin.high!r})" for basin in mine)
            lines.append(
                "\t".join(
                    (status_text.title(orbit), ", ".join(map(repr, orbit.points)), repr(orbit.multiplier), starts_look.kind(orbit), basin)
                )
            )
        return "\n".join(lines)
