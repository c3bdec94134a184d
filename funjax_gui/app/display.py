"""Size of the text, full screen, presentation (full screen, larger text, thicker lines, plots alone), and whether plots are stretched."""

from dataclasses import replace

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction, QFont
from PySide6.QtWidgets import QApplication, QMainWindow

from funjax_gui.app.host import Host
from funjax_gui.app.preferences import TEXT_SIZES
from funjax_gui.plots import BasePlot
from funjax_gui.widgets import action

PRESENTED = 1.5
"""How many times as large text is in a presentation, and the same for lines."""

NARROWEST, NARROWEST_PLOTS = 730, 640
"""Width in pixels that the window needs for the usual text, and without what is beside the plots; in proportion for larger text."""

BESIDE = ("F9", "F8")
"""Keys of the actions that show what is beside the plots."""


class Display(QObject):
    """The actions of a window, and its state."""

    def __init__(self, window: QMainWindow, host: Host) -> None:
        super().__init__(window)
        self._window, self._host = window, host
        # A window that was closed in a presentation would come back without its frame, and with all panels.
        window.setWindowState(window.windowState() & ~Qt.WindowState.WindowFullScreen)
        self._usual = QFont(QApplication.font())
        self._hidden: list[QAction] = []
        self._has_caption = False
        self.larger = action(window, "Larger text", ("Ctrl++", "Ctrl+="), lambda: self._change_text(1))
        self.smaller = action(window, "Smaller text", "Ctrl+-", lambda: self._change_text(-1))
        self.full_screen = action(window, "Full screen", "F11", self._toggle_full_screen)
        self.presentation = action(window, "Presentation", "Shift+F11", self._present, False)
        self.stretch = action(window, "Stretch plots to fill", None, self.set_stretched, False)
        self.set_text(host.preferences.text)

    @property
    def actions(self) -> list[QAction]:
        """The actions for the View menu."""
        return [self.larger, self.smaller, self.full_screen, self.presentation, self.stretch]

    def set_stretched(self, is_stretched: bool) -> None:
        """Whether plots whose axes show the same quantity fill their room instead of having equal scales."""
        self.stretch.setChecked(is_stretched)
        for plot in self._host.tabs.findChildren(BasePlot):
            plot.set_stretched(is_stretched)

    def set_text(self, percent: int) -> None:
        """Show text in this size, and remember it."""
        self._host.preferences = replace(self._host.preferences, text=percent)
        presented, width = self.presentation.isChecked(), self._window.screen().availableSize().width()
        largest = max(1.0, width / (NARROWEST_PLOTS if presented else NARROWEST))
        self.larger.setEnabled(percent < min(TEXT_SIZES[-1], 100 * largest - 15))
        self.smaller.setEnabled(percent > TEXT_SIZES[0])
        font = QFont(self._usual)
        font.setPointSizeF(self._usual.pointSizeF() * min(percent / 100 * (PRESENTED if presented else 1.0), largest))
        if font != QApplication.font():
            QApplication.setFont(font)
            self._host.set_theme(self._host.preferences.theme)  # the style sheet has lengths and sizes

    def _change_text(self, by: int) -> None:
        self.set_text(TEXT_SIZES[TEXT_SIZES.index(self._host.preferences.text) + by])

    def _toggle_full_screen(self) -> None:
        self._window.setWindowState(self._window.windowState() ^ Qt.WindowState.WindowFullScreen)

    def _present(self, on: bool) -> None:
        """Begin or end a presentation; what it hides comes back."""
        if on:
            every = [entry for tab in self._host.all_tabs() for entry in tab.view_actions() if entry is not None]
            self._hidden = [entry for entry in every if entry.isChecked() and entry.shortcut().toString() in BESIDE]
        for entry in self._hidden:
            if entry.isChecked() == on:
                entry.trigger()
        if on:
            self._has_caption = self._host.caption.isVisible()
        self._host.caption.setVisible(self._has_caption and not on)
        state = self._window.windowState() & ~Qt.WindowState.WindowFullScreen
        self._window.setWindowState(state | Qt.WindowState.WindowFullScreen if on else state)
        self.set_text(self._host.preferences.text)
        for plot in self._host.tabs.findChildren(BasePlot):
            plot.set_thickness(PRESENTED if on else 1.0)

    def close(self) -> None:
        """Give the application its usual font back."""
        if QApplication.font() != self._usual:
            QApplication.setFont(self._usual)
