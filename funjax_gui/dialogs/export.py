"""The export dialog: format, background, size in pixels or in print, texts, axes and panels, and the file."""

from collections.abc import Mapping
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from funjax_gui.export import PAGE_SIZES, PIXELS, Exporter, PageSetup, Size, Style, check_length, pixels_of
from funjax_gui.widgets import ChoiceControl, CountControl, NumberControl, TextControl, with_suffix
from kernels.validation import grouped

FORMATS = "The file format: a picture, arrays, a table, or a script that computes the same arrays"
TRANSPARENT = "transparent"
BACKGROUNDS = (
    ("white", "White, for print"),
    ("light", "As the light window"),
    ("dark", "As the dark window"),
    (TRANSPARENT, "Transparent, in colours for white"),
)
BACKGROUND = "Background and colours of the picture"
COMPUTED = "The export is computed at this size; it is not a copy of the window."
LARGEST = 1_000_000
IN_PIXELS, IN_MM = "pixels", "mm"
SIZES = ((IN_PIXELS, "In pixels"), *((name, page.title) for name, page in PAGE_SIZES.items()), (IN_MM, "In millimetres"))
SIZE = "Size of the export in pixels"
IN_PROPORTION = "in proportion"


class LengthControl(NumberControl):
    """A length as in `check_length`, by its name there; an empty field is 0 where `is_optional`. Values are floats."""

    def __init__(self, label: str, name: str, tip: str, is_optional: bool = False) -> None:
        super().__init__(label, tip)
        self._name, self._is_optional, self.value = name, is_optional, 0.0
        self._editor.setPlaceholderText(IN_PROPORTION if is_optional else "")
        self.edited.connect(lambda value: setattr(self, "value", value))

    def set_value(self, value: float) -> None:
        """Show this value."""
        self.value = value
        super().set_value(value)

    def _write(self, value: float) -> str:  # type: ignore[override]
        return f"{value:.6g}" if value else ""

    def _parse(self, text: str) -> float:  # type: ignore[override]
        if not text and self._is_optional:
            return 0.0
        return check_length(self._name, float(super()._parse(text)))


class TextOption(QWidget):
    """A text of the page: as usual, replaced by what is typed, or left out."""

    def __init__(self, label: str, usual: str) -> None:
        super().__init__()
        self.box, self.line = QCheckBox(label), QLineEdit()
        self.box.setChecked(True)
        self.box.setToolTip(f"Write the {label.lower()}")
        self.line.setPlaceholderText(usual)
        self.line.setAccessibleName(f"{label} in place of the usual one")
        self.line.setToolTip(f"{label} in place of the usual one; empty for the usual one")
        self.box.toggled.connect(self.line.setEnabled)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.box)
        row.addWidget(self.line, 1)

    @property
    def text(self) -> str | None:
        """The text, empty for none and None for the usual one."""
        return (self.line.text().strip() or None) if self.box.isChecked() else ""

    def set_text(self, text: str | None) -> None:
        """Show such a text."""
        self.box.setChecked(text != "")
        self.line.setText(text or "")


class PageOptions(QWidget):
    """Size and setup of a page; for numbers, only columns and rows. `resized` is emitted when the size in pixels changes."""

    resized = Signal()

    def __init__(self, size: Size, panels: Mapping[str, str], setup: PageSetup) -> None:
        super().__init__()
        self._pixels, self._is_picture = size, True
        self.size_choice = ChoiceControl("Size", SIZES, "Pixels, or a size in print with its resolution and font size")
        self.width_control, self.height_control = (CountControl(side, 1, LARGEST, SIZE) for side in ("Width", "Height"))
        self.width_mm = LengthControl("Width, mm", "width", "Width of the picture in print")
        self.height_mm = LengthControl("Height, mm", "height", "Height of the picture in print")
        self.dpi = LengthControl("Resolution", "dpi", "Pixels per inch: journals ask for 300 or more")
        self.font_size = LengthControl("Font, pt", "font size", "Size of the text in points", is_optional=True)
        self.line_width = LengthControl("Lines, pt", "line width", "Width of curves in points; other lines follow", is_optional=True)
        self.title, self.caption = TextOption("Title", "name and formula"), TextOption("Caption", "how it was computed")
        self.axes = QCheckBox("Axes")
        self.axes.setToolTip("Draw axes, ticks and their labels")
        self.panels = {name: QCheckBox(title) for name, title in panels.items()}
        for box in self.panels.values():
            box.setToolTip(f"{box.text()}: on the page where there is room")
        self._show_setup(setup)
        self._arrange()
        self._connect()
        self._show_pixels(*size)
        self.choose_size(IN_PIXELS)

    def _show_setup(self, setup: PageSetup) -> None:
        self.font_size.set_value(setup.font_size)
        self.line_width.set_value(setup.line_width)
        self.title.set_text(setup.title)
        self.caption.set_text(setup.caption)
        self.axes.setChecked(setup.axes)
        for name, box in self.panels.items():
            box.setChecked(setup.has(name))

    def _arrange(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        ticks = QWidget()
        grid = QGridLayout(ticks)
        grid.setContentsMargins(0, 0, 0, 0)
        for number, box in enumerate((self.axes, *self.panels.values())):
            grid.addWidget(box, number // 2, number % 2)
        self._of_size = (self.width_mm, self.height_mm, self.dpi)
        self._of_pictures = (self.size_choice, self.font_size, self.line_width, self.title, self.caption, ticks)
        sides = (self.width_control, self.height_control)
        for widget in (self.size_choice, *sides, *self._of_size, *self._of_pictures[1:]):
            column.addWidget(widget)

    def _connect(self) -> None:
        self.size_choice.edited.connect(self.choose_size)
        self.width_control.edited.connect(lambda value: self._show_pixels(value, self._pixels[1]))
        self.height_control.edited.connect(lambda value: self._show_pixels(self._pixels[0], value))
        for control in self._of_size:
            control.edited.connect(lambda _: self.resized.emit())

    def _show_pixels(self, width: int, height: int) -> None:
        self._pixels = (width, height)
        self.width_control.set_value(width)
        self.height_control.set_value(height)
        self.resized.emit()

    def choose_size(self, name: str) -> None:
        """Choose a size by its name: pixels, mm, or that of a page."""
        previous, self.size_name = getattr(self, "size_name", IN_PIXELS), name
        self.size_choice.set_value(name)
        page = PAGE_SIZES.get(name) or (PAGE_SIZES["one-column"] if previous == IN_PIXELS and name == IN_MM else None)
        if page is not None:
            for control, value in zip(self._of_size, (page.width, page.height, page.dpi), strict=True):
                control.set_value(value)
            self.font_size.set_value(page.font_size)
        elif name == IN_PIXELS:
            self.font_size.set_value(0.0)
        self.show_for(self._is_picture)

    def show_for(self, is_picture: bool, has_size: bool = True, sides: tuple[str, str] = ("Width", "Height")) -> None:
        """Show what applies to a picture, or to numbers with or without a size, whose `sides` have these names."""
        self._is_picture = is_picture
        in_pixels = not is_picture or self.size_name == IN_PIXELS
        for control, label in zip((self.width_control, self.height_control), sides, strict=True):
            control.set_label(label)
            control.setVisible(has_size and in_pixels)
        for widget in self._of_size:
            widget.setVisible(is_picture and not in_pixels)
        for other in self._of_pictures:
            other.setVisible(is_picture)
        self.resized.emit()

    @property
    def complaints(self) -> list[str]:
        """The errors of the fields shown."""
        controls: tuple[TextControl, ...] = (self.width_control, self.height_control, *self._of_size, self.font_size, self.line_width)
        return [control.complaint for control in controls if not control.isHidden() and control.complaint]

    @property
    def pixels(self) -> Size:
        """The size in pixels."""
        if not self._is_picture or self.size_name == IN_PIXELS:
            return self._pixels
        return pixels_of(*(control.value for control in self._of_size))

    @property
    def note(self) -> str:
        """What the size comes to, in one sentence."""
        width, height = self.pixels
        return "" if self.size_name == IN_PIXELS else f"{grouped(width)} × {grouped(height)} pixels. "

    @property
    def setup(self) -> PageSetup:
        """The setup chosen."""
        panels = tuple(name for name, box in self.panels.items() if box.isChecked())
        return PageSetup(
            0.0 if self.size_name == IN_PIXELS else self.dpi.value,
            self.font_size.value,
            self.line_width.value,
            self.axes.isChecked(),
            self.title.text,
            self.caption.text,
            None if len(panels) == len(self.panels) else panels,
        )


class ExportDialog(QDialog):
    """Which of `formats` (by suffix), the size and, for a picture, background and page; `style` is what it begins with."""

    def __init__(
        self, formats: Mapping[str, Exporter], size: Size, style: Style | None = None, page: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        style = style or Style()
        self._formats = formats
        self.setWindowTitle("Export")
        self.setMinimumWidth(420)
        self.suffix = next(iter(formats))
        self.format = ChoiceControl("Format", [(suffix, f"{exporter.title} ({suffix})") for suffix, exporter in formats.items()], FORMATS)
        self.background = ChoiceControl("Background", BACKGROUNDS, BACKGROUND)
        self._chosen = TRANSPARENT if style.transparent else style.theme
        self.background.set_value(self._chosen)
        panels: Mapping[str, str] = next((exporter.panels for exporter in formats.values() if exporter.sides == PIXELS), {})
        self.page = PageOptions(size, panels, style.setup)
        if page:
            self.page.choose_size(page)
        self._note = QLabel()
        self._note.setProperty("role", "quiet")
        self._note.setWordWrap(True)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Save | QDialogButtonBox.StandardButton.Cancel, self)
        buttons.button(QDialogButtonBox.StandardButton.Save).setToolTip("Choose the file and export")
        buttons.button(QDialogButtonBox.StandardButton.Cancel).setToolTip("Close without exporting (Esc)")
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setSpacing(10)
        for widget in (self.format, self.background, self.page, self._note, buttons):
            column.addWidget(widget)
        self.format.edited.connect(self._choose)
        self.background.edited.connect(lambda name: setattr(self, "_chosen", name))
        self.page.resized.connect(self._show_note)
        self._choose(self.suffix)

    def _choose(self, suffix: str) -> None:
        self.suffix = suffix
        sides = self._formats[suffix].sides
        self.background.setVisible(sides == PIXELS)
        self._note.setVisible(sides is not None)
        self.page.show_for(sides == PIXELS, sides is not None, sides or PIXELS)

    def _show_note(self) -> None:
        self._note.setText(f"{self.page.note if self._formats[self.suffix].sides == PIXELS else ''}{COMPUTED}")

    def accept(self) -> None:
        """Close, unless a field is invalid."""
        self.setFocus()  # ends the typing
        if not self.page.complaints:
            super().accept()

    @property
    def size_wanted(self) -> Size:
        """The size in pixels, or columns and rows."""
        return self.page.pixels

    @property
    def setup(self) -> PageSetup:
        """The page's setup."""
        return self.page.setup

    @property
    def theme(self) -> str:
        """The theme of the picture."""
        return "white" if self.is_transparent else self._chosen

    @property
    def is_transparent(self) -> bool:
        """Whether the picture has no background."""
        return self._chosen == TRANSPARENT

    def ask_path(self, folder: Path, name: str) -> Path | None:
        """The file to export to; None if the user cancels."""
        pattern = f"{self._formats[self.suffix].title} (*{self.suffix})"
        chosen, _ = QFileDialog.getSaveFileName(self, "Export", str(folder / f"{name}{self.suffix}"), pattern)
        return with_suffix(chosen, self.suffix, self)
