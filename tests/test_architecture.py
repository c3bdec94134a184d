"""The layers of the two packages, their circles, and the lengths of files, functions and folders.

The two lists below are the rule: a module imports only from entries below its own.
"""

import ast
from collections.abc import Iterator
from functools import lru_cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parent.parent
FILE_LINES = 350
FUNCTION_LINES = 60
FOLDER_MODULES = 20

GUI = (
    *("__main__", "cli", "app", "dialogs", "tours", "timings", "documents", "tabs", "films posters", "export", "formulas", "sessions"),
    *("plots", "widgets", "figures", "style", "worker", "files", "formatting garbage process_exit process_start"),
)
"""The parts of funjax_gui, the highest first. Parts in one entry do not import one another."""

KERNELS = (
    *(
        "gpu_check posters",
        "timings",
        "equations network",
        "newton fixed_point bifurcation single_orbit phase_plane skeleton two_parameters",
    ),
    *("deep", "catalog", "formulas"),
    *("cycles objectives maps", "iteration labelled", "execution parameters geometry", "validation", "types"),
)
"""The parts of kernels, likewise. The package itself, which hands on the public names, is above them all."""

LAYERS = {"funjax_gui": GUI, "kernels": KERNELS}

QT = ("PySide6", "shiboken6", "qtpy", "pyqtgraph")
FOREIGN = {"kernels": (*QT, "funjax_gui"), "funjax_gui": ("jax", "jaxlib")}
"""What a package never imports."""

WORKERS = ("funjax_gui.app", "funjax_gui.timings", "funjax_gui.formulas.typesetting", "funjax_gui.worker")
"""The only ones that meet the worker: tabs and plots emit requests and are shown frames."""

DRAWING = ("funjax_gui.plots", "funjax_gui.style.colour_maps")
"""The only ones that import pyqtgraph."""

DIRECT = (
    *("funjax_gui.cli", "funjax_gui.tabs.bifurcation.tab", "funjax_gui.tabs.fixed_points.tab", "funjax_gui.tabs.newton.tab"),
    *("funjax_gui.tabs.fixed_points.plane.tab", "funjax_gui.tabs.bifurcation.parameter_plane.tab"),
    "funjax_gui.tabs.newton.network.dialog",
)
"""What is imported past a package's `__init__`: the sub-commands, each of which imports what it needs when it runs, and the tabs' widgets,
without which sessions are drawn."""

IMPORTERS = ("import_module", "__import__")
"""The functions that import what they are given the name of."""

EXCEPTIONS: dict[str, str] = {}
"""Known breaches, as 'module imports module', with what is to be done about each."""

Imports = dict[str, list[tuple[int, str]]]
"""Each module's imports: (line, dotted name)."""


def modules(root: Path) -> dict[str, Path]:
    """The dotted name of every module under the packages of `root`, and its file."""
    paths = (path for package in LAYERS for path in sorted((root / package).rglob("*.py")))
    return {_name(path.relative_to(root)): path for path in paths}


def _name(path: Path) -> str:
    parts = path.with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports(root: Path) -> Imports:
    """What each module imports, anywhere in its file: the module of our own where there is one of that name, else the dotted name."""
    known = modules(root)
    return {module: [(line, _resolved(name, known)) for line, name in _imported(module, path)] for module, path in known.items()}


def handed_on(root: Path) -> dict[str, set[str]]:
    """What each package lists in the `__all__` of its `__init__`."""
    found = {}
    for module, path in modules(root).items():
        if path.name == "__init__.py":
            nodes = _nodes(path.read_text(encoding="utf-8"))
            lists = [node.value for node in nodes if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__"]
            found[module] = {name for value in lists for name in ast.literal_eval(value)}
    return found


def past_the_face(root: Path) -> list[str]:
    """`file:line imports name` for each import of another package's module, or of a name that the package's `__init__` does not hand on."""
    known, faces, found = modules(root), handed_on(root), []
    for module, path in known.items():
        for line, name in _imported(module, path):
            package, _, last = name.rpartition(".")
            while package and package not in faces:
                package, _, last = package.rpartition(".")
            inside = _within(module, package) or any(_within(name, direct) for direct in DIRECT)
            whole = name in faces or package in ("", *LAYERS)
            if not inside and not whole and (name != f"{package}.{last}" or last not in faces[package]):
                found.append(f"{path.relative_to(root)}:{line} imports {name}")
    return sorted(found)


def _resolved(name: str, known: dict[str, Path]) -> str:
    """Of `package.module.thing` what is a module; of others the name as it is."""
    found = name
    while found and found not in known:
        found = found.rpartition(".")[0]
    return name if found in ("", *LAYERS) else found


@lru_cache(maxsize=2000)
def _nodes(text: str) -> tuple[ast.AST, ...]:
    """Of a file's syntax tree the imports, functions and assignments at the top, and the calls where a module may be named by one.

    Several tests look at each file. Only statements hold the others, so that most files' expressions need no look.
    """
    tree = ast.parse(text)
    top = (node for node in tree.body if isinstance(node, ast.Assign))
    found = (node for node in _statements(tree) if isinstance(node, ast.Import | ast.ImportFrom | ast.FunctionDef | ast.AsyncFunctionDef))
    names_modules = any(name in text for name in IMPORTERS)
    calls = (node for node in ast.walk(tree) if isinstance(node, ast.Call)) if names_modules else ()
    return (*top, *found, *calls)


def _statements(node: ast.AST, but: Any = ()) -> Iterator[ast.AST]:
    """The statements within a node, at any depth; not those within a statement of a type in `but`."""
    for field in ("body", "orelse", "finalbody", "handlers", "cases"):
        part = getattr(node, field, ())
        for each in part if isinstance(part, list) else ():
            yield each
            if not isinstance(each, but):
                yield from _statements(each, but)


def _imported(module: str, path: Path) -> Iterator[tuple[int, str]]:
    """Each (line, dotted name) that the file imports, by statement or by importlib with a literal name, also within functions."""
    package = module.split(".") if path.name == "__init__.py" else module.split(".")[:-1]
    for node in _nodes(path.read_text(encoding="utf-8")):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else []
            base = ".".join([*above, *([node.module] if node.module else [])])
            yield from ((node.lineno, f"{base}.{alias.name}") for alias in node.names)
        elif isinstance(node, ast.Call) and _called(node) in IMPORTERS and node.args:
            if isinstance(node.args[0], ast.Constant):
                yield node.lineno, str(node.args[0].value)


def _called(node: ast.Call) -> str:
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def _within(name: str, package: str) -> bool:
    return name == package or name.startswith(f"{package}.")


def _layer(name: str) -> int | None:
    """The place of a module's part in its package's list, from the top; None for the package itself and what is in no part."""
    package, _, rest = name.partition(".")
    part = rest.partition(".")[0]
    return next((n for n, entry in enumerate(LAYERS.get(package, ())) if part in entry.split()), None)


def _part(name: str) -> str:
    return ".".join(name.split(".")[:2])


def _tab(name: str, known: dict[str, Path]) -> str:
    """The tab that a module belongs to, which is a folder in tabs; empty for what the tabs share."""
    folder = ".".join(name.split(".")[:3])
    return folder if folder.startswith("funjax_gui.tabs.") and known.get(folder, Path()).name == "__init__.py" else ""


def _forbidden(module: str, imported: str, known: dict[str, Path]) -> bool:
    """Whether a rule keeps the module from importing that."""
    package = module.partition(".")[0]
    if any(_within(imported, name) for name in FOREIGN[package]):
        return True
    for name, users in (("pyqtgraph", DRAWING), ("funjax_gui.worker", WORKERS)):
        if package == "funjax_gui" and _within(imported, name) and not any(_within(module, user) for user in users):
            return True
    if not _within(imported, package):
        return False
    ours, theirs = _layer(module), _layer(imported)
    if ours is None or theirs is None or _part(module) == _part(imported):
        tabs = _tab(module, known), _tab(imported, known)
        return tabs[0] != tabs[1] and bool(tabs[1])
    return theirs <= ours


def violations(root: Path) -> list[str]:
    """`file:line imports name` for every import that a rule forbids, but for the exceptions."""
    known = modules(root)
    found = {
        f"{known[module].relative_to(root)}:{line} imports {imported}"
        for module, imported_names in imports(root).items()
        for line, imported in imported_names
        if _forbidden(module, imported, known) and f"{module} imports {imported}" not in EXCEPTIONS
    }
    return sorted(found)


def circle(root: Path) -> list[str]:
    """The modules of an import circle, the first one again at its end; empty where there is none."""
    known = modules(root)
    graph = {
        module: {name for _, name in names if name in known and name != module and f"{module} imports {name}" not in EXCEPTIONS}
        for module, names in imports(root).items()
    }
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


def misplaced(root: Path) -> list[str]:
    """Modules that stand in no entry of their package's list."""
    return [name for name in modules(root) if name not in LAYERS and _layer(name) is None]


def too_long(root: Path) -> list[str]:
    """Files, functions and folders that are longer than is allowed."""
    found = []
    folders: dict[Path, int] = {}
    for path in modules(root).values():
        folders[path.parent] = folders.get(path.parent, 0) + (path.name != "__init__.py")
        text = path.read_text(encoding="utf-8")
        if (lines := text.count("\n")) > FILE_LINES:
            found.append(f"{path.relative_to(root)} has {lines} lines; {FILE_LINES} are allowed")
        for node in _nodes(text):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lines = (node.end_lineno or node.lineno) - node.lineno + 1
                if lines > FUNCTION_LINES:
                    found.append(f"{path.relative_to(root)}:{node.lineno} {node.name} has {lines} lines; {FUNCTION_LINES} are allowed")
    found += [f"{path} has {n} modules; {FOLDER_MODULES} are allowed" for path, n in folders.items() if n > FOLDER_MODULES]
    return found


def stops_within(root: Path) -> list[str]:
    """Yields within a `with` in the kernels: a request's steps come in turn with other requests', and each perhaps in another thread.

    What the block sets for its thread, as errstate and a default device, would then hold for others, and could not be taken back.
    """

    def lines(node: ast.AST) -> Iterator[int]:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.Yield | ast.YieldFrom):
                yield child.lineno
            if not isinstance(child, ast.FunctionDef | ast.Lambda):
                yield from lines(child)

    def blocks(node: ast.AST) -> Iterator[ast.With]:
        for child in _statements(node, but=ast.FunctionDef | ast.With):
            if isinstance(child, ast.With):
                yield child

    found = []
    for path in (path for name, path in modules(root).items() if _within(name, "kernels")):
        for node in _nodes(path.read_text(encoding="utf-8")):
            if isinstance(node, ast.FunctionDef) and not any("contextmanager" in ast.unparse(each) for each in node.decorator_list):
                found += [f"{path.relative_to(root)}:{line} stops within a with" for block in blocks(node) for line in lines(block)]
    return found


def test_no_rule_is_broken() -> None:
    assert {"kernels.geometry", "funjax_gui.cli.command", "funjax_gui.worker"} <= set(modules(ROOT))
    assert violations(ROOT) == []
    assert past_the_face(ROOT) == []
    assert circle(ROOT) == []
    assert misplaced(ROOT) == []
    assert too_long(ROOT) == []
    assert stops_within(ROOT) == []


PLANTED = [
    ("kernels/maps/registry.py", "import PySide6.QtCore"),
    ("kernels/maps/registry.py", "def draw():\n    from funjax_gui.app import window"),
    ("kernels/maps/registry.py", "def draw():\n    import importlib\n    importlib.import_module('pyqtgraph')"),
    ("kernels/maps/registry.py", "def rule():\n    from kernels.formulas import map"),
    ("kernels/maps/registry.py", "import kernels.cycles.iterate"),
    ("kernels/newton/request.py", "from kernels.bifurcation.request import BifurcationRequest"),
    ("kernels/newton/request.py", "from ..bifurcation import request"),
    ("funjax_gui/tabs/newton/tab.py", "from funjax_gui.worker.worker import Worker"),
    ("kernels/geometry.py", "from kernels.parameters import Parameter"),
    ("funjax_gui/app/window.py", "import jax.numpy as jnp"),
    ("funjax_gui/app/window.py", "if False:\n    from jaxlib import xla_client"),
    ("funjax_gui/app/window.py", "import pyqtgraph as pg"),
    ("funjax_gui/style/theme.py", "import pyqtgraph as pg"),
    ("funjax_gui/sessions/session.py", "from funjax_gui.tabs.newton.session import Newton"),
    ("funjax_gui/sessions/session.py", "from funjax_gui import tabs"),
    ("funjax_gui/export/request.py", "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from funjax_gui.tabs import base"),
    ("funjax_gui/tours/script.py", "from funjax_gui.app import window"),
    ("funjax_gui/formatting.py", "from funjax_gui import process_exit"),
    ("funjax_gui/tabs/newton/tab.py", "from ..bifurcation.tab import BifurcationTab"),
    ("funjax_gui/tabs/newton/tab.py", "from funjax_gui.tabs import bifurcation"),
    ("funjax_gui/tabs/base.py", "from funjax_gui.tabs.newton.tab import NewtonTab"),
    ("funjax_gui/plots/view_plot.py", "import funjax_gui.tabs.newton.tab"),
]

ALLOWED = [
    ("kernels/newton/request.py", "import jax\nfrom .. import geometry\nfrom kernels.newton import frame"),
    ("kernels/__init__.py", "from kernels.newton.request import NewtonRequest"),
    ("funjax_gui/plots/view_plot.py", "import pyqtgraph as pg\nfrom funjax_gui.figures import ticks\nfrom kernels import Grid"),
    ("funjax_gui/style/colour_maps.py", "from pyqtgraph import colormap"),
    ("funjax_gui/app/window.py", "from funjax_gui.tabs.newton.tab import NewtonTab\nimport jaxtyping\nfrom funjax_gui import __version__"),
    ("funjax_gui/tabs/newton/tab.py", "from kernels.newton.request import NewtonRequest\nfrom ..base import Tab\nfrom . import session"),
    ("funjax_gui/documents.py", "from funjax_gui.tabs import newton\nfrom funjax_gui.tabs.bifurcation import tab"),
]


def _plant(root: Path, file: str, text: str) -> None:
    """A small tree of packages, and `text` in one of its files."""
    for name in (
        *("funjax_gui/tabs/__init__.py", "funjax_gui/tabs/base.py", "funjax_gui/tabs/bifurcation/__init__.py"),
        *("funjax_gui/tabs/bifurcation/tab.py", "funjax_gui/tabs/newton/__init__.py", "funjax_gui/tabs/newton/tab.py"),
        *("funjax_gui/process_exit.py", "kernels/__init__.py", "kernels/geometry.py", "kernels/bifurcation/request.py"),
        file,
    ):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).touch()
    (root / file).write_text(text)


@pytest.mark.parametrize(("file", "text"), PLANTED)
def test_a_planted_import_is_found(tmp_path: Path, file: str, text: str) -> None:
    _plant(tmp_path, file, text)
    assert violations(tmp_path)
    assert all(line.startswith(f"{file}:") for line in violations(tmp_path))


@pytest.mark.parametrize(("file", "text"), ALLOWED)
def test_an_allowed_import_passes(tmp_path: Path, file: str, text: str) -> None:
    _plant(tmp_path, file, text)
    assert violations(tmp_path) == []
    assert circle(tmp_path) == []


@pytest.mark.parametrize(
    "text",
    [
        "from funjax_gui.plots import axis",
        "def make():\n    from . import axis",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from funjax_gui.plots.axis import Axis",
    ],
)
def test_a_planted_circle_is_found(tmp_path: Path, text: str) -> None:
    _plant(tmp_path, "funjax_gui/plots/axis.py", "from funjax_gui.plots.zoom import zoomed")
    assert circle(tmp_path) == []
    _plant(tmp_path, "funjax_gui/plots/zoom.py", text)
    assert set(circle(tmp_path)) == {"funjax_gui.plots.axis", "funjax_gui.plots.zoom"}


@pytest.mark.parametrize(
    ("text", "passes"),
    [
        ("from kernels.geometry import Grid", True),
        ("from kernels.bifurcation import BifurcationRequest, request", True),
        ("from kernels.bifurcation import density", False),
        ("from kernels.bifurcation.request import BifurcationRequest", False),
        ("def draw():\n    from kernels.bifurcation.request import BifurcationRequest", False),
        ("import kernels.bifurcation.density", False),
        ("from funjax_gui.figures.ticks import ticks", True),
    ],
)
def test_an_import_past_a_package_s_face_is_found(tmp_path: Path, text: str, passes: bool) -> None:
    _plant(tmp_path, "kernels/bifurcation/__init__.py", '__all__ = ["BifurcationRequest", "request"]')
    _plant(tmp_path, "funjax_gui/figures/__init__.py", "")
    _plant(tmp_path, "funjax_gui/figures/axis.py", text)
    assert (past_the_face(tmp_path) == []) is passes


def test_a_planted_stop_within_a_with_is_found(tmp_path: Path) -> None:
    _plant(tmp_path, "kernels/newton/run.py", "def steps():\n    with held():\n        if True:\n            yield 1\n    yield 2\n")
    assert stops_within(tmp_path) == ["kernels/newton/run.py:4 stops within a with"]


def test_a_planted_module_without_a_layer_is_found(tmp_path: Path) -> None:
    _plant(tmp_path, "funjax_gui/helpers.py", "")
    assert misplaced(tmp_path) == ["funjax_gui.helpers"]


def test_a_planted_length_is_found(tmp_path: Path) -> None:
    _plant(tmp_path, "kernels/maps/registry.py", "def f():\n" + "    pass\n" * FUNCTION_LINES + "\n" * FILE_LINES)
    for n in range(FOLDER_MODULES + 1):
        _plant(tmp_path, f"kernels/cycles/part{n}.py", "")
    assert len(too_long(tmp_path)) == 3
