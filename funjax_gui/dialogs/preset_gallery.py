"""The preset gallery: thumbnails under a heading for each tab, a search field, and the description of the selected preset."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QIcon, QPixmap, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QLineEdit, QListView, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from funjax_gui.documents import Preset, document_of, presets
from funjax_gui.style import fitting, scaled

THUMBNAIL = QSize(192, 120)

CANCEL = "Close the gallery and change nothing (Esc)"

PRESET = Qt.ItemDataRole.UserRole


class Gallery(QDialog):
    """Presets by tab. Open, a double click or Enter opens the selected one; what is typed in the search field is in its title or text."""

    chosen = Signal(object)

    def __init__(self, dark: bool, parent: QWidget | None = None) -> None:
        """`dark`: whether the thumbnails are those for dark themes."""
        super().__init__(parent)
        self._dark = dark
        self.setWindowTitle("Preset gallery")
        self.resize(fitting(1000, 680))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.search = QLineEdit(placeholderText="Search", clearButtonEnabled=True)
        self.search.setAccessibleName("Search the presets")
        self.search.setToolTip("Show the presets with these words in their title or description")
        self.search.textChanged.connect(self._filter)
        self.list = PresetList()
        self.list.typed.connect(self._search)
        self.words = QLabel()
        self.words.setWordWrap(True)
        self.words.setTextFormat(Qt.TextFormat.PlainText)
        self.words.setMinimumHeight(3 * self.words.fontMetrics().height())
        self.words.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Open | QDialogButtonBox.StandardButton.Cancel, self)
        for which, tip in (
            (QDialogButtonBox.StandardButton.Open, "Open the preset (Enter)"),
            (QDialogButtonBox.StandardButton.Cancel, CANCEL),
        ):
            self.buttons.button(which).setToolTip(tip)
        self.buttons.accepted.connect(lambda: self._choose(self.list.currentItem()))
        self.buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        for widget in (self.search, self.list, self.words, self.buttons):
            column.addWidget(widget, int(widget is self.list))
        tab = ""
        for preset in presets():
            if preset.session.tab != tab:
                tab = preset.session.tab
                self.list.add_heading(document_of(tab).title)
            self.list.add(preset, _picture(preset, dark))
        self.list.currentItemChanged.connect(self._describe)
        self.list.itemActivated.connect(self._choose)
        self.list.setCurrentRow(1)
        self.list.setFocus()

    def _describe(self, item: QListWidgetItem | None) -> None:
        self.words.setText(item.data(PRESET).session.about if item is not None else "")
        self.buttons.button(QDialogButtonBox.StandardButton.Open).setEnabled(item is not None)

    def _search(self, text: str) -> None:
        self.search.setFocus()
        self.search.insert(text)

    def _filter(self, text: str) -> None:
        """Show the presets that have all these words, and select the first of them."""
        found = self.list.show_only(text.casefold().split())
        self.list.setCurrentItem(found[0] if found else None)  # type: ignore[arg-type]

    def _choose(self, item: QListWidgetItem | None) -> None:
        if item is not None:
            self.chosen.emit(item.data(PRESET))
            self.close()


class PresetList(QListWidget):
    """Thumbnails with titles, in rows below headings of the whole width."""

    typed = Signal(str)
    """A character typed here, which is to be searched for."""

    def __init__(self) -> None:
        super().__init__()
        self.setViewMode(QListView.ViewMode.IconMode)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setMovement(QListView.Movement.Static)
        self.setIconSize(THUMBNAIL)
        self.setWordWrap(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)  # else the headings' width would depend on it
        self.setAccessibleName("Presets")
        self.setToolTip("Choose a preset with the arrow keys; open it with Enter or a double click")
        self._headings: list[QListWidgetItem] = []

    def keyboardSearch(self, search: str) -> None:
        """Hand on what is typed; called by Qt."""
        self.typed.emit(search)

    def add_heading(self, title: str) -> None:
        """Begin a group."""
        heading = QListWidgetItem(title.upper())
        heading.setFlags(Qt.ItemFlag.NoItemFlags)
        heading.setTextAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignBottom)
        self._headings.append(heading)
        self.addItem(heading)

    def add(self, preset: Preset, picture: QIcon) -> None:
        """Add a preset to the group."""
        item = QListWidgetItem(picture, preset.session.title)
        item.setData(PRESET, preset)
        item.setToolTip(preset.session.about)
        item.setTextAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        self.addItem(item)

    def items_shown(self) -> list[QListWidgetItem]:
        """The presets that are not hidden."""
        every = [self.item(row) for row in range(self.count())]
        return [item for item in every if item.data(PRESET) is not None and not item.isHidden()]

    def show_only(self, words: list[str]) -> list[QListWidgetItem]:
        """Hide the presets that lack one of the words, and the headings of empty groups; returns the others."""
        heading, any_left = None, False
        for item in [*(self.item(row) for row in range(self.count())), None]:
            if item is None or item in self._headings:
                if heading is not None:
                    heading.setHidden(not any_left)
                heading, any_left = item, False
                continue
            session = item.data(PRESET).session
            text = f"{session.title} {session.about}".casefold()
            item.setHidden(not all(word in text for word in words))
            any_left = any_left or not item.isHidden()
        return self.items_shown()

    def _lay_out(self) -> None:
        """Fill each row with as many equal cells as fit; a heading takes a row."""
        line, room = self.fontMetrics().height(), self.viewport().width() - 2
        cell = room // max(1, room // (THUMBNAIL.width() + scaled(16)))
        for row in range(self.count()):
            item = self.item(row)
            is_heading = item in self._headings
            item.setSizeHint(QSize(room, 2 * line) if is_heading else QSize(cell, THUMBNAIL.height() + 2 * line + scaled(14)))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Adapt the cells to the width; called by Qt."""
        self._lay_out()
        super().resizeEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        """Adapt the cells to the width; called by Qt."""
        self._lay_out()
        super().showEvent(event)


def _picture(preset: Preset, dark: bool) -> QIcon:
    """The preset's thumbnail; plain if it is missing, so that the grid keeps its shape."""
    picture = QPixmap(str(preset.thumbnail(dark)))
    if picture.isNull():
        picture = QPixmap(THUMBNAIL)
        picture.fill(Qt.GlobalColor.darkGray)
    return QIcon(picture)
