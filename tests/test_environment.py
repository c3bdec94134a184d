"""The environment that funjax is installed in, and the command as a shell sees it."""

import json
import os
import re
import signal
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.version import Version
from PySide6.QtCore import QCoreApplication

from funjax_gui import __version__
from funjax_gui.cli import command, display, doctor
from funjax_gui.files import resources

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
SUPPORTED = ("3.11", "3.12", "3.13")


def funjax(*arguments: str, code: str = "", **environment: str | None) -> subprocess.CompletedProcess[str]:
    """`funjax` with the arguments, or the code, in a process of its own; None takes a variable out of its environment."""
    merged = {**os.environ, **environment}
    variables = {name: value for name, value in merged.items() if value is not None}
    what = ["-P", "-c", code] if code else ["-m", "funjax_gui"]
    return subprocess.run([sys.executable, *what, *arguments], env=variables, capture_output=True, text=True, timeout=600)


RUNS = """
import contextlib, io, json, sys
from funjax_gui.cli.command import run
told = []
for arguments in json.loads(sys.argv[1]):
    with contextlib.redirect_stdout(io.StringIO()) as output, contextlib.redirect_stderr(io.StringIO()) as errors:
        status = run(arguments)
    heavy = [name for name in ("PySide6", "jax", "numpy", "kernels") if name in sys.modules]
    told.append((status, output.getvalue(), errors.getvalue(), heavy))
print(json.dumps(told))
"""


def runs(*lines: list[str]) -> list[tuple[subprocess.CompletedProcess[str], list[str]]]:
    """Each command line, run one after another in one process, and those of the heavy packages that are imported by then."""
    command = [sys.executable, "-P", "-c", RUNS, json.dumps(lines)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=600)
    assert (done.returncode, done.stderr) == (0, "")
    told = zip(lines, json.loads(done.stdout), strict=True)
    return [(subprocess.CompletedProcess(line, status, output, errors), heavy) for line, (status, output, errors, heavy) in told]


def allowed(package: str, version: str, python: str) -> bool:
    """Whether pyproject.toml lets pip install that version of the package on that Python."""
    applying = [
        requirement
        for requirement in map(Requirement, PROJECT["dependencies"])
        if requirement.name == package and (requirement.marker is None or requirement.marker.evaluate({"python_version": python}))
    ]
    assert applying, f"{package} is no dependency on Python {python}"
    return all(Version(version) in requirement.specifier for requirement in applying)


def test_none_keeps_its_references(qapp: QCoreApplication) -> None:
    before = sys.getrefcount(None)
    for _ in range(1000):
        QCoreApplication.processEvents()
    assert abs(sys.getrefcount(None) - before) < 100, "this PySide6 corrupts None's reference count; see pyproject.toml"


def test_the_pyside_that_breaks_python_311_is_excluded() -> None:
    assert not allowed("PySide6-Essentials", "6.12.0", "3.11")
    assert allowed("PySide6-Essentials", "6.11.3", "3.11")
    assert allowed("PySide6-Essentials", "6.12.1", "3.11")
    assert all(allowed("PySide6-Essentials", "6.12.0", python) for python in ("3.12", "3.13"))


@pytest.mark.parametrize("python", SUPPORTED)
def test_every_dependency_is_pinned_to_what_it_allows(python: str) -> None:
    lines = (line.partition("#")[0].strip() for line in (ROOT / "requirements.txt").read_text().splitlines())
    pins = [Requirement(line) for line in lines if line]
    here = [pin for pin in pins if pin.marker is None or pin.marker.evaluate({"python_version": python})]
    versions = {pin.name: next(iter(pin.specifier)).version for pin in here}
    assert len(versions) == len(here), "a package is pinned twice"
    for name in {Requirement(line).name for line in PROJECT["dependencies"]}:
        assert allowed(name, versions[name], python), f"{name}=={versions[name]} on Python {python}"


def test_kernels_is_ours() -> None:
    foreign = doctor.foreign_kernels()
    assert foreign is None, f"another package named kernels is in the way: {foreign}; use an environment of its own"


def test_the_doctor_knows_a_foreign_kernels(tmp_path: Path) -> None:
    (tmp_path / "kernels").mkdir()
    (tmp_path / "kernels/__init__.py").touch()
    told = funjax(code="from funjax_gui.cli import doctor; print(doctor._kernels().problems)", PYTHONPATH=str(tmp_path))
    assert "another package named kernels is in the way" in told.stdout, told.stderr


def test_the_doctor_knows_the_bad_pyside() -> None:
    assert doctor.known_faults("PySide6-Essentials", "6.12.0", (3, 11))
    assert not doctor.known_faults("PySide6-Essentials", "6.12.0", (3, 12))
    assert not doctor.known_faults("PySide6-Essentials", "6.11.3", (3, 11))


def test_the_doctor_tells_what_there_is(capsys: pytest.CaptureFixture[str]) -> None:
    done = here(capsys, "doctor")
    facts = dict(re.findall(r"^(\S+(?: \S+)*)  +(.+)$", done.stdout, re.MULTILINE))
    assert (done.returncode, done.stderr) == (0, ""), done.stdout
    names = {"funjax", "Python", "jax", "numpy", "PySide6-Essentials", "devices", "precision", "compile cache", "settings", "fonts"}
    assert names <= set(facts)
    assert facts["Qt platform"].startswith("offscreen")


def test_the_doctor_checks_every_package_that_funjax_needs() -> None:
    needed = {Requirement(line).name.lower() for line in PROJECT["dependencies"]}
    assert {name.lower() for name in doctor.packages()} == needed >= {"contourpy", "ziamath"}


def test_the_doctor_names_a_remedy_and_exits_1(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("QT_QPA_PLATFORM", "no-such-platform")
    assert command.run(["doctor"]) == 1
    told = capsys.readouterr()
    assert told.err == "" and re.search(r"^problem: Qt .* — remedy: .+$", told.out, re.MULTILINE)


def test_help_is_quick_and_imports_neither_qt_nor_jax_and_names_every_command() -> None:
    commands = [["--help"], ["--version"], *([name, "--help"] for name in command.COMMANDS)]
    for done, heavy in runs(*commands):
        assert (done.returncode, done.stderr, heavy) == (0, "", []), done.args
        assert "funjax" in done.stdout
        if done.args == ["--help"]:
            assert all(f"funjax {name}" in done.stdout for name in command.COMMANDS)


def one_line(done: subprocess.CompletedProcess[str]) -> str:
    """The only line that a refused command printed."""
    assert done.returncode == 2, done.stderr
    assert done.stdout == ""
    assert re.fullmatch(r"funjax[^\n]*\n", done.stderr), done.stderr
    return done.stderr


def test_bad_arguments_get_one_line() -> None:
    told = {
        ("--no-such-option",): "--no-such-option",
        ("render",): "SESSION.toml",
        ("render", "a.toml"): "-o",
        ("render", "a.toml", "-o", "a.png", "--size", "640"): "'640' is not a size",
        ("render", "a.toml", "-o", "a.png", "--size", "0x480"): "'0' is not a whole number from 1",
        ("render", "a.toml", "-o", "a.png", "--size", "640xtall"): "'tall'",
        ("render", "a.toml", "-o", "a.png", "--samples", "-3"): "-3",
        ("render", "a.toml", "-o", "a.png", "--samples", "1e3"): "'1e3' is not a whole number",
        ("doctor", "who"): "who",
        ("a.toml", "b.toml"): "b.toml",
        ("no\nsuch\noption", "b.toml"): "b.toml",
    }
    for (done, _), said in zip(runs(*map(list, told)), told.values(), strict=True):
        assert said in one_line(done), done.args


@pytest.mark.parametrize("arguments", [["no-such.toml"], ["./render"], ["render", "no-such.toml", "-o", "a.png"]])
def test_a_missing_session_gets_one_line(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    line = one_line(here(capsys, *arguments))
    assert "no-such.toml" in line or "render" in line


def here(capsys: pytest.CaptureFixture[str], *arguments: str) -> subprocess.CompletedProcess[str]:
    """The command run in this process, where all is imported."""
    status = command.run(arguments)
    told = capsys.readouterr()
    return subprocess.CompletedProcess(arguments, status, told.out, told.err)


def test_no_screen_names_what_to_do_instead() -> None:
    line = one_line(funjax(DISPLAY=None, WAYLAND_DISPLAY=None, QT_QPA_PLATFORM=None))
    assert "no display" in line
    assert "funjax render" in line


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux has X11 as a matter of course")
def test_a_dead_screen_names_what_to_do_instead() -> None:
    line = one_line(funjax(DISPLAY=":7654", WAYLAND_DISPLAY=None, QT_QPA_PLATFORM=None))
    assert "DISPLAY=:7654 does not answer" in line
    assert "funjax render" in line


def test_a_named_platform_counts_as_a_screen(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    assert display.complaint() == ""


INTERRUPTED = """
import importlib.util, os, sys
from PySide6.QtCore import QCoreApplication, QTimer
from funjax_gui.cli import command

# By itself: its package would import the whole window.
spec = importlib.util.spec_from_file_location("signals", sys.argv[1])
signals = sys.modules["signals"] = importlib.util.module_from_spec(spec)
spec.loader.exec_module(signals)

def window(arguments):
    application = QCoreApplication([])
    QTimer.singleShot(0, lambda: print("ready", flush=True))
    QTimer.singleShot(600_000, lambda: os._exit(1))
    with signals.quits(application) as received:
        return received.status or application.exec()

command._window = window
sys.exit(command.run([]))
"""


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such signals to send")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_an_idle_window_quietly(number: int) -> None:
    code = [sys.executable, "-c", INTERRUPTED, str(ROOT / "funjax_gui/app/signals.py")]
    with subprocess.Popen(code, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        process.send_signal(number)
        _, said = process.communicate(timeout=600)
    assert (process.returncode, said) == (128 + number, "")


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGTERM to send")
def test_sigterm_ends_a_command_and_its_draft(tmp_path: Path) -> None:
    code = f"""
import signal, sys
from funjax_gui.cli import command
from funjax_gui.files import atomic_write

def write(arguments):
    with atomic_write({str(tmp_path / "a")!r}):
        signal.raise_signal(signal.SIGTERM)

command.COMMANDS["render"] = write
sys.exit(command.run(["render"]))
"""
    done = funjax(code=code)
    assert (done.returncode, done.stdout, done.stderr) == (143, "", "")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no device that is always full")
@pytest.mark.parametrize(
    ("arguments", "streams", "status", "said"),
    [
        ("--help", ">/dev/full", 2, "funjax: the output cannot be written: No space left on device\n"),
        ("--version", ">&-", 0, ""),
        ("", "2>/dev/full", 2, ""),
        ("", ">&- 2>&- <&-", 2, ""),
        ("render none.toml -o a.png", ">&- 2>&- <&-", 2, ""),
    ],
)
def test_streams_that_cannot_be_written_to(tmp_path: Path, arguments: str, streams: str, status: int, said: str) -> None:
    command = f"'{sys.executable}' -m funjax_gui {arguments} {streams}"
    screens = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")  # without one no window opens, which is said soonest
    for unbuffered in ("", "1")[: 1 if arguments.startswith("render") else 2]:  # importing all of Qt takes two seconds
        environment = {name: value for name, value in os.environ.items() if name not in screens}
        environment |= {"PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": unbuffered}
        done = subprocess.run(["bash", "-c", command], env=environment, cwd=tmp_path, capture_output=True, text=True, timeout=600)
        assert (done.returncode, done.stderr) == (status, said)
        assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such pipes")
def test_a_reader_that_has_gone_is_no_complaint() -> None:
    end, written = os.pipe()
    os.close(end)
    command = [sys.executable, "-m", "funjax_gui", "--version"]
    done = subprocess.run(command, stdout=written, stderr=subprocess.PIPE, env={**os.environ, "PYTHONUNBUFFERED": ""}, timeout=600)
    os.close(written)
    assert (done.returncode, done.stderr) == (141, b"")


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGINT to send")
def test_ctrl_c_ends_a_command_quietly() -> None:
    code = """
import signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background jobs, the tests among them, begin without it
from funjax_gui.cli import command
command.COMMANDS["doctor"] = lambda arguments: signal.raise_signal(signal.SIGINT)
sys.exit(command.run(["doctor"]))
"""
    done = funjax(code=code)
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "")


def test_the_resources_are_found() -> None:
    assert resources.folder() == ROOT / "resources"


def test_the_wheel_holds_the_packages_and_the_resources(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True, timeout=600)
    (wheel,) = tmp_path.glob("*.whl")
    assert wheel.name.startswith(f"funjax-{__version__}-")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path / "site")
    done = funjax(code="from funjax_gui.files import resources; print(resources.folder())", PYTHONPATH=str(tmp_path / "site"))
    assert Path(done.stdout.strip()) == tmp_path / "site/funjax_gui/resources", done.stderr
    assert (tmp_path / "site/kernels/geometry.py").exists()
    shipped = {path.relative_to(ROOT) for path in (ROOT / "resources").rglob("*") if path.is_file()}
    assert all((tmp_path / "site/funjax_gui" / path).is_file() for path in shipped)
    assert {path.name for path in (tmp_path / "site").iterdir()} == {"funjax_gui", "kernels", f"funjax-{__version__}.dist-info"}


@pytest.mark.usefixtures("qapp")
@pytest.mark.parametrize(("map", "zeros", "said"), [("tent", 199, "float64 cannot tell"), ("logistic", 330, "farther apart")])
def test_limits_that_are_very_close_get_one_line(
    tmp_path: Path, map: str, zeros: int, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    limits = f'["1.5699456{"0" * zeros}", "1.5699456{"0" * zeros}1"]'
    (tmp_path / "deep.toml").write_text(f'funjax = 1\n[bifurcation]\nmap = "{map}"\nrange = {limits}\n')
    assert said in one_line(here(capsys, "render", str(tmp_path / "deep.toml"), "-o", str(tmp_path / "deep.png")))
