"""Choosing from a library, or typing a formula, which is read as it is typed: told back in plain form, or refused at its character."""

from collections.abc import Callable, Mapping

from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import QComboBox, QLabel, QLineEdit

from funjax_gui.form import Choices, Control
from kernels.expression_map import TITLE
from kernels.maps import MAPS, Map, find_map
from kernels.objectives import OBJECTIVES, find_objective

OWN = ""
"""The key of the entry that lets a formula be typed."""

Reader = Callable[[str], str]
"""Tells a formula back in plain form; ValueError, with the place of the fault in `column` where it has one, for a text that is none."""


class FormulaControl(Control):
    """One of several by key, or a formula. `edited` brings the key or the formula's text, once it can be read."""

    def __init__(self, label: str, choices: Choices, read: Reader, example: str, tip: str = "") -> None:
        super().__init__(label, tip)
        self._read, self._example = read, example
        self._box, self._editor, self._echo = QComboBox(), QLineEdit(), QLabel()
        self._box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self._box.setMinimumContentsLength(8)
        self._put(self._box)
        for key, title in (*choices, (OWN, "Your own formula…")):
            self._box.addItem(title, key)
        self._editor.setAccessibleName("Formula")
        self._editor.setPlaceholderText(example)
        self._echo.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self._echo.setWordWrap(True)
        self._echo.setProperty("role", "quiet")
        self._grid.addWidget(self._editor, 1, 0, 1, 2)
        self._grid.addWidget(self._echo, 2, 0, 1, 2)
        self._grid.addWidget(self._complaint, 3, 0, 1, 2)
        self._show_editor(False)
        self._box.activated.connect(lambda _: self._choose(self._box.currentData()))
        self._editor.textEdited.connect(self._look)
        self._editor.editingFinished.connect(self._finish)
        self._value = OWN

    def set_value(self, value: str) -> None:
        """Show a key, or a formula."""
        self._value = value
        at = self._box.findData(value)
        own = at < 0
        self._box.setCurrentIndex(self._box.findData(OWN) if own else at)
        self._show_editor(own)
        if own and self._editor.text() != value and not self._editor.hasFocus():
            self._editor.setText(value)
        self._echo.hide()
        self.complain("")

    def _choose(self, key: str) -> None:
        self._show_editor(key == OWN)
        if key != OWN:
            self.edited.emit(key)
            return
        self._editor.setText(self._editor.text() or self._example)
        self._editor.setFocus()
        self._editor.selectAll()
        self._finish()

    def _show_editor(self, shown: bool) -> None:
        self._editor.setVisible(shown)
        if not shown:
            self._echo.hide()

    def _look(self, text: str) -> bool:
        """Tell the formula back, or what is wrong with it and where; whether it can be read."""
        self._echo.show()
        try:
            self._echo.setText(self._read(text))
        except ValueError as error:
            self._echo.setText(_with_caret(text, getattr(error, "column", None)))
            super().complain(str(error))
            return False
        super().complain("")
        return True

    def _finish(self) -> None:
        text = self._editor.text().strip()
        if text != self._value and self._look(text):
            self._value = text
            self.edited.emit(text)


def map_control(tip: str = "") -> FormulaControl:
    """The choice of a map: one of the library, or a formula in x and parameters."""
    library = [(each.name, each.title) for each in MAPS.values()]
    return FormulaControl("Map", library, lambda text: f"x → {find_map(text).formula}", "r*x*(1-x)", tip)


def objective_control(tip: str = "") -> FormulaControl:
    """The choice of a function to optimise: one of the library, or a formula in x, y or x1, x2, ..."""
    library = [(each.name, each.title) for each in OBJECTIVES.values()]
    return FormulaControl("Function", library, lambda text: find_objective(text).formula, "(x^2 + y - 11)^2 + (x + y^2 - 7)^2", tip)


def is_typed(shown: Map) -> bool:
    """Whether the map is a formula of the user's that has no name."""
    return shown.title == TITLE


def surviving(values: Mapping[str, float], chosen: Map) -> tuple[tuple[str, float], ...]:
    """The parameters' values that outlive an edit of a formula: of those that it has still. A map of the library begins with its own."""
    if chosen.name in MAPS:
        return ()
    names = {parameter.name for parameter in chosen.parameters}
    return tuple((name, value) for name, value in values.items() if name in names)


SHOWN = 30
"""Characters of a formula that fit into the panel beside a caret."""


def _with_caret(text: str, column: int | None) -> str:
    """The part of the text about `column`, and a caret under its character."""
    if column is None:
        return ""
    first = max(0, min(column - SHOWN // 2, len(text) - SHOWN))
    return f"{text[first : first + SHOWN]}\n{' ' * (column - first)}^".replace(" ", "\N{NO-BREAK SPACE}")
