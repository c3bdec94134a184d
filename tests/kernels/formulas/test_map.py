"""Formulas where a map or an objective is chosen: found, drawn, dragged, minimised; the pictures are NumPy's own."""

import math
import os
import subprocess
import sys
import time
from dataclasses import replace
from typing import Any

import jax
import numpy as np
import pytest

from kernels import BifurcationRequest, Grid, Viewport
from kernels.catalog import find_map, find_objective
from kernels.execution import batching
from kernels.fixed_point.request import FixedPointRequest
from kernels.formulas import map_from
from kernels.formulas.parser import ExpressionError
from kernels.maps.registry import MAPS, Map
from kernels.newton.basins import NewtonBasinRequest
from kernels.newton.request import NewtonRequest
from kernels.newton.surface import LineRequest, SurfaceRequest
from kernels.objectives.functions import MINIMUM
from kernels.objectives.registry import OBJECTIVES
from kernels.single_orbit.column import ColumnRequest

LOGISTIC = "r*x*(1-x)"


def last(request: Any) -> Any:
    """The last frame of what is asked for."""
    return [frame for frame in request.frames() if frame is not None][-1]


def limits(found: Map) -> list[float]:
    return [float(limit) for limit in (*found.view.x_limits, *found.view.y_limits)]


def test_a_formula_is_a_map() -> None:
    found = find_map(" r * x * (1 - x)")
    assert found is find_map(LOGISTIC) and found is find_map(found.name)
    assert (found.name, found.title, found.formula, found.sweep, found.start) == (LOGISTIC, "Your own", "r x (1 − x)", "r", 0.5)
    assert (found.parameters[0].low, found.parameters[0].high, found.parameters[0].default) == (0.0, 4.0, 3.5)
    assert found.critical is None and found.meaning and found.reference
    assert find_map("logistic") is MAPS["logistic"], "the library's names come first"


@pytest.mark.parametrize(
    ("text", "sweep", "expected"),
    [
        (LOGISTIC, "r", (0, 4, -0.05, 1.05)),
        ("x**2 + c", "c", (-2, 0.25, -2.1, 2.1)),
        ("m*min(x, 1-x)", "m", (0, 2, -0.05, 1)),
        ("x*exp(r*(1-x))", "r", (0, 4, -0.25, 5)),
        ("sqrt(x)*q", "q", (0, 4, -0.8, 17)),
        ("cos(x)", "", (0, 1, -2, 2)),
        ("x + 1e9", "", (0, 1, -2, 2)),
    ],
)
def test_a_first_picture_is_found_by_trying_out_and_soon(text: str, sweep: str, expected: tuple[float, ...]) -> None:
    began = time.thread_time()
    found = find_map(text)
    assert time.thread_time() - began < 20
    assert found.sweep == sweep
    got = limits(found)
    sizes = (got[1] - got[0], got[1] - got[0], got[3] - got[2], got[3] - got[2])
    near = all(abs(g - e) <= 0.1 * size for g, e, size in zip(got, expected, sizes, strict=True))
    assert near, got
    assert all(p.low <= p.default <= p.high for p in found.parameters)


def test_a_greek_parameter_is_shown_as_its_letter() -> None:
    found = find_map("exp(-α*x²) + β")
    assert [(p.name, p.symbol) for p in found.parameters] == [("alpha", "α"), ("beta", "β")]


@pytest.mark.parametrize("find", [find_map, find_objective])
def test_a_misspelt_name_is_no_formula(find: Any) -> None:
    with pytest.raises(ValueError, match=r"there is no .* 'lorenz'; the .*, or write a formula such as") as caught:
        find("lorenz")
    assert not isinstance(caught.value, ExpressionError)
    with pytest.raises(ExpressionError, match="an operator is missing") as formula:
        find("x 2")
    assert formula.value.column == 2


def test_a_map_needs_an_x_and_a_diagram_a_parameter() -> None:
    with pytest.raises(ExpressionError, match="the formula has no x in it"):
        find_map("r*y")
    with pytest.raises(ValueError, match=r"^the map cos\(x\) has no parameter; a diagram sweeps one, so write one in, as in a\*sin\(x\)$"):
        BifurcationRequest(Grid(find_map("cos(x)").view, 10, 10), "cos(x)", "")
    assert last(FixedPointRequest("cos(x)", x=(-2, 2), starts=11)).fixed_points[0].x == pytest.approx(0.7390851332151607)


def test_a_settled_picture_is_numpys() -> None:
    grid = Grid(Viewport.from_limits("2.5", "3.5", "0", "1"), 61, 97)
    frame = last(BifurcationRequest(grid, LOGISTIC, "r", transient=4000, samples=500))
    r, x = grid.column_values(), np.full(61, 0.5)
    counts = np.zeros((97, 61), int)
    for step in range(4500):
        x = r * x * (1 - x)
        if step >= 4000:
            np.add.at(counts, (96 - np.floor(97 * x).astype(int), np.arange(61)), 1)
    assert np.array_equal(frame.counts, counts)
    assert frame.period[0] == 1 and frame.multiplier[0] == pytest.approx(2 - r[0])
    assert last(ColumnRequest(LOGISTIC, {"r": 3.2}, 0.5, 500, (0.0, 1.0))).period == 2  # type: ignore[arg-type]


def test_dragging_a_formulas_parameter_compiles_nothing() -> None:
    text = "where(x < c, a*x, a*(1-x)) + b*sin(2*pi*x)"
    grid = Grid(Viewport.from_limits(0.5, 1.5, -1, 2), 60, 40)
    picture = BifurcationRequest(grid, text, "a", {"b": 0.1, "c": 0.5}, transient=50, samples=50)  # type: ignore[arg-type]
    column = ColumnRequest(text, {"a": 1.1, "b": 0.1}, 0.5, 50, (0.0, 1.0))  # type: ignore[arg-type]
    last(picture), last(column)
    compiled = []
    listen = lambda name, *_, **__: compiled.append(name)  # noqa: E731
    jax.monitoring.register_event_duration_secs_listener(listen)
    try:
        last(replace(picture, parameters={"b": 0.2, "c": 0.4}))  # type: ignore[arg-type]
        last(replace(picture, map="where(x<c,a*x,a*(1-x))+b*sin(2*π*x)"))
        last(replace(column, parameters={"a": 1.2}))  # type: ignore[arg-type]
    finally:
        jax.monitoring.unregister_event_duration_listener(listen)
    assert [name for name in compiled if "compile" in name] == []


def test_the_first_call_of_a_costly_formula_is_short() -> None:
    usual, light, heavy = (
        batching.batch_size(("advance", find_map(text).rule, "first"), 1000) for text in ("logistic", LOGISTIC, WORST["sums"])
    )
    assert usual == light > 100 * heavy
    assert batching.batch_size(("newton", find_objective("sum(sin(sin(x)))").function), 1) < batching.batch_size(("newton", "quadratic"), 1)


# Objectives --------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "echo", "dimension", "any_dimension", "least", "point", "value"),
    [
        ("x^4/4 - x^2/2", "x⁴ / 4 − x² / 2", 1, False, 1, [2.0], 2.0),
        ("(1-x)^2 + 100*(y-x^2)^2", "(1 − x)² + 100 (y − x²)²", 2, False, 2, [1.0, 2.0], 100.0),
        ("y^2", "y²", 2, False, 2, [1.0, 2.0], 4.0),
        ("x*y*z", "x y z", 3, False, 3, [1.0, 2.0, 3.0], 6.0),
        ("x1^2 + x3", "x₁² + x₃", 3, False, 3, [1.0, 2.0, 3.0], 4.0),
        ("sum(x^2)", "Σ(x²)", 2, True, 1, [1.0, 2.0, 3.0], 14.0),
        ("sum(x^2) - x[2]", "Σ(x²) − x₂", 3, True, 3, [1.0, 2.0, 3.0, 4.0], 27.0),
        ("x[0]*x[1]", "x₀ x₁", 2, False, 2, [2.0, 3.0], 6.0),
    ],
)
def test_a_formula_is_an_objective(
    text: str, echo: str, dimension: int, any_dimension: bool, least: int, point: list[float], value: float
) -> None:
    found = find_objective(text)
    assert found is find_objective(found.name) and found is find_objective(f" {text.replace('^', '**')} ")
    assert (found.formula, found.dimension, found.any_dimension, found.least) == (echo, dimension, any_dimension, least)
    assert found.goal == MINIMUM and found.points(dimension) == () and len(found.start(dimension)) == dimension
    assert found.check_dimension(len(point)) == len(point)
    assert float(found.function(np.array(point))) == value
    assert find_objective("quartic") is OBJECTIVES["quartic"]


@pytest.mark.parametrize(
    ("text", "column", "said"),
    [
        ("sum(x) + y", 9, "y is not a variable beside the vector x; write x, y or x1, x2, … or x[0], x[1], … with sum(x^2)"),
        ("x1 + a*x", 7, "x is not a variable beside x1; write x, y or x1"),
        ("x^2 + b*x0", 8, "x0 is not a variable beside x;"),
        ("3", 0, "the formula has no variable in it"),
        ("a*b", 0, "the formula has no variable in it"),
        ("x + x2000", 4, "x2000 is out of range; write up to x1000"),
        ("sum(x) * x", 0, "the value is a vector"),
    ],
)
def test_what_is_no_objective(text: str, column: int, said: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        find_objective(text)
    assert said in caught.value.line and caught.value.column == column


def test_newton_and_its_pictures_take_formulas() -> None:
    text = "(1-x)^2 + 100*(y-x^2)^2"
    frame = last(NewtonRequest(text, start=(-1.2, 1.0)))
    assert frame.status == "converged" and np.allclose(frame.iterates[-1], 1.0)
    known = last(NewtonRequest("rosenbrock", start=(-1.2, 1.0)))
    assert np.allclose(frame.iterates, known.iterates)
    grid = Grid(Viewport.from_limits(-2, 2, -1, 3), 32, 24)
    assert np.allclose(last(SurfaceRequest(grid, text)).values, last(SurfaceRequest(grid, "rosenbrock")).values)
    assert [tuple(np.round(p.point, 9)) for p in last(NewtonBasinRequest(grid, text)).points] == [(1.0, 1.0)]
    line = last(LineRequest(grid, "x^4/4 - x^2/2"))
    assert np.allclose(line.values, last(LineRequest(grid, "double-well")).values)


ROSENBROCK = "(a-x)**2 + b*(y-x**2)**2"


def test_other_names_are_an_objective_s_parameters() -> None:
    found = find_objective(ROSENBROCK)
    assert [(p.name, p.default, p.low, p.high) for p in found.parameters] == [("a", 1.0, -10.0, 10.0), ("b", 1.0, -10.0, 10.0)]
    assert found.dimension == 2 and found.formula == "(a − x)² + b (y − x²)²"
    assert [p.symbol for p in find_objective("kappa*sum(x^2)").parameters] == ["κ"]
    assert float(find_objective("k*x[0]^2 + sum(l*x)").at({"k": 2.0, "l": 3.0})(np.array([1.0, 2.0]))) == 11.0
    assert find_objective("a*x^4 - b*x^2").view.y_limits[0] < -0.25  # tried out at the defaults
    typed = last(NewtonRequest(ROSENBROCK, start=(-1.2, 1.0), parameters={"b": 100.0}))  # type: ignore[arg-type]
    assert typed.request.parameters == (("a", 1.0), ("b", 100.0))
    known = last(NewtonRequest("rosenbrock", start=(-1.2, 1.0)))
    assert np.allclose(typed.iterates, known.iterates) and typed.kind == "minimum"
    line = last(LineRequest(Grid(found.view, 64, 8), "a*x^2", {"a": 3.0}))  # type: ignore[arg-type]
    assert np.allclose(line.values, 3 * line.x**2) and np.allclose(line.slopes, 6 * line.x)


def test_dragging_an_objective_s_parameter_compiles_nothing() -> None:
    grid = Grid(Viewport.from_limits(-2, 2, -1, 3), 60, 40)
    methods = ("newton", "newton-cg", "damped-newton", "trust-region", "gradient")
    runs = tuple(NewtonRequest(ROSENBROCK, "minimum", method=method, parameters={"b": 2.0}) for method in methods)  # type: ignore[arg-type]
    pictures = SurfaceRequest(grid, ROSENBROCK), NewtonBasinRequest(grid, ROSENBROCK), LineRequest(grid, "a*x^2")
    larger = NewtonRequest("sum(k*x^2 + x^4)", "minimum", (1.0,) * 20, "newton-cg"), NewtonRequest("rosenbrock", method="newton-cg")
    for request in (*runs, *pictures, *larger):
        last(request)
    last(replace(larger[0], parameters={"k": 2.0}))  # where not all curvatures are equal, eigenvalues take more steps
    compiled = []

    def listen(name: str, *_: float, **__: str | int) -> None:
        compiled.append(name)

    jax.monitoring.register_event_duration_secs_listener(listen)
    try:
        for value in (3.0, 50.0):
            for request in (*runs, *pictures, *larger):
                last(replace(request, parameters={name: value for name, _ in request.parameters}))
        last(replace(runs[0], objective="(a - x)^2+b*(y-x^2)^2"))  # the same formula, otherwise spaced
        last(replace(pictures[0], objective="(a - x)^2+b*(y-x^2)^2"))
    finally:
        jax.monitoring.unregister_event_duration_listener(listen)
    assert [name for name in compiled if "compile" in name] == []


# A stranger's formula ----------------------------------------------------------------------------------------------------------

WORST = {
    "nested": "asinh(" * 20 + "x*r" + ")" * 20,
    "tower": "x**" * 45 + "r",
    "choices": "where(x<r,sin(x)," * 24 + "x" + ")" * 24,
    "sums": "+".join(f"sin({n}+x)" for n in range(10, 58)),
    "remainders": "mod(" * 40 + "x" + ",r)" * 40,
}

COMPILE = """
import sys, time
from kernels import BifurcationRequest, Grid
from kernels.catalog import find_map
import jax
jax.config.update("jax_enable_compilation_cache", False)
for text in sys.argv[1:]:
    found = find_map(text + "+0*r")
    request = BifurcationRequest(Grid(found.view, 64, 32), found.name, "r", transient=10, samples=10)
    began = time.process_time()
    list(request.frames())
    # Not getrusage: what it says of a child begins with its parent's peak.
    peak = next(line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM"))
    print(time.process_time() - began, peak)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_the_worst_formulas_compile_in_bounded_time_and_memory() -> None:
    # One of them, and all in make soak: they take half a minute.
    worst = WORST if "FUNJAX_SEEDS" in os.environ else {"choices": WORST["choices"]}
    command = [sys.executable, "-c", COMPILE, *worst.values()]
    done = subprocess.run(command, capture_output=True, text=True, timeout=1800, env=os.environ | {"FUNJAX_DEVICE": "cpu"})
    assert done.returncode == 0, done.stderr
    found = dict(zip(worst, (tuple(map(float, line.split())) for line in done.stdout.splitlines()), strict=True))
    assert all(seconds < 300 and kilobytes < 1_500_000 for seconds, kilobytes in found.values()), found


@pytest.mark.parametrize(
    ("formula", "circumference", "least"),
    [
        ("mod(x + w, 1)", 1.0, 0.0),
        ("(2*x + w) % 1", 1.0, 0.0),
        ("x + w - k/(2*pi)*sin(2*pi*x) - floor(x + w - k/(2*pi)*sin(2*pi*x))", 1.0, 0.0),
        ("x + 0.2 - 2*pi*floor((x + 0.2)/(2*pi))", 2 * math.pi, 0.0),
        ("2*pi*((x + 0.2)/(2*pi) - floor((x + 0.2)/(2*pi)))", 2 * math.pi, 0.0),
        ("mod(x + 0.3*sin(x) + pi, 2*pi) - pi", 2 * math.pi, -math.pi),
        ("(x + 0.5) % 1 - 0.5", 1.0, -0.5),
        ("mod(x*x, 1)", None, 0.0),
        ("mod(a*x, 1)", None, 0.0),
        ("mod(x, a)", None, 0.0),
        ("x - floor(x) + a", None, 0.0),
        ("x*x - floor(x)", None, 0.0),
        ("1 - mod(x, 1)", None, 0.0),
        ("mod(log(x), 1)", None, 0.0),
    ],
)
def test_a_map_of_a_circle_is_known_by_its_turns(formula: str, circumference: float | None, least: float) -> None:
    rule = map_from(formula).rule
    assert (rule.circumference, rule.least_state) == (circumference, least)  # type: ignore[attr-defined]
