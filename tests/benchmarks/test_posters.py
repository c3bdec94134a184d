"""Tiles by two local workers against the same picture in tiles by one process on all cores.

In processor time of all processes together, and as ratios within a round: other programs may take the machine meanwhile. The workers'
start, and the compilation of kernels by each of them, come before. It runs in a process of its own, whose threads Dask does not end.
"""

import json
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest

from kernels import BifurcationRequest, Grid, Viewport
from kernels.posters import Cluster, InTurn, Scheduler, Store, cut, fill

VIEW = Viewport.from_limits("3.4", "4", "0", "1")
COLUMNS, ROWS, TRANSIENT, SAMPLES = 2048, 1000, 20_000, 300_000
WARM = 2
"""Rounds after which each worker has met each kernel: which tile goes to which is not settled."""


def _spent() -> float:
    import psutil

    mine = psutil.Process()
    return float(sum(sum(each.cpu_times()[:2]) for each in (mine, *mine.children(recursive=True))))


def _cost(scheduler: Scheduler, workers: int, samples: int) -> float:
    before = _spent()
    request = BifurcationRequest(Grid(VIEW, 1, 1), transient=TRANSIENT, samples=samples)
    with tempfile.TemporaryDirectory() as folder:
        store = Store.new(Path(folder) / "a.zarr", cut(request, COLUMNS, ROWS, workers))
        assert [*fill(store, scheduler)][-1].left == 0
        return _spent() - before


def test_tiles_of_two_workers(figure: Callable[..., None], quick: bool) -> None:
    pytest.importorskip("distributed")
    rounds = json.loads(subprocess.run([sys.executable, __file__, str(1 if quick else 5)], check=True, capture_output=True).stdout)
    title = f"A diagram in tiles, {COLUMNS} x {ROWS} pixels, {TRANSIENT + SAMPLES} steps, in processor time"
    figure(title, "one process, all cores", statistics.median(alone for alone, _ in rounds))
    figure(title, "two workers, over one process", statistics.median(both / alone for alone, both in rounds), "x", most=1.1)


if __name__ == "__main__":
    with Cluster.local(2) as cluster:
        each = [(_cost(InTurn(), 1, SAMPLES), _cost(cluster, 2, SAMPLES)) for _ in range(WARM + int(sys.argv[1]))]
        print(json.dumps(each[WARM:]))
