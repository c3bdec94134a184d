"""Session files: TOML text to checked tables and back, each problem with its line. Knows no tab."""
