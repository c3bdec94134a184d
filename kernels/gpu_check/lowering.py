"""Kernels lowered for CUDA, which needs no GPU: whether they lower at all, and what loops and scatters are left in them."""

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from kernels.execution import jax
from kernels.gpu_check.comparison import Call, on_device


def lowered_for_cuda(calls: Iterable[Call], device: Any) -> Iterator[dict[str, Any]]:
    """For each call a row of the report: the loops in its StableHLO, their deepest nesting, scatters, and calls of CUDA's libraries.

    XLA starts at least one kernel of the GPU for each iteration of a loop.
    """
    from jax import export

    for call in calls:
        row: dict[str, Any] = {"kernel": call.name, "dtype": call.dtype}
        there = on_device(call, device, True)
        function = jax.jit(there.kernel.__wrapped__, **there.kernel.options)
        try:
            text = str(export.export(function, platforms=["cuda"])(*there.arguments).mlir_module())
        except Exception as error:  # the other kernels are lowered all the same
            yield row | {"failed": f"{type(error).__name__}: {error}"[:500]}
        else:
            yield row | described(text)


def described(text: str) -> dict[str, Any]:
    """What is in a module of StableHLO."""
    library = set(re.findall(r"custom_call @(\w+)", text)) - {"Sharding", "SPMDFullToShardShape", "SPMDShardToFullShape"}
    return {
        "loops": len(re.findall(r"stablehlo\.while", text)),
        "depth": _depth(text),
        "scatters": len(re.findall(r"stablehlo\.scatter", text)),
        "libraries": sorted(library),
    }


def _depth(text: str) -> int:
    """How deep loops are nested, those of called functions included."""
    bodies = dict(re.findall(r"^  func\.func (?:public |private )?@([\w.]+)\((.*?)^  }", text, re.MULTILINE | re.DOTALL))
    known: dict[str, int] = {}

    def depth_of(name: str) -> int:
        if name not in known:
            known[name] = _deepest(bodies[name], depth_of)
        return known[name]

    return depth_of("main")


def _deepest(body: str, depth_of: Callable[[str], int]) -> int:
    deepest = 0
    indents: list[int] = []  # of the loops that the line is in
    for line in body.splitlines():
        indent = len(line) - len(line.lstrip())
        if "stablehlo.while" in line:
            indents.append(indent)
            deepest = max(deepest, len(indents))
        elif indents and indent == indents[-1] and line.lstrip().startswith("}") and " do {" not in line:
            indents.pop()
        for called in re.findall(r"\bcall @([\w.]+)\(", line):
            deepest = max(deepest, len(indents) + depth_of(called))
    return deepest
