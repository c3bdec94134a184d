"""The post's five workloads, each as the post wrote it and as this program does it.

As the post wrote it is NumPy and plain JAX, in today's JAX and in float64 (the post's JAX had float32), on JAX's first device. As this
program does it is what the tabs call, where they call it: one orbit and two variables on a core of the CPU, many orbits on all devices.
"""

import functools
import inspect
from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import Any

import numpy as np

from kernels.execution import WORK, Layout, devices, jax, jnp, lax
from kernels.fixed_point import starts
from kernels.iteration import orbits
from kernels.maps import MAPS
from kernels.newton.solvers import linear
from kernels.objectives import functions
from kernels.timings.measure import Work
from kernels.types import Array

POST, FUNJAX, BETWEEN = "post", "funjax", "between"
"""Origin of a variant: the post, funjax, or an intermediate step."""

PIECE = 100
"""Steps of the loop over JAX's arrays between two points where the caller may stop."""


@dataclass(frozen=True, eq=False)
class Variant:
    """One way to do the work. `make` puts the data in place and gives what is to be timed, not compiled yet.

    post: the post's figure for it in seconds, None where the post has none. against: the post's figure that it is compared with then,
    the best of the post's GPU unless given. note: what a reader of the figure should know.
    """

    name: str
    source: str
    make: Callable[[], Work]
    post: float | None = None
    note: str = ""
    against: float | None = None


@dataclass(frozen=True, eq=False)
class Workload:
    """A computation in several variants. `gpu`: the post's best time on its GPU in seconds."""

    name: str
    title: str
    gpu: float
    variants: tuple[Variant, ...]


def post_workloads(steps: int = 500, transient: int = 1000, samples: int = 1000) -> tuple[Workload, ...]:
    """The five workloads in the post's order; arguments shrink them for tests."""
    once = functools.partial(orbit, transient, samples)
    return (
        Workload(
            "fixed-point",
            f"{len(STARTS)} starts, {steps} steps of (x² + 21)/10",
            201e-6,
            (
                Variant("NumPy loop", POST, lambda: numpy_loop(STARTS, steps), 1.74e-3),
                Variant("jit, loop written out", POST, lambda: written_out(steps), 201e-6, WRITTEN_OUT),
                Variant("compiled loop", BETWEEN, lambda: compiled_loop(STARTS, steps), note="The same steps as one lax.fori_loop."),
                Variant("funjax", FUNJAX, lambda: settled(steps), note=SETTLED),
            ),
        ),
        Workload(
            "orbit",
            f"One orbit of a x − a x², {samples} states after {transient}",
            681e-6,
            (
                Variant("Python loop", POST, lambda: Work(lambda: once(0.5, 3.4), compiled=False), 354e-3, PYTHON_LOOP),
                Variant("Python loop, JAX’s arrays", BETWEEN, lambda: array_loop(transient, samples), note=ARRAY_LOOP, against=354e-3),
                Variant("jit", POST, lambda: compiled_orbit(transient, samples), 681e-6, COMPILED_ORBIT),
                Variant("funjax", FUNJAX, lambda: own_orbit(transient, samples), note="Eight steps of the loop written out; one core."),
            ),
        ),
        Workload(
            "orbits",
            f"{len(PARAMETERS)} parameters, {samples} states after {transient} each",
            626e-6,
            (
                Variant("vmap of jit", POST, lambda: vectorised(PARAMETERS, transient, samples), 626e-6, VECTORISED),
                Variant("funjax", FUNJAX, lambda: own_orbits(PARAMETERS, transient, samples), note=OWN_ORBITS),
            ),
        ),
        Workload(
            "newton",
            "Newton’s update of the post’s quadratic, naively",
            123e-6,
            (
                Variant("Hessian and inverse", POST, naive, 123e-6),
                Variant("funjax", FUNJAX, lambda: own_solve(linear.naive_solve), note="The same, as the Newton tab compares it."),
            ),
        ),
        Workload(
            "newton-cg",
            "The same update by conjugate gradients",
            146e-6,
            (
                Variant("two steps written out", POST, conjugate_gradients, 146e-6),
                Variant("funjax", FUNJAX, lambda: own_solve(linear.cg_solve), note=OWN_CG),
            ),
        ),
    )


WRITTEN_OUT = "Compiling all the steps one after the other is most of the first call: the price of a loop that Python unrolls."
SETTLED = "Stops once no state changes any more, to the bit: the results are those of the whole loop."
PYTHON_LOOP = "Python’s own floats; the post’s JAX made each of the list’s numbers an array of its own, which took most of its 354 ms."
ARRAY_LOOP = "The same loop when x is JAX’s array: four operations a step, each dispatched by itself."
COMPILED_ORBIT = (
    "The loop is lax.scan: written out, as in the post, today’s XLA computes each state from the start again"
    " and is not done compiling after nine minutes."
)
VECTORISED = "As there, by lax.scan. A single device computes everything and transposes the states at the end: one row per parameter."
OWN_ORBITS = "The parameters are distributed over the devices, and the states overwrite those of the previous call: no new memory."
OWN_CG = "At most two steps, fewer once the residual is 0: at the optimum the post’s code divides 0 by 0."

STARTS = np.arange(-9, 10, 0.5)
PARAMETERS = np.arange(3.4, 4.0, 0.001)[:600]
VALUES = (np.float64(21), np.float64(10))
"""The post's map (x² + b)/c."""


def ready(function: Callable[..., Any], *arguments: Any) -> Work:
    """A call of a jitted function that waits for its result."""
    return Work(lambda: function(*arguments).block_until_ready())


def core() -> Any:
    """One CPU core, on which funjax computes work that is too small to distribute."""
    return jax.local_devices(backend="cpu")[0]


# --- the fixed-point iteration ---


def step(x: Any) -> Any:
    """One step of the post's first iteration."""
    return (x**2 + 21) / 10


def iterated(steps: int, x: Any) -> Any:
    """A Python loop, over arrays of NumPy or, when it is traced, of JAX."""
    for _ in range(steps):
        x = step(x)
    return x


def numpy_loop(x: Any, steps: int) -> Work:
    """The post's first cell."""

    def call() -> Any:
        with np.errstate(over="ignore"):
            return iterated(steps, x)

    return Work(call, compiled=False)


def written_out(steps: int) -> Work:
    """The same function, jitted: tracing unrolls the loop. It takes about a second to compile."""
    return ready(jax.jit(functools.partial(iterated, steps)), jax.device_put(STARTS))


def compiled_loop(x: Any, steps: int) -> Work:
    """The same steps as a loop that XLA compiles."""
    return ready(jax.jit(lambda x: lax.fori_loop(0, steps, lambda _, state: step(state), x)), jax.device_put(x))


def settled(steps: int) -> Work:
    """The loop of the fixed-point explorer."""
    iterate = jax.jit(functools.partial(inspect.unwrap(starts.iterate), MAPS["post"].rule))
    return ready(iterate, jax.device_put(STARTS, core()), VALUES, np.int32(steps))


# --- the logistic orbit ---


def logistic(x: Any, a: Any) -> Any:
    """One step of the post's second iteration."""
    return a * x - a * x**2


def orbit(transient: int, samples: int, x: Any, a: Any) -> Array:
    """The post's list, with the `append` that its listing lost."""
    states = []
    for _ in range(transient):
        x = logistic(x, a)
    for _ in range(samples):
        x = logistic(x, a)
        states.append(x)
    return jnp.array(states).block_until_ready()


def array_loop(transient: int, samples: int) -> Work:
    """The same with JAX's arrays, in pieces, for it takes as long as the post's 354 ms."""

    def call() -> Generator[None, None, Array]:
        x, a, states = jnp.asarray(0.5), jnp.asarray(3.4), []
        for n in range(transient + samples):
            x = logistic(x, a)
            states.append(x)
            if n % PIECE == PIECE - 1:
                yield
        # Stacked by the hundred: an operation with a thousand arguments takes seconds to compile.
        kept = states[transient:]
        stacks = [jnp.stack(kept[n : n + PIECE]) for n in range(0, samples, PIECE)]
        return jnp.concatenate(stacks).block_until_ready()

    return Work(call, compiled=False, in_pieces=True)


def scanned(transient: int, samples: int, a: Any) -> Any:
    """The same as a loop that XLA compiles."""

    def go(x: Array, _: None) -> tuple[Array, Array]:
        x = logistic(x, a)
        return x, x

    x, _ = lax.scan(go, jnp.asarray(0.5), None, length=transient)
    return lax.scan(go, x, None, length=samples)[1]


def compiled_orbit(transient: int, samples: int) -> Work:
    """The post's jitted function, for one parameter."""
    return ready(jax.jit(functools.partial(scanned, transient, samples)), 3.4)


def vectorised(parameters: Any, transient: int, samples: int) -> Work:
    """The post's `vmap` of it. Shape (parameters, samples)."""
    return ready(jax.vmap(jax.jit(functools.partial(scanned, transient, samples))), jax.device_put(parameters))


def recorded(transient: int, samples: int, x: Array, a: Array) -> Array:
    """The program's loops: the transient, then the states kept. Shape (samples, ...)."""
    rule = MAPS["logistic"].rule
    x = orbits.repeat(lambda state: rule(state, a), x, jnp.int32(transient + 1))
    return orbits.orbit(rule, (x,), (a,), samples)[0]


def own_orbit(transient: int, samples: int) -> Work:
    """One orbit on one core: a chain of dependent steps has no use for more."""
    start, a = jax.device_put((np.float64(0.5), np.float64(3.4)), core())
    return ready(jax.jit(functools.partial(recorded, transient, samples)), start, a)


def own_orbits(parameters: Any, transient: int, samples: int) -> Work:
    """The orbits of all parameters, shared out over the devices. Shape (samples, parameters), with columns of NaN that only fill up."""
    mesh = devices.mesh()
    share = -(-len(parameters) // mesh.size)
    # Nothing is rounded up here, as the window does to compile less often: that would write more states than are asked for.
    layout = Layout(mesh, share, share)
    along, across = jax.sharding.PartitionSpec(WORK), jax.sharding.PartitionSpec(None, WORK)
    record = jax.shard_map(
        functools.partial(_record, transient),
        mesh=mesh,
        in_specs=(along, across),
        out_specs=across,
        check_vma=False,
    )
    # New memory for every picture costs more than the steps do: the system clears each page of it.
    compiled = jax.jit(record, donate_argnums=1)
    a = jax.device_put(layout.shard(np.asarray(parameters)), layout.sharding)  # on a machine of one core too
    before = jax.device_put(np.zeros((samples, share * mesh.size)), jax.sharding.NamedSharding(mesh, across))

    def call() -> Array:
        nonlocal before
        before = compiled(a, before).block_until_ready()
        return before

    return Work(call)


def _record(transient: int, a: Array, states: Array) -> Array:
    """`states`, shape (samples, parameters), written over with the states after the transient."""
    rule = MAPS["logistic"].rule

    def go(n: Array, inner: Any) -> Any:
        x, states = inner
        x = rule(x, a)
        return x, lax.dynamic_update_index_in_dim(states, x, n, 0)

    x = orbits.repeat(lambda x: rule(x, a), jnp.full_like(a, 0.5), jnp.int32(transient))
    recorded: Array = lax.fori_loop(0, len(states), go, (x, states), unroll=4)[1]
    return recorded


# --- Newton's update ---


def quadratic(x: Array) -> Array:
    """The post's, with its maximum at (3, 7)."""
    x = x - jnp.array([3.0, 7.0])
    return -1 * (x.T @ jnp.array([[3.0, 2.0], [2.0, 7.0]]) @ x - 2)


def naive() -> Work:
    """The post's first solve: the whole Hessian, and its inverse."""

    def solve(x: Array) -> Array:
        gradient = jax.jacrev(quadratic)
        return jnp.linalg.inv(jax.jacfwd(gradient)(x)) @ gradient(x)

    return ready(jax.jit(solve), jax.device_put(np.zeros(2)))


def conjugate_gradients() -> Work:
    """The post's second solve: two steps, each with one product of the Hessian and a vector."""

    def solve(point: Array) -> Array:
        gradient = jax.jacrev(quadratic)
        x = jnp.zeros(2)
        residual = gradient(point) - jax.jvp(gradient, (point,), (x,))[1]
        direction = residual
        for _ in range(2):
            product = jax.jvp(gradient, (point,), (direction,))[1]
            before = residual @ residual
            stride = before / (direction @ product)
            x, residual = x + stride * direction, residual - stride * product
            direction = residual + residual @ residual / before * direction
        return x

    return ready(jax.jit(solve), jax.device_put(np.zeros(2)))


def own_solve(solve: Any) -> Work:
    """One of the program's two solves."""
    return ready(jax.jit(functools.partial(inspect.unwrap(solve), functions.quadratic)), jax.device_put(np.zeros(2), core()))
