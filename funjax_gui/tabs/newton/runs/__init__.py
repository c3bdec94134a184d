"""Runs of the Newton tab's methods: which are compared, the player that steps through them, and what is said of them."""

from funjax_gui.tabs.newton.runs.comparison import Comparison
from funjax_gui.tabs.newton.runs.convergence import Aside
from funjax_gui.tabs.newton.runs.iterates_table import IteratesTable
from funjax_gui.tabs.newton.runs.method_status import MethodStatusList
from funjax_gui.tabs.newton.runs.player import ComparisonPlayer

__all__ = ["Aside", "Comparison", "ComparisonPlayer", "IteratesTable", "MethodStatusList"]
