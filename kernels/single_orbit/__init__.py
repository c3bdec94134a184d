"""One initial condition: cobweb, time series and density."""
