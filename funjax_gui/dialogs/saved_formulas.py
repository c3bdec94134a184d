"""File > My maps: rename, delete, import and export saved formulas."""

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QMessageBox,
    QPushButton,
    QStackedWidget,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from funjax_gui.documents import DOCUMENTS
from funjax_gui.formulas import BOTH, REPLACE, SKIP, SavedFormula, saved_as, saved_formulas
from funjax_gui.formulas import store as my_maps_store
from funjax_gui.sessions import Session
from funjax_gui.style import fitting, scaled
from funjax_gui.tabs import subject_of
from funjax_gui.widgets import run_in_background, show_message, with_suffix

FILTER = "Maps, objectives and equations (*.toml)"
NOTHING = "No formulas are saved yet. Choose “Your own formula…” in a list of maps or functions, type one, and press “Save as…” beside it."
UNDO = "undo"
COLUMNS = {
    "Name": "The name shown in the lists",
    "Kind": "A map, to be iterated, an objective, to be optimised, or an equation, to be solved",
    "Formula": "The formula, as typed",
    "Used in": "Tabs that use it",
}
TIPS = {
    "&Rename": "Rename the selected formula (F2)",
    "&Delete": "Delete the selected formulas (Del); you can undo this below",
    "&Import…": "Import maps, objectives and equations from a file",
    "&Export…": "Export the selected formulas, or all of them, to a file",
    "Close": "Close (Esc); all changes are saved",
}
NAMED = 4
"""Maximum number of names in a question."""


class MyMapsDialog(QDialog):
    """A table of the saved formulas. Changes take effect at once and are reported below, where deletions can be undone."""

    def __init__(self, session: Callable[[], Session], folder: Path, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session, self._folder = session, folder
        self._deleted: list[SavedFormula] = []
        self._filling = False
        self.setWindowTitle("My maps")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.list, self.pages, self.status = QTreeWidget(), QStackedWidget(), QLabel()
        self.rename, self.delete, self.take, self.export, self.leave = (QPushButton(text) for text in TIPS)
        for button, tip in zip((self.rename, self.delete, self.take, self.export, self.leave), TIPS.values(), strict=True):
            button.setToolTip(tip)
        self._arrange()
        self._connect()
        saved_formulas().refresh()
        self._fill()

    def _arrange(self) -> None:
        self.list.setHeaderLabels(list(COLUMNS))
        for number, tip in enumerate(COLUMNS.values()):
            self.list.headerItem().setToolTip(number, tip)
        self.list.setToolTip("Rename with F2 or a double click, delete with Del; select several with Ctrl and Shift")
        self.list.setRootIsDecorated(False)
        self.list.setUniformRowHeights(True)
        self.list.setAllColumnsShowFocus(True)
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self.list.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.list.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.list.setAccessibleName("My maps, objectives and equations")
        header = self.list.header()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(2, QHeaderView.ResizeMode.Stretch)
        nothing = QLabel(NOTHING)
        nothing.setWordWrap(True)
        nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        nothing.setProperty("role", "quiet")
        nothing.setMargin(40)
        self.pages.addWidget(self.list)
        self.pages.addWidget(nothing)
        self.status.setWordWrap(True)
        self.status.setTextInteractionFlags(Qt.TextInteractionFlag.TextBrowserInteraction)
        self.status.setProperty("role", "quiet")
        self.status.setMinimumHeight(2 * self.status.fontMetrics().height())
        self.status.setAlignment(Qt.AlignmentFlag.AlignTop)
        buttons = QHBoxLayout()
        for button in (self.rename, self.delete):
            buttons.addWidget(button)
        buttons.addStretch()
        for button in (self.take, self.export, self.leave):
            buttons.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 12, 14, 12)
        column.setSpacing(8)
        column.addWidget(self.pages, 1)
        column.addWidget(self.status)
        column.addLayout(buttons)
        self.resize(fitting(760, 440))

    def _connect(self) -> None:
        self.rename.clicked.connect(lambda: self._edit_name())
        self.delete.clicked.connect(lambda: self._delete())
        self.take.clicked.connect(lambda: self._ask_import())
        self.export.clicked.connect(lambda: self._ask_export())
        self.leave.clicked.connect(lambda: self.close())
        self.leave.setDefault(True)
        QShortcut(QKeySequence.StandardKey.Delete, self.list, self._delete, context=Qt.ShortcutContext.WidgetShortcut)
        QShortcut("F2", self.list, self._edit_name, context=Qt.ShortcutContext.WidgetShortcut)
        self.list.itemDoubleClicked.connect(lambda item, _: self.list.editItem(item, 0))
        self.list.itemChanged.connect(self._note_name)
        self.list.itemSelectionChanged.connect(self._enable)
        self.status.linkActivated.connect(lambda _: self._bring_back())
        saved_formulas().changed.connect(self._fill)

    # --- the list ---

    def _fill(self) -> None:
        """Update the table; the selection is kept."""
        chosen, session = self.chosen(), self._session()
        self._filling = True
        self.list.clear()
        for saved in saved_formulas().saved:
            item = QTreeWidgetItem([saved.name, saved.kind, saved.formula, used_in(saved, session)])
            item.setData(0, Qt.ItemDataRole.UserRole, saved)
            item.setToolTip(2, saved.formula)
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsEditable)
            self.list.addTopLevelItem(item)
            item.setSelected(saved in chosen)
        for column in (0, 1, 3):
            self.list.resizeColumnToContents(column)
        self.list.setColumnWidth(0, min(max(self.list.columnWidth(0) + 12, scaled(160)), scaled(260)))
        self._filling = False
        self.pages.setCurrentIndex(0 if saved_formulas().saved else 1)
        if saved_formulas().notice:
            self.status.setText(saved_formulas().notice)
        self._enable()

    def chosen(self) -> list[SavedFormula]:
        """The selected formulas."""
        return [item.data(0, Qt.ItemDataRole.UserRole) for item in self.list.selectedItems()]

    def _enable(self) -> None:
        marked = len(self.list.selectedItems())
        self.rename.setEnabled(marked == 1)
        self.delete.setEnabled(marked > 0)
        self.export.setEnabled(bool(saved_formulas().saved))
        self.export.setText("&Export…" if marked else "&Export all…")

    # --- renaming and deleting ---

    def _edit_name(self) -> None:
        if len(items := self.list.selectedItems()) == 1:
            self.list.editItem(items[0], 0)

    def _note_name(self, item: QTreeWidgetItem, column: int) -> None:
        """Apply a typed name, after the table has closed its editor."""
        if not self._filling and column == 0:
            self._typed = item.data(0, Qt.ItemDataRole.UserRole), item.text(0)
            QTimer.singleShot(0, self, self._rename)

    def _rename(self) -> None:
        saved, name = self._typed
        try:
            saved_formulas().rename(saved, name)
            self.status.setText("")
        except ValueError as error:
            self.status.setText(str(error))
        self._fill()

    def _delete(self) -> None:
        gone = self.chosen()
        if not gone:
            return
        try:
            saved_formulas().remove(gone)
        except ValueError as error:
            self.status.setText(str(error))
            return
        self._deleted = gone
        what = gone[0].name if len(gone) == 1 else f"{len(gone)} of them"
        self._show_message_with_undo(f"Deleted {what}.")

    def _show_message_with_undo(self, text: str) -> None:
        shown = text.replace("&", "&amp;").replace("<", "&lt;")
        self.status.setText(f'{shown} <a href="{UNDO}">Undo</a>')

    def _bring_back(self) -> None:
        self._do(lambda: saved_formulas().take_in(self._deleted, BOTH), lambda added: f"{_count(added)} restored.")

    def _do(self, change: Callable[[], list[SavedFormula]], report: Callable[[list[SavedFormula]], str]) -> None:
        """Add formulas, select them and report it; or show the error."""
        try:
            added = change()
        except ValueError as error:
            self.status.setText(str(error))
            return
        self.status.setText(report(added))
        for index in range(self.list.topLevelItemCount()):
            item = self.list.topLevelItem(index)
            if item is not None:
                item.setSelected(item.data(0, Qt.ItemDataRole.UserRole) in added)

    # --- files ---

    def _ask_import(self) -> None:
        chosen, _ = QFileDialog.getOpenFileName(self, "Import maps", str(self._folder), FILTER)
        if chosen:
            self.import_from(Path(chosen))

    def import_from(self, path: Path) -> None:
        """Import a file; ask first about names that exist. A file with an error changes nothing."""
        self._folder = path.parent
        try:
            newcomers = run_in_background(self, f"Reading {path.name}…", lambda: my_maps_store.load(path))
        except ValueError as error:
            show_message(self, f"{path.name} was not imported.", str(error))
            return
        saved_formulas().refresh()
        clashes = saved_formulas().clashes(newcomers)
        if clashes:
            self._ask_clash(newcomers, clashes, path)
        else:
            self._take_in(newcomers, BOTH, path)

    def _ask_clash(self, newcomers: Sequence[SavedFormula], clashes: Sequence[SavedFormula], path: Path) -> None:
        names = ", ".join(saved.name for saved in clashes[:NAMED]) + (f" and {len(clashes) - NAMED} more" if len(clashes) > NAMED else "")
        box = QMessageBox(QMessageBox.Icon.Question, "Import", "", parent=self)
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.setText(
            f"You already have a formula named {names}." if len(clashes) == 1 else f"You already have formulas with these names: {names}."
        )
        box.setInformativeText("Keep both (the imported one gets a number after its name), replace yours, or skip the imported one?")
        answers = {
            box.addButton(text, QMessageBox.ButtonRole.AcceptRole): clash
            for text, clash in (("Keep &both", BOTH), ("&Replace", REPLACE), ("&Skip", SKIP))
        }
        box.addButton(QMessageBox.StandardButton.Cancel)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)

        def answered() -> None:
            clash = answers.get(box.clickedButton())  # type: ignore[call-overload]
            if clash is not None:
                self._take_in(newcomers, clash, path)

        box.finished.connect(answered)
        box.open()

    def _take_in(self, newcomers: Sequence[SavedFormula], clash: str, path: Path) -> None:
        def report(added: list[SavedFormula]) -> str:
            rest = len(newcomers) - len(added)
            return f"{_count(added)} imported from {path.name}" + (f"; {rest} left out: they are saved already." if rest else ".")

        self._do(lambda: saved_formulas().take_in(newcomers, clash), report)

    def _ask_export(self) -> None:
        start = self._folder / "my-maps.toml"
        chosen, _ = QFileDialog.getSaveFileName(self, "Export maps", str(start), FILTER)
        path = with_suffix(chosen, ".toml", self)
        if path is not None:
            self.export_to(path)

    def export_to(self, path: Path) -> None:
        """Export the selected formulas, or all if none is selected."""
        exported = self.chosen() or list(saved_formulas().saved)
        try:
            my_maps_store.save(path, exported)
        except ValueError as error:
            show_message(self, f"{path.name} was not written.", str(error))
            return
        self._folder = path.parent
        self.status.setText(f"{_count(exported)} exported to {path.name}.")


def _count(found: Sequence[SavedFormula]) -> str:
    return found[0].name if len(found) == 1 else str(len(found) or "None")


def used_in(saved: SavedFormula, session: Session) -> str:
    """The titles of the tabs that show this formula."""
    shown = [(document.title, subject_of(table)) for document, table in zip(DOCUMENTS, session.tables, strict=True)]
    return ", ".join(title for title, subject in shown if subject and subject[0] == saved.kind and saved_as(*subject) == saved)


def open_my_maps(window: QWidget, session: Callable[[], Session], folder: Path) -> MyMapsDialog:
    """Open the dialog over the window, which shows `session`; files are first looked for in `folder`."""
    made = MyMapsDialog(session, folder, window)
    made.open()
    return made
