"""The methods that are compared: which ones are on, the request for their runs, and the runs so far."""

from dataclasses import replace
from typing import Any

from funjax_gui.formulas import find_objective
from funjax_gui.tabs.newton.session import ALL_METHODS
from funjax_gui.tabs.request_slots import RequestSlots
from kernels.equations import EQUATION_METHODS, EquationRequest
from kernels.newton import ComparisonFrame, ComparisonRequest, NewtonRequest
from kernels.newton.solvers import METHODS

FIRST_METHODS = ("newton", "newton-cg", "gradient")
FIRST_FOR_EQUATIONS = ("newton", "halley", "broyden")

Run = NewtonRequest | EquationRequest


class Comparison:
    """`methods` are on, in order; `focus` is the one shown in detail; `refused` has the error of each that cannot run.

    Methods for objectives and for equations are remembered apart.

    `request` is the comparison as it is set, `asked` the one that was sent last; the runs shown belong to `asked`.
    """

    def __init__(self, request: Run, slots: RequestSlots) -> None:
        self._slots = slots
        self.methods: tuple[str, ...] = FIRST_METHODS
        self.focus = "newton"
        self.refused: dict[str, str] = {}
        self.request: ComparisonRequest | None = None
        self._found: dict[str, Any] = {}
        self._solves = False
        self._others: tuple[tuple[str, ...], str] = FIRST_FOR_EQUATIONS, "newton"
        self.ask(request)

    @property
    def asked(self) -> ComparisonRequest | None:
        """The request that was sent last."""
        asked: ComparisonRequest | None = self._slots.asked(ComparisonRequest)
        return asked

    def _turn_to(self, request: Run) -> None:
        """Take the methods for what the request is of, an objective or equations."""
        if isinstance(request, EquationRequest) != self._solves:
            self._others, (self.methods, self.focus) = (self.methods, self.focus), self._others
            self._solves = not self._solves

    def ask(self, request: Run) -> ComparisonRequest | None:
        """Queue `request` for every method that is on and return the comparison; None where no method can run it."""
        self._turn_to(request)
        if isinstance(request, EquationRequest):
            kind = request.found.kind
            self.methods = tuple(m for m in self.methods if kind in EQUATION_METHODS[m].kinds) or ("newton",)
        else:
            objective, n = find_objective(request.objective), len(request.start)
            self.methods = tuple(m for m in self.methods if not METHODS[m].misfit(objective, n)) or ("newton",)
        runs: list[Run] = []
        self.refused = {}
        for method in self.methods:
            try:
                runs.append(replace(request, method=method))
            except ValueError as error:
                self.refused[method] = str(error)
        if self.focus not in self.methods or (self.focus in self.refused and runs):
            self.focus = runs[0].method if runs else self.methods[0]
        self.request = self._slots.submit(ComparisonRequest(tuple(runs))) if runs else None
        if not runs:
            self._slots.drop(ComparisonRequest)
        return self.request

    def set_enabled(self, method: str, on: bool) -> None:
        """Turn a method on, with the focus, or off; the last one stays on."""
        methods = {*self.methods, method} if on else {*self.methods} - {method}
        known = EQUATION_METHODS if self._solves else METHODS
        self.methods = tuple(m for m in ALL_METHODS if m in known and m in methods) or self.methods
        if on:
            self.focus = method

    def choose(self, request: Run, methods: tuple[str, ...], focus: str) -> None:
        """Turn these methods on for such a request (those that are on already if none is named), and `focus` with the focus."""
        self._turn_to(request)
        self.methods = methods or self.methods
        self.set_enabled(focus, True)

    def clear_errors(self, request: ComparisonRequest) -> None:
        """Clear the errors of the runs of this request, which has been sent."""
        self.refused = {method: why for method, why in self.refused.items() if method not in {run.method for run in request.runs}}

    def add_frame(self, frame: ComparisonFrame) -> None:
        """Keep the runs of a frame that answers the request sent last."""
        self._found.update({run.request.method: run for run in frame.runs})

    def fail(self, message: str) -> None:
        """Note this error for the runs of the request sent last that have not ended."""
        there = {run.request.method for run in self.runs if run.done}
        self.refused |= {run.method: message for run in (self.asked.runs if self.asked else ()) if run.method not in there}

    @property
    def runs(self) -> list[Any]:
        """The runs that answer the request sent last; the old run of a method whose new one is still computed is left out."""
        asked = [run for run in self.asked.runs if run.method in self.methods] if self.asked else []
        found = ((self._found.get(run.method), run) for run in asked)
        return [frame for frame, run in found if frame is not None and frame.request is run]

    @property
    def chosen(self) -> Any:
        """The run of the method in focus; None where there is none."""
        return next((run for run in self.runs if run.request.method == self.focus), None)

    @property
    def done(self) -> bool:
        """Whether all runs of the comparison as it is set have ended."""
        runs = self.runs
        return self.asked is self.request and len(runs) == len(self.request.runs if self.request else ()) and all(run.done for run in runs)
