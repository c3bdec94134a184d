"""Control that chooses from the library or the saved formulas, or takes a formula as it is typed, which can be saved under a name."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QFontDatabase, QResizeEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QToolButton

from funjax_gui.formulas.formula_label import PlainOrTypesetLabel
from funjax_gui.formulas.latex import latex_of, latex_of_map
from funjax_gui.formulas.library import find_equations, find_map, find_objective, saved_as, saved_formulas
from funjax_gui.formulas.library_box import LibraryBox
from funjax_gui.formulas.save_dialog import SaveDialog
from funjax_gui.formulas.saved_formula import EQUATION, MAP, OBJECTIVE, SavedFormula, formula_of
from funjax_gui.process_exit import Daemon
from funjax_gui.widgets import Choices, Control, Line
from kernels.equations import EQUATIONS, says_equation
from kernels.formulas import PlaneExpression, looks_like_a_name, map_expression
from kernels.maps import LINE_MAPS, MAPS, PLANE_MAPS
from kernels.objectives import OBJECTIVES

TYPE_A_FORMULA = ""
"""Key of the entry for a typed formula."""

SAVED_PREFIX = "mine:"
"""Prefix of the key of a saved formula, before its kind and name."""

PAUSE = 400
"""Milliseconds without a key after which a valid formula is applied while it is typed."""

POLL = 10
"""Milliseconds between two looks whether the ranges of a map have been found."""

Reader = Callable[[str], tuple[str, str]]
"""Parses a formula to (plain text, LaTeX). Raises ValueError, with the position of the error in `column` if it has one."""


@dataclass(frozen=True)
class Kind:
    """Description of a choice: headings of saved formulas by kind, the library, parser, initial formula; more of the library.

    `prepare` is called in a thread before a formula is applied after a pause in typing: it finds, and remembers, what takes long.
    """

    label: str
    headings: Mapping[str, str]
    choices: Choices
    read: Reader
    example: str
    prepare: Callable[[str], None] | None = None
    more: Choices = ()
    more_heading: str = ""
    tip: str = "Your formula: numbers, names, + − * / ^, brackets and functions such as sin(x)"


class FormulaControl(Control):
    """A choice by key, or a formula. `edited` emits the key, or the text of a valid formula: by Enter, or after a pause in typing."""

    def __init__(self, kind: Kind, tip: str = "") -> None:
        super().__init__(kind.label, tip)
        self._kind = kind
        self.describe: Callable[[], SavedFormula] | None = None
        """Returns the SavedFormula to be saved, without its name; saving is disabled without it."""
        self._box, self._editor, self._save, self._echo = LibraryBox(self._grid, self._label), Line(), QToolButton(), PlainOrTypesetLabel()
        self._box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self._box.setMinimumContentsLength(8)
        self._box.setMaxVisibleItems(30)
        self._put(self._box)
        self._value = self._shown = TYPE_A_FORMULA
        self._name = ""
        self._typing = False
        self._pause = QTimer(self, singleShot=True, interval=PAUSE)
        self._pause.timeout.connect(self._prepare)
        self._preparation: Daemon | None = None
        self._fill()
        self._make_editor()
        self._show_editor(False)
        self._box.currentTextChanged.connect(lambda _: self._box.fit(self.width()))
        self._box.activated.connect(lambda _: self._choose(self._box.currentData()))
        self._box.opening.connect(saved_formulas().refresh)
        saved_formulas().changed.connect(self._fill)

    def _make_editor(self) -> None:
        self._editor.setAccessibleName("Formula")
        self._editor.setToolTip(self._kind.tip)
        self._editor.setPlaceholderText(self._kind.example)
        self._editor.textEdited.connect(self._type)
        self._editor.editingFinished.connect(self._finish)
        self._editor.abandoned.connect(self._revert)
        self._save.setText("Save as…")
        self._save.setAutoRaise(True)
        self._save.setProperty("role", "quiet")
        self._save.setToolTip("Save this formula under a name, with its values, ranges and view")
        self._save.clicked.connect(lambda: self.save())
        self._echo.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self._echo.setProperty("role", "quiet")
        row = QHBoxLayout()
        row.setSpacing(4)
        row.addWidget(self._editor, 1)
        row.addWidget(self._save)
        self._grid.addLayout(row, 1, 0, 1, 2)
        self._grid.addWidget(self._echo, 2, 0, 1, 2)
        self._grid.addWidget(self._complaint, 3, 0, 1, 2)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give the name room at the new width."""
        super().resizeEvent(event)
        self._box.fit(self.width())

    def _fill(self) -> None:
        """Fill the list: the library, saved formulas below a heading, and the entry for a typed formula."""
        self._box.clear()
        for key, title in self._kind.choices:
            self._box.addItem(title, key)
        if self._kind.more:
            self._box.add_heading(self._kind.more_heading)
        for key, title in self._kind.more:
            self._box.addItem(title, key)
        for kind, heading in self._kind.headings.items():
            mine = saved_formulas().of(kind)
            if mine:
                self._box.add_heading(heading)
            for saved in mine:
                self._box.addItem(saved.name, _key(saved))
                self._box.setItemData(self._box.count() - 1, saved.formula, Qt.ItemDataRole.ToolTipRole)
        self._box.insertSeparator(self._box.count())
        self._box.addItem("Your own formula…", TYPE_A_FORMULA)
        self._mark(self._value)

    def _mark(self, value: str) -> bool:
        """Select the value in the box; returns whether it is one of the library."""
        at = self._box.findData(value) if value else -1
        saved = saved_as(self._kind_of(value), value) if at < 0 else None
        if saved is not None:
            self._name = saved.name
        key = TYPE_A_FORMULA if saved is None else _key(saved)
        self._box.setCurrentIndex(at if at >= 0 else self._box.findData(key))
        return at >= 0

    @property
    def is_changing(self) -> bool:
        """Whether a formula is being typed."""
        return self._typing and self._editor.hasFocus()

    def set_value(self, value: str) -> None:
        """Show a key or a formula. What is being typed stays, unless the value is another one than before."""
        if self._typing and value == self._shown:
            return
        own = not self._mark(value)
        typed = self._typing and own and self._is(self._editor.text(), value)
        self._value = self._shown = value
        self._show_editor(own)
        if typed:
            self._editor.forget_edits()  # Ctrl+Z is now the window's
        else:
            self._typing = False
            self._pause.stop()
            self._echo.hide()
            if own and not self._is(self._editor.text(), value):
                self._write(value)
        self.complain("")

    def _choose(self, key: str) -> None:
        saved = saved_formulas().get(*key.removeprefix(SAVED_PREFIX).split(":", 1)) if key.startswith(SAVED_PREFIX) else None
        self._show_editor(key == TYPE_A_FORMULA or saved is not None)
        if saved is not None:
            saved_formulas().choose(saved)
            self._write(saved.formula)
            self._value = saved.formula
            self.edited.emit(saved.formula)
        elif key != TYPE_A_FORMULA:
            self.edited.emit(key)
        else:
            self._editor.setText(self._editor.text() or self._kind.example)
            self._editor.setFocus()
            self._editor.selectAll()
            self._apply()
            self._mark(self._value)

    def _show_editor(self, shown: bool) -> None:
        self._editor.setVisible(shown)
        self._save.setVisible(shown and self.describe is not None)
        if not shown:
            self._echo.hide()

    def _write(self, formula: str) -> None:
        """Show a formula in the editor, from its beginning."""
        self._editor.setText(formula)
        self._editor.setCursorPosition(0)

    def _type(self, text: str) -> None:
        """Read what has been typed so far, and apply it after a pause; the name of a map would hide the editor and waits for Enter."""
        self._typing = True
        self._pause.stop()
        text = text.strip()
        if self._read_back(text) and not self._is_name(text):
            self._preparation = None
            self._pause.start(PAUSE)

    def _is_name(self, text: str) -> bool:
        return text in dict([*self._kind.choices, *self._kind.more])

    def _read_back(self, text: str) -> bool:
        """Show the formula typeset, or the error and its position; returns whether it is valid."""
        self._echo.show()
        try:
            self._echo.set_formula(*self._kind.read(text))
        except ValueError as error:
            self._echo.set_formula(_with_caret(text, getattr(error, "column", None)))
            super().complain(str(error))
            return False
        super().complain("")
        return True

    def _prepare(self) -> None:
        """Find what the typed formula needs in a thread, and apply it then."""
        if self._preparation is None and self._kind.prepare is not None:
            self._preparation = Daemon(self._kind.prepare, self._editor.text().strip())
            self._preparation.start()
        if self._preparation is not None and self._preparation.is_alive():
            self._pause.start(POLL)
        else:
            self._apply()

    def _apply(self) -> None:
        """Emit the typed formula if it is valid and another one."""
        self._pause.stop()
        text = self._editor.text().strip()
        if not self._is(text, self._value) and self._read_back(text):
            self._value = text
            self.edited.emit(text)

    def _finish(self) -> None:
        """Apply what was typed and end the typing, by Enter or when the focus leaves."""
        if self._typing:
            self._apply()
            self._typing = bool(self.complaint)
            self._echo.setVisible(self._typing)

    def _revert(self) -> None:
        """Show the applied formula again."""
        self._typing = False
        self._pause.stop()
        self._write(self._shown)
        self._echo.hide()
        super().complain("")

    def _is(self, text: str, value: str) -> bool:
        """Whether two texts give the same formula, apart from spaces."""
        try:
            return text == value or self._meant(text) == self._meant(value)
        except ValueError:
            return False

    def _kind_of(self, text: str) -> str:
        """The kind of formula that a text says."""
        kinds = tuple(self._kind.headings)
        return EQUATION if EQUATION in kinds and says_equation(text) else kinds[0]

    def _meant(self, text: str) -> object:
        return formula_of(self._kind_of(text), text)

    def save(self) -> None:
        """Ask for a name and save a valid formula under it."""
        self._apply()
        if self.describe is not None and not self.complaint:
            SaveDialog(self.describe(), self._name, self).open()


def _key(saved: SavedFormula) -> str:
    return f"{SAVED_PREFIX}{saved.kind}:{saved.name}"


def _read_map(text: str) -> tuple[str, str]:
    """Parse a map's formula without finding its ranges, which would take too long for a keystroke."""
    if text in MAPS or looks_like_a_name(text):
        found = find_map(text)
        return found.mapping, latex_of(found)
    expression = map_expression(text)
    text = expression.text if isinstance(expression, PlaneExpression) else f"x → {expression.text}"
    return text, latex_of_map(expression)


def _find_ranges(text: str) -> None:
    """Follow a map's orbits, from which its ranges are found; `find_map` remembers them."""
    with suppress(ValueError):
        find_map(text)


def _read_function(text: str) -> tuple[str, str]:
    found = find_equations(text) if says_equation(text) else find_objective(text)
    return found.formula, latex_of(found)


_MAPS = Kind(
    "Map",
    {MAP: "My maps"},
    [(each.name, each.title) for each in LINE_MAPS.values()],
    _read_map,
    "r*x*(1-x)",
    _find_ranges,
    more=[(each.name, each.title) for each in PLANE_MAPS.values()],
    more_heading="Maps of the plane",
)
_OBJECTIVES = Kind(
    "Function",
    {OBJECTIVE: "My objectives", EQUATION: "My equations"},
    [(each.name, each.title) for each in OBJECTIVES.values()],
    _read_function,
    "(x^2 + y - 11)^2 + (x + y^2 - 7)^2",
    more=[(each.name, each.title) for each in EQUATIONS.values()],
    more_heading="Equations f = 0",
    tip="Your function, or an equation by its sign: x^3 = 2, or two, x^2 + y^2 = 4; x*y = 1, or one in a complex z, z^3 = 1",
)


def map_control(tip: str = "") -> FormulaControl:
    """Control for a map: from the library, saved, a formula in x and parameters, or two of a map of the plane."""
    return FormulaControl(_MAPS, tip)


def objective_control(tip: str = "") -> FormulaControl:
    """Control for an objective (of the library, saved, or a formula in x, y or x1, x2 and so on), or for equations such as x^2 = 2."""
    return FormulaControl(_OBJECTIVES, tip)


SHOWN = 30
"""Number of characters around a caret that fit into the panel."""


def _with_caret(text: str, column: int | None) -> str:
    """The part of the text around `column`, with a caret under that character."""
    if column is None:
        return ""
    first = max(0, min(column - SHOWN // 2, len(text) - SHOWN))
    return f"{text[first : first + SHOWN]}\n{' ' * (column - first)}^".replace(" ", "\N{NO-BREAK SPACE}")
