"""A fuzzer of files that a stranger may hand over: python tests/fuzz/files.py --seconds 60 --seed 1

Shipped sessions and tours, a file of maps, and pictures with a session in them, changed at random, are read or refused by a ValueError of
short lines, within a second of this thread.
"""

import io
import time
import zlib
from collections import Counter
from pathlib import Path

import numpy as np
from program import ROOT, Clock, away_from_home, mutated

LONGEST = 1.5
"""Seconds of this thread that one file may take: the second that is allowed, and room for a slow machine."""

PIECES = [
    b"[",
    b"]",
    b'"',
    b"'''",
    b"\n[[chapter]]\n",
    b"= ",
    b"1e400",
    b"a." * 200,
    b"[" * 2000,
    b"\0",
    b"\xff",
    b"variables = 1000000\n",
    b"# ",
    b"\n" * 50_000,
]


def main() -> None:
    folder = away_from_home()
    clock = Clock("Fuzz files.")
    from funjax_gui import documents
    from funjax_gui.files import png, svg
    from funjax_gui.formulas import store
    from funjax_gui.sessions import session as sessions
    from funjax_gui.tours import file as tours

    assert documents.DOCUMENTS
    maps = "funjax-maps = 1\n[map.Tent]\nformula = 'where(x < 0.5, a*x, a*(1-x))'\nparameters = { a = { value = 2, low = 0, high = 2 } }\n"
    texts = {"funjax-session": sessions.dumps(sessions.Session())}
    picture, drawing = io.BytesIO(), io.BytesIO()
    png.write(picture, np.zeros((8, 8), np.uint32), texts)
    drawing.write(svg._head((8, 8), "#000000", texts, None).encode() + b"</svg>")
    kinds = {
        ".toml": (sessions.load, [path.read_bytes() for path in (ROOT / "resources" / "sessions").glob("*.toml")]),
        ".tour": (tours.load, [path.read_bytes() for path in (ROOT / "resources" / "tours").glob("*.toml")]),
        ".maps": (store.load, [maps.encode()]),
        ".png": (sessions.load, [picture.getvalue()]),
        ".svg": (sessions.load, [drawing.getvalue()]),
    }
    seen: Counter[str] = Counter()
    slowest = (0.0, "")
    while clock.runs:
        suffix = clock.random.choice(list(kinds))
        read, whole = kinds[suffix]
        data = mutated(clock.random, clock.random.choice(whole), PIECES)
        path = folder / f"file{suffix}"
        path.write_bytes(data)
        began = time.thread_time()
        try:
            read(path)
            seen[f"{suffix} read"] += 1
        except ValueError as error:
            seen[f"{suffix} refused"] += 1
            assert all(len(line) < 1000 for line in str(error).splitlines()), str(error)[:2000]
        slowest = max(slowest, (time.thread_time() - began, f"{suffix} of {len(data)} bytes, crc {zlib.crc32(data):08x}"))
        if slowest[0] > LONGEST:
            kept = Path.cwd() / f"slow{suffix}"
            kept.write_bytes(data)
            raise AssertionError(f"{slowest}, kept as {kept}; seed {clock.seed}")
    print(f"files: seed {clock.seed}, {dict(sorted(seen.items()))}, slowest {1000 * slowest[0]:.0f} ms ({slowest[1]})")


if __name__ == "__main__":
    main()
