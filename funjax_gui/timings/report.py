"""The timings in words and in files: table, sentences, text, JSON and CSV. No Qt here."""

import csv
import io
import json
import math
import os
import platform
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from funjax_gui import __version__
from funjax_gui.formatting import superscript
from kernels.timings import Row, SweepPoint, Timing, TimingsFrame, post_workloads, verdict
from kernels.validation import grouped

HEAD = ("", "here", "quartiles", "compiling", "the post", "speed-up", "break-even")
"""The table's columns; `cells` gives a row's."""

TIPS = (
    "The computation and the method; funjax's own method is in bold",
    "The median of warm calls on this machine, without compilation",
    "Lower and upper quartile of the warm calls",
    "Extra time of the first call, which includes compilation; empty where nothing is compiled",
    "Time published in the post, on its machine",
    "The post's time divided by the time here: above 1, this machine is faster",
    "Number of calls after which the compilation has paid off against the first method of the group",
    "Medians and quartiles on a logarithmic time axis, with the post's figures",
)
"""What each column is, and the chart's after them."""

WIDTHS = (28, 9, 19, 10, 9, 14, 13)

LEGEND = (
    "Here: the median of warm calls, float64. The post: on its GPU, float32; its loops of NumPy and Python on its CPU. Speed-up:"
    " the post's time for the row, or, where it has none, its best time on the GPU, divided by the time here. Break-even: the number of"
    " calls after which the compilation has paid off against the Python loop."
)


WRAPPED = 116
"""Characters a line of running text."""

NOTES = tuple(dict.fromkeys(variant.note for workload in post_workloads() for variant in workload.variants if variant.note))
"""All notes on the rows, numbered by their place."""


def time_text(seconds: float) -> str:
    """Three digits and a unit: 1.74 ms."""
    for unit, scale in (("s", 1.0), ("ms", 1e3), ("µs", 1e6)):
        value = seconds * scale
        if value >= 0.9995 or unit == "µs":
            break
    return f"{value:#.3g}".rstrip(".") + f" {unit}" if value > 0 else f"0 {unit}"


def ratio_text(ratio: float) -> str:
    """A factor with the digits that it deserves."""
    if ratio >= 9.95:
        return grouped(round(ratio))
    return f"{ratio:.1f}" if ratio >= 0.95 else f"{ratio:.2g}"


def calls_text(calls: float | None) -> str:
    """After how many calls compiling has paid."""
    if calls is None:
        return ""
    return "never" if math.isinf(calls) else "1 call" if calls <= 1 else f"{grouped(int(calls))} calls"


def cells(row: Row) -> tuple[str, ...]:
    """The texts of a row, one for each of HEAD."""
    timing = row.timing
    return (
        row.variant,
        time_text(timing.median),
        f"{time_text(timing.low)} – {time_text(timing.high)}",
        "" if timing.compile is None else time_text(timing.compile),
        "" if row.post is None else time_text(row.post),
        ratio_text(row.ratio),
        calls_text(row.pays_after),
    )


def line(texts: tuple[str, ...]) -> str:
    """One line of the table as text."""
    first, *others = texts
    return "  ".join([first.ljust(WIDTHS[0]), *(text.rjust(width) for text, width in zip(others, WIDTHS[1:], strict=True))]).rstrip()


def lines_of(row: Row, before: Row | None) -> Iterator[str]:
    """The lines that a row adds to the table after the row before it: with its workload's title where that begins."""
    if before is None or before.workload != row.workload:
        yield ""
        yield row.title
    name, *others = cells(row)
    yield "  " + line((name + mark(row), *others))


def head() -> str:
    """The table's first line."""
    return "  " + line(HEAD)


def mark(row: Row) -> str:
    """The number of the row's note, small and raised; "" where it has none."""
    return f" {superscript(NOTES.index(row.note) + 1)}" if row.note in NOTES else ""


def notes(frame: TimingsFrame) -> list[str]:
    """What a reader of the rows should know, a line each, with the marks of the rows."""
    marks = {row.note: mark(row) for row in frame.rows if mark(row)}
    return [f"{number.strip()} {note}" for note, number in marks.items()]


def beaten(frame: TimingsFrame) -> str:
    """One sentence: which workloads this program does faster than the post's GPU did. Empty while there is none."""
    won, lost = frame.beaten()
    if not lost:
        return f"funjax is faster here than the post’s GPU was in all {len(won)} workloads." if won else ""
    share = f"in {len(won)} of {len(won) + len(lost)} workloads" if won else "in none of the workloads measured"
    return f"funjax is faster here than the post’s GPU was {share}; not in: {'; '.join(lost)}."


def verdicts(frame: TimingsFrame) -> list[str]:
    """The sweeps that have points: title, then what is to be seen there."""
    found = []
    for sweep in frame.request.planned():
        if any(point.sweep == sweep.name for point in frame.points):
            found += [sweep.title, *(f"  {text}" for text in verdict(sweep, frame.points).splitlines())]
    return found


def sweep_line(point: SweepPoint, unit: str) -> str:
    """One point as a line of text."""
    size = f"{grouped(point.size)} {unit}"
    compiling = "" if point.timing.compile is None else time_text(point.timing.compile)
    return f"  {point.way:{WIDTHS[0]}}{size:>19}  {time_text(point.timing.median):>9}  {compiling:>10}".rstrip()


def as_text(frame: TimingsFrame) -> str:
    """Everything, for the clipboard."""
    lines = [f"The post’s timings on this machine: {frame.device}", *(f"{name} {value}" for name, value in machine().items()), "", head()]
    before = None
    for row in frame.rows:
        lines += lines_of(row, before)
        before = row
    lines += ["", *textwrap.wrap(LEGEND, WRAPPED), ""]
    for note in notes(frame):
        lines += textwrap.wrap(note, WRAPPED, subsequent_indent="  ")
    lines += ["", beaten(frame), "", *verdicts(frame)]
    return "\n".join(lines).rstrip() + "\n"


def as_json(frame: TimingsFrame) -> str:
    """Everything as JSON; times in seconds, what is infinite or undefined is null."""
    about = {"funjax": __version__, "device": frame.device, "precision": "float64", "machine": machine(), "complete": frame.done}
    rows = [
        {
            "workload": row.workload,
            "title": row.title,
            "variant": row.variant,
            "as": row.source,
            **_times(row.timing),
            "post": row.post,
            "against": row.against,
            "times_as_fast": row.ratio,
            "pays_after_calls": None if row.pays_after is None or math.isinf(row.pays_after) else int(row.pays_after),
            "note": row.note,
        }
        for row in frame.rows
    ]
    points = [{"sweep": p.sweep, "variant": p.way, "size": p.size, **_times(p.timing)} for p in frame.points]
    return json.dumps({**about, "rows": rows, "sweeps": points}, indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def as_csv(frame: TimingsFrame) -> str:
    """A line for each row and each point of a sweep; times in seconds."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["measurement", "variant", "size", "median", "lower_quartile", "upper_quartile", "calls", "compile", "post"])
    for row in frame.rows:
        writer.writerow([row.workload, row.variant, "", *_times(row.timing).values(), row.post])
    for point in frame.points:
        writer.writerow([f"sweep-{point.sweep}", point.way, point.size, *_times(point.timing).values(), None])
    return text.getvalue()


def _times(timing: Timing) -> dict[str, Any]:
    return {
        "median": timing.median,
        "lower_quartile": timing.low,
        "upper_quartile": timing.high,
        "calls": timing.calls,
        "compile": timing.compile,
    }


def machine() -> dict[str, str]:
    """What the figures belong to: processor, cores, versions."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    from importlib import metadata  # which imports email, and so on: 5 ms of the start

    versions = {name: metadata.version(name) for name in ("jax", "jaxlib", "numpy")}
    return {"processor": _processor(), "cores": str(cores), "Python": platform.python_version(), **versions}


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    return next((text.partition(":")[2].strip() for text in lines if text.startswith("model name")), platform.machine())
