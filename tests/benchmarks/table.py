"""What the benchmarks found, and how it is printed: one table a group, in milliseconds and as multiples of funjax's own time."""

import json
import os
import platform
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from importlib import metadata
from pathlib import Path
from typing import Any

UNITS: dict[str, Callable[[float], str]] = {
    "s": lambda value: f"{value * 1e6:.1f} µs" if value < 1e-4 else f"{value * 1e3:.2f} ms" if value < 1 else f"{value:.2f} s",
    "x": lambda value: f"{value:.2f} x",
    "MiB": lambda value: f"{value:.1f} MiB",
    "": lambda value: f"{value:,.0f}",
}
"""How a figure is written, by its unit."""

PACKAGES = ("jax", "jaxlib", "numpy", "numba", "optax", "scipy", "PySide6-Essentials", "pyqtgraph")


@dataclass(frozen=True)
class Row:
    """One line of a table: a peer's times in seconds (`ratio` is its time over funjax's), or one figure with its unit."""

    name: str
    value: float
    least: float | None = None
    ratio: float | None = None
    unit: str = "s"
    wanted: str = ""
    met: bool | None = None

    def cells(self) -> tuple[str, ...]:
        """The line's texts: name, value, least, ratio, what was wanted and whether it was met."""
        write = UNITS[self.unit]
        verdict = "" if self.met is None else "met" if self.met else "MISSED"
        ratio = "" if self.ratio is None else f"{self.ratio:.2f}"
        return self.name, write(self.value), "" if self.least is None else write(self.least), ratio, self.wanted, verdict


class Table:
    """All groups of one run, in the order in which they came."""

    HEAD = ("", "median", "least", "× funjax", "wanted", "")

    def __init__(self) -> None:
        self.groups: dict[str, list[Row]] = {}
        self.notes: dict[str, list[str]] = {}

    def add(self, title: str, row: Row) -> None:
        """Add a line to the group `title`."""
        self.groups.setdefault(title, []).append(row)

    def note(self, title: str, text: str) -> None:
        """Say something under the group `title`: a peer that is not on this machine, what a figure is made of."""
        self.groups.setdefault(title, [])
        self.notes.setdefault(title, []).append(text)

    def lines(self) -> list[str]:
        """The tables as text."""
        lines: list[str] = []
        for title, rows in self.groups.items():
            lines += ["", title]
            # A group of figures alone has nothing to say in the columns of times and ratios.
            timed = any(row.least is not None for row in rows)
            texts = [row.cells() for row in rows]
            texts = [self.HEAD, *texts] if timed else texts
            widths = [max(len(cells[i]) for cells in texts) for i in range(len(self.HEAD))] if texts else []
            for cells in texts:
                aligned = [cells[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(cells[1:], widths[1:], strict=True))]
                lines.append(("  " + "  ".join(cell for cell, width in zip(aligned, widths, strict=True) if width)).rstrip())
            lines += [f"  {note}" for note in self.notes.get(title, ())]
        return lines

    def save(self, path: Path, machine: Mapping[str, Any]) -> None:
        """Write everything as JSON, times in seconds."""
        groups = [
            {"title": title, "rows": [asdict(row) for row in rows], "notes": self.notes.get(title, [])}
            for title, rows in self.groups.items()
        ]
        path.write_text(json.dumps({"machine": machine, "groups": groups}, indent=1) + "\n")


def machine() -> dict[str, str]:
    """What the figures belong to: processor, cores, versions."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    found = {"processor": _processor(), "cores": str(cores), "system": platform.platform(terse=True), "Python": platform.python_version()}
    for package in PACKAGES:
        try:
            found[package] = metadata.version(package)
        except metadata.PackageNotFoundError:
            found[package] = "not installed"
    return found


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()
