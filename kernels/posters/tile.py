"""Computing one tile, on whatever machine: its arrays, and what they were computed with."""

import functools
import hashlib
import platform
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kernels.execution import devices, jax


@dataclass(frozen=True, eq=False)
class Computed:
    """The arrays of a tile by name, with what each of their axes counts (`Labelled.dimensions`), versions and kind of device."""

    arrays: dict[str, NDArray[Any]] = field(repr=False)
    dimensions: dict[str, tuple[str, ...]]
    versions: dict[str, str]
    device: str


def compute(tile: Any) -> Computed:
    """The last frame of the tile's request. Raises what its frames raise."""
    frame: Any = None
    for each in tile.frames():
        frame = each or frame
    return arrays_of(frame)


def arrays_of(frame: Any) -> Computed:
    """The arrays of the last frame of a tile's request."""
    arrays = {name: np.ascontiguousarray(getattr(frame, name)) for name in frame.dimensions if getattr(frame, name) is not None}
    return Computed(arrays, {name: frame.dimensions[name] for name in arrays}, versions(), device())


def device() -> str:
    """The kind of device, on which the last bits of a chaotic orbit depend."""
    first: Any = devices.mesh().devices.flat[0]
    return f"{first.device_kind} ({platform.machine()})"


@functools.cache
def versions() -> dict[str, str]:
    """Versions on which the last bits of a picture may depend; that of `kernels` is a digest of its source."""
    digest = hashlib.sha256()
    folder = Path(__file__).parent.parent
    for path in sorted(folder.rglob("*.py")):
        digest.update(path.relative_to(folder).as_posix().encode() + path.read_bytes())
    return {"kernels": digest.hexdigest()[:12], "jax": str(jax.__version__), "numpy": np.__version__}


def differing(found: dict[str, str], wanted: dict[str, str]) -> str:
    """The name of the first version that differs; empty if there is none."""
    return next((name for name in wanted if found.get(name) != wanted[name]), "")
