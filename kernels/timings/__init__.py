"""The post's computations, timed."""
