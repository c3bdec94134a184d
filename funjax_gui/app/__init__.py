"""The application: the window that builds the tabs and owns the worker, its menus, status bar, files and undo."""

from funjax_gui.app.application import run

__all__ = ["run"]
