"""Make `.venv` ready for funjax: `python3 tools/set_up.py [--window] [--extra NAME] …`, the names as in EXTRAS.

Does only what is missing, so that nothing needs the network once it is done. Written for any Python 3, so that an unsupported
one gets a clear line instead of a syntax error; nothing is imported beyond the standard library.
"""

import argparse
import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from funjax_gui.cli import system_packages  # noqa: E402 - it is found from ROOT, and needs nothing installed

EXTRAS = ("test", "bench", "lint", "pictures", "docs", "bundle")
SUPPORTED = ((3, 11), (3, 12), (3, 13))
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
STAMP = VENV / "funjax-set-up.json"


def say(line):
    """One line for the person who waits."""
    print("funjax: " + line, file=sys.stderr, flush=True)


def version_of(python):
    """(major, minor) of the interpreter `python`, or None where it does not run."""
    code = "import sys; print(*sys.version_info[:2])"
    try:
        done = subprocess.run([str(python), "-c", code], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True)
    except (OSError, subprocess.CalledProcessError):
        return None
    return tuple(int(part) for part in done.stdout.split())


def supported_python():
    """The interpreter to build on: this one, else the newest supported one on PATH. Exits with one line where there is none."""
    if sys.version_info[:2] in SUPPORTED:
        return sys.executable
    for major, minor in reversed(SUPPORTED):
        other = shutil.which(f"python{major}.{minor}")
        if other and version_of(other) == (major, minor):
            return other
    found = ".".join(str(part) for part in sys.version_info[:2])
    say(f"Python {found} is not supported; install Python 3.11, 3.12 or 3.13 and say which: make PYTHON=python3.13")
    raise SystemExit(1)


def make_venv():
    """`.venv`, made anew where it is missing, broken or of another version than the interpreter asked for."""
    python = supported_python()
    wanted = version_of(python)
    if PYTHON.exists() and version_of(PYTHON) == wanted:
        return
    say("making .venv with Python {}.{}".format(*wanted))
    command = [python, "-m", "venv", "--clear", str(VENV)]
    if subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False).returncode:
        say("Python could not make .venv; on Debian and Ubuntu its venv module comes with: apt-get install python3-venv")
        raise SystemExit(1)


def cuda_extra():
    """`cuda13` or `cuda12`, whichever the NVIDIA driver is new enough for; None without one."""
    command = ["nvidia-smi", "--query-gpu=driver_version", "--format=csv,noheader"]
    try:
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=20, check=True)
        driver = int(done.stdout.decode().strip().split(".")[0])
    except (OSError, subprocess.SubprocessError, ValueError):
        return None
    return "cuda13" if driver >= 580 else "cuda12" if driver >= 525 else None


def fingerprint():
    """A digest that changes when the packages to install may have."""
    digest = hashlib.sha256()
    for name in ("pyproject.toml", "requirements.txt"):
        digest.update((ROOT / name).read_bytes())
    return digest.hexdigest()


def installed(digest):
    """The extras that the set-up of this very state of the repository has seen to; None where it has not been run."""
    try:
        stamp = json.loads(STAMP.read_text())
        return set(stamp["extras"]) if stamp["digest"] == digest else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def pip(*arguments):
    """Whether `pip install` of the arguments, held to the pinned versions, succeeded."""
    command = [str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    command += ["--constraint", str(ROOT / "requirements.txt")]
    return subprocess.run(command + list(arguments), cwd=str(ROOT), check=False).returncode == 0


def install(extras):
    """Install funjax, editable, with the extras. Exits with one line where that fails."""
    say("installing the packages ({})".format(", ".join(["funjax", *sorted(extras)])))
    wanted = ".[{}]".format(",".join(sorted(extras))) if extras else "."
    # Without build isolation the build's own packages are the pinned ones too.
    if not (pip("hatchling") and pip("--no-build-isolation", "--editable", wanted)):
        say("pip could not install the packages; its own lines above say why")
        raise SystemExit(1)


def install_cuda():
    """The CUDA build of JAX, where there is a driver for it. The CPU's build stays usable when it cannot be installed."""
    extra = cuda_extra()
    if extra is None:
        return
    say(f"an NVIDIA driver is present: installing JAX for it ({extra})")
    if not pip(f"jax[{extra}]"):
        say("the CUDA build of JAX could not be installed; funjax will use the CPU. To try again: make clean")


def main():
    """Run the set-up."""
    parser = argparse.ArgumentParser(description="Make .venv ready for funjax.")
    parser.add_argument("--window", action="store_true", help="also what a window on a screen needs")
    parser.add_argument("--extra", action="append", choices=EXTRAS, default=[], help="also the packages for that")
    arguments = parser.parse_args()
    make_venv()
    digest = fingerprint()
    before = installed(digest)
    if before is None or not before.issuperset(arguments.extra):
        extras = (before or set()).union(arguments.extra)
        install(extras)
        if before is None:
            install_cuda()
        STAMP.write_text(json.dumps({"digest": digest, "extras": sorted(extras)}))
    raise SystemExit(system_packages.ensure(window=arguments.window))


if __name__ == "__main__":
    main()
