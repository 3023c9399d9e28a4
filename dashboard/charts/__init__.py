"""Charts: pure functions from a result to a figure with its headline, unit and table."""
