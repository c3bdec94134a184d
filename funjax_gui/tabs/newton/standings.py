"""One line a method under the picture: where its run is at the step shown, and at its end how it ended."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget
from superqt import QElidingLabel

from funjax_gui.figures import method_swatch
from funjax_gui.style import DARK, Colours, scaled
from funjax_gui.tabs.newton.status_text import standing
from kernels.newton import NewtonFrame
from kernels.newton.solvers import find_method


class Line(QFrame):
    """A method's line; a click, or Space, brings the method into focus."""

    chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "pick")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.method = ""
        self._swatch, self._name, self.text = QLabel(), QLabel(), QElidingLabel()
        self._name.setFixedWidth(scaled(176))
        self.text.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.text.setTextFormat(Qt.TextFormat.PlainText)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self._swatch)
        row.addWidget(self._name)
        row.addWidget(self.text, 1)
        self.setToolTip("Click, or Space, to look at this method more closely")

    def show_method(self, method: str, colours: Colours, chosen: bool) -> None:
        """Be this method's line."""
        self.method = method
        self._swatch.setPixmap(method_swatch(method, colours, self.devicePixelRatioF()))
        self._name.setText(find_method(method).title)
        self.setAccessibleName(find_method(method).title)
        font = self._name.font()
        font.setBold(chosen)
        self._name.setFont(font)

    def say(self, text: str) -> None:
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


class Standings(QWidget):
    """The lines, in the order of the methods that are on."""

    chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._colours = DARK
        self._shown: tuple[tuple[str, ...], str] = ((), "")
        self.lines: list[Line] = []
        self._column = QVBoxLayout(self)
        self._column.setSpacing(1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Stand below the plot area, or take all room where there is little."""
        wide = self.width() > scaled(520)
        self._column.setContentsMargins(scaled(76) if wide else 4, 0, scaled(22) if wide else 4, 4)

    def set_theme(self, colours: Colours) -> None:
        """Draw in these colours."""
        self._colours = colours
        methods, focus = self._shown
        self._shown = ((), "")
        self.set_methods(methods, focus)

    def set_methods(self, methods: Sequence[str], focus: str) -> None:
        """Have a line for each of these."""
        if self._shown == (tuple(methods), focus):
            return
        self._shown = (tuple(methods), focus)
        while len(self.lines) < len(methods):
            line = Line()
            line.chosen.connect(self.chosen)
            self.lines.append(line)
            self._column.addWidget(line)
        for number, line in enumerate(self.lines):
            line.setVisible(number < len(methods))
            if number < len(methods):
                line.show_method(methods[number], self._colours, methods[number] == focus)

    def say(self, runs: Mapping[str, NewtonFrame], refused: Mapping[str, str], at: int) -> None:
        """Say where each method is at step `at`."""
        for line in self.lines:
            if line.isHidden():
                continue
            run = runs.get(line.method)
            line.say(refused.get(line.method) or ("computing" if run is None else standing(run, at)))
