"""Switches of the diagram's overlays: branches of cycles, critical curves, and named points."""

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QLabel, QWidget

from funjax_gui.tabs.view_panel import in_a_row
from funjax_gui.widgets import CountControl, SwitchControl, button
from kernels.skeleton import LONGEST

SWITCHES = {
    "unstable-cycles": (
        "Cycles",
        "Branches of cycles over the parameter: solid where they attract, dashed where they do not",
    ),
    "critical-curves": (
        "Critical curves",
        "Of maps of the line the first 12 images of the critical points, along which orbits are densest",
    ),
    "named": (
        "Named points",
        "Folds (SN), period doublings (PD), transcritical points (TC), pitchforks (PF), superstable parameters (SS), band mergings "
        "(BM) and crises (CR), of maps of the plane Neimark-Sacker points (NS); with the period",
    ),
}
"""Of each part of kernels.skeleton.PARTS the label and the tip."""


class SkeletonControls(QObject):
    """The switches, the button for the table, and a note."""

    chosen = Signal(object)
    """The parts that are wanted, a tuple of names."""
    table_wanted = Signal()
    snapping = Signal(object)
    """Whether the cursor and the pin are to jump to named points near them."""
    lengthened = Signal(object)
    """The longest period of cycles."""

    def __init__(self) -> None:
        super().__init__()
        self.switches = {name: SwitchControl(*about) for name, about in SWITCHES.items()}
        self._parts: tuple[str, ...] = ()
        for name, switch in self.switches.items():
            switch.edited.connect(lambda on, name=name: self._choose(name, on))
            switch.set_label_width(0)  # two in a line
        about = "All named points in the view, with their digits"
        self._table = button("Table…", about, self.table_wanted.emit, "Table of named points")
        self._table.setProperty("role", "sign")  # narrow
        self.snap = SwitchControl("Snap", "Near a named point the cursor, a click and the dragged pin jump to it")
        self.snap.edited.connect(self.snapping)
        self.snap.set_label_width(0)
        tip = "The longest period of the cycles that are followed, and of their named points; a note says where there are too many"
        self.longest = CountControl("Up to period", 1, LONGEST, tip)
        self.longest.edited.connect(self.lengthened)
        self.note = QLabel()
        self.note.setWordWrap(True)
        self.note.setProperty("role", "muted")
        self.note.setVisible(False)
        cycles, curves, named = self.switches.values()
        self.rows: list[QWidget] = [in_a_row(cycles, curves), in_a_row(named, self.snap, self._table), self.longest, self.note]

    def _choose(self, name: str, wanted: bool) -> None:
        self.chosen.emit(tuple(part for part in SWITCHES if (wanted if part == name else part in self._parts)))

    def set_parts(self, parts: tuple[str, ...]) -> None:
        """Show which parts are wanted."""
        self._parts = parts
        for name, switch in self.switches.items():
            switch.set_value(name in parts)
        self._table.setEnabled("named" in parts)
        self.longest.setVisible(bool({"named", "unstable-cycles"} & {*parts}))
        self.snap.set_unused("" if "named" in parts else "Switch named points on to snap to them")

    def set_note(self, text: str) -> None:
        """Show why there are no overlays, or what they lack; nothing for an empty text."""
        self.note.setText(text)
        self.note.setVisible(bool(text))
