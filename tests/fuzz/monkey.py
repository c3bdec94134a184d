"""Random real events on the real window: python tests/fuzz/monkey.py --seconds 60 --seed 1

Keys, clicks, drags and turns of the wheel at random places, menus and tabs, with a watchdog over the window's thread. It fails at an
exception in a slot, and where undo and redo do not lead back; it prints the stalls with their stacks, and the memory.
"""

import gc
import shutil
import sys
import traceback
from collections import Counter
from pathlib import Path
from types import TracebackType

from program import Clock, away_from_home, resident_mb

folder = away_from_home()

from PySide6.QtCore import QPoint, QPointF, Qt, QTimer, qInstallMessageHandler  # noqa: E402
from PySide6.QtGui import QWheelEvent  # noqa: E402
from PySide6.QtTest import QTest  # noqa: E402
from PySide6.QtWidgets import QApplication, QDialog, QFileDialog, QMenu, QMessageBox, QWidget  # noqa: E402
from watchdog import Watchdog  # noqa: E402

from funjax_gui.garbage import collected_in_main_thread  # noqa: E402
from funjax_gui.process_exit import leave  # noqa: E402
from funjax_gui.worker import share_heaps  # noqa: E402

KEYS = [
    getattr(Qt.Key, f"Key_{name}")
    for name in "Tab Backtab Return Escape Space Left Right Up Down PageUp PageDown Home End Plus Minus F5".split()
]
TEXTS = ["r*x*(1-x)", "sin(a*x)", "x^2 + y^2", "3.57", "1e-9", "1e400", "-0", "0.1", "(", "nan", "x +", ""]
SAMPLES = 12
"""Measurements of the memory that are printed."""

LASTING = 400
"""Milliseconds that a dialog stays open at most."""

UNSUITABLE = ("quit", "close", "online", "full screen")
"""Words of menu entries that would end the run or leave the program."""


class Monkey:
    """One window and what was done to it."""

    def __init__(self, clock: Clock) -> None:
        from funjax_gui.app.window import Window

        self.clock, self.rng = clock, clock.random
        self.done: Counter[str] = Counter()
        self.errors: list[str] = []
        self.window = Window()
        self.window.resize(1200, 800)
        self.window.show()

    def fail(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        """Keep an exception that came out of a slot."""
        self.errors.append("".join(traceback.format_exception(kind, error, trace)))

    def act(self) -> None:
        """Do one thing at random."""
        kinds = (self.key, self.text, self.click, self.drag, self.wheel, self.tab, self.menu, self.undo_and_redo)
        act = self.rng.choices(kinds, (4, 3, 6, 3, 4, 1, 1, 1))[0]
        act()
        self.done[act.__name__] += 1

    def target(self) -> QWidget:
        """A visible widget of the window, or of the dialog over it."""
        top = QApplication.activeModalWidget() or self.window
        shown = [
            child for child in top.findChildren(QWidget) if child.isVisible() and child.isEnabled() and not child.visibleRegion().isEmpty()
        ]
        return self.rng.choice(shown) if shown else top

    def place(self, widget: QWidget) -> QPoint:
        return QPoint(self.rng.randrange(max(1, widget.width())), self.rng.randrange(max(1, widget.height())))

    def key(self) -> None:
        modifier = self.rng.choice(
            [Qt.KeyboardModifier.NoModifier] * 3 + [Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.AltModifier]
        )
        QTest.keyClick(QApplication.focusWidget() or self.window, self.rng.choice(KEYS), modifier)

    def text(self) -> None:
        QTest.keyClicks(QApplication.focusWidget() or self.window, self.rng.choice(TEXTS))
        if self.rng.random() < 0.5:
            self.press_return()

    def press_return(self) -> None:
        QTest.keyClick(QApplication.focusWidget() or self.window, Qt.Key.Key_Return)

    def click(self) -> None:
        widget = self.target()
        press = QTest.mouseDClick if self.rng.random() < 0.1 else QTest.mouseClick
        press(widget, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, self.place(widget))

    def drag(self) -> None:
        widget = self.target()
        button = self.rng.choice((Qt.MouseButton.LeftButton, Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton))
        QTest.mousePress(widget, button, Qt.KeyboardModifier.NoModifier, self.place(widget))
        for _ in range(5):
            QTest.mouseMove(widget, self.place(widget))
        QTest.mouseRelease(widget, button, Qt.KeyboardModifier.NoModifier, self.place(widget))

    def wheel(self) -> None:
        widget = self.target()
        at, turn = QPointF(self.place(widget)), QPoint(0, self.rng.choice((-240, -120, 120, 240)))
        none = Qt.KeyboardModifier.NoModifier
        event = QWheelEvent(at, widget.mapToGlobal(at), QPoint(), turn, Qt.MouseButton.NoButton, none, Qt.ScrollPhase.NoScrollPhase, False)
        QApplication.sendEvent(widget, event)

    def tab(self) -> None:
        self.window.tabs.setCurrentIndex(self.rng.randrange(self.window.tabs.count()))

    def menu(self) -> None:
        actions = [
            action
            for menu in self.window.menuBar().findChildren(QMenu)
            for action in menu.actions()
            if action.isEnabled()
            and action.menu() is None
            and not any(word in action.text().replace("&", "").lower() for word in UNSUITABLE)
        ]
        self.rng.choice(actions).trigger()

    def undo_and_redo(self) -> None:
        """Undo and redo lead back to the same state."""
        undo = self.window.undo
        undo.settle()
        before = self.window.session()
        stack = undo._group.activeStack()
        if stack is not None and stack.canUndo():
            undo.undo()
            undo.redo()
            assert self.window.session() == before, f"undo and redo lead from\n{before}\nto\n{self.window.session()}"


def close_dialogs() -> None:
    """Close the dialog that is open; a nested loop of its own would keep the monkey waiting."""
    dialog = QApplication.activeModalWidget()
    if isinstance(dialog, QDialog):
        dialog.reject()
    popup = QApplication.activePopupWidget()
    if popup is not None:
        popup.close()


def answer_questions() -> None:
    """Give random file names, and decline what is asked, without a loop of a dialog's own."""
    QFileDialog.getSaveFileName = lambda *_, **__: (str(folder / "saved.toml"), "")  # type: ignore[method-assign]
    QFileDialog.getOpenFileName = lambda *_, **__: (str(Path(__file__)), "")  # type: ignore[method-assign]
    QMessageBox.question = lambda *_, **__: QMessageBox.StandardButton.Discard  # type: ignore[assignment]


def main() -> int:
    clock = Clock("Random events on the window.")
    share_heaps()
    application = QApplication(sys.argv[:1])
    with collected_in_main_thread():  # as the program itself: Python's own way takes more memory
        return play(clock, application)


def play(clock: Clock, application: QApplication) -> int:
    """Do things at random while the clock runs, and print what came of it; the exit status."""
    answer_questions()
    said: Counter[str] = Counter()
    qInstallMessageHandler(lambda _kind, _context, text: said.update([text]))
    monkey = Monkey(clock)
    gc.freeze()
    watchdog = Watchdog()
    watchdog.start()
    sys.excepthook = monkey.fail
    memory = [resident_mb()]
    closer = QTimer(interval=LASTING)
    closer.timeout.connect(close_dialogs)
    closer.start()
    while clock.runs and not monkey.errors:
        try:
            monkey.act()
        except Exception as error:
            monkey.fail(type(error), error, error.__traceback__)
        QTest.qWait(monkey.rng.choice((0, 5, 20, 100)))
        if clock.share * SAMPLES > len(memory):
            memory.append(resident_mb())
    watchdog.stop()
    close_dialogs()
    monkey.window.close()
    application.processEvents()
    print(f"monkey: seed {clock.seed}, {sum(monkey.done.values())} events {dict(monkey.done)}")
    print(f"memory in MB, from beginning to end: {' '.join(f'{size:.0f}' for size in memory)}")
    print(watchdog.report())
    print(*(f"  Qt said {count} times: {text}" for text, count in said.most_common(8) if "plugin does not" not in text), sep="\n")
    for error in monkey.errors:
        print(error)
    return 1 if monkey.errors else 0


if __name__ == "__main__":
    status = main()
    shutil.rmtree(folder, ignore_errors=True)  # `leave` may end the process at once
    leave(status)  # a step under way in another thread cannot be ended
