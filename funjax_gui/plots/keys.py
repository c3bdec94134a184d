"""Keys that move the view of a plot, and the descriptions of keys and mouse actions."""

from PySide6.QtCore import Qt

STEP = 0.1
"""Step of an arrow key, relative to the size of the view."""

NUDGE = 0.1
"""Step of Ctrl with an arrow key for the pin or handle, relative to STEP."""

ARROWS = {
    Qt.Key.Key_Left: (-STEP, 0.0),
    Qt.Key.Key_Right: (STEP, 0.0),
    Qt.Key.Key_Up: (0.0, STEP),
    Qt.Key.Key_Down: (0.0, -STEP),
}
ESCAPE = Qt.Key.Key_Escape
IN, OUT = (Qt.Key.Key_Plus, Qt.Key.Key_Equal), (Qt.Key.Key_Minus, Qt.Key.Key_Underscore)

PLOT_KEYS = {
    "Wheel, + and −": "zoom about the cursor (keys: the centre)",
    "Shift + wheel, Alt with + and −": "zoom horizontally only",
    "Ctrl + wheel, Ctrl with + and −": "zoom vertically only",
    "Drag, arrow keys": "move the view",
    "Right drag, Shift + drag": "zoom to a box",
    "Right click, Menu key": "open a menu: copy, export, whole picture, what this is",
    "Double click, Home": "show the whole picture",
    "Esc": "cancel a drag",
}
"""Descriptions of the keys and mouse actions of a ViewPlot."""
