"""A request from being wanted to being answered, replaced, abandoned or failed, by a clock that the test sets."""

from dataclasses import dataclass

import pytest

from funjax_gui.tabs.request_slots import RequestSlots


@dataclass(frozen=True)
class Main:
    """A request that is left a second to show something."""

    value: int = 0


@dataclass(frozen=True)
class Side:
    """A request that is replaced at once."""

    value: int = 0


@dataclass(frozen=True)
class Frame:
    """What comes of a request."""

    request: Main | Side
    done: bool = True


class Clock:
    """Seconds, as the test sets them."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def slots(clock: Clock) -> RequestSlots:
    return RequestSlots((Side, Main), {Main: 1.0}, clock)


def test_what_is_wanted_is_due_once_in_the_order_of_the_kinds(slots: RequestSlots) -> None:
    main, side = Main(), Side()
    assert slots.submit(main) is main and slots.submit(side) is side
    assert slots.is_waiting() and slots.newest(Main) is main and slots.asked(Main) is None
    assert slots.due() == [side, main] and slots.due() == []
    assert not slots.is_waiting() and slots.asked(Main) is main and slots.unanswered and slots.is_running(Main)


def test_only_the_newest_of_those_that_wait_is_sent(slots: RequestSlots) -> None:
    for value in range(3):
        slots.submit(Side(value))
    assert slots.due() == [Side(2)]


def test_an_equal_request_is_not_sent_again_and_the_one_in_flight_stands_for_it(slots: RequestSlots) -> None:
    first = slots.submit(Side(1))
    slots.due()
    assert slots.submit(Side(1)) is first and not slots.is_waiting() and slots.due() == []
    slots.submit(Side(2))
    assert slots.submit(Side(1)) is first and slots.due() == [], "back before the other one was sent"


def test_a_frame_counts_if_its_request_is_the_one_in_flight(slots: RequestSlots) -> None:
    first, second = Side(1), Side(2)
    slots.submit(first)
    slots.due()
    assert not slots.accept(Frame(Side(1))), "equal, but not the same"
    assert slots.accept(Frame(first, done=False)) and slots.is_running(Side) and not slots.unanswered
    slots.submit(second)
    assert not slots.accept(Frame(first, done=False)), "it is replaced at once"
    slots.due()
    assert not slots.accept(Frame(first)) and slots.is_running(Side)
    assert slots.accept(Frame(second)) and not slots.is_running(Side)


def test_the_next_request_waits_until_enough_is_shown_or_patience_ends(slots: RequestSlots, clock: Clock) -> None:
    first = slots.submit(Main(1))
    slots.due()
    slots.submit(Main(2))
    clock.now = 0.9
    assert slots.is_patient(Main) and slots.due() == []
    assert slots.is_waiting(Main) and not slots.is_waiting(Side)
    assert slots.accept(Frame(first, done=False), enough=False) and slots.due() == []
    assert slots.accept(Frame(first, done=False), enough=True) and slots.due() == [Main(2)]
    slots.submit(Main(3))
    assert slots.due() == []
    clock.now = 2.0
    assert slots.due() == [Main(3)]


def test_nothing_waits_where_there_is_no_patience(slots: RequestSlots) -> None:
    slots.submit(Side(1))
    slots.due()
    slots.submit(Side(2))
    assert slots.due() == [Side(2)]


def test_a_last_frame_is_enough(slots: RequestSlots) -> None:
    first = slots.submit(Main(1))
    slots.due()
    slots.accept(Frame(first), enough=False)
    slots.submit(Main(2))
    assert slots.due() == [Main(2)]


def test_what_failed_is_sent_again_when_it_is_wanted_again(slots: RequestSlots) -> None:
    first = slots.submit(Main(1))
    slots.due()
    assert not slots.fail(Main(1)) and slots.fail(first)
    assert not slots.is_running(Main) and not slots.unanswered and not slots.is_waiting()
    again = slots.submit(Main(1))
    assert again is not first and slots.due() == [again]
    assert slots.submit(Main(1)) is again and slots.due() == []


def test_what_was_abandoned_unseen_is_sent_with_the_next_request(slots: RequestSlots) -> None:
    main, side = slots.submit(Main()), slots.submit(Side())
    slots.due()
    slots.accept(Frame(side, done=False))
    slots.abandon()
    assert slots.abandoned and not slots.unanswered and not slots.is_running(Main) and not slots.is_running(Side)
    slots.submit(Side(2))
    assert slots.due() == [Side(2), main] and not slots.abandoned


def test_what_was_seen_and_stopped_is_not_begun_anew(slots: RequestSlots) -> None:
    side = slots.submit(Side())
    slots.due()
    slots.accept(Frame(side, done=False))
    slots.abandon()
    assert not slots.abandoned and not slots.is_running(Side)
    assert slots.submit(Side()) is side and slots.due() == []


def test_renewed_requests_are_sent_again_though_they_are_answered(slots: RequestSlots) -> None:
    side = slots.submit(Side())
    slots.due()
    slots.accept(Frame(side))
    slots.renew({Main, Side})
    assert slots.due() == [side], "nothing was ever asked of the other kind"


def test_a_request_that_is_enough_can_be_ended_and_wanted_again(slots: RequestSlots) -> None:
    side = slots.submit(Side())
    slots.due()
    slots.accept(Frame(side, done=False))
    slots.end(Side)
    assert not slots.is_running(Side) and slots.due() == []
    assert slots.submit(Side()) is not side and slots.is_waiting()


def test_dropped_kinds_are_forgotten(slots: RequestSlots) -> None:
    main = slots.submit(Main())
    assert not slots.drop(Main), "it was not sent yet"
    assert slots.due() == []
    main = slots.submit(Main())
    slots.due()
    assert slots.drop(Main)
    assert not slots.accept(Frame(main)) and not slots.unanswered and slots.newest(Main) is None
    slots.submit(Main())
    assert slots.due() == [Main()], "its successor does not wait for it"
