"""Life cycle of a tab's requests: for each kind the newest request, the one in flight, and its state."""

import math
import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass
class _Slot:
    """The requests of one kind.

    Attributes:
        wanted: the request to be sent next, if any.
        asked: the request that was sent last, at the time `since`.
        unanswered: whether `asked` has produced neither a frame nor an error yet.
        enough: whether later requests need not wait for `asked` any longer.
        running: whether more frames will come.
        broken: whether `asked` failed or was cancelled, so that an equal request is sent again.

    """

    wanted: Any = None
    asked: Any = None
    since: float = -math.inf
    unanswered: bool = False
    enough: bool = True
    running: bool = False
    broken: bool = False

    def end(self, broken: bool) -> None:
        """Note that `asked` produces no more frames."""
        self.unanswered, self.enough, self.running, self.broken = False, True, False, broken


class RequestSlots:
    """A slot for each kind (type) of request. The owner sends what `due` returns and reports frames and failures.

    `patience`: seconds, by kind, that the next request waits at most for the first frame of the one in flight; 0 where it replaces it at
    once. Without patience, a drag that replaces every request before its first frame would show nothing until it ends.
    """

    def __init__(
        self, kinds: Collection[type], patience: Mapping[type, float] | None = None, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._clock = clock
        self.patience = dict(patience or {})
        self._slots = {kind: _Slot() for kind in kinds}
        self.abandoned = False
        """Whether requests were cancelled before their first frame, and none was sent since."""

    # --- sending ---

    def submit(self, request: Any) -> Any:
        """Queue a request in place of any waiting one of its kind, and return the newest request.

        An equal request that was sent last is returned instead and not sent again, unless it failed or was cancelled.
        """
        slot = self._slots[type(request)]
        slot.wanted = None if slot.asked == request and not slot.broken else request
        return slot.wanted or slot.asked

    def due(self) -> list[Any]:
        """Requests to be sent now; they count as in flight from here on."""
        sent = []
        for kind, slot in self._slots.items():
            if slot.wanted is not None and not self.is_patient(kind):
                slot.asked, slot.wanted, slot.since = slot.wanted, None, self._clock()
                slot.unanswered, slot.enough, slot.running, slot.broken = True, False, True, False
                self.abandoned = False
                sent.append(slot.asked)
        return sent

    def is_patient(self, kind: type) -> bool:
        """Whether the request in flight has not shown enough yet and its patience has not run out."""
        slot = self._slots[kind]
        return not slot.enough and self._clock() - slot.since < self.patience.get(kind, 0.0)

    def drop(self, kind: type) -> bool:
        """Discard all requests of this kind; returns whether the worker may still have one."""
        running = self._slots[kind].running
        self._slots[kind] = _Slot()
        return running

    def renew(self, kinds: Collection[type]) -> None:
        """Send the newest requests of these kinds again with the next ones."""
        for kind in kinds:
            slot = self._slots[kind]
            slot.wanted = slot.wanted or slot.asked
            slot.broken = True

    def abandon(self) -> set[type]:
        """Note that everything was cancelled; returns the kinds without a frame or not sent yet.

        These are sent again with the next request of any kind.
        """
        unanswered = {kind for kind, slot in self._slots.items() if slot.unanswered or slot.wanted is not None}
        self.abandoned = bool(unanswered)
        for slot in self._slots.values():
            slot.end(broken=slot.broken)
        self.renew(unanswered)
        return unanswered

    # --- frames and failures ---

    def accept(self, frame: Any, enough: bool = True) -> bool:
        """Note a frame; returns whether its request is the current one (the same object, not merely an equal one).

        The current request is the one in flight where the next one waits for it, else the newest. `enough`: whether the next one need not
        wait for more frames.
        """
        kind = type(frame.request)
        slot = self._slots[kind]
        current = slot.asked if kind in self.patience else self.newest(kind)
        if frame.request is not slot.asked or frame.request is not current:
            return False
        done = getattr(frame, "done", True)  # the only frame of a request has no `done`
        slot.unanswered, slot.running = False, not done
        slot.enough = slot.enough or enough or done
        return True

    def fail(self, request: Any) -> bool:
        """Note that a request failed; returns whether it was the one in flight. An equal one can be sent again."""
        slot = self._slots[type(request)]
        if request is not slot.asked:
            return False
        slot.end(broken=True)
        return True

    def end(self, kind: type) -> None:
        """Note that the request in flight was cancelled because the frames shown suffice."""
        slot = self._slots[kind]
        slot.wanted = None
        slot.end(broken=True)

    # --- state ---

    @property
    def kinds(self) -> frozenset[type]:
        """All kinds that have a slot."""
        return frozenset(self._slots)

    def asked(self, kind: type) -> Any:
        """The request of this kind that was sent last, or None."""
        return self._slots[kind].asked

    def newest(self, kind: type) -> Any:
        """The newest request of this kind, sent or waiting; None where there is none."""
        return self._slots[kind].wanted or self._slots[kind].asked

    def awaited(self, kind: type) -> Any:
        """The request of this kind in flight that has produced no frame yet, or None."""
        slot = self._slots[kind]
        return slot.asked if slot.unanswered else None

    def is_running(self, *kinds: type) -> bool:
        """Whether a request of these kinds (of any kind by default) will produce more frames."""
        return any(self._slots[kind].running for kind in kinds or self._slots)

    def is_waiting(self, *kinds: type) -> bool:
        """Whether a request of these kinds (of any kind by default) waits to be sent."""
        return any(self._slots[kind].wanted is not None for kind in kinds or self._slots)

    @property
    def unanswered(self) -> bool:
        """Whether a request in flight has produced no frame yet."""
        return any(slot.unanswered for slot in self._slots.values())
