"""Parameters' sliders, and their ranges, which a person may change."""

from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QSlider
from pytestqt.qtbot import QtBot

from funjax_gui.widgets.parameter_sliders import ParameterSlider, ParameterSliders
from kernels.maps.registry import Parameter

A, B = Parameter("a", 3.5, 0.0, 4.0, "growth rate"), Parameter("b", 0.25, -1.0, 1.0, "shift")


@pytest.fixture
def slider(qtbot: QtBot) -> ParameterSlider:
    made = ParameterSlider(A)
    qtbot.addWidget(made)
    made.set_value(3.5)
    made.resize(244, 40)
    made.show()
    return made


def type_end(slider: ParameterSlider, which: int, text: str, key: Any = Qt.Key.Key_Return) -> QLineEdit:
    end = slider._ends[which]
    end.setFocus()
    end.selectAll()
    QTest.keyClicks(end, text)
    QTest.keyClick(end, key)
    return end


def test_an_end_that_is_typed_moves_the_handle_and_not_the_value(slider: ParameterSlider) -> None:
    heard: list[float] = []
    slider.edited.connect(heard.append)
    type_end(slider, 1, "7")
    assert slider.range == (0.0, 7.0) and heard == []
    assert slider.findChild(QSlider).value() == 500
    assert slider.findChild(QLineEdit).text() == "3.5"
    QTest.keyClick(slider.findChild(QSlider), Qt.Key.Key_End)
    assert heard == [7.0]


@pytest.mark.parametrize(
    ("which", "text", "said"),
    [
        (0, "4", "the range 4 to 4 is empty or reversed"),
        (1, "-2", "reversed"),
        (1, "four", "four"),
        (1, "1e15", "out of range"),
        (1, "1e999", "out of range"),
        (0, "", ""),
    ],
)
def test_an_end_that_will_not_do_gets_a_line_and_changes_nothing(slider: ParameterSlider, which: int, text: str, said: str) -> None:
    end = type_end(slider, which, text) if text else type_end(slider, which, "\b")
    assert said in slider.complaint and slider.complaint and "\n" not in slider.complaint
    assert slider.range == (0.0, 4.0)
    QTest.keyClick(end, Qt.Key.Key_Escape)
    assert slider.complaint == "" and end.text() == ("0", "4")[which]


def test_edited_ranges_are_kept_by_name_until_they_are_forgotten(qtbot: QtBot) -> None:
    sliders = ParameterSliders()
    qtbot.addWidget(sliders)
    type_end(sliders.follow([A, B], forget=True)["b"], 1, "2")
    assert [(p.name, p.low, p.high) for p in sliders.ranged([A, B])] == [("a", 0.0, 4.0), ("b", -1.0, 2.0)]
    assert "b" not in sliders.follow([A], forget=False)  # a formula without b for a while
    slider = sliders.follow([A, B], forget=False)["b"]
    assert slider.range == (-1.0, 2.0)
    type_end(slider, 1, "1")  # as it was
    assert sliders.ranged([A, B]) == (A, B)
    type_end(slider, 1, "2")
    assert sliders.follow([B], forget=True)["b"].range == (-1.0, 1.0)
