"""A poster to be written to a file."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from funjax_gui.export import Size
from funjax_gui.files import Pixels
from kernels.posters import Store


@dataclass(frozen=True, eq=False)
class Poster:
    """A poster to be written: its store, `bands` of its rows as 0xffRRGGBB from the top, and the texts that its file carries."""

    store: Store
    bands: Callable[[], Iterator[Pixels]]
    texts: Mapping[str, str] = field(repr=False)
    metadata: Mapping[str, Any] = field(repr=False)
    dpi: float = 0.0

    @property
    def size(self) -> Size:
        """(width, height) in pixels."""
        return self.store.cut.grid.columns, self.store.cut.grid.rows
