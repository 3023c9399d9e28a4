"""`python -m dashboard`: the command line; without arguments it opens the app."""

import sys

from dashboard.cli import main

if __name__ == "__main__":
    main(sys.argv[1:] or ["dashboard"])
