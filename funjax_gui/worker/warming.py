"""Requests that are computed ahead, for the kernels that are compiled by it: what is computed is dropped."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

from funjax_gui.worker.worker import Request


@dataclass(frozen=True)
class WarmingRequest:
    """Computes `request`, whose frames must come to an end, while nothing else is wanted. It has no frames of its own."""

    spare: ClassVar[bool] = True
    """It is given up for any other request."""

    request: Request

    def frames(self) -> Iterator[Any]:
        """None after each step of the request."""
        for _ in self.request.frames():
            yield None
