"""The user's saved formulas, and the control that chooses or types one."""
