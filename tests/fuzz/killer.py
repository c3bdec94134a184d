"""Kills a process at random while it writes the user's files: python tests/fuzz/killer.py --seconds 60 --seed 1

After each kill every file is as it was before or after a write, never torn, and the next process can write again: a lock that the
killed one was just making holds no other process up, and is taken over after half a minute. The drafts that it left go at a later start.
"""

import os
import signal
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import replace

from program import Clock, away_from_home

OLD = 1e9
"""A time in 2001, in seconds."""

PATIENCE = 60.0
"""Seconds in which a file can be written again: Qt takes a lock whose file was torn for a dead process's after 30."""


def writes_again(write: Callable[[], None]) -> bool:
    """Write, within PATIENCE; whether that was possible at once."""
    began, at_once = time.monotonic(), True
    while True:
        try:
            write()
            return at_once
        except ValueError:
            at_once = False
            if time.monotonic() - began > PATIENCE:
                raise


def main() -> None:
    folder = away_from_home()
    clock = Clock("Kill a process that writes.")
    from funjax_gui import documents
    from funjax_gui.files import remove_old_drafts
    from funjax_gui.formulas import store
    from funjax_gui.formulas.saved_formula import MAP, SavedFormula
    from funjax_gui.sessions import session as sessions

    assert documents.DOCUMENTS
    session, maps = folder / "session.toml", folder / "my-maps.toml"

    def write(number: int) -> None:
        sessions.save(session, replace(sessions.Session(), title=str(number), about="words " * 100))
        saved = SavedFormula(MAP, f"Map {number}", "r*x*(1-x)")
        store.Store(maps).change(lambda old: [*old[-20:], saved])

    def check() -> None:
        found = sessions.load(session)
        assert found.about.split() == ["words"] * 100 and found.title.isdigit()
        names = [saved.name for saved in store.load(maps)]
        assert names and all(name.startswith("Map ") for name in names)

    seen: Counter[str] = Counter()
    write(0)
    while clock.runs:
        child = os.fork()
        if child == 0:
            number = time.monotonic_ns()  # no name of a map is given twice
            while True:
                number += 1
                write(number)
        time.sleep(clock.random.uniform(0.0, 0.05))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        seen["kills"] += 1
        check()
        seen["torn"] += not writes_again(lambda: write(seen["kills"]))
    drafts = list(folder.glob(".funjax-*.part"))
    for draft in drafts:
        os.utime(draft, (OLD, OLD))
    remove_old_drafts(folder)
    assert not list(folder.glob(".funjax-*.part"))
    print(f"killer: seed {clock.seed}, {seen['kills']} kills; no file was torn")
    print(
        f"  {seen['torn']} left a torn lock, which holds no other process up: the next process wrote within {PATIENCE:.0f} s, as it should"
    )
    print(f"  {len(drafts)} left a draft, which the first start a day later removes, as it should")


if __name__ == "__main__":
    main()
