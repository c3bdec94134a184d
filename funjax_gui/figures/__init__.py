"""From a frame to what is drawn: items, colours, legends, ticks. The same for the window and the exported page."""
