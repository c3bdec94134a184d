"""The status of each method under the picture: its iterate at the step shown, or how its run ended."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from funjax_gui.figures import method_swatch
from funjax_gui.style import DARK, Colours, scaled, with_font
from funjax_gui.tabs.newton.equations import method_title
from funjax_gui.tabs.newton.status_text import method_status
from funjax_gui.widgets import ElidingLabel
from kernels.newton import NewtonFrame


class MethodStatusLine(QFrame):
    """The status of one method in one line; a click, Space or Enter gives the method the focus."""

    chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "pick")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.method = ""
        self._swatch, self._name, self.text = QLabel(), QLabel(), ElidingLabel(clauses=True)
        self.text.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self._swatch)
        row.addWidget(self._name)
        row.addWidget(self.text, 1)
        self.setToolTip("Click, or press Space, to show this method in detail")

    def show_method(self, method: str, colours: Colours, chosen: bool) -> None:
        """Show this method's name and marker."""
        self.method = method
        self._swatch.setPixmap(method_swatch(method, colours, self.devicePixelRatioF()))
        self._name.setText(method_title(method))
        self.setAccessibleName(method_title(method))
        font = self._name.font()
        font.setBold(chosen)
        self._name.setFont(font)

    @property
    def title_width(self) -> int:
        """Width of the method's name, in bold as it is when it is chosen."""
        font = self._name.font()
        font.setBold(True)
        return QFontMetrics(font).horizontalAdvance(self._name.text()) + scaled(8)

    def set_title_width(self, width: int) -> None:
        """Leave the name this width."""
        self._name.setFixedWidth(width)

    def set_text(self, text: str) -> None:
        """Show this text."""
        if text != self.text.text():
            self.text.setText(text)
            self.text.setToolTip(text)
            self.setAccessibleDescription(text)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose the method."""
        event.accept()
        self.chosen.emit(self.method)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Choose the method by Space or Enter."""
        if event.key() in (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.chosen.emit(self.method)
        else:
            super().keyPressEvent(event)


class MethodStatusList(QWidget):
    """One line for each method that is on, in their order."""

    chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._colours = DARK
        self._shown: tuple[tuple[str, ...], str] = ((), "")
        self.lines: list[MethodStatusLine] = []
        self._column = QVBoxLayout(self)
        self._column.setSpacing(1)
        with_font(self, self._align)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Align with the plot area; a narrow window gives the text its whole width."""
        wide = self.width() > scaled(520)
        self._column.setContentsMargins(scaled(76) if wide else 4, 0, scaled(22) if wide else 4, 4)

    def set_theme(self, colours: Colours) -> None:
        """Draw in these colours."""
        self._colours = colours
        methods, focus = self._shown
        self._shown = ((), "")
        self.set_methods(methods, focus)

    def set_methods(self, methods: Sequence[str], focus: str) -> None:
        """Show a line for each of these."""
        if self._shown == (tuple(methods), focus):
            return
        self._shown = (tuple(methods), focus)
        while len(self.lines) < len(methods):
            line = MethodStatusLine()
            line.chosen.connect(self.chosen)
            self.lines.append(line)
            self._column.addWidget(line)
        for number, line in enumerate(self.lines):
            line.setVisible(number < len(methods))
            if number < len(methods):
                line.show_method(methods[number], self._colours, methods[number] == focus)
        self._align()

    def _align(self) -> None:
        """Begin all texts behind the longest of the names."""
        shown = self.lines[: len(self._shown[0])]
        widest = max((line.title_width for line in shown), default=0)
        for line in shown:
            line.set_title_width(widest)

    def show_runs(self, runs: Mapping[str, NewtonFrame], refused: Mapping[str, str], at: int) -> None:
        """Show the status of each method at step `at`."""
        for line in self.lines:
            if line.isHidden():
                continue
            run = runs.get(line.method)
            line.set_text(refused.get(line.method) or ("computing" if run is None else method_status(run, at)))
