"""On how many paths a question is answered, on a page and on the command line alike."""

SIMULATED_PATHS = 4096
"""Paths that say how sure a scenario is: on pages, in briefings, by `simulate` and `rank`."""

SHARE_POINTS = 256
"""Base points from which shares of a metric's variance are worked out."""

PROGRAMME_PATHS = 256
"""Paths a programme is chosen on."""

TIMING_PATHS = 1024
"""Paths on which plans and policies are compared."""
