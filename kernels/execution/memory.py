"""How much memory this process can still have: the least of what the machine, its control groups and its own limits leave."""

import os
from collections.abc import Iterator
from pathlib import Path

UNKNOWN = 8 * 2**30
"""Bytes taken where the system does not say."""


def free_bytes(root: Path = Path("/")) -> int:
    """Bytes of main memory that can still be taken without swapping or being killed. `root` is where /proc and /sys lie."""
    found = [*_machine(root), *_groups(root), *_limits(root)]
    return max(0, min(found, default=UNKNOWN))


def _machine(root: Path) -> Iterator[int]:
    """Memory that is available (Linux), or else installed."""
    values = _table(root / "proc/meminfo")
    if "MemAvailable:" in values:
        yield 1024 * values["MemAvailable:"]
        return
    try:
        yield os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):  # Windows
        yield UNKNOWN


def _groups(root: Path) -> Iterator[int]:
    """What each control group that the process is in leaves, of both versions; page cache that can be dropped counts as left."""
    for line in _text(root / "proc/self/cgroup").splitlines():
        _, controllers, place = line.split(":", 2)
        if controllers == "":
            base, names = root / "sys/fs/cgroup", ("memory.max", "memory.current", "inactive_file")
        elif "memory" in controllers.split(","):
            base, names = root / "sys/fs/cgroup/memory", ("memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file")
        else:
            continue
        folder = base / place.lstrip("/")
        # A container sees its own group at the root of the tree, whatever its name outside; so the groups above are looked at too.
        for group in (folder, *folder.parents):
            if group != base and base not in group.parents:
                break
            limit, used = (_text(group / name).strip() for name in names[:2])
            if limit.isdigit() and used.isdigit():
                yield int(limit) - int(used) + _table(group / "memory.stat").get(names[2], 0)


def _limits(root: Path) -> Iterator[int]:
    """What the limits of this process (ulimit -v, -d) leave."""
    try:
        import resource
    except ImportError:  # Windows
        return
    taken = _table(root / "proc/self/status")
    for kind, name in ((resource.RLIMIT_AS, "VmSize:"), (resource.RLIMIT_DATA, "VmData:")):
        soft, _ = resource.getrlimit(kind)
        if soft != resource.RLIM_INFINITY:
            yield soft - 1024 * taken.get(name, 0)


def _table(path: Path) -> dict[str, int]:
    """The lines 'name number …' of a file."""
    parts = (line.split() for line in _text(path).splitlines())
    return {part[0]: int(part[1]) for part in parts if len(part) > 1 and part[1].isdigit()}


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="ascii", errors="replace")
    except (OSError, ValueError):
        return ""
