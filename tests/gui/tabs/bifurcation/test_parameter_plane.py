"""The plane of two parameters in the bifurcation tab: controls, picture, pin, session, exports."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from funjax_gui.documents import render
from funjax_gui.export import ExportJob, Style
from funjax_gui.figures import Label, Marks, Polyline
from funjax_gui.sessions import Session
from funjax_gui.sessions.checks import SessionError
from funjax_gui.sessions.session import dumps, parse
from funjax_gui.style import DARK, THEMES, pack, unpack
from funjax_gui.tabs.bifurcation import Bifurcation
from funjax_gui.tabs.bifurcation.overlaid import OverlaidFrame, OverlaidRequest
from funjax_gui.tabs.bifurcation.parameter_plane import EXPORTERS, STARTS, figures
from funjax_gui.tabs.bifurcation.parameter_plane.curves import CurvesOverlay
from funjax_gui.tabs.bifurcation.parameter_plane.status_text import formula
from funjax_gui.tabs.bifurcation.tab import BifurcationTab
from funjax_gui.tabs.request_slots import RequestSlots
from kernels import Grid, TwoParametersRequest, Viewport
from kernels.skeleton import KINDS, Curve, CurvePoint, CurvesFrame, CurvesRequest
from kernels.two_parameters import TwoParametersFrame

PLANE = """funjax = 1
tab = "bifurcation"
[bifurcation]
map = "henon"
sweep = "a"
and-sweep = "b"
range = [0.02, 1.2]
and-range = [0.05, 0.45]
pin = [1.0, 0.25]
size = [12, 10]
"""


def frame_of(request: TwoParametersRequest, counted: bool = False) -> Any:
    size = request.grid.rows, request.grid.columns
    period, lyapunov = np.full(size, 1, np.int32), np.full(size, -0.5)
    period[0, :4], lyapunov[0, :4] = (-1, -2, 0, 0), (np.nan, np.nan, 0.5, 0.001)
    numbers = np.minimum(period, 0) + 2 * (lyapunov < 0) + (lyapunov == 0.5) if counted else None
    return TwoParametersFrame(request, "CPU", 0.1, 1.0, True, 1, lyapunov, period, lyapunov - 1, numbers)


def test_window_shows_the_plane_and_comes_back(qtbot: Any, plane_tab: BifurcationTab) -> None:
    tab = plane_tab
    plane = tab.cover
    assert plane is not None and tab.is_covered and plane.isVisible()
    request = tab.export_request()
    assert isinstance(request, TwoParametersRequest) and request.swept == ("a", "b")
    assert tab.plot.x_axis.label == "a" and tab.plot.y_axis.label == "b"
    with qtbot.waitSignal(tab.requested):
        plane._edit("left", replace_left(request))
    asked: list[Any] = []
    tab.requested.connect(asked.append)
    qtbot.waitUntil(lambda: plane.slots.asked(TwoParametersRequest) is plane.request)
    frame = frame_of(plane.request)
    tab.show_frame(frame)
    assert plane.frame is frame and "diverged" in plane.panel.legend.text()
    assert "done" in tab.status().text and "chaotic" in tab.status().text
    plane._edit("shown", "period")
    assert "period 1" in plane.panel.legend.text()
    plane.plot.move_handle(0.25, 0.5)
    view = plane.plot.grid.viewport
    assert plane.pin == (float(view.x_at(0.25)), float(view.y_at(0.5))) and "a = " in plane.aside.where
    plane._show_readout(0.0001, 0.9999)
    kept = tab.session(Session(tab="bifurcation"))
    assert parse(dumps(kept)) == kept and kept.bifurcation.pin == plane.pin and kept.bifurcation.show == "period"
    plane._edit("shown", "attractors")
    assert plane.request.starts == STARTS and "period 1" in plane.panel.legend.text()  # until the numbers are there
    plane._edit("starts", 9)
    qtbot.waitUntil(lambda: plane.slots.asked(TwoParametersRequest) is plane.request)
    tab.show_frame(frame_of(plane.request, counted=True))
    assert "2 attractors" in plane.panel.legend.text() and "one attractor" in tab.status().text
    several = tab.session(kept)
    assert several.bifurcation.starts == 9 and parse(dumps(several)) == several
    assert parse(PLANE + 'show = "attractors"').bifurcation.request().starts == STARTS
    plane._edit("shown", "exponent")
    assert plane.request.starts == 1 and plane.panel.control("starts").isHidden()
    plane._edit("shown", "period")
    plane._edit("sweep", "b")
    assert plane.request.swept == ("b", "a")
    tab.restore(kept)
    assert plane.request.swept == ("a", "b") and plane.shown == "period"
    plane._edit("and_sweep", "")
    assert not tab.is_covered and tab.request.map == "henon" and dict(tab.request.parameters) == {"b": kept.bifurcation.pin[1]}
    assert float(tab.plot.pin or 0) == kept.bifurcation.pin[0]
    assert not tab.session(kept).bifurcation.and_sweep
    tab.restore(kept)
    plane._edit("map", "logistic")
    assert not tab.is_covered and tab.request.map == "logistic"
    tab._edit("and_sweep", "a")
    assert tab.is_covered and plane.request.sequence == "AB" and tab.plot.y_axis.label == "a at B" and not plane.aside.isVisible()
    before = plane.pin
    plane._plot.move_handle(0.25, 0.75)
    assert plane._plot.handle_at is None and plane.pin == before
    assert "x₀, and others spread over x from 0 to 1. An" in plane.panel.control("starts").toolTip()
    assert plane.panel.control("starts").toolTip().endswith("A whole number from 2 to 32")
    plane._edit("sequence", "AABAB")
    forced = tab.session(kept)
    assert forced.bifurcation.sequence == "AABAB" and parse(dumps(forced)) == forced and plane.request == tab.export_request()
    plane._edit("map", "cubic")
    assert tab.is_covered and plane.request.sequence == "AABAB" and plane.request.map == "cubic"
    tab.restore(forced)
    assert plane.request.map == "logistic" and "a forced AABAB" in formula(plane.request)
    tab.restore(kept)
    assert plane.aside.isVisible() and not plane.request.sequence and plane._plot.handle_at is not None


def replace_left(request: TwoParametersRequest) -> Any:
    return request.grid.viewport.x_at(0.1)


def test_json_has_rows_of_exponents_and_periods(tmp_path: Path) -> None:
    path, out = tmp_path / "plane.toml", tmp_path / "plane.json"
    path.write_text(PLANE + 'show = "attractors"\nstarts = 3\n')
    render(path, out)
    found = json.loads(out.read_text())
    a, b = np.array(found["a"]), np.array(found["b"])
    period, exponents = np.array(found["period"]), np.array(found["lyapunov"], float)
    assert len(a) == 12 and len(b) == 10 and period.shape == exponents.shape == (10, 12)
    assert b[0] > b[-1] and a[0] < a[-1]
    attractors = np.array(found["attractors"])
    assert found["starts"] == 3 and ((attractors == -1) <= (period == -1)).all()
    assert (attractors[a + 0 * b[:, None] < 0.75 * (1 - b[:, None]) ** 2 - 0.02] == 1).all()
    assert (period[a + 0 * b[:, None] < 0.75 * (1 - b[:, None]) ** 2 - 0.02] == 1).all()
    spectrum = np.array(found["spectrum"], float)
    np.testing.assert_allclose(spectrum.sum(-1), np.log(b)[:, None] + 0 * a, atol=1e-9)
    assert parse(PLANE).bifurcation.show == "exponent"


def test_colours_of_outcomes_and_of_exponents_differ() -> None:
    frame = frame_of(TwoParametersRequest(Grid(Viewport.from_limits(0, 1, 0, 1), 8, 4), starts=5), counted=True)
    for colours in (DARK, THEMES["white"]):
        for shown in figures.SHOWN:
            picture = figures.pixels(frame, shown, colours)
            assert picture.shape == (4, 8) and len(np.unique(picture)) == 5
        legend = figures.legend(frame, "attractors", colours)
        assert "1 attractor, 3.1 %" in legend
        ramp = figures.ramp(colours)
        assert ramp[len(ramp) // 2] == pack(unpack(colours.background)[None])[0] and len(np.unique(ramp)) > 500


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ('and-sweep = "c"', "line 6: .*no parameter 'c'"),
        ('and-sweep = "a"', "a is swept along both axes"),
        (
            'and-sweep = "b"\nshow = "density"',
            "line 11: .*of two parameters of henon it may be exponent, period, attractors, spectrum",
        ),
        ('and-sweep = "b"\nx = [0, 1]', "x is not a key with and-sweep"),
        ('and-sweep = "b"\nstarts = 4', 'starts is a key with show = "attractors" alone'),
        ('and-sweep = "b"\nshow = "attractors"\nstarts = 40', "starts .*40"),
        ("", "and-range is not a key without and-sweep"),
        ('and-sweep = "b"\nsequence = "AB"', "a sequence forces one parameter of a map of the line"),
    ],
)
def test_errors_in_sessions_name_the_line(line: str, message: str) -> None:
    first, *rest = line.split("\n")
    text = PLANE.replace('and-sweep = "b"', first) + "\n".join(rest)
    with pytest.raises(SessionError, match=message):
        parse(text)


def test_table_of_a_request_and_back() -> None:
    request = TwoParametersRequest(Grid(Viewport.from_limits(0, 1, 0, 1), 8, 4), "circle", "omega", "k", (), 0.25)
    table = Bifurcation.of(request)
    assert table.request() == request
    session = Session(tab="bifurcation", bifurcation=replace(table, show="period"))
    assert parse(dumps(session)) == session


def test_curves_are_drawn_over_the_picture_and_kept_in_sessions() -> None:
    session = parse(PLANE + "curves = 2\n")
    assert session.bifurcation.curves == 2 and parse(dumps(session)).bifurcation == session.bifurcation
    with pytest.raises(SessionError, match="curves is not a key without and-sweep"):
        parse('funjax = 1\n[bifurcation]\nmap = "henon"\ncurves = 2\n')
    slots = RequestSlots((CurvesRequest,))
    notes: list[str] = []
    overlay = CurvesOverlay(slots, lambda: None, notes.append)
    overlay.period = 2
    request = session.bifurcation.request()
    assert isinstance(request, TwoParametersRequest)
    overlay.queue(request)
    (asked,) = slots.due()
    assert (asked.period, asked.swept, asked.viewport) == (2, ("a", "b"), request.grid.viewport)
    fold = Curve("fold", 2, np.array([[0.1, 0.1], [0.2, 0.2]]), (1, 1))
    overlay.show_frame(CurvesFrame(asked, (fold,), (CurvePoint("cusp", 2, 0.61, 0.25),), "", 0.1, True, 1.0))
    assert [type(item) for item in overlay.items()] == [Polyline, Marks, Label]
    assert overlay.lines(Grid(request.grid.viewport, 800, 600), 0.5, 0.5) == ["cusp of period 2", "a = 0.61, b = 0.25"]
    overlay.queue(replace(request, map="logistic", sweep="a", and_sweep="a", start=0.5, parameters=(), sequence="AB"))
    assert overlay.items() == [] and notes[-1] == "No curves: the parameter is forced."


def test_curves_are_in_exported_pictures_and_numbers(tmp_path: Path) -> None:
    session = parse(PLANE + "curves = 2\n")
    style = Style(**session.appearance)
    job = ExportJob(session.request((1, 1)), tmp_path / "plane.svg", (480, 400), style, session)
    asked = EXPORTERS[".svg"].compute(job)
    assert isinstance(asked, OverlaidRequest) and isinstance(asked.over, CurvesRequest) and asked.over.period == 2
    lines = [Curve(kind, 2, np.array([[0.1, 0.1], [0.2 + n, 0.2]]), (1, 1)) for n, kind in enumerate(KINDS[:2])]
    over = CurvesFrame(asked.over, tuple(lines), (CurvePoint("cusp", 2, 0.61, 0.25),), "", 0.1, True, 1.0)
    found = OverlaidFrame(frame_of(asked.picture), over)
    with (tmp_path / "plane.svg").open("wb") as file:
        EXPORTERS[".svg"].write(file, found, job)
    assert (tmp_path / "plane.svg").read_text().count("stroke-dasharray") == 1, "the doublings"
    with (tmp_path / "plane.json").open("wb") as file:
        EXPORTERS[".json"].write(file, found, job)
    numbers = json.loads((tmp_path / "plane.json").read_text())
    assert [(curve["kind"], curve["period"], curve["a"]) for curve in numbers["curves"]] == [
        ("fold", 2, [0.1, 0.2]),
        ("period-doubling", 2, [0.1, 1.2]),
    ]
    assert numbers["points"] == [{"kind": "cusp", "period": 2, "a": 0.61, "b": 0.25}]
    forced = parse(
        PLANE.replace('"henon"', '"logistic"').replace('and-sweep = "b"', 'and-sweep = "a"').replace("[1.0, 0.25]", "[3.0, 3.5]")
    )
    bare = ExportJob(forced.request((1, 1)), tmp_path / "plane.svg", (480, 400), style, forced)
    assert isinstance(EXPORTERS[".svg"].compute(bare), TwoParametersRequest), "a forced parameter has no curves"
