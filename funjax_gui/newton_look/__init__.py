"""How Newton's runs, surfaces and basins are drawn, in the window and in exported pictures."""
