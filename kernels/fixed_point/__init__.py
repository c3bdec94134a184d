"""The fixed-point explorer: initial conditions iterated, their outcomes, attractors and basins of attraction."""
