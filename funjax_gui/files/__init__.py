"""Writing files atomically, text inside PNG and SVG files, and the folder of resources."""
