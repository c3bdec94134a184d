"""The command line: `funjax [SESSION]` and the sub-commands `render`, `animate`, `benchmark`, `doctor` and `install-desktop`.

Bad input ends with exit status 2 and one line per problem on standard error, never with a traceback.
Qt and the kernels are imported only by the sub-command that uses them, so that `--help` is instant.
"""

import argparse
import errno
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NoReturn

from funjax_gui import __version__
from funjax_gui.cli import display, film_options, render_options, streams, tile_progress
from funjax_gui.process_start import quick_imports

BAD_INPUT = 2
INTERRUPTED = 130

COMMANDS_HELP = """\
commands:
  funjax render SESSION.toml -o OUT   draw a session to a file without a window
  funjax animate A.toml B.toml -o OUT make a film that leads from one session to another
  funjax benchmark                    run the post's timings on this machine and compare them with the post's
  funjax doctor                       check the installation: versions, devices, folders, and remedies for what is missing
  funjax install-desktop              add funjax to the desktop's menu, and open *.funjax.toml with it (Linux)

Each command has its own --help. To open a session file that is named like a command, write ./render."""


class Parser(argparse.ArgumentParser):
    """An argument parser whose errors are one line."""

    def error(self, message: str) -> NoReturn:
        """Print the message and a hint to the help; exit with status 2."""
        self.exit(BAD_INPUT, f"{self.prog}: {' '.join(message.split())}; see {self.prog} --help\n")

    def _print_message(self, message: str, file: Any = None) -> None:
        """Print help or version; OSError, which argparse drops, where standard output cannot be written."""
        if file is sys.stdout:
            file.write(message)
        else:
            super()._print_message(message, file)


def run(arguments: Sequence[str]) -> int:
    """Run the command and return its exit status.

    0; 1 where the doctor found a problem; 2 on bad input and where the output cannot be written; 130 on Ctrl+C, 143 on SIGTERM, and
    141 where nothing reads the output any more.
    """
    streams.open_missing()
    with streams.ended_by_signals():
        try:
            status = _run(arguments)
            sys.stdout.flush()
        except OSError as error:
            if error.errno not in streams.REFUSALS:
                raise
            streams.silence(sys.stdout)
            return streams.NO_READER if error.errno == errno.EPIPE else _complain(f"the output cannot be written: {error.strerror}")
        return status


def _run(arguments: Sequence[str]) -> int:
    name = arguments[0] if arguments and arguments[0] in COMMANDS else ""
    try:
        return COMMANDS[name](arguments[1:]) if name else _window(arguments)
    except SystemExit as leaving:  # argparse has printed its line, its help or the version
        return leaving.code if isinstance(leaving.code, int) else 0
    except KeyboardInterrupt:
        return INTERRUPTED


def _complain(error: object) -> int:
    """Print each line of the error and return the status for bad input."""
    try:
        for line in str(error).splitlines() or [type(error).__name__]:
            print(f"funjax: {line}", file=sys.stderr)
    except OSError:  # standard error is closed
        streams.silence(sys.stderr)
    return BAD_INPUT


def _window(arguments: Sequence[str]) -> int:
    parser = Parser(
        prog="funjax",
        description="Explore fixed points, bifurcation diagrams and Newton iterations in a window.",
        epilog=COMMANDS_HELP,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("session", nargs="?", type=Path, metavar="SESSION.toml", help="the session to open")
    parser.add_argument("--version", action="version", version=f"funjax {__version__}")
    session = parser.parse_args(arguments).session
    if no_screen := display.complaint():
        return _complain(f"{no_screen}; {display.INSTEAD}")
    if session is not None:
        with quick_imports():
            from funjax_gui.documents import load

        try:
            load(session)
        except (ValueError, OSError) as error:
            return _complain(error)
    with quick_imports():
        from funjax_gui.app import run as open_window

    return open_window(session)


def _render(arguments: Sequence[str]) -> int:
    given = render_options.parser(Parser).parse_args(arguments)
    if not display.is_set():
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    with quick_imports():
        from funjax_gui.documents import poster, render

    tiles = render_options.in_tiles(given)
    try:
        if tiles:
            chosen = {name: value for name, value in render_options.chosen(given).items() if name not in ("plain", "transparent")}
            note = poster(given.session, given.output, progress=tile_progress.shown(given.output, given.report_every), **chosen, **tiles)
        else:
            note = render(given.session, given.output, progress=_progress(), **render_options.chosen(given)).note
    except (ValueError, OSError) as error:
        return _complain(error)
    except KeyboardInterrupt:
        if tiles and (store := given.output.with_suffix(".zarr")).exists():
            print("\n" * sys.stderr.isatty() + f"funjax: stopped; finished tiles are in {store}: continue with --resume", file=sys.stderr)
        raise
    if note:
        print(f"{given.output}: {note}", file=sys.stderr)
    return 0


def _animate(arguments: Sequence[str]) -> int:
    given = vars(film_options.parser(Parser).parse_args(arguments))
    if not display.is_set():
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    with quick_imports():
        from funjax_gui.documents import animate

    try:
        options = {name: value for name, value in given.items() if name not in ("sessions", "output") and value is not None}
        animate(given["sessions"], given["output"], progress=_progress(), **options)
    except (ValueError, OSError) as error:
        return _complain(error)
    return 0


def _benchmark(arguments: Sequence[str]) -> int:
    parser = Parser(
        prog="funjax benchmark",
        description="Time the post's workloads on this machine, each as in the post and as funjax computes it.",
    )
    parser.add_argument("--json", action="store_true", help="write JSON to standard output at the end, and the table to standard error")
    parser.add_argument(
        "--sweeps", action="store_true", help="also time each workload at many sizes, to see from where jit and vmap pay off"
    )
    parser.add_argument(
        "--seconds", type=float, default=0.4, metavar="S", help="seconds of calls per row, above 0 and at most 60 (default: %(default)s)"
    )
    given = parser.parse_args(arguments)
    from funjax_gui.cli import benchmark
    from kernels.timings import TimingsRequest

    try:
        request = TimingsRequest(seconds=given.seconds, sweeps=given.sweeps)
    except ValueError as error:
        return _complain(error)
    return benchmark.run(request, given.json)


def _doctor(arguments: Sequence[str]) -> int:
    parser = Parser(
        prog="funjax doctor",
        description="Print versions, devices, folders and the Qt platform. If something is missing: a remedy, and exit status 1.",
    )
    parser.parse_args(arguments)
    from funjax_gui.cli import doctor

    return doctor.run()


def _install_desktop(arguments: Sequence[str]) -> int:
    about = "Add funjax to the desktop's menu with its icon, and open *.funjax.toml with it; for the current user only."
    parser = Parser(prog="funjax install-desktop", description=about)
    parser.add_argument("--remove", action="store_true", help="remove all of it again")
    remove = parser.parse_args(arguments).remove
    if not sys.platform.startswith("linux"):
        return _complain(f"menu entries can be installed on Linux only, and this is {sys.platform}; start funjax from a terminal")
    from funjax_gui.cli import desktop

    try:
        paths = (desktop.remove if remove else desktop.install)(desktop.data_home())
    except (ValueError, OSError) as error:
        return _complain(error)
    for path in paths:
        print(f"{'removed' if remove else 'wrote'} {path}")
    if not paths:
        print("nothing is installed")
    return 0


COMMANDS: dict[str, Callable[[Sequence[str]], int]] = {
    "render": _render,
    "animate": _animate,
    "benchmark": _benchmark,
    "doctor": _doctor,
    "install-desktop": _install_desktop,
}


def _progress() -> Callable[[float], None]:
    """Shows the progress on a terminal; elsewhere it prints nothing."""
    if not sys.stderr.isatty():
        return lambda share: None

    def show(share: float) -> None:
        # Each line overwrites the one before; the last is empty.
        print(f"funjax: {share:4.0%}" if share < 1 else " " * 12, end="\r", file=sys.stderr, flush=True)

    return show
