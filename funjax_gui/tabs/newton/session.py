"""The table [newton] of a session."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar, Self

import numpy as np

from funjax_gui.formulas import completed, find_equations, find_objective, first_start, usual_start
from funjax_gui.sessions import (
    Check,
    Limits,
    Ranges,
    Size,
    Source,
    Table,
    Values,
    check_parameters,
    checks,
    choice,
    fields_of,
    limits,
    located,
    real_number,
)
from funjax_gui.style import COLOUR_MAPS
from funjax_gui.tabs.newton.network import Training, training
from kernels.equations import EQUATION_METHODS, EQUATIONS, JOINT, EquationRequest, Equations, check_family
from kernels.geometry import Viewport
from kernels.network import NetworkRequest
from kernels.newton import GOALS, MOST_CG_STEPS, MOST_STEPS, ComparisonRequest, NewtonRequest
from kernels.newton.solvers import METHODS
from kernels.objectives import MOST_DIMENSION, Coordinates

SHOWN = ("surface", "basins")
OF_EQUATIONS = ("fractal", "parameters")
"""What may be shown of an objective, and of equations: of a family the plane of its parameters."""

USUAL_COLOURS = "viridis"

WRITTEN = 16
"""Maximum number of coordinates that are all written; for more, only those that differ from the default, and their number."""

ALL_METHODS = (*METHODS, *(name for name in EQUATION_METHODS if name not in METHODS))
"""Names of methods for objectives, and then of those for equations only."""

_OF_OBJECTIVES = ("objective", "goal", "variables", "step-size", "momentum", "trust-radius", "cg-steps", "slopes", "colour-map")
"""Keys without a meaning for equations."""

_SETTINGS = {"damping": "damping", "step_size": "step", "momentum": "momentum", "trust_radius": "radius", "cg_steps": "cg_steps"}
"""Settings of the methods: key in the table, field of the request."""


def _equations(value: Any) -> tuple[str, ...]:
    """One equation, or two; none for an objective."""
    given = [value] if isinstance(value, str) else value
    if not isinstance(given, list) or len(given) > 2 or not all(isinstance(text, str) for text in given):
        raise ValueError('is not an equation; give one, such as ["x^3 - 2*x + 2"], or two in x and y, in brackets')
    return tuple(checks.text(text) for text in given)


def _momentum(value: Any) -> float:
    """A number from 0 up to 1."""
    number = real_number(value)
    if not 0 <= number < 1:
        raise ValueError(f"is {number:g}; give a number from 0 up to, but not including, 1")
    return number


@dataclass(frozen=True)
class Newton(Table):
    """`equations`, if there are any, are solved instead of the objective: a name of the library, or one or two texts.

    `methods` are compared, `method` is in focus; without `methods` it runs alone, or in the window with those that are on.

    `x`, `y`: limits of the view, for one variable those of x and f, with those of f' in `slopes`. `at_step`: the step shown, None for the
    end. `network`: a training that is shown instead of the runs, beside which they stay.
    """

    objective: str = "quadratic"
    goal: str = GOALS[0]
    start: tuple[float, ...] = (0.0, 0.0)
    method: str = "newton"
    max_steps: int = 50
    tolerance: float = 1e-10
    parameters: Values = ()
    methods: tuple[str, ...] | None = None
    damping: float = 1.0
    step_size: float | None = None
    trust_radius: float = 1.0
    cg_steps: int = 100
    x: Limits | None = None
    y: Limits | None = None
    slopes: Limits | None = None
    show: str = SHOWN[0]
    colour_map: str | None = None
    ranges: Ranges = ()
    at_step: int | None = field(default=None, compare=False)
    equations: tuple[str, ...] = ()
    multiplicity: float = 2.0
    momentum: float = 0.9
    network: Training | None = None
    critical_orbits: bool = False

    NAME: ClassVar[str] = "newton"
    KIND: ClassVar[type] = ComparisonRequest
    OTHER_KINDS: ClassVar[tuple[type, ...]] = (NetworkRequest,)
    CHECKS: ClassVar[Mapping[str, Check]] = {
        "objective": checks.text,
        "equations": _equations,
        "parameters": checks.parameters,
        "ranges": checks.ranges,
        "goal": choice(*GOALS),
        "variables": checks.whole(1, most=MOST_DIMENSION),
        "start": checks.point,
        "methods": checks.several(*ALL_METHODS),
        "method": choice(*ALL_METHODS),
        "damping": checks.positive,
        "step-size": checks.positive,
        "momentum": _momentum,
        "trust-radius": checks.positive,
        "cg-steps": checks.whole(1, most=MOST_CG_STEPS),
        "multiplicity": checks.positive,
        "critical-orbits": checks.switch,
        "max-steps": checks.whole(1, most=MOST_STEPS),
        "tolerance": checks.positive,
        "x": limits,
        "y": limits,
        "slopes": limits,
        "show": choice(*SHOWN, *OF_EQUATIONS),
        "colour-map": choice(*COLOUR_MAPS),
        "at-step": checks.whole(0),
        "network": training,
    }

    @classmethod
    def read(cls, source: Source) -> Self:
        """The table from a text, with the objective's own initial point if it gives none."""
        given = dict(source.table(cls.NAME, cls.CHECKS))
        if source.has(cls.NAME, "equations") and given.get("equations") != ():
            return cls._read_equations(source, given)
        if source.has(cls.NAME, "objective") and "objective" not in given:
            return cls()
        try:
            objective = find_objective(given.get("objective", cls.objective))
        except ValueError as error:
            source.problem((cls.NAME, "objective"), located(error))
            return cls()
        check_parameters(source, cls.NAME, given, objective)
        _settle_methods(source, given, METHODS, "an objective")
        _check_shown(source, given, SHOWN, "an objective")
        if source.problems:
            return cls()
        first = given.get("start", ())
        n = given.pop("variables", len(first) or len(first_start(objective)))
        if len(first) > n:
            source.problem((cls.NAME, "start"), f"start has {len(first)} coordinates, and variables is {n}; give at most {n}")
        source.try_out((cls.NAME,), lambda: objective.check_dimension(n))
        if source.problems:
            return cls()
        # A partially given initial point is completed by the objective's own rule, which does not depend on saved formulas.
        start = Coordinates.checked("start", first + usual_start(objective.name, n)[len(first) :] if first else objective.start(n))
        table = cls(**fields_of(given | {"start": start, "parameters": completed(objective, given.get("parameters", ()))}))
        source.try_out((cls.NAME,), lambda: table.settings)
        for method in table.methods or (table.method,):
            misfit = METHODS[method].misfit(objective, n) if method in METHODS else ""
            if misfit:
                source.problem((cls.NAME, "methods" if table.methods else "method"), misfit)
        return table

    @classmethod
    def _read_equations(cls, source: Source, given: dict[str, Any]) -> Self:
        """The table of equations."""
        if "equations" not in given:
            return cls()
        for key in _OF_OBJECTIVES:
            if key in given:
                source.problem((cls.NAME, key), f"{key} belongs to an objective, and equations are given; leave one of them out")
        try:
            equations = find_equations(JOINT.join(given["equations"]))
        except ValueError as error:
            source.problem((cls.NAME, "equations"), located(error))
            return cls()
        check_parameters(source, cls.NAME, given, equations)
        _settle_methods(source, given, EQUATION_METHODS, "equations")
        _check_shown(source, given, OF_EQUATIONS, "equations")
        if given.get("show") == "parameters":
            source.try_out((cls.NAME, "show"), lambda: check_family(equations))
        if source.problems:
            return cls()
        completed_ones = equations.completed(dict(given.get("parameters", ())))
        if given.get("show") == OF_EQUATIONS[0]:
            del given["show"]
        given |= {"start": given.get("start", equations.start), "parameters": completed_ones, "equations": listed(equations)}
        table = cls(**fields_of(given))
        source.try_out((cls.NAME,), lambda: (table.settings, table.run))
        return table

    @property
    def run(self) -> NewtonRequest | EquationRequest:
        """The run of the method in focus. Raises ValueError in one line."""
        return self._run(self.method)

    @property
    def settings(self) -> NewtonRequest | EquationRequest:
        """A run by the method with the fewest restrictions, for all fields but the method. Raises ValueError in one line."""
        return self._run("newton" if self.equations else "newton-cg")

    def _run(self, method: str) -> NewtonRequest | EquationRequest:
        if self.equations:
            common = {name: getattr(self, name) for name in _OF_EQUATIONS}
            return EquationRequest(JOINT.join(self.equations), method=method, **common)
        named = {name: getattr(self, ours) for ours, name in _SETTINGS.items()}
        return NewtonRequest(
            self.objective, self.goal, self.start, method, self.max_steps, self.tolerance, parameters=self.parameters, **named
        )

    def running(self, run: NewtonRequest | EquationRequest) -> Self:
        """The table with the fields of `run` except its method."""
        if isinstance(run, EquationRequest):
            fields = {name: getattr(run, name) for name in _OF_EQUATIONS}
            return replace(self, equations=listed(run.found), **fields)
        named = {name: getattr(run, name) for name in ("objective", "goal", "start", "max_steps", "tolerance", "parameters")}
        return replace(self, equations=(), **named, **{ours: getattr(run, name) for ours, name in _SETTINGS.items()})

    @property
    def subject(self) -> str:
        """The objective, or the equations."""
        return JOINT.join(self.equations) or self.objective

    def with_request(self, request: ComparisonRequest | NetworkRequest, size: Size | None = None) -> Self:
        """The table with the runs of `request`, the first one in focus; methods that are on and cannot run stay on."""
        if isinstance(request, NetworkRequest):
            shown = self.network.method if self.network else request.methods[0]
            return replace(self, network=Training(request, shown))
        methods = {run.method for run in request.runs}
        on = methods | set(self.methods or ())
        alone = not self.methods and len(methods) == 1
        table = self.running(request.runs[0])
        table = replace(table, network=None)
        return replace(table, method=request.runs[0].method, methods=None if alone else tuple(m for m in ALL_METHODS if m in on))

    def request(self, grid_size: Size | None = None) -> ComparisonRequest | NetworkRequest:
        """The network's training, or the comparison of the methods that can run, the one in focus first.

        ValueError, in one line, where that one cannot.
        """
        if self.network is not None:
            return self.network.request
        runs = [self.run]
        for method in self.methods or ():
            try:
                runs.append(self._run(method))
            except ValueError:  # the window shows it beside the method's name
                continue
        return ComparisonRequest(tuple(dict.fromkeys(runs)))

    @property
    def appearance(self) -> dict[str, Any]:
        """View and colours, as far as the table gives them."""
        usual, view = (find_equations(self.subject) if self.equations else find_objective(self.objective)).view, None
        if self.x or self.y:
            view = Viewport.from_limits(*(self.x or usual.x_limits), *(self.y or usual.y_limits))
        return {"view": view, "basins": self.show == "basins" and not self.equations, "colour_map": self.colour_map or USUAL_COLOURS}

    def written(self) -> Iterator[tuple[str, Any]]:
        """The keys with values that differ from the defaults; of a long initial point only such coordinates."""
        n = len(self.start)
        unused = {*_OF_OBJECTIVES} if self.equations else {"equations", "multiplicity", "critical-orbits"}
        for key, value in super().written():
            if key in unused or (key == "show" and self.equations and value != "parameters"):
                continue
            if isinstance(value, Training):
                value = value.written()
            if key == "start" and n > WRITTEN:
                yield "variables", n
                usual = usual_start(self.objective, n)
                value = self.start[:2]
                if self.start[2:] != usual[2:]:
                    value = self.start[: int(np.flatnonzero(np.array(self.start) != np.array(usual))[-1]) + 1]
            yield key, value


_OF_EQUATIONS = ("start", "max_steps", "tolerance", "damping", "multiplicity", "parameters")
"""Fields of the table and of the request."""


def listed(equations: Equations) -> tuple[str, ...]:
    """The name of equations of the library, else their texts."""
    return (equations.name,) if equations.name in EQUATIONS else equations.texts()


def _check_shown(source: Source, given: Mapping[str, Any], allowed: tuple[str, ...], what: str) -> None:
    """Check that what is shown can be shown of this."""
    if given.get("show", allowed[0]) not in allowed:
        source.problem((Newton.NAME, "show"), f"show is {given['show']!r}, and of {what} it may be {', '.join(allowed)}")


def _settle_methods(source: Source, given: dict[str, Any], allowed: Mapping[str, Any], what: str) -> None:
    """Check that the method in focus is among the methods; by default it is the first one. `allowed`: methods for `what`."""
    methods = given.get("methods")
    for key, names in (("methods", methods or ()), ("method", (given["method"],) if "method" in given else ())):
        for name in names:
            if name not in allowed:
                source.problem((Newton.NAME, key), f"{name} is not a method for {what}; it may be {', '.join(allowed)}")
    if methods and "method" not in given:
        given["method"] = methods[0]
    elif methods and given["method"] not in methods:
        line = f"method is {given['method']!r}, which is not among the methods; it may be {', '.join(methods)}"
        source.problem((Newton.NAME, "method"), line)
