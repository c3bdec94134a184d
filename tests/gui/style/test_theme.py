"""Every colour that is read or shows what can be used stands out from its ground, dark and light (WCAG 2.2, 1.4.3 and 1.4.11)."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPalette
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QCheckBox, QComboBox, QLineEdit, QPushButton, QSlider, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from funjax_gui.plots.axis import SPINE
from funjax_gui.style import style_sheet
from funjax_gui.style.theme import DARK, LIGHT, Colours

TEXT, GRAPHIC = 4.5, 3.0
THEMES = pytest.mark.parametrize("colours", (DARK, LIGHT), ids=("dark", "light"))


def luminance(colour: str) -> float:
    def linear(share: float) -> float:
        return share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4

    red, green, blue, _ = QColor(colour).getRgbF()
    return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def over(colour: str, ground: str, strength: float) -> str:
    parts = zip(QColor(colour).getRgb()[:3], QColor(ground).getRgb()[:3], strict=True)
    return "#" + "".join(f"{round(below + (above - below) * strength):02x}" for above, below in parts)


def test_contrast_is_reckoned_as_the_guidelines_say() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)
    assert over("#ffffff", "#000000", 0.5) == "#808080"


@THEMES
@pytest.mark.parametrize("role", ("text", "muted", "accent", "accent2", "good", "bad"))
@pytest.mark.parametrize("ground", ("background", "panel"))
def test_what_is_read_stands_out(colours: Colours, role: str, ground: str) -> None:
    assert contrast(colours.shade(role), colours.shade(ground)) >= TEXT


@THEMES
def test_what_is_chosen_stands_out(colours: Colours) -> None:
    assert contrast(colours.text, colours.line) >= TEXT, "a row, or an entry of a menu, that is chosen"
    assert contrast(colours.background, colours.accent) >= TEXT, "text that is selected, and the tick of a box"


@THEMES
@pytest.mark.parametrize("ground", ("background", "panel"))
def test_outlines_and_axes_stand_out(colours: Colours, ground: str) -> None:
    assert contrast(colours.edge, colours.shade(ground)) >= GRAPHIC
    assert contrast(over(colours.muted, colours.background, SPINE), colours.background) >= GRAPHIC
    assert contrast(colours.accent, colours.shade(ground)) >= GRAPHIC, "the ring about what has the keys"


@THEMES
def test_the_palette_has_the_same_colours(qapp: QApplication, colours: Colours) -> None:
    palette, roles = style_sheet._palette(colours), QPalette.ColorRole
    for text, ground in ((roles.WindowText, roles.Window), (roles.Text, roles.Base), (roles.ButtonText, roles.Button)):
        assert contrast(palette.color(text).name(), palette.color(ground).name()) >= TEXT
    for text, ground in ((roles.HighlightedText, roles.Highlight), (roles.ToolTipText, roles.ToolTipBase), (roles.Link, roles.Base)):
        assert contrast(palette.color(text).name(), palette.color(ground).name()) >= TEXT


@THEMES
@pytest.mark.parametrize("kind", (QLineEdit, QComboBox, QPushButton, QCheckBox, QSlider))
def test_one_sees_what_has_the_keys(qtbot: QtBot, qapp: QApplication, colours: Colours, kind: type[QWidget]) -> None:
    window, widget, other = QWidget(), kind(), QPushButton("other")
    qtbot.addWidget(window)
    style_sheet.apply_theme(window, colours)
    if isinstance(widget, QSlider):
        widget.setOrientation(Qt.Orientation.Horizontal)
    elif isinstance(widget, QCheckBox):
        widget.setChecked(True)
    column = QVBoxLayout(window)
    for part in (widget, other):
        column.addWidget(part)
    window.show()
    window.activateWindow()
    assert QTest.qWaitForWindowActive(window, 60_000)
    other.setFocus()
    size, before = widget.size(), widget.grab().toImage()
    widget.setFocus(Qt.FocusReason.TabFocusReason)
    after = widget.grab().toImage()
    if isinstance(widget, QLineEdit):
        widget.deselect()
    changed = [(x, y) for x in range(before.width()) for y in range(before.height()) if before.pixelColor(x, y) != after.pixelColor(x, y)]
    assert len(changed) >= 2 * (12 + 12), "about what is in focus there is a ring"
    assert widget.size() == size, "and nothing jumps"


@pytest.mark.parametrize(
    ("scheme", "colours"),
    [(Qt.ColorScheme.Light, LIGHT), (Qt.ColorScheme.Dark, DARK), (Qt.ColorScheme.Unknown, DARK)],
    ids=lambda v: str(v)[:20],
)
def test_the_systems_choice_is_followed(monkeypatch: pytest.MonkeyPatch, scheme: Qt.ColorScheme, colours: Colours) -> None:
    class Hints:
        def colorScheme(self) -> Qt.ColorScheme:
            return scheme

    monkeypatch.setattr(QApplication, "styleHints", lambda: Hints())
    assert style_sheet.colours_for("system") is colours
    assert style_sheet.colours_for("light") is LIGHT and style_sheet.colours_for("dark") is DARK
