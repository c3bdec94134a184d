"""The layers: which module may import which, and how long a file and a function may be."""

import ast
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ("kernels", "funjax_gui")
FILE_LINES = 350
FUNCTION_LINES = 60


class Rule(NamedTuple):
    """Modules that match `where` (but not `unless`) import nothing that matches `forbidden`; patterns as of a shell."""

    where: str
    forbidden: tuple[str, ...]
    unless: tuple[str, ...] = ()


SHARED = ("base", "request_slots", "view_tab", "view_panel", "view_history")
"""Modules of tabs/ that all tabs build on."""

PROBLEMS = ("kernels.fixed_point", "kernels.bifurcation", "kernels.newton")
RULES = (
    Rule("kernels*", ("PySide6", "shiboken6", "qtpy", "pyqtgraph", "superqt", "funjax_gui")),
    Rule("funjax_gui*", ("jax", "jaxlib")),
    Rule("funjax_gui*", ("pyqtgraph",), unless=("funjax_gui.plots*", "funjax_gui.style.colour_maps")),
    *(Rule(f"{problem}*", tuple(other for other in PROBLEMS if other != problem)) for problem in PROBLEMS),
    Rule("funjax_gui.tabs.*", ("funjax_gui.app", "funjax_gui.worker")),
    Rule("funjax_gui.plots*", ("funjax_gui.tabs", "funjax_gui.app", "funjax_gui.worker", "jax")),
    Rule("funjax_gui.widgets*", ("funjax_gui.tabs",)),
)


def modules(root: Path) -> dict[str, Path]:
    """The dotted name of every module under the packages of `root`, and its file."""
    paths = (path for package in PACKAGES for path in sorted((root / package).rglob("*.py")))
    return {_name(path.relative_to(root)): path for path in paths}


def _name(path: Path) -> str:
    parts = path.with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports(module: str, path: Path) -> Iterator[tuple[int, str]]:
    """Each (line, dotted name) that the file imports anywhere in it, by statement or by importlib with a literal name.

    `from a import b` gives both `a` and `a.b`, for b may be a module.
    """
    package = module.split(".") if path.name == "__init__.py" else module.split(".")[:-1]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else []
            base = ".".join([*above, *([node.module] if node.module else [])])
            yield node.lineno, base
            yield from ((node.lineno, f"{base}.{alias.name}") for alias in node.names)
        elif isinstance(node, ast.Call) and _called(node) in ("import_module", "__import__") and node.args:
            if isinstance(node.args[0], ast.Constant):
                yield node.lineno, str(node.args[0].value)


def _called(node: ast.Call) -> str:
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def _within(name: str, package: str) -> bool:
    return name == package or name.startswith(f"{package}.")


def _forbidden(module: str, imported: str) -> bool:
    """Whether a rule keeps the module from importing that."""
    for rule in RULES:
        applies = fnmatch(module, rule.where) and not any(fnmatch(module, pattern) for pattern in rule.unless)
        if applies and any(_within(imported, name) for name in rule.forbidden):
            return True
    return False


def _tab(module: str) -> str:
    """The tab that the module belongs to: its folder's name under tabs/; empty for all else, what the tabs share among it."""
    name = module.split(".")[2] if module.startswith("funjax_gui.tabs.") else ""
    return "" if name in SHARED else name


def violations(root: Path) -> list[str]:
    """`file:line imports name` for every import that a rule forbids."""
    known = modules(root)
    tabs = {_tab(module) for module in known}
    found = set()
    for module, path in known.items():
        for line, imported in imports(module, path):
            another_tab = _tab(module) and _tab(imported) in tabs - {_tab(module), ""}
            if another_tab or _forbidden(module, imported):
                found.add(f"{path.relative_to(root)}:{line} imports {imported}")
    return sorted(found)


def too_long(root: Path) -> list[str]:
    """Files and functions beyond the house's lengths."""
    found = []
    for path in modules(root).values():
        text = path.read_text(encoding="utf-8")
        if (lines := text.count("\n")) > FILE_LINES:
            found.append(f"{path.relative_to(root)} has {lines} lines; {FILE_LINES} are allowed")
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lines = (node.end_lineno or node.lineno) - node.lineno + 1
                if lines > FUNCTION_LINES:
                    found.append(f"{path.relative_to(root)}:{node.lineno} {node.name} has {lines} lines; {FUNCTION_LINES} are allowed")
    return found


def test_no_forbidden_import() -> None:
    assert violations(ROOT) == []


def test_nothing_is_too_long() -> None:
    assert too_long(ROOT) == []


def test_the_packages_are_found() -> None:
    assert {"kernels.geometry", "funjax_gui.cli.command", "funjax_gui.worker"} <= set(modules(ROOT))


PLANTED = [
    ("kernels/maps.py", "import PySide6.QtCore"),
    ("kernels/maps.py", "def draw():\n    from funjax_gui import window"),
    ("kernels/maps.py", "def draw():\n    import importlib\n    importlib.import_module('pyqtgraph')"),
    ("funjax_gui/window.py", "import jax.numpy as jnp"),
    ("funjax_gui/window.py", "if False:\n    from jaxlib import xla_client"),
    ("funjax_gui/window.py", "import pyqtgraph as pg"),
    ("kernels/newton.py", "from . import bifurcation"),
    ("kernels/newton.py", "from kernels.fixed_point import FixedPointRequest"),
    ("funjax_gui/tabs/newton.py", "from .bifurcation import BifurcationTab"),
    ("funjax_gui/tabs/newton.py", "from . import bifurcation"),
    ("funjax_gui/tabs/newton.py", "from .. import app"),
    ("funjax_gui/tabs/newton.py", "from funjax_gui.worker import Worker"),
    ("funjax_gui/plots_curves.py", "import funjax_gui.tabs.newton"),
    ("funjax_gui/widgets.py", "from funjax_gui.tabs import newton"),
]

ALLOWED = [
    ("kernels/newton.py", "import jax\nfrom . import geometry"),
    ("funjax_gui/plots.py", "import pyqtgraph as pg\nfrom . import ticks"),
    ("funjax_gui/style/colour_maps.py", "from pyqtgraph import colormap"),
    ("funjax_gui/window.py", "from .tabs.newton import NewtonTab\nimport jaxtyping"),
    ("funjax_gui/tabs/newton.py", "from kernels.newton import NewtonRequest\nfrom . import Tab\nfrom ..plots import CurvePlot"),
]


def _plant(root: Path, file: str, text: str) -> None:
    for name in (
        "funjax_gui/tabs/__init__.py",
        "funjax_gui/tabs/bifurcation.py",
        "funjax_gui/tabs/newton.py",
        "kernels/__init__.py",
    ):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).touch()
    (root / file).parent.mkdir(parents=True, exist_ok=True)
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


def test_a_planted_length_is_found(tmp_path: Path) -> None:
    _plant(tmp_path, "kernels/maps.py", "def f():\n" + "    pass\n" * FUNCTION_LINES + "\n" * FILE_LINES)
    assert len(too_long(tmp_path)) == 2
