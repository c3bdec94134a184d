"""Runs the newest request of each kind in threads of its own; knows no request by name."""
