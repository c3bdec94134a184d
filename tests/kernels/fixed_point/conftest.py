"""Maps that are registered for one test."""

from collections.abc import Callable
from typing import Any

import pytest

from kernels.geometry import Viewport
from kernels.maps import registry as maps
from kernels.maps.registry import Map, Parameter


@pytest.fixture
def add_map(monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
    """Registers a map for one test: add_map(rule) -> its name."""

    def add(rule: Any, a: float = 1.0) -> str:
        view = Viewport.from_limits(0, 1, 0, 1)
        new = Map("test-only", "", "", rule, (Parameter("a", a, 0, 1, ""),), "a", (0, 1), 0.5, view, "", "")
        monkeypatch.setitem(maps.MAPS, new.name, new)
        return new.name

    return add
