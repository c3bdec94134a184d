"""The bifurcation diagram's tab."""
