"""The folder of compiled kernels: whatever is in it, kernels are right, nothing is printed, and what is damaged is replaced."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from kernels.execution.compile_cache import DIGEST, ENTRY, KernelCache

PROGRAM = """
from kernels.execution import devices, jit
from kernels.execution.lazy_jax import jnp
import numpy as np
def double(x): return 2 * x
def triple(x): return 3 * x
print(float(jit(double)(np.float64(1.5))), float(jit(triple)(np.float64(1.5))), *devices.notices())
"""


@pytest.fixture
def cache(tmp_path: Path) -> KernelCache:
    return KernelCache(tmp_path / "compiled", reports(tmp_path).append, decompress)


_reports: dict[Path, list[str]] = {}


def reports(path: Path) -> list[str]:
    return _reports.setdefault(path, [])


def decompress(data: bytes) -> bytes:
    if not data.startswith(b"packed"):
        raise ValueError("not packed")
    return data


def test_an_entry_comes_back(cache: KernelCache) -> None:
    assert cache.get("a") is None
    cache.put("a", b"packed one")
    cache.put("a", b"packed two")
    assert cache.get("a") == b"packed two" and sorted(os.listdir(cache._path)) == [f"a{ENTRY}", f"a{DIGEST}"]


@pytest.mark.parametrize("damage", [b"", b"packed on", b"packed onf", b"packed other"])
def test_a_damaged_entry_is_removed(cache: KernelCache, damage: bytes) -> None:
    cache.put("a", b"packed one")
    (cache._path / f"a{ENTRY}").write_bytes(damage)
    assert cache.get("a") is None and not os.listdir(cache._path)


def test_an_entry_of_another_kernel_is_refused(cache: KernelCache) -> None:
    cache.put("a", b"packed one")
    cache.put("b", b"packed two")
    for ending in (ENTRY, DIGEST):
        (cache._path / f"a{ending}").write_bytes((cache._path / f"b{ending}").read_bytes())
    assert cache.get("a") is None and cache.get("b") == b"packed two"


def test_an_entry_without_a_digest_is_taken_where_it_can_be_unpacked(cache: KernelCache) -> None:
    cache.put("a", b"packed one")
    (cache._path / f"a{DIGEST}").unlink()
    assert cache.get("a") == b"packed one"
    (cache._path / f"a{ENTRY}").write_bytes(b"torn")
    assert cache.get("a") is None and not os.listdir(cache._path)


def test_what_was_not_used_for_long_is_removed(cache: KernelCache) -> None:
    for key in ("old", "used"):
        cache.put(key, b"packed")
    for name in (".draft.part", "another file"):
        (cache._path / name).touch()
    for path in cache._path.iterdir():
        os.utime(path, (0, 0))
    assert cache.get("used") == b"packed"
    KernelCache(cache._path, pytest.fail, decompress).put("new", b"packed")
    assert set(os.listdir(cache._path)) == {f"{key}{ending}" for key in ("used", "new") for ending in (ENTRY, DIGEST)} | {"another file"}


def test_a_folder_that_cannot_be_used_is_said_once(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    said: list[str] = []
    cache = KernelCache(tmp_path / "file" / "compiled", said.append, decompress)
    assert cache.get("a") is None
    cache.put("a", b"packed one")
    assert len(said) == 1 and "cannot be kept" in said[0] and "Not a directory" in said[0]


def run(folder: Path) -> str:
    environment = {**os.environ, "JAX_COMPILATION_CACHE_DIR": str(folder)}
    done = subprocess.run([sys.executable, "-c", PROGRAM], env=environment, capture_output=True, text=True, timeout=600, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout.strip()


def test_a_start_with_damaged_and_swapped_entries_is_right_and_silent_and_mends_them(tmp_path: Path) -> None:
    assert run(tmp_path) == "3.0 4.5"
    double, triple = sorted(path for path in tmp_path.glob(f"*{ENTRY}") if path.name.startswith(("jit_double", "jit_triple")))
    sound = double.read_bytes()
    double.write_bytes(triple.read_bytes())
    triple.write_bytes(b"torn")
    assert run(tmp_path) == "3.0 4.5"
    assert len(double.read_bytes()) == pytest.approx(len(sound), rel=0.2) and triple.read_bytes() != b"torn"


def test_a_start_without_a_folder_says_so_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    said = run(tmp_path / "file")
    assert said.startswith("3.0 4.5 compiled kernels cannot be kept in") and len(said.splitlines()) == 1
