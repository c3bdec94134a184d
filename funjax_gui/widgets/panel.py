"""Panels: controls in groups under headings, scrolled if the window is low."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLabel, QScrollArea, QToolButton, QVBoxLayout, QWidget

from funjax_gui.style import scaled, with_font

PANEL_WIDTH = 272
"""Width of all panels in pixels at the default font size."""

ROOMY, DENSE = (7, 10, 14, 8), (2, 4, 3, 2)
"""Pixels between the rows of a panel, above and below all, and above a heading; dense where the roomy one would have to scroll."""


class Stack(QWidget):
    """A column of widgets without margins; hidden while empty."""

    def __init__(self) -> None:
        super().__init__()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(7)
        self.hide()

    def replace(self, widgets: Sequence[QWidget]) -> None:
        """Replace the widgets; the previous ones are deleted."""
        while (item := self._column.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()  # deleting waits for the event loop
                widget.deleteLater()
        for widget in widgets:
            self._column.addWidget(widget)
        self.setVisible(bool(widgets))


class Fold(QToolButton):
    """A heading that shows and hides what is below it; hidden at first."""

    def __init__(self, title: str, group: QWidget) -> None:
        super().__init__()
        self.setCheckable(True)
        self._title, self._group = title, group
        self.setAccessibleName(title)
        self.setToolTip(f"Show or hide: {title}")
        self.toggled.connect(self._fold)
        self._fold(False)

    def _fold(self, shown: bool) -> None:
        self.setText(f"{'▾' if shown else '▸'} {self._title.upper()}")
        self._group.setVisible(shown)


class Panel(QWidget):
    """Controls under group headings, from top to bottom."""

    def __init__(self) -> None:
        super().__init__()
        self._column = QVBoxLayout(self)
        self._folds: dict[QWidget, Fold] = {}
        self._headings: list[QLabel] = []
        self._spaces = DENSE
        self._column.addStretch(1)
        self._space(ROOMY)

    def add_group(self, title: str, *widgets: QWidget, folded: bool = False) -> None:
        """Add a heading in capitals with widgets below it; `folded`: hidden until the heading is clicked."""
        if folded:
            group = Stack()
            group.replace(widgets)
            self._folds[group] = Fold(title, group)
            widgets = (group,)
        heading: QWidget = self._folds[group] if folded else QLabel(title.upper())
        heading.setProperty("role", "heading")
        if isinstance(heading, QLabel):
            heading.setContentsMargins(0, self._spaces[3], 0, 0)
            self._headings.append(heading)
        for widget in (heading, *widgets):
            self._column.insertWidget(self._column.count() - 1, widget)

    def fit(self, height: int) -> None:
        """Space the rows so that all can be seen in this height, if they can."""
        column = self._column
        rows = sum(not item.isEmpty() for item in map(column.itemAt, range(column.count())) if item is not None)
        headings = sum(not heading.isHidden() for heading in self._headings)
        between, above, below, before = (roomy - now for roomy, now in zip(ROOMY, self._spaces, strict=True))
        needed = column.totalMinimumHeightForWidth(self.width()) if column.hasHeightForWidth() else column.totalMinimumSize().height()
        roomy = needed + between * (rows - 1) + above + below + before * headings
        self._space(ROOMY if roomy <= height else DENSE)

    def _space(self, spaces: tuple[int, int, int, int]) -> None:
        if spaces == self._spaces:
            return
        self._spaces = spaces
        between, above, below, before = spaces
        self._column.setContentsMargins(14, above, 14, below)
        self._column.setSpacing(between)
        for heading in self._headings:
            heading.setContentsMargins(0, before, 0, 0)

    def set_group_visible(self, widget: QWidget, shown: bool) -> None:
        """Show or hide the folded group of a widget, with its heading."""
        for group, fold in self._folds.items():
            if group.isAncestorOf(widget):
                fold.setVisible(shown)
                group.setVisible(shown and fold.isChecked())

    def reveal(self, widget: QWidget) -> None:
        """Unfold the group of a widget."""
        for group, fold in self._folds.items():
            fold.setChecked(fold.isChecked() or group.isAncestorOf(widget))


def unfold(widget: QWidget) -> None:
    """Show the widget where it is in a folded group of a panel."""
    parent = widget.parentWidget()
    while parent is not None:
        if isinstance(parent, Panel):
            parent.reveal(widget)
        parent = parent.parentWidget()


class Scrolled(QScrollArea):
    """A scroll area around a widget, visible as long as the widget is not hidden."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__()
        self._held = widget
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWidget(widget)

    def let_through(self) -> None:
        """Be transparent and without a frame."""
        self.setProperty("role", "clear")
        for ground in (self.viewport(), self._held):
            ground.setAutoFillBackground(False)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the visibility and layout of the widget; called by Qt."""
        if watched is self._held and event.type() in (QEvent.Type.ShowToParent, QEvent.Type.HideToParent):
            self.setVisible(event.type() == QEvent.Type.ShowToParent)
        elif watched is self._held and event.type() == QEvent.Type.LayoutRequest:
            self._make_room()
        return super().eventFilter(watched, event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Adapt the height to the new width."""
        super().resizeEvent(event)
        self._make_room()

    def _make_room(self) -> None:
        """Set the height that wrapped text needs at this width, which QScrollArea does not do."""
        if isinstance(self._held, Panel):
            self._held.fit(self.viewport().height())
        layout = self._held.layout()
        if layout is not None and layout.hasHeightForWidth():
            self._held.setMinimumHeight(layout.minimumHeightForWidth(self.viewport().width()))


def scrolled(panel: Panel) -> Scrolled:
    """A scroll area with the panel at the common width."""
    area = Scrolled(panel)
    with_font(area, lambda: area.setFixedWidth(scaled(PANEL_WIDTH)))
    return area
