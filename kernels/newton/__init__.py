"""Newton's method and its rivals on an objective: runs, comparison, basins, surface, scaling."""
