"""Public data sources: each turns an address into rows of one of our datasets."""
