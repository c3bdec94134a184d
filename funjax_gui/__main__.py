"""`funjax` and `python -m funjax_gui`."""

import sys

from funjax_gui.cli.command import run
from funjax_gui.process_exit import leave


def main() -> None:
    """Run the command on the process's arguments and exit with its status."""
    leave(run(sys.argv[1:]))


if __name__ == "__main__":
    main()
