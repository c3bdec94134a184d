"""Benchmarks: never run by `make test`, never failed by slowness, but failed where the peers did not compute the same.

    def test_something(compare):
        results = compare("Title of the table", {"funjax": ours, "NumPy": theirs}, rounds=20, wanted={"NumPy": 10})
        assert np.array_equal(results["funjax"], results["NumPy"])

The peers run round by round in one process (A B C A B C ...), so that a machine that is slower for a while is slower for all, and
ratios are medians of the ratios within a round. The first peer is the one that the others are compared with. A peer returns its
result only when it is there (JAX: `block_until_ready`). `figure` records one number, `Table.note` a remark.
"""

import os
import statistics
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

# OpenMP's threads spin for a while after each loop: into the next peer's time.
os.environ.setdefault("OMP_WAIT_POLICY", "passive")
sys.path.insert(0, str(Path(__file__).parent))

from table import Row, Table, machine

SHORTEST = 1e-3
"""Seconds: faster calls are timed several at a time."""

SECONDS = 10.0
"""Rounds end after about this long, though not before LEAST_ROUNDS."""

LEAST_ROUNDS = 5

_table = pytest.StashKey[Table]()
Peers = Mapping[str, Callable[[], Any]]


@pytest.fixture(autouse=True)
def _nothing_is_prepared(monkeypatch: pytest.MonkeyPatch) -> None:
    """Compute nothing in the background for tabs that are not open."""
    monkeypatch.setattr("funjax_gui.app.warming.QUIET", float("inf"))


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--bench-json", type=Path, metavar="FILE", help="also write the benchmarks' figures to FILE")
    parser.addoption("--bench-quick", action="store_true", help="few repetitions: to see that the benchmarks run")


def pytest_configure(config: pytest.Config) -> None:
    config.stash[_table] = Table()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    found = config.stash[_table]
    if not found.groups:
        return
    about = machine()
    terminalreporter.section("benchmarks")
    terminalreporter.write_line(", ".join(f"{name} {value}" for name, value in about.items()))
    for line in found.lines():
        terminalreporter.write_line(line)
    if (path := config.getoption("--bench-json")) is not None:
        found.save(path, about)


@pytest.fixture
def table(request: pytest.FixtureRequest) -> Table:
    """The run's tables."""
    return request.config.stash[_table]


@pytest.fixture
def quick(request: pytest.FixtureRequest) -> bool:
    """Whether few repetitions are wanted."""
    return bool(request.config.getoption("--bench-quick"))


@pytest.fixture
def figure(table: Table) -> Callable[..., None]:
    """Record one number: figure(title, name, value, unit="s", most=None); `most` is what was wanted at most."""

    def record(title: str, name: str, value: float, unit: str = "s", most: float | None = None) -> None:
        wanted = "" if most is None else f"≤ {most * 1e3:g} ms" if unit == "s" and most < 1 else f"≤ {most:g} {unit}"
        table.add(title, Row(name, value, unit=unit, wanted=wanted, met=None if most is None else value <= most))

    return record


@pytest.fixture
def compare(table: Table, quick: bool) -> Callable[..., dict[str, Any]]:
    """Time the peers and record a table of them: compare(title, peers, rounds=30, wanted={peer: least ratio}) -> {peer: its result}.

    `wanted` says how many times funjax's time a peer should take at least: 1 is "no slower than the peer", 0.8 "no slower than 1.25
    times the peer".
    """

    def run(title: str, peers: Peers, rounds: int = 30, wanted: Mapping[str, float] | None = None) -> dict[str, Any]:
        results = {name: call() for name, call in peers.items()}
        times = _interleaved(peers, LEAST_ROUNDS if quick else rounds)
        first = next(iter(peers))
        for name, taken in times.items():
            ratio = statistics.median(own / ours for own, ours in zip(taken, times[first], strict=True))
            least = (wanted or {}).get(name)
            text = "" if least is None else f"≥ {least:.2f}"
            met = None if least is None else ratio >= least
            table.add(title, Row(name, statistics.median(taken), min(taken), ratio, wanted=text, met=met))
        return results

    return run


def _interleaved(peers: Peers, rounds: int) -> dict[str, list[float]]:
    """Seconds a call of each peer, one entry a round."""
    calls = {name: max(1, int(SHORTEST / max(1e-9, _timed(call)))) for name, call in peers.items()}
    times: dict[str, list[float]] = {name: [] for name in peers}
    began = time.perf_counter()
    for done in range(rounds):
        if done >= LEAST_ROUNDS and time.perf_counter() - began > SECONDS:
            break
        for name, call in peers.items():
            # What the peer before left in the caches, and its threads that still spin, are this untimed call's trouble.
            if not times[name] or times[name][-1] < 0.1:
                call()
            times[name].append(_timed(call, calls[name]))
    return times


def _timed(call: Callable[[], Any], calls: int = 1) -> float:
    began = time.perf_counter()
    for _ in range(calls):
        call()
    return (time.perf_counter() - began) / calls
