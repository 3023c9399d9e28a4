"""Room 1: the numbers, and where each of them came from."""
