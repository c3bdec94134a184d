"""`funjax benchmark`: the post's timings on this machine, printed row by row as they come."""

import os
import sys
import textwrap
from collections.abc import Callable
from typing import TextIO

from funjax_gui.timings import report
from kernels.timings import TimingsFrame, TimingsRequest

Emit = Callable[[str], None]


def run(request: TimingsRequest, as_json: bool = False) -> int:
    """Measure and print; with `as_json` the table goes to standard error and the JSON to standard output, at the end. Returns 0."""
    try:
        frame = _stream(request, sys.stderr if as_json else sys.stdout)
        if as_json:
            print(report.as_json(frame), end="", flush=True)
    except BrokenPipeError:  # the reader, such as head(1), has closed it
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


def _stream(request: TimingsRequest, out: TextIO) -> TimingsFrame:
    """Print the rows, then the sweeps' points, then what is to be said of them; return the last frame."""

    def emit(text: str) -> None:
        _show_progress("")
        print(text, file=out, flush=True)

    last: TimingsFrame | None = None
    for frame in request.frames():
        if frame is None:
            continue
        if last is None:
            emit(f"The post's timings on this machine: {frame.device}, {report.machine()['processor']}\n\n{report.head()}")
        _print_news(frame, last, emit)
        _show_progress(frame.doing)
        last = frame
    assert last is not None
    if last.points:
        emit("\n" + "\n".join(report.verdicts(last)))
    emit("\n" + textwrap.fill(report.LEGEND, report.WRAPPED) + "\n")
    for note in report.notes(last):
        emit(textwrap.fill(note, report.WRAPPED, subsequent_indent="  "))
    emit(f"\n{report.beaten(last)}  ({last.seconds:.0f} s)")
    return last


def _print_news(frame: TimingsFrame, last: TimingsFrame | None, emit: Emit) -> None:
    rows = last.rows if last else ()
    for index in range(len(rows), len(frame.rows)):
        for text in report.lines_of(frame.rows[index], frame.rows[index - 1] if index else None):
            emit(text)
    known = len(last.points) if last else 0
    sweeps = {sweep.name: sweep for sweep in frame.request.planned()}
    for index in range(known, len(frame.points)):
        point = frame.points[index]
        if index == 0 or frame.points[index - 1].sweep != point.sweep:
            emit(f"\n{sweeps[point.sweep].title}")
        emit(report.sweep_line(point, sweeps[point.sweep].unit))


def _show_progress(text: str) -> None:
    """On a terminal, what is being measured; the next line is written over it."""
    if sys.stderr.isatty():
        print(f"\r\x1b[K{f'… {text}'[:100] if text else ''}", end="", file=sys.stderr, flush=True)
