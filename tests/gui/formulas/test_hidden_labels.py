"""Hiding a formula whose typesetting hangs does not hold up the window."""

from threading import Event
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from funjax_gui.formulas import typesetting
from funjax_gui.formulas.formula_label import PlainOrTypesetLabel


def test_a_label_is_hidden_while_its_formula_is_typeset(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    begun, may_end, waits = Event(), Event(), []

    def hangs(formula: Any) -> None:
        begun.set()
        may_end.wait(60)

    monkeypatch.setattr(typesetting, "typeset", hangs)
    monkeypatch.setattr(
        typesetting.Worker, "close", lambda self, *seconds, close=typesetting.Worker.close: waits.append(seconds) or close(self, *seconds)
    )
    label = PlainOrTypesetLabel()
    qtbot.addWidget(label)
    label.set_formula("x²", "x^2")
    label.show()
    qtbot.waitUntil(begun.is_set)
    label.hide()
    assert waits == [(0.0,)] and not may_end.is_set()
    may_end.set()
