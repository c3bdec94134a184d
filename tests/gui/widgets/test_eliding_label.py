"""A label that is too narrow for its text."""

import pytest
from pytestqt.qtbot import QtBot

from funjax_gui.widgets.eliding_label import ElidingLabel

CYCLE = "The iterates repeat with period 2, at 0, 1: they never converge. Damp the steps."


@pytest.mark.parametrize(
    ("fitting", "shown"),
    [
        (CYCLE, CYCLE),
        (
            "The iterates repeat with period 2, at 0, 1: they never converge. Dam",
            "The iterates repeat with period 2, at 0, 1: they never converge.",
        ),
        ("The iterates repeat with period 2, at 0, 1: they", "The iterates repeat with period 2, at 0, 1"),
        ("The iterates repeat with period 2, at 0, ", "The iterates repeat with period 2"),
    ],
)
def test_a_text_is_cut_behind_the_last_clause_that_fits_and_else_with_dots(qtbot: QtBot, fitting: str, shown: str) -> None:
    label, plain = ElidingLabel(CYCLE, clauses=True), ElidingLabel(CYCLE)
    width = label.fontMetrics().horizontalAdvance
    for each in (label, plain):
        qtbot.addWidget(each)
        each.resize(width(fitting) + 2, 20)  # widths are rounded
    assert label.shown_text() == shown and label.text() == CYCLE
    assert plain.shown_text() == CYCLE if shown == CYCLE else plain.shown_text().endswith("…")
    label.resize(width("The iter"), 20)
    assert label.shown_text().endswith("…")
