"""Breaks posters off at random: python tests/fuzz/posters.py --seconds 60 --seed 1

Two local workers compute a picture in tiles while one of them is killed, or all of it is interrupted or killed and resumed; each time the
picture is that of one process, to the last bit. Another session and a scheduler that is not there are refused in one line.
"""

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import psutil
from program import ROOT, Clock, away_from_home

SESSION = """\
funjax = 1
tab = "bifurcation"
[bifurcation]
map = "logistic"
range = [3.4, 4.0]
x = [0, 1]
transient = 10000
samples = {samples}
size = [1500, 600]
"""


def render(session: Path, out: Path, *options: str) -> "subprocess.Popen[str]":
    command = [sys.executable, "-m", "funjax_gui", "render", str(session), "-o", str(out), *options]
    return subprocess.Popen(command, stderr=subprocess.PIPE, text=True, cwd=ROOT)


def workers(process: "subprocess.Popen[str]") -> list[psutil.Process]:
    """The processes that compute, once they are there."""
    try:
        children = psutil.Process(process.pid).children(recursive=True)
        return [child for child in children if "spawn_main" in " ".join(child.cmdline())]
    except psutil.Error:
        return []


def tiles(store: Path) -> int:
    """Tiles that a store has."""
    return sum(place.is_file() for place in (store / "done" / "c").glob("*"))


def break_off(process: "subprocess.Popen[str]", store: Path, how: str, after: int) -> bool:
    """Kill a worker or the whole, or interrupt it, once so many tiles are there; whether it was still at work."""
    while process.poll() is None and tiles(store) < after:
        time.sleep(0.02)
    if process.poll() is not None:
        return False
    if how == "worker":
        if found := workers(process):
            found[-1].kill()
        return bool(found)
    process.send_signal(signal.SIGINT if how == "interrupted" else signal.SIGKILL)
    return True


def main() -> None:
    folder = away_from_home()
    clock = Clock("Break posters off.")
    from funjax_gui.files import png

    session, other, out = folder / "s.toml", folder / "other.toml", folder / "broken.png"
    session.write_text(SESSION.format(samples=30_000))
    other.write_text(SESSION.format(samples=7))
    assert render(session, folder / "whole.png", "--resume").wait() == 0
    whole = (folder / "whole.png").read_bytes()
    assert png.SIGNATURE == whole[:8]
    absent = render(session, folder / "x.png", "--scheduler", "tcp://127.0.0.1:9")
    said = absent.communicate()[1].splitlines()
    assert absent.returncode == 2 and len(said) == 1 and "no scheduler answers" in said[0], said
    seen: Counter[str] = Counter()
    while clock.runs or not seen:
        how = clock.random.choice(("worker", "interrupted", "killed"))
        process = render(session, out, "--workers", "2")
        seen[how] += break_off(process, out.with_suffix(".zarr"), how, clock.random.randint(1, 5))
        said = process.communicate()[1].splitlines()
        assert process.returncode == {"worker": 0, "interrupted": 130, "killed": -signal.SIGKILL}[how] or out.exists(), (how, said)
        for child in psutil.process_iter(["ppid", "cmdline"]):
            assert how == "killed" or not (child.info["ppid"] == process.pid), child
        if not out.exists():
            refused = render(other, out, "--resume")
            said = refused.communicate()[1].splitlines()
            assert refused.returncode == 2 and len(said) == 1 and "has samples 30000, and the picture asked for has 7" in said[0], said
            kept = tiles(out.with_suffix(".zarr"))
            assert render(session, out, "--workers", "2", "--resume").wait() == 0
            seen["tiles kept"] += kept
        assert out.read_bytes() == whole, f"{how}: the picture is another"
        assert [path.name for path in folder.glob("broken*")] == [out.name]
        os.unlink(out)
    print(f"posters: seed {clock.seed}, {dict(seen)}; all pictures were the same to the last bit")


if __name__ == "__main__":
    main()
