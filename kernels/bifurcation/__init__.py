"""The bifurcation diagram: samples of an orbit counted in every column of a grid."""
