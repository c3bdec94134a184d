"""The status bar: description of the picture, device and precision, progress, long-running work, and errors."""

from dataclasses import replace

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QProgressBar, QPushButton, QSizePolicy, QStatusBar, QWidget

from funjax_gui.style import scaled, with_font
from funjax_gui.tabs import Status
from funjax_gui.widgets import ElidingLabel, show_message

HELD = 4000
"""Milliseconds for which a passing message is shown."""

READABLE = 100
"""Milliseconds that a status stays while pictures follow one another faster, as in a drag: each lays out bar and window."""


class StatusLine(QStatusBar):
    """A sentence at the left, facts and a progress bar at the right, and a button for the details of an error.

    Between them, while something takes long, its description and the button `abandon`.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizeGripEnabled(False)
        self.sentence, self.facts, self.delay = ElidingLabel(), ElidingLabel(), ElidingLabel()
        self.sentence.setContentsMargins(6, 0, 6, 0)
        self.sentence.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.progress = QProgressBar()
        self.progress.setRange(0, 1000)
        self.progress.setTextVisible(False)
        with_font(self.progress, lambda: self.progress.setFixedWidth(scaled(120)))
        self.progress.setAccessibleName("Progress of the picture")
        # Its space is reserved when idle, so that the other parts do not move.
        policy = self.progress.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self.progress.setSizePolicy(policy)
        self.details = QPushButton("Details…")
        self.details.setToolTip("Show the details of the error")
        self.details.setFlat(True)
        self.details.clicked.connect(self._show_details)
        self.abandon = QPushButton("Abandon")
        self.abandon.setToolTip("Stop waiting (Esc). The compilation continues, and its result is used the next time.")
        self.delay.setProperty("role", "delay")
        self._details = ("", "")
        self._status = Status()
        self._held = QTimer(self, singleShot=True)
        self._held.timeout.connect(self._show_sentence)
        self._waits = False
        self._just_shown = QTimer(self, singleShot=True, interval=READABLE)
        self._just_shown.timeout.connect(lambda: self._show_latest() if self._waits else None)
        self.addWidget(self.sentence, 1)
        self.addWidget(self.details)
        self.addPermanentWidget(self.delay)
        self.addPermanentWidget(self.abandon)
        self.addPermanentWidget(self.progress)
        self.addPermanentWidget(self.facts)
        self.details.hide()
        self.show_delay("")
        self.show_status(Status())

    def show_status(self, status: Status) -> None:
        """Show a status; it replaces an error, except one that is held. One of a picture that is not complete may come a little later."""
        if status.passing:
            self._held.start(HELD)
            self._set_sentence(status.text, "")
            return
        self._status = status
        if status.at_once:
            self._held.stop()
        self._waits = status.progress is not None and not status.at_once and self._just_shown.isActive()
        if not self._waits:
            self._show_latest()

    def _show_latest(self) -> None:
        status, self._waits = self._status, False
        self._just_shown.stop() if status.progress is None else self._just_shown.start()
        if not self._held.isActive():
            self._show_sentence()
        if status.facts:
            self.facts.setText("  ·  ".join(status.facts))
        self.progress.setVisible(status.progress is not None)
        self.progress.setUpdatesEnabled(False)  # else Qt paints all of the window that waits for it, before the tab is complete
        self.progress.setValue(round(1000 * (status.progress or 0.0)))
        self.progress.setUpdatesEnabled(True)

    def begin_with(self, status: Status) -> None:
        """Show the status of another tab at once, not held messages or what delays the tab before, which *Abandon* would stop."""
        self.show_delay("")
        self.show_status(replace(status, at_once=True))

    def show_failure(self, message: str, details: str, held: bool = False) -> None:
        """Show an error in one line; the button shows the details. A `held` one stays for some seconds."""
        self._held.stop()
        self._waits = False
        if held:
            self._held.start(HELD)
        self._details = (message, details)
        self._set_sentence(message, "complaint")
        self.details.setVisible(bool(details))
        self.progress.hide()

    def show_delay(self, text: str, tip: str = "") -> None:
        """Show what takes long, with the button to abandon it; an empty text hides both."""
        self.delay.setText(text)
        self.delay.setToolTip(tip or text)
        for widget in (self.delay, self.abandon):
            widget.setVisible(bool(text))

    def show_preparation(self, text: str) -> None:
        """Say in the tip of the facts what is computed in the background; nothing where the text is empty."""
        self.facts.setToolTip(text)

    def _show_sentence(self) -> None:
        self._set_sentence(self._status.text, "")

    def _set_sentence(self, text: str, role: str) -> None:
        self.details.hide()
        if self.sentence.property("role") != role:  # each frame comes here, and polishing takes as long as a plot's axes
            self.sentence.setProperty("role", role)
            self.sentence.style().polish(self.sentence)
        if self.sentence.text() != text:
            self.sentence.setText(text)
            self.sentence.setToolTip(text)

    def _show_details(self) -> None:
        message, details = self._details
        show_message(self, message, details=details)
