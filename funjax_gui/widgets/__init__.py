"""Controls, sliders, panels, menus and message boxes. They know nothing of iterations."""
