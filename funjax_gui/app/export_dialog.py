"""The export dialog: format, size, style and file."""

from collections.abc import Mapping
from pathlib import Path

from PySide6.QtWidgets import QCheckBox, QDialog, QDialogButtonBox, QFileDialog, QLabel, QVBoxLayout, QWidget

from funjax_gui.export import CELLS, PIXELS, Exporter, Size
from funjax_gui.widgets import ChoiceControl, CountControl, with_suffix

LARGEST = 1_000_000
FORMATS = "The file format: a picture, arrays, a table, or a script that computes the same arrays"
BACKGROUNDS = (("white", "White, for print"), ("light", "As the light window"), ("dark", "As the dark window"))
BACKGROUND = "Background and colours of the picture"
SIZE = "Size of the export in pixels"


class ExportDialog(QDialog):
    """Which of `formats` (by suffix), width, height and, for a picture, the theme and whether axes and caption are drawn."""

    def __init__(self, formats: Mapping[str, Exporter], size: Size, theme: str = "white", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._formats = formats
        self.setWindowTitle("Export")
        self.setMinimumWidth(380)
        self.suffix, self.size_wanted = next(iter(formats)), size
        self.format = ChoiceControl("Format", [(suffix, f"{exporter.title} ({suffix})") for suffix, exporter in formats.items()], FORMATS)
        self.width_control, self.height_control = (CountControl(cells, 1, LARGEST, SIZE) for cells in CELLS)
        self.theme = theme
        self.background = ChoiceControl("Background", BACKGROUNDS, BACKGROUND)
        self.background.set_value(theme)
        self.axes = QCheckBox("Axes and caption")
        self.axes.setChecked(True)
        self.axes.setToolTip("Draw axes and a caption; otherwise only the plot area is exported")
        self._note = QLabel("The export is computed at this size; it is not a copy of the window.")
        self._note.setProperty("role", "quiet")
        self._note.setWordWrap(True)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Save | QDialogButtonBox.StandardButton.Cancel)
        buttons.button(QDialogButtonBox.StandardButton.Save).setToolTip("Choose the file and export")
        buttons.button(QDialogButtonBox.StandardButton.Cancel).setToolTip("Close without exporting (Esc)")
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setSpacing(10)
        for widget in (self.format, self.width_control, self.height_control, self.background, self.axes, self._note, buttons):
            column.addWidget(widget)
        self.format.edited.connect(self._choose)
        self.background.edited.connect(lambda theme: setattr(self, "theme", theme))
        self.width_control.edited.connect(lambda value: self._resize(value, self.size_wanted[1]))
        self.height_control.edited.connect(lambda value: self._resize(self.size_wanted[0], value))
        self._choose(self.suffix)
        self._resize(*size)

    def _choose(self, suffix: str) -> None:
        self.suffix = suffix
        sides = self._formats[suffix].sides
        for drawn in (self.background, self.axes):
            drawn.setVisible(sides == PIXELS)
        for control, label in zip((self.width_control, self.height_control), sides or CELLS, strict=True):
            control.set_label(label)
            control.setVisible(sides is not None)
        self._note.setVisible(sides is not None)

    def _resize(self, width: int, height: int) -> None:
        self.size_wanted = (width, height)
        self.width_control.set_value(width)
        self.height_control.set_value(height)

    def accept(self) -> None:
        """Close, unless a field is invalid."""
        self.setFocus()  # ends the typing
        if not (self.width_control.complaint or self.height_control.complaint):
            super().accept()

    @property
    def plain(self) -> bool:
        """Whether the picture has neither axes nor caption."""
        return not self.axes.isChecked()

    def ask_path(self, folder: Path, name: str) -> Path | None:
        """The file to export to; None if the user cancels."""
        pattern = f"{self._formats[self.suffix].title} (*{self.suffix})"
        chosen, _ = QFileDialog.getSaveFileName(self, "Export", str(folder / f"{name}{self.suffix}"), pattern)
        return with_suffix(chosen, self.suffix, self)
