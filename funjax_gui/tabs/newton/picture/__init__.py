"""The picture of the Newton tab: a surface, basins, curves of one variable, or equations, with the paths of the methods over it."""

from funjax_gui.tabs.newton.picture.scene import Scene

__all__ = ["Scene"]
