"""Legends are below the picture while their panel is hidden."""

from PySide6.QtWidgets import QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from funjax_gui.widgets import Legend, LegendBelow, Panel, scrolled


def test_legends_are_below_while_the_panel_is_hidden(qtbot: QtBot) -> None:
    panel, roots, kinds = Panel(), Legend(), Legend()
    panel.add_group("Colours", roots, kinds)
    roots.setText("■ 1<br>■ −1")
    kinds.setText("● saddle")
    window, area = QWidget(), scrolled(panel)
    qtbot.addWidget(window)
    below = LegendBelow(area, panel.findChildren(Legend))
    column = QVBoxLayout(window)
    column.addWidget(area)
    column.addWidget(below)
    window.show()
    qtbot.waitUntil(below.isHidden)
    panel.hide()
    assert below.isVisible() and below.text() == "■ 1 &nbsp; ■ −1 &nbsp; ● saddle"
    kinds.hide()
    roots.setText("■ i")
    assert below.text() == "■ i"
    panel.show()
    assert below.isHidden()
