"""A small network trained without a Hessian: data, perceptron, four methods side by side, and what is recorded of them."""

from kernels.network.data import DATA, MOST_BYTES, MOST_ROWS, OwnData, Sample, parse_points
from kernels.network.frame import NetworkFrame, NetworkRun, size
from kernels.network.model import ACTIVATIONS, Network
from kernels.network.race import Curvature, Record, Solve, next_milestone
from kernels.network.request import MOST_EVALUATIONS, MOST_PARAMETERS, NetworkRequest
from kernels.network.training import METHODS as NETWORK_METHODS

__all__ = [
    "ACTIVATIONS",
    "DATA",
    "MOST_BYTES",
    "MOST_EVALUATIONS",
    "MOST_PARAMETERS",
    "MOST_ROWS",
    "NETWORK_METHODS",
    "Curvature",
    "Network",
    "NetworkFrame",
    "NetworkRequest",
    "NetworkRun",
    "OwnData",
    "Record",
    "Sample",
    "Solve",
    "next_milestone",
    "parse_points",
    "size",
]
