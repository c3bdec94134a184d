"""What tests of exported pictures share."""

from collections.abc import Iterator
from typing import Any

import pytest

from funjax_gui.export.request import FORMATS


@pytest.fixture(scope="module")
def each_request_is_computed_once() -> Iterator[None]:
    """The frames of equal requests are the same ones: an SVG and a PNG, and two tests, differ in how they are drawn alone."""
    computed: dict[Any, list[Any]] = {}
    with pytest.MonkeyPatch.context() as patch:
        for kind in FORMATS:

            def frames(request: Any, compute: Any = kind.frames) -> Iterator[Any]:
                if request not in computed:
                    computed[request] = list(compute(request))
                yield from computed[request]

            patch.setattr(kind, "frames", frames)
        yield
