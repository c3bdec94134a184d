"""The tour panel: one chapter at a time, its things to try, and navigation."""

from typing import Any

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QPushButton, QScrollArea, QVBoxLayout, QWidget

from funjax_gui.formulas import Formula, FormulaLabel, Found
from funjax_gui.style import DARK, Colours
from funjax_gui.tours.file import Chapter, Tour, Trial
from funjax_gui.tours.prose_label import ProseLabel
from funjax_gui.widgets import button

SPACE = 11
"""Pixels between paragraphs."""


class TourPanel(QWidget):
    """Shows a tour and emits the user's commands."""

    turned = Signal(int)
    """The user opened the chapter with this index."""
    shown = Signal(object)
    """The user asks for the demonstration of this Trial."""
    returned = Signal()
    """The user asks for the state before the tour."""
    left = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.tour = Tour("", "", ())
        self.number = 0
        self._found: dict[Formula, Any] = {}
        self._colours = DARK
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._title = QLabel()
        self._title.setProperty("role", "heading")
        self.chapters = QComboBox()
        self.chapters.setAccessibleName("Chapter")
        self.chapters.setToolTip("Chapters of the tour; choose one to open it")
        self.chapters.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.chapters.activated.connect(self.turn)
        self.back = button("‹ &Back", "Previous chapter", lambda: self.turn(self.number - 1))
        self.on = button("&Next ›", "Next chapter", lambda: self.turn(self.number + 1))
        self.restore = button("Restore &what I had", "Leave the tour and restore the state before it", self.returned.emit)
        self.close_button = button("×", "Leave the tour (Esc); it will continue here", self.left.emit, "Leave the tour")
        self.close_button.setFixedWidth(30)
        self.body, self._column = QWidget(), QVBoxLayout()
        self.trials: list[QPushButton] = []
        self._lay_out()

    def _lay_out(self) -> None:
        self._column.setContentsMargins(16, 4, 16, 16)
        self._column.setSpacing(SPACE)
        self.body.setLayout(self._column)
        self.area = QScrollArea(widgetResizable=True)
        self.area.setWidget(self.body)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.area.setAccessibleName("The chapter's text")
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 6, 0, 8)  # the panel's own line at the left
        column.setSpacing(6)
        column.addLayout(_row((16, 6), (self._title, 1), (self.close_button, 0)))
        column.addLayout(_row((16, 16), (self.chapters, 1)))
        column.addWidget(self.area, 1)
        column.addLayout(_row((16, 16), (self.back, 1), (self.on, 1)))
        column.addLayout(_row((16, 16), (self.restore, 1)))

    # --- what is shown ---

    def show_tour(self, tour: Tour, number: int) -> None:
        """Show a tour at the chapter with this index."""
        self.tour = tour
        self._title.setText(tour.title.upper())
        self._title.setToolTip(tour.about)
        self.chapters.clear()
        self.chapters.addItems([f"{n}  {chapter.title}" for n, chapter in enumerate(tour.chapters, 1)])
        self.show_chapter(number)

    def show_chapter(self, number: int) -> None:
        """Show the chapter with this index, from its beginning."""
        self.number = min(max(number, 0), len(self.tour.chapters) - 1)
        self.chapters.setCurrentIndex(self.number)
        self.back.setEnabled(self.number > 0)
        self.on.setEnabled(self.number < len(self.tour.chapters) - 1)
        self._fill(self.tour.chapters[self.number])
        self.show_found(self._found)
        self.area.verticalScrollBar().setValue(0)

    @property
    def chapter(self) -> Chapter:
        """The chapter that is shown."""
        return self.tour.chapters[self.number]

    def _fill(self, chapter: Chapter) -> None:
        while (item := self._column.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()  # deleting waits for the event loop
                widget.deleteLater()
        widgets: list[QWidget] = [FormulaLabel(block) if isinstance(block, Formula) else ProseLabel(block) for block in chapter.text]
        self.trials = []
        if chapter.trials:
            heading = QLabel("TO TRY")
            heading.setProperty("role", "heading")
            widgets.append(heading)
        widgets += [self._trial(trial) for trial in chapter.trials]
        for widget in widgets:
            self._column.addWidget(widget)
        self._column.addStretch(1)
        self.set_theme(self._colours)

    def _trial(self, trial: Trial) -> QWidget:
        label = ProseLabel(trial.text)
        show = button("Show me", f"Demonstrate: {trial.text.spoken}", lambda: self.shown.emit(trial))
        show.setVisible(len(trial.show) > 1)  # the first action only sets the scene
        self.trials.append(show)
        both = QWidget()
        column = QVBoxLayout(both)
        column.setContentsMargins(0, 0, 0, 4)
        column.setSpacing(5)
        column.addWidget(label)
        column.addWidget(show, alignment=Qt.AlignmentFlag.AlignLeft)
        return both

    def show_found(self, found: Found) -> None:
        """Set the formulas that were typeset."""
        self._found.update(found)
        for label in self.body.findChildren(FormulaLabel) + self.body.findChildren(ProseLabel):
            label.show_found(self._found)

    def set_theme(self, colours: Colours) -> None:
        """Draw in these colours."""
        self._colours = colours
        for label in self.body.findChildren(FormulaLabel) + self.body.findChildren(ProseLabel):
            label.set_theme(colours)

    # --- what the user wants ---

    def event(self, event: QEvent) -> bool:
        """Claim Esc, which would otherwise stop the computation."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Leave the tour by Esc."""
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def turn(self, number: int) -> None:
        """Open the chapter with this index, as by the user."""
        self.show_chapter(number)
        self.turned.emit(self.number)


def _row(margins: tuple[int, int], *widgets: tuple[QWidget, int]) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setContentsMargins(margins[0], 0, margins[1], 0)
    row.setSpacing(8)
    for widget, share in widgets:
        row.addWidget(widget, share)
    return row
