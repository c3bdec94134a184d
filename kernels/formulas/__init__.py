"""Typed formulas: text to tree to JAX rule, as a map or an objective. Text is parsed, never evaluated."""
