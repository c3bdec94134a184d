"""The memory that is left: of the machine, of control groups of both versions, of the process's own limits."""

import subprocess
import sys
from pathlib import Path

import pytest

from kernels.execution import memory

GIB = 2**30


def _tree(root: Path, files: dict[str, str]) -> Path:
    for name, text in ({"proc/meminfo": f"MemTotal: {64 * GIB >> 10} kB\nMemAvailable: {32 * GIB >> 10} kB\n"} | files).items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    return root


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({}, 32 * GIB),
        ({"proc/self/cgroup": "0::/\n"}, 32 * GIB),
        (
            {
                "proc/self/cgroup": "0::/user/app\n",
                "sys/fs/cgroup/user/app/memory.max": "max\n",
                "sys/fs/cgroup/user/app/memory.current": "100\n",
                "sys/fs/cgroup/user/memory.max": f"{2 * GIB}\n",
                "sys/fs/cgroup/user/memory.current": f"{GIB}\n",
                "sys/fs/cgroup/user/memory.stat": f"anon 5\ninactive_file {GIB // 4}\n",
            },
            GIB + GIB // 4,
        ),
        (
            {
                "proc/self/cgroup": "0::/outside/name\n",  # as a container sees it: the path is that outside, the root is its own
                "sys/fs/cgroup/memory.max": f"{3 * GIB}\n",
                "sys/fs/cgroup/memory.current": "0\n",
            },
            3 * GIB,
        ),
        (
            {
                "proc/self/cgroup": "4:cpu,cpuacct:/x\n7:memory:/job\n",
                "sys/fs/cgroup/memory/job/memory.limit_in_bytes": f"{GIB}\n",
                "sys/fs/cgroup/memory/job/memory.usage_in_bytes": f"{GIB // 2}\n",
                "sys/fs/cgroup/memory/memory.limit_in_bytes": "9223372036854771712\n",
                "sys/fs/cgroup/memory/memory.usage_in_bytes": f"{GIB // 2}\n",
            },
            GIB // 2,
        ),
        ({"proc/meminfo": f"MemAvailable: {GIB >> 10} kB\n"}, GIB),
        (
            {"proc/self/cgroup": "0::/\n", "sys/fs/cgroup/memory.max": "10\n", "sys/fs/cgroup/memory.current": "20\n"},
            0,
        ),
    ],
)
def test_the_least_of_all_limits_counts(tmp_path: Path, files: dict[str, str], expected: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "_limits", lambda root: iter(()))
    assert memory.free_bytes(_tree(tmp_path, files)) == expected


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such limits")
def test_a_process_s_own_limits_count() -> None:
    code = """
import resource
from kernels.execution import memory
for kind in (resource.RLIMIT_AS, resource.RLIMIT_DATA):
    before = resource.getrlimit(kind)
    resource.setrlimit(kind, (2**31, before[1]))
    print(memory.free_bytes())
    resource.setrlimit(kind, before)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert all(0 < int(free) < 2**31 for free in done.stdout.split()) and len(done.stdout.split()) == 2


def test_a_request_too_large_for_what_is_left_is_refused_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    from kernels import BifurcationRequest, Grid, Viewport

    grid = Grid(Viewport.from_limits(3, 4, 0, 1), 4000, 4000)
    needed = BifurcationRequest(grid).bytes
    monkeypatch.setattr(memory, "free_bytes", lambda: needed - 1)
    with pytest.raises(
        ValueError, match=r"a picture of 4000 x 4000 needs .* bytes, and .* are left; ask for fewer columns or rows"
    ) as caught:
        BifurcationRequest(grid)
    assert "\n" not in str(caught.value)
