"""Where the data that funjax ships lies: example sessions and icons."""

from pathlib import Path


def folder() -> Path:
    """The folder `resources`: inside the package in an installed wheel, beside it in a checkout or an editable install.

    Raises FileNotFoundError, with the remedy, where an installation lacks it.
    """
    package = Path(__file__).parent.parent
    for place in (package / "resources", package.parent / "resources"):
        if place.is_dir():
            return place
    raise FileNotFoundError(f"funjax's resources folder is missing beside {package}; install funjax again")
