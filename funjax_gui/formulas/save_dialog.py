"""The dialog that saves a formula under a name."""

from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QDialog, QDialogButtonBox, QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from funjax_gui.formatting import minus_sign, plain_decimal
from funjax_gui.formulas.library import find_equations, find_map, find_objective, saved_formulas
from funjax_gui.formulas.saved_formula import EQUATION, LONGEST_NAME, MAP, OBJECTIVE, SavedFormula, SavedParameter
from funjax_gui.style import scaled
from kernels.geometry import decimal

EXAMPLES = {MAP: "Logistic with harvest", OBJECTIVE: "Two wells", EQUATION: "Kepler at e = 0.9"}


class SaveDialog(QDialog):
    """Asks for a name and saves `wanted` under it; announces when an existing formula will be replaced."""

    def __init__(self, wanted: SavedFormula, name: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._wanted = wanted
        self.setWindowTitle(f"Save the {wanted.kind}")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.name, self.with_view, self.note = QLineEdit(name), QCheckBox("Include the current view and initial point"), QLabel()
        self.name.setMaxLength(LONGEST_NAME)
        self.name.setPlaceholderText(EXAMPLES[wanted.kind])
        self.name.setAccessibleName("Name")
        self.name.setToolTip(f"Name in the lists, at most {LONGEST_NAME} characters")
        self.with_view.setToolTip("When the formula is chosen, show this view and use this initial point")
        self.name.selectAll()
        self.with_view.setChecked(True)
        self.note.setWordWrap(True)
        self.note.setMinimumHeight(self.note.fontMetrics().height())
        buttons = QDialogButtonBox.StandardButton
        self.buttons = QDialogButtonBox(buttons.Save | buttons.Cancel, self)
        self.buttons.button(buttons.Save).setToolTip("Save the formula under this name (Enter)")
        self.buttons.button(buttons.Cancel).setToolTip("Close without saving (Esc)")
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        self.name.textChanged.connect(self._look)
        self._arrange()
        self._look()

    def _arrange(self) -> None:
        label = QLabel("&Name")
        label.setBuddy(self.name)
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(label)
        row.addWidget(self.name, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(18, 14, 18, 14)
        column.setSpacing(8)
        column.addWidget(_words(blackboard(self._wanted), "formula"))
        column.addLayout(row)
        column.addWidget(self.note)
        if self._wanted.parameters:
            column.addWidget(_words("\n".join(map(_parameter_line, self._wanted.parameters)), "quiet"))
        column.addWidget(self.with_view)
        column.addSpacing(8)
        column.addWidget(self.buttons)
        self.setMinimumWidth(scaled(420))

    def _look(self) -> None:
        """Show the effect of saving under the typed name."""
        name = self.name.text().strip()
        taken = saved_formulas().get(self._wanted.kind, name)
        if taken is None:
            self._show_note("")
        elif taken.formula == self._wanted.formula:
            self._show_note(f"{name} exists already; its values, ranges and view will be replaced.")
        else:
            self._show_note(f"{name} exists already, {blackboard(taken)}; it will be replaced.")
        save = self.buttons.button(QDialogButtonBox.StandardButton.Save)
        save.setText("Replace" if taken else "Save")
        save.setEnabled(bool(name))

    def _show_note(self, text: str, role: str = "quiet") -> None:
        self.note.setProperty("role", role)
        self.note.style().polish(self.note)
        self.note.setText(text)

    def accept(self) -> None:
        """Save the formula; on an error, show it and stay open."""
        wanted = replace(self._wanted, name=self.name.text())
        if not self.with_view.isChecked():
            wanted = replace(wanted, start=(), across=None, up=None, starts=None)
        try:
            saved_formulas().keep(wanted)
        except ValueError as error:
            self._show_note(str(error), "complaint")
            return
        super().accept()


def blackboard(saved: SavedFormula) -> str:
    """The formula in mathematical notation."""
    if saved.kind == MAP:
        return find_map(saved.formula).mapping
    return (find_equations if saved.kind == EQUATION else find_objective)(saved.formula).formula


def _words(text: str, role: str) -> QLabel:
    label = QLabel(text)
    label.setProperty("role", role)
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    return label


def _parameter_line(kept: SavedParameter) -> str:
    value, low, high = (minus_sign(plain_decimal(decimal(number))) for number in (kept.value, kept.low, kept.high))
    return f"{kept.name} = {value}, from {low} to {high}"
