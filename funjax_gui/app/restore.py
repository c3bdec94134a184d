"""The question after a crash: restore the last session, or start a new one."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox, QWidget

from funjax_gui.app.autosave import Autosave, LeftBehind
from funjax_gui.sessions import Session
from funjax_gui.sessions import session as sessions


def offer_restore(parent: QWidget, autosave: Autosave, left: Sequence[LeftBehind], show: Callable[[Session], None]) -> None:
    """Offer to restore the newest state. A restored one keeps its file, and the others are offered at the next start.

    A declined one is deleted and the next one offered. A state that cannot be read is renamed.
    """
    if not left:
        return
    newest, *others = left
    try:
        session = sessions.load(newest.path)
    except (ValueError, OSError):
        newest.put_aside()
        offer_restore(parent, autosave, others, show)
        return
    box = QMessageBox(QMessageBox.Icon.Question, "funjax", "funjax was not closed properly last time.", parent=parent)
    more = f"\n\n{len(others)} older unsaved {'session is' if len(others) == 1 else 'sessions are'} kept as well." if others else ""
    box.setInformativeText(f"Restore the last session?{more}")
    box.setStandardButtons(QMessageBox.StandardButton.Yes | QMessageBox.StandardButton.No)
    box.button(QMessageBox.StandardButton.Yes).setText("&Restore")
    box.button(QMessageBox.StandardButton.No).setText("Start &new")
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)

    def answered(button: int) -> None:
        if button == QMessageBox.StandardButton.Yes:
            autosave.take_over(newest)
            for other in others:
                other.release()
            show(session)
        else:
            newest.discard()
            offer_restore(parent, autosave, others, show)

    box.finished.connect(answered)
    box.open()
