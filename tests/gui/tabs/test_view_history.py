"""Back and forward through the views."""

import pytest
from pytestqt.qtbot import QtBot

from funjax_gui.tabs import view_history
from funjax_gui.tabs.view_history import History
from kernels.geometry import Viewport


def view(number: int) -> Viewport:
    return Viewport.from_limits(number, number + 1, 0, 1)


@pytest.fixture
def views() -> History:
    return History()


def visit(views: History, *numbers: int) -> list[tuple[bool, bool]]:
    told: list[tuple[bool, bool]] = []
    views.changed.connect(lambda back, forward: told.append((back, forward)))
    for number in numbers:
        views.visit(view(number))
    return told


def test_back_and_forward_go_through_the_views(views: History) -> None:
    told = visit(views, 1, 2, 3)
    assert [views.back(), views.back()] == [view(2), view(1)]
    assert views.back() is None
    assert [views.forward(), views.forward()] == [view(2), view(3)]
    assert views.forward() is None
    assert told == [(False, False), (True, False), (True, False), (True, True), (False, True), (True, True), (True, False)]


def test_nothing_to_go_to_at_first(views: History) -> None:
    assert views.back() is views.forward() is None


def test_a_new_view_forgets_those_ahead(views: History) -> None:
    visit(views, 1, 2, 3)
    views.back()
    views.visit(view(4))
    assert views.forward() is None
    assert [views.back(), views.back()] == [view(2), view(1)]


def test_the_same_view_is_not_visited_twice(views: History) -> None:
    visit(views, 1, 1, 2, 2)
    views.back()
    views.visit(view(1))
    assert views.forward() == view(2)


def test_views_passed_by_count_once_they_settle(qtbot: QtBot, views: History, monkeypatch: pytest.MonkeyPatch) -> None:
    visit(views, 1)
    views._timer.setInterval(0)
    with qtbot.waitSignal(views.changed) as caught:
        for number in (2, 3, 4):
            views.pass_by(view(number))
    assert caught.args == [True, False]
    assert views.back() == view(1)
    assert views.forward() == view(4)


def test_going_back_at_once_keeps_the_view_being_left(views: History) -> None:
    visit(views, 1)
    views.pass_by(view(2))
    assert views.back() == view(1)
    assert views.forward() == view(2)


def test_a_view_passed_by_is_forgotten_for_one_visited(views: History) -> None:
    visit(views, 1)
    views.pass_by(view(2))
    views.visit(view(3))
    assert not views._timer.isActive()
    assert views.back() == view(1)


def test_coming_to_rest_where_one_is_keeps_the_way_forward(qtbot: QtBot, views: History) -> None:
    visit(views, 1, 2)
    views.back()
    views._timer.setInterval(0)
    with qtbot.waitSignal(views.changed) as caught:
        views.pass_by(view(1))
    assert caught.args == [False, True]
    assert views.forward() == view(2)


def test_the_memory_is_bounded(views: History, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(view_history, "LONGEST", 5)
    visit(views, *range(20))
    seen = [views.back() for _ in range(5)]
    assert seen == [*(view(n) for n in (18, 17, 16, 15)), None]
