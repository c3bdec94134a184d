"""Export as a short Python script that computes the same arrays with `kernels` alone, and draws them if matplotlib is available."""

from collections.abc import Callable, Iterator
from dataclasses import MISSING, dataclass, fields, is_dataclass
from decimal import Decimal
from typing import IO, Any

from funjax_gui.export.format import Exporter
from funjax_gui.export.job import ExportJob

SCRIPT = '''\
"""{title}

Made by funjax. Runs where funjax is installed; the arrays are those that its window shows.
"""

import sys
from decimal import Decimal
from pathlib import Path

import numpy as np

{imports}

request = {request}

for step in request.frames():  # coarse first, then finer; None where there is nothing new
    if step is not None:
        frame = step

{arrays}
out = Path(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).with_suffix(".npz").name)
np.savez_compressed(out, **arrays)
print(f"{{out}}: " + ", ".join(f"{{name}} {{value.shape}}" for name, value in arrays.items()))
{picture}'''

ARRAYS = "arrays = {name: value for name, value in vars(frame).items() if isinstance(value, np.ndarray)}"
ARRAYS_OF_RUNS = """\
arrays = {
    f"{run.request.method}/{name}": value
    for run in frame.runs
    for name, value in vars(run).items()
    if isinstance(value, np.ndarray)
}"""

PICTURE = """
try:
    import matplotlib.pyplot as plt
except ImportError:
    print("no picture without matplotlib")
else:
{lines}
    plt.savefig(out.with_suffix(".png"), dpi=150)
"""


@dataclass(frozen=True)
class _Nothing:
    """A request without a computation, which is left to the script."""

    def frames(self) -> Iterator["_Ready"]:
        yield _Ready()


@dataclass(frozen=True)
class _Ready:
    progress: float = 1.0


def exporter(
    title: Callable[[Any], str],
    picture: Callable[[ExportJob], str],
    request: Callable[[ExportJob], Any] | None = None,
    sides: tuple[str, str] | None = None,
    arrays: Callable[[Any], str] = lambda _: "",
) -> Exporter:
    """The exporter for a tab's scripts.

    `title` says in a line what a request computes; `picture` gives code that draws `frame` with matplotlib as `plt`; `request` makes
    of an export what is to be computed, by default its request as it is; `sides` as in Exporter; `arrays` gives for a request code that
    collects the arrays of `frame`, empty for its own or those of its runs.
    """

    def write(file: IO[bytes], _: Any, export: ExportJob) -> None:
        wanted = request(export) if request else export.request
        file.write(script(wanted, title(wanted), picture(export), arrays(wanted)).encode())

    return Exporter("Python script", write, lambda _: _Nothing(), sides)


def script(request: Any, title: str, picture: str, arrays: str = "") -> str:
    """The script's text."""
    classes: set[type] = set()
    text = code(request, classes)
    # Imports from the package only: modules within it may change, while scripts are kept.
    imports = f"from kernels import {', '.join(sorted(found.__name__ for found in classes))}"
    lines = "\n".join(f"    {line}" for line in picture.splitlines())
    arrays = arrays or (ARRAYS_OF_RUNS if hasattr(request, "runs") else ARRAYS)
    return SCRIPT.format(title=title, imports=imports, request=text, arrays=arrays, picture=PICTURE.format(lines=lines))


def code(value: Any, classes: set[type], indent: str = "") -> str:
    """Python code that makes `value`, a frozen dataclass of plain values; its classes are added to `classes`."""
    if isinstance(value, Decimal):
        return f'Decimal("{value}")'
    if isinstance(value, tuple) and any(map(is_dataclass, value)):
        deeper = indent + "    "
        return "(\n" + "".join(f"{deeper}{code(item, classes, deeper)},\n" for item in value) + f"{indent})"
    if isinstance(value, tuple):
        inner = ", ".join(code(item, classes, indent) for item in value)
        return f"({inner},)" if len(value) == 1 else f"({inner})"
    if not is_dataclass(value):
        return repr(value)
    classes.add(type(value))
    inner = indent + "    "
    given = [(f.name, getattr(value, f.name)) for f in fields(value) if f.init]
    usual = {f.name: f.default for f in fields(value) if f.default is not MISSING}
    lines = [f"{inner}{name}={code(item, classes, inner)},\n" for name, item in given if name not in usual or usual[name] != item]
    return f"{type(value).__name__}(\n{''.join(lines)}{indent})"
