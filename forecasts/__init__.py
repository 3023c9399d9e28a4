"""Room 2: from forecasts to returns. A pure library: no screen, no network, no clock."""
