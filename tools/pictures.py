"""Make the README's pictures and the presets' thumbnails with the program itself: `python tools/pictures.py [FOLDER]`. Needs no screen."""

import os
import sys
import time
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import animations
from PySide6.QtWidgets import QApplication

from funjax_gui.app.preferences import Preferences
from funjax_gui.app.window import Window
from funjax_gui.dialogs.preset_gallery import THUMBNAIL
from funjax_gui.documents import load, render
from funjax_gui.files import resources

SIZE = (1400, 880)
PATIENCE = 60.0
"""Seconds that a tab may take to draw itself."""


def settle(application: QApplication, window: Window, rest: float = 2.0) -> None:
    """Let the event loop run until the worker has had nothing to do for `rest` seconds."""
    end, idle_since = time.monotonic() + PATIENCE, time.monotonic()
    while time.monotonic() < end and time.monotonic() - idle_since < rest:
        application.processEvents()
        if window.worker.running:
            idle_since = time.monotonic()
        time.sleep(0.005)


SCREENS = {"phase-plane": "standard-islands", "equations": "newton-fractal", "skeleton": "skeleton", "two-parameters": "henon-shrimps"}
"""Further pictures of the window: the preset that each shows."""


def _let_go(application: QApplication) -> None:
    """Nothing has the keys, so nothing is outlined."""
    if (focused := application.focusWidget()) is not None:
        focused.clearFocus()


def draw_thumbnails(folder: Path) -> None:
    """Draw the presets' thumbnails, those of tabs that have pictures to export, for dark and light themes."""
    for theme in ("dark", "light"):
        (folder / theme).mkdir(parents=True, exist_ok=True)
        for path in sorted((folder.parent / "sessions").glob("*.toml")):
            render(path, folder / theme / f"{path.stem}.png", size=(THUMBNAIL.width(), THUMBNAIL.height()), plain=True, theme=theme)


def main() -> None:
    """Draw the thumbnails, every tab and further screens dark, the first one to be seen also light, and the animations."""
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).resolve().parent.parent / "docs")
    folder.mkdir(exist_ok=True)
    application = QApplication(sys.argv[:1])
    window = Window(Preferences(theme="dark"))
    window.resize(*SIZE)
    window.show()
    draw_thumbnails(resources.folder() / "thumbnails")
    opened, first = window.tab, window.session()
    for index in range(window.tabs.count()):
        window.tabs.setCurrentIndex(index)
        settle(application, window)
        _let_go(application)
        window.grab().save(str(folder / f"{window.tab.name}.png"))
    for name, preset in SCREENS.items():
        window.show_session(load(resources.folder() / "sessions" / f"{preset}.toml"))
        settle(application, window)
        _let_go(application)
        window.grab().save(str(folder / f"{name}.png"))
    window.show_session(first)
    window.tabs.setCurrentWidget(opened)
    window.set_theme("light")
    settle(application, window)
    window.grab().save(str(folder / f"{opened.name}-light.png"))
    window.set_theme("dark")
    animations.draw(window, lambda: settle(application, window, 0.1), folder)
    window.close()


if __name__ == "__main__":
    main()
