"""Test settings that must stand before Qt and JAX are first used, and the checks that every test cleans up after itself."""

import gc
import os
import sys
import tempfile
import threading
import time
import weakref
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import hypothesis
import platformdirs
import pytest
from pytestqt.qtbot import QtBot

from funjax_gui.garbage import collect_due

PATIENCE = 60.0
"""Seconds after which a condition that is waited for counts as not met. A sound test never takes them, however slow the machine."""

LARGE = 1.5e9
"""Bytes of a test process above which it forgets what was compiled."""

KNOWN_THREADS = ("pydevd", "asyncio_", "zarr_")
"""Beginnings of the names of threads that belong to tools, not to us."""

KNOWN_WIDGETS = ("QTipLabel",)
"""Classes of windows that Qt makes for itself and deletes in its own time."""

_user = tempfile.TemporaryDirectory(prefix="funjax-tests-")
_failed = pytest.StashKey[bool]()
_qt_threads: "weakref.WeakSet[Any]" = weakref.WeakSet()


def _set_environment() -> None:
    """Offscreen, strict, and away from the user's own files; only compiled kernels are kept from one run to the next."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    os.environ["JAX_NUMPY_RANK_PROMOTION"] = "raise"
    if "jax" in sys.modules:
        sys.modules["jax"].config.update("jax_numpy_rank_promotion", "raise")
    kept = platformdirs.user_cache_path("funjax-tests")
    os.environ.setdefault("JAX_COMPILATION_CACHE_DIR", str(kept / "compiled"))
    # Modules and tests are compiled once, also where no bytecode may lie beside the sources; so are those of programs that tests start.
    if os.environ.pop("PYTHONDONTWRITEBYTECODE", None):
        os.environ.setdefault("PYTHONPYCACHEPREFIX", str(kept / "bytecode"))
        sys.dont_write_bytecode, sys.pycache_prefix = False, os.environ["PYTHONPYCACHEPREFIX"]
    for name in ("CONFIG_HOME", "CACHE_HOME", "DATA_HOME", "STATE_HOME", "RUNTIME_DIR"):
        folder = Path(_user.name) / name.lower()
        folder.mkdir(mode=0o700)
        os.environ[f"XDG_{name}"] = str(folder)


_set_environment()

# The first example of a jitted function pays for its compilation, so none is judged by its time. CI runs the same ones each time.
# Each run tries others, and make soak, which sets FUNJAX_SEEDS, tries many.
examples = 40 if "FUNJAX_SEEDS" not in os.environ else 400
hypothesis.settings.register_profile("funjax", deadline=None, derandomize="CI" in os.environ, max_examples=examples)
hypothesis.settings.load_profile("funjax")


def pytest_configure() -> None:
    """Collect garbage after tests, in the main thread, as the program does; keep QSettings in the temporary folder on every system.

    XDG_CONFIG_HOME alone does the latter only on Linux.
    """
    gc.disable()
    if (core := sys.modules.get("PySide6.QtCore")) is not None:
        for kind in (core.QSettings.Format.NativeFormat, core.QSettings.Format.IniFormat):
            core.QSettings.setPath(kind, core.QSettings.Scope.UserScope, os.environ["XDG_CONFIG_HOME"])


def pytest_collection_finish() -> None:
    """Look for garbage in what tests make, as the program looks in what its window makes, not in the modules each time anew."""
    gc.freeze()


def pytest_sessionfinish() -> None:
    """Wait for threads under way: the end of the process would unwind them through XLA's code, which aborts it."""
    _threads_left({threading.main_thread()}, [], PATIENCE)


def pytest_unconfigure() -> None:
    """Remove the temporary user folders."""
    _user.cleanup()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """Remember which tests failed: a traceback keeps widgets and threads alive, and one failure is enough."""
    report = yield
    item.stash[_failed] = item.stash.get(_failed, False) or report.failed
    return report


def _note_qt_threads() -> None:
    """From now on every QThread that is started is remembered; Qt itself lists none."""
    core = sys.modules.get("PySide6.QtCore")
    if core is None or hasattr(core.QThread, "_start_unnoted"):
        return
    start = core.QThread._start_unnoted = core.QThread.start

    def noted(self: Any, *arguments: Any, **named: Any) -> None:
        _qt_threads.add(self)
        start(self, *arguments, **named)

    core.QThread.start = noted


def _running_qt_threads() -> list[Any]:
    if "PySide6.QtCore" not in sys.modules:
        return []
    import shiboken6

    return [thread for thread in list(_qt_threads) if shiboken6.isValid(thread) and thread.isRunning()]


def _threads_left(before: set[threading.Thread], before_qt: list[Any], seconds: float, but: str = "") -> list[str]:
    """Names of the threads begun since `before` that do not end within `seconds`, without those called `but`."""
    deadline = time.monotonic() + seconds
    left = [thread for thread in threading.enumerate() if thread not in before and not _known(thread) and thread.name != but]
    for thread in left:
        thread.join(max(0.0, deadline - time.monotonic()))
    left_qt = [thread for thread in _running_qt_threads() if thread not in before_qt]
    for thread in left_qt:
        thread.wait(int(1000 * max(0.0, deadline - time.monotonic())))
    names = [thread.name for thread in left if thread.is_alive()]
    return names + [thread.objectName() or type(thread).__name__ for thread in left_qt if thread.isRunning()]


def _known(thread: threading.Thread) -> bool:
    # A dummy stands for a thread of Qt's or XLA's that once called into Python; before Python 3.12 it stays listed for ever.
    return isinstance(thread, threading._DummyThread) or thread.name.startswith(KNOWN_THREADS)


def _widgets() -> list[Any]:
    """The windows that exist now."""
    widgets = sys.modules.get("PySide6.QtWidgets")
    if widgets is None or not isinstance(widgets.QApplication.instance(), widgets.QApplication):
        return []
    return [w for w in widgets.QApplication.topLevelWidgets() if w.metaObject().className() not in KNOWN_WIDGETS]


def _widgets_left(before: list[Any]) -> list[str]:
    """The windows made since that are still there after what waits for deletion, and what only cycles hold, is gone."""
    for collect in (lambda: 0, gc.collect):
        if all(widget in before for widget in _widgets()):
            return []
        collect()
        core = sys.modules["PySide6.QtCore"]
        core.QCoreApplication.sendPostedEvents(None, core.QEvent.Type.DeferredDelete)
        core.QCoreApplication.processEvents()
    return [f"{type(widget).__name__} {widget.objectName() or widget.windowTitle()!r}" for widget in _widgets() if widget not in before]


class PatientQtBot(QtBot):
    """A QtBot that waits for a condition as long as a slow and busy machine takes; pytest-qt's 5 s are too few there."""

    def waitSignal(self, signal: Any, *, timeout: int = int(1000 * PATIENCE), **named: Any) -> Any:
        """As QtBot's."""
        return super().waitSignal(signal, timeout=timeout, **named)

    def waitSignals(self, signals: Any, *, timeout: int = int(1000 * PATIENCE), **named: Any) -> Any:
        """As QtBot's."""
        return super().waitSignals(signals, timeout=timeout, **named)

    def waitUntil(self, callback: Any, *, timeout: int = int(1000 * PATIENCE)) -> None:
        """As QtBot's."""
        super().waitUntil(callback, timeout=timeout)


@pytest.fixture
def qtbot(qapp: Any, request: pytest.FixtureRequest) -> QtBot:
    """In place of pytest-qt's."""
    return PatientQtBot(request)


@pytest.fixture
def compiled(caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch) -> Callable[[], AbstractContextManager[list[str]]]:
    """`with compiled() as kernels:` lists the kernels that are compiled or read, on any thread; those of before stay."""
    import jax

    from kernels.execution import kept_kernels
    from kernels.execution.stored_kernels import StoredKernel

    monkeypatch.setattr(kept_kernels, "MOST_KERNELS", 10**6)
    monkeypatch.setattr("funjax_gui.worker.memory.FULL", 1e12)

    prepare = StoredKernel._prepared

    @contextmanager
    def watch() -> Iterator[list[str]]:
        kernels: list[str] = []

        def noted(kernel: StoredKernel, arguments: tuple[Any, ...]) -> Any:
            kernels.append(f"jit({kernel.__name__})")
            return prepare(kernel, arguments)

        caplog.clear()
        monkeypatch.setattr(
            StoredKernel, "_prepared", lambda self, arguments: kernels.append(f"jit({self.__name__})") or prepare(self, arguments)
        )
        jax.config.update("jax_log_compiles", True)  # jax.log_compiles() would be for this thread alone
        try:
            with caplog.at_level("WARNING"):
                yield kernels
        finally:
            jax.config.update("jax_log_compiles", False)
            monkeypatch.setattr(StoredKernel, "_prepared", prepare)
        kernels += [record.getMessage() for record in caplog.records if "ompil" in record.getMessage()]

    return watch


@pytest.fixture(scope="module", autouse=True)
def _memory_is_given_back() -> Iterator[None]:
    """Between two modules forget what was compiled, if that has grown large: most of it no other module computes with."""
    yield
    if (jax := sys.modules.get("jax")) is not None and (memory := sys.modules.get("funjax_gui.worker.memory")) is not None:
        if memory.resident_bytes() > LARGE:
            sys.modules["kernels.execution"].drop_kernels(())
            jax.clear_caches()
            gc.collect()
            memory.trim_heaps()


@pytest.fixture(scope="module")
def seconds_to_end() -> float:
    """How long threads that are on their way out may take after a test; a module may define its own."""
    return PATIENCE


@pytest.fixture(autouse=True)
def _cleans_up(request: pytest.FixtureRequest, seconds_to_end: float) -> Iterator[None]:
    """Fail a test that leaves threads running or windows alive."""
    _note_qt_threads()
    gc.disable()  # whatever a test before has done: a thread that collects may destroy what belongs to Qt, which crashes
    collect_due()
    threads, qt_threads, widgets = set(threading.enumerate()), _running_qt_threads(), _widgets()
    yield
    if request.node.stash.get(_failed, False):
        return
    is_shared = "kept_window" in sys.modules and sys.modules["kept_window"].KeptWindow.is_open  # its worker's threads end with it
    if left := _threads_left(threads, qt_threads, seconds_to_end, "funjax-worker" if is_shared else ""):
        pytest.fail(f"threads left running: {', '.join(left)}", pytrace=False)
    if not is_shared and (left := _widgets_left(widgets)):
        pytest.fail(f"windows left alive: {', '.join(left)}", pytrace=False)
