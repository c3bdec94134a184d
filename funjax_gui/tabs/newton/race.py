"""The methods that are on, what they were asked, and what has come of it."""

from dataclasses import replace

from kernels.newton.race import RaceFrame, RaceRequest
from kernels.newton.request import NewtonFrame, NewtonRequest
from kernels.newton.solvers import METHODS

FIRST_METHODS = ("newton", "newton-cg", "gradient")


class Race:
    """`methods` are on, in order; `focus` is the one that is looked at closely; `refused` says why some cannot run.

    `request` is the race as it is set, `asked` the one that was asked for last, which what is shown belongs to.
    """

    def __init__(self, request: NewtonRequest) -> None:
        self.methods: tuple[str, ...] = FIRST_METHODS
        self.focus = "newton"
        self.refused: dict[str, str] = {}
        self.request: RaceRequest | None = None
        self.asked: RaceRequest | None = None
        self._found: dict[str, NewtonFrame] = {}
        self.ask(request)

    def ask(self, request: NewtonRequest) -> RaceRequest | None:
        """The race of all methods that are on, otherwise as `request` is; None where all refuse."""
        if len(request.start) != 1:
            self.methods = tuple(m for m in self.methods if not METHODS[m].one_dimensional) or ("newton",)
        runs, self.refused = [], {}
        for method in self.methods:
            try:
                runs.append(replace(request, method=method))
            except ValueError as error:
                self.refused[method] = str(error)
        if self.focus not in self.methods or (self.focus in self.refused and runs):
            self.focus = runs[0].method if runs else self.methods[0]
        self.request = RaceRequest(tuple(runs)) if runs else None
        if not runs:
            self.asked = None
        return self.request

    def switch(self, method: str, on: bool) -> None:
        """Let a method take part, in focus, or not; the last one stays."""
        methods = {*self.methods, method} if on else {*self.methods} - {method}
        self.methods = tuple(m for m in METHODS if m in methods) or self.methods
        if on:
            self.focus = method

    def choose(self, methods: tuple[str, ...], focus: str) -> None:
        """Have these methods take part, or those that are on where none is named, and `focus` among them, in focus."""
        self.methods = methods or self.methods
        self.switch(focus, True)

    def begin(self, request: RaceRequest) -> None:
        """Wait for the frames of this race; what was said of its runs when another one failed or was abandoned is over."""
        self.asked = request
        self.refused = {method: why for method, why in self.refused.items() if method not in {run.method for run in request.runs}}

    def take(self, frame: RaceFrame) -> bool:
        """Keep what has come, if it is of the race that was asked for last; whether it was."""
        if frame.request is not self.asked:
            return False
        self._found.update({run.request.method: run for run in frame.runs})
        return True

    def fail(self, request: object, message: str) -> bool:
        """Say of those that have not come why they will not, if it was this race that failed; whether it was."""
        if self.asked is None or request is not self.asked:
            return False
        there = {run.request.method for run in self.runs if run.done}
        self.refused |= {run.method: message for run in self.asked.runs if run.method not in there}
        return True

    @property
    def runs(self) -> list[NewtonFrame]:
        """The runs that belong to the race asked for; while a slow one is computed its old run is not among them."""
        asked = [run for run in self.asked.runs if run.method in self.methods] if self.asked else []
        found = ((self._found.get(run.method), run) for run in asked)
        return [frame for frame, run in found if frame is not None and frame.request is run]

    @property
    def chosen(self) -> NewtonFrame | None:
        """The run of the method in focus."""
        return next((run for run in self.runs if run.request.method == self.focus), None)

    @property
    def done(self) -> bool:
        """Whether all runs of the race as it is set have ended."""
        runs = self.runs
        return self.asked is self.request and len(runs) == len(self.request.runs if self.request else ()) and all(run.done for run in runs)
