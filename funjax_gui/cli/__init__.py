"""The sub-commands of `funjax`. Nothing heavy is imported before it is needed, and this file imports nothing at all."""
