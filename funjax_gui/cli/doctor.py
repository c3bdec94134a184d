"""`funjax doctor`: versions, devices and folders in use, and a remedy for each problem."""

import importlib.util
import os
import re
import shutil
import subprocess
import sys
from importlib import metadata
from pathlib import Path
from typing import NamedTuple

from funjax_gui import __version__
from funjax_gui.cli import display, system_packages

QT_PROBE = """
from PySide6 import QtCore, QtGui
from funjax_gui.app import preferences
application = QtGui.QGuiApplication([])
print(QtCore.qVersion())
print(application.platformName())
print(preferences.path())
print(len(QtGui.QFontDatabase.families()), QtGui.QFontDatabase.systemFont(QtGui.QFontDatabase.SystemFont.GeneralFont).family())
"""
"""Run apart: a Qt that finds no platform ends its process."""


ROOM = 20_000_000
"""Bytes that the kernels of a first session take, about."""


class Problem(NamedTuple):
    """A problem and its remedy; both without a full stop."""

    what: str
    remedy: str


class Report(NamedTuple):
    """What a check found: (name, value) pairs in the order to show them, and the problems."""

    facts: list[tuple[str, str]]
    problems: list[Problem]


def run() -> int:
    """Print the report; 0 when all is well, 1 when there is a problem."""
    reports = [check() for check in (_versions, _kernels, _qt)]
    facts = [fact for report in reports for fact in report.facts]
    width = max(len(name) for name, _ in facts)
    for name, value in facts:
        print(f"{name:{width}}  {value}")
    problems = [problem for report in reports for problem in report.problems]
    for problem in problems:
        print(f"problem: {problem.what} — remedy: {problem.remedy}")
    return 1 if problems else 0


def packages() -> tuple[str, ...]:
    """The packages that funjax imports, as its own metadata list them; without those of the extras."""
    required = (line for line in metadata.requires("funjax") or () if "extra ==" not in line)
    return tuple(dict.fromkeys(re.split(r"[^A-Za-z0-9._-]", line, maxsplit=1)[0] for line in required))


def _versions() -> Report:
    facts = [("funjax", __version__), ("Python", f"{'.'.join(map(str, sys.version_info[:3]))}, {sys.executable}")]
    problems = []
    for name in packages():
        try:
            found = metadata.metadata(name)
        except metadata.PackageNotFoundError:
            problems.append(Problem(f"{name} is not installed", f"pip install {name}, or run make in the repository"))
        else:
            title, version = found["Name"].replace("_", "-"), found["Version"]
            facts.append((title, version))
            problems += known_faults(title, version, sys.version_info[:2])
    return Report(facts, problems)


def known_faults(name: str, version: str, python: tuple[int, int]) -> list[Problem]:
    """What is known to be wrong with that version of the package on that Python."""
    if name == "PySide6-Essentials" and version == "6.12.0" and python < (3, 12):
        what = "PySide6-Essentials 6.12.0 corrupts None's reference count on Python 3.11, which ends the process within seconds"
        return [Problem(what, "pip install 'PySide6-Essentials!=6.12.0', or use Python 3.12 or 3.13")]
    return []


def foreign_kernels() -> Path | None:
    """Where `import kernels` leads when that is not funjax's own package, which lies beside funjax_gui; None when it is."""
    found = importlib.util.find_spec("kernels")
    origin = Path(found.origin) if found and found.origin else Path("nowhere")
    return None if origin.resolve() == Path(__file__).resolve().parents[2] / "kernels" / "__init__.py" else origin


def _kernels() -> Report:
    if (foreign := foreign_kernels()) is not None:
        what = f"another package named kernels is in the way ({foreign})"
        return Report([], [Problem(what, "install funjax in an environment of its own, or uninstall the other package")])
    try:
        from kernels.execution import devices

        described, on_cpu = devices.describe(), devices.platform() == "cpu"
    except Exception as error:
        line = (str(error).splitlines() or [type(error).__name__])[0]
        return Report(
            [], [Problem(f"JAX does not start: {line}", "run FUNJAX_DEVICE=cpu funjax doctor to see whether the GPU is the cause")]
        )
    folder = devices.cache_folder()
    facts = [
        ("devices", described),
        ("precision", "float64" if on_cpu else "float32, and float64 where neighbouring pixels differ by less than float32 resolves"),
        *(("notice", notice) for notice in devices.notices()),
        ("compile cache", f"{folder} ({_bytes(folder) / 1e6:.1f} MB)"),
    ]
    return Report(facts, _unwritable(folder, "the compile cache", "every start compiles all kernels again") or _full(folder))


def _bytes(folder: Path) -> int:
    """Bytes of the files in the folder, 0 where there is none; a file that another process removes meanwhile counts nothing."""
    total = 0
    for place, _, names in os.walk(folder):
        for name in names:
            try:
                total += (Path(place) / name).stat().st_size
            except OSError:
                continue
    return total


def _full(folder: Path) -> list[Problem]:
    """A problem where the disk of the compile cache has no room for what is compiled."""
    existing = next(place for place in (folder, *folder.parents) if place.exists())
    if shutil.disk_usage(existing).free >= ROOM:
        return []
    return [Problem(f"the disk with the compile cache {folder} is full, so every start compiles again", "make room on it")]


def _unwritable(folder: Path, name: str, consequence: str) -> list[Problem]:
    """A problem where the folder, or the nearest one above that exists, cannot be written to."""
    existing = next(place for place in (folder, *folder.parents) if place.exists())
    if existing.is_dir() and os.access(existing, os.W_OK | os.X_OK):
        return []
    return [Problem(f"{name} {folder} cannot be written, so {consequence}", f"make {existing} a folder with write permission")]


def _qt() -> Report:
    environment = dict(os.environ) if display.is_set() else {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    try:
        done = subprocess.run([sys.executable, "-c", QT_PROBE], env=environment, capture_output=True, text=True, timeout=60)
    except subprocess.TimeoutExpired:
        return Report([], [Problem("Qt did not start within a minute", display.INSTEAD)])
    if done.returncode:
        return Report([], [_qt_failure(done.stderr)])
    version, platform, settings, fonts = done.stdout.splitlines()[-4:]
    count, _, family = fonts.partition(" ")
    facts = [("Qt", version), ("Qt platform", platform if display.is_set() else f"{platform} (no display)")]
    facts.append(("fonts", f"{count} families, {family}, used by the window"))
    facts.append(("settings", settings))
    problems = _unwritable(Path(settings).parent, "the settings' folder", "preferences are not saved")
    if count == "0" or (sys.platform.startswith("linux") and not system_packages.has_font()):
        problems.append(Problem("no font is installed", system_packages.remedy([system_packages.FONT])))
    return Report(facts, problems)


def _qt_failure(output: str) -> Problem:
    """Why Qt did not start: a library that it lacks, a screen that does not answer, or what Qt itself said first."""
    window = display.is_set() and os.environ.get("QT_QPA_PLATFORM") != "offscreen"
    lacking = system_packages.missing(window) if sys.platform.startswith("linux") else []
    if lacking:
        return Problem("Qt lacks shared libraries", system_packages.remedy(lacking))
    if complaint := display.complaint():
        return Problem(complaint, display.INSTEAD)
    lines = [line.strip() for line in output.splitlines() if line.strip()] or ["it gives no reason"]
    # Qt's own complaint begins with its reason, a traceback of Python's ends with it.
    reason = next((line for line in lines if line.startswith("qt.")), lines[-1])
    return Problem(f"Qt does not start: {reason}", display.INSTEAD)
