"""The Newton solver's tab."""
