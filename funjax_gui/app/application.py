"""Open the window and run the application until it is closed."""

import gc
import sys
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication

from funjax_gui.app import autosave, preferences, signals, window
from funjax_gui.app.restore import offer_restore
from funjax_gui.dialogs import icon
from funjax_gui.files import remove_old_drafts
from funjax_gui.formulas import Typesetter, saved_formulas, store
from funjax_gui.garbage import collected_in_main_thread
from funjax_gui.widgets import show_message
from funjax_gui.worker import share_heaps

LONGEST_HOLD = 3000
"""Longest time in milliseconds that the worker waits for the first paint of the window."""


def run(session_path: Path | None = None) -> int:
    """Open the window, on a session if one is given, and return the exit status when it is closed."""
    share_heaps()
    application = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(application, QApplication)
    application.setApplicationName("funjax")
    application.setApplicationDisplayName("funjax")
    application.setWindowIcon(QIcon(str(icon())))
    application.setDesktopFileName("funjax")
    with signals.quits(application) as received, collected_in_main_thread():
        made = _opened(session_path)
        # Objects made so far are permanent: frozen, they are not scanned by the collector, which would take a tenth of a second.
        gc.freeze()
        made.closed.connect(application.quit)  # also if dialogs are still open
        status = received.status or application.exec()
        if received.number:
            made.leave()
        return status


def _opened(session_path: Path | None) -> window.Window:
    """Make the window: with a session, with the question after a crash, or with the offer of the tour."""
    remembered, notice = preferences.load()
    made = window.Window(remembered)
    # Importing JAX and the typesetting library would delay the first paint and the first picture.
    made.worker.hold()
    Typesetter.is_put_off = True
    made.show()
    QTimer.singleShot(LONGEST_HOLD, made.worker.release)
    remove_old_drafts(autosave.folder(), preferences.path().parent, store.path().parent)
    left = autosave.left_behind()
    made.autosave.begin()
    if session_path is not None:
        for unsaved in left:
            unsaved.release()
        made.filing.open(session_path)
    elif left:
        offer_restore(made, made.autosave, left, made.show_session)
    else:
        made.tours.greet()
    if saved_formulas().notice:
        show_message(made, "Some saved formulas could not be read.", saved_formulas().notice)
    if notice:
        QTimer.singleShot(0, lambda: made.status_line.show_failure(notice, "", held=True))
    return made
