"""Every preset: it loads, says what it shows, and opens from the gallery."""

import numpy as np
import pytest
from kept_window import KeptWindow
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from funjax_gui.app.window import Window
from funjax_gui.dialogs.preset_gallery import THUMBNAIL, Gallery
from funjax_gui.documents import Preset, presets
from funjax_gui.sessions import session as sessions

EACH = pytest.mark.parametrize("preset", presets(), ids=lambda preset: preset.name)


@pytest.fixture
def window(kept_window: KeptWindow) -> Window:
    return kept_window.opened((1200, 760))


def test_there_are_presets_of_every_tab() -> None:
    assert {preset.session.tab for preset in presets()} == set(sessions.TABS)
    titles = [preset.session.title for preset in presets()]
    assert len(set(titles)) == len(titles) >= 20


@EACH
def test_a_preset_says_what_it_shows_and_survives_saving(preset: Preset) -> None:
    session = preset.session
    assert 5 <= len(session.title) <= 60 and 40 <= len(session.about) <= 240
    assert sessions.parse(sessions.dumps(session)) == session


@pytest.mark.parametrize("dark", [True, False], ids=["dark", "light"])
@EACH
def test_a_preset_has_a_thumbnail_made_of_it(preset: Preset, dark: bool) -> None:
    picture = QImage(str(preset.thumbnail(dark)))
    assert picture.size() == THUMBNAIL
    pixels = picture.convertToFormat(QImage.Format.Format_RGB32)
    assert len(np.unique(np.frombuffer(pixels.constBits(), np.uint32))) > 3


def test_the_gallery_opens_what_is_chosen(qtbot: QtBot, window: Window) -> None:
    menu = next(m for m in window.menuBar().findChildren(QMenu) if m.title() == "&Presets")
    menu.actions()[0].trigger()
    gallery = window.findChild(Gallery)
    assert gallery is not None and len(gallery.list.items_shown()) == len(presets())
    row = next(i for i, preset in enumerate(presets()) if preset.name == "crisis")
    gallery.list.setCurrentItem(gallery.list.items_shown()[row])
    assert "3.8568" in gallery.words.text()
    QTest.keyClick(gallery.list, Qt.Key.Key_Return)
    assert window.bifurcation.request.grid.viewport == presets()[row].session.bifurcation.viewport
    assert window.caption.title.text() == presets()[row].session.title and not window.caption.isHidden()
    window.undo.undo()
    assert window.bifurcation.request.grid.viewport != presets()[row].session.bifurcation.viewport
    window.tabs.setCurrentWidget(window.newton)
    assert window.caption.isHidden(), "the description is of another tab"


def test_the_gallery_is_searched_and_left_by_its_buttons(qtbot: QtBot, window: Window) -> None:
    before = window.session()
    window.show_gallery()
    gallery = window.findChild(Gallery)
    assert gallery is not None
    headings = [gallery.list.item(row) for row in range(gallery.list.count()) if not gallery.list.item(row).flags()]
    assert [heading.text() for heading in headings] == ["FIXED POINTS", "BIFURCATION", "NEWTON"]
    wide = {gallery.list.visualItemRect(heading).width() for heading in headings}
    assert len(wide) == 1 and wide.pop() > 3 * THUMBNAIL.width()
    QTest.keyClick(gallery.list, "c")
    QTest.keyClicks(gallery.search, "ircle locking")
    (found,) = gallery.list.items_shown()
    assert found.text() == "Circle map: mode locking" and gallery.words.text() and [h.isHidden() for h in headings] == [True, False, True]
    QTest.keyClicks(gallery.search, " nothing")
    assert gallery.list.items_shown() == [] and gallery.words.text() == "" and all(h.isHidden() for h in headings)
    opens, cancels = gallery.buttons.buttons()
    assert not opens.isEnabled()
    QTest.mouseClick(cancels, Qt.MouseButton.LeftButton)
    assert not gallery.isVisible() and window.session() == before
    window.show_gallery()
    (gallery,) = [dialog for dialog in window.findChildren(Gallery) if dialog.isVisible()]
    gallery.list.setCurrentItem(gallery.list.items_shown()[-1])
    QTest.mouseClick(gallery.buttons.buttons()[0], Qt.MouseButton.LeftButton)
    assert window.caption.title.text() == presets()[-1].session.title


def test_the_menu_lists_the_presets(window: Window) -> None:
    window.menus.presets.aboutToShow.emit()
    window.menus.presets.aboutToShow.emit()
    listed = [entry for menu in window.menus.presets.findChildren(QMenu) for entry in menu.actions()]
    assert [entry.text() for entry in listed] == [preset.session.title for preset in presets()]
    listed[0].trigger()
    assert window.caption.title.text() == presets()[0].session.title


def test_a_preset_changes_its_own_tab_only(window: Window) -> None:
    window.bifurcation._edit("transient", 123)
    other = next(preset for preset in presets() if preset.session.tab == "newton")
    window.show_preset(other)
    assert window.tab.name == "newton" and window.bifurcation.request.transient == 123
