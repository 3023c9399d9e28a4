"""Rackcast for programs: the commands as a REST service, on this machine unless a token is set."""
