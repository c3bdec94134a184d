"""A check of the kernels on a GPU: their tests, their results beside the CPU's, their speed, and what happens when the GPU fails.

`python -m kernels.gpu_check` needs JAX, NumPy and pytest, and writes gpu-check.json and gpu-check.md. Without a GPU it is a dry run of
itself on the CPU.
"""

from kernels.gpu_check.comparison import Bound, Call, bound_of, compared, recorded
from kernels.gpu_check.lowering import lowered_for_cuda

__all__ = ["Bound", "Call", "bound_of", "compared", "lowered_for_cuda", "recorded"]
