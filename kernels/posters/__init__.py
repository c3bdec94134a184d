"""Pictures larger than one machine: a request with a grid is cut into tiles, computed anywhere, and kept in a store that can be resumed.

A request says by `cut_along` which axes of its grid it may be cut along, and its frames are `Labelled`: no more is needed of a new one,
unless its pixels depend on what is found of the whole picture, which its method `prepared` then puts into a field that is `SHARED`.
The extra `cluster` has what stores (zarr) and workers (dask, distributed) need.
"""

from kernels.posters.cutting import Cut, cut
from kernels.posters.optional import lacking, needed
from kernels.posters.schedulers import Cluster, InTurn, Scheduler
from kernels.posters.store import Store, StoreError, kept_in
from kernels.posters.tile import Computed, arrays_of, compute, versions
from kernels.posters.work import Progress, duration, fill

__all__ = [
    "Cluster",
    "Computed",
    "Cut",
    "InTurn",
    "Progress",
    "Scheduler",
    "Store",
    "StoreError",
    "arrays_of",
    "compute",
    "cut",
    "duration",
    "fill",
    "kept_in",
    "lacking",
    "needed",
    "versions",
]
