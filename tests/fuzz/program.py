"""What the programs of this folder share: they run for a time with a seed, away from the user's own files, and print figures."""

import argparse
import atexit
import os
import random
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))


class Clock:
    """How long a program runs, and its random numbers."""

    def __init__(self, description: str) -> None:
        parser = argparse.ArgumentParser(description=description)
        parser.add_argument("--seconds", type=float, default=60.0)
        parser.add_argument("--seed", type=int, default=int(time.time()))
        arguments = parser.parse_args()
        self.seconds, self.seed = arguments.seconds, arguments.seed
        self.random = random.Random(arguments.seed)
        self.began = time.monotonic()

    @property
    def share(self) -> float:
        """The share of the time that has gone by."""
        return (time.monotonic() - self.began) / self.seconds

    @property
    def runs(self) -> bool:
        """Whether there is time left."""
        return self.share < 1.0


def away_from_home() -> Path:
    """A temporary folder in which all files of this process and its children lie from now on; no screen is needed.

    It is removed at the end of the process; one that ends by `leave` removes it before.
    """
    folder = Path(tempfile.mkdtemp(prefix="funjax-fuzz-"))
    remove_at_end(folder)
    os.environ["TMPDIR"] = tempfile.tempdir = str(folder)  # Dask's workers write there
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    os.environ.setdefault("JAX_COMPILATION_CACHE_DIR", str(Path.home() / ".cache" / "funjax-tests" / "compiled"))
    for name in ("CONFIG_HOME", "CACHE_HOME", "DATA_HOME", "STATE_HOME", "RUNTIME_DIR"):
        place = folder / name.lower()
        place.mkdir(mode=0o700)
        os.environ[f"XDG_{name}"] = str(place)
    return folder


def remove_at_end(folder: Path) -> None:
    """Remove the folder at the end of this process, but not at that of a child that was forked."""
    owner = os.getpid()

    def remove() -> None:
        if os.getpid() == owner:
            shutil.rmtree(folder, ignore_errors=True)

    atexit.register(remove)


def mutated(rng: random.Random, data: bytes, pieces: list[bytes]) -> bytes:
    """The bytes with a few random changes: bits flipped, parts cut, repeated or replaced by one of `pieces`."""
    changed = bytearray(data)
    for _ in range(rng.randint(1, 4)):
        at, length = rng.randrange(len(changed) + 1), rng.choice((0, 1, 1, 4, 40))
        change: Callable[[], bytes] = rng.choice(
            (
                lambda: rng.randbytes(1),
                lambda: rng.choice(pieces),
                lambda at=at: bytes(changed[at : at + 20]) * rng.choice((2, 50, 3000)),  # type: ignore[misc]
                lambda: b"",
            )
        )
        changed[at : at + length] = change()
    return bytes(changed)


def resident_mb() -> float:
    """Megabytes of memory that this process holds; NaN where the system does not say."""
    try:
        return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6
    except OSError:
        return float("nan")
