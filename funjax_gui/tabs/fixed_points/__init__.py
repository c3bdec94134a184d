"""The fixed-point explorer's tab."""
