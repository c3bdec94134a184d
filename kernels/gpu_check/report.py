"""The report in Markdown."""

from collections.abc import Callable, Iterable
from typing import Any

Row = dict[str, Any]


def page(report: Row) -> str:
    """One page on the whole check."""
    compare, gpu, cpu = report.get("compare", {}), report.get("measure", {}), report.get("measure-cpu", {})
    dry = " (dry run: no GPU was found, so the CPU was checked against itself)" if report["dry_run"] else ""
    versions = ", ".join(f"{name} {version}" for name, version in report["versions"].items())
    parts = [
        f"# GPU check{dry}",
        f"{report['date']}, {report['device']}, {versions}, {report['seconds']:.0f} s. **{report['verdict']}**",
        *[f"- {name}: {error}" for name, error in report["broken"].items()],
        "## Results beside the CPU's",
        "The share of the numbers that differ by more than the error, relative to 1 + |number|, must not be larger than is allowed.",
        _table(compare.get("compared", ()), _COMPARED),
        f"Not compared: {', '.join(compare.get('never_called', ())) or 'none'}.",
        "## Speed",
        _limits(gpu.get("limits", {})),
        _table(_speeds(gpu, cpu), _SPEED),
        "## Failures",
        _table(report.get("failures", ()), _FAILURES),
        "## Tests",
        _tests(report.get("tests", {})),
        "## Lowered for CUDA",
        _table(compare.get("lowered", ()), _LOWERED),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


_COMPARED: dict[str, Callable[[Row], Any]] = {
    "kernel": lambda row: row["kernel"],
    "type": lambda row: row["dtype"],
    "same to the bit": lambda row: row.get("failed") or ("yes" if row["equal"] else "no"),
    "largest error": lambda row: f"{row['worst']:.1e}" if "worst" in row else "",
    "share beyond": lambda row: f"{row['share']:.2%}" if "share" in row else "",
    "allowed": lambda row: f"{row['allowed_error']:g}, {row['allowed_share']:.2%}",
    "kept": lambda row: "yes" if row["kept"] else "**no**",
}

_SPEED: dict[str, Callable[[Row], Any]] = {
    "measured": lambda row: row["name"],
    "ms": lambda row: f"{1e3 * row['seconds']:.2f}" if "seconds" in row else row["failed"],
    "p95, ms": lambda row: f"{1e3 * row['p95']:.2f}" if "p95" in row else "",
    "a second": lambda row: f"{row['per_second']:.3g} {row['unit']}" if "unit" in row else "",
    "times the CPU's speed": lambda row: f"{row['gain']:.2f}" if "gain" in row else "",
    "of the memory's limit": lambda row: f"{row['of_bytes']:.1%}" if "of_bytes" in row else "",
    "of the arithmetic's limit": lambda row: f"{row['of_flops']:.1%}" if "of_flops" in row else "",
}

_FAILURES: dict[str, Callable[[Row], Any]] = {
    "tried": lambda row: row["name"],
    "computed on": lambda row: row.get("failed") or row["device"],
    "said": lambda row: "; ".join(row.get("notices", ())),
    "as it should be": lambda row: "yes" if row.get("kept") else "**no**",
}

_LOWERED: dict[str, Callable[[Row], Any]] = {
    "kernel": lambda row: row["kernel"],
    "type": lambda row: row["dtype"],
    "loops": lambda row: row.get("failed") or row["loops"],
    "nested": lambda row: row.get("depth", ""),
    "scatters": lambda row: row.get("scatters", ""),
    "libraries": lambda row: ", ".join(row.get("libraries", ())),
}


def _table(rows: Iterable[Row], columns: dict[str, Callable[[Row], Any]]) -> str:
    lines = ["| " + " | ".join(columns) + " |", "|" + "---|" * len(columns)]
    body = ["| " + " | ".join(" ".join(str(cell(row)).replace("|", "/").split()) for cell in columns.values()) + " |" for row in rows]
    return "\n".join(lines + body) if body else "Nothing."


def _limits(limits: Row) -> str:
    if not limits:
        return ""
    return (
        f"One device copies {limits['bytes'] / 1e9:.3g} GB/s and computes {limits['float32'] / 1e9:.3g} GFLOP/s in float32,"
        f" {limits['float64'] / 1e9:.3g} in float64, as measured here."
    )


def _speeds(gpu: Row, cpu: Row) -> list[Row]:
    """The measures, with their ratio to the CPU's and their shares of the device's limits."""
    others = {row["name"]: row for row in cpu.get("rows", ())}
    found = []
    for row in gpu.get("rows", ()):
        row = dict(row)
        if "seconds" in others.get(row["name"], {}) and "seconds" in row:
            row["gain"] = others[row["name"]]["seconds"] / row["seconds"]
        if limits := gpu.get("limits"):
            if row.get("bytes"):
                row["of_bytes"] = row["bytes"] / limits["bytes"]
            if row.get("flops"):
                row["of_flops"] = row["flops"] / limits["float32" if "float32" in row["name"] else "float64"]
        found.append(row)
    return found


def _tests(tests: Row) -> str:
    if not tests:
        return "Not run."
    ended = "" if tests["ended"] else "; the time was up before the others"
    lines = [f"{tests['passed']} passed, {len(tests['failed'])} failed{ended}.", *[f"- {name}" for name in tests["failed"]]]
    return "\n".join(lines)
