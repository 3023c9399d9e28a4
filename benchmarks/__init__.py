"""Speed, measured: `make bench` prints each figure beside its bar."""
