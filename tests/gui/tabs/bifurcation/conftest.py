"""A bifurcation tab that shows the plane of Hénon's two parameters."""

import pytest
from pytestqt.qtbot import QtBot

from funjax_gui.tabs.bifurcation.tab import BifurcationTab


@pytest.fixture
def plane_tab(qtbot: QtBot) -> BifurcationTab:
    """The tab, shown, with Hénon's a and b swept."""
    tab = BifurcationTab()
    qtbot.addWidget(tab)
    tab.resize(900, 600)
    tab.show()
    tab._edit("map", "henon")
    tab._edit("and_sweep", "b")
    return tab
