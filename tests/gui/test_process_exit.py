"""The process ends with its status, also while a kernel is compiled that is no longer wanted."""

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from funjax_gui import process_exit
from funjax_gui.process_exit import leave

CLOSES_AMID_A_COMPILE = """
import sys, threading
import jax
from funjax_gui import __main__
from funjax_gui.app import window
from kernels.bifurcation.request import BifurcationRequest
from kernels.execution import compilation

def never_ends(self):
    jax.jit(lambda x: threading.Event().wait())(0.0)
    yield None

class Window(window.Window):
    def show(self):
        super().show()
        self.worker.delayed.connect(self.look)

    def look(self, delays):
        if any(compilation.is_under_way(delay.thread) for delay in delays):
            {then}
            print("closing", flush=True)
            self.close()

window.Window = Window
sys.argv = ["funjax", sys.argv[1]]
{first}
__main__.main()
"""

SESSION = """
funjax = 1
tab = "bifurcation"
[bifurcation]
map = "r*x*(1-x) + b*({})/99"
range = [0.0, 4.0]
x = [-1.0, 2.0]
"""
LONG = "+".join(f"sin({k}*x)*exp(-x^2/{k})*cos({k}*x+{k})" for k in range(1, 7))
"""Its kernels take seconds to compile."""


@pytest.mark.parametrize(
    ("first", "then"),
    [("", "pass"), ("BifurcationRequest.frames = never_ends", "self.tab.stop()")],
    ids=["XLA compiles what is wanted", "a compile without end is abandoned"],
)
def test_the_window_closes_amid_a_compile(tmp_path: Path, first: str, then: str) -> None:
    session = tmp_path / "long.toml"
    session.write_text(SESSION.format(LONG))
    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen", "JAX_COMPILATION_CACHE_DIR": str(tmp_path / "compiled")}
    code = CLOSES_AMID_A_COMPILE.format(first=first, then=then)
    done = subprocess.run([sys.executable, "-c", code, session], env=environment, capture_output=True, text=True, timeout=600)
    assert (done.returncode, done.stdout) == (0, "closing\n"), done.stderr
    assert not [line for line in done.stderr.splitlines() if "propagateSizeHints" not in line]


def test_drafts_are_removed_where_a_thread_is_left(tmp_path: Path) -> None:
    code = """
import sys, threading, time
from funjax_gui import process_exit as leaving
from funjax_gui.files.writing import atomic_write

def write():
    with atomic_write(sys.argv[1]) as file:
        file.write(b"half")
        written.set()
        time.sleep(600)

written = threading.Event()
leaving.Daemon(write).start()
written.wait()
print("said")
leaving.leave(7)
"""
    done = subprocess.run([sys.executable, "-c", code, tmp_path / "a.png"], capture_output=True, text=True, timeout=600)
    assert (done.returncode, done.stdout, done.stderr) == (7, "said\n", "")
    assert list(tmp_path.iterdir()) == []


def test_without_such_threads_python_ends_as_usual(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process_exit.threading, "enumerate", lambda: [threading.current_thread()])
    with pytest.raises(SystemExit) as leaving_for_good:
        leave(3)
    assert leaving_for_good.value.code == 3
