"""Requests, frames, registries and formulas are there without JAX: it is imported with the first use of a kernel."""

import subprocess
import sys

EVERY_MODULE = """
import importlib, pkgutil, sys
import kernels
for module in pkgutil.walk_packages(kernels.__path__, "kernels."):
    importlib.import_module(module.name)
    assert "jax" not in sys.modules, module.name

from kernels import MAPS, OBJECTIVES, BifurcationRequest, FixedPointRequest, Grid, NewtonRequest, Viewport
from kernels.catalog import find_map, find_objective
request = BifurcationRequest(Grid(Viewport.from_limits(2.8, 4, 0, 1), 64, 64), transient=100, samples=100)
FixedPointRequest(map="r*x*(1-x) + cosh(x)"), NewtonRequest(objective="rosenbrock")
find_objective("x^2 + sin(y)"), find_map("x + a*arctan(x)")
assert "jax" not in sys.modules
*_, last = request.frames()
assert "jax" in sys.modules
import jax
print(last.counts.sum(), jax.config.jax_enable_x64, len(jax.local_devices()))
"""

IN_A_THREAD = """
import threading
from kernels.execution.lazy_jax import jax, jit, jnp
double = jit(lambda x: 2 * x)
answers = []
def ask():
    answers.append((float(double(jnp.float64(1.5))), str(jnp.ones(1).dtype)))
threads = [threading.Thread(target=ask) for _ in range(4)]
for thread in threads: thread.start()
for thread in threads: thread.join()
print(set(answers))
"""


def printed(code: str) -> str:
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=600, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_no_module_of_the_kernels_imports_jax_and_it_comes_set_up_with_the_first_frames() -> None:
    from kernels.execution import devices

    assert printed(EVERY_MODULE) == f"6400 True {devices.cores()}"


def test_threads_that_use_jax_first_at_once_all_find_it_set_up() -> None:
    assert printed(IN_A_THREAD) == "{(3.0, 'float64')}"
