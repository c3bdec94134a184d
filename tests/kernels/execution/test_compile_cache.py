"""The folder of compiled kernels: whatever is in it, kernels are right, nothing is printed, and what is damaged is replaced."""

import importlib
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from kernels.execution import devices, jit, kept_kernels
from kernels.execution.compile_cache import DIGEST, ENTRY, KernelCache
from kernels.execution.lazy_jax import jax

compilation_cache: Any = importlib.import_module("jax._src.compilation_cache")


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


def double(x: Any) -> Any:
    return 2 * x


def triple(x: Any) -> Any:
    return 3 * x


@pytest.fixture
def begin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[Path], list[float]]]:
    """Forget all kernels and compute with two in this folder, as a program that starts does."""
    shared = jax.config.jax_compilation_cache_dir

    def values(folder: Path) -> list[float]:
        monkeypatch.setattr(kept_kernels, "_kernels", {})
        jax.config.update("jax_compilation_cache_dir", str(folder))
        compilation_cache.reset_cache()
        return [float(jit(kernel)(np.float64(1.5))) for kernel in (double, triple)]

    yield values
    jax.config.update("jax_compilation_cache_dir", shared)
    compilation_cache.reset_cache()


def test_damaged_and_swapped_entries_do_no_harm_and_are_mended(tmp_path: Path, begin: Callable[[Path], list[float]]) -> None:
    assert begin(tmp_path) == [3.0, 4.5]
    doubles, triples = sorted(path for path in tmp_path.glob(f"*{ENTRY}") if path.name.startswith(("jit_double", "jit_triple")))
    sound = doubles.read_bytes()
    doubles.write_bytes(triples.read_bytes())
    triples.write_bytes(b"torn")
    assert begin(tmp_path) == [3.0, 4.5]
    assert len(doubles.read_bytes()) == pytest.approx(len(sound), rel=0.2) and triples.read_bytes() != b"torn"


def test_without_a_folder_kernels_are_compiled_and_one_line_says_so(tmp_path: Path, begin: Callable[[Path], list[float]]) -> None:
    (tmp_path / "file").write_text("no folder")
    before = len(devices.notices())
    assert begin(tmp_path / "file") == [3.0, 4.5]
    said = devices._notices[before:]
    del devices._notices[before:]
    assert len(said) == 1 and said[0].startswith("compiled kernels cannot be kept in")
