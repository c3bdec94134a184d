"""The timings of the post, as a dialog and as text."""
