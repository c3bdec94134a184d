"""`python -m kernels.gpu_check`: run all parts, write the report, and end with 1 where something is not as it should be."""

import argparse
import datetime
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from kernels.gpu_check import parts
from kernels.gpu_check.report import page

SECONDS = {"about": 60.0, "compare": 130.0, "rehearse": 30.0, "run-out": 40.0, "measure": 100.0, "measure-cpu": 60.0, "tests": 100.0}
"""At most, of each part."""

IN_ALL = 350.0
"""At most; what is left of it is what a part gets."""


def main(arguments: list[str] | None = None) -> int:
    """Run the check."""
    parser = argparse.ArgumentParser(prog="python -m kernels.gpu_check", description="Check and measure the kernels on a GPU.")
    parser.add_argument("--out", type=Path, default=Path("build"), help="the folder of gpu-check.json and gpu-check.md (default: build)")
    parser.add_argument("--part", choices=parts.PARTS, help=argparse.SUPPRESS)
    parser.add_argument("--small", action="store_true", help="small sizes, as without a GPU")
    wanted = parser.parse_args(arguments)
    if wanted.part:
        wanted.out.write_text(json.dumps(parts.PARTS[wanted.part](wanted.small)), encoding="utf-8")
        return 0
    report = _checked(wanted.small)
    wanted.out.mkdir(parents=True, exist_ok=True)
    (wanted.out / "gpu-check.json").write_text(json.dumps(report, indent=1), encoding="utf-8")
    (wanted.out / "gpu-check.md").write_text(page(report), encoding="utf-8")
    print(f"{report['verdict']}: {wanted.out / 'gpu-check.md'}")
    return 0 if report["sound"] else 1


def _checked(small: bool) -> dict[str, Any]:
    began = time.monotonic()
    report: dict[str, Any] = {"date": datetime.date.today().isoformat(), "broken": {}}
    about = _run("about", small, began, report) or {"device": "unknown", "platform": "cpu", "versions": {}}
    report |= about
    report["dry_run"] = about["platform"] == "cpu"
    small = small or report["dry_run"]
    for name in ("compare", "rehearse", "measure"):
        report[name] = _run(name, small, began, report)
    report["failures"] = [report.pop("rehearse")]
    if not report["dry_run"]:
        report["failures"].append(_run("run-out", small, began, report))
        report["measure-cpu"] = _run("measure-cpu", small, began, report, FUNJAX_DEVICE="cpu")
    report["failures"] = [row for row in report["failures"] if row]
    print("tests …", flush=True)
    report["tests"] = parts.tests(small, min(SECONDS["tests"], IN_ALL - (time.monotonic() - began)))
    report["seconds"] = time.monotonic() - began
    report["sound"] = _is_sound(report)
    report["verdict"] = "all as it should be" if report["sound"] else "not all is as it should be"
    return report


def _run(name: str, small: bool, began: float, report: dict[str, Any], **environment: str) -> dict[str, Any]:
    """What the part reports; empty where it fails, and the report says why."""
    print(f"{name} …", flush=True)
    seconds = min(SECONDS[name], IN_ALL - (time.monotonic() - began))
    with tempfile.TemporaryDirectory() as folder:
        output = Path(folder) / "part.json"
        command = [sys.executable, "-m", "kernels.gpu_check", "--part", name, "--out", str(output), *(["--small"] if small else [])]
        paths = os.pathsep.join(filter(None, [str(parts.ROOT), os.environ.get("PYTHONPATH")]))
        variables = os.environ | {"PYTHONPATH": paths} | environment
        try:
            done = subprocess.run(command, env=variables, capture_output=True, text=True, timeout=max(1.0, seconds), check=False)
        except subprocess.TimeoutExpired:
            report["broken"][name] = f"not done in {seconds:.0f} s"
            return {}
        if done.returncode or not output.exists():
            report["broken"][name] = f"ended with {done.returncode}: {' '.join(done.stderr.strip().splitlines()[-1:])}"
            return {}
        found: dict[str, Any] = json.loads(output.read_text(encoding="utf-8"))
        return found


def _is_sound(report: dict[str, Any]) -> bool:
    """Whether every part was done, no kernel or test failed, and every bound was kept."""
    compare = report["compare"]
    rows = [*compare.get("compared", ()), *report["failures"]]
    failed = [row for row in [*compare.get("lowered", ()), *report["measure"].get("rows", ())] if "failed" in row]
    return not report["broken"] and all(row.get("kept") for row in rows) and not failed and not report["tests"]["failed"]


if __name__ == "__main__":
    sys.exit(main())
