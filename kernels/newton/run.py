"""A run of one solver as a compiled loop that logs each step in padded arrays, in calls short enough to be stopped in between.

The function's rule, the solver and the sizes are static; parameters, initial point, settings and step counts are traced, so dragging
needs no compilation.
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from kernels.execution import batching, devices, jax, jit, jnp, lax
from kernels.newton.solvers import MAX_STEPS, RUNNING, CGState, Move, Problem, Settings, Solver, State, linear, norm
from kernels.objectives import Bound
from kernels.types import Array, Floats

LENGTH = 200
"""Maximum number of steps in one call."""

SMALL = 10
"""Largest number of variables for which the Hessian and the inner iterates of each step are stored."""

WHOLE = 1000
"""Largest number of variables for which iterates are stored in full; otherwise their first two coordinates are."""

KEPT = 32
"""Number of inner iterations whose residuals (and iterates, for few variables) are stored."""

MANY = 2**40
"""A number of Hessian-vector products that no run reaches."""


class Run(NamedTuple):
    """State of a run: the iterate, the current inner iteration, and the number of Hessian-vector products."""

    state: State
    inner: CGState | None
    products: Array


class History(NamedTuple):
    """The steps of one call; the first axis of each array is that of the steps.

    `x`: new iterates, in full or their first coordinates. `models`: the method's own matrices in place of the Hessian. `inner_steps`,
    `inner_outcome`, `lowest`, `residuals`, `paths`: of the inner iteration.
    """

    x: Floats
    models: Floats
    value: Floats
    gradient_norm: Floats
    predicted: Floats
    factor: Floats
    radius: Floats
    ratio: Floats
    shift: Floats
    inner_steps: NDArray[np.int32]
    inner_outcome: NDArray[np.int32]
    lowest: Floats
    residuals: Floats
    paths: Floats


class Log(NamedTuple):
    """A History as a kernel writes it: LENGTH rows, of which the call returns how many are valid. The columns of `numbers` are NUMBERS.

    A few arrays are written, and compiled, much faster than a dozen.
    """

    x: Array
    models: Array
    numbers: Array
    residuals: Array
    paths: Array


NUMBERS = ("value", "gradient_norm", "predicted", "factor", "radius", "ratio", "shift", "inner_steps", "inner_outcome", "lowest")


def _read(log: Log, count: int) -> History:
    """The first `count` steps of a Log."""
    numbers = dict(zip(NUMBERS, np.asarray(log.numbers)[:count].T, strict=True))
    whole = {name: numbers.pop(name).astype(np.int32) for name in ("inner_steps", "inner_outcome")}
    rest = {name: np.asarray(getattr(log, name))[:count] for name in ("x", "models", "residuals", "paths")}
    return History(**numbers, **whole, **rest)


def shown(n: int) -> int:
    """Number of coordinates of an iterate that are stored."""
    return n if n <= WHOLE else 2


@jit(static_argnames=("solver",))
def begin(function: Bound, solver: Solver, x: Array, sign: Array, settings: Settings) -> Run:
    """State of a run at its initial point; `sign` is -1 to maximise."""
    problem = Problem(lambda point: sign * function(point), function.residuals)
    state = solver.init(problem, x, settings)
    return Run(state, solver.cg.init(-state.gradient) if solver.cg else None, jnp.zeros((), jnp.int64))


@jit(static_argnames=("solver",), donate_argnames=("run",))
def advance(
    function: Bound, solver: Solver, run: Run, sign: Array, settings: Settings, most: Array, budget: Array
) -> tuple[Run, Log, Array]:
    """Advance by at most `most` steps and `budget` Hessian-vector products; returns (run, log, number of steps).

    `run` is donated: its buffers are reused for the result.
    """
    problem = Problem(lambda point: sign * function(point), function.residuals)
    target = run.products + budget

    def more(carry: tuple[Run, Log, Array]) -> Array:
        run, _, taken = carry
        return ~solver.done(run.state) & (taken < jnp.minimum(most, LENGTH)) & (run.products < target)

    def body(carry: tuple[Run, Log, Array]) -> tuple[Run, Log, Array]:
        run, log, taken = carry
        run, inner, move, ready = _outer(problem, solver, run, settings, target)
        # A step that does not move ends the run and is not counted; a step rejected by a trust region is counted.
        counts = ready & ((run.state.x != carry[0].state.x).any() | (run.state.status == RUNNING))
        return run, _noted(log, taken, sign, run.state, move, inner), taken + counts

    return lax.while_loop(more, body, (run, _blank(solver, run), jnp.int32(0)))


def _outer(problem: Problem, solver: Solver, run: Run, settings: Settings, target: Array) -> tuple[Run, CGState | None, Move, Array]:
    """Continue the inner iteration within the budget, and take the step if it has ended; returns (run, inner, move, ready)."""
    if solver.cg is None:
        state, move = solver.step(problem, run.state, settings, None)
        return Run(state, None, run.products + solver.products(run.state.x.size)), None, move, jnp.bool_(True)
    assert run.inner is not None
    cg = solver.cg
    gradient, product = linear.products(problem.function, run.state.x)
    residual = cg.target(gradient)
    left = target - run.products + run.inner.steps
    inner = lax.while_loop(
        lambda s: ~cg.done(s) & (s.steps < left),
        lambda s: cg.step(product, s, residual, settings.cg_limit, run.state.radius),
        run.inner,
    )
    products = run.products + inner.steps - run.inner.steps
    ready = cg.done(inner)
    no_move = Move.of(jnp.full_like(run.state.value, jnp.nan), 0.0)
    state, move = lax.cond(ready, lambda: solver.step(problem, run.state, settings, inner), lambda: (run.state, no_move))
    # A run that has ended keeps its inner iteration: in its last direction the Hessian is singular.
    fresh = ready & ~solver.done(state)
    following = lax.cond(fresh, lambda: cg.init(-state.gradient), lambda: inner)
    return Run(state, following, products), inner, move, ready


def _blank(solver: Solver, run: Run) -> Log:
    x = run.state.x
    kept, width = (run.inner.residuals.size, run.inner.path.shape[1]) if run.inner is not None else (0, 0)
    side = x.size if solver.has_model and x.size <= SMALL else 0
    sizes = ((shown(x.size),), (side, side), (len(NUMBERS),), (kept,), (kept, width))
    return Log(*(jnp.zeros((LENGTH, *size), x.dtype) for size in sizes))


def _noted(log: Log, at: Array, sign: Array, state: State, move: Move, inner: CGState | None) -> Log:
    of_inner = (inner.steps, inner.outcome, inner.lowest) if inner is not None else (0, 0, 0.0)
    numbers = (sign * state.value, norm(state.gradient), *move[:-1], *of_inner)
    row = jnp.stack([jnp.asarray(number, state.x.dtype) for number in numbers])
    log = log._replace(x=log.x.at[at].set(state.x[: log.x.shape[1]]), numbers=log.numbers.at[at].set(row))
    if log.models.size:
        log = log._replace(models=log.models.at[at].set(move.model))
    if inner is None:
        return log
    return log._replace(residuals=log.residuals.at[at].set(inner.residuals), paths=log.paths.at[at].set(inner.path))


@jit
def look(function: Bound, points: Array) -> tuple[Array, Array]:
    """(gradients, Hessians) at points of shape (m, n). Shapes (m, n), (m, n, n)."""
    return jax.vmap(jax.grad(function))(points), jax.vmap(lambda x: linear.hessian(function, x))(points)


class Runner:
    """A run on the host; each `go` is one call of at most about 50 ms. `latest`: the iterates of the last one."""

    def __init__(
        self, function: Bound, solver: Solver, start: NDArray[np.float64], sign: float, settings: Settings, max_steps: int
    ) -> None:
        self.function, self.solver, self.max_steps = function, solver, max_steps
        self.n = start.size
        self.arguments = (np.float64(sign), settings)
        with self.device():
            self.run = begin(function, solver, start, *self.arguments)
        self.steps = 0
        self.parts: list[History] = []
        self.latest: Floats = np.empty((0, shown(self.n)))
        state = self.run.state
        with np.errstate(over="ignore", invalid="ignore"):  # the objective may overflow at the initial point
            # Not numpy's norm: for many variables BLAS starts threads that keep spinning beside ours.
            size = float(np.sqrt(np.square(np.asarray(state.gradient)).sum()))
        self.first = (start[: shown(self.n)], sign * float(state.value), size)

    def device(self) -> Any:
        """Context that selects the device: small problems are computed on a CPU core even if there is a GPU."""
        cpu = jax.local_devices(backend="cpu")[0]
        return jax.default_device(cpu if self.n <= 10 * WHOLE else devices.mesh().devices.flat[0])

    @property
    def status(self) -> int:
        """Number of the run's status."""
        status = int(self.run.state.status)
        return MAX_STEPS if status == RUNNING and self.steps >= self.max_steps else status

    def go(self) -> None:
        """Make one call; above WHOLE variables at most one step, so that every iterate can be analysed."""
        kind = ("newton", self.function.rule, self.solver)
        direct = self.solver.cg is None
        size = 4 * self.n**2 + self.n**3 // 50 if self.solver.makes_matrix else 4 * self.n
        units = batching.batch_size(kind, size)
        most = min(self.max_steps - self.steps, LENGTH if self.n <= WHOLE else 1, units if direct else LENGTH)
        before = int(self.run.products)
        with self.device(), batching.record_duration(kind, 1, lambda: size * max(1, count if direct else int(self.run.products) - before)):
            self.run, log, taken = advance(
                self.function, self.solver, self.run, *self.arguments, np.int32(most), np.int64(MANY if direct else units)
            )
            count = int(taken)
        part = _read(log, count)
        self.latest = part.x
        if count or not self.parts:
            self.parts.append(part)
            self.steps += count

    def history(self) -> History:
        """The steps so far; valid after the first `go`."""
        if len(self.parts) > 1:
            self.parts = [History(*(np.concatenate(arrays) for arrays in zip(*self.parts, strict=True)))]
        return self.parts[0]
