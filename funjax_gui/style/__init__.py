"""Theme, colour maps, style sheet and font scale."""
