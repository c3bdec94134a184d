"""The folder of compiled kernels: JAX's entries, each with a digest beside it, so that a damaged entry is replaced and not reported.

JAX itself never removes an entry that it cannot read or that is used no more, warns at each start, and runs the entry of a key even if it
is another kernel.
"""

import functools
import hashlib
import importlib
import os
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

ENTRY, DIGEST = "-cache", "-sha256"
"""What the names of an entry, as JAX names it, and of its digest end with."""

KEPT = 60 * 86400.0
"""Seconds after which an entry that was not used is removed."""


def install(report: Callable[[str], None]) -> None:
    """Have JAX keep its compiled kernels in a `KernelCache`; `report` is called, once and in one line, where the folder cannot be used."""
    module: Any = importlib.import_module("jax._src.compilation_cache")
    if not (hasattr(module, "get_file_cache") and hasattr(module, "decompress_executable")):
        return

    global _cache_of
    _cache_of = functools.cache(lambda path: KernelCache(Path(path), report, module.decompress_executable))
    module.get_file_cache = lambda path: (_cache_of(path), path)


_cache_of: Callable[[str], "KernelCache"]
_thread = threading.local()


def installed() -> "KernelCache | None":
    """The cache that JAX uses; None where it keeps no kernels."""
    config: Any = sys.modules["jax"].config
    path = config.jax_enable_compilation_cache and config.jax_compilation_cache_dir
    return _cache_of(path) if path and "_cache_of" in globals() else None


@contextmanager
def noted_key() -> Iterator[set[str]]:
    """The keys that JAX looks up on this thread in the block under `with`."""
    _thread.keys = keys = set[str]()
    try:
        yield keys
    finally:
        _thread.keys = None


class KernelCache:
    """Compiled kernels by their keys, as JAX's `CacheInterface` has it. It raises nothing: what cannot be read is compiled again."""

    def __init__(self, folder: Path, report: Callable[[str], None], decompress: Callable[[bytes], Any]) -> None:
        self._path = folder  # JAX asks for it by this name
        self._report, self._decompress = report, decompress
        self._reported = self._tidied = False

    def get(self, key: str) -> bytes | None:
        """The entry, or None; one that is damaged, or was written for another key, is removed."""
        keys = getattr(_thread, "keys", None)
        if keys is not None:
            keys.add(key)
        try:
            data = (self._path / f"{key}{ENTRY}").read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            self._fail(error)
            return None
        if self._is_sound(key, data):
            with suppress(OSError):
                os.utime(self._path / f"{key}{ENTRY}")
            return data
        for ending in (ENTRY, DIGEST):
            with suppress(OSError):
                os.unlink(self._path / f"{key}{ending}")
        return None

    def executable(self, key: str) -> Any:
        """The executable of JAX's entry of this key, as XLA serialised it. Raises KeyError where there is none."""
        data = self.get(key)
        if data is None:
            raise KeyError(key)
        module: Any = importlib.import_module("jax._src.compilation_cache")
        return module.extract_executable_and_time(self._decompress(data))[0]

    def put(self, key: str, value: bytes) -> None:
        """Keep an entry; each of its two files is written whole or not at all."""
        try:
            self._path.mkdir(parents=True, exist_ok=True)
            if not self._tidied:
                self._tidied = True
                self._tidy()
            self._write(f"{key}{DIGEST}", _digest(key, value))
            self._write(f"{key}{ENTRY}", value)
        except OSError as error:
            self._fail(error)

    def _tidy(self) -> None:
        """Remove what was not used for KEPT seconds: kernels of other versions, and of formulas that are typed no more."""
        before = time.time() - KEPT
        with os.scandir(self._path) as files:
            old = [file.name for file in files if file.name.endswith((ENTRY, ".part")) and file.stat().st_mtime < before]
        for name in old:
            for unused in {name, name.removesuffix(ENTRY) + DIGEST}:
                with suppress(OSError):
                    os.unlink(self._path / unused)

    def _is_sound(self, key: str, data: bytes) -> bool:
        """Whether the entry has its digest; without one, as JAX alone writes it, whether it can be unpacked."""
        try:
            return (self._path / f"{key}{DIGEST}").read_bytes() == _digest(key, data)
        except FileNotFoundError:
            with suppress(Exception):
                self._decompress(data)
                return True
        except OSError as error:
            self._fail(error)
        return False

    def _write(self, name: str, data: bytes) -> None:
        draft = self._path / f".{name}.{os.getpid()}-{threading.get_ident()}.part"
        try:
            draft.write_bytes(data)
            os.replace(draft, self._path / name)
        except OSError:
            with suppress(OSError):
                draft.unlink()
            raise

    def _fail(self, error: OSError) -> None:
        if not self._reported:
            self._reported = True
            reason = error.strerror or type(error).__name__
            self._report(f"compiled kernels cannot be kept in {self._path} ({reason}); each start compiles them anew. See funjax doctor")


def _digest(key: str, data: bytes) -> bytes:
    return hashlib.sha256(key.encode() + b"\0" + data).hexdigest().encode()
