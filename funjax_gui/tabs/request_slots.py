"""The life of a tab's requests: of each kind the newest one, the one in flight, and what has come of it."""

import math
import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass
class _Slot:
    """The requests of one kind. `asked` was sent last, at the time `since`; `wanted` is to be sent next, if any.

    unanswered: nothing has come of `asked`, no frame and no error. enough: no later request needs to wait for it any more.
    running: more frames will come. broken: it failed or was abandoned, so an equal one is worth sending.
    """

    wanted: Any = None
    asked: Any = None
    since: float = -math.inf
    unanswered: bool = False
    enough: bool = True
    running: bool = False
    broken: bool = False

    def end(self, broken: bool) -> None:
        """Note that nothing more will come of `asked`."""
        self.unanswered, self.enough, self.running, self.broken = False, True, False, broken


class RequestSlots:
    """A slot for each kind (type) of request. It sends nothing: its owner sends what `due` returns, and tells what comes of it.

    patience: seconds, by kind, that the next request waits at most for the one in flight to show something; 0 where it replaces it
    at once. Without patience a drag whose every request is replaced before its first frame would show nothing until it ends.
    """

    def __init__(
        self, kinds: Collection[type], patience: Mapping[type, float] | None = None, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._clock = clock
        self.patience = dict(patience or {})
        self._slots = {kind: _Slot() for kind in kinds}
        self.abandoned = False
        """Whether requests of which nothing was shown were abandoned, and nothing was asked for since."""

    # --- what is asked for ---

    def want(self, request: Any) -> Any:
        """Send this request when it is due, in place of any of its kind that is not sent yet. Returns the newest one.

        That is the one sent last where it is equal: it is not sent again, unless it failed or was abandoned.
        """
        slot = self._slots[type(request)]
        slot.wanted = None if slot.asked == request and not slot.broken else request
        return slot.wanted or slot.asked

    def due(self) -> list[Any]:
        """The requests to be sent now, which are in flight from now on; those that still wait stay."""
        sent = []
        for kind, slot in self._slots.items():
            if slot.wanted is not None and not self.is_patient(kind):
                slot.asked, slot.wanted, slot.since = slot.wanted, None, self._clock()
                slot.unanswered, slot.enough, slot.running, slot.broken = True, False, True, False
                self.abandoned = False
                sent.append(slot.asked)
        return sent

    def is_patient(self, kind: type) -> bool:
        """Whether the request in flight has not shown enough yet, and is given time to."""
        slot = self._slots[kind]
        return not slot.enough and self._clock() - slot.since < self.patience.get(kind, 0.0)

    def drop(self, kind: type) -> bool:
        """Forget all requests of this kind; returns whether the worker may have one of them."""
        running = self._slots[kind].running
        self._slots[kind] = _Slot()
        return running

    def renew(self, kinds: Collection[type]) -> None:
        """Send the newest requests of these kinds again when the next ones are due."""
        for kind in kinds:
            slot = self._slots[kind]
            slot.wanted = slot.wanted or slot.asked
            slot.broken = True

    def abandon(self) -> None:
        """Nothing more will come. What has shown nothing, or was not sent yet, is sent with the next request of any kind."""
        unanswered = [kind for kind, slot in self._slots.items() if slot.unanswered or slot.wanted is not None]
        self.abandoned = bool(unanswered)
        for slot in self._slots.values():
            slot.end(broken=slot.broken)
        self.renew(unanswered)

    # --- what comes of it ---

    def take(self, frame: Any, enough: bool = True) -> bool:
        """Note a frame; returns whether it counts: whether its request is the current one, and not merely equal to it.

        That is the one in flight where the next one waits for it, else the newest. enough: whether the next one need not wait for more.
        """
        kind = type(frame.request)
        slot = self._slots[kind]
        current = slot.asked if kind in self.patience else self.newest(kind)
        if frame.request is not slot.asked or frame.request is not current:
            return False
        done = getattr(frame, "done", True)  # a frame that is its request's only one need not say so
        slot.unanswered, slot.running = False, not done
        slot.enough = slot.enough or enough or done
        return True

    def fail(self, request: Any) -> bool:
        """Note that a request failed; returns whether it was the one in flight. An equal one will be sent all the same."""
        slot = self._slots[type(request)]
        if request is not slot.asked:
            return False
        slot.end(broken=True)
        return True

    def end(self, kind: type) -> None:
        """Note that the request in flight was cancelled, for what is shown of it is all that is wanted."""
        slot = self._slots[kind]
        slot.wanted = None
        slot.end(broken=True)

    # --- what is known ---

    @property
    def kinds(self) -> frozenset[type]:
        """All kinds that have a slot."""
        return frozenset(self._slots)

    def asked(self, kind: type) -> Any:
        """The request that frames of this kind must answer: the one sent last, or None."""
        return self._slots[kind].asked

    def newest(self, kind: type) -> Any:
        """The newest request of this kind, sent or not; None where there is none."""
        return self._slots[kind].wanted or self._slots[kind].asked

    def is_running(self, *kinds: type) -> bool:
        """Whether more frames will come of a request of these kinds, or of any where none is given."""
        return any(self._slots[kind].running for kind in kinds or self._slots)

    def is_waiting(self, *kinds: type) -> bool:
        """Whether a request of these kinds, or of any where none is given, is not sent yet."""
        return any(self._slots[kind].wanted is not None for kind in kinds or self._slots)

    @property
    def unanswered(self) -> bool:
        """Whether there is a request in flight of which nothing has come."""
        return any(slot.unanswered for slot in self._slots.values())
