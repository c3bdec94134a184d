"""The timings in words, in files and on the command line."""

import contextlib
import csv
import io
import json
import math
import os
import subprocess
import sys
from collections.abc import Iterator

import pytest

from funjax_gui.cli import benchmark, command
from funjax_gui.timings import report
from kernels.timings import measure
from kernels.timings.measure import Timing
from kernels.timings.request import Row, TimingsFrame, TimingsRequest
from kernels.timings.sweeps import SweepPoint
from kernels.timings.workloads import post_workloads


def made_up(sweeps: bool = True) -> TimingsFrame:
    """A finished frame with every row, each 100 µs and half a second to compile, and two points."""
    rows = tuple(
        Row(
            workload=workload.name,
            title=workload.title,
            variant=variant.name,
            source=variant.source,
            note=variant.note,
            post=variant.post,
            against=variant.post or workload.gpu,
            timing=Timing(1e-4, 0.9e-4, 1.25e-4, 77, 0.5 if index else None),
            pays_after=math.inf if index == 1 else 8.0 if index else None,
        )
        for workload in post_workloads()
        for index, variant in enumerate(workload.variants)
    )
    slow, quick = (SweepPoint("starts", way, 64, Timing(t, t, t, 9, c)) for way, t, c in (("NumPy loop", 1e-3, None), ("jit", 1e-5, 0.099)))
    points = (slow, quick) if sweeps else ()
    return TimingsFrame(TimingsRequest(sweeps=sweeps), rows, points, "", 1.0, "CPU, 2 cores", 12.3, True)


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (1.74e-3, "1.74 ms"),
        (201e-6, "201 µs"),
        (0.354, "354 ms"),
        (9.996e-6, "10.0 µs"),
        (99.96e-6, "100 µs"),
        (999.7e-6, "1.00 ms"),
        (0.9996, "1.00 s"),
        (12.345, "12.3 s"),
        (0.0, "0 µs"),
        (4.2e-9, "0.00420 µs"),
    ],
)
def test_times_have_three_digits(seconds: float, text: str) -> None:
    assert report.time_text(seconds) == text


@pytest.mark.parametrize(
    ("ratio", "text"), [(0.00786, "0.0079"), (0.19, "0.19"), (1.0, "1.0"), (2.04, "2.0"), (9.96, "10"), (304.2, "304")]
)
def test_factors(ratio: float, text: str) -> None:
    assert report.ratio_text(ratio) == text


@pytest.mark.parametrize(("calls", "text"), [(None, ""), (math.inf, "never"), (0.0, "1 call"), (1.0, "1 call"), (750.0, "750 calls")])
def test_calls(calls: float | None, text: str) -> None:
    assert report.calls_text(calls) == text


def test_text_has_every_row_and_what_is_said_of_them() -> None:
    frame = made_up()
    text = report.as_text(frame)
    for row in frame.rows:
        assert row.title in text and row.variant in text
    assert "CPU, 2 cores" in text and "jax" in text
    assert "100 µs     90.0 µs – 125 µs" in text
    assert "funjax is faster here than the post’s GPU was in all 5 workloads." in text
    assert "jit: faster than NumPy loop at every size, 100 times at 64; its compiling has paid after 100 calls." in text
    assert max(map(len, text.splitlines())) <= 130


def test_what_was_not_beaten_is_named() -> None:
    frame = made_up(sweeps=False)
    slow = [Row(**{**vars(row), "timing": Timing(1.0, 1.0, 1.0, 5)}) for row in frame.rows]
    none = TimingsFrame(frame.request, tuple(slow), (), "", 1.0, "d", 1.0, True)
    assert report.beaten(none).startswith(
        "funjax is faster here than the post’s GPU was in none of the workloads measured; not in: 38 starts"
    )
    some = TimingsFrame(frame.request, (*frame.rows[:4], slow[-1]), (), "", 1.0, "d", 1.0, True)
    assert report.beaten(some).endswith("in 1 of 2 workloads; not in: The same update by conjugate gradients.")
    assert report.beaten(TimingsFrame(frame.request, (), (), "", 0.0, "d", 0.0, False)) == ""


def test_json_is_valid_and_complete() -> None:
    frame = made_up()
    read = json.loads(report.as_json(frame), parse_constant=pytest.fail)
    assert [row["variant"] for row in read["rows"]] == [row.variant for row in frame.rows]
    assert read["rows"][1]["pays_after_calls"] is None and read["rows"][2]["pays_after_calls"] == 8
    assert read["rows"][0]["median"] == 1e-4 and read["rows"][0]["post"] == 1.74e-3
    assert [(p["sweep"], p["variant"], p["size"]) for p in read["sweeps"]] == [("starts", "NumPy loop", 64), ("starts", "jit", 64)]
    assert read["device"] == "CPU, 2 cores" and read["machine"]["jax"] and read["complete"]


def test_csv_has_a_line_for_everything() -> None:
    frame = made_up()
    lines = list(csv.DictReader(io.StringIO(report.as_csv(frame))))
    assert len(lines) == len(frame.rows) + 2
    assert (lines[0]["measurement"], lines[0]["compile"], lines[0]["post"]) == ("fixed-point", "", "0.00174")
    assert (lines[-1]["measurement"], lines[-1]["size"], float(lines[-1]["median"])) == ("sweep-starts", "64", 1e-5)


# --- the command ---


def test_the_command_prints_row_by_row(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    whole = made_up()
    printed: list[int] = []

    def frames(self: TimingsRequest) -> Iterator[TimingsFrame | None]:
        for count in range(len(whole.rows) + 1):
            yield TimingsFrame(self, whole.rows[:count], (), "more", 0.5, whole.device, 1.0, False)
            yield None
            printed.append(capsys.readouterr().out.count("100 µs     90"))
        yield TimingsFrame(self, whole.rows, whole.points, "", 1.0, whole.device, 2.0, True)

    monkeypatch.setattr(TimingsRequest, "frames", frames)
    assert command.run(["benchmark", "--sweeps"]) == 0
    assert printed == [0, *[1] * len(whole.rows)]
    captured = capsys.readouterr()
    assert "jit: faster than NumPy loop" in captured.out
    assert "¹ Compiling all the steps" in captured.out
    assert captured.err == ""


def test_json_alone_on_standard_output(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(TimingsRequest, "frames", lambda self: iter([made_up()]))
    assert command.run(["benchmark", "--json"]) == 0
    captured = capsys.readouterr()
    assert len(json.loads(captured.out)["rows"]) == 14
    assert "NumPy loop" in captured.err


def test_a_real_run_with_a_tiny_budget(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    # Kernels may be kept here: what compiling takes is measured in kernels/timings.
    monkeypatch.setattr(measure, "_without_cache", contextlib.nullcontext)
    assert command.run(["benchmark", "--seconds", "1e-6"]) == 0
    out = capsys.readouterr().out
    for workload in post_workloads():
        assert workload.title in out
    assert out.count("funjax ") >= 5
    assert "workloads" in out.splitlines()[-1]


@pytest.mark.parametrize("given", ["0", "-1", "nan", "61", "soon"])
def test_a_wrong_time_is_refused_in_one_line(given: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert command.run(["benchmark", f"--seconds={given}"]) == 2
    captured = capsys.readouterr()
    assert captured.out == "" and captured.err.count("\n") == 1


def test_ctrl_c_ends_it_quietly(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def frames(self: TimingsRequest) -> Iterator[TimingsFrame | None]:
        yield None
        raise KeyboardInterrupt

    monkeypatch.setattr(TimingsRequest, "frames", frames)
    assert command.run(["benchmark"]) == 130
    assert capsys.readouterr().err == ""


@pytest.mark.skipif(os.name == "nt", reason="Windows has no pipes of this kind")
def test_a_reader_that_has_seen_enough_is_no_error() -> None:
    code = """
import sys
from funjax_gui.cli import benchmark
from kernels.timings.request import TimingsRequest
class Endless(TimingsRequest):
    def frames(self):
        from kernels.timings.request import TimingsFrame
        for n in range(10):
            yield TimingsFrame(self, (), (), "", 0.0, "CPU", 0.0, False)
import os
read, write = os.pipe()
os.close(read)
os.dup2(write, 1)
sys.exit(benchmark.run(Endless(sweeps=False)))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=600)
    assert (done.returncode, done.stderr) == (0, "")


def test_what_is_under_way_is_shown_on_a_terminal_only(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    benchmark._show_progress("something")
    assert capsys.readouterr().err == ""
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    benchmark._show_progress("something")
    benchmark._show_progress("")
    assert capsys.readouterr().err == "\r\x1b[K… something\r\x1b[K"
