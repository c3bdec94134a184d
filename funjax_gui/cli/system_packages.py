"""The shared libraries and the font that Qt needs from the system.

`make` asks this before anything is installed, so it is written for any Python 3, with the standard library alone.
"""

import ctypes
import os
import shutil
import subprocess
import sys
from pathlib import Path

# Soname -> the Debian package that has it.
ALWAYS = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libfreetype.so.6": "libfreetype6",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libX11.so.6": "libx11-6",
    "libxkbcommon.so.0": "libxkbcommon0",
}
ON_A_SCREEN = {
    "libX11-xcb.so.1": "libx11-xcb1",
    "libwayland-client.so.0": "libwayland-client0",
    "libwayland-cursor.so.0": "libwayland-cursor0",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-render.so.0": "libxcb-render0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-shm.so.0": "libxcb-shm0",
    "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-util.so.1": "libxcb-util1",
    "libxcb-xfixes.so.0": "libxcb-xfixes0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
}
FONT = "fonts-dejavu-core"
FONT_FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts", "~/.fonts", "~/.local/share/fonts")


def loads(soname: str) -> bool:
    """Whether the system's loader finds the library."""
    try:
        ctypes.CDLL(soname)
    except OSError:
        return False
    return True


def has_font() -> bool:
    """Whether any outline font is installed."""
    for folder in FONT_FOLDERS:
        for suffix in ("ttf", "otf", "ttc"):
            if next(Path(folder).expanduser().glob("**/*." + suffix), None):
                return True
    return False


def missing(window: bool) -> "list[str]":
    """The Debian packages, sorted, that a Qt program lacks here: offscreen, or with `window` on a screen as well."""
    libraries = dict(ALWAYS, **ON_A_SCREEN) if window else ALWAYS
    packages = {package for soname, package in libraries.items() if not loads(soname)}
    if not has_font():
        packages.add(FONT)
    return sorted(packages)


def remedy(packages: "list[str]") -> str:
    """The one command, where there is one, that installs the packages."""
    if shutil.which("apt-get"):
        return "install them with: {}apt-get install {}".format("" if os.geteuid() == 0 else "sudo ", " ".join(packages))
    return "install what your distribution calls these Debian packages: {}".format(" ".join(packages))


def _apt_install(packages: "list[str]") -> None:
    """Install the packages with apt-get, quietly; its own output is shown only where it fails."""
    environment = dict(os.environ, DEBIAN_FRONTEND="noninteractive")
    commands = (
        ["apt-get", "update", "-q"],
        ["apt-get", "install", "-y", "-q", "--no-install-recommends", *packages],
    )
    for command in commands:
        done = subprocess.run(
            command, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False
        )
    if done.returncode:
        sys.stderr.write(done.stdout.decode(errors="replace"))


def ensure(window: bool) -> int:
    """Install what is missing, as root on Debian or Ubuntu. 0 when all is there, else 1, after one line that says what to do."""
    if not sys.platform.startswith("linux"):
        return 0
    packages = missing(window)
    if packages and os.geteuid() == 0 and shutil.which("apt-get"):
        print("funjax: installing what Qt needs: " + " ".join(packages), file=sys.stderr, flush=True)
        _apt_install(packages)
        packages = missing(window)
    if packages:
        print("funjax: Qt lacks shared libraries or fonts; " + remedy(packages), file=sys.stderr)
    return 1 if packages else 0
