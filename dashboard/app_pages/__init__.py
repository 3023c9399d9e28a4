"""The pages of the browser app; each selects, runs and shows."""
