"""The methods that are on, what they were asked, and what has come of it."""

from dataclasses import replace

from funjax_gui.tabs.request_slots import RequestSlots
from kernels.newton import NewtonFrame, NewtonRequest, RaceFrame, RaceRequest
from kernels.newton.solvers import METHODS

FIRST_METHODS = ("newton", "newton-cg", "gradient")


class Race:
    """`methods` are on, in order; `focus` is the one that is looked at closely; `refused` says why some cannot run.

    `request` is the race as it is set, `asked` the one that was sent last, which what is shown belongs to.
    """

    def __init__(self, request: NewtonRequest, slots: RequestSlots) -> None:
        self._slots = slots
        self.methods: tuple[str, ...] = FIRST_METHODS
        self.focus = "newton"
        self.refused: dict[str, str] = {}
        self.request: RaceRequest | None = None
        self._found: dict[str, NewtonFrame] = {}
        self.ask(request)

    @property
    def asked(self) -> RaceRequest | None:
        """The race that was sent last."""
        asked: RaceRequest | None = self._slots.asked(RaceRequest)
        return asked

    def ask(self, request: NewtonRequest) -> RaceRequest | None:
        """Want the race of all methods that are on, otherwise as `request` is, and return it; None where all refuse."""
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
        self.request = self._slots.want(RaceRequest(tuple(runs))) if runs else None
        if not runs:
            self._slots.drop(RaceRequest)
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
        """Forget what was said of the runs of this race, which is sent, when another one failed or was abandoned."""
        self.refused = {method: why for method, why in self.refused.items() if method not in {run.method for run in request.runs}}

    def take(self, frame: RaceFrame) -> None:
        """Keep what has come of the race that was sent last."""
        self._found.update({run.request.method: run for run in frame.runs})

    def fail(self, message: str) -> None:
        """Say of the runs that have not come of the race that was sent last why they will not."""
        there = {run.request.method for run in self.runs if run.done}
        self.refused |= {run.method: message for run in (self.asked.runs if self.asked else ()) if run.method not in there}

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
