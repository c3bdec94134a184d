"""Tours: file format, script, runner and panel."""
