"""The application: the window that builds the tabs and owns the worker, its menus, status bar, files and undo."""
