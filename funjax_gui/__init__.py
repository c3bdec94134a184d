"""The window of funjax and its command: Qt and pyqtgraph. It never imports jax; the mathematics is in `kernels`."""

__version__ = "0.1.0"
