"""How work is run: devices, layouts, adaptive batching, compilation."""
