"""A small network trained by several methods side by side: the post's 'bigger problems (like neural networks)'.

A request says how far: training to a larger number of evaluations continues that of the last request, if they differ in nothing else.
"""

import threading
import time
from collections.abc import Generator, Iterator
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from kernels import validation
from kernels.execution import devices
from kernels.network.data import DATA, MOST_SAMPLES, OwnData, Sample, generated
from kernels.network.frame import NetworkFrame, NetworkRun, described
from kernels.network.hessian_free import MOST_CG_STEPS
from kernels.network.methods import STATUSES, Settings
from kernels.network.model import ACTIVATIONS, Loss, Network
from kernels.network.race import Race, Runner, next_milestone
from kernels.network.training import METHODS, WORK, bytes_of, outputs
from kernels.types import Floats
from kernels.validation import grouped, setting

MOST_PARAMETERS = 100_000
MOST_WIDTH, MOST_DEPTH = 400, 8
MOST_EVALUATIONS = 100_000
MOST_SEED = 999_999

TOLERANCE = 1e-8
"""Norm of the gradient at which training has converged."""

SHOW_EVERY, SHARE = 0.1, 0.2
"""Seconds between frames, and the largest share of the time that goes into them."""

PIXELS = ((20_000, 72), (MOST_PARAMETERS, 40))
"""Side of the picture of the outputs in pixels, for networks of at most so many parameters; of a fit twice that many abscissae."""

_lock = threading.Lock()
_kept: list[tuple["NetworkRequest", Race]] = []
"""The race that was stopped or ended last, with its request to 0 evaluations."""


@dataclass(frozen=True)
class NetworkRequest:
    """Training on `data` by each of `methods` to `evaluations` evaluations of the gradient.

    Raises ValueError where a field is out of its domain.

    Attributes:
        data: a name in DATA, or points from a CSV.
        samples, noise, data_seed: number of generated training points, standard deviation of their noise, seed; for points from a CSV the
            seed chooses the test points.
        width, depth, activation: of the hidden layers; a depth of 0 is a linear model.
        seed: of the initial weights.
        methods: names in METHODS.
        evaluations: the last number of evaluations.
        rate, adam_rate: step sizes of gradient descent and of Adam.
        damping, cg_steps: the first damping of the Hessian-free method, and the most CG iterations of one of its steps.
        decay: factor of half the squared norm of the weights in the loss.

    """

    data: str | OwnData = setting("moons", "Data", "Points of two classes, or a noisy polynomial to fit")
    samples: int = setting(200, "Points", "Number of training points", least=10, most=MOST_SAMPLES)
    noise: float = setting(0.15, "Noise", "Standard deviation of the noise", low=0.01, high=1.0)
    data_seed: int = setting(0, "Data seed", "Seed of the points", least=0, most=MOST_SEED)
    width: int = setting(16, "Width", "Units in each hidden layer", least=1, most=MOST_WIDTH)
    depth: int = setting(2, "Depth", "Hidden layers; 0 for none", least=0, most=MOST_DEPTH)
    activation: str = setting("tanh", "Activation", "Function of each hidden unit")
    seed: int = setting(0, "Seed", "Seed of the initial weights", least=0, most=MOST_SEED)
    methods: tuple[str, ...] = tuple(METHODS)
    evaluations: int = 500
    rate: float = setting(0.5, "Step size", "Step size of gradient descent", low=1e-4, high=10.0)
    adam_rate: float = setting(0.01, "Adam’s step size", "Step size of Adam", low=1e-5, high=1.0)
    damping: float = setting(1.0, "Damping", "First damping of the Hessian-free method", low=1e-6, high=100.0)
    cg_steps: int = setting(50, "CG iterations", "Most CG iterations of one Hessian-free step", least=1, most=MOST_CG_STEPS)
    decay: float = setting(1e-4, "Weight decay", "Factor of half the squared norm of the weights", low=1e-8, high=1.0)

    def __post_init__(self) -> None:
        if isinstance(self.data, str) and self.data not in DATA:
            raise ValueError(f"data {self.data!r} is not known; choose one of {', '.join(DATA)}")
        if self.activation not in ACTIVATIONS:
            raise ValueError(f"activation {self.activation!r} is not known; choose one of {', '.join(ACTIVATIONS)}")
        validation.counts(self, "samples", "data_seed", "width", "depth", "seed", "cg_steps")
        validation.count("evaluations", self.evaluations, 0, MOST_EVALUATIONS)
        validation.positives(self, rate=100.0, adam_rate=10.0)
        for name, top in (("noise", 10.0), ("damping", 1e6), ("decay", 10.0)):
            value = getattr(self, name)
            if not validation.is_number(value) or not 0 <= value <= top:
                raise ValueError(f"{name} {value!r} is out of range; give a number from 0 to {top:g}")
        unknown = [name for name in self.methods if name not in METHODS]
        if unknown or not self.methods or len(set(self.methods)) < len(self.methods):
            said = ", ".join(map(str, self.methods)) or "none"
            raise ValueError(f"methods {said}: give each once, at least one, of {', '.join(METHODS)}")
        if (n := self.network.parameters) > MOST_PARAMETERS:
            raise ValueError(
                f"width {self.width} and depth {self.depth} make {grouped(n)} parameters; {grouped(MOST_PARAMETERS)} are allowed: lower one"
            )

    @cached_property
    def network(self) -> Network:
        """The network."""
        fits = self.data == "polynomial"
        return Network(1 if fits else 2, self.width, self.depth, self.activation, fits)

    @cached_property
    def sample(self) -> Sample:
        """The data."""
        if isinstance(self.data, OwnData):
            return self.data.sample(self.data_seed)
        return generated(self.data, self.samples, self.noise, self.data_seed)

    @property
    def settings(self) -> Settings:
        """Traced settings of the methods."""
        rates = np.float64(self.rate), np.float64(self.adam_rate)
        return Settings(*rates, np.float64(self.damping), np.int32(self.cg_steps), np.float64(TOLERANCE))

    @property
    def loss(self) -> Loss:
        """The loss on the training data."""
        s = self.sample
        rows = max(16, int(WORK / self.network.parameters))
        return Loss.of(self.network, (s.points - s.centre) / s.scale, s.targets, self.decay, rows)

    def frames(self) -> Iterator[NetworkFrame | None]:
        """Train to each milestone; a frame at most each tenth of a second, before a kernel is compiled, and at the end.

        None where the caller may stop.
        """
        began = shown = time.perf_counter()
        cost = 0.0
        race, said = _taken(self), ""
        race.preparing = ""
        try:
            while race.at < self.evaluations and not (race.at >= 0 and race.has_ended):
                at = next_milestone(race.at) if race.at >= 0 else 0
                for _ in race.advance(min(at, self.evaluations)):
                    if race.preparing not in ("", said):
                        said = race.preparing
                        yield (yield from _frame(self, race, began, False))
                    yield None
                now = time.perf_counter()
                if race.at < self.evaluations and (race.at == 0 or now - shown > max(SHOW_EVERY, cost / SHARE)):
                    frame = yield from _frame(self, race, began, False)
                    shown = time.perf_counter()
                    cost = shown - now
                    yield frame
            yield (yield from _frame(self, race, began, True))
        finally:
            _keep(self, race)


def _key(request: NetworkRequest) -> NetworkRequest:
    return replace(request, evaluations=0)


def _taken(request: NetworkRequest) -> Race:
    """The race that was kept, if it is this request's and has not gone further; else a new one."""
    key = _key(request)
    with _lock:
        kept, _kept[:] = list(_kept), []
    for other, race in kept:
        if other == key and not race.has_passed(request.evaluations):
            return race
    return Race(request.sample, request.loss, request.network.initial(request.seed), request.methods, request.settings)


def _keep(request: NetworkRequest, race: Race) -> None:
    with _lock:
        _kept[:] = [(_key(request), race)]


def _frame(request: NetworkRequest, race: Race, began: float, done: bool) -> Generator[None, None, NetworkFrame]:
    """The frame of what is there. A generator that returns it."""
    runs = []
    for name, runner in race.runners.items():
        parts = []
        for part in outputs(race.loss, runner.weights, race.scaled(_places(request))):
            parts.append(part)
            yield None
        runs.append(_run(request, name, runner, np.concatenate(parts)))
    seconds = time.perf_counter() - began
    return NetworkFrame(request, request.sample, tuple(runs), max(race.at, 0), devices.describe(), seconds, done, race.preparing)


def _places(request: NetworkRequest) -> Floats:
    """The points of the picture, row by row from the top; of a fit its abscissae."""
    side = next(side for most, side in PIXELS if request.network.parameters <= most)
    (left, right), (bottom, top) = request.sample.view
    if request.network.fits:
        return np.linspace(left, right, 2 * side)[:, None]
    middles = (np.arange(side) + 0.5) / side
    x, y = np.meshgrid(left + (right - left) * middles, top - (top - bottom) * middles)
    return np.column_stack([x.ravel(), y.ravel()])


def _run(request: NetworkRequest, name: str, runner: Runner, values: Floats) -> NetworkRun:
    side = int(np.sqrt(len(values)))
    picture = values if request.network.fits else values.reshape(side, side)
    state = runner.turn.state
    run = NetworkRun(
        name,
        tuple(runner.records),
        tuple(runner.curvatures),
        tuple(runner.solves),
        max(0, int(state.iterations)),
        int(runner.turn.evaluations),
        float(state.slope),
        STATUSES[int(state.status)],
        picture,
        np.asarray(runner.weights),
        bytes_of(runner.turn),
    )
    return replace(run, sentence=described(run, request.network.fits))
