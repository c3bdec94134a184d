"""Sphinx's settings: `make docs` builds the site from these pages, the README and the docstrings, into build/docs. Needs no network."""

import subprocess
import sys
from pathlib import Path

from funjax_gui import __version__

project, author, release = "funjax", "funjax developers", __version__
extensions = ["myst_nb", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
exclude_patterns = ["_build"]
html_theme = "furo"
html_title = f"funjax {release}"
html_favicon = "../resources/icons/funjax.svg"
html_copy_source = False

myst_enable_extensions = ["html_image"]
myst_heading_anchors = 3
nb_execution_mode = "force"
nb_execution_raise_on_error = True
nb_execution_timeout = 600

# A word between single grave accents is code, as in Markdown.
default_role = "code"
autodoc_typehints = "signature"
autodoc_member_order = "bysource"
autodoc_preserve_defaults = True
# Types such as `bytes` have the names of properties.
suppress_warnings = ["ref.python"]
toc_object_entries_show_parents = "hide"


def _with_help(app, name, source):
    """Put what `funjax … --help` prints in the place of each `{{ help: … }}` of a page."""
    first, *rest = source[0].split("{{ help:")
    for part in rest:
        command, _, after = part.partition("}}")
        line = [sys.executable, "-m", "funjax_gui", *command.split(), "--help"]
        first += subprocess.run(line, cwd=Path(__file__).parent.parent, capture_output=True, text=True, check=True).stdout + after
    source[0] = first


def _with_images(app, path, name, source):
    """What the README shows by HTML, or links to outside of these pages, leads from its folder; on the site it leads from here."""
    source[0] = source[0].replace('src="docs/', 'src="').replace("](tools/films/deep-zoom.toml)", "](pictures-and-films.md)")


def setup(app):
    """Register what changes the pages' text."""
    app.connect("source-read", _with_help)
    app.connect("include-read", _with_images)
